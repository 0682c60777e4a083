"""Values far from the rest, by distances that outliers themselves cannot stretch.

Iglewicz & Hoaglin, "How to Detect and Handle Outliers" (1993): the median absolute deviation stands in for the standard
deviation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.analytics.exact import on_common_scale

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from core.analytics.exact import Number

SIGMAS_PER_MAD = (14_826, 10_000)
"""1.4826: for a normal distribution, so many median absolute deviations are one standard deviation."""


def outliers(numbers: Sequence[Number], k: Fraction) -> list[int]:
    """Return the places of the values more than *k* such deviations from the median; *numbers* are not empty.

    Where more than half of the values are equal the deviation is 0, and every other value is an outlier.
    """
    units = on_common_scale(numbers).units
    middle = _twice_the_median(units)
    distances = [abs(2 * unit - middle) for unit in units]
    sigma, one = SIGMAS_PER_MAD
    # |x - median| > k * 1.4826 * MAD in whole numbers: a distance is doubled once, the median of distances twice.
    reach = k.numerator * sigma * _twice_the_median(distances)
    step = 2 * k.denominator * one
    return [place for place, distance in enumerate(distances) if distance * step > reach]


def _twice_the_median(units: Sequence[int]) -> int:
    ordered = sorted(units)
    return ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]
