"""The budget: dollars set aside before a call, settled after it, so that calls side by side never overspend."""

from __future__ import annotations

import math
import threading
from decimal import Decimal
from typing import TYPE_CHECKING

from core.llm import arguments, pricing
from core.llm.errors import BudgetExceededError
from core.llm.limits import SlidingWindow

if TYPE_CHECKING:
    from collections.abc import Callable


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

    def reserve(self, dollars: Decimal) -> Decimal:
        """Set `dollars` aside and return them. Each reservation is to be settled once.

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
            return dollars

    def settle(self, reserved: Decimal, spent: Decimal) -> None:
        """Give a reservation back and count what was really spent, now."""
        with self._lock:
            self._reserved -= reserved
            self._spent.add(self._clock(), spent)

    def _left(self) -> Decimal:
        return self._spent.remaining(self._clock()) - self._reserved
