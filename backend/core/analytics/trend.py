"""Which way a series goes, by counting pairs instead of fitting a line.

Mann, "Nonparametric tests against trend" (1945); Kendall, "Rank Correlation Methods" (1975) for the variance with ties.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING

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
    ties = Counter(numbers).values()
    variance_18 = _pair_term(len(numbers)) - sum(_pair_term(tied) for tied in ties)
    square, unit = CRITICAL_Z_SQUARED
    # z = (|S| - 1) / sqrt(variance), squared and multiplied out so that it stays exact.
    return 18 * unit * (abs(score) - 1) ** 2 > square * variance_18


def _pair_term(size: int) -> int:
    return size * (size - 1) * (2 * size + 5)
