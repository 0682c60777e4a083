"""Time in buckets: points reduced to one value each, and stored executions counted."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from core.analytics.answers import TimeBucket, TimelineBucket
from core.analytics.checks import to_optional_id
from core.analytics.exact import elements, to_choice, to_number
from core.analytics.instants import ALL_TIME, Interval, datetime_of, micros_of, to_interval, to_zone
from core.analytics.scalars import DEFINED_FOR_NONE, operation
from core.analytics.tallies import tally
from core.analytics.wall_clock import EVERY, edges

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable
    from datetime import tzinfo

    from core.analytics.engine import Engine
    from core.analytics.exact import Number, Real
    from core.analytics.instants import At, Window

EXTENT = """
    SELECT min(started_us), max(started_us) + 1 FROM executions
    WHERE :workflow_id IS NULL OR workflow_id = :workflow_id
"""


def bucketize(
    engine: Engine,
    points: Iterable[tuple[At, Real]],
    every: str,
    agg: str = "sum",
    *,
    tz: str | tzinfo | None = None,
    fill: Real | None = None,
) -> list[TimeBucket]:
    """Reduce *points* to one value per bucket, from the bucket of the first to that of the last.

    Args:
        engine: Whose zone counts unless *tz* is given.

        points: Pairs of an instant and a number, in any order.

        every: "minute", "hour", "day", "week" (from Monday) or "month", by the clocks of the zone.

        agg: What :func:`aggregate` accepts.

        tz: An IANA name or a tzinfo.

        fill: The value of a bucket without points, unless it is a sum or a count, which is 0 then.

    Raises:
        TypeError: A point is no pair, or holds a wrong type.
        ValueError: No such *every* or *agg*, or more than 10,000 buckets.

    """
    unit, calculate = to_choice(every, "every", EVERY), operation(agg)
    zone = engine.zone if tz is None else to_zone(tz)
    empty = calculate([]) if agg in DEFINED_FOR_NONE else None if fill is None else to_number(fill, "fill")
    known = [_to_point(point, index) for index, point in enumerate(elements(points, "points"))]
    if not known:
        return []
    instants = [at for at, _ in known]
    bounds = edges(min(instants), max(instants) + 1, unit, zone)
    members: defaultdict[int, list[Number]] = defaultdict(list)
    for at, value in known:
        members[bisect_right(bounds, at)].append(value)
    return [
        TimeBucket(
            start=datetime_of(start, zone),
            end=datetime_of(end, zone),
            count=len(members[place]),
            value=calculate(members[place]) if members[place] else empty,
        )
        for place, (start, end) in enumerate(pairwise(bounds), start=1)
    ]


def _to_point(point: object, index: int) -> tuple[int, Number]:
    if not isinstance(point, tuple) or len(point) != 2:
        raise TypeError(f"points[{index}] is {point!r}: expected a pair, (at, value)")
    return micros_of(point[0], f"points[{index}]", 0), to_number(point[1], f"points[{index}]", 1)


def timeline(
    engine: Engine, workflow_id: str | None = None, window: Window = "24h", every: str = "hour"
) -> list[TimelineBucket]:
    """Count the executions that started in *window*, bucket by bucket, without gaps.

    The first bucket begins and the last one ends with the window; for all time, with the first and the last start.

    Args:
        engine: In whose zone days begin.

        workflow_id: One workflow, or all.

        window: As for :func:`performance`.

        every: "minute", "hour", "day", "week" (from Monday) or "month".

    Raises:
        ValueError: *window* or *every* cannot be read, or they make more than 10,000 buckets.

    """
    chosen, unit = to_optional_id(workflow_id, "workflow_id"), to_choice(every, "every", EVERY)
    interval = to_interval(window, engine.now)
    return engine.database.run(
        lambda connection: [
            _bucket(connection, part, chosen, engine.zone)
            for part in _parts(_known(connection, interval, chosen), unit, engine.zone)
        ]
    )


def _known(connection: sqlite3.Connection, interval: Interval, workflow_id: str | None) -> Interval | None:
    """Narrow all time to the time that has executions, if any."""
    if interval != ALL_TIME:
        return interval
    since, until = connection.execute(EXTENT, {"workflow_id": workflow_id}).fetchone()
    return None if since is None else Interval(since, until)


def _parts(interval: Interval | None, every: str, zone: tzinfo) -> list[Interval]:
    if interval is None:
        return []
    inner = edges(*interval, every, zone)[1:-1]
    return [Interval(*ends) for ends in pairwise([interval.since, *inner, interval.until])]


def _bucket(
    connection: sqlite3.Connection, interval: Interval, workflow_id: str | None, zone: tzinfo
) -> TimelineBucket:
    counted = tally(connection, interval, workflow_id)
    return TimelineBucket(
        start=datetime_of(interval.since, zone),
        end=datetime_of(interval.until, zone),
        **counted.figures(),
        mean_duration=counted.mean_duration(),
    )
