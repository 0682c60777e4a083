"""Laws of fallback: who is asked, in which order, how often, and after which pause."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.llm.completion import Attempt
from core.llm.errors import (
    AllProvidersFailedError,
    NoProviderError,
    RequestRejectedError,
)
from core.llm.failures import FailureKind
from tests.property_tests.llm.llm_strategies import (
    DEFAULT_MODELS,
    REFUSED,
    SETTLED,
    TRANSIENT,
    World,
    eighths,
    failing,
    own_families,
    priorities,
    provider_sets,
    providers,
    refusal,
)

SERVER_DOWN = failing(FailureKind.SERVER)


@given(priorities, provider_sets, provider_sets)
def test_next_provider_is_the_most_preferred_that_has_a_key_and_did_not_fail(
    priority: list[str], with_key: set[str], failed: set[str]
) -> None:
    """next_provider walks the priority, skips those without a key or failed, and says so when none is left."""
    handler = World().handler(priority, keys=with_key)
    left = [p for p in priority if p in with_key - failed]
    if left:
        assert handler.next_provider(failed) == left[0]
    else:
        assert refusal(NoProviderError, lambda: handler.next_provider(failed)) == (
            f"no provider is left of {', '.join(priority)}: wait for one to cool down, or set a key"
        )


@given(priorities, provider_sets, provider_sets)
def test_next_provider_chooses_from_the_available_when_told(
    priority: list[str], available: set[str], failed: set[str]
) -> None:
    """With `available` given, keys do not matter: the choice is its part of the priority that did not fail."""
    handler = World().handler(priority, keys=())
    left = [p for p in priority if p in available - failed]
    if left:
        assert handler.next_provider(tuple(failed), list(available)) == left[0]
    else:
        with pytest.raises(NoProviderError):
            handler.next_provider(tuple(failed), list(available))


def test_next_provider_refuses_a_name_in_place_of_a_list() -> None:
    handler: Any = World().handler()
    for argument in ("failed", "available"):
        message = refusal(TypeError, handler.next_provider, **{argument: "openai"})
        assert message == f"{argument} must be a list of provider names, not 'openai'"


@given(priorities, st.sets(providers, min_size=1), st.one_of(st.none(), own_families))
def test_fallback_chain_is_the_native_route_then_everyone_elses_default(
    priority: list[str], with_key: set[str], family: tuple[str, str] | None
) -> None:
    """The chain holds each configured provider once: the native one first, with the model asked for."""
    handler = World().handler(priority, keys=with_key)
    configured = [p for p in priority if p in with_key]
    if family is not None and family[0] not in priority:
        with pytest.raises(NoProviderError):
            handler.fallback_chain(family[1])
    elif not configured:
        message = refusal(NoProviderError, lambda: handler.fallback_chain(None))
        variables = {
            "openai": "OPENAI_API_KEY",
            "anthropic": "ANTHROPIC_API_KEY",
            "deepseek": "DEEPSEEK_API_KEY",
            "gemini": "GEMINI_API_KEY, GOOGLE_API_KEY",
        }
        listed = ", ".join(variables[p] for p in priority)
        assert message == f"no provider has a key: call set_api_key, or set one of {listed}"
    else:
        chain = handler.fallback_chain(family and f"{family[0]}/{family[1]}")
        native = [family] if family is not None and family[0] in configured else []
        others = [(p, DEFAULT_MODELS[p]) for p in configured if [p] != [n[0] for n in native]]
        assert list(chain) == native + others


def test_without_any_key_the_error_lists_every_variable_in_priority_order() -> None:
    handler = World().handler(["gemini", "openai", "deepseek", "anthropic"], keys=())
    expected = (
        "no provider has a key: call set_api_key, or set one of"
        " GEMINI_API_KEY, GOOGLE_API_KEY, OPENAI_API_KEY, DEEPSEEK_API_KEY, ANTHROPIC_API_KEY"
    )
    assert refusal(NoProviderError, handler.fallback_chain) == expected
    assert refusal(NoProviderError, handler.fallback_chain, "gpt-4o") == expected
    assert refusal(NoProviderError, handler.complete, "hi") == expected


@given(priorities, provider_sets, st.sampled_from(SETTLED))
def test_attempts_follow_the_priority_when_everyone_fails(
    priority: list[str], with_key: set[str], kind: FailureKind
) -> None:
    """With every provider failing for good, each configured one is asked once, in priority order."""
    world = World(otherwise=failing(kind, message="gone"))
    handler = world.handler(priority, keys=with_key)
    order = [p for p in priority if p in with_key]
    if not order:
        with pytest.raises(NoProviderError):
            handler.complete("hi")
        assert world.calls == []
        return
    with pytest.raises(AllProvidersFailedError) as caught:
        handler.complete("hi")
    assert world.asked == order
    assert caught.value.attempts == tuple(
        Attempt(p, DEFAULT_MODELS[p], 0.0, kind, 400, "gone") for p in order
    )
    assert caught.value.retry_after is None
    told = "; ".join(f"{p}/{DEFAULT_MODELS[p]} {kind}: gone" for p in order)
    assert str(caught.value) == f"every provider failed: {told}"
    assert world.slept == []


@given(st.lists(providers, min_size=2, unique=True), st.data())
def test_the_first_provider_that_answers_is_the_last_asked(priority: list[str], data: st.DataObject) -> None:
    """Nobody after the provider that answers is asked, and the answer names it."""
    winner = data.draw(st.integers(0, len(priority) - 1))
    world = World({provider: [failing(FailureKind.MODEL_NOT_FOUND)] for provider in priority[:winner]})
    answer = world.handler(priority).complete("hi")
    assert world.asked == priority[: winner + 1]
    assert (answer.provider, answer.model) == (priority[winner], DEFAULT_MODELS[priority[winner]])
    assert [attempt.failure for attempt in answer.attempts] == [FailureKind.MODEL_NOT_FOUND] * winner + [None]


@given(priorities, st.integers(0, 4), st.sampled_from(TRANSIENT))
def test_each_provider_is_called_once_and_max_retries_more(
    priority: list[str], max_retries: int, kind: FailureKind
) -> None:
    """A provider that keeps stumbling is called exactly 1 + max_retries times before the next one."""
    world = World(otherwise=failing(kind), jitter=0.0)
    with pytest.raises(AllProvidersFailedError) as caught:
        world.handler(priority, max_retries).complete("hi")
    assert world.asked == [p for p in priority for _ in range(1 + max_retries)]
    assert len(caught.value.attempts) == len(world.calls)
    assert caught.value.retry_after == 5.0
    assert str(caught.value).endswith("; try again in 5 s")


@given(st.integers(0, 10), st.sampled_from([0.0, 0.25, 0.5, 1.0]), st.sampled_from(TRANSIENT))
def test_backoff_doubles_from_half_a_second_to_eight(stumbles: int, jitter: float, kind: FailureKind) -> None:
    """Waits are the jitter's share of 0.5, 1, 2, 4, 8, 8, … seconds, one before each retry."""
    world = World({"openai": [failing(kind)] * stumbles}, jitter=jitter)
    answer = world.handler(max_retries=10).complete("hi")
    assert world.slept == [
        jitter * full for full in [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0, 8.0, 8.0, 8.0][:stumbles]
    ]
    assert (answer.provider, len(answer.attempts)) == ("openai", stumbles + 1)
    assert answer.elapsed == sum(world.slept)


def test_one_request_waits_sixty_seconds_at_most() -> None:
    world = World(otherwise=SERVER_DOWN)
    with pytest.raises(AllProvidersFailedError):
        world.handler(["openai", "gemini"], 50).complete("hi")
    assert sum(world.slept[:10]) == 55.5
    assert world.slept[10:] == [0.5, 1.0, 2.0]
    assert world.asked == ["openai"] * 11 + ["gemini"] * 4


def test_max_retries_is_three_unless_said_otherwise() -> None:
    world = World(otherwise=SERVER_DOWN)
    with pytest.raises(AllProvidersFailedError):
        world.handler(["openai"]).complete("hi")
    assert len(world.calls) == 4


@given(eighths)
def test_a_stumbling_provider_is_retried_no_sooner_than_it_asks(asked_for: float) -> None:
    """A server's own Retry-After lengthens the backoff; beyond what one call may wait, it is left instead."""
    world = World({"openai": [failing(FailureKind.SERVER, asked_for)]})
    answer = world.handler().complete("hi")
    if asked_for <= 60:
        assert (answer.provider, world.slept) == ("openai", [max(0.5, asked_for)])
    else:
        assert (answer.provider, world.slept) == ("anthropic", [])


@given(st.sampled_from(REFUSED), priorities, st.integers(0, 5))
def test_a_wrong_request_is_made_once(kind: FailureKind, priority: list[str], max_retries: int) -> None:
    """A request refused for what it asks is neither repeated nor sent to anyone else."""
    world = World(otherwise=failing(kind, message="bad field"))
    with pytest.raises(RequestRejectedError) as caught:
        world.handler(priority, max_retries).complete("hi")
    first = priority[0]
    assert world.asked == [first]
    assert caught.value.attempts == (Attempt(first, DEFAULT_MODELS[first], 0.0, kind, 400, "bad field"),)
    assert str(caught.value) == f"{first}/{DEFAULT_MODELS[first]} refused the request ({kind}): bad field"
