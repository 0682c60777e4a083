"""The laws of smoothing, trends in detail, outliers, rates, service levels and comparisons."""

from __future__ import annotations

import math
import statistics
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from core.workflow_analytics_engine import (
    Comparison,
    ServiceLevel,
    Trend,
    TrendDetail,
    WorkflowAnalyticsEngine,
)
from tests.property_tests.analytics.analytics_strategies import assert_nearest, exact, lists, numbers

BEYOND_FLOATS = 2**1024 - 2**970
"""What is as large is nearer to the float after the largest, and there is none."""


def an_engine() -> WorkflowAnalyticsEngine:
    """A new one, since one made while this file is imported would keep mutants of its making from being judged."""
    return WorkflowAnalyticsEngine()


small_ints = st.integers(-1000, 1000)
small_lists = st.lists(small_ints, min_size=1, max_size=25)
counts = st.integers(0, 10**20)
durations = st.lists(st.integers(0, 10**30) | st.floats(0, 1e300), min_size=1, max_size=20)
alphas = st.integers(1, 100).map(lambda percent: percent / 100) | st.floats(5e-324, 1)


class TestExponentialMovingAverage:
    @given(lists, alphas)
    def test_each_step_goes_alpha_of_the_way_to_the_value(
        self, values: list[int | float], alpha: float
    ) -> None:
        """There is one average per value, the first is the first value, and each step is exact but for one rounding."""
        averages = an_engine().exponential_moving_average(values, alpha)
        assert len(averages) == len(values)
        assert averages[0] == values[0]
        share = Fraction(str(alpha))
        for before, value, after in zip(averages, values[1:], averages[1:], strict=False):
            assert_nearest(after, Fraction(before) + share * (Fraction(value) - Fraction(before)))

    @given(lists, alphas)
    @example([0.1] * 9, 0.1)
    def test_averages_never_leave_the_range_so_far(self, values: list[int | float], alpha: float) -> None:
        """No average lies outside the minimum and the maximum of the values up to its own."""
        for place, average in enumerate(an_engine().exponential_moving_average(values, alpha), start=1):
            assert min(values[:place]) <= average <= max(values[:place])

    @given(lists)
    def test_an_alpha_of_one_forgets_at_once(self, values: list[int | float]) -> None:
        """With alpha 1 the averages are the values; of no values there are none."""
        assert an_engine().exponential_moving_average(values, 1) == values
        assert an_engine().exponential_moving_average([], 0.5) == []

    def test_alpha_is_read_as_it_is_written(self) -> None:
        assert an_engine().exponential_moving_average([0, 10**17], 0.1) == [0, 10**16]
        assert an_engine().exponential_moving_average([8, 0, 0], 0.5) == [8, 4.0, 2.0]


class TestTrendDetail:
    @given(st.lists(numbers, max_size=10))
    def test_score_counts_the_pairs_that_rise_less_those_that_fall(self, values: list[int | float]) -> None:
        """The score is Mann-Kendall's S, pair by pair, and the direction is that of compute_trend."""
        detail = an_engine().trend_detail(values)
        assert detail.score == sum((b > a) - (b < a) for a, b in combinations(values, 2))
        assert detail.direction is an_engine().compute_trend(values)

    @given(st.lists(numbers, min_size=2, max_size=8))
    def test_slope_is_the_median_of_all_slopes(self, values: list[int | float]) -> None:
        """The slope is the number nearest to the exact median over all pairs (Theil-Sen)."""
        slopes = [
            (Fraction(values[end]) - Fraction(values[start])) / (end - start)
            for start, end in combinations(range(len(values)), 2)
        ]
        assert_nearest(an_engine().trend_detail(values).slope, statistics.median(slopes))

    @given(st.lists(small_ints, max_size=20), small_ints)
    def test_reversal_turns_the_detail_around_and_a_shift_keeps_it(
        self, values: list[int], shift: int
    ) -> None:
        """Read backwards, score and slope change sign and the p-value stays; adding a constant changes nothing."""
        detail = an_engine().trend_detail(values)
        back = an_engine().trend_detail(values[::-1])
        assert (back.score, back.p_value, back.slope) == (-detail.score, detail.p_value, -detail.slope)
        assert an_engine().trend_detail([value + shift for value in values]) == detail
        assert 0 <= detail.p_value <= 1

    @given(st.permutations(range(9)))
    def test_p_value_is_that_of_the_normal_approximation(self, values: list[int]) -> None:
        """Without ties, z is (|S| - 1) over the root of n(n-1)(2n+5)/18, and p its two tails."""
        detail = an_engine().trend_detail(values)
        z = max(abs(detail.score) - 1, 0) / math.sqrt(9 * 8 * 23 / 18)
        assert math.isclose(detail.p_value, 2 * (1 - statistics.NormalDist().cdf(z)), rel_tol=1e-9)

    def test_a_slope_is_an_int_where_a_float_would_lie(self) -> None:
        assert an_engine().trend_detail([0, 2**60 + 1]).slope == 2**60 + 1
        slope = an_engine().trend_detail([0.0, 2.0**60]).slope
        assert (slope, type(slope)) == (2.0**60, float)

    @pytest.mark.parametrize(
        ("values", "detail"),
        [
            ([], TrendDetail(Trend.STABLE, 0, 1.0, 0.0)),
            ([7], TrendDetail(Trend.STABLE, 0, 1.0, 0.0)),
            ([7, 7, 7], TrendDetail(Trend.STABLE, 0, 1.0, 0.0)),
            ([1, 2], TrendDetail(Trend.STABLE, 1, 1.0, 1.0)),
            # S = 5, ties take 18 of the 156 eighteenths: z² = 16 · 18 / 138
            ([1, 1, 2, 5], TrendDetail(Trend.INCREASING, 5, math.erfc(12 / math.sqrt(138)), 7 / 6)),
        ],
    )
    def test_details_by_hand(self, values: list[int], detail: TrendDetail) -> None:
        assert an_engine().trend_detail(values) == detail


class TestOutliers:
    @given(lists, st.integers(0, 80).map(lambda eighths: eighths / 8))
    def test_outliers_are_more_than_k_deviations_from_the_median(
        self, values: list[int | float], k: float
    ) -> None:
        """A place is named, in order, if and only if its exact distance exceeds k · 1.4826 · MAD."""
        middle = statistics.median(exact(values))
        deviation = statistics.median(abs(value - middle) for value in exact(values))
        reach = Fraction(k) * Fraction("1.4826") * deviation
        expected = [place for place, value in enumerate(exact(values)) if abs(value - middle) > reach]
        assert an_engine().detect_outliers(values, k) == expected

    @given(small_lists, small_ints, st.integers(1, 50), st.integers(0, 8))
    def test_the_unit_and_the_zero_do_not_matter(
        self, values: list[int], shift: int, factor: int, k: int
    ) -> None:
        """Another unit or zero point names the same places."""
        moved = [value * factor + shift for value in values]
        assert an_engine().detect_outliers(moved, k) == an_engine().detect_outliers(values, k)

    @given(numbers, numbers, st.integers(2, 10))
    def test_beside_many_equal_values_any_other_is_an_outlier(
        self, value: float, other: float, size: int
    ) -> None:
        """Where more than half are equal the deviation is 0, so whatever differs stands out."""
        assert an_engine().detect_outliers([*[value] * size, other]) == ([size] if other != value else [])

    def test_three_and_a_half_deviations_are_the_default(self) -> None:
        # median 5, deviation 2, so the line is at 5 + 3.5 · 1.4826 · 2 = 15.3782
        assert an_engine().detect_outliers([1, 3, 5, 5, 7, 9, 15.3782]) == []
        assert an_engine().detect_outliers([1, 3, 5, 5, 7, 9, 15.3783]) == [6]
        assert an_engine().detect_outliers([]) == []


class TestRates:
    @given(counts, counts)
    def test_error_rate_is_the_rest_of_the_success_rate(self, successes: int, failures: int) -> None:
        """The error rate is the nearest float to the share of failures, and the two exact shares add up to 1."""
        assume(successes + failures)
        rate = an_engine().error_rate(successes, failures)
        assert type(rate) is float
        assert_nearest(rate, Fraction(failures, successes + failures))
        assert rate == an_engine().success_rate(failures, successes)

    @given(st.none() | small_ints)
    def test_no_rate_of_nothing_but_the_default(self, default: int | None) -> None:
        """Of neither successes nor failures, the rate is the default, even None."""
        assert an_engine().error_rate(0, 0, default=default) is default

    @given(counts, st.integers(1, 10**12) | st.floats(1e-200, 1e200))
    def test_throughput_is_the_exact_quotient(self, count: int, seconds: float) -> None:
        """The throughput is the number nearest to count / seconds."""
        assert_nearest(an_engine().throughput(count, seconds), Fraction(count) / Fraction(seconds))

    def test_a_throughput_is_an_int_where_a_float_would_lie(self) -> None:
        assert [an_engine().throughput(2**60 + 1, 1), an_engine().throughput(2**53 - 1, 1.0)] == [
            2**60 + 1,
            2**53 - 1,
        ]
        assert type(an_engine().throughput(6, 3)) is float


class TestServiceLevel:
    @given(durations, st.integers(0, 10**30) | st.floats(0, 1e300), st.integers(1, 1000))
    def test_compliance_is_the_share_within_the_threshold(
        self, times: list[int | float], threshold: float, thousandths: int
    ) -> None:
        """Durations up to the threshold are good; the promise is kept if their exact share reaches the target."""
        target = Fraction(thousandths, 1000)
        level = an_engine().slo(times, threshold, float(target))
        good = sum(time <= threshold for time in times)
        assert (level.total, level.good, level.target) == (len(times), good, float(target))
        assert level.compliance == good / len(times)
        assert level.met == (Fraction(good, len(times)) >= target)
        if target == 1:
            assert level.budget_left is None
        else:
            spent = (1 - Fraction(good, len(times))) / (1 - target)
            assert level.budget_left == float(1 - spent)

    @given(durations, st.integers(1, 999))
    def test_a_promise_is_kept_just_when_its_budget_is_not_overspent(
        self, times: list[int | float], thousandths: int
    ) -> None:
        """Met and a budget left of at least 0 are the same thing."""
        level = an_engine().slo(times, 10, thousandths / 1000)
        assert level.budget_left is not None
        assert level.met == (level.budget_left >= 0)

    @pytest.mark.parametrize(
        ("misses", "met", "left"), [(0, True, 1.0), (1, True, 0.0), (2, False, -1.0), (50, False, -49.0)]
    )
    def test_a_target_is_read_as_it_is_written(self, misses: int, met: bool, left: float) -> None:
        """0.99 of a hundred allows exactly one miss, though the float 0.99 is a little more."""
        times = [2] * misses + [1] * (100 - misses)
        assert an_engine().slo(times, 1, 0.99) == ServiceLevel(
            100, 100 - misses, 1 - misses / 100, 0.99, met, left
        )

    def test_a_target_of_one_allows_no_miss(self) -> None:
        assert an_engine().slo([1, 1], 1, 1) == ServiceLevel(2, 2, 1.0, 1.0, met=True, budget_left=None)
        assert an_engine().slo([1, 2], 1, 1) == ServiceLevel(2, 1, 0.5, 1.0, met=False, budget_left=None)


class TestComparison:
    @given(lists, lists, st.sampled_from(["mean", "sum", "max", "p95", "stdev"]))
    def test_delta_and_ratio_are_exact(
        self, current: list[int | float], previous: list[int | float], op: str
    ) -> None:
        """Both sides are what aggregate gives; delta and ratio are rounded once from them."""
        found = an_engine().compare_periods(current, previous, op)
        assert found.current == an_engine().aggregate(current, op)
        assert found.previous == an_engine().aggregate(previous, op)
        assert_nearest(found.delta, Fraction(found.current) - Fraction(found.previous))
        if found.previous == 0:
            assert found.ratio is None
        else:
            truth = Fraction(found.current) / Fraction(found.previous)
            assert type(found.ratio) is (float if abs(truth) < BEYOND_FLOATS else int)
            assert_nearest(found.ratio, truth)

    @given(lists, lists)
    def test_swapping_the_periods_changes_the_sign(
        self, current: list[int | float], previous: list[int | float]
    ) -> None:
        """What is a gain one way is as much of a loss the other way, and a period equals itself."""
        there = an_engine().compare_periods(current, previous)
        assert an_engine().compare_periods(previous, current).delta == -there.delta
        same = an_engine().compare_periods(current, current)
        assert (same.delta, same.ratio) == (0, 1 if same.current else None)

    def test_means_are_compared_unless_told_otherwise(self) -> None:
        assert an_engine().compare_periods([6, 8], [2, 2]) == Comparison(7.0, 2.0, 5.0, 3.5)
        assert an_engine().compare_periods([], [2, 2], "count") == Comparison(0, 2, -2, 0.0)
        assert an_engine().compare_periods([1], [], "sum") == Comparison(1, 0, 1, None)
