"""What is written: executions, which start once and finish once, their steps, and metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from core.analytics.errors import InvalidTransitionError
from core.analytics.records import Status

if TYPE_CHECKING:
    import sqlite3

FIND_EXECUTION = """
    SELECT execution_id, workflow_id, status, started_us, finished_us, user_id, tags, error
    FROM executions WHERE execution_id = ?
"""
INSERT_EXECUTION = "INSERT INTO executions VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
FINISH_EXECUTION = """
    UPDATE executions SET status = :status, finished_us = :finished_us, error = :error
    WHERE execution_id = :execution_id
"""
FIND_STEP = """
    SELECT step_id, execution_id, name, status, started_us, finished_us, error, workflow_id
    FROM steps WHERE step_id = ?
"""
INSERT_STEP = """
    INSERT INTO steps (step_id, execution_id, name, status, started_us, finished_us, error, workflow_id)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
FIND_METRIC = "SELECT metric_id, name, value, at_us, workflow_id, tags FROM metrics WHERE metric_id = ?"
INSERT_METRIC = """
    INSERT INTO metrics (metric_id, name, value, at_us, workflow_id, tags) VALUES (?, ?, ?, ?, ?, ?)
"""


class ExecutionRow(NamedTuple):
    """An execution as it is stored."""

    execution_id: str
    workflow_id: str
    status: str
    started_us: int
    finished_us: int | None
    user_id: str | None
    tags: str
    error: str | None


class Finish(NamedTuple):
    """The end of an execution, checked."""

    execution_id: str
    status: str
    finished_us: int
    error: str | None


class StepRow(NamedTuple):
    """A step as it is stored; its workflow is that of its execution."""

    step_id: str | None
    execution_id: str
    name: str
    status: str
    started_us: int
    finished_us: int
    error: str | None
    workflow_id: str = ""


class Point(NamedTuple):
    """A measurement, checked and encoded."""

    metric_id: str | None
    name: str
    value: int | float | str
    at_us: int
    workflow_id: str | None
    tags: str


def find_execution(connection: sqlite3.Connection, execution_id: str, doing: str) -> ExecutionRow:
    """Return what is known of an execution.

    Raises:
        InvalidTransitionError: Nothing, so *doing* that has to wait.

    """
    found = _find(connection, execution_id)
    if found is None:
        raise InvalidTransitionError(f"execution {execution_id!r} is unknown: start it before {doing} it")
    return found


def _find(connection: sqlite3.Connection, execution_id: str) -> ExecutionRow | None:
    found = connection.execute(FIND_EXECUTION, (execution_id,)).fetchone()
    return found and ExecutionRow(*found)


def start_execution(connection: sqlite3.Connection, row: ExecutionRow, *, is_timed: bool = True) -> bool:
    """Record *row* unless its start is recorded already, and tell whether it was new.

    A repeated start may have another time unless that *is_timed* by the caller.

    Raises:
        InvalidTransitionError: The id belongs to a different execution.

    """
    known = _find(connection, row.execution_id)
    if known is None:
        connection.execute(INSERT_EXECUTION, row)
        return True
    timed = row if is_timed else row._replace(started_us=known.started_us)
    if timed._replace(status=known.status, finished_us=known.finished_us, error=known.error) != known:
        raise InvalidTransitionError(
            f"execution {row.execution_id!r} was already started differently, in workflow {known.workflow_id!r}: "
            "give every execution its own id"
        )
    return False


def finish_execution(connection: sqlite3.Connection, finish: Finish) -> None:
    """Record *finish*.

    Raises:
        InvalidTransitionError: Never started, finished already, or finished before its start.

    """
    known = find_execution(connection, finish.execution_id, "finishing")
    if known.status != Status.RUNNING:
        raise InvalidTransitionError(
            f"execution {finish.execution_id!r} has already finished, as {known.status}"
        )
    refuse_backwards(f"execution {finish.execution_id!r}", known.started_us, finish.finished_us)
    connection.execute(FINISH_EXECUTION, finish._asdict())


def refuse_backwards(what: str, started_us: int, finished_us: int | None) -> None:
    """Refuse an end before its start.

    Raises:
        InvalidTransitionError: It is one.

    """
    if finished_us is not None and finished_us < started_us:
        raise InvalidTransitionError(
            f"{what} would finish {started_us - finished_us} µs before its start: pass at= with the right time"
        )


def put_execution(connection: sqlite3.Connection, row: ExecutionRow) -> bool:
    """Record a whole execution, or what is new of it, and tell whether anything was.

    Raises:
        InvalidTransitionError: What is recorded already says something else.

    """
    refuse_backwards(f"execution {row.execution_id!r}", row.started_us, row.finished_us)
    if start_execution(connection, row):
        return True
    if row.finished_us is None or _find(connection, row.execution_id) == row:
        return False
    finish_execution(connection, Finish(row.execution_id, row.status, row.finished_us, row.error))
    return True


def put_step(connection: sqlite3.Connection, step: StepRow) -> bool:
    """Record *step* of a known execution unless its id is recorded already, and tell whether it was new.

    Raises:
        InvalidTransitionError: Its execution is unknown or started later, or its id belongs to a different step.

    """
    execution = find_execution(connection, step.execution_id, "recording steps of")
    if step.started_us < execution.started_us:
        raise InvalidTransitionError(
            f"step {step.name!r} would start {execution.started_us - step.started_us} µs before its execution "
            f"{step.execution_id!r}: pass the right duration and at="
        )
    row = step._replace(workflow_id=execution.workflow_id)
    found = connection.execute(FIND_STEP, (step.step_id,)).fetchone()
    if found is None:
        connection.execute(INSERT_STEP, row)
        return True
    if found != row:
        raise InvalidTransitionError(
            f"step {step.step_id!r} was already recorded differently: give every step its own id"
        )
    return False


def put_metric(connection: sqlite3.Connection, point: Point, *, is_timed: bool = True) -> bool:
    """Record *point* unless its id is recorded already, and tell whether it was new.

    A repeated one may have another time unless that *is_timed* by the caller.

    Raises:
        InvalidTransitionError: The id belongs to a different measurement.

    """
    found = connection.execute(FIND_METRIC, (point.metric_id,)).fetchone()
    if found is None:
        connection.execute(INSERT_METRIC, point)
        return True
    known = Point(*found)
    if known != (point if is_timed else point._replace(at_us=known.at_us)):
        raise InvalidTransitionError(
            f"metric {point.metric_id!r} was already recorded differently: give every measurement its own id"
        )
    return False
