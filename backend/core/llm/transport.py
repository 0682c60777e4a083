"""The transport: the only module that knows the providers' SDKs."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING, Any, Final, Protocol

from core.llm import failures, replies
from core.llm.catalogue import PROVIDERS, ProviderSpec
from core.llm.failures import Failure, FailureKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import httpx2

    from core.llm.completion import Call, Reply
    from core.llm.keys import Secret

_PERSONAL_HEADERS: Final = ("OpenAI-Organization", "OpenAI-Project")
"""OpenAI's SDK fills these from the environment for whatever host it talks to."""


class Transport(Protocol):
    """What carries a call to a provider. A failure is returned, not raised: it is an outcome like any other."""

    def send(self, call: Call, key: Secret) -> Reply | Failure:
        """Make the call once and return what came of it."""

    def close(self) -> None:
        """Give up open connections."""


class SdkTransport:
    """Calls through the official `openai` and `anthropic` packages, which are imported at the first call.

    Their own retries are off: two retry loops multiply. An SDK client holds its key in the open, so one is
    made for each call and dropped after it; only the pool of connections is kept.

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
        self._lock = threading.Lock()

    def send(self, call: Call, key: Secret) -> Reply | Failure:
        """Make the call once and return what came of it."""
        spec = PROVIDERS[call.provider]
        send = self._send_anthropic if spec.sdk == "anthropic" else self._send_openai
        return send(spec, call, key)

    def close(self) -> None:
        """Close open connections; the next call opens new ones."""
        with self._lock:
            if self._pool is not None:
                self._pool.close()
                self._pool = None

    def _send_openai(self, spec: ProviderSpec, call: Call, key: Secret) -> Reply | Failure:
        import openai  # noqa: PLC0415  # half a second that only a call needs

        hidden = {} if spec.id == "openai" else dict.fromkeys(_PERSONAL_HEADERS, openai.Omit())
        client = openai.OpenAI(
            api_key=key.reveal(),
            base_url=self._base_url(spec),
            max_retries=0,
            default_headers=hidden,  # type: ignore[arg-type]  # Omit is how the SDK leaves a header out
            http_client=self._connections(),
        )
        body: dict[str, Any] = {
            "model": call.model,
            "messages": [{"role": turn.role, "content": turn.content} for turn in call.messages],
            spec.limit_field: call.max_tokens,
        }
        try:
            raw = client.chat.completions.with_raw_response.create(**body, timeout=call.timeout)
        except openai.APIStatusError as error:
            return self._failure(error.response)
        except openai.APITimeoutError:
            return _timed_out(call)
        except openai.APIConnectionError:
            return _unreachable(call)
        return replies.read_openai(_json(raw.http_response))

    def _send_anthropic(self, spec: ProviderSpec, call: Call, key: Secret) -> Reply | Failure:
        import anthropic  # noqa: PLC0415  # more than a second that only a call needs

        client = anthropic.Anthropic(
            api_key=key.reveal(),
            base_url=self._base_url(spec),
            max_retries=0,
            http_client=self._connections(),
        )
        system = "\n\n".join(turn.content for turn in call.messages if turn.role == "system")
        body: dict[str, Any] = {
            "model": call.model,
            "messages": [
                {"role": turn.role, "content": turn.content}
                for turn in call.messages
                if turn.role != "system"
            ],
            "max_tokens": call.max_tokens,
        }
        if system:
            body["system"] = system
        try:
            raw = client.messages.with_raw_response.create(**body, timeout=call.timeout)
        except anthropic.APIStatusError as error:
            return self._failure(error.response)
        except anthropic.APITimeoutError:
            return _timed_out(call)
        except anthropic.APIConnectionError:
            return _unreachable(call)
        return replies.read_anthropic(_json(raw.http_response))

    def _base_url(self, spec: ProviderSpec) -> str:
        return self._base_urls.get(spec.id, spec.base_url)

    def _connections(self) -> httpx2.Client:
        """Return the shared pool. It follows no redirect: a key goes to the host it was meant for only."""
        import httpx2  # noqa: PLC0415

        with self._lock:
            if self._pool is None:
                self._pool = httpx2.Client()
            return self._pool

    def _failure(self, response: httpx2.Response) -> Failure:
        return failures.from_response(
            response.status_code, response.headers, _json(response), now=self._wall_clock()
        )


def _timed_out(call: Call) -> Failure:
    return Failure(FailureKind.TIMEOUT, f"no answer within {call.timeout:g} s")


def _unreachable(call: Call) -> Failure:
    return Failure(FailureKind.CONNECTION, f"{call.provider} could not be reached")


def _json(response: httpx2.Response) -> object:
    """Return the response's JSON, or its text when it holds none."""
    try:
        return json.loads(response.content)
    except (ValueError, RecursionError):  # not JSON, not even UTF-8, or nested beyond sense
        return response.text
