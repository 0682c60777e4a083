"""Every refusal names the value, where it stands, and what to do instead."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.workflow_analytics_engine import EmptyDataError, WorkflowAnalyticsEngine

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
NAIVE = datetime(2026, 3, 1, 12)  # noqa: DTZ001 - what it is about

Call = Callable[[Any], object]

# Every calculation over values, and what it calls them.
CALCULATIONS: dict[str, tuple[str, Callable[[Any, Any], object]]] = {
    "aggregate": ("values", lambda engine, values: engine.aggregate(values, "max")),
    "percentile": ("values", lambda engine, values: engine.percentile(values, 50)),
    "percentiles": ("values", lambda engine, values: engine.percentiles(values, [50])),
    "ps": ("ps", lambda engine, values: engine.percentiles([1, 2], values)),
    "median": ("values", lambda engine, values: engine.median(values)),
    "summary": ("values", lambda engine, values: engine.summary(values)),
    "times": ("times", lambda engine, values: engine.average_execution_time(values)),
    "timestamps": ("timestamps", lambda engine, values: engine.create_time_series(values)),
    "moving_average": ("values", lambda engine, values: engine.moving_average(values, 1)),
    "compute_trend": ("values", lambda engine, values: engine.compute_trend(values)),
    "histogram": ("values", lambda engine, values: engine.histogram(values, 2)),
    "exponential": ("values", lambda engine, values: engine.exponential_moving_average(values, 0.5)),
    "trend_detail": ("values", lambda engine, values: engine.trend_detail(values)),
    "outliers": ("values", lambda engine, values: engine.detect_outliers(values)),
    "durations": ("durations", lambda engine, values: engine.slo(values, 1, 0.5)),
    "current": ("current", lambda engine, values: engine.compare_periods(values, [1])),
    "previous": ("previous", lambda engine, values: engine.compare_periods([1], values)),
    "range": ("range", lambda engine, values: engine.histogram([1], 2, range=values)),
}

calculations = st.sampled_from(sorted(CALCULATIONS))
offenders = st.sampled_from([True, False, None, "1", b"1", 1j, [1], object])
not_finite = st.sampled_from(
    [math.nan, math.inf, -math.inf, Decimal("sNaN"), Decimal("1e400"), Fraction(10**400)]
)


def spoil(good: list[int], offender: object, *, pair: bool) -> list[object]:
    """Put *offender* after the good values, and good ones after it; a range has room for one of them."""
    return [*good, offender, *([] if good else [5])] if pair else [*good, offender, *good]


@given(calculations, st.lists(st.integers(0, 9), max_size=1), offenders)
def test_what_is_no_number_is_refused_with_its_index(name: str, before: list[int], offender: object) -> None:
    """The first item of a wrong type is named by its place, bool being no number."""
    argument, call = CALCULATIONS[name]
    with WorkflowAnalyticsEngine() as engine, pytest.raises(TypeError) as refused:
        call(engine, spoil(before, offender, pair=name == "range"))
    assert str(refused.value).startswith(f"{argument}[{len(before)}] is ")
    assert str(refused.value).endswith(
        f": expected int, float, Decimal or Fraction, not {type(offender).__name__}"
    )


@given(calculations, st.lists(st.integers(0, 9), max_size=1), not_finite)
def test_what_is_not_finite_is_refused_with_its_index(name: str, before: list[int], offender: float) -> None:
    """NaN, infinities and what no float can hold are named by their place."""
    argument, call = CALCULATIONS[name]
    with WorkflowAnalyticsEngine() as engine, pytest.raises(ValueError) as refused:
        call(engine, spoil(before, offender, pair=name == "range"))
    message = (
        f"{argument}[{len(before)}] is {offender!r}: only finite numbers count, so drop or replace it first"
    )
    assert str(refused.value) == message


@pytest.mark.parametrize("name", sorted(CALCULATIONS))
@pytest.mark.parametrize("values", ["12", b"12", bytearray(b"12"), {1: 2}, 12])
def test_what_is_no_list_is_refused(name: str, values: object) -> None:
    argument, call = CALCULATIONS[name]
    with WorkflowAnalyticsEngine() as engine, pytest.raises(TypeError) as refused:
        call(engine, values)
    assert str(refused.value) == (
        f"{argument} must be a list or another iterable of values, not {type(values).__name__}"
    )


class Size(IntEnum):
    LARGE = 3


@given(st.lists(st.decimals(-1000, 1000, places=2) | st.fractions(-1000, 1000), min_size=1, max_size=8))
def test_decimals_and_fractions_count_as_the_numbers_they_are(values: list[Decimal | Fraction]) -> None:
    """A Decimal or Fraction is its int when it has one, or else its nearest float; iterators are read once."""
    plain = [int(value) if value == int(value) else float(value) for value in values]
    with WorkflowAnalyticsEngine() as engine:
        for op in ("sum", "min", "max", "mean", "p20"):
            result, expected = engine.aggregate(iter(values), op), engine.aggregate(plain, op)
            assert result == expected
            assert type(result) is type(expected)


def test_special_ints_come_back_plain() -> None:
    with WorkflowAnalyticsEngine() as engine:
        assert type(engine.aggregate([Size.LARGE], "max")) is int
        assert engine.aggregate([Decimal(3), Decimal("0.5")], "sum") == 3.5
        assert type(engine.aggregate([Decimal(3)], "sum")) is int


REFUSALS: list[tuple[type[Exception], str, Call]] = [
    (TypeError, "op is 5: expected str, not int", lambda e: e.aggregate([1], 5)),
    (
        ValueError,
        ("op is 'mode': choose one of sum, count, avg, mean, min, max, median, stdev, variance, range, "
        "or a percentile such as p95 or p99.9"),
        lambda e: e.aggregate([1], "mode"),
    ),
    (ValueError, "op is 101: a percentile lies between 0 and 100", lambda e: e.aggregate([1], "p101")),
    (ValueError, "p is -1: a percentile lies between 0 and 100", lambda e: e.percentile([1], -1)),
    (ValueError, "p is 100.00000000000001: a percentile lies between 0 and 100",
     lambda e: e.percentile([1], 100.00000000000001)),
    (ValueError, "ps[1] is 101: a percentile lies between 0 and 100", lambda e: e.percentiles([1], [1, 101])),
    (TypeError, "p is True: expected int, float, Decimal or Fraction, not bool", lambda e: e.percentile([1], True)),
    (ValueError, "p is nan: only finite numbers count, so drop or replace it first",
     lambda e: e.percentile([1], math.nan)),
    (ValueError, "method is 'best': choose one of linear, lower, higher, nearest",
     lambda e: e.percentile([1], 5, method="best")),
    (TypeError, "method is None: expected str, not NoneType", lambda e: e.percentile([1], 5, method=None)),
    (EmptyDataError, "percentile of no values is undefined: pass at least one value, or default=",
     lambda e: e.percentile([], 5)),
    (EmptyDataError, "median of no values is undefined: pass at least one value, or default=", lambda e: e.median([])),
    (EmptyDataError, "summary of no values is undefined: pass at least one value, or default=", lambda e: e.summary([])),
    (EmptyDataError, "average execution time of no values is undefined: pass at least one value, or default=",
     lambda e: e.average_execution_time([])),
    (EmptyDataError, "success rate of no values is undefined: pass at least one value, or default=",
     lambda e: e.success_rate(0, 0)),
    (EmptyDataError, "percentiles of no values are undefined: pass at least one value",
     lambda e: e.percentiles([], [5])),
    (EmptyDataError, "histogram of no values has no edges: pass at least one value, or range=",
     lambda e: e.histogram([], 5)),
    (EmptyDataError, "error rate of no values is undefined: pass at least one value, or default=",
     lambda e: e.error_rate(0, 0)),
    (TypeError, "successes is 1.0: expected int, not float", lambda e: e.error_rate(1.0, 0)),
    (ValueError, "failures is -1: it must be at least 0", lambda e: e.error_rate(5, -1)),
    (ValueError, "successes is -1: it must be at least 0", lambda e: e.error_rate(-1, 5)),
    (ValueError, "count is -1: it must be at least 0", lambda e: e.throughput(-1, 5)),
    (ValueError, "seconds is 0: it must be longer than zero", lambda e: e.throughput(1, 0)),
    (TypeError, "seconds is '1': expected int, float, Decimal or Fraction, not str", lambda e: e.throughput(1, "1")),
    (EmptyDataError, "slo of no durations is undefined: pass at least one", lambda e: e.slo([], 1, 0.5)),
    (ValueError, "threshold is -1: a duration cannot be negative", lambda e: e.slo([1], -1, 0.5)),
    (ValueError, "durations[1] is -1: a duration cannot be negative", lambda e: e.slo([0, -1], 1, 0.5)),
    (ValueError, "target is 0: it must be above 0 and at most 1", lambda e: e.slo([1], 1, 0)),
    (ValueError, "target is 1.01: it must be above 0 and at most 1", lambda e: e.slo([1], 1, 1.01)),
    (TypeError, "target is True: expected int, float, Decimal or Fraction, not bool", lambda e: e.slo([1], 1, True)),
    (ValueError, "alpha is 0: it must be above 0 and at most 1", lambda e: e.exponential_moving_average([1], 0)),
    (ValueError, "alpha is 1.5: it must be above 0 and at most 1", lambda e: e.exponential_moving_average([1], 1.5)),
    (ValueError, "k is -0.5: it must be at least 0", lambda e: e.detect_outliers([1], -0.5)),
    (TypeError, "k is None: expected int, float, Decimal or Fraction, not NoneType",
     lambda e: e.detect_outliers([1], None)),
    (EmptyDataError, "current has no values, so it has no p95: pass at least one value",
     lambda e: e.compare_periods([], [1], "p95")),
    (EmptyDataError, "previous has no values, so it has no mean: pass at least one value",
     lambda e: e.compare_periods([1], [])),
    (TypeError, "op is 5: expected str, not int", lambda e: e.compare_periods([1], [1], 5)),
    (ValueError, "every is 'year': choose one of minute, hour, day, week, month", lambda e: e.bucketize([], "year")),
    (TypeError, "every is 5: expected str, not int", lambda e: e.timeline(every=5)),
    (ValueError, ("op is 'mode': choose one of sum, count, avg, mean, min, max, median, stdev, variance, range, "
     "or a percentile such as p95 or p99.9"), lambda e: e.bucketize([], "day", "mode")),
    (ValueError, "tz is 'Mars/Base': no such zone; use an IANA name such as Europe/Paris",
     lambda e: e.bucketize([], "day", tz="Mars/Base")),
    (TypeError, "fill is '0': expected int, float, Decimal or Fraction, not str",
     lambda e: e.bucketize([], "day", "avg", fill="0")),
    (TypeError, "points must be a list or another iterable of values, not dict", lambda e: e.bucketize({}, "day")),
    (TypeError, "points[1] is [2, 3]: expected a pair, (at, value)", lambda e: e.bucketize([(1, 2), [2, 3]], "day")),
    (TypeError, "points[0] is (1, 2, 3): expected a pair, (at, value)", lambda e: e.bucketize([(1, 2, 3)], "day")),
    (ValueError, "points[1][0] is 1e+18: it must lie in the years 2 to 9998",
     lambda e: e.bucketize([(1, 2), (1e18, 2)], "day")),
    (TypeError, "points[0][1] is None: expected int, float, Decimal or Fraction, not NoneType",
     lambda e: e.bucketize([(1, None)], "day")),
    (TypeError, "successes is 1.0: expected int, not float", lambda e: e.success_rate(1.0, 0)),
    (TypeError, "failures is True: expected int, not bool", lambda e: e.success_rate(0, True)),
    (ValueError, "successes is -1: it must be at least 0", lambda e: e.success_rate(-1, 5)),
    (ValueError, "failures is -1: it must be at least 0", lambda e: e.success_rate(5, -1)),
    (ValueError, "window is 0: it must be at least 1", lambda e: e.moving_average([1], 0)),
    (TypeError, "window is 2.0: expected int, not float", lambda e: e.moving_average([1], 2.0)),
    (ValueError, "num_buckets is 0: it must be at least 1", lambda e: e.histogram([1], 0)),
    (TypeError, "num_buckets is '3': expected int, not str", lambda e: e.histogram([1], "3")),
    (ValueError, "range has 3 items: expected two, (low, high)", lambda e: e.histogram([1], 1, range=(1, 2, 3))),
    (ValueError, "range is (2, 2): low must be below high", lambda e: e.histogram([1], 1, range=(2, 2))),
    (ValueError, ("cannot merge 2 buckets over [0.0, 4.0] with 3 buckets over [0.0, 4.0]: "
     "build both with the same num_buckets and range="),
     lambda e: e.histogram([0, 4], 2).merge(e.histogram([0, 4], 3))),
    (ValueError, ("cannot merge 2 buckets over [0.0, 4.0] with 2 buckets over [1.0, 4.0]: "
     "build both with the same num_buckets and range="),
     lambda e: e.histogram([0, 4], 2).merge(e.histogram([1, 4], 2))),
    (ValueError, ("cannot merge 2 buckets over [0.0, 4.0] with 2 buckets over [0.0, 5.0]: "
     "build both with the same num_buckets and range="),
     lambda e: e.histogram([0, 4], 2).merge(e.histogram([0, 5], 2))),
    (TypeError, "other is {0: 1}: expected Histogram, not dict", lambda e: e.histogram([1], 1).merge({0: 1})),
    (ValueError, ("timestamps[1] is 2026-03-01T12:00:00, which has no zone: "
     "attach one, for example tzinfo=datetime.UTC"),
     lambda e: e.create_time_series([NOON, NAIVE])),
    (TypeError, "timestamps[1] is 5: datetimes and numbers do not mix, so convert one kind",
     lambda e: e.create_time_series([NOON, 5, NOON])),
    (TypeError, f"timestamps[2] is {NOON!r}: datetimes and numbers do not mix, so convert one kind",
     lambda e: e.create_time_series([4, 5, NOON])),
    (TypeError, "execution_id is 5: expected str, not int", lambda e: e.start_execution("w", 5)),
    (ValueError, "workflow_id is ' ': it must not be blank", lambda e: e.start_execution(" ", "x")),
    (ValueError, "execution_id is '': it must not be blank", lambda e: e.finish_execution("", "failed")),
    (ValueError, r"execution_id is '\ud800': it holds a lone surrogate, which cannot be stored",
     lambda e: e.start_execution("w", "\ud800")),
    (TypeError, "user_id is 5: expected str, not int", lambda e: e.start_execution("w", "x", user_id=5)),
    (TypeError, "at is 'now': expected int, float, Decimal or Fraction, not str",
     lambda e: e.start_execution("w", "x", at="now")),
    (ValueError, "at is 1e+18: it must lie in the years 2 to 9998", lambda e: e.start_execution("w", "x", at=1e18)),
    (ValueError, "at is 2026-03-01T12:00:00, which has no zone: attach one, for example tzinfo=datetime.UTC",
     lambda e: e.finish_execution("x", "failed", at=NAIVE)),
    (TypeError, "at is True: expected int, float, Decimal or Fraction, not bool",
     lambda e: e.record_metric("m", 1, at=True)),
    (TypeError, "tags is ['a']: expected a mapping, not list", lambda e: e.start_execution("w", "x", tags=["a"])),
    (TypeError, "tags has 'a': 5, but its keys and values must be str",
     lambda e: e.start_execution("w", "x", tags={"b": "c", "a": 5})),
    (TypeError, "tags has 5: 'a', but its keys and values must be str", lambda e: e.record_metric("m", 1, tags={5: "a"})),
    (TypeError, "status is None: expected str, not NoneType", lambda e: e.finish_execution("x", None)),
    (ValueError, "status is 'running': choose one of succeeded, failed, cancelled",
     lambda e: e.finish_execution("x", "running")),
    (TypeError, "error is 5: expected str or None, not int", lambda e: e.finish_execution("x", "failed", error=5)),
    (TypeError, "name is None: expected str, not NoneType", lambda e: e.record_metric(None, 1)),
    (TypeError, "value is '1': expected int, float, Decimal or Fraction, not str", lambda e: e.record_metric("m", "1")),
    (TypeError, "workflow_id is 5: expected str, not int", lambda e: e.record_metric("m", 1, workflow_id=5)),
    (ValueError, "metric_id is '': it must not be blank", lambda e: e.record_metric("m", 1, metric_id="")),
    (TypeError, "execution_id is 5: expected str, not int", lambda e: e.record_step(5, "n", 1)),
    (ValueError, "name is '': it must not be blank", lambda e: e.record_step("x", "", 1)),
    (ValueError, "duration is -1: a duration cannot be negative", lambda e: e.record_step("x", "n", -1)),
    (TypeError, "duration is '1': expected int, float, Decimal or Fraction, not str",
     lambda e: e.record_step("x", "n", "1")),
    (ValueError, "status is 'running': choose one of succeeded, failed, cancelled",
     lambda e: e.record_step("x", "n", 1, "running")),
    (TypeError, "at is 'now': expected int, float, Decimal or Fraction, not str",
     lambda e: e.record_step("x", "n", 1, at="now")),
    (TypeError, "error is 5: expected str or None, not int", lambda e: e.record_step("x", "n", 1, error=5)),
    (TypeError, "step_id is 5: expected str, not int", lambda e: e.record_step("x", "n", 1, step_id=5)),
    (TypeError, "records must be a list or another iterable of values, not str", lambda e: e.ingest("x")),
    (TypeError, "workflow_id is 5: expected str, not int", lambda e: e.performance(5)),
    (TypeError, "workflow_id is 5: expected str, not int", lambda e: e.timeline(5)),
    (TypeError, "workflow_id is 5: expected str, not int", lambda e: e.error_breakdown(5)),
    (ValueError, "limit is 0: it must be at least 1", lambda e: e.error_breakdown(limit=0)),
    (TypeError, "workflow_id is 5: expected str, not int", lambda e: e.last_execution(5)),
    (TypeError, "execution_id is 5: expected str, not int", lambda e: e.steps(5)),
    (ValueError, "window is 'day': write a length such as 30s, 15m, 24h, 7d or 4w", lambda e: e.overview("day")),
    (ValueError, "window is 'day': write a length such as 30s, 15m, 24h, 7d or 4w",
     lambda e: e.error_breakdown(window="day")),
    (TypeError, "workflow_id is 5: expected str, not int", lambda e: e.executions(5)),
    (TypeError, "workflow_id is 5: expected str, not int", lambda e: e.metrics("m", 5)),
    (TypeError, "name is 5: expected str, not int", lambda e: e.metrics(5)),
    (ValueError, "status is 'done': choose one of running, succeeded, failed, cancelled",
     lambda e: e.executions(status="done")),
    (ValueError, "limit is 0: it must be at least 1", lambda e: e.executions(limit=0)),
    (ValueError, "offset is -1: it must be at least 0", lambda e: e.executions(offset=-1)),
    (ValueError, "window is 'day': write a length such as 30s, 15m, 24h, 7d or 4w", lambda e: e.performance(window="day")),
    (ValueError, "window is '0h': write a length such as 30s, 15m, 24h, 7d or 4w", lambda e: e.performance(window="0h")),
    (
        TypeError,
        "window[1] is 'x': expected int, float, Decimal or Fraction, not str",
        lambda e: e.performance(window=(NOON, "x")),
    ),
    (
        ValueError,
        "window[0] is 1e+18: it must lie in the years 2 to 9998",
        lambda e: e.performance(window=(1e18, NOON)),
    ),
    (TypeError, "status is 5: expected str, not int", lambda e: e.executions(status=5)),
    (TypeError, "window is 24: expected str, timedelta, (since, until) or None", lambda e: e.metrics("m", window=24)),
    (ValueError, "window is 0:00:00: it must be longer than zero", lambda e: e.executions(window=timedelta(0))),
    (ValueError, "window has 1 items: expected two, (since, until)", lambda e: e.performance(window=(NOON,))),
    (ValueError, "window[1] is 2026-03-01T12:00:00, which has no zone: attach one, for example tzinfo=datetime.UTC",
     lambda e: e.performance(window=(NOON, NAIVE))),
    (ValueError, "window ends at 2026-03-01 12:00:00+00:00, not after its start 2026-03-01 12:00:00+00:00",
     lambda e: e.performance(window=(NOON, NOON))),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "message", "call"), REFUSALS, ids=[message[:60] for _, message, _ in REFUSALS]
)
def test_refusals_name_the_value_and_the_fix(kind: type[Exception], message: str, call: Call) -> None:
    with WorkflowAnalyticsEngine() as engine, pytest.raises(kind) as refused:
        call(engine)
    assert str(refused.value) == message
    assert type(refused.value) is kind


OPENINGS: list[tuple[type[Exception], str, Mapping[str, Any]]] = [
    (TypeError, "db_path is 5: expected str or a path, not int", {"db_path": 5}),
    (ValueError, 'db_path is empty: give a file, or ":memory:" to keep nothing', {"db_path": ""}),
    (TypeError, "clock is 5: expected a function that returns seconds since 1970", {"clock": 5}),
    (TypeError, "tz is 5: expected a zone name or a tzinfo, not int", {"tz": 5}),
    (
        ValueError,
        "tz is 'Mars/Base': no such zone; use an IANA name such as Europe/Paris",
        {"tz": "Mars/Base"},
    ),
    (ValueError, "tz is '../UTC': no such zone; use an IANA name such as Europe/Paris", {"tz": "../UTC"}),
]


@pytest.mark.parametrize(
    ("kind", "message", "arguments"), OPENINGS, ids=[message[:40] for _, message, _ in OPENINGS]
)
def test_an_engine_refuses_what_it_cannot_be_built_on(
    kind: type[Exception], message: str, arguments: Mapping[str, Any]
) -> None:
    with pytest.raises(kind, match=f"^{re.escape(message)}$"):
        WorkflowAnalyticsEngine(**arguments)


@pytest.mark.parametrize("name", ["America", "Europe"])
def test_a_folder_of_zones_is_no_zone(name: str) -> None:
    with pytest.raises(ValueError, match=f"^tz is '{name}': no such zone"):
        WorkflowAnalyticsEngine(tz=name)


@pytest.mark.parametrize("clock", [lambda: math.nan, lambda: "now", lambda: None])
def test_a_clock_that_does_not_tell_the_time_is_named(clock: Callable[[], Any]) -> None:
    with (
        WorkflowAnalyticsEngine(clock=clock) as engine,
        pytest.raises((TypeError, ValueError), match=r"^clock\(\) is "),
    ):
        engine.start_execution("w", "x")
