"""Forgetting what is old."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from core.analytics.answers import Pruned
from core.analytics.instants import micros_of, to_length

if TYPE_CHECKING:
    import sqlite3

    from core.analytics.engine import Engine
    from core.analytics.instants import At

# What finished before; a running execution is never old.  Steps go with their executions.
STEPS = """
    DELETE FROM steps WHERE execution_id IN (SELECT execution_id FROM executions WHERE finished_us < ?)
"""
EXECUTIONS = "DELETE FROM executions WHERE finished_us < ?"
METRICS = "DELETE FROM metrics WHERE at_us < ?"


def prune(engine: Engine, older_than: str | timedelta | At) -> Pruned:
    """Forget executions that finished before a point of time, with their steps, and metrics measured before it.

    What still runs is kept, however long ago it started.

    Args:
        engine: What has been recorded.

        older_than: A length back from now, such as "90d" or a timedelta, or the point of time itself.

    Raises:
        ValueError: *older_than* is a negative length, or a text that cannot be read.

    """
    cutoff = _to_cutoff(engine, older_than)

    def forget(connection: sqlite3.Connection) -> Pruned:
        steps, executions, metrics = (
            connection.execute(statement, (cutoff,)).rowcount for statement in (STEPS, EXECUTIONS, METRICS)
        )
        return Pruned(executions=executions, steps=steps, metrics=metrics)

    return engine.database.run(forget)


def _to_cutoff(engine: Engine, older_than: str | timedelta | At) -> int:
    if not isinstance(older_than, (str, timedelta)):
        return micros_of(older_than, "older_than")
    length = to_length(older_than, "older_than")
    if length < 0:
        raise ValueError(f"older_than is {older_than}: it must not be negative")
    return engine.now() - length
