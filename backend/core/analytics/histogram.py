"""Counts of values in equal buckets, numbered from 0 and never lost to rounding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.analytics.exact import elements, on_common_scale, settle, to_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.analytics.exact import Number, Real


class Histogram(dict[int, int]):
    """Bucket number → count, for every bucket, the empty ones too.

    Bucket *i* holds ``edges[i] <= value < edges[i + 1]``; the last one holds its upper edge as well.  Buckets are decided on
    exact edges and ``edges`` are those rounded, so edges may coincide where no float lies between them.

    Attributes:
        edges: One more edge than there are buckets, ascending.
        underflow: How many values lay below the first edge.
        overflow: How many values lay above the last edge.

    """

    def __init__(
        self, counts: Iterable[int], edges: Sequence[Number], *, underflow: int, overflow: int
    ) -> None:
        super().__init__(enumerate(counts))
        self.edges = tuple(edges)
        self.underflow = underflow
        self.overflow = overflow

    @property
    def total(self) -> int:
        """How many values were counted, inside the edges or outside."""
        return sum(self.values()) + self.underflow + self.overflow

    def merge(self, other: Histogram) -> Histogram:
        """Return the histogram of both data sets together.

        Raises:
            TypeError: *other* is not a histogram.
            ValueError: The two have different buckets.

        """
        if not isinstance(other, Histogram):
            raise TypeError(f"other is {other!r}: expected Histogram, not {type(other).__name__}")
        # Equal ends and equally many buckets mean equal exact edges between.
        mine, theirs = (
            (len(self), self.edges[0], self.edges[-1]),
            (len(other), other.edges[0], other.edges[-1]),
        )
        if mine != theirs:
            raise ValueError(
                f"cannot merge {_shape(*mine)} with {_shape(*theirs)}: "
                "build both with the same num_buckets and range="
            )
        return Histogram(
            (self[bucket] + other[bucket] for bucket in range(len(self))),
            self.edges,
            underflow=self.underflow + other.underflow,
            overflow=self.overflow + other.overflow,
        )


def _shape(buckets: int, low: Number, high: Number) -> str:
    return f"{buckets} buckets over [{low}, {high}]"


def to_bounds(bounds: tuple[Real, Real]) -> tuple[Number, Number]:
    """Check the pair given as ``range=``.

    Raises:
        TypeError: Not two numbers.
        ValueError: Not exactly two, or the lower is not below the upper.

    """
    ends = elements(bounds, "range")
    if len(ends) != 2:
        raise ValueError(f"range has {len(ends)} items: expected two, (low, high)")
    low, high = (to_number(end, "range", index) for index, end in enumerate(ends))
    if low >= high:
        raise ValueError(f"range is ({low}, {high}): low must be below high")
    return low, high


def count_into_buckets(numbers: Sequence[Number], num_buckets: int, low: Number, high: Number) -> Histogram:
    """Count each of *numbers* in one of *num_buckets* between *low* and *high*, or outside them."""
    exact = on_common_scale([low, high, *numbers])
    start, stop, *units = exact.units
    width = stop - start
    counts = [0] * num_buckets
    underflow = overflow = 0
    for unit in units:
        if unit < start:
            underflow += 1
        elif unit > stop:
            overflow += 1
        else:
            counts[_bucket(unit - start, width, num_buckets)] += 1
    edges = [
        settle(start * num_buckets + width * edge, exact.scale * num_buckets, has_int=exact.has_int)
        for edge in range(num_buckets + 1)
    ]
    return Histogram(counts, edges, underflow=underflow, overflow=overflow)


def _bucket(offset: int, width: int, num_buckets: int) -> int:
    """Find the bucket *offset* units above the first edge; without any width there is only the first."""
    if width == 0:
        return 0
    return min(num_buckets - 1, offset * num_buckets // width)
