"""Executions counted and their durations added up, inside SQLite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from core.analytics.instants import MICROS_PER_SECOND
from core.analytics.records import Status
from core.analytics.service_levels import share

if TYPE_CHECKING:
    import sqlite3

    from core.analytics.instants import Interval

# Seconds and microseconds are added up apart: their sums stay below 63 bits, where SQLite would refuse to go on.
COUNTS = """
    count(*),
    count(*) FILTER (WHERE status = 'running'),
    count(*) FILTER (WHERE status = 'succeeded'),
    count(*) FILTER (WHERE status = 'failed'),
    count(*) FILTER (WHERE status = 'cancelled'),
    ifnull(sum((finished_us - started_us) / 1000000), 0),
    ifnull(sum((finished_us - started_us) % 1000000), 0)
"""
TALLY = f"""
    SELECT {COUNTS} FROM executions
    WHERE started_us >= :since AND started_us < :until AND (:workflow_id IS NULL OR workflow_id = :workflow_id)
"""  # noqa: S608 - made of constants
TALLY_PER_WORKFLOW = f"""
    SELECT workflow_id, max(started_us), {COUNTS} FROM executions
    WHERE started_us >= :since AND started_us < :until
    GROUP BY workflow_id ORDER BY count(*) DESC, workflow_id
"""  # noqa: S608 - made of constants


class Tally(NamedTuple):
    """A row of :data:`COUNTS`."""

    total: int
    running: int
    succeeded: int
    failed: int
    cancelled: int
    seconds: int
    micros: int

    def figures(self) -> dict[str, Any]:
        """Return the fields that every answer about executions shares."""
        return {
            "total": self.total,
            "by_status": {status: self[place] for place, status in enumerate(Status, start=1)},
            "success_rate": share(self.succeeded, self.failed),
            "error_rate": share(self.failed, self.succeeded),
        }

    def mean_duration(self) -> float | None:
        """Return the mean in seconds of what has finished, if anything, rounded once."""
        finished = self.total - self.running
        whole = self.seconds * MICROS_PER_SECOND + self.micros
        return whole / (finished * MICROS_PER_SECOND) if finished else None


def tally(connection: sqlite3.Connection, interval: Interval, workflow_id: str | None) -> Tally:
    """Count the executions that started in *interval*."""
    return Tally(*connection.execute(TALLY, {**interval._asdict(), "workflow_id": workflow_id}).fetchone())


def tally_per_workflow(connection: sqlite3.Connection, interval: Interval) -> list[tuple[str, int, Tally]]:
    """Return each workflow with its last start in *interval* and its counts, the busiest first."""
    found = connection.execute(TALLY_PER_WORKFLOW, interval._asdict())
    return [(workflow_id, last_us, Tally(*counts)) for workflow_id, last_us, *counts in found]
