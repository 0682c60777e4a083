"""Where minutes, hours, days, weeks and months begin on the clocks of a zone, which skip and repeat at times."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date, datetime, timedelta, tzinfo
from itertools import islice
from typing import TYPE_CHECKING

from core.analytics.instants import EPOCH, HOUR, MICROSECOND, MINUTE, datetime_of

if TYPE_CHECKING:
    from collections.abc import Iterator

ELAPSED = {"minute": MINUTE, "hour": HOUR}
"""Counted as time passes: an hour that comes twice is two hours."""

DATES = {"day": 1, "week": 7, "month": 31}
"""Counted by the calendar: none lasts more dates than these, so from its first date they always reach the next."""

EVERY = (*ELAPSED, *DATES)

MOST_BUCKETS = 10_000
MOST_EDGES = 2 * MOST_BUCKETS
"""More than there can be: a walk that goes astray ends in a wrong answer, not in none."""


def edges(since: int, until: int, every: str, zone: tzinfo) -> list[int]:
    """Return the instants at which *every* begins in *zone*, from the last not after *since* to the first not before *until*.

    Raises:
        ValueError: They would make more buckets than anyone can look at.

    """
    length = ELAPSED.get(every) or DATES[every] * 24 * HOUR
    if until - since > MOST_BUCKETS * length:
        raise ValueError(
            f"every is {every!r}: that makes more than {MOST_BUCKETS} buckets, so choose a longer one or a shorter window"
        )
    walk = _elapsed(since, until, length, zone) if every in ELAPSED else _dates(since, until, every, zone)
    # A date that a zone skipped begins together with the one after it.
    ascending = sorted(set(islice(walk, MOST_EDGES)))
    return ascending[bisect_right(ascending, since) - 1 :]


def _elapsed(since: int, until: int, unit: int, zone: tzinfo) -> Iterator[int]:
    edge = since - _into(since, unit, zone)
    while edge < until:
        yield edge
        # Clocks that moved by less than the unit make one bucket shorter; the next begins on the full unit again.
        edge += unit - _into(edge, unit, zone)
    yield edge


def _into(micros: int, unit: int, zone: tzinfo) -> int:
    """Return how far the clock is into its minute or hour."""
    shown = datetime_of(micros, zone)
    return ((shown.minute * 60 + shown.second) * 1_000_000 + shown.microsecond) % unit


def _dates(since: int, until: int, every: str, zone: tzinfo) -> Iterator[int]:
    # One day back: clocks that are set back over midnight show a date that is yet to begin.
    day = _first_of(datetime_of(since, zone).date() - timedelta(days=1), every)
    edge = _start_of(day, zone)
    while edge < until:
        yield edge
        day = _first_of(day + timedelta(days=DATES[every]), every)
        edge = _start_of(day, zone)
    yield edge


def _first_of(day: date, every: str) -> date:
    if every == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if every == "week" else day


def _start_of(day: date, zone: tzinfo) -> int:
    """Return the first instant of *day*, also where its midnight is skipped or comes twice."""
    first, last = sorted(_midnight(day, zone, fold) for fold in (0, 1))
    return first + bisect_left(range(first, last), day, key=lambda passed: datetime_of(passed, zone).date())


def _midnight(day: date, zone: tzinfo, fold: int) -> int:
    return (datetime(day.year, day.month, day.day, fold=fold, tzinfo=zone) - EPOCH) // MICROSECOND
