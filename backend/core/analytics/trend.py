"""Which way a series goes, by counting pairs instead of fitting a line.

Mann, "Nonparametric tests against trend" (1945); Kendall, "Rank Correlation Methods" (1975) for the variance with ties;
Sen, "Estimates of the regression coefficient based on Kendall's tau" (1968) for the slope.
"""

from __future__ import annotations

import math
import statistics
from bisect import bisect_left, bisect_right, insort
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING

from core.analytics.exact import settle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.analytics.exact import Number

FEWEST_VALUES = 3

CRITICAL_Z_SQUARED = (38_416, 10_000)
"""1.96 squared: the two-sided test at 5 %."""


class Trend(StrEnum):
    """The direction of a series."""

    INCREASING = "increasing"
    DECREASING = "decreasing"
    STABLE = "stable"


@dataclass(frozen=True)
class TrendDetail:
    """A trend and what speaks for it.

    Attributes:
        direction: What :func:`direction` says.
        score: The pairs that rise minus the pairs that fall (Mann-Kendall's S).
        p_value: How probable a score at least as far from 0 is without any trend, by the normal approximation.
        slope: The median of the slopes of all pairs, in units per place (Theil-Sen); 0 below two values.

    """

    direction: Trend
    score: int
    p_value: float
    slope: Number


def detail(numbers: Sequence[Number]) -> TrendDetail:
    """Describe the trend of *numbers*; time and memory grow with the square of their count."""
    score = mann_kendall_score(numbers)
    return TrendDetail(
        direction=direction(numbers),
        score=score,
        p_value=_p_value(score, numbers),
        slope=_median_slope(numbers),
    )


def _p_value(score: int, numbers: Sequence[Number]) -> float:
    if score == 0:
        return 1.0
    # erfc(z / sqrt(2)) for z = (|S| - 1) / sqrt(variance), where 18 times the variance is whole.
    return math.erfc(3 * (abs(score) - 1) / math.sqrt(_variance_18(numbers)))


def _median_slope(numbers: Sequence[Number]) -> Number:
    pairs = combinations(enumerate(numbers), 2)
    slopes = [(Fraction(later) - Fraction(former)) / (end - start) for (start, former), (end, later) in pairs]
    middle = statistics.median(slopes or [Fraction(0)])
    has_int = any(isinstance(number, int) for number in numbers)
    return settle(middle.numerator, middle.denominator, has_int=has_int)


def direction(numbers: Sequence[Number]) -> Trend:
    """Name the direction in which the pairs of *numbers* agree well enough."""
    score = mann_kendall_score(numbers)
    if len(numbers) < FEWEST_VALUES or not _is_convincing(score, numbers):
        return Trend.STABLE
    if score > 0:
        return Trend.INCREASING
    if score < 0:
        return Trend.DECREASING
    return Trend.STABLE


def _is_convincing(score: int, numbers: Sequence[Number]) -> bool:
    return _is_strong(score, len(numbers)) or _is_significant(score, numbers)


def mann_kendall_score(numbers: Sequence[Number]) -> int:
    """Count the pairs that rise minus the pairs that fall."""
    score = 0
    earlier: list[Number] = []
    for number in numbers:
        risen = bisect_left(earlier, number)
        fallen = len(earlier) - bisect_right(earlier, number)
        score += risen - fallen
        insort(earlier, number)
    return score


def _is_strong(score: int, size: int) -> bool:
    """Tell whether the surplus is at least half of all n(n-1)/2 pairs; this is what decides short series."""
    return 4 * abs(score) >= size * (size - 1)


def _is_significant(score: int, numbers: Sequence[Number]) -> bool:
    """Tell whether chance would rarely do this; this is what decides long, noisy series."""
    square, unit = CRITICAL_Z_SQUARED
    # z = (|S| - 1) / sqrt(variance), squared and multiplied out so that it stays exact.
    return 18 * unit * (abs(score) - 1) ** 2 > square * _variance_18(numbers)


def _variance_18(numbers: Sequence[Number]) -> int:
    """Return 18 times the variance of the score if there is no trend."""
    return _pair_term(len(numbers)) - sum(_pair_term(tied) for tied in Counter(numbers).values())


def _pair_term(size: int) -> int:
    return size * (size - 1) * (2 * size + 5)
