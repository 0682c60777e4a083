"""Laws of failure: what a provider's response means, and how long it asks to be left alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.llm.failures import (
    LONGEST_RETRY_AFTER,
    Failure,
    FailureKind,
    classify,
    from_response,
    parse_retry_after,
)
from tests.property_tests.llm.llm_strategies import NOON, here, json_values


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
        ({f"X-MS-{header}-ms": str(seconds * 1000)}, None),
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
        ({"retry-after-ms": "1500", "x-ms-retry-after-ms": "2500"}, None, 1.5),
        ({"x-ms-retry-after-ms": "2500", "retry-after": "9"}, None, 2.5),
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
