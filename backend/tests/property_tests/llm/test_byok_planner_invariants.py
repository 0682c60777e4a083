"""Laws of the planner: every failure in every situation has one sane decision."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.llm.failures import (
    LONGEST_RETRY_AFTER,
    Failure,
    FailureKind,
)
from core.llm.planner import Action, Situation, Step, decide, reads_more
from tests.property_tests.llm.llm_strategies import TRANSIENT, kinds

situations = st.builds(
    Situation,
    retries=st.integers(0, 2000),
    max_retries=st.integers(0, 2000),
    waited=st.floats(0, 60),
    keys_ready=st.booleans(),
    others_ready=st.booleans(),
    jitter=st.floats(0, 1),
    filter_falls_back=st.booleans(),
)
retry_afters = st.one_of(st.none(), st.floats(0, LONGEST_RETRY_AFTER))


def a_situation(**changes: Any) -> Situation:
    usual: dict[str, Any] = {
        "retries": 0,
        "max_retries": 3,
        "waited": 0.0,
        "keys_ready": False,
        "others_ready": False,
        "jitter": 1.0,
    }
    return Situation(**(usual | changes))


@given(kinds, retry_afters, situations)
def test_decide_answers_every_case_within_bounds(
    kind: FailureKind, retry_after: float | None, situation: Situation
) -> None:
    """Every failure in every situation has a decision that is finite, not negative, and says one thing."""
    step = decide(Failure(kind, "", None, retry_after), situation)
    assert step.action in Action
    assert 0 <= step.wait <= 60
    assert step.cooldown is None or 0 <= step.cooldown <= LONGEST_RETRY_AFTER
    if step.action is Action.RETRY:
        assert situation.retries < situation.max_retries
        assert situation.waited + step.wait <= 60
        assert (step.cooldown, step.every_key, step.retire_key) == (None, False, False)
    else:
        assert step.wait == 0


@given(retry_afters, situations)
def test_decide_settles_some_failures_whatever_the_situation(
    retry_after: float | None, situation: Situation
) -> None:
    """A rejected key, used-up credit, an unknown model, a request too long or wrong are answered in one way only."""
    decided = {kind: decide(Failure(kind, "", None, retry_after), situation) for kind in FailureKind}
    assert decided[FailureKind.AUTH] == Step(Action.NEXT_KEY, 0.0, None, every_key=False, retire_key=True)
    assert decided[FailureKind.QUOTA_EXHAUSTED] == Step(Action.NEXT_KEY, 0.0, max(3600.0, retry_after or 0.0))
    assert decided[FailureKind.MODEL_NOT_FOUND] == Step(Action.NEXT, 0.0, None)
    assert decided[FailureKind.CONTEXT_LENGTH] == Step(Action.NEXT_LARGER, 0.0, None)
    assert decided[FailureKind.BAD_REQUEST] == Step(Action.RAISE, 0.0, None)
    elsewhere = Action.NEXT if situation.filter_falls_back else Action.RAISE
    assert decided[FailureKind.CONTENT_FILTER] == Step(elsewhere, 0.0, None)


def test_decide_falls_back_from_a_filter_only_when_asked_to() -> None:
    usual = Situation(0, 3, 0.0, keys_ready=True, others_ready=True, jitter=1.0)
    assert decide(Failure(FailureKind.CONTENT_FILTER, ""), usual) == Step(Action.RAISE)


@given(st.sampled_from(TRANSIENT), st.integers(0, 3), st.booleans(), st.booleans())
def test_decide_treats_stumbling_alike_whoever_else_is_ready(
    kind: FailureKind, retries: int, keys: bool, others: bool
) -> None:
    """A stumbling model is retried while retries are left, with or without an alternative, then rests for every key."""
    step = decide(Failure(kind, ""), a_situation(retries=retries, keys_ready=keys, others_ready=others))
    expected = [
        Step(Action.RETRY, 0.5),
        Step(Action.RETRY, 1.0),
        Step(Action.RETRY, 2.0),
        Step(Action.NEXT, 0.0, 5.0, every_key=True),
    ]
    assert step == expected[retries]


@pytest.mark.parametrize(
    ("retry_after", "changes", "expected"),
    [
        (None, {}, Step(Action.RETRY, 5.0)),
        (0.0, {}, Step(Action.RETRY, 0.0)),
        (60.0, {}, Step(Action.RETRY, 60.0)),
        (60.5, {}, Step(Action.NEXT_KEY, 0.0, 60.5)),
        (30.0, {"waited": 30.0}, Step(Action.RETRY, 30.0)),
        (30.0, {"waited": 30.5}, Step(Action.NEXT_KEY, 0.0, 30.0)),
        (30.0, {"others_ready": True}, Step(Action.NEXT_KEY, 0.0, 30.0)),
        (None, {"others_ready": True}, Step(Action.NEXT_KEY, 0.0, 5.0)),
        (30.0, {"keys_ready": True}, Step(Action.NEXT_KEY, 0.0, 30.0)),
        (None, {"keys_ready": True, "others_ready": True, "retries": 3}, Step(Action.NEXT_KEY, 0.0, 5.0)),
        (0.0, {"others_ready": True}, Step(Action.NEXT_KEY, 0.0, 0.0)),
        (1.0, {"retries": 2}, Step(Action.RETRY, 1.0)),
        (1.0, {"retries": 3}, Step(Action.NEXT_KEY, 0.0, 1.0)),
        (1.0, {"max_retries": 0}, Step(Action.NEXT_KEY, 0.0, 1.0)),
    ],
)
def test_decide_on_a_rate_limit(retry_after: float | None, changes: dict[str, Any], expected: Step) -> None:
    assert decide(Failure(FailureKind.RATE_LIMITED, "", 429, retry_after), a_situation(**changes)) == expected


@pytest.mark.parametrize(
    ("retry_after", "changes", "expected"),
    [
        (0.25, {}, Step(Action.RETRY, 0.5)),
        (0.25, {"jitter": 0.0}, Step(Action.RETRY, 0.25)),
        (7.0, {}, Step(Action.RETRY, 7.0)),
        (None, {"waited": 59.5}, Step(Action.RETRY, 0.5)),
        (None, {"waited": 59.75}, Step(Action.NEXT, 0.0, 5.0, every_key=True)),
        (61.0, {}, Step(Action.NEXT, 0.0, 61.0, every_key=True)),
        (None, {"retries": 9, "max_retries": 10}, Step(Action.RETRY, 8.0)),
        (2.0, {"retries": 3}, Step(Action.NEXT, 0.0, 2.0, every_key=True)),
    ],
)
def test_decide_on_an_overloaded_server(
    retry_after: float | None, changes: dict[str, Any], expected: Step
) -> None:
    assert decide(Failure(FailureKind.SERVER, "", 503, retry_after), a_situation(**changes)) == expected


windows = st.one_of(st.none(), st.integers(0, 3))


@given(windows, windows)
def test_reads_more_only_where_both_windows_are_known(window: int | None, than: int | None) -> None:
    """An unknown window is never taken for a larger or a smaller one."""
    known = window is not None and than is not None
    assert reads_more(window, than) == (known and int(window or 0) > int(than or 0))
