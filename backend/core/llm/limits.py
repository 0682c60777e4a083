"""Limits: at most so many requests and tokens in any sixty seconds."""

from __future__ import annotations

import threading
from collections import deque
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from core.llm.errors import RateLimitExceededError

if TYPE_CHECKING:
    from collections.abc import Callable

MINUTE: Final = 60.0

Amount = TypeVar("Amount", int, Decimal)


class SlidingWindow(Generic[Amount]):
    """What was used in the last `seconds`, against a limit. Not locked: its owner does that.

    A true window, not a bucket that refills: no such stretch of time, wherever it starts, holds more than the
    limit. Memory grows with the number of moments of use in a window, not with the amounts.
    """

    def __init__(self, limit: Amount, seconds: float) -> None:
        self.limit: Amount = limit
        self._seconds = seconds
        self._left: Amount = limit
        self._uses: deque[tuple[float, Amount]] = deque()  # (when it stops counting, amount), oldest first

    def remaining(self, now: float) -> Amount:
        """Return how much more fits at `now`, below zero when more was used than fits. Consumes nothing."""
        while self._uses and self._uses[0][0] <= now:
            self._left += self._uses.popleft()[1]
        return self._left

    def wait(self, now: float, amount: Amount) -> float:
        """Return the seconds until `amount` fits, 0 when it does already. `amount` is at most the limit."""
        missing = amount - self.remaining(now)
        ends = now
        for end, used in self._uses:
            if missing <= 0:
                break
            missing -= used
            ends = end
        return ends - now

    def add(self, now: float, amount: Amount) -> None:
        """Count `amount` as used at `now`."""
        end = now + self._seconds
        self._left -= amount
        if self._uses and self._uses[-1][0] == end:
            amount += self._uses.pop()[1]
        self._uses.append((end, amount))


class Limiter:
    """A request window and a token window, consumed together or not at all."""

    def __init__(self, requests: int | None, tokens: int | None, clock: Callable[[], float]) -> None:
        self._windows = {
            name: SlidingWindow(limit, MINUTE)
            for name, limit in (("request", requests), ("token", tokens))
            if limit is not None
        }
        self._clock = clock
        self._lock = threading.Lock()

    def remaining(self, name: str) -> int | None:
        """Return what is left in the "request" or "token" window, None when it has no limit."""
        window = self._windows.get(name)
        with self._lock:
            return None if window is None else window.remaining(self._clock())

    def allowed(self, name: str, wanted: int) -> int:
        """Return how much of what is wanted fits right now."""
        left = self.remaining(name)
        return wanted if left is None else min(wanted, left)

    def acquire(self, tokens: int, requests: int) -> None:
        """Use these amounts now, or raise and use nothing.

        Raises:
            RateLimitExceededError: they fit later; `retry_after` says when.
            ValueError: they exceed a limit by themselves and would never fit.

        """
        amounts = {"token": tokens, "request": requests}
        with self._lock:
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
