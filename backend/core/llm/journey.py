"""A journey: how far one request has come, and the two things it can ask of the world."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.llm.completion import Attempt, Call
from core.llm.errors import AllProvidersFailedError, RequestRejectedError

if TYPE_CHECKING:
    from core.llm.completion import Message
    from core.llm.failures import Failure
    from core.llm.keys import Secret

Route = tuple[str, str]
"""A provider and one of its models."""


@dataclass(frozen=True, slots=True)
class Send:
    """Make this call, and tell what came of it, a failure's message redacted."""

    call: Call
    key: Secret


@dataclass(frozen=True, slots=True)
class Wait:
    """Let so many seconds pass."""

    seconds: float


@dataclass(slots=True)
class Journey:
    """One request on its way. Times are in seconds."""

    messages: tuple[Message, ...]
    max_tokens: int
    timeout: float
    chain: tuple[Route, ...]
    started: float
    routes: list[Route] = field(init=False)
    """What is left of the chain."""
    waited: float = 0.0
    attempts: list[Attempt] = field(default_factory=list)
    resting: set[str] = field(default_factory=set)
    """Providers that were passed over, or left to cool down."""

    def __post_init__(self) -> None:
        self.routes = list(self.chain)

    def call(self, route: Route) -> Call:
        """Return the call this request makes on `route`."""
        return Call(*route, self.messages, self.max_tokens, self.timeout)

    def note(self, route: Route, elapsed: float, failure: Failure | None) -> None:
        """Record an attempt; `failure` is None when it was answered."""
        if failure is None:
            self.attempts.append(Attempt(*route, elapsed))
        else:
            self.attempts.append(Attempt(*route, elapsed, failure.kind, failure.status, failure.message))

    def rejected(self) -> RequestRejectedError:
        """Return the error that ends a request no provider should see again."""
        last = self.attempts[-1]
        return RequestRejectedError(
            f"{last.provider}/{last.model} refused the request ({last.failure}): {last.message}",
            attempts=tuple(self.attempts),
        )

    def failed(self, retry_after: float | None) -> AllProvidersFailedError:
        """Return the error that ends a request everyone failed."""
        told = "; ".join(f"{a.provider}/{a.model} {a.failure}: {a.message}" for a in self.attempts)
        again = "" if retry_after is None else f"; try again in {retry_after:g} s"
        return AllProvidersFailedError(
            f"every provider failed: {told or 'none is ready'}{again}",
            attempts=tuple(self.attempts),
            retry_after=retry_after,
        )
