"""The tables of the store, as the steps from each version of the schema to the next."""

from __future__ import annotations

# `value` has no type on purpose: SQLite then keeps ints, floats and text as they are bound.
VERSION_1 = (
    """
    CREATE TABLE executions (
        execution_id TEXT PRIMARY KEY,
        workflow_id TEXT NOT NULL,
        status TEXT NOT NULL,
        started_us INTEGER NOT NULL,
        finished_us INTEGER,
        user_id TEXT,
        tags TEXT NOT NULL,
        error TEXT
    ) WITHOUT ROWID
    """,
    "CREATE INDEX executions_by_start ON executions (started_us)",
    """
    CREATE TABLE metrics (
        number INTEGER PRIMARY KEY,
        metric_id TEXT UNIQUE,
        name TEXT NOT NULL,
        value NOT NULL,
        at_us INTEGER NOT NULL,
        workflow_id TEXT,
        tags TEXT NOT NULL
    )
    """,
    "CREATE INDEX metrics_by_name ON metrics (name, at_us)",
)

# Each index holds all that the sums over a stretch of time read, so that they never visit the table.
VERSION_2 = (
    "DROP INDEX executions_by_start",
    """
    CREATE INDEX executions_by_start
    ON executions (started_us, workflow_id, status, finished_us, user_id)
    """,
    """
    CREATE INDEX failures_by_start ON executions (started_us, workflow_id, error, status) WHERE status = 'failed'
    """,
    """
    CREATE TABLE steps (
        number INTEGER PRIMARY KEY,
        step_id TEXT UNIQUE,
        execution_id TEXT NOT NULL,
        workflow_id TEXT NOT NULL,
        name TEXT NOT NULL,
        status TEXT NOT NULL,
        started_us INTEGER NOT NULL,
        finished_us INTEGER NOT NULL,
        error TEXT
    )
    """,
    "CREATE INDEX steps_by_execution ON steps (execution_id)",
    "CREATE INDEX steps_by_name ON steps (name, started_us, workflow_id, status, finished_us)",
    """
    CREATE TABLE alerts (
        alert_id TEXT PRIMARY KEY,
        rule TEXT NOT NULL,
        streak INTEGER NOT NULL,
        firing INTEGER NOT NULL,
        fired_us INTEGER
    ) WITHOUT ROWID
    """,
)

VERSIONS = (VERSION_1, VERSION_2)
SCHEMA_VERSION = len(VERSIONS)


def upgrade_from(version: int) -> list[str]:
    """Return the statements that bring a file from *version*, 0 for an empty one, to the latest."""
    statements = [statement for step in VERSIONS[version:] for statement in step]
    return [*statements, f"PRAGMA user_version = {SCHEMA_VERSION}"]
