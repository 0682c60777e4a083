"""Limits: at most so many requests and tokens in any sixty seconds."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

from core.llm.errors import RateLimitExceededError

if TYPE_CHECKING:
    from collections.abc import Callable

WINDOW: Final = 60.0
"""Seconds a use counts for."""


class SlidingWindow:
    """What was used in the last sixty seconds, against a limit.

    A true window, not a bucket that refills: no sixty seconds, wherever they start, hold more than the
    limit. Memory grows with the number of uses in a window, not with their amounts.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._uses: deque[tuple[float, int]] = deque()  # (when it stops counting, amount), oldest first
        self._used = 0

    def remaining(self, now: float) -> int:
        """Return how much more fits at `now`. Consumes nothing."""
        while self._uses and self._uses[0][0] <= now:
            self._used -= self._uses.popleft()[1]
        return self.limit - self._used

    def wait(self, now: float, amount: int) -> float:
        """Return the seconds until `amount` fits, 0 when it does already. `amount` is at most the limit."""
        missing = amount - self.remaining(now)
        ends = now
        for end, used in self._uses:
            if missing <= 0:
                break
            missing -= used
            ends = end
        return ends - now

    def add(self, now: float, amount: int) -> None:
        """Count `amount` as used at `now`."""
        self._uses.append((now + WINDOW, amount))
        self._used += amount


class Limiter:
    """A request window and a token window, consumed together or not at all. Not locked: its owner does that."""

    def __init__(self, requests: int | None, tokens: int | None, clock: Callable[[], float]) -> None:
        self._windows = {
            name: SlidingWindow(limit)
            for name, limit in (("request", requests), ("token", tokens))
            if limit is not None
        }
        self._clock = clock

    def remaining(self, name: str) -> int | None:
        """Return what is left in the "request" or "token" window, None when it has no limit."""
        window = self._windows.get(name)
        return None if window is None else window.remaining(self._clock())

    def acquire(self, amounts: dict[str, int]) -> None:
        """Use these amounts now, or raise and use nothing.

        Raises:
            RateLimitExceededError: they fit later; `retry_after` says when.
            ValueError: they exceed a limit by themselves and would never fit.

        """
        now = self._clock()
        waits = [(self._wait(name, now, amounts[name]), name) for name in self._windows]
        late = [(wait, name) for wait, name in waits if wait > 0]
        if late:
            longest, name = max(late)
            raise RateLimitExceededError(
                f"the {name} limit is used up for another {longest:g} s: wait, or raise the limit",
                retry_after=longest,
            )
        for name, window in self._windows.items():
            window.add(now, amounts[name])

    def _wait(self, name: str, now: float, amount: int) -> float:
        window = self._windows[name]
        if amount > window.limit:
            raise ValueError(
                f"{amount} {name}s at once exceed the limit of {window.limit} per minute and would never fit:"
                " ask for less, or raise the limit"
            )
        return window.wait(now, amount)
