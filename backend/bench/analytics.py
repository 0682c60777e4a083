"""Time the analytics store beside raw SQL on the same file, in one sitting (`make bench-analytics`).

Executions of one day are ingested in batches.  Then each query is asked several times, in turns with the same question
put to SQLite directly: the raw side fetches every figure that the engine returns, but checks nothing and builds no objects.
What counts is the CPU time of the fastest turn, which neighbours on a busy machine disturb least.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from core.workflow_analytics_engine import AnalyticsEngine, Execution, Metric, Status, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from core.analytics.records import Record

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY_MICROS = 86_400_000_000
EPOCH_MICROS = int(NOON.timestamp()) * 1_000_000

# The figures of performance(): counts, users, percentiles and moments of durations, steps, errors.
RAW_PERFORMANCE = (
    "SELECT status, count(*) FROM executions WHERE started_us >= :since AND started_us < :until GROUP BY status",
    "SELECT count(DISTINCT user_id) FROM executions WHERE started_us >= :since AND started_us < :until",
    """
    WITH ranked AS (
        SELECT finished_us - started_us AS d, row_number() OVER (ORDER BY finished_us - started_us) AS place,
            count(*) OVER () AS size
        FROM executions WHERE started_us >= :since AND started_us < :until AND finished_us IS NOT NULL
    )
    SELECT count(*), sum(d), avg(d), min(d), max(d), avg(d * d),
        max(d) FILTER (WHERE place <= 0.5 * size), max(d) FILTER (WHERE place <= 0.9 * size),
        max(d) FILTER (WHERE place <= 0.95 * size), max(d) FILTER (WHERE place <= 0.99 * size)
    FROM ranked
    """,
    """
    SELECT name, count(*), sum(status = 'failed'), sum(finished_us - started_us), max(finished_us - started_us)
    FROM steps WHERE started_us >= :since AND started_us < :until GROUP BY name
    """,
    """
    SELECT error, count(*), min(started_us), max(started_us)
    FROM executions WHERE status = 'failed' AND started_us >= :since AND started_us < :until GROUP BY error ORDER BY count(*) DESC LIMIT 5
    """,
)
RAW_TIMELINE = (
    """
    SELECT started_us / 3600000000, count(*), sum(status = 'running'), sum(status = 'succeeded'),
        sum(status = 'failed'), sum(status = 'cancelled'), avg(finished_us - started_us)
    FROM executions WHERE started_us >= :since AND started_us < :until GROUP BY 1
    """,
)


@dataclass(frozen=True)
class Timing:
    """CPU milliseconds of the fastest turn, beside those of raw SQL and the limits."""

    what: str
    engine_ms: float
    raw_ms: float
    limit_ms: float
    limit_ratio: float = 3.0

    @property
    def ratio(self) -> float:
        """How many times the raw query's time."""
        return self.engine_ms / self.raw_ms

    @property
    def is_met(self) -> bool:
        """Whether both limits are kept."""
        return self.engine_ms <= self.limit_ms and self.ratio <= self.limit_ratio

    def __str__(self) -> str:
        verdict = "ok" if self.is_met else "TOO SLOW"
        return (
            f"{self.what:<22} {self.engine_ms:8.1f} ms CPU, raw SQL {self.raw_ms:8.1f} ms, ratio {self.ratio:4.2f}"
            f"   (limits {self.limit_ms:.0f} ms, {self.limit_ratio:.0f})  {verdict}"
        )


def records(count: int, seed: int = 1) -> Iterator[Record]:
    """Draw *count* executions spread over the day before noon, each with a step and a tenth with a metric."""
    draw = random.Random(seed)  # noqa: S311 - a repeatable load, no secret
    statuses = (Status.SUCCEEDED,) * 17 + (Status.FAILED,) * 2 + (Status.CANCELLED,)
    for number in range(count):
        started = NOON - timedelta(microseconds=draw.randrange(DAY_MICROS))
        finished = started + timedelta(microseconds=int(draw.lognormvariate(14, 1)))
        status = draw.choice(statuses)
        error = f"error {draw.randrange(40)}" if status is Status.FAILED else None
        name, workflow = f"run-{number:06}", f"workflow-{draw.randrange(25)}"
        user = f"user-{draw.randrange(1000)}"
        yield Execution(name, workflow, status, started, finished, user, {"region": "eu"}, error)
        yield Step(name, f"step-{draw.randrange(8)}", status, started, finished, error)
        if number % 10 == 0:
            yield Metric("size", draw.random(), finished, workflow)


def cpu_ms(call: Callable[[], object]) -> float:
    """Return the CPU milliseconds of one call."""
    before = time.process_time()
    call()
    return (time.process_time() - before) * 1000


def compare(
    what: str,
    ask: Callable[[], object],
    raw: tuple[str, ...],
    *,
    connection: sqlite3.Connection,
    limit_ms: float,
    turns: int,
) -> Timing:
    """Ask both sides in turns and keep the fastest of each."""
    scope = {"since": EPOCH_MICROS - DAY_MICROS, "until": EPOCH_MICROS + 1}

    def ask_raw() -> None:
        for statement in raw:
            connection.execute(statement, scope).fetchall()

    times = [(cpu_ms(ask), cpu_ms(ask_raw)) for _ in range(turns)]
    return Timing(what, min(mine for mine, _ in times), min(theirs for _, theirs in times), limit_ms)


def main() -> int:
    """Measure, print, and return 2 when a limit is not kept."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--executions", type=int, default=100_000, help="how many executions to store")
    parser.add_argument("--turns", type=int, default=7, help="how often each question is asked")
    parser.add_argument("--batch", type=int, default=1_000, help="records per transaction")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of lines")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.sqlite"
        with AnalyticsEngine(path, clock=NOON.timestamp) as engine, closing(sqlite3.connect(path)) as raw:
            load = list(records(options.executions))
            spent = sum(
                cpu_ms(lambda at=at: engine.ingest(load[at : at + options.batch]))  # type: ignore[misc]
                for at in range(0, len(load), options.batch)
            )
            rate = len(load) / spent * 1000
            timings = [
                compare(
                    "performance(24h)", engine.performance, RAW_PERFORMANCE,
                    connection=raw, limit_ms=150, turns=options.turns,
                ),
                compare(
                    "timeline(24h, hour)", engine.timeline, RAW_TIMELINE,
                    connection=raw, limit_ms=300, turns=options.turns,
                ),
            ]  # fmt: skip
    if options.json:
        print(json.dumps({"ingest_per_cpu_second": rate, "queries": [vars(one) for one in timings]}))
    else:
        print(
            f"{'ingest':<22} {rate:8.0f} records per CPU second, {len(load)} records in batches of {options.batch}"
            f"   (limit 20000)  {'ok' if rate >= 20_000 else 'TOO SLOW'}"
        )
        for one in timings:
            print(one)
    return 0 if rate >= 20_000 and all(one.is_met for one in timings) else 2


if __name__ == "__main__":
    sys.exit(main())
