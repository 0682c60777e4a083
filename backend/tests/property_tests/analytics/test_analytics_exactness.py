"""Where exactly the lines run: types, ties, thresholds and the nights on which clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.workflow_analytics_engine import Trend, WorkflowAnalyticsEngine

BIG = 2**53


class TestTypes:
    @pytest.mark.parametrize(
        ("values", "op", "expected"),
        [
            ([1, 3], "mean", 2.0),
            ([BIG - 1, BIG - 1], "mean", float(BIG - 1)),
            ([BIG, BIG], "mean", BIG),
            ([-BIG, -BIG], "mean", -BIG),
            ([-BIG + 1, -BIG + 1], "mean", float(-BIG + 1)),
            ([float(BIG), float(BIG)], "mean", float(BIG)),
            ([float(BIG), BIG], "mean", BIG),
            ([BIG + 1, BIG + 2], "median", BIG + 2),
            ([BIG + 1.0, BIG + 2], "median", BIG + 1),
            ([1, 2], "median", 1.5),
            ([1, 3], "median", 2.0),
            ([1, 2, 3], "median", 2),
            ([1.0, 2, 3], "sum", 6.0),
            ([1, 2.0**60], "sum", 2**60 + 1),
            ([1.5e308, 1.5e308], "sum", 2 * int(1.5e308)),
            ([-1.5e308, 1.5e308], "range", 2 * int(1.5e308)),
            ([0, 2**40], "variance", 2**78),
            ([0.0, 2.0**40], "variance", 2.0**78),
            ([0, 2**54], "stdev", BIG),
            ([0.0, 2.0**54], "stdev", 2.0**53),
            ([0, 2**54 + 1], "stdev", BIG),  # a tie, to the even int
            ([0, 2**54 + 3], "stdev", BIG + 2),
            ([0, 0, 0, 4], "variance", 3.0),
            ([1, 2, 3, 4], "range", 3),
            ([1, 2.5], "range", 1.5),
            ([5], "stdev", 0.0),
            ([2, 4, 4, 4, 5, 5, 7, 9], "stdev", 2.0),
            ([0, 1], "p99.9", 0.999),
        ],
    )
    def test_results_are_ints_where_floats_would_lie(
        self, values: list[int | float], op: str, expected: float
    ) -> None:
        with WorkflowAnalyticsEngine() as engine:
            result = engine.aggregate(values, op)
        assert result == expected
        assert type(result) is type(expected)

    def test_an_int_far_away_does_not_change_the_type_of_a_window(self) -> None:
        with WorkflowAnalyticsEngine() as engine:
            averages = engine.moving_average([1e17, 1e17, 1, 10**17, 10**17, 1e17, 1e17], 2)
        assert [type(average) for average in averages] == [float, int, int, int, int, float]


class TestRanks:
    @pytest.mark.parametrize(
        ("p", "expected"),
        [
            (0, 10),
            (12.5, 10),
            (12.6, 20),
            (37.5, 30),
            (37.4, 20),
            (50, 30),
            (62.5, 30),
            (62.6, 40),
            (87.5, 50),
        ],
    )
    def test_the_nearest_of_two_equally_near_is_at_the_even_place(self, p: float, expected: int) -> None:
        with WorkflowAnalyticsEngine() as engine:
            assert engine.percentile([50, 40, 30, 20, 10], p, method="nearest") == expected

    @given(st.integers(0, 1000), st.sampled_from([float, Decimal, Fraction, str]))
    def test_a_percentage_is_read_as_it_is_written(self, tenths: int, kind: type) -> None:
        """Of the numbers 0 to 1000, percentile 99.9 is 999 itself, in whatever type 99.9 is written."""
        p = Fraction(tenths, 10)
        with WorkflowAnalyticsEngine() as engine:
            if kind is str:
                result = engine.aggregate(range(1001), f"p{tenths // 10}.{tenths % 10}")
            else:
                result = engine.percentile(range(1001), p if kind is Fraction else kind(str(float(p))))
        assert result == tenths
        assert type(result) is int

    @pytest.mark.parametrize(
        "op", ["p", "p-1", "p1.", "p.5", "P50", " p50", "p50 ", "p5x", "p٣", "p1e1", "p1/2", "50", ""]
    )
    def test_an_operation_that_only_looks_like_a_percentile_is_unknown(self, op: str) -> None:
        with (
            WorkflowAnalyticsEngine() as engine,
            pytest.raises(ValueError, match=r"^op is .*: choose one of sum, "),
        ):
            engine.aggregate([1], op)


def shuffled_to(score: int, size: int) -> list[int]:
    """Return 0 to size - 1 with as many pairs out of order as leave *score* of them, rises minus falls."""
    falls = (size * (size - 1) // 2 - score) // 2
    values: list[int] = []
    for value in range(size):
        back = min(value, falls)
        values.insert(value - back, value)
        falls -= back
    return values


class TestTrendThresholds:
    @pytest.mark.parametrize(
        ("values", "trend"),
        [
            ([1, 2, 3], Trend.INCREASING),
            ([2, 3, 1], Trend.STABLE),  # one pair in three rises
            ([1, 1, 2], Trend.INCREASING),
            ([1, 1, 1, 2], Trend.INCREASING),  # exactly half of the pairs
            ([1, 1, 1, 1, 2], Trend.STABLE),
            ([1, 4, 2, 3], Trend.STABLE),
            ([1, 2], Trend.STABLE),
            ([80.0, 84.5, 84.5, 91.0], Trend.INCREASING),
            (shuffled_to(62, 20), Trend.INCREASING),  # z = 1.98
            (shuffled_to(60, 20), Trend.STABLE),  # z = 1.91
            (shuffled_to(-62, 20), Trend.DECREASING),
            (shuffled_to(-60, 20), Trend.STABLE),
            (shuffled_to(57, 19), Trend.STABLE),  # z = 1.9592, and the line is at 1.96
            (shuffled_to(59, 19), Trend.INCREASING),
            (shuffled_to(111, 30), Trend.INCREASING),  # z = 1.963
            (shuffled_to(109, 30), Trend.STABLE),  # z = 1.927
            ([0, 1] * 10, Trend.STABLE),
        ],
    )
    def test_a_trend_is_strong_or_improbable(self, values: list[int | float], trend: Trend) -> None:
        with WorkflowAnalyticsEngine() as engine:
            assert engine.compute_trend(values) is trend

    @pytest.mark.parametrize(("ones_moved", "trend"), [(23, Trend.INCREASING), (24, Trend.STABLE)])
    def test_ties_count_in_the_variance(self, ones_moved: int, trend: Trend) -> None:
        """Ten zeros then ten ones, each move costs S two of its 100: 54 is improbable (z = 2.003), 52 is not (z = 1.928)."""
        values = [0] * 10 + [1] * 10
        for _ in range(ones_moved):
            place = next(index for index in range(19) if values[index : index + 2] == [0, 1])
            values[place : place + 2] = [1, 0]
        with WorkflowAnalyticsEngine() as engine:
            assert engine.compute_trend(values) is trend


class AutumnNight(tzinfo):
    """A zone whose clocks go back from 02:00 to 01:00 (at 06:00 UTC) on 2026-11-01, as in New York."""

    def utcoffset(self, moment: datetime | None) -> timedelta:
        assert moment is not None
        return timedelta(hours=-5 if moment.fold or moment.hour >= 2 else -4)

    def dst(self, moment: datetime | None) -> timedelta:
        return self.utcoffset(moment) + timedelta(hours=5)

    def tzname(self, _moment: datetime | None) -> str:
        return "Autumn"


class TestAutumnNight:
    first = datetime(2026, 11, 1, 1, 25, tzinfo=AutumnNight())
    second = first.replace(fold=1)

    def test_the_hour_that_comes_twice_is_sorted_as_it_passed(self) -> None:
        """One zone's datetimes compare by clock face alone, so sorted() would leave these as they are."""
        between = datetime(2026, 11, 1, 6, 0, tzinfo=UTC)
        later = self.first.replace(minute=40)
        with WorkflowAnalyticsEngine() as engine:
            series = engine.create_time_series([self.second, between, later, self.first])
        assert [id(one) for one in series] == [id(one) for one in (self.first, later, between, self.second)]

    def test_an_execution_through_the_hour_that_comes_twice_lasts_an_hour(self) -> None:
        with WorkflowAnalyticsEngine() as engine:
            engine.start_execution("load", "one", self.first)
            engine.finish_execution("one", "succeeded", self.second)
            assert engine.executions()[0].duration == 3600.0


class TestHistogramLines:
    @pytest.mark.parametrize(
        ("values", "num_buckets", "counts", "edges"),
        [
            ([1, 2, 3, 4], 3, [1, 1, 2], (1, 2, 3, 4)),
            ([0, 0.5, 1], 2, [1, 2], (0, 0.5, 1)),
            ([7, 7], 3, [2, 0, 0], (7, 7, 7, 7)),
            ([0.0, 5e-324], 2, [1, 1], (0.0, 0.0, 5e-324)),
            ([BIG, BIG + 1, BIG + 2], 2, [1, 2], (BIG, BIG + 1, BIG + 2)),
        ],
    )
    def test_buckets_are_closed_below_and_the_last_also_above(
        self, values: list[int | float], num_buckets: int, counts: list[int], edges: tuple[float, ...]
    ) -> None:
        with WorkflowAnalyticsEngine() as engine:
            histogram = engine.histogram(values, num_buckets)
        assert list(histogram.values()) == counts
        assert histogram.edges == edges

    def test_a_range_counts_what_lies_outside_it(self) -> None:
        with WorkflowAnalyticsEngine() as engine:
            histogram = engine.histogram([-2, -1, 0, 5, 10, 10.5, 11, 12], 2, range=(0, 10))
            nothing = engine.histogram([], 2, range=(0, 10))
        assert (histogram, histogram.underflow, histogram.overflow) == ({0: 1, 1: 2}, 2, 3)
        assert (nothing, nothing.total, nothing.edges) == ({0: 0, 1: 0}, 0, (0, 5, 10))
