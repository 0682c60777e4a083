"""Laws of failure: what a provider's response means, how long to leave it alone, and what to do next."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.llm import replies
from core.llm.completion import Reply
from core.llm.cooldowns import Cooldowns
from core.llm.failures import (
    LONGEST_RETRY_AFTER,
    Failure,
    FailureKind,
    classify,
    from_response,
    parse_retry_after,
)
from core.llm.planner import Action, Situation, Step, decide, reads_more
from tests.property_tests.llm.llm_strategies import NOON, TRANSIENT, eighths, here, kinds

json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.one_of(
                st.text(), st.sampled_from(["error", "message", "code", "choices", "content", "retryDelay"])
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)
situations = st.builds(
    Situation,
    retries=st.integers(0, 2000),
    max_retries=st.integers(0, 2000),
    waited=st.floats(0, 60),
    others_ready=st.booleans(),
    jitter=st.floats(0, 1),
)
retry_afters = st.one_of(st.none(), st.floats(0, LONGEST_RETRY_AFTER))


def a_situation(**changes: Any) -> Situation:
    usual: dict[str, Any] = {
        "retries": 0,
        "max_retries": 3,
        "waited": 0.0,
        "others_ready": False,
        "jitter": 1.0,
    }
    return Situation(**(usual | changes))


# -- the planner ---------------------------------------------------------------------------------------------


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
        assert (step.cooldown, step.retire_key) == (None, False)
    else:
        assert step.wait == 0


@given(retry_afters, situations)
def test_decide_settles_some_failures_whatever_the_situation(
    retry_after: float | None, situation: Situation
) -> None:
    """A rejected key, an unknown model, a request too long or wrong are each answered in one way only."""
    decided = {kind: decide(Failure(kind, "", None, retry_after), situation) for kind in FailureKind}
    assert decided[FailureKind.AUTH] == Step(Action.NEXT, 0.0, None, retire_key=True)
    assert decided[FailureKind.MODEL_NOT_FOUND] == Step(Action.NEXT, 0.0, None, retire_key=False)
    assert decided[FailureKind.CONTEXT_LENGTH] == Step(Action.NEXT_LARGER, 0.0, None, retire_key=False)
    assert decided[FailureKind.CONTENT_FILTER] == Step(Action.RAISE, 0.0, None, retire_key=False)
    assert decided[FailureKind.BAD_REQUEST] == Step(Action.RAISE, 0.0, None, retire_key=False)
    assert decided[FailureKind.QUOTA_EXHAUSTED] == Step(Action.NEXT, 0.0, max(3600.0, retry_after or 0.0))


@given(st.sampled_from(TRANSIENT), st.integers(0, 3), st.booleans())
def test_decide_treats_stumbling_alike_whoever_else_is_ready(
    kind: FailureKind, retries: int, others: bool
) -> None:
    """A stumbling provider is retried while retries are left, with or without an alternative."""
    step = decide(Failure(kind, ""), a_situation(retries=retries, others_ready=others))
    expected = [
        Step(Action.RETRY, 0.5),
        Step(Action.RETRY, 1.0),
        Step(Action.RETRY, 2.0),
        Step(Action.NEXT, 0.0, 5.0),
    ]
    assert step == expected[retries]


@pytest.mark.parametrize(
    ("retry_after", "changes", "expected"),
    [
        (None, {}, Step(Action.RETRY, 5.0)),
        (0.0, {}, Step(Action.RETRY, 0.0)),
        (60.0, {}, Step(Action.RETRY, 60.0)),
        (60.5, {}, Step(Action.NEXT, 0.0, 60.5)),
        (30.0, {"waited": 30.0}, Step(Action.RETRY, 30.0)),
        (30.0, {"waited": 30.5}, Step(Action.NEXT, 0.0, 30.0)),
        (30.0, {"others_ready": True}, Step(Action.NEXT, 0.0, 30.0)),
        (None, {"others_ready": True}, Step(Action.NEXT, 0.0, 5.0)),
        (0.0, {"others_ready": True}, Step(Action.NEXT, 0.0, 0.0)),
        (1.0, {"retries": 2}, Step(Action.RETRY, 1.0)),
        (1.0, {"retries": 3}, Step(Action.NEXT, 0.0, 1.0)),
        (1.0, {"max_retries": 0}, Step(Action.NEXT, 0.0, 1.0)),
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
        (None, {"waited": 59.75}, Step(Action.NEXT, 0.0, 5.0)),
        (61.0, {}, Step(Action.NEXT, 0.0, 61.0)),
        (None, {"retries": 9, "max_retries": 10}, Step(Action.RETRY, 8.0)),
        (2.0, {"retries": 3}, Step(Action.NEXT, 0.0, 2.0)),
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


@given(eighths, eighths, eighths)
def test_a_cooldown_is_never_shortened_but_by_clearing_it(first: float, second: float, later: float) -> None:
    """Of two cooldowns of a provider the one that ends later counts; others are not touched."""
    now = [100.0]
    cooldowns = Cooldowns(lambda: now[0])
    cooldowns.start("openai", first)
    cooldowns.start("openai", second)
    now[0] += later
    assert cooldowns.left("openai") == max(0.0, first - later, second - later)
    assert cooldowns.left("gemini") == 0.0
    cooldowns.clear("gemini")
    cooldowns.clear("openai")
    assert cooldowns.left("openai") == 0.0


# -- Retry-After ---------------------------------------------------------------------------------------------


@given(st.dictionaries(st.sampled_from(["Retry-After", "retry-after-ms", "date"]), st.text()), json_values)
def test_retry_after_of_any_response_is_none_or_sane(headers: dict[str, str], body: object) -> None:
    """Whatever a server sends, the pause is unknown, or between none and a week."""
    seconds = parse_retry_after(headers, body, now=NOON)
    assert seconds is None or 0 <= seconds <= LONGEST_RETRY_AFTER


@given(st.integers(0, 604_800), st.sampled_from(["retry-after", "Retry-After", "RETRY-AFTER"]))
def test_retry_after_says_the_same_in_every_dialect(seconds: int, header: str) -> None:
    """Seconds, milliseconds, a date and Gemini's body all mean the same pause, in any case of the header."""
    date = datetime.fromtimestamp(NOON, UTC) + timedelta(seconds=seconds)
    body = [
        {"error": {"code": 429, "details": [{"@type": "x", "reason": "y"}, {"retryDelay": f"{seconds}s"}]}}
    ]
    for headers, said in (
        ({header: str(seconds)}, None),
        ({header: f" {seconds}.0 "}, None),
        ({f"{header}-Ms": str(seconds * 1000)}, None),
        ({header: format_datetime(date, usegmt=True)}, None),
        ({header: format_datetime(date.replace(tzinfo=None))}, None),
        ({}, body),
        ({header: "soon"}, body),
    ):
        assert parse_retry_after(headers, said, now=NOON) == seconds


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
def test_retry_after_dates_without_a_zone_are_utc_wherever_we_are(
    monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    with here(monkeypatch, zone):
        date = {"retry-after": "Sun, 22 Nov 2026 12:00:30 -0000"}
        assert parse_retry_after(date, None, now=NOON) == 30


@given(st.integers(1, 10**9))
def test_retry_after_dates_gone_by_mean_now_and_far_ones_a_week(seconds: int) -> None:
    """A date in the past asks for no pause, and nothing asks for more than a week."""
    date = datetime.fromtimestamp(NOON, UTC) - timedelta(seconds=seconds)
    assert parse_retry_after({"retry-after": format_datetime(date, usegmt=True)}, None, now=NOON) == 0
    assert parse_retry_after({"retry-after": str(604_800 + seconds)}, None, now=NOON) == 604_800


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({"retry-after-ms": "1500", "retry-after": "9"}, {"retryDelay": "7s"}, 1.5),
        ({"retry-after": "9"}, {"retryDelay": "7s"}, 9.0),
        ({"retry-after": "2.5"}, None, 2.5),
        ({"retry-after-ms": "-1", "retry-after": "3"}, None, 3.0),
        ({}, {"error": {"details": [{"retryDelay": "never"}, {"retryDelay": "34.07s"}]}}, 34.07),
        ({}, {"retryDelay": "34"}, None),
        ({}, {"retryDelay": 34}, None),
        ({"retry-after": "-3"}, None, None),
        ({"retry-after": "nan"}, None, None),
        ({"retry-after": "1e3"}, None, None),
        ({"retry-after": "٣"}, None, None),
        ({"retry-after": ""}, None, None),
        ({"retry-after": "Sun, 99 Nov 2026 12:00:00 GMT"}, None, None),
        ({"retry-after": "Sun, 22 Nov 2026 14:00:30 +0200"}, None, 30.0),
        ({"retry-after": "9" * 400}, None, 604_800.0),
        ({}, None, None),
        ({}, "Try again later", None),
    ],
)
def test_retry_after_prefers_the_most_precise_word(
    headers: dict[str, str], body: object, seconds: float | None
) -> None:
    assert parse_retry_after(headers, body, now=NOON) == seconds


# -- classification ------------------------------------------------------------------------------------------


@given(st.integers(300, 599), json_values)
def test_classify_knows_a_kind_for_every_response(status: int, body: object) -> None:
    """Any status with any body is a kind of failure; a server's own fault is never the request's."""
    kind = classify(status, body)
    assert kind in FailureKind
    assert (kind is FailureKind.SERVER) == (status >= 500 or status in {408, 409})


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (307, FailureKind.BAD_REQUEST),
        (400, FailureKind.BAD_REQUEST),
        (401, FailureKind.AUTH),
        (402, FailureKind.QUOTA_EXHAUSTED),
        (403, FailureKind.AUTH),
        (404, FailureKind.MODEL_NOT_FOUND),
        (408, FailureKind.SERVER),
        (409, FailureKind.SERVER),
        (413, FailureKind.BAD_REQUEST),
        (422, FailureKind.BAD_REQUEST),
        (429, FailureKind.RATE_LIMITED),
        (499, FailureKind.BAD_REQUEST),
        (500, FailureKind.SERVER),
        (502, FailureKind.SERVER),
        (503, FailureKind.SERVER),
        (504, FailureKind.SERVER),
        (529, FailureKind.SERVER),
    ],
)
def test_classify_by_status(status: int, kind: FailureKind) -> None:
    for body in (None, "", "<html>", {}, {"error": {"message": "no", "code": "other"}}):
        assert classify(status, body) is kind


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (429, {"error": {"code": "insufficient_quota", "message": "…"}}, FailureKind.QUOTA_EXHAUSTED),
        (429, {"error": {"type": "insufficient_quota", "code": None}}, FailureKind.QUOTA_EXHAUSTED),
        (
            429,
            [{"error": {"status": "RESOURCE_EXHAUSTED", "message": "current quota"}}],
            FailureKind.RATE_LIMITED,
        ),
        (429, {"message": "prompt is too long"}, FailureKind.RATE_LIMITED),
        (400, {"error": {"code": "context_length_exceeded"}}, FailureKind.CONTEXT_LENGTH),
        (400, {"code": "Context_Length_Exceeded"}, FailureKind.CONTEXT_LENGTH),
        (
            400,
            {
                "type": "error",
                "error": {"type": "invalid_request_error", "message": "Prompt is too long: 9 > 8"},
            },
            FailureKind.CONTEXT_LENGTH,
        ),
        (400, {"error": {"message": "This model's maximum context length is 9"}}, FailureKind.CONTEXT_LENGTH),
        (
            400,
            [
                {
                    "error": {
                        "message": "The input token count (9) exceeds the maximum number of tokens allowed (8)."
                    }
                }
            ],
            FailureKind.CONTEXT_LENGTH,
        ),
        (400, {"error": {"code": "content_filter"}}, FailureKind.CONTENT_FILTER),
        (400, {"error": {"code": "content_policy_violation"}}, FailureKind.CONTENT_FILTER),
        (400, {"error": {"message": "Content Exists Risk"}}, FailureKind.CONTENT_FILTER),
        (400, {"error": {"message": "Your credit balance is too low"}}, FailureKind.QUOTA_EXHAUSTED),
        (400, {"error": {"code": "billing_hard_limit_reached"}}, FailureKind.QUOTA_EXHAUSTED),
        (400, [{"error": {"details": [{"reason": "API_KEY_INVALID"}]}}], FailureKind.AUTH),
        (400, [{"error": {"message": "API key not valid. Please pass one."}}], FailureKind.AUTH),
        (404, {"error": {"code": "insufficient_quota"}}, FailureKind.MODEL_NOT_FOUND),
        (422, {"error": {"message": "prompt is too long"}}, FailureKind.BAD_REQUEST),
        (500, {"error": {"code": "context_length_exceeded"}}, FailureKind.SERVER),
    ],
)
def test_classify_by_what_the_body_says(status: int, body: object, kind: FailureKind) -> None:
    assert classify(status, body) is kind


@given(st.integers(300, 599), st.text(min_size=1), st.text(min_size=1))
def test_a_failure_quotes_the_outermost_message(status: int, outer: str, inner: str) -> None:
    """A failure's message is the body's outermost one, else the body if it is text, else the status."""
    nested = {"a": [{"message": inner}], "error": {"message": outer}}
    assert from_response(status, {}, nested, now=NOON).message == outer
    assert from_response(status, {}, outer, now=NOON).message == outer
    bodies: list[object] = [None, "", {}, [], {"message": ""}, {"message": 5}]
    for silent in bodies:
        assert from_response(status, {}, silent, now=NOON).message == f"HTTP status {status}"


def test_a_failure_holds_everything_the_response_says() -> None:
    body = {"error": {"message": "slow down", "code": "insufficient_quota"}}
    date = "Sun, 22 Nov 2026 12:00:07 GMT"
    assert from_response(429, {"Retry-After": date}, body, now=NOON) == Failure(
        FailureKind.QUOTA_EXHAUSTED, "slow down", 429, 7.0
    )


# -- replies -------------------------------------------------------------------------------------------------


@given(json_values)
def test_any_json_is_a_reply_or_a_failure(body: object) -> None:
    """An answer of no known shape is a failure of the server, never an exception."""
    for read in (replies.read_openai, replies.read_anthropic):
        outcome = read(body)
        assert isinstance(outcome, (Reply, Failure))
        if isinstance(outcome, Failure):
            assert outcome.kind in {FailureKind.SERVER, FailureKind.CONTENT_FILTER}


@given(st.text(), st.sampled_from(["stop", "length", "tool_calls", "new"]), st.integers(0), st.integers(0))
def test_an_openai_answer_is_read_whole(text: str, finish: str, used_in: int, used_out: int) -> None:
    """Text, finish and token counts of a chat completion arrive unchanged."""
    choice = {"message": {"content": text, "refusal": None}, "finish_reason": finish}
    usage = {"prompt_tokens": used_in, "completion_tokens": used_out}
    assert replies.read_openai({"choices": [choice, {}], "usage": usage}) == Reply(
        text, finish, used_in, used_out
    )
    assert replies.read_openai({"choices": [choice]}) == Reply(text, finish, None, None)


@given(st.lists(st.text(), min_size=1), st.integers(0), st.integers(0))
def test_an_anthropic_answer_is_read_whole(texts: list[str], used_in: int, used_out: int) -> None:
    """The text blocks of a message are joined, whatever stands between them, and its counts arrive unchanged."""
    blocks: list[dict[str, object]] = [{"type": "text", "text": text} for text in texts]
    blocks.insert(0, {"type": "thinking", "thinking": "hm"})
    usage = {"input_tokens": used_in, "output_tokens": used_out}
    body = {"content": blocks, "stop_reason": "end_turn", "usage": usage}
    assert replies.read_anthropic(body) == Reply("".join(texts), "stop", used_in, used_out)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("end_turn", "stop"),
        ("stop_sequence", "stop"),
        ("max_tokens", "length"),
        ("model_context_window_exceeded", "length"),
        ("tool_use", "tool_calls"),
        ("pause_turn", "pause_turn"),
        (None, "unknown"),
        (7, "unknown"),
    ],
)
def test_anthropics_reasons_to_stop_are_said_in_openais_words(said: object, reason: str) -> None:
    body = {"content": [{"type": "text", "text": "hi"}], "stop_reason": said}
    assert replies.read_anthropic(body) == Reply("hi", reason, None, None)


@pytest.mark.parametrize(
    ("read", "body", "failure"),
    [
        (replies.read_openai, "<html>", Failure(FailureKind.SERVER, "the answer holds no text")),
        (replies.read_openai, {"choices": []}, Failure(FailureKind.SERVER, "the answer holds no text")),
        (
            replies.read_openai,
            {"choices": [{"message": {"content": None}}]},
            Failure(FailureKind.SERVER, "the answer holds no text"),
        ),
        (
            replies.read_openai,
            {"choices": [{"message": {"content": None, "refusal": "I will not"}}]},
            Failure(FailureKind.CONTENT_FILTER, "I will not"),
        ),
        (
            replies.read_openai,
            {"choices": [{"message": {"content": "hal"}, "finish_reason": "content_filter"}]},
            Failure(FailureKind.CONTENT_FILTER, "the provider withheld its answer"),
        ),
        (replies.read_anthropic, {"content": []}, Failure(FailureKind.SERVER, "the answer holds no text")),
        (replies.read_anthropic, {"content": "hi"}, Failure(FailureKind.SERVER, "the answer holds no text")),
        (
            replies.read_anthropic,
            {"content": [], "stop_reason": "refusal"},
            Failure(FailureKind.CONTENT_FILTER, "the provider withheld its answer"),
        ),
    ],
)
def test_an_answer_without_text_is_a_failure(read: Any, body: object, failure: Failure) -> None:
    assert read(body) == failure


@given(st.one_of(st.booleans(), st.integers(max_value=-1), st.floats(), st.text(), st.none()))
def test_counts_that_make_no_sense_are_left_out(count: object) -> None:
    """A token count that is no whole number of at least zero is as good as none."""
    assume(not (isinstance(count, float) and math.isnan(count)))
    openai = {
        "choices": [{"message": {"content": "hi"}}],
        "usage": {"prompt_tokens": count, "completion_tokens": 1},
    }
    assert replies.read_openai(openai) == Reply("hi", "unknown", None, 1)
    anthropic = {"content": [{"text": "hi"}], "usage": {"input_tokens": 1, "output_tokens": count}}
    assert replies.read_anthropic(anthropic) == Reply("hi", "unknown", 1, None)
