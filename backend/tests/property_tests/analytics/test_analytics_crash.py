"""A process that is killed while it writes loses nothing it was told is recorded, and the file opens."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from core.workflow_analytics_engine import AnalyticsEngine

if TYPE_CHECKING:
    from pathlib import Path

WRITER = """
import itertools, sys
from core.workflow_analytics_engine import AnalyticsEngine, Execution, Status
engine = AnalyticsEngine(sys.argv[1])
for number in itertools.count():
    engine.start_execution("load", f"run-{number}", at=number)
    engine.record_metric("size", 2**70 + number, at=number)
    engine.ingest(
        Execution(f"run-{number}-{part}", "load", Status.FAILED, number, number + 1, error="x" * 500)
        for part in range(20)
    )
    print(number, flush=True)
"""


@pytest.mark.parametrize("told", [1, 7, 40])
def test_a_killed_writer_loses_nothing_it_reported(tmp_path: Path, told: int) -> None:
    """After SIGKILL amid writes the file is sound, holds every reported record, and no batch in part."""
    path = tmp_path / "killed.db"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True, env=environment
    ) as writer:
        assert writer.stdout is not None
        reported = [int(writer.stdout.readline()) for _ in range(told)]
        writer.send_signal(signal.SIGKILL)
        rest, _ = writer.communicate()
    reported += [int(line) for line in rest.splitlines()]
    assert writer.returncode == -signal.SIGKILL
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    with AnalyticsEngine(path) as engine:
        names = {one.execution_id for one in engine.executions(limit=10**6)}
        values = [point.value for point in engine.metrics("size")]
        assert engine.start_execution("load", "afterwards") is True
    for number in reported:
        assert f"run-{number}" in names
        assert values[number] == 2**70 + number
        assert {f"run-{number}-{part}" for part in range(20)} <= names
    # What was being written when it ended is there as a whole or not at all.
    unreported = len(reported)
    assert len({f"run-{unreported}-{part}" for part in range(20)} & names) in (0, 20)


def test_engines_that_open_a_new_file_together_all_succeed(tmp_path: Path) -> None:
    """Whoever comes first makes the tables, and nobody finds the file half made or locked."""
    path = tmp_path / "shared.db"
    gate = threading.Barrier(8)
    failures: list[Exception] = []

    def write(number: int) -> None:
        with AnalyticsEngine(path) as engine:
            gate.wait()
            try:
                engine.start_execution("load", str(number))
            except Exception as error:  # noqa: BLE001 - whatever went wrong is what the test is about
                failures.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with AnalyticsEngine(path) as engine:
        assert failures == []
        assert {one.execution_id for one in engine.executions()} == {str(number) for number in range(8)}
