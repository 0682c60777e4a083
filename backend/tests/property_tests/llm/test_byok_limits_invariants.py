"""Laws of limits: no sixty seconds hold more requests or tokens than allowed."""

from __future__ import annotations

import math
import threading
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from core.llm.errors import RateLimitExceededError
from core.llm.failures import FailureKind
from core.llm.limits import SlidingWindow
from tests.property_tests.llm.llm_strategies import (
    World,
    eighths,
    failing,
    machine,
    refusal,
)


class SlidingWindowMachine(RuleBasedStateMachine):
    """Whatever is acquired and however time passes, no sixty seconds hold more than the limits."""

    REQUESTS, TOKENS = 4, 100

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.handler = self.world.handler(rate_limit=self.REQUESTS, token_rate_limit=self.TOKENS)
        self.admitted: list[tuple[float, int, int]] = []

    def used(self, at: float) -> tuple[int, int]:
        """Return the requests and tokens admitted in the sixty seconds before `at`."""
        counted = [(requests, tokens) for when, requests, tokens in self.admitted if at - 60 < when <= at]
        return sum(requests for requests, _ in counted), sum(tokens for _, tokens in counted)

    @rule(seconds=st.one_of(eighths, st.sampled_from([0.125, 30.0, 59.875, 60.0])))
    def time_passes(self, seconds: float) -> None:
        self.world.now += seconds

    @rule(tokens=st.integers(0, TOKENS), requests=st.integers(0, REQUESTS))
    def acquire(self, tokens: int, requests: int) -> None:
        used_requests, used_tokens = self.used(self.world.now)
        fits = used_requests + requests <= self.REQUESTS and used_tokens + tokens <= self.TOKENS
        if fits:
            self.handler.acquire(tokens, requests)
            self.admitted.append((self.world.now, requests, tokens))
        else:
            with pytest.raises(RateLimitExceededError) as caught:
                self.handler.acquire(tokens, requests)
            self.wait_is_exact(caught.value.retry_after, tokens, requests)

    def wait_is_exact(self, wait: float, tokens: int, requests: int) -> None:
        """The amounts fit after `wait` seconds, and an eighth of a second earlier they did not."""
        assert 0 < wait <= 60
        for seconds, expected in ((wait, True), (wait - 0.125, False)):
            used_requests, used_tokens = self.used(self.world.now + seconds)
            fits = used_requests + requests <= self.REQUESTS and used_tokens + tokens <= self.TOKENS
            assert fits is expected

    @invariant()
    def remaining_is_what_the_last_minute_left(self) -> None:
        used_requests, used_tokens = self.used(self.world.now)
        assert self.handler.remaining_requests == self.REQUESTS - used_requests
        assert self.handler.remaining_tokens == self.TOKENS - used_tokens


TestSlidingWindow = SlidingWindowMachine.TestCase
TestSlidingWindow.settings = machine


@given(st.integers(1, 1000), st.integers(0, 1000), st.integers(0, 2000))
def test_allowed_is_what_is_wanted_and_left_and_uses_nothing_up(limit: int, used: int, wanted: int) -> None:
    """get_allowed_* is the smaller of what is wanted and what is left, however often it is asked."""
    used = min(used, limit)
    requests = World().handler(rate_limit=limit)
    requests.acquire(10**9, used)
    tokens = World().handler(token_rate_limit=limit)
    tokens.acquire(used, 10**9)
    for _ in range(2):
        assert requests.get_allowed_requests(wanted) == min(wanted, limit - used)
        assert tokens.get_allowed_tokens(wanted) == min(wanted, limit - used)
        assert requests.get_allowed_tokens(wanted) == wanted
        assert tokens.get_allowed_requests(wanted) == wanted


@given(st.integers(0, 10**30))
def test_without_limits_everything_is_allowed(wanted: int) -> None:
    """A handler without limits allows any amount and reports no remainder."""
    handler = World().handler()
    handler.acquire(wanted, wanted)
    assert handler.get_allowed_requests(wanted) == wanted
    assert handler.get_allowed_tokens(wanted) == wanted
    assert handler.remaining_requests is None
    assert handler.remaining_tokens is None


@given(st.integers(1, 100), st.integers(1, 100))
def test_acquire_refuses_at_once_what_would_never_fit(limit: int, excess: int) -> None:
    """An amount above the limit itself is an error of its own, and uses nothing up."""
    handler = World().handler(rate_limit=limit, token_rate_limit=limit)
    advice = f"exceed the limit of {limit} per minute and would never fit: ask for less, or raise the limit"
    assert (
        refusal(ValueError, lambda: handler.acquire(limit + excess))
        == f"{limit + excess} tokens at once {advice}"
    )
    assert refusal(ValueError, lambda: handler.acquire(0, limit + excess)) == (
        f"{limit + excess} requests at once {advice}"
    )
    assert (handler.remaining_requests, handler.remaining_tokens) == (limit, limit)
    handler.acquire(limit, limit)
    assert (handler.remaining_requests, handler.remaining_tokens) == (0, 0)


def test_acquire_is_one_request_and_names_the_limit_that_is_used_up() -> None:
    world = World()
    handler = world.handler(rate_limit=2, token_rate_limit=10)
    handler.acquire(10)
    assert (handler.remaining_requests, handler.remaining_tokens) == (1, 0)
    world.now += 20
    assert refusal(RateLimitExceededError, lambda: handler.acquire(1)) == (
        "the token limit is used up for another 40 s: wait, or raise the limit"
    )
    handler.acquire(0)
    world.now += 0.5
    assert refusal(RateLimitExceededError, lambda: handler.acquire(0)) == (
        "the request limit is used up for another 39.5 s: wait, or raise the limit"
    )


@given(
    st.lists(st.tuples(st.sampled_from([0.0, 0.0, 1.0, 30.0]), st.integers(0, 3)), max_size=30),
    st.sampled_from([60.0, math.inf]),
)
def test_a_window_remembers_moments_and_not_uses(uses: list[tuple[float, int]], seconds: float) -> None:
    """What was used at one moment is one entry; where nothing ever stops counting, everything is."""
    window = SlidingWindow(1000, seconds)
    now = 0.0
    counting: set[float] = set()
    for passed, amount in uses:
        now += passed
        window.remaining(now)
        window.add(now, amount)
        counting = {end for end in counting | {now + seconds} if end > now}
        assert len(window._uses) == len(counting)


def test_the_clock_is_read_under_the_lock_so_that_uses_stay_in_order() -> None:
    held: list[bool] = []

    def clock() -> float:
        held.append(handler._own.limiter._lock.locked())
        return 5000.0

    handler = World().handler(rate_limit=5, token_rate_limit=5, clock=clock)
    handler.acquire(1)
    handler.get_allowed_requests(1)
    handler.get_allowed_tokens(1)
    assert held == [True] * 3
    with pytest.raises(ValueError, match="would never fit"):
        handler.acquire(6)
    assert not handler._own.limiter._lock.locked()


def test_threads_share_one_limit() -> None:
    handler = World().handler(rate_limit=50)
    admitted: list[int] = []

    def work() -> None:
        for _ in range(20):
            with suppress(RateLimitExceededError):
                handler.acquire(0)
                admitted.append(1)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(admitted) == 50


@given(st.integers(1, 5), st.integers(0, 6), st.integers(0, 3))
def test_every_attempt_counts_as_a_request(limit: int, stumbles: int, max_retries: int) -> None:
    """complete() stops before the attempt that would exceed the request limit."""
    world = World({"openai": [failing(FailureKind.SERVER)] * stumbles}, jitter=0.0)
    handler = world.handler(["openai"], max_retries, limit)
    wanted = min(stumbles, max_retries) + 1
    if wanted > limit:
        with pytest.raises(RateLimitExceededError) as caught:
            handler.complete("hi")
        assert caught.value.retry_after == 60
    elif stumbles > max_retries:
        with pytest.raises(Exception, match="every provider failed"):
            handler.complete("hi")
    else:
        assert handler.complete("hi").text == "hello"
    assert len(world.calls) == min(wanted, limit)
    assert handler.remaining_requests == limit - len(world.calls)


@given(st.lists(st.text(min_size=1).filter(str.strip), min_size=1, max_size=3), st.integers(1, 5000))
def test_an_attempt_counts_its_input_and_all_it_may_answer(contents: list[str], max_tokens: int) -> None:
    """complete() uses up the estimated input, four tokens around each message, three for the reply, and max_tokens."""
    handler = World().handler(token_rate_limit=10**6)
    turns = [{"role": "user", "content": content} for content in contents]
    handler.complete(turns, "gpt-4o", max_tokens=max_tokens)
    used = sum(handler.count_tokens(content, "gpt-4o") + 4 for content in contents) + 3 + max_tokens
    assert handler.remaining_tokens == 10**6 - used


@given(st.lists(st.integers(1, 5), min_size=1, max_size=12), st.sampled_from([0.0, 7.5, 20.0]))
def test_blocking_waits_exactly_as_long_as_needed(amounts: list[int], pause: float) -> None:
    """With block, every acquisition gets through, no window is exceeded, and no wait is longer than needed."""
    world = World()
    handler = world.handler(token_rate_limit=5)
    admitted: list[tuple[float, int]] = []
    for amount in amounts:
        before = world.now
        handler.acquire(amount, block=True)
        admitted.append((world.now, amount))
        assert sum(used for when, used in admitted if when > world.now - 60) <= 5
        if world.now > before:
            assert sum(used for when, used in admitted if when > world.now - 60.125) > 5
        world.now += pause
    assert sum(world.slept) == admitted[-1][0] - 5000 - pause * (len(amounts) - 1)


def test_blocking_for_what_never_fits_is_refused_at_once() -> None:
    world = World()
    with pytest.raises(ValueError, match="would never fit"):
        world.handler(token_rate_limit=5).acquire(6, block=True)
    assert world.slept == []
