"""Values in the order of time."""

from __future__ import annotations

from datetime import datetime
from itertools import accumulate
from typing import TYPE_CHECKING, TypeVar

from core.analytics.exact import Number, elements, on_common_scale, settle, to_number
from core.analytics.instants import micros_of
from core.analytics.ranks import between

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from fractions import Fraction

    from core.analytics.exact import Real

T = TypeVar("T", bound="datetime | Real")


def in_time_order(timestamps: Iterable[T]) -> list[T]:
    """Sort *timestamps*, keeping duplicates and the objects themselves.

    Raises:
        TypeError: Datetimes mixed with numbers, or something that is neither.
        ValueError: A naive datetime, or a number that is not finite.

    """
    stamps = elements(timestamps, "timestamps")
    dated = [isinstance(stamp, datetime) for stamp in stamps]
    if not any(dated):
        for index, stamp in enumerate(stamps):
            to_number(stamp, "timestamps", index)
        return sorted(stamps)
    if not all(dated):
        odd = dated.index(not dated[0])
        raise TypeError(
            f"timestamps[{odd}] is {stamps[odd]!r}: datetimes and numbers do not mix, so convert one kind"
        )
    # By instant: two datetimes of one zone compare by their clock faces, which an autumn night shows twice.
    instants = [micros_of(stamp, "timestamps", index) for index, stamp in enumerate(stamps)]
    return [stamps[index] for index in sorted(range(len(stamps)), key=instants.__getitem__)]


def smoothed(numbers: Sequence[Number], alpha: Fraction) -> list[Number]:
    """Return the exponential moving average: each value pulls the one before it *alpha* of the way towards itself.

    Every step is rounded once, so the average never leaves the range of the values so far.
    """
    return list(accumulate(numbers, lambda average, number: between(average, number, alpha)))


def moving_means(numbers: Sequence[Number], window: int) -> list[Number]:
    """Return the mean of each *window* neighbours; a spike leaves no trace once it has passed."""
    if len(numbers) < window:
        return []
    exact = on_common_scale(numbers)
    # Running totals of ints are exact however large a spike goes through them.
    sums = [0, *accumulate(exact.units)]
    ints = [0, *accumulate(isinstance(number, int) for number in numbers)]
    return [
        settle(sums[end] - sums[end - window], exact.scale * window, has_int=ints[end] > ints[end - window])
        for end in range(window, len(sums))
    ]
