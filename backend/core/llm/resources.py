"""Resources: everything the requests of one handler share, and what a call may take of it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from core.llm import tokens
from core.llm.completion import Spent
from core.llm.errors import UnknownModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from core.llm.budget import Budget, Settle
    from core.llm.catalogue import Catalogue, ProviderSpec
    from core.llm.completion import Attempt
    from core.llm.cooldowns import Cooldowns
    from core.llm.keys import KeyRing
    from core.llm.limits import Limiter
    from core.llm.pricing import PriceBook
    from core.llm.readiness import Readiness
    from core.llm.request import Call
    from core.llm.usage import Tally


@dataclass(frozen=True, slots=True)
class Resources:
    """One handler's belongings. Each locks itself, so that requests may run side by side."""

    catalogue: Catalogue
    keys: KeyRing
    cooldowns: Cooldowns
    readiness: Readiness
    limiter: Limiter
    budget: Budget | None
    prices: PriceBook
    tally: Tally
    max_retries: int
    filter_falls_back: bool
    clock: Callable[[], float]
    wall_clock: Callable[[], float]
    rng: Callable[[], float]
    on_attempt: Callable[[Attempt], object] | None

    def require_prices(self, calls: Iterable[Call]) -> None:
        """Raise UnknownModelError if there is a budget, and a call of which nobody knows what it costs."""
        if self.budget is not None:
            for call in calls:
                self.worst_cost(call)

    def worst_cost(self, call: Call) -> Decimal:
        """Return what the call costs at most: every byte a token where the vocabulary is not known."""
        return self.cost((call.most_input_tokens(), call.max_tokens), call.spec, call.model)

    def cost(self, usage: tuple[int, int], spec: ProviderSpec, model: str) -> Decimal:
        """Return the dollars that `usage`, (input tokens, output tokens), costs now."""
        return self.prices.cost(usage, spec, model, at=self.wall_clock())

    def reserve(self, call: Call) -> Settle | None:
        """Take a call out of limits and budget, all of it or nothing, and return what settles it, if anything.

        Raises:
            BudgetExceededError, RateLimitExceededError: it does not fit now.
            ValueError: it exceeds a limit by itself.

        """
        settle = None if self.budget is None else self.budget.reserve(self.worst_cost(call))
        try:
            self.limiter.acquire(self._tokens(call), 1)
        except BaseException:
            if settle is not None:
                settle(Decimal(0))
            raise
        return settle

    def settle(self, call: Call, settle: Settle | None, spent: Spent | None, *, failed: bool) -> None:
        """Count what was really used in place of what was reserved, and write the attempt down."""
        if settle is not None:
            settle(Decimal(0) if spent is None else spent.cost or Decimal(0))
        self.tally.count((call.provider, call.model), spent, failed=failed)

    def spent(self, call: Call, text: str, used_in: int | None, used_out: int | None) -> Spent:
        """Return what an answer took, by the provider's own count of tokens where it tells them."""
        estimated = used_in is None or used_out is None
        if used_in is None:
            used_in = call.input_tokens()
        if used_out is None:
            used_out = tokens.count(text, call.spec, call.model)
        cost = None
        with suppress(UnknownModelError):  # the answer is paid for, and worth more than its price
            cost = self.cost((used_in, used_out), call.spec, call.model)
        return Spent(used_in, used_out, estimated, cost)

    def _tokens(self, call: Call) -> int:
        """Return the tokens an attempt counts for. Its input is not counted where no limit needs it."""
        if self.limiter.remaining("token") is None:
            return call.max_tokens
        return call.max_tokens + call.input_tokens()
