"""Laws of the budget: never overspent, however calls interleave; and every attempt is in the books."""

from __future__ import annotations

import re
import threading
from collections import Counter
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from core.llm.budget import Budget, Settle
from core.llm.byok_handler import BYOKHandler
from core.llm.completion import Attempt, Reply
from core.llm.errors import BudgetExceededError, BYOKError, RateLimitExceededError, UnknownModelError
from core.llm.failures import Failure, FailureKind
from core.llm.usage import Usage
from tests.property_tests.llm.llm_strategies import (
    HELLO,
    World,
    eighths,
    failing,
    few,
    machine,
    priorities,
    providers,
    refusal,
    scripts,
)

cents = st.integers(0, 200).map(lambda n: Decimal(n) / 100)


class BudgetMachine(RuleBasedStateMachine):
    """Whatever is set aside, spent or given back, what is left is what brute force says, and never overdrawn."""

    LIMIT, SECONDS = Decimal(1), 60.0

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.lasting = Budget(self.LIMIT, None, lambda: self.now)
        self.renewed = Budget("1", 60, lambda: self.now)
        self.open: list[Decimal] = []
        self.spent: list[tuple[float, Decimal]] = []

    reservations = Bundle("reservations")

    def left(self, budget: Budget) -> Decimal:
        counted = [
            amount for when, amount in self.spent if budget is self.lasting or self.now - when < self.SECONDS
        ]
        return self.LIMIT - sum(counted) - sum(self.open)

    @rule(seconds=st.one_of(eighths, st.sampled_from([30.0, 59.875, 60.0])))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds

    @rule(target=reservations, amount=cents)
    def reserve(self, amount: Decimal) -> tuple[Decimal, list[Settle]] | None:
        if amount <= self.left(self.lasting):
            self.open.append(amount)
            return amount, [budget.reserve(amount) for budget in (self.lasting, self.renewed)]
        with pytest.raises(BudgetExceededError) as caught:
            self.lasting.reserve(amount)
        assert caught.value.needed == amount
        assert caught.value.left == max(Decimal(0), self.left(self.lasting))
        return None

    @rule(reserved=consumes(reservations), share=st.sampled_from([Decimal(0), Decimal("0.25"), Decimal(1)]))
    def settle(self, reserved: tuple[Decimal, list[Settle]] | None, share: Decimal) -> None:
        if reserved is not None:
            amount, settles = reserved
            for settle in settles:
                settle(amount * share)
            self.open.remove(amount)
            self.spent.append((self.now, amount * share))

    @invariant()
    def nothing_is_overdrawn(self) -> None:
        for budget in (self.lasting, self.renewed):
            assert budget.left() == self.left(budget)
            assert budget.left() >= 0


TestBudget = BudgetMachine.TestCase
TestBudget.settings = machine


@given(cents, cents, cents)
def test_what_a_provider_overcharges_is_counted_and_stops_everything(
    limit: Decimal, reserved: Decimal, extra: Decimal
) -> None:
    """More spent than set aside leaves nothing, and never less than nothing; then no cent fits, but nothing does."""
    budget = Budget(limit, None, lambda: 0.0)
    if reserved > limit:
        said = f"the call may cost ${reserved:f}, and ${limit:f} of the budget are left: lower max_tokens, or raise the budget"
        assert refusal(BudgetExceededError, budget.reserve, reserved) == said
        return
    settle = budget.reserve(reserved)
    assert budget.left() == limit - reserved
    settle(limit + extra)
    assert budget.left() == 0
    with pytest.raises(BudgetExceededError) as caught:
        budget.reserve(Decimal("0.01"))
    assert caught.value.needed == Decimal("0.01")
    assert caught.value.left == 0
    assert re.search(r" \$0(\.0+)? of the budget", str(caught.value))


@few
@given(st.lists(st.one_of(st.just(HELLO), st.builds(failing, st.just(FailureKind.SERVER))), max_size=5))
def test_a_call_sets_its_worst_case_aside_and_then_costs_what_it_did(
    outcomes: list[Reply | Failure],
) -> None:
    """While a call is out, all it may cost is set aside; after a failure nothing is spent, after an answer its cost."""
    during: list[Decimal] = []

    class Watching(World):
        def send(self, *args: Any) -> Reply | Failure:
            during.append(1 - (handler.budget_left or Decimal(0)))
            return super().send(*args)

    world = Watching({"openai": outcomes}, jitter=0.0)
    handler = world.handler(["openai"], 5, budget="1")
    answer = handler.complete("hi", "gpt-4o", max_tokens=100)
    worst = handler.estimate_cost("hi", "gpt-4o", max_tokens=100)
    assert during == [worst] * len(world.calls)
    assert worst == handler.calculate_cost(handler.count_tokens("hi", "gpt-4o") + 7, 100, "openai", "gpt-4o")
    assert answer.cost is not None
    assert handler.budget_left == 1 - answer.cost


@few
@given(st.text(min_size=1).filter(str.strip), st.sampled_from(["gpt-4o", "gpt-99", "claude-sonnet-5"]))
def test_the_worst_case_of_an_unknown_vocabulary_is_a_token_per_byte(prompt: str, model: str) -> None:
    """Where tokens are only estimated, a budget is held against as many as there can be."""
    world = World()
    handler = world.handler(budget=10**6, price_overrides={"gpt-99": (1, 1)})
    size = len(prompt.encode())
    most = handler.count_tokens(prompt, model) if model == "gpt-4o" else size
    provider = handler.select_provider(model)
    worst = handler.calculate_cost(most + 7, 50, provider, model)
    poor = World().handler(budget=0, price_overrides={"gpt-99": (1, 1)})
    with pytest.raises(BudgetExceededError) as caught:
        poor.complete(prompt, model, max_tokens=50)
    assert caught.value.needed == worst
    assert caught.value.left == 0
    assert handler.complete(prompt, model, max_tokens=50).text == "hello"


def test_nobody_is_asked_beyond_the_budget_and_nothing_stays_set_aside() -> None:
    world = World()
    handler = world.handler(budget="0.0001", rate_limit=5)
    with pytest.raises(BudgetExceededError):
        handler.complete("hi", "gpt-4o", max_tokens=1000)
    assert world.calls == []
    assert handler.budget_left == Decimal("0.0001")
    assert handler.remaining_requests == 5


def test_a_full_limit_gives_the_reservation_back() -> None:
    world = World()
    handler = world.handler(budget=1, rate_limit=1)
    handler.acquire(0)
    with pytest.raises(RateLimitExceededError):
        handler.complete("hi")
    assert handler.budget_left == 1
    assert handler.usage() == {}


def test_a_budget_refuses_models_nobody_has_a_price_for_before_any_call() -> None:
    world = World()
    handler = world.handler(budget=1)
    message = refusal(UnknownModelError, handler.complete, "hi", "openai/gpt-99")
    assert message.startswith("no price is known for 'gpt-99' at openai: pass price_overrides=")
    own = {"gpt-4o": (1, 1)}
    chained = world.handler(["openai", "gemini"], budget=1, price_overrides=own)
    assert chained.complete("hi", "gpt-4o").text == "hello"
    unpriced = world.handler(keys=["openai"])
    assert unpriced.complete("hi", "openai/gpt-99").cost is None
    assert [call.model for call in world.calls] == ["gpt-4o", "gpt-99"]


def test_a_budget_for_a_time_is_there_again_after_it() -> None:
    world = World(otherwise=Reply("x", "stop", 0, 10**5))
    handler = world.handler(["openai"], budget=2, budget_seconds=10)
    handler.complete("hi", "gpt-4o", max_tokens=10**5)
    assert handler.budget_left == 1
    world.now += 9.875
    with pytest.raises(BudgetExceededError):
        handler.complete("hi", "gpt-4o", max_tokens=10**5)
    world.now += 0.125
    assert handler.budget_left == 2
    assert handler.complete("hi", "gpt-4o").text == "x"


def test_what_costs_nothing_takes_nothing_of_a_budget() -> None:
    handler = World().handler(["openai"], budget=1, price_overrides={"gpt-4o": (0, 0)})
    assert handler.complete("hi", "gpt-4o").cost == 0
    assert handler.budget_left == 1


def test_without_a_budget_there_is_none_left_to_tell() -> None:
    assert World().handler().budget_left is None


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"budget": 0.5}, TypeError, "budget must be a Decimal, an int or a str, not 0.5"),
        ({"budget": True}, TypeError, "budget must be a Decimal, an int or a str, not True"),
        ({"budget": "much"}, ValueError, "budget must be a number, finite and not negative, not 'much'"),
        ({"budget": -1}, ValueError, "budget must be a number, finite and not negative, not -1"),
        (
            {"budget": 1, "budget_seconds": 0},
            ValueError,
            "budget_seconds must be above 0 and at most inf seconds, not 0",
        ),
        (
            {"budget": 1, "budget_seconds": "1"},
            TypeError,
            "budget_seconds must be a number of seconds, not '1'",
        ),
    ],
)
def test_budgets_that_are_none_are_refused(
    options: dict[str, Any], error: type[Exception], message: str
) -> None:
    assert refusal(error, BYOKHandler, **options) == message


@given(st.integers(1, 6), st.integers(2, 6))
def test_threads_never_spend_more_than_there_is(affordable: int, workers: int) -> None:
    """Of many calls at once exactly so many go out as the budget covers, even while none has been settled."""
    out = threading.Barrier(workers)
    asked: list[int] = []

    class Slow(World):
        def send(self, *args: Any) -> Reply | Failure:
            asked.append(1)
            out.wait(10)
            return Reply("x", "stop", 9, 100)

    handler = Slow().handler(["openai"], budget=affordable, price_overrides={"gpt-4o": (0, 10**4)})
    refused: list[BudgetExceededError] = []

    def work() -> None:
        try:
            handler.complete("hi", "gpt-4o", max_tokens=100)
        except BudgetExceededError as error:
            refused.append(error)
            out.wait(10)

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(asked) == min(affordable, workers)
    assert len(refused) == workers - len(asked)


# -- the books -----------------------------------------------------------------------------------------------


@few
@given(scripts, priorities, st.integers(1, 4))
def test_usage_is_the_sum_of_all_attempts(
    script: dict[str, list[Reply | Failure]], priority: list[str], requests: int
) -> None:
    """Per provider and model: as many requests and failures as were attempted, and what the answers cost."""
    attempts: list[Attempt] = []
    answers = []
    world = World(script)
    handler = world.handler(priority, 2, on_attempt=attempts.append)
    for _ in range(requests):
        with suppress(BYOKError):
            answers.append(handler.complete("hi"))
    usage = handler.usage()
    asked = Counter((a.provider, a.model) for a in attempts)
    failed = Counter((a.provider, a.model) for a in attempts if a.failure is not None)
    answered = Counter((a.provider, a.model) for a in answers)
    assert {route: used.requests for route, used in usage.items()} == asked
    assert {route: used.failures for route, used in usage.items() if used.failures} == failed
    for route, used in usage.items():
        assert (used.input_tokens, used.output_tokens) == (10 * answered[route], 20 * answered[route])
        assert used.cost == sum((a.cost or 0) for a in answers if (a.provider, a.model) == route)
        assert used.unpriced == 0


@given(providers, st.integers(0, 3))
def test_answers_without_a_price_are_counted_apart(provider: str, answers: int) -> None:
    """An unpriced answer adds its tokens and nothing to the cost, and the books say how many there are."""
    handler = World().handler([provider])
    for _ in range(answers):
        handler.complete("hi", f"{provider}/no-such-model")
    books = handler.usage()
    if answers:
        assert books == {
            (provider, "no-such-model"): Usage(answers, 0, 10 * answers, 20 * answers, Decimal(0), answers)
        }
    books.clear()
    assert len(handler.usage()) == min(answers, 1)
