"""What is read back."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from core.analytics.instants import MICROS_PER_SECOND, Interval, datetime_of
from core.analytics.records import Execution, Metric, Performance, Status
from core.analytics.scalars import share, summarize
from core.analytics.store import decode

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime, tzinfo

    from core.analytics.scalars import Summary

# A missing filter is bound as NULL and lets everything through.
EXECUTIONS = """
    SELECT execution_id, workflow_id, status, started_us, finished_us, user_id, tags, error
    FROM executions
    WHERE (:workflow_id IS NULL OR workflow_id = :workflow_id)
      AND (:status IS NULL OR status = :status)
      AND (:since IS NULL OR started_us >= :since)
      AND (:until IS NULL OR started_us < :until)
    ORDER BY started_us DESC, execution_id
    LIMIT :limit OFFSET :offset
"""
METRICS = """
    SELECT name, value, at_us, workflow_id, tags
    FROM metrics
    WHERE name = :name
      AND (:workflow_id IS NULL OR workflow_id = :workflow_id)
      AND (:since IS NULL OR at_us >= :since)
      AND (:until IS NULL OR at_us < :until)
    ORDER BY at_us, number
"""
NO_LIMIT = -1


class Filters(NamedTuple):
    """Which executions are meant; None and -1 let everything through."""

    workflow_id: str | None = None
    status: Status | None = None
    limit: int = NO_LIMIT
    offset: int = 0


class Row(NamedTuple):
    """An execution as it is stored."""

    execution_id: str
    workflow_id: str
    status: str
    started_us: int
    finished_us: int | None
    user_id: str | None
    tags: str
    error: str | None


def executions(
    connection: sqlite3.Connection, zone: tzinfo, interval: Interval, filters: Filters
) -> list[Execution]:
    """List the executions that started in *interval*, the newest first."""
    return [_execution(row, zone) for row in _rows(connection, interval, filters)]


def _rows(connection: sqlite3.Connection, interval: Interval, filters: Filters) -> list[Row]:
    found = connection.execute(EXECUTIONS, {**filters._asdict(), **interval._asdict()})
    return [Row(*row) for row in found]


def _execution(row: Row, zone: tzinfo) -> Execution:
    return Execution(
        execution_id=row.execution_id,
        workflow_id=row.workflow_id,
        status=Status(row.status),
        started=datetime_of(row.started_us, zone),
        finished=_shown(row.finished_us, zone),
        duration=_duration(row),
        user_id=row.user_id,
        tags=json.loads(row.tags),
        error=row.error,
    )


def _duration(row: Row) -> float | None:
    return None if row.finished_us is None else (row.finished_us - row.started_us) / MICROS_PER_SECOND


def metrics(
    connection: sqlite3.Connection, zone: tzinfo, interval: Interval, *, name: str, workflow_id: str | None
) -> list[Metric]:
    """List the measurements called *name* in *interval*, in order of time, then of recording."""
    rows = connection.execute(METRICS, {"name": name, "workflow_id": workflow_id, **interval._asdict()})
    return [
        Metric(
            name=found,
            value=decode(value),
            at=datetime_of(at_us, zone),
            workflow_id=workflow,
            tags=json.loads(tags),
        )
        for found, value, at_us, workflow, tags in rows
    ]


def performance(
    connection: sqlite3.Connection, zone: tzinfo, interval: Interval, *, workflow_id: str | None
) -> Performance:
    """Sum up the executions that started in *interval*."""
    found = _rows(connection, interval, Filters(workflow_id))
    counts = Counter(row.status for row in found)
    succeeded, failed = counts[Status.SUCCEEDED], counts[Status.FAILED]
    return Performance(
        workflow_id=workflow_id,
        since=_shown(interval.since, zone),
        until=_shown(interval.until, zone),
        total=len(found),
        by_status={status: counts[status] for status in Status},
        success_rate=share(succeeded, failed),
        error_rate=share(failed, succeeded),
        durations=_summary([duration for duration in map(_duration, found) if duration is not None]),
        unique_users=len({row.user_id for row in found if row.user_id is not None}),
    )


def _shown(micros: int | None, zone: tzinfo) -> datetime | None:
    return None if micros is None else datetime_of(micros, zone)


def _summary(durations: list[float]) -> Summary | None:
    return summarize(durations) if durations else None
