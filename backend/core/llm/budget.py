"""The budget: dollars set aside before a call, settled after it, so that calls side by side never overspend."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from decimal import Decimal
from functools import partial

from core.llm import arguments, pricing
from core.llm.errors import BudgetExceededError
from core.llm.limits import SlidingWindow

Settle = Callable[[Decimal], None]
"""Gives a reservation back and counts what was spent instead, now."""


class Budget:
    """Dollars to spend, in all or in any `seconds`. What is set aside is as good as spent until it is settled."""

    def __init__(self, dollars: object, seconds: object, clock: Callable[[], float]) -> None:
        window = math.inf if seconds is None else arguments.seconds("budget_seconds", seconds, most=math.inf)
        self._spent = SlidingWindow(pricing.dollars("budget", dollars), window)
        self._reserved = Decimal(0)
        self._clock = clock
        self._lock = threading.Lock()

    def left(self) -> Decimal:
        """Return the dollars neither spent nor set aside, never below zero."""
        with self._lock:
            return max(self._left(), Decimal(0))

    def reserve(self, dollars: Decimal) -> Settle:
        """Set `dollars` aside, and return what is to be called once: with what was really spent.

        Raises:
            BudgetExceededError: so much is not left; nothing is set aside.

        """
        with self._lock:
            left = self._left()
            if dollars > left:
                raise BudgetExceededError(
                    f"the call may cost ${dollars:f}, and ${max(left, Decimal(0)):f} of the budget are left:"
                    " lower max_tokens, or raise the budget",
                    needed=dollars,
                    left=max(left, Decimal(0)),
                )
            self._reserved += dollars
        return partial(self._settle, dollars)

    def _settle(self, reserved: Decimal, spent: Decimal) -> None:
        with self._lock:
            self._reserved -= reserved
            self._spent.add(self._clock(), spent)

    def _left(self) -> Decimal:
        return self._spent.remaining(self._clock()) - self._reserved
