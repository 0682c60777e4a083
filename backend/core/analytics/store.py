"""What is written: executions, which start once and finish once, and metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from core.analytics.errors import InvalidTransitionError
from core.analytics.records import Status

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from core.analytics.exact import Number

SQLITE_INT_MAX = 2**63 - 1

FIND_EXECUTION = """
    SELECT workflow_id, status, started_us, user_id, tags FROM executions WHERE execution_id = :execution_id
"""
INSERT_EXECUTION = """
    INSERT INTO executions (execution_id, workflow_id, status, started_us, user_id, tags)
    VALUES (:execution_id, :workflow_id, 'running', :started_us, :user_id, :tags)
"""
FINISH_EXECUTION = """
    UPDATE executions SET status = :status, finished_us = :finished_us, error = :error
    WHERE execution_id = :execution_id
"""
FIND_METRIC = "SELECT name, value, at_us, workflow_id, tags FROM metrics WHERE metric_id = :metric_id"
INSERT_METRIC = """
    INSERT INTO metrics (metric_id, name, value, at_us, workflow_id, tags)
    VALUES (:metric_id, :name, :value, :at_us, :workflow_id, :tags)
"""


class Start(NamedTuple):
    """The start of an execution, checked; *started_us* is None when the caller left it to the clock."""

    execution_id: str
    workflow_id: str
    started_us: int | None
    user_id: str | None
    tags: str


class Finish(NamedTuple):
    """The end of an execution, checked."""

    execution_id: str
    status: Status
    finished_us: int
    error: str | None


class Point(NamedTuple):
    """A measurement, checked and encoded; *at_us* is None when the caller left it to the clock."""

    metric_id: str | None
    name: str
    value: int | float | str
    at_us: int | None
    workflow_id: str | None
    tags: str


def start_execution(connection: sqlite3.Connection, start: Start, now: Callable[[], int]) -> bool:
    """Record *start* unless it is recorded already, and tell whether it was new.

    Raises:
        InvalidTransitionError: The id belongs to a different execution.

    """
    found = connection.execute(FIND_EXECUTION, start._asdict()).fetchone()
    if found is None:
        started_us = now() if start.started_us is None else start.started_us
        connection.execute(INSERT_EXECUTION, start._replace(started_us=started_us)._asdict())
        return True
    workflow_id, _status, started_us, user_id, tags = found
    repeated_at = started_us if start.started_us is None else start.started_us
    if (start.workflow_id, repeated_at, start.user_id, start.tags) != (
        workflow_id,
        started_us,
        user_id,
        tags,
    ):
        raise InvalidTransitionError(
            f"execution {start.execution_id!r} was already started differently, in workflow {workflow_id!r}: "
            "give every execution its own id"
        )
    return False


def finish_execution(connection: sqlite3.Connection, finish: Finish) -> None:
    """Record *finish*.

    Raises:
        InvalidTransitionError: Never started, finished already, or finished before its start.

    """
    found = connection.execute(FIND_EXECUTION, finish._asdict()).fetchone()
    if found is None:
        raise InvalidTransitionError(
            f"execution {finish.execution_id!r} is unknown: start it before finishing it"
        )
    _workflow_id, status, started_us, _user_id, _tags = found
    if status != Status.RUNNING:
        raise InvalidTransitionError(f"execution {finish.execution_id!r} has already finished, as {status}")
    if finish.finished_us < started_us:
        raise InvalidTransitionError(
            f"execution {finish.execution_id!r} would finish {started_us - finish.finished_us} µs before its start: "
            "pass at= with the right time"
        )
    connection.execute(FINISH_EXECUTION, finish._asdict())


def record_metric(connection: sqlite3.Connection, point: Point, now: Callable[[], int]) -> bool:
    """Record *point* unless its id is recorded already, and tell whether it was new.

    Raises:
        InvalidTransitionError: The id belongs to a different measurement.

    """
    found = connection.execute(FIND_METRIC, point._asdict()).fetchone()
    if found is None:
        at_us = now() if point.at_us is None else point.at_us
        connection.execute(INSERT_METRIC, point._replace(at_us=at_us)._asdict())
        return True
    repeated_at = found[2] if point.at_us is None else point.at_us
    if point._replace(at_us=repeated_at)[1:] != found:
        raise InvalidTransitionError(
            f"metric {point.metric_id!r} was already recorded differently: give every measurement its own id"
        )
    return False


def encode(value: Number) -> int | float | str:
    """Make *value* bindable: an int beyond SQLite's 64 bits becomes text, in base 16 as that has no length limit."""
    if isinstance(value, int) and abs(value) > SQLITE_INT_MAX:
        return hex(value)
    return value


def decode(stored: float | str) -> Number:
    """Undo :func:`encode`."""
    return int(stored, 16) if isinstance(stored, str) else stored
