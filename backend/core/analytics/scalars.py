"""Many values in, one number out."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from core.analytics.exact import Number, on_common_scale, settle
from core.analytics.ranks import P90, P95, P99, at_rank, in_order, median, to_rank

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT_BITS = 128
"""Extra bits under a square root: far more than a float keeps."""

PERCENTILE_OP = re.compile(r"p([0-9]+(?:\.[0-9]+)?)")


@dataclass(frozen=True)
class Summary:
    """A list of values in ten numbers; *stdev* is the population's."""

    count: int
    sum: Number
    mean: Number
    min: Number
    max: Number
    median: Number
    p90: Number
    p95: Number
    p99: Number
    stdev: Number


def total(numbers: Sequence[Number]) -> Number:
    """Add up: ints give the exact int, anything else the correctly rounded sum."""
    if all(isinstance(number, int) for number in numbers):
        return sum(numbers)
    exact = on_common_scale(numbers)
    return settle(sum(exact.units), exact.scale, has_int=exact.has_int)


def mean(numbers: Sequence[Number]) -> Number:
    """Return the correctly rounded mean, which never leaves [min, max]."""
    exact = on_common_scale(numbers)
    return settle(sum(exact.units), exact.scale * len(numbers), has_int=exact.has_int)


def spread(numbers: Sequence[Number]) -> Number:
    """Return max - min, correctly rounded."""
    ordered = in_order(numbers)
    return total([ordered[-1], -ordered[0]])


def variance(numbers: Sequence[Number]) -> Number:
    """Return the population variance, never negative and 0 for equal values."""
    exact = on_common_scale(numbers)
    size = len(numbers) * exact.scale
    return settle(_squared_spread(exact.units), size * size, has_int=exact.has_int)


def stdev(numbers: Sequence[Number]) -> Number:
    """Return the population standard deviation, at most half the range."""
    exact = on_common_scale(numbers)
    root = root_of(_squared_spread(exact.units), len(numbers) * exact.scale)
    return settle(*root, has_int=exact.has_int)


def root_of(square: int, scale: int) -> tuple[int, int]:
    """Return the square root of *square* over *scale*, as (numerator, denominator) so close that rounding finds its float."""
    shifted = square << 2 * ROOT_BITS
    root = math.isqrt(shifted)
    # The rest that the root leaves counts as one half, so that a result just above a tie is not rounded as the tie.
    doubled = 2 * root + (shifted != root * root)
    return doubled, scale << ROOT_BITS + 1


def _squared_spread(units: Sequence[int]) -> int:
    """Return n²·variance as an exact int: n·Σu² - (Σu)² has nothing to cancel badly here."""
    return len(units) * sum(unit * unit for unit in units) - sum(units) ** 2


def summarize(numbers: Sequence[Number]) -> Summary:
    """Describe *numbers*, which are not empty, after one sort."""
    ordered = in_order(numbers)
    p90, p95, p99 = (at_rank(ordered, rank) for rank in (P90, P95, P99))
    return Summary(
        count=len(ordered),
        sum=total(ordered),
        mean=mean(ordered),
        min=ordered[0],
        max=ordered[-1],
        median=median(ordered),
        p90=p90,
        p95=p95,
        p99=p99,
        stdev=stdev(ordered),
    )


def _median_of_unsorted(numbers: Sequence[Number]) -> Number:
    return median(in_order(numbers))


OPERATIONS: dict[str, Callable[[Sequence[Number]], Number]] = {
    "sum": total,
    "count": len,
    "avg": mean,
    "mean": mean,
    "min": min,
    "max": max,
    "median": _median_of_unsorted,
    "stdev": stdev,
    "variance": variance,
    "range": spread,
}

DEFINED_FOR_NONE = frozenset({"sum", "count"})


def operation(op: object) -> Callable[[Sequence[Number]], Number]:
    """Find the calculation called *op*.

    Raises:
        TypeError: *op* is not a str.
        ValueError: No such operation; the message lists them.

    """
    if not isinstance(op, str):
        raise TypeError(f"op is {op!r}: expected str, not {type(op).__name__}")
    if op in OPERATIONS:
        return OPERATIONS[op]
    match = PERCENTILE_OP.fullmatch(op)
    if match is None:
        raise ValueError(
            f"op is {op!r}: choose one of {', '.join(OPERATIONS)}, or a percentile such as p95 or p99.9"
        )
    rank = to_rank(Fraction(match[1]), "op")
    return lambda numbers: at_rank(in_order(numbers), rank)
