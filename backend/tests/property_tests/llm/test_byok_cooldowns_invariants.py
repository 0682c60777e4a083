"""Laws of rest: who is left alone after which failure, for how long, and when it is asked again."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from core.llm.byok_handler import VALID_PROVIDERS
from core.llm.completion import Attempt
from core.llm.cooldowns import Cooldown, Cooldowns
from core.llm.errors import (
    AllProvidersFailedError,
    RequestRejectedError,
)
from core.llm.failures import FailureKind
from core.llm.secret import Secret
from tests.property_tests.llm.llm_strategies import (
    TRANSIENT,
    World,
    api_keys,
    capture,
    eighths,
    failing,
    few,
    machine,
    priorities,
    providers,
    refusal,
    scripts,
    some_eighths,
)


@given(st.one_of(st.none(), some_eighths), st.integers(0, 3))
def test_a_full_provider_is_left_at_once_for_a_free_one(retry_after: float | None, max_retries: int) -> None:
    """On 429 the next provider is asked without a pause, and the full one rests as long as it asked, else 5 s."""
    world = World({"openai": [failing(FailureKind.RATE_LIMITED, retry_after)]})
    handler = world.handler(max_retries=max_retries)
    rest = 5.0 if retry_after is None else retry_after
    assert handler.complete("hi").provider == "anthropic"
    assert world.slept == []
    assert handler.next_provider() == "anthropic"
    world.now += rest - 0.125
    assert handler.next_provider() == "anthropic"
    assert handler.complete("hi").provider == "anthropic"
    world.now += 0.125
    assert handler.next_provider() == "openai"
    assert handler.complete("hi").provider == "openai"


@given(st.one_of(st.none(), eighths))
def test_a_full_provider_without_alternative_is_waited_for(retry_after: float | None) -> None:
    """With nobody else to ask, a 429 is waited out if it takes a minute at most, and reported if longer."""
    world = World({"openai": [failing(FailureKind.RATE_LIMITED, retry_after)]})
    handler = world.handler(keys=["openai"])
    pause = 5.0 if retry_after is None else retry_after
    if pause <= 60:
        assert handler.complete("hi").elapsed == pause
        assert world.slept == [pause]
    else:
        with pytest.raises(AllProvidersFailedError) as caught:
            handler.complete("hi")
        assert caught.value.retry_after == pause
        assert world.slept == []


@given(st.one_of(st.none(), eighths, st.floats(3600, 10**6)))
def test_a_provider_out_of_quota_rests_an_hour_at_least(retry_after: float | None) -> None:
    """Used-up quota or credit costs a provider an hour, or longer when it says so."""
    world = World({"openai": [failing(FailureKind.QUOTA_EXHAUSTED, retry_after)]})
    handler = world.handler(["openai"])
    with pytest.raises(AllProvidersFailedError) as caught:
        handler.complete("hi")
    assert caught.value.retry_after == pytest.approx(max(3600.0, retry_after or 0.0))
    assert len(world.calls) == 1
    with pytest.raises(AllProvidersFailedError) as again:
        handler.complete("hi")
    assert again.value.attempts == ()
    assert len(world.calls) == 1


@few
@given(st.permutations(VALID_PROVIDERS), st.lists(st.integers(1, 800), min_size=4, max_size=4, unique=True))
def test_when_everyone_cools_down_the_error_says_when_the_first_is_back(
    priority: list[str], rests: list[int]
) -> None:
    """While all cool down nobody is called, and retry_after is the time until the first one is ready."""
    world = World(
        {p: [failing(FailureKind.RATE_LIMITED, 60.0 + s)] for p, s in zip(priority, rests, strict=True)}
    )
    handler = world.handler(priority)
    with pytest.raises(AllProvidersFailedError):
        handler.complete("hi")
    world.now += 60.0
    with pytest.raises(AllProvidersFailedError) as caught:
        handler.complete("hi")
    soonest = min(rests)
    assert world.asked == priority
    assert caught.value.retry_after == soonest
    assert str(caught.value) == f"every provider failed: none is ready; try again in {soonest} s"
    world.now += soonest
    assert handler.complete("hi").provider == priority[rests.index(soonest)]


@given(st.sampled_from([FailureKind.RATE_LIMITED, FailureKind.QUOTA_EXHAUSTED, *TRANSIENT, FailureKind.AUTH]))
def test_a_new_key_ends_the_rest_of_its_provider(kind: FailureKind) -> None:
    """After a new key is set, its provider is asked at once, with that key."""
    world = World({"openai": [failing(kind)]})
    handler = world.handler(max_retries=0)
    assert handler.complete("hi").provider == "anthropic"
    assert handler.next_provider() == "anthropic"
    handler.set_api_key("openai", "another-key")
    assert handler.next_provider() == "openai"
    assert handler.complete("hi").provider == "openai"
    assert world.keys[-1] == "another-key"


@given(api_keys, api_keys)
def test_a_rejected_key_is_not_used_again_until_it_is_replaced(key: str, other: str) -> None:
    """A rejected key keeps its provider configured but unused, however long, until the environment changes."""
    env = {"OPENAI_API_KEY": key}
    world = World({"openai": [failing(FailureKind.AUTH)]})
    handler = world.handler(keys=["gemini"], env=env)
    assert handler.complete("hi").provider == "gemini"
    world.now += 10**6
    assert handler.complete("hi").provider == "gemini"
    assert handler.configured_providers == ("openai", "gemini")
    env["OPENAI_API_KEY"] = other
    assert handler.complete("hi").provider == ("gemini" if other == key else "openai")


@given(api_keys)
def test_a_rejected_key_set_again_gets_another_chance(key: str) -> None:
    """Setting a key, even the same one, means it is worth another try."""
    world = World({"openai": [failing(FailureKind.AUTH)]})
    handler = world.handler(["openai"], keys=())
    handler.set_api_key("openai", key)
    with pytest.raises(AllProvidersFailedError):
        handler.complete("hi")
    handler.set_api_key("openai", key)
    assert handler.complete("hi").provider == "openai"
    assert world.keys == [key, key]


def test_a_rejected_key_gives_no_time_to_retry_after() -> None:
    world = World({"openai": [failing(FailureKind.RATE_LIMITED, 90)], "gemini": [failing(FailureKind.AUTH)]})
    handler = world.handler(["openai", "gemini"])
    with pytest.raises(AllProvidersFailedError) as caught:
        handler.complete("hi")
    assert caught.value.retry_after == 90
    handler.remove_api_key("openai")
    with pytest.raises(AllProvidersFailedError) as again:
        handler.complete("hi")
    assert again.value.retry_after is None


@given(eighths, st.integers(0, 80))
def test_a_provider_whose_rest_ended_meanwhile_may_be_asked_at_once(rest: float, others_took: int) -> None:
    """retry_after counts from the moment the error is raised, and is 0 when somebody is ready again by then."""
    full = failing(FailureKind.RATE_LIMITED, rest)
    world = World(
        {"openai": [full], "gemini": [failing(FailureKind.QUOTA_EXHAUSTED)]}, call_takes=others_took / 8
    )
    with pytest.raises(AllProvidersFailedError) as caught:
        world.handler(["openai", "gemini"]).complete("hi")
    assert caught.value.retry_after == max(0.0, rest - others_took / 8)


def test_an_unknown_model_costs_its_provider_no_rest() -> None:
    world = World({"openai": [failing(FailureKind.MODEL_NOT_FOUND)]})
    handler = world.handler()
    assert handler.complete("hi", "gpt-99").provider == "anthropic"
    assert handler.complete("hi").provider == "openai"


@pytest.mark.parametrize(
    ("model", "asked"),
    [
        ("gpt-4", ["openai", "anthropic"]),  # 8k, then 1000k
        ("claude-sonnet-5", ["anthropic", "gemini"]),  # 1000k; 400k and 1000k are no larger, 1049k is
        ("gpt-5.4", ["openai"]),  # 1050k: nobody reads more
        ("gpt-5.5-cyber", ["openai"]),  # unknown: nobody is known to read more
    ],
)
def test_a_request_too_long_goes_only_to_a_larger_window(model: str, asked: list[str]) -> None:
    too_long = failing(FailureKind.CONTEXT_LENGTH, message="too long")
    world = World({asked[0]: [too_long]})
    handler = world.handler()
    if len(asked) == 1:
        message = refusal(RequestRejectedError, lambda: handler.complete("hi", model))
        assert message == f"{asked[0]}/{model} refused the request (context_length): too long"
    else:
        assert handler.complete("hi", model).provider == asked[-1]
    assert world.asked == asked
    assert handler.next_provider() == "openai"


# -- cooldowns of a key and a model --------------------------------------------------------------------------

routes = st.tuples(providers, st.sampled_from(["big", "small"]))
secrets = st.sampled_from([Secret("a" * 19), Secret("b" * 20)])
places = st.tuples(routes, st.one_of(secrets, st.none()))


class CooldownMachine(RuleBasedStateMachine):
    """Whatever starts, ends and is cleared, who rests and for how long is what a plain dict says."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 100.0
        self.cooldowns = Cooldowns(lambda: self.now)
        self.until: dict[tuple[tuple[str, str], Secret | None], float] = {}

    @rule(seconds=eighths)
    def time_passes(self, seconds: float) -> None:
        self.now += seconds

    @rule(place=places, seconds=eighths)
    def start(self, place: tuple[tuple[str, str], Secret | None], seconds: float) -> None:
        self.cooldowns.start(*place, seconds)
        self.until[place] = max(self.until.get(place, 0), self.now + seconds)

    @rule(provider=st.one_of(st.none(), providers))
    def clear(self, provider: str | None) -> None:
        self.cooldowns.clear(provider)
        self.until = {p: end for p, end in self.until.items() if provider is not None and p[0][0] != provider}

    @rule(place=st.tuples(routes, secrets))
    def left(self, place: Any) -> None:
        route, key = place
        ends = [self.until.get((route, whose), 0) for whose in (key, None)]
        assert self.cooldowns.left(route, key) == max(0.0, *(end - self.now for end in ends))

    @invariant()
    def running_lists_exactly_what_is_not_over(self) -> None:
        running = self.cooldowns.running()
        shown = {Secret("a" * 19): "***", Secret("b" * 20): "***bbbb", None: None}
        expected = [
            Cooldown(*route, shown[key], end - self.now)
            for (route, key), end in self.until.items()
            if end > self.now
        ]
        assert sorted(map(repr, running)) == sorted(map(repr, expected))
        assert [rest.seconds for rest in running] == sorted(rest.seconds for rest in running)


def test_rests_that_are_long_over_leave_no_time_below_zero() -> None:
    now = [0.0]
    cooldowns = Cooldowns(lambda: now[0])
    key = Secret("a-key")
    for whose in (key, None):
        cooldowns.start(("openai", "big"), whose, 1.0)
    now[0] = 5.0
    assert cooldowns.left(("openai", "big"), key) == 0.0


TestCooldowns = CooldownMachine.TestCase
TestCooldowns.settings = machine


@given(some_eighths)
def test_a_full_key_rests_for_one_model_and_leaves_the_others_alone(rest: float) -> None:
    """A rate limit holds for that key and that model: another key or model of the provider is asked at once."""
    world = World({"openai": [failing(FailureKind.RATE_LIMITED, rest)]})
    handler = world.handler(["openai", "gemini"], keys=["gemini"])
    handler.set_api_key("openai", "first-key-0123456789-wxyz")
    handler.add_api_key("openai", "second-key")
    handler.complete("hi", "gpt-4o")
    handler.complete("hi", "gpt-4o")
    handler.complete("hi", "gpt-4")
    assert world.keys == [
        "first-key-0123456789-wxyz",
        "second-key",
        "second-key",
        "first-key-0123456789-wxyz",
    ]
    assert handler.cooldowns() == (Cooldown("openai", "gpt-4o", "***wxyz", rest),)
    assert handler.is_available("openai")
    world.now += rest
    handler.complete("hi", "gpt-4o")
    assert world.keys[-1] == "first-key-0123456789-wxyz"
    assert handler.cooldowns() == ()


def test_a_stumbling_model_rests_for_every_key() -> None:
    world = World({"openai": [failing(FailureKind.SERVER)]})
    handler = world.handler(["openai", "gemini"], 0)
    handler.add_api_key("openai", "second-key")
    assert handler.complete("hi").provider == "gemini"
    assert handler.cooldowns() == (Cooldown("openai", "gpt-5-mini", None, 5.0),)
    assert not handler.is_available("openai")
    assert handler.complete("hi", "gpt-4o").provider == "openai"


def test_reset_forgets_rests_and_rejections_but_no_limit_and_no_cost() -> None:
    world = World({"openai": [failing(FailureKind.AUTH)], "gemini": [failing(FailureKind.QUOTA_EXHAUSTED)]})
    handler = world.handler(["openai", "gemini", "deepseek"], rate_limit=9, budget=1)
    handler.complete("hi")
    before = (handler.usage(), handler.remaining_requests, handler.budget_left)
    assert [handler.is_available(p) for p in ("openai", "gemini", "deepseek", "anthropic")] == [
        False,
        False,
        True,
        True,
    ]
    handler.reset()
    assert [handler.is_available(p) for p in ("openai", "gemini", "deepseek")] == [True, True, True]
    assert handler.cooldowns() == ()
    assert (handler.usage(), handler.remaining_requests, handler.budget_left) == before
    assert handler.complete("hi").provider == "openai"


def test_a_provider_without_key_is_not_available() -> None:
    handler = World().handler(keys=["openai"])
    assert [handler.is_available(p) for p in VALID_PROVIDERS] == [True, False, False, False]
    with pytest.raises(ValueError, match="unknown provider"):
        handler.is_available("nobody")


@given(st.booleans())
def test_a_withheld_answer_is_sought_elsewhere_only_when_asked_to(asked_to: bool) -> None:
    """content_filter_fallback decides whether a filter ends the request or the next provider is asked."""
    world = World({"openai": [failing(FailureKind.CONTENT_FILTER)]})
    handler = world.handler(content_filter_fallback=asked_to)
    if asked_to:
        assert handler.complete("hi").provider == "anthropic"
    else:
        with pytest.raises(RequestRejectedError):
            handler.complete("hi")
    assert handler.cooldowns() == ()


# -- observers -----------------------------------------------------------------------------------------------


@few
@given(scripts, priorities)
def test_an_observer_hears_every_attempt_as_it_is_told_later(script: Any, priority: list[str]) -> None:
    """on_attempt gets each attempt once, in order, and the log a line with provider, model, outcome and time."""
    heard: list[Attempt] = []
    world = World(script, call_takes=0.25)
    handler = world.handler(priority, on_attempt=heard.append)
    with capture() as lines:
        try:
            told = handler.complete("a prompt nobody may read").attempts
        except (AllProvidersFailedError, RequestRejectedError) as error:
            told = error.attempts
    assert tuple(heard) == told
    assert lines == [f"{a.provider} {a.model} {a.failure or 'ok'} 0.250 s" for a in told]


def test_a_faulty_observer_costs_no_answer() -> None:
    def fail(_: Attempt) -> None:
        raise KeyError("secret")

    handler = World().handler(on_attempt=fail)
    with capture() as lines:
        assert handler.complete("hi").text == "hello"
    assert lines == ["openai gpt-5-mini ok 0.000 s", "on_attempt failed: KeyError"]
