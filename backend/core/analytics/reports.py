"""How workflows fare over a stretch of time: one of them, their errors, all of them."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from core.analytics.answers import ErrorCount, Overview, Performance, StepPerformance, WorkflowOverview
from core.analytics.checks import to_optional_id
from core.analytics.durations import summarize_micros
from core.analytics.exact import to_count
from core.analytics.instants import MICROS_PER_SECOND, datetime_of, to_interval
from core.analytics.tallies import tally, tally_per_workflow

if TYPE_CHECKING:
    import sqlite3
    from datetime import tzinfo

    from core.analytics.engine import Engine
    from core.analytics.instants import Interval, Window

TOP_ERRORS = 5

SCOPE = (
    "started_us >= :since AND started_us < :until AND (:workflow_id IS NULL OR workflow_id = :workflow_id)"
)

DURATIONS = f"SELECT finished_us - started_us FROM executions WHERE {SCOPE} AND finished_us IS NOT NULL"  # noqa: S608 - made of constants
USERS = f"SELECT count(DISTINCT user_id) FROM executions WHERE {SCOPE}"  # noqa: S608 - made of constants
# Each name is looked up in the index right behind the one before it; sorting all steps into groups takes far longer.
STEP_NAMES = """
    WITH RECURSIVE names(name) AS (
        SELECT min(name) FROM steps
        UNION ALL
        SELECT (SELECT min(name) FROM steps WHERE steps.name > names.name) FROM names WHERE name IS NOT NULL
    )
    SELECT name FROM names WHERE name IS NOT NULL
"""
STEPS = f"""
    SELECT count(*), count(*) FILTER (WHERE status = 'failed'),
        sum((finished_us - started_us) / 1000000), sum((finished_us - started_us) % 1000000),
        max(finished_us - started_us)
    FROM steps WHERE name = :name AND {SCOPE}
"""  # noqa: S608 - made of constants
ERRORS = f"""
    SELECT error, workflow_id, count(*), min(started_us), max(started_us)
    FROM executions WHERE status = 'failed' AND {SCOPE}
    GROUP BY error, workflow_id ORDER BY error, workflow_id
"""  # noqa: S608 - made of constants


def performance(engine: Engine, workflow_id: str | None = None, window: Window = "24h") -> Performance:
    """Sum up the executions that started in *window*, of one workflow or of all.

    Args:
        engine: What has been recorded.

        workflow_id: One workflow, or all.

        window: A length back from now, which it includes ("30s", "15m", "24h", "7d", "4w", or a timedelta); or a pair
            (since, until) without its end; or None for all time.

    Raises:
        ValueError: *window* cannot be read, or holds no time.

    """
    interval, chosen = to_interval(window, engine.now), to_optional_id(workflow_id, "workflow_id")
    return engine.database.run(lambda connection: _performance(connection, engine.zone, interval, chosen))


def _performance(
    connection: sqlite3.Connection, zone: tzinfo, interval: Interval, workflow_id: str | None
) -> Performance:
    scope = _scope(interval, workflow_id)
    counted = tally(connection, interval, workflow_id)
    since, until = interval.ends(zone)
    return Performance(
        workflow_id=workflow_id,
        since=since,
        until=until,
        **counted.figures(),
        durations=summarize_micros([*chain.from_iterable(connection.execute(DURATIONS, scope))]),
        unique_users=_unique_users(connection, scope),
        steps=_steps(connection, scope),
        top_errors=tuple(_errors(connection, zone, scope)[:TOP_ERRORS]),
    )


def _scope(interval: Interval, workflow_id: str | None) -> dict[str, int | str | None]:
    return {**interval._asdict(), "workflow_id": workflow_id}


def _unique_users(connection: sqlite3.Connection, scope: dict[str, int | str | None]) -> int:
    (users,) = connection.execute(USERS, scope).fetchone()
    return int(users)


def _steps(connection: sqlite3.Connection, scope: dict[str, int | str | None]) -> tuple[StepPerformance, ...]:
    found = []
    for (name,) in connection.execute(STEP_NAMES).fetchall():
        counted = connection.execute(STEPS, {**scope, "name": name}).fetchone()
        count, failed, seconds, micros, longest = counted
        if count:
            whole = seconds * MICROS_PER_SECOND + micros
            found.append(
                StepPerformance(
                    name=name,
                    count=count,
                    failed=failed,
                    total_duration=whole / MICROS_PER_SECOND,
                    mean_duration=whole / (count * MICROS_PER_SECOND),
                    max_duration=longest / MICROS_PER_SECOND,
                )
            )
    return tuple(sorted(found, key=lambda step: -step.total_duration))


def error_breakdown(
    engine: Engine, workflow_id: str | None = None, window: Window = "24h", *, limit: int = 20
) -> list[ErrorCount]:
    """List the errors of failed executions that started in *window*, the most frequent first, *limit* of them."""
    most = to_count(limit, "limit", 1)
    scope = _scope(to_interval(window, engine.now), to_optional_id(workflow_id, "workflow_id"))
    return engine.database.run(lambda connection: _errors(connection, engine.zone, scope))[:most]


class ErrorRow(NamedTuple):
    """One error in one workflow: how often, and when the first and the last of its executions started."""

    workflow_id: str
    failures: int
    first_us: int
    last_us: int


def _errors(
    connection: sqlite3.Connection, zone: tzinfo, scope: dict[str, int | str | None]
) -> list[ErrorCount]:
    groups: dict[str | None, list[ErrorRow]] = {}
    for error, *counted in connection.execute(ERRORS, scope):
        groups.setdefault(error, []).append(ErrorRow(*counted))
    failures = sum(one.failures for members in groups.values() for one in members)
    found = []
    for error, members in groups.items():
        count = sum(one.failures for one in members)
        found.append(
            ErrorCount(
                error=error,
                count=count,
                share=count / failures,
                workflow_ids=tuple(one.workflow_id for one in members),
                first_seen=datetime_of(min(one.first_us for one in members), zone),
                last_seen=datetime_of(max(one.last_us for one in members), zone),
            )
        )
    return sorted(found, key=lambda one: -one.count)


def overview(engine: Engine, window: Window = "24h") -> Overview:
    """Sum up the executions that started in *window*, over all workflows and for each, the busiest first."""
    interval = to_interval(window, engine.now)
    return engine.database.run(lambda connection: _overview(connection, engine.zone, interval))


def _overview(connection: sqlite3.Connection, zone: tzinfo, interval: Interval) -> Overview:
    counted = tally(connection, interval, None)
    since, until = interval.ends(zone)
    return Overview(
        since=since,
        until=until,
        **counted.figures(),
        unique_users=_unique_users(connection, _scope(interval, None)),
        workflows=tuple(
            WorkflowOverview(
                workflow_id=workflow_id,
                **each.figures(),
                mean_duration=each.mean_duration(),
                last_started=datetime_of(last_us, zone),
            )
            for workflow_id, last_us, each in tally_per_workflow(connection, interval)
        ),
    )
