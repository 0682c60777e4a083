"""Failures: what went wrong with a call, read from a provider's status, headers and body."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LONGEST_RETRY_AFTER: Final = 7 * 24 * 3600.0
"""Seconds. Weekly quotas exist; anything longer is taken for a mistake and cut."""


class FailureKind(StrEnum):
    """Why a call failed; `planner` knows what follows from each."""

    RATE_LIMITED = "rate_limited"
    QUOTA_EXHAUSTED = "quota_exhausted"
    SERVER = "server"
    TIMEOUT = "timeout"
    CONNECTION = "connection"
    AUTH = "auth"
    MODEL_NOT_FOUND = "model_not_found"
    CONTEXT_LENGTH = "context_length"
    CONTENT_FILTER = "content_filter"
    BAD_REQUEST = "bad_request"


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed call. `retry_after`: seconds the provider asks to be left alone, None when it does not say."""

    kind: FailureKind
    message: str
    status: int | None = None
    retry_after: float | None = None


_KIND_OF_STATUS: Final = {
    401: FailureKind.AUTH,
    402: FailureKind.QUOTA_EXHAUSTED,
    403: FailureKind.AUTH,
    404: FailureKind.MODEL_NOT_FOUND,
    408: FailureKind.SERVER,
    409: FailureKind.SERVER,
    429: FailureKind.RATE_LIMITED,
}
_KIND_OF_CODE: Final = {
    "context_length_exceeded": FailureKind.CONTEXT_LENGTH,
    "content_filter": FailureKind.CONTENT_FILTER,
    "content_policy_violation": FailureKind.CONTENT_FILTER,
    "insufficient_quota": FailureKind.QUOTA_EXHAUSTED,
    "billing_hard_limit_reached": FailureKind.QUOTA_EXHAUSTED,
    "api_key_invalid": FailureKind.AUTH,
}
# What providers say in a plain 400 instead of sending a code, in lower case.
_KIND_OF_PHRASE: Final = {
    "prompt is too long": FailureKind.CONTEXT_LENGTH,
    "maximum context length": FailureKind.CONTEXT_LENGTH,
    "exceeds the maximum number of tokens": FailureKind.CONTEXT_LENGTH,
    "content exists risk": FailureKind.CONTENT_FILTER,
    "credit balance is too low": FailureKind.QUOTA_EXHAUSTED,
    "api key not valid": FailureKind.AUTH,
}
_STATUS_OF_TYPE: Final = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "insufficient_quota": 429,
}
"""Errors that come in a stream, after its status has been sent; all others are the server's own."""
_SPOKEN: Final = frozenset({400, 429})
"""Statuses so broad that the body has to say what is meant."""

_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_DURATION: Final = re.compile(r"(\d+(?:\.\d+)?)s", re.ASCII)


def from_response(status: int, headers: Mapping[str, str], body: object, *, now: float) -> Failure:
    """Return what an error response means. `body` is its JSON, or text; `now` is seconds since the epoch."""
    return _failure(status, body, parse_retry_after(headers, body, now=now))


def from_event(body: object) -> Failure:
    """Return what an error inside a stream means. `body` is the event's JSON."""
    statuses = [_STATUS_OF_TYPE[said] for said in _values(body, "type") if said in _STATUS_OF_TYPE]
    return _failure(statuses[0] if statuses else 500, body, _delay(body))


def _failure(status: int, body: object, retry_after: float | None) -> Failure:
    message = next(_values(body, "message"), body if isinstance(body, str) else "")
    return Failure(classify(status, body), message or f"HTTP status {status}", status, retry_after)


def classify(status: int, body: object) -> FailureKind:
    """Return the kind of failure an error response is."""
    if status in _SPOKEN:
        for key in ("code", "type", "reason"):
            for code in _values(body, key):
                if code.lower() in _KIND_OF_CODE:
                    return _KIND_OF_CODE[code.lower()]
    if status == 400:
        for said in _values(body, "message"):
            for phrase, kind in _KIND_OF_PHRASE.items():
                if phrase in said.lower():
                    return kind
    if status >= 500:
        return FailureKind.SERVER
    return _KIND_OF_STATUS.get(status, FailureKind.BAD_REQUEST)


def parse_retry_after(headers: Mapping[str, str], body: object, *, now: float) -> float | None:
    """Return the seconds a provider asks to be left alone, or None when it does not say so intelligibly.

    Looks at `retry-after-ms` and Azure's `x-ms-retry-after-ms`, then `retry-after` (seconds or an HTTP date),
    then Gemini's `retryDelay` in the body. Never negative, never above `LONGEST_RETRY_AFTER`.
    """
    lowered = {name.lower(): value.strip() for name, value in headers.items()}
    said = (
        _number(lowered.get("retry-after-ms"), per_second=1000),
        _number(lowered.get("x-ms-retry-after-ms"), per_second=1000),
        _number(lowered.get("retry-after"), per_second=1),
        _until(lowered.get("retry-after"), now),
        _delay(body),
    )
    found = next((seconds for seconds in said if seconds is not None), None)
    return None if found is None else min(max(found, 0.0), LONGEST_RETRY_AFTER)


def _number(value: str | None, *, per_second: int) -> float | None:
    if value is None or not _NUMBER.fullmatch(value):
        return None
    return float(value) / per_second


def _until(value: str | None, now: float) -> float | None:
    """Return the seconds from `now` to an HTTP date."""
    if value is None:
        return None
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:  # "-0000": the sender does not know its zone, and means UTC
        moment = moment.replace(tzinfo=UTC)
    return moment.timestamp() - now


def _delay(body: object) -> float | None:
    for value in _values(body, "retryDelay"):
        match = _DURATION.fullmatch(value)
        if match:
            return min(float(match[1]), LONGEST_RETRY_AFTER)
    return None


def _values(body: object, key: str) -> Iterator[str]:
    """Yield every non-empty string under `key`, outermost first: no two providers nest their errors alike."""
    level: list[Any] = [body]
    while level:
        tables = [node for node in level if isinstance(node, dict)]
        yield from (node[key] for node in tables if isinstance(node.get(key), str) and node[key])
        level = [inner for node in tables for inner in node.values()] + [
            inner for node in level if isinstance(node, list) for inner in node
        ]
