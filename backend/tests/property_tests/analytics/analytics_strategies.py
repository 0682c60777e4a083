"""What the suites of this folder share: a moment, an engine whose clock stands there, and what to draw."""

from __future__ import annotations

import math
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import strategies as st

from core.workflow_analytics_engine import WorkflowAnalyticsEngine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
TICK = timedelta(microseconds=1)
HOUR = timedelta(hours=1)

# The numbers at which careless arithmetic breaks: denormals, the largest floats, ints no float can hold.
EDGES = [
    0,
    -0.0,
    5e-324,
    1.7e308,
    -1.7e308,
    2**53,
    2**53 + 1,
    -(2**53) - 1,
    2.0**53,
    2**60 + 1,
    10**400,
    -(10**400),
]

edges: st.SearchStrategy[int | float] = st.sampled_from(EDGES)
floats = st.floats(allow_nan=False, allow_infinity=False)
numbers = st.integers() | floats | edges
lists = st.lists(numbers, min_size=1, max_size=20)

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)
tags = st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3)
outcomes = st.sampled_from(["succeeded", "failed", "cancelled"])
moments = st.datetimes(
    datetime(3, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    datetime(9997, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC)
    | st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)


def engine_at(
    moment: datetime = NOON, path: str | Path = ":memory:", **options: str
) -> WorkflowAnalyticsEngine:
    """Build an engine whose clock stands still."""
    return WorkflowAnalyticsEngine(path, clock=moment.timestamp, **options)


@contextmanager
def machine_in(zone: str) -> Iterator[None]:
    """Run a block on a machine whose own clock is in another zone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", zone)
        time.tzset()
        yield
    time.tzset()


def refusal(error: type[Exception], call: Callable[[], object]) -> str:
    """Return the message of the error that the call must raise, and of no subclass of it."""
    with pytest.raises(error) as caught:
        call()
    assert type(caught.value) is error
    return str(caught.value)


def exact(values: list[int | float]) -> list[Fraction]:
    return [Fraction(value) for value in values]


def assert_nearest(result: float, truth: Fraction) -> None:
    """No other float is nearer to *truth* than a float result, no other int than an int result."""
    error = abs(Fraction(result) - truth)
    if isinstance(result, int):
        assert error <= Fraction(1, 2)
        return
    for neighbour in (math.nextafter(result, -math.inf), math.nextafter(result, math.inf)):
        assert math.isinf(neighbour) or error <= abs(Fraction(neighbour) - truth)
