"""The transport: the only module that knows the providers' SDKs."""

from __future__ import annotations

import importlib
import json
import ssl
import threading
import time
from typing import TYPE_CHECKING, Any, Final, Protocol

from core.llm import bodies, failures, replies
from core.llm.failures import Failure, FailureKind
from core.llm.streaming import AnthropicReader, OpenAIReader

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator, Mapping

    import httpx2

    from core.llm.completion import Reply
    from core.llm.request import Call
    from core.llm.secret import Secret
    from core.llm.streaming import StreamReader

_PERSONAL_HEADERS: Final = ("OpenAI-Organization", "OpenAI-Project")
"""OpenAI's SDK fills these from the environment for whatever host it talks to."""


class Transport(Protocol):
    """What carries a call to a provider. A failure is returned, not raised: it is an outcome like any other.

    A stream yields pieces of text and its outcome as the last item.
    """

    def send(self, call: Call, key: Secret) -> Reply | Failure:
        """Make the call once and return what came of it."""

    def stream(self, call: Call, key: Secret) -> Generator[str | Reply | Failure, None, None]:
        """Make the call once and yield its text as it comes."""

    async def asend(self, call: Call, key: Secret) -> Reply | Failure:
        """Do as `send`, on the running event loop."""

    def astream(self, call: Call, key: Secret) -> AsyncGenerator[str | Reply | Failure, None]:
        """Do as `stream`, on the running event loop."""

    def close(self) -> None:
        """Give up open connections."""


class SdkTransport:
    """Calls through the official `openai` and `anthropic` packages, which are imported at the first call.

    Their own retries are off: two retry loops multiply. An SDK client holds its key in the open, so one is
    made for each call and dropped after it. Connections are kept for the next call, except those of coroutines:
    they belong to one event loop, and nobody says when that ends.

    Args:
        base_urls: Provider -> address to use in place of the catalogue's: a gateway, or a test server.
        wall_clock: Seconds since the epoch, to read a Retry-After that is a date.

    """

    def __init__(
        self, base_urls: Mapping[str, str] | None = None, *, wall_clock: Callable[[], float] = time.time
    ) -> None:
        self._base_urls = dict(base_urls or {})
        self._wall_clock = wall_clock
        self._pool: httpx2.Client | None = None
        self._trust: ssl.SSLContext | None = None
        self._lock = threading.Lock()

    def send(self, call: Call, key: Secret) -> Reply | Failure:
        """Make the call once and return what came of it."""
        faults = _faults(call)
        try:
            with self._open(call, key, self._connections()) as response:
                return _read(call, response.read())
        except faults as error:
            return self._failure(call, error)

    def stream(self, call: Call, key: Secret) -> Generator[str | Reply | Failure, None, None]:
        """Make the call once and yield its text as it comes."""
        faults = _faults(call)
        reader = _reader(call)
        try:
            with self._open(call, key, self._connections(), stream=True) as response:
                for line in response.iter_lines():
                    yield reader.feed(line)
            yield reader.outcome()
        except faults as error:
            yield self._failure(call, error)

    async def asend(self, call: Call, key: Secret) -> Reply | Failure:
        """Do as `send`, on the running event loop."""
        faults = _faults(call)
        try:
            async with self._one_off() as pool, self._open(call, key, pool) as response:
                return _read(call, await response.read())
        except faults as error:
            return self._failure(call, error)

    async def astream(self, call: Call, key: Secret) -> AsyncGenerator[str | Reply | Failure, None]:
        """Do as `stream`, on the running event loop."""
        faults = _faults(call)
        reader = _reader(call)
        try:
            async with self._one_off() as pool, self._open(call, key, pool, stream=True) as response:
                async for line in response.iter_lines():
                    yield reader.feed(line)
            yield reader.outcome()
        except faults as error:
            yield self._failure(call, error)

    def close(self) -> None:
        """Close open connections; the next call opens new ones."""
        with self._lock:
            if self._pool is not None:
                self._pool.close()
                self._pool = None

    def _open(
        self, call: Call, key: Secret, pool: httpx2.Client | httpx2.AsyncClient, *, stream: bool = False
    ) -> Any:
        """Return what opens the response: a context manager of the same kind, sync or async, as `pool`."""
        import httpx2  # noqa: PLC0415

        library = _library(call)
        prefix = "" if isinstance(pool, httpx2.Client) else "Async"
        is_anthropic = call.spec.sdk == "anthropic"
        make = getattr(library, prefix + ("Anthropic" if is_anthropic else "OpenAI"))
        hidden = () if is_anthropic or call.provider == "openai" else _PERSONAL_HEADERS
        client = make(
            api_key=key.reveal(),
            base_url=self._base_urls.get(call.provider, call.spec.base_url),
            max_retries=0,
            default_headers={name: library.Omit() for name in hidden},
            http_client=pool,
        )
        if is_anthropic:
            endpoint, body = client.messages, bodies.anthropic_body(call, stream=stream)
        else:
            endpoint, body = client.chat.completions, bodies.openai_body(call, stream=stream)
        return endpoint.with_streaming_response.create(**body, timeout=call.timeout)

    def _connections(self) -> httpx2.Client:
        """Return the shared pool. It follows no redirect: a key goes to the host it was meant for only."""
        import httpx2  # noqa: PLC0415

        with self._lock:
            if self._pool is None:
                self._pool = httpx2.Client()
            return self._pool

    def _one_off(self) -> httpx2.AsyncClient:
        """Return a client for one call. What makes one slow, the list of trusted authorities, is kept."""
        import httpx2  # noqa: PLC0415

        with self._lock:
            if self._trust is None:
                self._trust = httpx2.create_ssl_context()
            return httpx2.AsyncClient(verify=self._trust)

    def _failure(self, call: Call, error: Exception) -> Failure:
        """Return what an SDK's exception means. The exception itself is dropped: it holds the key."""
        import httpx2  # noqa: PLC0415

        library = _library(call)
        if isinstance(error, library.APIStatusError):
            response = error.response
            body = _json(response.content)
            return failures.from_response(
                response.status_code, response.headers, body, now=self._wall_clock()
            )
        if isinstance(error, (library.APITimeoutError, httpx2.TimeoutException)):
            return Failure(FailureKind.TIMEOUT, f"no answer within {call.timeout:g} s")
        return Failure(FailureKind.CONNECTION, f"{call.provider} could not be reached, or broke off")


def _library(call: Call) -> Any:
    return importlib.import_module(call.spec.sdk)  # half a second and more that only a call needs


def _faults(call: Call) -> tuple[type[Exception], ...]:
    import httpx2  # noqa: PLC0415

    return (_library(call).APIError, httpx2.HTTPError)


def _reader(call: Call) -> StreamReader:
    return AnthropicReader() if call.spec.sdk == "anthropic" else OpenAIReader()


def _read(call: Call, data: bytes) -> Reply | Failure:
    read = replies.read_anthropic if call.spec.sdk == "anthropic" else replies.read_openai
    return read(_json(data))


def _json(data: bytes) -> object:
    """Return the response's JSON, or its text when it holds none."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):  # not JSON, not even UTF-8, or nested beyond sense
        return data.decode(errors="replace")
