"""The laws of the analytics engine: what holds for every list of numbers."""

from __future__ import annotations

import math
import statistics
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from core.workflow_analytics_engine import (
    EmptyDataError,
    Trend,
    WorkflowAnalyticsEngine,
)
from tests.property_tests.analytics.analytics_strategies import assert_nearest, exact, lists, numbers

small_ints = st.integers(-1000, 1000)
tame_floats = st.just(0.0) | st.floats(1e-100, 1e100) | st.floats(-1e100, -1e-100)
int_lists = st.lists(small_ints, min_size=1, max_size=20)
percents = st.integers(0, 100) | st.floats(0, 100)
OPS = [
    "sum",
    "count",
    "avg",
    "mean",
    "min",
    "max",
    "median",
    "stdev",
    "variance",
    "range",
    "p0",
    "p12.5",
    "p99",
]
ops = st.sampled_from(OPS)


class TestAggregate:
    @given(st.lists(st.integers() | st.sampled_from([2**53 + 1, 2**63, 10**400])))
    def test_sum_of_ints_is_the_exact_int(self, values: list[int]) -> None:
        """Adding ints gives the int that Python gives, of any size, and 0 for none."""
        with WorkflowAnalyticsEngine() as engine:
            total = engine.aggregate(values, "sum")
        assert type(total) is int
        assert total == sum(values)

    @given(lists)
    @example([1.7e308, 1.7e308])
    @example([1e16, 1.0, -1e16])
    @example([0.1] * 10)
    def test_sum_is_rounded_once(self, values: list[int | float]) -> None:
        """The sum is the number nearest to the exact sum, whatever cancels on the way."""
        with WorkflowAnalyticsEngine() as engine:
            assert_nearest(engine.aggregate(values, "sum"), sum(exact(values), Fraction(0)))

    @given(lists, lists)
    def test_sum_and_count_of_joined_lists_add_up(
        self, first: list[int | float], second: list[int | float]
    ) -> None:
        """Counts add when lists are joined, and so do sums of ints."""
        whole = [int(value) for value in first], [int(value) for value in second]
        with WorkflowAnalyticsEngine() as engine:
            assert engine.aggregate(first + second, "count") == len(first) + len(second)
            parts = engine.aggregate(whole[0], "sum") + engine.aggregate(whole[1], "sum")
            assert engine.aggregate(whole[0] + whole[1], "sum") == parts

    @given(lists)
    def test_min_and_max_are_members_that_bound_all(self, values: list[int | float]) -> None:
        """The minimum and the maximum are values of the list, and no value lies outside them."""
        with WorkflowAnalyticsEngine() as engine:
            low, high = engine.aggregate(values, "min"), engine.aggregate(values, "max")
        assert low in values
        assert high in values
        assert all(low <= value <= high for value in values)

    @given(lists)
    @example([2**53 + 1, 2**53 + 1])
    @example([1.7e308, 1.7e308])
    @example([0.1, 0.1, 0.1])
    def test_mean_lies_within_the_values(self, values: list[int | float]) -> None:
        """The mean never leaves [min, max], is rounded once, and "mean" and "avg" are one operation."""
        with WorkflowAnalyticsEngine() as engine:
            mean = engine.aggregate(values, "avg")
            assert engine.aggregate(values, "mean") == mean
        assert min(values) <= mean <= max(values)
        assert_nearest(mean, statistics.mean(exact(values)))

    @given(numbers, st.integers(1, 12))
    def test_constant_lists_have_no_spread(self, value: float, size: int) -> None:
        """Of equal values, the centre is the value itself and every measure of spread is 0."""
        with WorkflowAnalyticsEngine() as engine:
            for op in ("avg", "median", "min", "max", "p37.5"):
                assert engine.aggregate([value] * size, op) == value
            for op in ("range", "variance", "stdev"):
                assert engine.aggregate([value] * size, op) == 0

    @given(lists)
    def test_range_is_the_distance_from_min_to_max(self, values: list[int | float]) -> None:
        """The range is the nearest number to max - min, and 0 only when all values are equal."""
        with WorkflowAnalyticsEngine() as engine:
            distance = engine.aggregate(values, "range")
        assert_nearest(distance, Fraction(max(values)) - Fraction(min(values)))
        assert (distance == 0) == (min(values) == max(values))

    @given(lists)
    @example([1.7e308, -1.7e308])
    @example([1e8 + 1, 1e8 + 2, 1e8 + 3])
    def test_variance_is_that_of_the_whole_population(self, values: list[int | float]) -> None:
        """The variance is the nearest number to the exact population variance, so it is never negative."""
        with WorkflowAnalyticsEngine() as engine:
            assert_nearest(engine.aggregate(values, "variance"), statistics.pvariance(exact(values)))

    @given(lists)
    @example([0.0, 5e-324, 1e-323, 1.5e-323])
    @example([3, 4, 5, 8])
    @example([0, 1, 10**80 + 1, 10**80 + 2])  # a hair above a tie
    def test_stdev_squared_is_the_variance(self, values: list[int | float]) -> None:
        """The exact variance lies between the squares of the two numbers half a step beside the deviation."""
        with WorkflowAnalyticsEngine() as engine:
            deviation = engine.aggregate(values, "stdev")
        if isinstance(deviation, int):
            below, above = deviation - Fraction(1, 2), deviation + Fraction(1, 2)
        else:
            below, above = (
                (Fraction(deviation) + Fraction(math.nextafter(deviation, end))) / 2
                for end in (-math.inf, 1.79e308)
            )
        assert deviation >= 0
        assert max(below, Fraction(0)) ** 2 <= statistics.pvariance(exact(values)) <= above**2

    @given(st.data(), lists, st.sampled_from(OPS))
    def test_order_does_not_matter(self, data: st.DataObject, values: list[int | float], op: str) -> None:
        """Every operation gives the same for every order of the values."""
        shuffled = data.draw(st.permutations(values))
        with WorkflowAnalyticsEngine() as engine:
            assert engine.aggregate(shuffled, op) == engine.aggregate(values, op)

    @given(st.lists(st.sampled_from([0, 0.0, 1, 1.0, 2**60, 2.0**60]), min_size=2), st.sampled_from(OPS))
    @example([0, 0.0, 2.0**60], "p99")
    @example([1, 1.0, 2.0**60], "range")
    def test_an_int_beside_the_float_it_equals_changes_nothing_by_its_place(
        self, values: list[int | float], op: str
    ) -> None:
        """Where ints and floats of one value meet, which of them came first decides nothing."""
        with WorkflowAnalyticsEngine() as engine:
            assert engine.aggregate(values[::-1], op) == engine.aggregate(values, op)

    @given(st.lists(tame_floats, min_size=1, max_size=20), ops, st.integers(1, 40))
    def test_doubling_the_unit_doubles_the_answer(self, values: list[float], op: str, doublings: int) -> None:
        """Scaling by a power of two is exact, so every operation scales with it: variance twice, count not."""
        factor = 2.0**doublings
        expected = {"variance": factor**2, "count": 1}.get(op, factor)
        with WorkflowAnalyticsEngine() as engine:
            scaled = engine.aggregate([value * factor for value in values], op)
            assert scaled == engine.aggregate(values, op) * expected

    @given(int_lists, st.integers(-(10**6), 10**6))
    def test_shifting_moves_the_centre_and_keeps_the_spread(self, values: list[int], shift: int) -> None:
        """Adding a constant to ints adds it to positions and changes no distance."""
        moved = [value + shift for value in values]
        with WorkflowAnalyticsEngine() as engine:
            for op in ("min", "max", "median", "p0", "p100"):
                assert engine.aggregate(moved, op) == engine.aggregate(values, op) + shift
            for op in ("range", "variance", "stdev", "count"):
                assert engine.aggregate(moved, op) == engine.aggregate(values, op)

    @given(lists)
    def test_negation_mirrors(self, values: list[int | float]) -> None:
        """Changing every sign swaps minimum and maximum and turns the centre around."""
        mirrored = [-value for value in values]
        with WorkflowAnalyticsEngine() as engine:
            assert engine.aggregate(mirrored, "min") == -engine.aggregate(values, "max")
            for op in ("sum", "avg", "median"):
                assert engine.aggregate(mirrored, op) == -engine.aggregate(values, op)
            for op in ("range", "variance", "stdev"):
                assert engine.aggregate(mirrored, op) == engine.aggregate(values, op)

    @given(ops, st.none() | small_ints)
    def test_no_values_need_a_default_unless_they_count_to_zero(self, op: str, default: int | None) -> None:
        """Sum and count of nothing are 0 whatever the default; all else is refused or is the default, even None."""
        with WorkflowAnalyticsEngine() as engine:
            if op in ("sum", "count"):
                assert engine.aggregate([], op) == engine.aggregate([], op, default=default) == 0
                return
            assert engine.aggregate([], op, default=default) is default
            with pytest.raises(
                EmptyDataError, match=f"^{op} of no values is undefined: pass at least one value, or"
            ):
                engine.aggregate([], op)


class TestPercentile:
    @given(lists)
    def test_ends_are_minimum_and_maximum(self, values: list[int | float]) -> None:
        """Percentile 0 is the minimum and 100 the maximum, exactly."""
        with WorkflowAnalyticsEngine() as engine:
            assert engine.percentile(values, 0) == min(values)
            assert engine.percentile(values, 100) == max(values)

    @given(lists, percents, percents)
    @example([2**60, 2**60 + 201], 99.9, 100)
    def test_percentiles_never_fall(self, values: list[int | float], one: float, other: float) -> None:
        """A higher percentage never gives a lower value, and no percentage leaves the range."""
        with WorkflowAnalyticsEngine() as engine:
            low, high = engine.percentiles(values, sorted([one, other]))
        assert min(values) <= low <= high <= max(values)

    @given(st.lists(numbers, min_size=2, max_size=20), st.integers(1, 99))
    def test_linear_is_the_inclusive_quantile(self, values: list[int | float], p: int) -> None:
        """The default method is the exact inclusive quantile, rounded once."""
        quantiles = statistics.quantiles(exact(values), n=100, method="inclusive")
        with WorkflowAnalyticsEngine() as engine:
            assert_nearest(engine.percentile(values, p), quantiles[p - 1])

    @given(lists, percents)
    def test_methods_choose_members_around_the_linear_answer(
        self, values: list[int | float], p: float
    ) -> None:
        """Lower and higher are neighbours around the linear answer; nearest is the one at the shorter distance."""
        with WorkflowAnalyticsEngine() as engine:
            lower, linear, higher, nearest = (
                engine.percentile(values, p, method=method)
                for method in ("lower", "linear", "higher", "nearest")
            )
        ordered = sorted(values)
        place = Fraction(str(p)) * (len(values) - 1) / 100
        assert lower <= linear <= higher
        assert (lower, higher) == (ordered[math.floor(place)], ordered[math.ceil(place)])
        assert nearest in {
            ordered[index] for index in range(len(ordered)) if abs(index - place) <= Fraction(1, 2)
        }

    @given(lists, st.lists(percents, max_size=5))
    def test_many_percentiles_are_the_single_ones(self, values: list[int | float], ps: list[float]) -> None:
        """Asking for several percentiles gives each of them, in the order asked."""
        with WorkflowAnalyticsEngine() as engine:
            assert engine.percentiles(values, ps) == [engine.percentile(values, p) for p in ps]

    @given(lists, st.integers(0, 100), st.integers(0, 9))
    def test_operation_names_read_as_percentages(
        self, values: list[int | float], whole: int, tenth: int
    ) -> None:
        """The operation "p99.9" is the percentile 99.9, and "p99" is 99."""
        p = min(Fraction(10 * whole + tenth, 10), Fraction(100))
        with WorkflowAnalyticsEngine() as engine:
            assert engine.aggregate(values, f"p{float(p)}") == engine.percentile(values, p)
            assert engine.aggregate(values, f"p{whole}") == engine.percentile(values, whole)

    @given(lists)
    def test_median_is_the_middle(self, values: list[int | float]) -> None:
        """The median is percentile 50, the nearest number to the exact middle, and halves the list."""
        with WorkflowAnalyticsEngine() as engine:
            median = engine.median(values)
            assert median == engine.percentile(values, 50) == engine.aggregate(values, "median")
        assert_nearest(median, statistics.median(exact(values)))
        assert 2 * sum(value < median for value in values) <= len(values)

    @given(lists)
    def test_summary_agrees_with_each_operation(self, values: list[int | float]) -> None:
        """Every field of the summary is what the operation of that name gives."""
        with WorkflowAnalyticsEngine() as engine:
            summary = engine.summary(values)
            for op in ("count", "sum", "mean", "min", "max", "median", "p90", "p95", "p99", "stdev"):
                assert getattr(summary, op) == engine.aggregate(values, op)


class TestSeries:
    @given(st.lists(numbers))
    def test_numbers_become_a_sorted_rearrangement(self, stamps: list[int | float]) -> None:
        """A time series ascends and holds the very objects it was given, duplicates too."""
        with WorkflowAnalyticsEngine() as engine:
            series = engine.create_time_series(stamps)
        assert all(one <= two for one, two in pairwise(series))
        assert sorted(map(id, series)) == sorted(map(id, stamps))

    @given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(-1439, 1439)), max_size=12))
    def test_datetimes_are_sorted_by_instant(self, moments: list[tuple[int, int]]) -> None:
        """Datetimes of different zones come in the order in which they happened; equal instants keep their order."""
        start = datetime(2026, 1, 1, tzinfo=UTC)
        stamps = [
            (start + timedelta(microseconds=passed)).astimezone(timezone(timedelta(minutes=offset)))
            for passed, offset in moments
        ]
        with WorkflowAnalyticsEngine() as engine:
            series = engine.create_time_series(stamps)
        expected = sorted(range(len(stamps)), key=lambda index: moments[index][0])
        assert list(map(id, series)) == [id(stamps[index]) for index in expected]

    @given(lists, st.integers(1, 25))
    @example([1e16, 1.0, 1.0, 1.0], 2)
    @example([10**17, 1.5, 1e17, 1e17, 1.0], 2)
    def test_moving_average_is_the_mean_of_each_window(self, values: list[int | float], window: int) -> None:
        """Each average is the mean of its own window, of the same type, and nothing that has passed leaves a trace."""
        with WorkflowAnalyticsEngine() as engine:
            averages = engine.moving_average(values, window)
            starts = range(len(values) - window + 1)
            means = [engine.aggregate(values[start : start + window], "mean") for start in starts]
        assert averages == means
        assert list(map(type, averages)) == list(map(type, means))

    @given(lists)
    def test_moving_average_of_one_is_the_series_itself(self, values: list[int | float]) -> None:
        """A window of 1 changes nothing, and a window of all values leaves their mean."""
        with WorkflowAnalyticsEngine() as engine:
            assert engine.moving_average(values, 1) == values
            assert engine.moving_average(values, len(values)) == [engine.aggregate(values, "mean")]
            assert engine.moving_average(values, len(values) + 1) == engine.moving_average([], 1) == []

    @given(st.lists(st.floats(0, 1e300) | st.integers(0, 10**30), min_size=1, max_size=20))
    def test_average_execution_time_is_the_mean(self, times: list[int | float]) -> None:
        """The average time is the mean, positive as soon as one time is not negligible, and within the times."""
        with WorkflowAnalyticsEngine() as engine:
            average = engine.average_execution_time(times)
            assert average == engine.aggregate(times, "mean")
        assert min(times) <= average <= max(times)

    @given(st.lists(st.floats(0, 1e300), max_size=5), st.floats(max_value=-5e-324, allow_infinity=False))
    def test_negative_execution_times_are_named(self, times: list[float], negative: float) -> None:
        """A negative duration is refused with its place, wherever it hides."""
        with (
            WorkflowAnalyticsEngine() as engine,
            pytest.raises(ValueError, match=rf"^times\[{len(times)}\] is .*: a duration cannot be negative$"),
        ):
            engine.average_execution_time([*times, negative, *times])

    @given(st.integers(0, 10**20), st.integers(0, 10**20))
    def test_success_rate_is_the_share_of_successes(self, successes: int, failures: int) -> None:
        """The rate is the nearest float to the exact share, and the rate of failures is the rest of 1."""
        assume(successes + failures)
        share = Fraction(successes, successes + failures)
        with WorkflowAnalyticsEngine() as engine:
            rate = engine.success_rate(successes, failures)
            assert_nearest(engine.success_rate(failures, successes), 1 - share)
        assert type(rate) is float
        assert 0.0 <= rate <= 1.0
        assert_nearest(rate, share)


class TestTrend:
    @given(st.lists(numbers, max_size=12))
    def test_reversal_and_negation_flip_the_trend(self, values: list[int | float]) -> None:
        """Read backwards or upside down, a rise is a fall and stable stays stable."""
        flipped = {"increasing": "decreasing", "decreasing": "increasing", "stable": "stable"}
        with WorkflowAnalyticsEngine() as engine:
            trend = engine.compute_trend(values)
            assert isinstance(trend, Trend)
            assert engine.compute_trend(values[::-1]) == flipped[trend]
            assert engine.compute_trend([-value for value in values]) == flipped[trend]

    @given(st.lists(small_ints, max_size=30), small_ints, st.integers(1, 50))
    def test_the_unit_and_the_zero_do_not_matter(self, values: list[int], shift: int, factor: int) -> None:
        """Another unit or another zero point gives the same trend."""
        with WorkflowAnalyticsEngine() as engine:
            trend = engine.compute_trend(values)
            assert engine.compute_trend([value * factor + shift for value in values]) is trend

    @given(st.lists(numbers, min_size=3, max_size=20, unique=True))
    def test_a_sorted_series_is_a_trend(self, values: list[int | float]) -> None:
        """Three values or more that only rise are increasing."""
        with WorkflowAnalyticsEngine() as engine:
            assert engine.compute_trend(sorted(values)) is Trend.INCREASING

    @given(st.lists(numbers, max_size=2), numbers, st.integers(0, 20))
    def test_two_values_or_equal_ones_are_stable(
        self, few: list[int | float], value: float, size: int
    ) -> None:
        """Fewer than three values prove nothing, and a constant goes nowhere."""
        with WorkflowAnalyticsEngine() as engine:
            assert engine.compute_trend(few) is Trend.STABLE
            assert engine.compute_trend([value] * size) is Trend.STABLE


class TestHistogram:
    @given(lists, st.integers(1, 12))
    @example([0.0, 5e-324], 4)
    @example([1.0, math.nextafter(1.0, 2)], 10)
    @example([-1.7e308, 1.7e308], 3)
    @example([2**53, 2**53 + 1, 2**53 + 2], 5)
    def test_every_value_is_counted_once_between_minimum_and_maximum(
        self, values: list[int | float], num_buckets: int
    ) -> None:
        """All buckets exist, they count every value, and the first and last edge are the extremes."""
        with WorkflowAnalyticsEngine() as engine:
            histogram = engine.histogram(values, num_buckets)
        assert list(histogram) == list(range(num_buckets))
        assert histogram.total == sum(histogram.values()) == len(values)
        assert (histogram.underflow, histogram.overflow) == (0, 0)
        assert (histogram.edges[0], histogram.edges[-1]) == (min(values), max(values))
        assert histogram[0] > 0
        assert min(values) == max(values) or histogram[num_buckets - 1] > 0

    @given(st.lists(numbers, min_size=2, max_size=2, unique=True), st.integers(1, 12), numbers)
    def test_a_value_falls_between_the_edges_of_its_bucket(
        self, ends: list[int | float], num_buckets: int, value: float
    ) -> None:
        """A value lies between the exact edges of the bucket that counts it; the last bucket is closed above."""
        low, high = sorted(ends)
        with WorkflowAnalyticsEngine() as engine:
            histogram = engine.histogram([value], num_buckets, range=(low, high))
        assert histogram.total == 1
        assert histogram.underflow == (value < low)
        assert histogram.overflow == (value > high)
        start, width = Fraction(low), (Fraction(high) - Fraction(low)) / num_buckets
        for bucket, count in histogram.items():
            inside = start + bucket * width <= Fraction(value) < start + (bucket + 1) * width
            closing = bucket == num_buckets - 1 and value == high
            assert count == (inside or closing)

    @given(lists, st.integers(1, 12))
    def test_edges_ascend_in_equal_steps(self, values: list[int | float], num_buckets: int) -> None:
        """There is one edge more than buckets; each is the nearest number to its exact place."""
        low, high = Fraction(min(values)), Fraction(max(values))
        with WorkflowAnalyticsEngine() as engine:
            edges = engine.histogram(values, num_buckets).edges
        assert len(edges) == num_buckets + 1
        assert list(edges) == sorted(edges)
        for index, edge in enumerate(edges):
            assert_nearest(edge, low + (high - low) * index / num_buckets)

    @given(st.lists(numbers, max_size=15), st.lists(numbers, max_size=15), st.integers(1, 8))
    def test_merging_is_counting_together(
        self, first: list[int | float], second: list[int | float], num_buckets: int
    ) -> None:
        """Two histograms over one range merge into the histogram of both lists."""
        bounds = (-(2**54), 2**54)
        with WorkflowAnalyticsEngine() as engine:
            one, two, both = (
                engine.histogram(values, num_buckets, range=bounds)
                for values in (first, second, first + second)
            )
        merged = one.merge(two)
        assert merged == both
        assert merged.edges == one.edges
        assert (merged.underflow, merged.overflow) == (both.underflow, both.overflow)
        assert merged.total == len(first) + len(second)
