"""What is read back record by record."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from core.analytics.checks import to_id, to_optional_id, to_optional_status
from core.analytics.exact import decode, to_count
from core.analytics.instants import datetime_of, to_interval
from core.analytics.records import Execution, Metric, Status, Step
from core.analytics.store import ExecutionRow, Point, StepRow

if TYPE_CHECKING:
    from datetime import tzinfo

    from core.analytics.engine import Engine
    from core.analytics.instants import Window

# A missing filter is bound as NULL and lets everything through.
EXECUTIONS = """
    SELECT execution_id, workflow_id, status, started_us, finished_us, user_id, tags, error
    FROM executions
    WHERE started_us >= :since AND started_us < :until
      AND (:workflow_id IS NULL OR workflow_id = :workflow_id)
      AND (:status IS NULL OR status = :status)
    ORDER BY started_us DESC, execution_id
    LIMIT :limit OFFSET :offset
"""
LAST_EXECUTION = """
    SELECT execution_id, workflow_id, status, started_us, finished_us, user_id, tags, error
    FROM executions
    WHERE :workflow_id IS NULL OR workflow_id = :workflow_id
    ORDER BY started_us DESC, execution_id
    LIMIT 1
"""
STEPS = """
    SELECT step_id, execution_id, name, status, started_us, finished_us, error, workflow_id
    FROM steps WHERE execution_id = ? ORDER BY started_us, number
"""
METRICS = """
    SELECT metric_id, name, value, at_us, workflow_id, tags
    FROM metrics
    WHERE name = :name AND at_us >= :since AND at_us < :until
      AND (:workflow_id IS NULL OR workflow_id = :workflow_id)
    ORDER BY at_us, number
"""
WORKFLOWS = "SELECT DISTINCT workflow_id FROM executions ORDER BY workflow_id"


def executions(
    engine: Engine,
    workflow_id: str | None = None,
    window: Window = None,
    *,
    status: str | None = None,
    limit: int = 100,
    offset: int = 0,
) -> list[Execution]:
    """List executions that started in *window*, the newest first, *limit* of them after skipping *offset*."""
    filters = {
        "workflow_id": to_optional_id(workflow_id, "workflow_id"),
        "status": to_optional_status(status, "status"),
        "limit": to_count(limit, "limit", 1),
        "offset": to_count(offset, "offset", 0),
        **to_interval(window, engine.now)._asdict(),
    }
    found = engine.database.run(lambda connection: connection.execute(EXECUTIONS, filters).fetchall())
    return [to_execution(ExecutionRow(*row), engine.zone) for row in found]


def last_execution(engine: Engine, workflow_id: str | None = None) -> Execution | None:
    """Return the execution that started last, of one workflow or of all, if there is one."""
    filters = {"workflow_id": to_optional_id(workflow_id, "workflow_id")}
    found = engine.database.run(lambda connection: connection.execute(LAST_EXECUTION, filters).fetchone())
    return None if found is None else to_execution(ExecutionRow(*found), engine.zone)


def steps(engine: Engine, execution_id: str) -> list[Step]:
    """List the steps of an execution in the order in which they started; none if it is unknown."""
    known = to_id(execution_id, "execution_id")
    found = engine.database.run(lambda connection: connection.execute(STEPS, (known,)).fetchall())
    return [to_step(StepRow(*row), engine.zone) for row in found]


def metrics(engine: Engine, name: str, workflow_id: str | None = None, window: Window = None) -> list[Metric]:
    """List the measurements called *name* in *window*, the oldest first."""
    filters = {
        "name": to_id(name, "name"),
        "workflow_id": to_optional_id(workflow_id, "workflow_id"),
        **to_interval(window, engine.now)._asdict(),
    }
    found = engine.database.run(lambda connection: connection.execute(METRICS, filters).fetchall())
    return [to_metric(Point(*row), engine.zone) for row in found]


def workflows(engine: Engine) -> list[str]:
    """List the ids of all workflows ever started, in alphabetical order."""
    found = engine.database.run(lambda connection: connection.execute(WORKFLOWS).fetchall())
    return [workflow_id for (workflow_id,) in found]


def to_execution(row: ExecutionRow, zone: tzinfo) -> Execution:
    """Show a row in *zone*."""
    return Execution(
        execution_id=row.execution_id,
        workflow_id=row.workflow_id,
        status=Status(row.status),
        started=datetime_of(row.started_us, zone),
        finished=None if row.finished_us is None else datetime_of(row.finished_us, zone),
        user_id=row.user_id,
        tags=json.loads(row.tags),
        error=row.error,
    )


def to_step(row: StepRow, zone: tzinfo) -> Step:
    """Show a row in *zone*."""
    return Step(
        execution_id=row.execution_id,
        name=row.name,
        status=Status(row.status),
        started=datetime_of(row.started_us, zone),
        finished=datetime_of(row.finished_us, zone),
        error=row.error,
        step_id=row.step_id,
    )


def to_metric(row: Point, zone: tzinfo) -> Metric:
    """Show a row in *zone*."""
    return Metric(
        name=row.name,
        value=decode(row.value),
        at=datetime_of(row.at_us, zone),
        workflow_id=row.workflow_id,
        tags=json.loads(row.tags),
        metric_id=row.metric_id,
    )
