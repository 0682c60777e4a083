"""What the suites of this folder share: a world without time or network, handlers in it, and what to draw."""

from __future__ import annotations

import logging
import string
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import genai_prices
import pytest
from hypothesis import settings
from hypothesis import strategies as st

from core.llm import tokens
from core.llm.byok_handler import VALID_PROVIDERS, BYOKHandler
from core.llm.completion import Reply
from core.llm.failures import Failure, FailureKind

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Coroutine, Generator, Iterable, Iterator, Mapping

    from core.llm.performing import AsyncTextStream
    from core.llm.request import Call
    from core.llm.secret import Secret


# Loaded once, here: otherwise the first example of some property pays for it, and misses its deadline.
genai_prices.calc_price(genai_prices.Usage(input_tokens=1), "gpt-4o", provider_id="openai")
for encoding in ("cl100k_base", "o200k_base", "deepseek_v3"):
    tokens._vocabulary(encoding)

Outcome = Reply | Failure
T = TypeVar("T")
NOON = 1_795_348_800.0  # 2026-11-22 12:00:00 UTC, when DeepSeek is at its lower price
HELLO = Reply("hello", "stop", 10, 20)
DEFAULT_MODELS = {
    "openai": "gpt-5-mini",
    "anthropic": "claude-sonnet-5",
    "deepseek": "deepseek-flash",
    "gemini": "gemini-2.5-flash",
}
SETTLED = (FailureKind.AUTH, FailureKind.MODEL_NOT_FOUND)
TRANSIENT = (FailureKind.SERVER, FailureKind.TIMEOUT, FailureKind.CONNECTION)
REFUSED = (FailureKind.BAD_REQUEST, FailureKind.CONTENT_FILTER)


class World:
    """A clock that moves only when told or slept through, and a transport that follows a script.

    `script` maps a provider to its outcomes in order; after the last one, or without any, it repeats
    `otherwise`. Each call takes `call_takes` seconds. A stream says a reply letter by letter; before a failure
    it says `partial`.
    """

    def __init__(
        self,
        script: Mapping[str, Iterable[Outcome]] | None = None,
        *,
        otherwise: Outcome = HELLO,
        call_takes: float = 0.0,
        jitter: float = 1.0,
        partial: str = "",
    ) -> None:
        self.now = 5000.0
        self.slept: list[float] = []
        self.calls: list[Call] = []
        self.keys: list[str] = []
        self.closed = 0
        self.hung_up = 0
        self.jitter = jitter
        self._script = {provider: list(outcomes) for provider, outcomes in (script or {}).items()}
        self._otherwise = otherwise
        self._call_takes = call_takes
        self._partial = partial

    @property
    def asked(self) -> list[str]:
        """The providers in the order they were called."""
        return [call.provider for call in self.calls]

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    async def async_sleep(self, seconds: float) -> None:
        self.sleep(seconds)

    async def asend(self, call: Call, key: Secret) -> Outcome:
        return self.send(call, key)

    def stream(self, call: Call, key: Secret) -> Generator[str | Outcome, None, None]:
        outcome = self.send(call, key)
        try:
            yield ""
            yield from outcome.text if isinstance(outcome, Reply) else self._partial
            yield outcome
        finally:
            self.hung_up += 1

    async def astream(self, call: Call, key: Secret) -> AsyncGenerator[str | Outcome, None]:
        with closing(self.stream(call, key)) as items:
            for item in items:
                yield item

    def send(self, call: Call, key: Secret) -> Outcome:
        self.calls.append(call)
        self.keys.append(key.reveal())
        self.now += self._call_takes
        outcomes = self._script.get(call.provider)
        return outcomes.pop(0) if outcomes else self._otherwise

    def close(self) -> None:
        self.closed += 1

    def handler(self, *args: Any, keys: Iterable[str] = VALID_PROVIDERS, **options: Any) -> BYOKHandler:
        """Return a handler that lives here, with a key for each of `keys` and an empty environment."""
        here: dict[str, Any] = {
            "env": {},
            "transport": self,
            "clock": lambda: self.now,
            "wall_clock": lambda: NOON,
            "sleep": self.sleep,
            "async_sleep": self.async_sleep,
            "rng": lambda: self.jitter,
        }
        handler = BYOKHandler(*args, **(here | options))
        for provider in keys:
            handler.set_api_key(provider, key_of(provider))
        return handler


@contextmanager
def here(monkeypatch: pytest.MonkeyPatch, zone: str) -> Iterator[None]:
    """Run a block in another time zone."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", zone)
        time.tzset()
        yield
    time.tzset()


@contextmanager
def capture() -> Iterator[list[str]]:
    """Collect what the package logs inside a block, at every level."""
    lines: list[str] = []
    listener = logging.Handler()
    listener.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    log = logging.getLogger("core.llm")
    before = log.level
    log.setLevel(1)
    log.addHandler(listener)
    try:
        yield lines
    finally:
        log.removeHandler(listener)
        log.setLevel(before)


def run_now(coroutine: Coroutine[Any, Any, T]) -> T:
    """Return what a coroutine returns that never really waits, without the cost of an event loop."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    raise AssertionError("it waits")


async def listen(stream: AsyncTextStream) -> list[str]:
    return [piece async for piece in stream]


def key_of(provider: str) -> str:
    return f"test-key-of-{provider}-0123456789"


def failing(kind: FailureKind, retry_after: float | None = None, message: str = "no") -> Failure:
    return Failure(kind, message, 400, retry_after)


def refusal(error: type[Exception], call: Callable[..., object], *args: Any, **options: Any) -> str:
    """Return the message of the error that the call must raise, and of no subclass of it."""
    with pytest.raises(error) as caught:
        call(*args, **options)
    assert type(caught.value) is error
    return str(caught.value)


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.one_of(
                st.text(), st.sampled_from(["error", "message", "code", "choices", "content", "retryDelay"])
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)
few = settings(max_examples=50, deadline=None)  # for laws whose examples are long stories
machine = settings(max_examples=30, stateful_step_count=25, deadline=None)
providers = st.sampled_from(VALID_PROVIDERS)
priorities = st.lists(providers, min_size=1, unique=True)
provider_sets = st.sets(providers)
kinds = st.sampled_from(FailureKind)
short_rests = st.integers(0, 8 * 80).map(lambda n: n / 8)
any_failures = st.builds(Failure, kinds, st.just("no"), st.just(400), st.one_of(st.none(), short_rests))
scripts = st.dictionaries(
    providers, st.lists(st.one_of(any_failures, st.just(HELLO)), min_size=1, max_size=6)
)
eighths = st.integers(0, 8 * 200).map(lambda n: n / 8)  # seconds a float holds exactly, so sums are exact too
some_eighths = st.integers(1, 8 * 200).map(lambda n: n / 8)
# No source text holds these keys, not even in part: Hypothesis also draws words it finds in the code.
api_keys = st.text(string.ascii_letters + string.digits + "-_", max_size=50).map("zQ7xJ9-{}-9Jx7Qz".format)
not_strings = st.one_of(st.none(), st.integers(), st.floats(), st.binary(), st.lists(st.text()))
not_numbers = st.one_of(st.booleans(), st.floats(), st.text(), st.lists(st.integers()))
own_families = st.sampled_from(
    [
        ("openai", "gpt"),
        ("openai", "chatgpt"),
        ("openai", "o1"),
        ("openai", "o3"),
        ("openai", "o4"),
        ("openai", "codex"),
        ("openai", "text-embedding"),
        ("openai", "ft:gpt"),
        ("anthropic", "claude"),
        ("deepseek", "deepseek"),
        ("gemini", "gemini"),
        ("gemini", "gemma"),
    ]
)
endings = st.text(string.ascii_lowercase + string.digits + "-.", max_size=12).map(
    lambda end: f"-{end}" if end else ""
)
nobodys_models = st.sampled_from(
    [
        "llama-3",
        "mistral",
        "gptx",
        "gpt4",
        "o10-mini",
        "o2",
        "claudette",
        "gem",
        "meta/llama-3",
        "qwen:7b",
        "xgpt-4",
        "ft:llama",
    ]
)
