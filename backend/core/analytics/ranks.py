"""Answers that depend on order: percentiles and the median.

Type 7 of Hyndman & Fan, "Sample Quantiles in Statistical Packages" (1996), is what spreadsheets, numpy and R do by default.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

from core.analytics.exact import Number, as_written, label, on_common_scale, settle

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

N = TypeVar("N", bound=Number)

LINEAR = "linear"

METHODS = (LINEAR, "lower", "higher", "nearest")

MEDIAN, P90, P95, P99 = (Fraction(percent) for percent in (50, 90, 95, 99))


def to_rank(p: object, name: str = "p", index: int | None = None) -> Fraction:
    """Read a percentage as it is written: 99.9 means 999/10, not the float beside it.

    Raises:
        TypeError: Not a number.
        ValueError: Not within 0 to 100.

    """
    rank = as_written(p, name, index)
    if not 0 <= rank <= 100:
        raise ValueError(f"{label(name, index)} is {p}: a percentile lies between 0 and 100")
    return rank


def in_order(numbers: Iterable[Number]) -> list[Number]:
    """Sort *numbers*, an int before the floats it equals, so that no answer depends on the order they came in."""
    return sorted(sorted(numbers, key=lambda number: isinstance(number, float)))


def at_rank(ordered: Sequence[Number], rank: Fraction, method: str = LINEAR) -> Number:
    """Return the value at *rank* percent of the way through *ordered*, which is :func:`in_order` and not empty."""
    if method == "nearest":
        return ordered[round(_position(ordered, rank))]
    low, high, weight = around(ordered, rank)
    if method == "lower":
        return low
    if method == "higher":
        return high
    return between(low, high, weight)


def around(ordered: Sequence[N], rank: Fraction) -> tuple[N, N, Fraction]:
    """Return the two neighbours of *rank* and how much of the way from the first to the second it lies."""
    position = _position(ordered, rank)
    below = math.floor(position)
    return ordered[below], ordered[math.ceil(position)], position - below


def _position(ordered: Sequence[Number], rank: Fraction) -> Fraction:
    return rank * (len(ordered) - 1) / 100


def median(ordered: Sequence[Number]) -> Number:
    """Return the 50th percentile of *ordered*, which is :func:`in_order` and not empty."""
    return at_rank(ordered, MEDIAN)


def between(low: Number, high: Number, weight: Fraction) -> Number:
    """Go *weight* of the way from *low* to *high*, exactly, so that no rounding can step outside."""
    if low == high:
        return low
    exact = on_common_scale([low, high])
    start, stop = exact.units
    numerator = start * weight.denominator + (stop - start) * weight.numerator
    return settle(numerator, exact.scale * weight.denominator, has_int=exact.has_int)
