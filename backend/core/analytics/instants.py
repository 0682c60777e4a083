"""Points in time as integer microseconds since 1970 in UTC, and windows between two of them.

Only an integer survives storage, sorting and an autumn night unharmed; zones are for showing.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from core.analytics.exact import Real, label, to_number

if TYPE_CHECKING:
    from collections.abc import Callable

At: TypeAlias = datetime | Real
"""A point in time: an aware datetime, or seconds since 1970."""

Window: TypeAlias = str | timedelta | tuple[At, At] | None
"""A stretch of time: ``"24h"``, a timedelta back from now, ``(since, until)``, or None for all time."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
MICROS_PER_SECOND = 1_000_000

# A year inside what datetime can show, so that every zone can show every stored instant.
EARLIEST = (datetime(2, 1, 1, tzinfo=UTC) - EPOCH) // MICROSECOND
LATEST = (datetime(9998, 12, 31, tzinfo=UTC) - EPOCH) // MICROSECOND


class Interval(NamedTuple):
    """``since <= instant < until`` in microseconds."""

    since: int
    until: int

    def ends(self, zone: tzinfo) -> tuple[datetime | None, datetime | None]:
        """Show both ends on the clocks of *zone*; all time has none."""
        return (
            (None, None)
            if self == ALL_TIME
            else (datetime_of(self.since, zone), datetime_of(self.until, zone))
        )


ALL_TIME = Interval(EARLIEST, LATEST + 1)

LENGTH = re.compile(r"([1-9][0-9]{0,5})([smhdw])")
SECOND, MINUTE, HOUR = MICROS_PER_SECOND, 60 * MICROS_PER_SECOND, 3600 * MICROS_PER_SECOND
UNITS = {"s": SECOND, "m": MINUTE, "h": HOUR, "d": 24 * HOUR, "w": 7 * 24 * HOUR}


def micros_of(at: object, name: str, index: int | None = None) -> int:
    """Return the instant of *at*; seconds are rounded to the nearest microsecond.

    Raises:
        TypeError: Neither a datetime nor a number.
        ValueError: A naive datetime, a number that is not finite, or an instant outside the years 2 to 9998.

    """
    if isinstance(at, datetime):
        if at.utcoffset() is None:
            raise ValueError(
                f"{label(name, index)} is {at.isoformat()}, which has no zone: "
                "attach one, for example tzinfo=datetime.UTC"
            )
        micros = (at - EPOCH) // MICROSECOND
    else:
        micros = round(Fraction(to_number(at, name, index)) * MICROS_PER_SECOND)
    if not EARLIEST <= micros <= LATEST:
        raise ValueError(f"{label(name, index)} is {at}: it must lie in the years 2 to 9998")
    return micros


def datetime_of(micros: int, zone: tzinfo) -> datetime:
    """Show an instant on the clocks of *zone*."""
    return utc_of(micros).astimezone(zone)


def utc_of(micros: int) -> datetime:
    """Show an instant in UTC."""
    return EPOCH + micros * MICROSECOND


def to_zone(tz: str | tzinfo) -> tzinfo:
    """Find a time zone by its IANA name.

    Raises:
        TypeError: Neither a name nor a tzinfo.
        ValueError: No such zone on this machine.

    """
    if isinstance(tz, tzinfo):
        return tz
    if not isinstance(tz, str):
        raise TypeError(f"tz is {tz!r}: expected a zone name or a tzinfo, not {type(tz).__name__}")
    if tz == "UTC":
        return UTC  # needs no zone database, which slim containers lack
    try:
        return ZoneInfo(tz)
    except (KeyError, ValueError, OSError):  # unknown, malformed, or a folder of zones
        raise ValueError(f"tz is {tz!r}: no such zone; use an IANA name such as Europe/Paris") from None


def to_interval(window: Window, now: Callable[[], int]) -> Interval:
    """Resolve *window*; a length reaches back from *now* and includes it.

    Raises:
        TypeError: Not one of the forms.
        ValueError: An unknown text, or a window that holds no time.

    """
    if window is None:
        return ALL_TIME
    if isinstance(window, tuple):
        return _between(*_two_ends(window))
    length = to_length(window, "window", "str, timedelta, (since, until) or None")
    if length <= 0:
        raise ValueError(f"window is {window}: it must be longer than zero")
    until = now() + 1
    return Interval(max(EARLIEST, until - length), until)


def _two_ends(window: tuple[At, ...]) -> tuple[int, int]:
    if len(window) != 2:
        raise ValueError(f"window has {len(window)} items: expected two, (since, until)")
    since, until = (micros_of(at, "window", index) for index, at in enumerate(window))
    return since, until


def _between(since: int, until: int) -> Interval:
    if since >= until:
        raise ValueError(f"window ends at {utc_of(until)}, not after its start {utc_of(since)}")
    return Interval(since, until)


def to_length(length: object, name: str, forms: str = "str or timedelta") -> int:
    """Return a length of time in microseconds, from text such as "24h" or a timedelta.

    Raises:
        TypeError: Neither.
        ValueError: A text that cannot be read.

    """
    if isinstance(length, timedelta):
        return length // MICROSECOND
    if not isinstance(length, str):
        raise TypeError(f"{name} is {length!r}: expected {forms}")
    match = LENGTH.fullmatch(length)
    if match is None:
        raise ValueError(f"{name} is {length!r}: write a length such as 30s, 15m, 24h, 7d or 4w")
    return int(match[1]) * UNITS[match[2]]
