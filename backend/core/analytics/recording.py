"""Recording, one call at a time or many records at once: checks first, then one transaction."""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import datetime
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from core.analytics import store
from core.analytics.checks import (
    to_error,
    to_id,
    to_optional_id,
    to_optional_micros,
    to_outcome,
    to_status,
    to_stored,
    to_tags,
)
from core.analytics.exact import elements, to_duration
from core.analytics.instants import MICROS_PER_SECOND, micros_of, utc_of
from core.analytics.records import Execution, Metric, Record, Status, Step

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping

    from core.analytics.engine import Engine
    from core.analytics.exact import Real
    from core.analytics.instants import At

A = TypeVar("A")
R = TypeVar("R")
Row = TypeVar("Row")

Check: TypeAlias = Callable[[object, str], object]

# How the fields of each record are checked, in the order of the columns they go to.
EXECUTION: dict[str, Check] = {
    "execution_id": to_id,
    "workflow_id": to_id,
    "status": to_status,
    "started": micros_of,
    "finished": to_optional_micros,
    "user_id": to_optional_id,
    "tags": to_tags,
    "error": to_error,
}
FINISH: dict[str, Check] = {
    "execution_id": to_id,
    "status": to_outcome,
    "at": micros_of,
    "error": to_error,
}
STEP: dict[str, Check] = {
    "step_id": to_optional_id,
    "execution_id": to_id,
    "name": to_id,
    "status": to_outcome,
    "started": micros_of,
    "finished": micros_of,
    "error": to_error,
}
METRIC: dict[str, Check] = {
    "metric_id": to_optional_id,
    "name": to_id,
    "value": to_stored,
    "at": micros_of,
    "workflow_id": to_optional_id,
    "tags": to_tags,
}


def start_execution(
    engine: Engine,
    workflow_id: str,
    execution_id: str,
    at: At | None = None,
    user_id: str | None = None,
    tags: Mapping[str, str] | None = None,
) -> bool:
    """Record that an execution began, and tell whether that is news: repeating a start changes nothing.

    Args:
        engine: Where.

        workflow_id: What is executed.

        execution_id: Unique among all executions.

        at: An aware datetime or seconds since 1970; now if missing.

        user_id: On whose behalf.

        tags: Anything else worth keeping.

    Raises:
        InvalidTransitionError: The id was started before with other particulars.

    """
    values = (execution_id, workflow_id, Status.RUNNING, _at(engine, at), None, user_id, tags, None)
    row = store.ExecutionRow(*_checked(EXECUTION, *values))
    is_timed = at is not None
    return engine.database.run(lambda connection: store.start_execution(connection, row, is_timed=is_timed))


def finish_execution(
    engine: Engine, execution_id: str, status: str, at: At | None = None, error: str | None = None
) -> None:
    """Record that an execution ended as "succeeded", "failed" or "cancelled".

    Raises:
        InvalidTransitionError: It is unknown, has finished already, or would finish before its start.

    """
    ended = _at(engine, at)
    finish = store.Finish(*_checked(FINISH, execution_id, status, ended, error))
    engine.database.run(lambda connection: store.finish_execution(connection, finish))


def record_step(
    engine: Engine,
    execution_id: str,
    name: str,
    duration: Real,
    status: str = "succeeded",
    at: At | None = None,
    error: str | None = None,
    *,
    step_id: str | None = None,
) -> bool:
    """Record a step of an execution and tell whether it is news: one with a *step_id* counts once, however often sent.

    Args:
        engine: Where.

        execution_id: A started execution; a step may be reported after its execution finished.

        name: What the step is called in every execution.

        duration: How many seconds it took.

        status: "succeeded", "failed" or "cancelled".

        at: When it ended; now if missing.

        error: What went wrong.

        step_id: Unique among all steps.

    Raises:
        InvalidTransitionError: The execution is unknown or started after the step did, or the *step_id* was recorded
            before with other particulars.

    """
    ended, length = _at(engine, at), to_duration(duration, "duration")
    values = (step_id, execution_id, name, status, ended, ended, error)
    moment = store.StepRow(*_checked(STEP, *values))
    step = moment._replace(started_us=moment.finished_us - round(Fraction(length) * MICROS_PER_SECOND))
    return engine.database.run(lambda connection: store.put_step(connection, step))


def record_metric(
    engine: Engine,
    name: str,
    value: Real,
    at: At | None = None,
    workflow_id: str | None = None,
    tags: Mapping[str, str] | None = None,
    *,
    metric_id: str | None = None,
) -> bool:
    """Record one measurement and tell whether it is news: one with a *metric_id* counts once, however often sent.

    Raises:
        InvalidTransitionError: The *metric_id* was recorded before with other particulars.

    """
    values = (metric_id, name, value, _at(engine, at), workflow_id, tags)
    point = store.Point(*_checked(METRIC, *values))
    is_timed = at is not None
    return engine.database.run(lambda connection: store.put_metric(connection, point, is_timed=is_timed))


def ingest(engine: Engine, records: Iterable[Record]) -> int:
    """Record many executions, steps and metrics in one transaction, and return how many of them are news.

    What is recorded already counts as no news; an execution that was running is finished.  An execution goes before
    its steps.

    Args:
        engine: Where.

        records: :class:`Execution`, :class:`Step` and :class:`Metric` objects.

    Raises:
        TypeError: A record is something else or holds a wrong type; its index is named.
        ValueError: A record cannot be; its index is named.  Nothing is recorded then.

    """
    puts = [_named(index, _to_put, record) for index, record in enumerate(elements(records, "records"))]
    return engine.database.run(
        lambda connection: sum(_named(index, put, connection) for index, put in enumerate(puts))
    )


def _at(engine: Engine, at: At | None) -> datetime:
    """Return *at* or now."""
    return utc_of(engine.now() if at is None else micros_of(at, "at"))


def _named(index: int, act: Callable[[A], R], argument: A) -> R:
    """Do *act*; an error names the record it is about."""
    try:
        return act(argument)
    except (TypeError, ValueError) as error:
        raise type(error)(f"records[{index}]: {error}") from None


def _to_put(record: object) -> Callable[[sqlite3.Connection], bool]:
    """Check *record*, and return what records it."""
    if isinstance(record, Execution):
        return partial(_put, store.put_execution, _to_execution_row(record))
    if isinstance(record, Step):
        return partial(_put, store.put_step, _to_step_row(record))
    if isinstance(record, Metric):
        return partial(_put, store.put_metric, _to_point(record))
    raise TypeError(f"expected Execution, Step or Metric, not {type(record).__name__}")


def _put(put: Callable[[sqlite3.Connection, Row], bool], row: Row, connection: sqlite3.Connection) -> bool:
    return put(connection, row)


def _checked(checks: Mapping[str, Check], *values: object) -> list[Any]:
    """Check each value by the check of its name, in the same order."""
    return list(map(operator.call, checks.values(), values, checks))


def _to_execution_row(record: Execution) -> store.ExecutionRow:
    row = store.ExecutionRow(*_checked(EXECUTION, *_fields(record, EXECUTION)))
    if (row.finished_us is None) != (row.status == Status.RUNNING):
        raise ValueError(
            f"status is {row.status!r}, but finished is {record.finished}: only what runs has no end"
        )
    return row


def _to_step_row(record: Step) -> store.StepRow:
    row = store.StepRow(*_checked(STEP, *_fields(record, STEP)))
    store.refuse_backwards(f"step {row.name!r}", row.started_us, row.finished_us)
    return row


def _to_point(record: Metric) -> store.Point:
    return store.Point(*_checked(METRIC, *_fields(record, METRIC)))


def _fields(record: Record, checks: Mapping[str, Check]) -> list[object]:
    return [getattr(record, name) for name in checks]
