"""The number policy: which numbers are let in, and how results leave without losing truth.

Every finite int and float is an exact fraction, and the denominator of a float is a power of two.  So a list of them fits
on one integer scale, all arithmetic happens on ints, and rounding happens once, at the end.
"""

from __future__ import annotations

import math
import reprlib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

Number: TypeAlias = int | float
"""What every calculation returns."""

Real: TypeAlias = int | float | Decimal | Fraction
"""What every calculation accepts: finite, and never a bool."""

E = TypeVar("E")

SAFE_LIMIT = 2**53
"""From here on a float skips integers."""

SQLITE_INT_MAX = 2**63 - 1


class Exact(NamedTuple):
    """Numbers as integer *units* of ``1 / scale``."""

    units: list[int]
    scale: int
    has_int: bool


def label(name: str, index: int | None) -> str:
    """Name one argument, or one item of it, in an error message."""
    return name if index is None else f"{name}[{index}]"


def elements(values: Iterable[E], name: str) -> list[E]:
    """Read *values* once.

    Raises:
        TypeError: Not iterable, or one of the iterables that are rarely meant: text, bytes and mappings.

    """
    if isinstance(values, (str, bytes, bytearray, Mapping)) or not isinstance(values, Iterable):
        raise TypeError(f"{name} must be a list or another iterable of values, not {type(values).__name__}")
    return list(values)


def to_numbers(values: Iterable[object], name: str = "values") -> list[Number]:
    """Check every item of *values*; an error names the index of the first bad one."""
    return [to_number(value, name, index) for index, value in enumerate(elements(values, name))]


def to_number(value: object, name: str, index: int | None = None) -> Number:
    """Turn *value* into a plain int or finite float.

    An integral Decimal or Fraction becomes an int, any other the nearest float.

    Raises:
        TypeError: Not a number; bool counts as none.
        ValueError: NaN, infinite, or a Decimal or Fraction beyond the range of float.

    """
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, Fraction)):
        raise TypeError(
            f"{label(name, index)} is {reprlib.repr(value)}: "
            f"expected int, float, Decimal or Fraction, not {type(value).__name__}"
        )
    if isinstance(value, int):
        return int(value)
    number = _nearest_float(value)
    if not math.isfinite(number):
        raise ValueError(
            f"{label(name, index)} is {value!r}: only finite numbers count, so drop or replace it first"
        )
    if isinstance(value, (Decimal, Fraction)) and value == int(value):
        return int(value)
    return number


def _nearest_float(value: float | Decimal | Fraction) -> float:
    """Round *value* to a float; what no finite float is near to becomes NaN."""
    try:
        return float(value)
    except (OverflowError, ValueError):  # a Fraction too large; a signalling NaN
        return math.nan


def as_written(value: object, name: str, index: int | None = None) -> Fraction:
    """Read a number as it is written: 99.9 means 999/10, not the float beside it.

    Raises:
        TypeError: Not a number.
        ValueError: Not finite.

    """
    to_number(value, name, index)
    return Fraction(str(value))


def to_share(value: object, name: str) -> Fraction:
    """Check a part of a whole, as it is written.

    Raises:
        TypeError: Not a number.
        ValueError: Not above 0 and at most 1.

    """
    part = as_written(value, name)
    if not 0 < part <= 1:
        raise ValueError(f"{name} is {value}: it must be above 0 and at most 1")
    return part


def to_durations(values: Iterable[object], name: str) -> list[Number]:
    """Check numbers that are lengths of time.

    Raises:
        TypeError: An item is not a number.
        ValueError: An item is not finite, or negative.

    """
    return [to_duration(value, name, index) for index, value in enumerate(elements(values, name))]


def to_duration(value: object, name: str, index: int | None = None) -> Number:
    """Check a length of time."""
    number = to_number(value, name, index)
    if number < 0:
        raise ValueError(f"{label(name, index)} is {number}: a duration cannot be negative")
    return number


def to_count(value: object, name: str, minimum: int) -> int:
    """Check a whole number of things.

    Raises:
        TypeError: Not an int; bool and float count as none.
        ValueError: Below *minimum*.

    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} is {reprlib.repr(value)}: expected int, not {type(value).__name__}")
    if value < minimum:
        raise ValueError(f"{name} is {value}: it must be at least {minimum}")
    return int(value)


def to_choice(value: object, name: str, choices: Sequence[str]) -> str:
    """Check that *value* is one of a few words.

    Raises:
        TypeError: Not a str.
        ValueError: None of *choices*.

    """
    if not isinstance(value, str):
        raise TypeError(f"{name} is {value!r}: expected str, not {type(value).__name__}")
    if value not in choices:
        raise ValueError(f"{name} is {value!r}: choose one of {', '.join(choices)}")
    return value


def on_common_scale(numbers: Sequence[Number]) -> Exact:
    """Write *numbers* without loss as integers over one denominator."""
    ratios = [number.as_integer_ratio() for number in numbers]
    # Every denominator is a power of two, so the largest is a multiple of all.
    scale = max(denominator for _, denominator in ratios)
    units = [numerator * (scale // denominator) for numerator, denominator in ratios]
    return Exact(units, scale, any(isinstance(number, int) for number in numbers))


def settle(numerator: int, denominator: int, *, has_int: bool) -> Number:
    """Round an exact result once, to the nearest float or, where that would lie, to the nearest int.

    Two results are ints: one of at least 2**53 from data with an int in it (*has_int*), since floats skip ints up there
    and the result could leave the range of its data; and one beyond the largest float.
    """
    if has_int and abs(numerator) >= denominator * SAFE_LIMIT:
        return round(Fraction(numerator, denominator))
    return nearest(numerator, denominator)


def nearest(numerator: int, denominator: int) -> Number:
    """Round an exact result once, to the nearest float or, where none is so large, to the nearest int."""
    try:
        return numerator / denominator
    except OverflowError:
        return round(Fraction(numerator, denominator))


def encode(value: Number) -> int | float | str:
    """Make *value* bindable: an int beyond SQLite's 64 bits becomes text, in base 16 as that has no length limit."""
    if isinstance(value, int) and abs(value) > SQLITE_INT_MAX:
        return hex(value)
    return value


def decode(stored: float | str) -> Number:
    """Undo :func:`encode`."""
    return int(stored, 16) if isinstance(stored, str) else stored
