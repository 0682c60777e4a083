"""Rates: how often something works, how much passes in a time, and whether a promise is kept."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from core.analytics.exact import settle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.analytics.exact import Number


@dataclass(frozen=True)
class ServiceLevel:
    """How well durations keep to a threshold.

    Attributes:
        good: How many of *total* are at most the threshold.
        compliance: good / total.
        target: The share that was promised to be good.
        met: Whether the compliance, unrounded, reaches the target.
        budget_left: The part of the misses the target allows that is still unspent: 1 for none spent, 0 for all,
            negative when overspent; None for a target of 1, which allows none.

    """

    total: int
    good: int
    compliance: float
    target: float
    met: bool
    budget_left: float | None


def share(part: int, rest: int) -> float | None:
    """Return part / (part + rest), or None when there is nothing to share."""
    whole = part + rest
    return part / whole if whole else None


def per_second(count: int, seconds: Number) -> Number:
    """Return count / seconds, rounded once."""
    numerator, denominator = seconds.as_integer_ratio()
    return settle(count * denominator, numerator, has_int=True)


def judge(durations: Sequence[Number], threshold: Number, target: Fraction) -> ServiceLevel:
    """Hold *durations*, which are not empty, against *threshold*."""
    total = len(durations)
    good = sum(duration <= threshold for duration in durations)
    allowed = (1 - target) * total
    return ServiceLevel(
        total=total,
        good=good,
        compliance=good / total,
        target=float(target),
        met=good >= target * total,
        budget_left=float(1 - (total - good) / allowed) if allowed else None,
    )
