"""The SQLite file that holds everything recorded: runs, mutants, verdicts, tests, coverage, sources."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.model import (
    Ended,
    FileCoverage,
    How,
    Kill,
    Mutant,
    Provenance,
    Run,
    RunState,
    TargetRecord,
    TestRecord,
    Verdict,
)

SCHEMA_VERSION = 1
APPLICATION_ID = 0x4D75_7444  # "MutD": a foreign SQLite file is told apart from ours

_SCHEMA = """
CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    started_at TEXT NOT NULL,
    finished_at TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL,
    detail TEXT NOT NULL DEFAULT '',
    fingerprint TEXT NOT NULL,
    provenance TEXT NOT NULL
);
CREATE TABLE target (
    run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (run_id, name)
);
CREATE TABLE source (
    run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    file TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (run_id, file)
);
CREATE TABLE mutant (
    run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    position INTEGER NOT NULL,
    id TEXT NOT NULL,
    target TEXT NOT NULL,
    name TEXT NOT NULL,
    file TEXT NOT NULL,
    function TEXT NOT NULL,
    line INTEGER NOT NULL,
    "column" INTEGER NOT NULL,
    end_line INTEGER NOT NULL,
    end_column INTEGER NOT NULL,
    operator TEXT NOT NULL,
    original TEXT NOT NULL,
    replacement TEXT NOT NULL,
    diff TEXT NOT NULL,
    skip_reason TEXT,
    PRIMARY KEY (run_id, target, id)
);
CREATE TABLE verdict (
    run_id INTEGER NOT NULL,
    target TEXT NOT NULL,
    mutant_id TEXT NOT NULL,
    ended TEXT NOT NULL,
    wall REAL NOT NULL,
    cpu REAL NOT NULL,
    tests_run INTEGER NOT NULL,
    detail TEXT NOT NULL,
    judged_at TEXT NOT NULL,
    kill_test TEXT,
    kill_how TEXT,
    kill_exception TEXT,
    kill_message TEXT,
    kill_example TEXT,
    PRIMARY KEY (run_id, target, mutant_id),
    FOREIGN KEY (run_id, target, mutant_id) REFERENCES mutant (run_id, target, id) ON DELETE CASCADE
);
CREATE TABLE test (
    run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    target TEXT NOT NULL,
    id TEXT NOT NULL,
    duration REAL NOT NULL,
    outcome TEXT NOT NULL,
    PRIMARY KEY (run_id, target, id)
);
CREATE TABLE reach (
    run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    target TEXT NOT NULL,
    file TEXT NOT NULL,
    function TEXT NOT NULL,
    tests TEXT NOT NULL,
    PRIMARY KEY (run_id, target, file, function)
);
CREATE TABLE coverage (
    run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    target TEXT NOT NULL,
    file TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (run_id, target, file)
);
"""

_MUTANT_COLUMNS = (
    'id, target, name, file, function, line, "column", end_line, end_column, operator, original, replacement, diff, '
    "skip_reason"
)


class Store:
    """One SQLite file. Every method that writes is one transaction; reading never changes the file.

    Raises:
        UsageError: the file is not ours, or was written by a newer version.

    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            with ExitStack() as on_failure:
                self._db = sqlite3.connect(path, isolation_level=None)
                on_failure.callback(self._db.close)
                self._prepare()
                on_failure.pop_all()
        except sqlite3.DatabaseError as error:
            if "full" in str(error) or "disk" in str(error):
                raise
            raise UsageError(
                f"{path} is not a result store ({error}). Move it away, or delete it to start afresh."
            ) from error

    def _prepare(self) -> None:
        # The file is only read until it is known to be ours.
        version = self._pragma("user_version")
        if version == 0 and not self._db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.executescript(
                f"BEGIN; {_SCHEMA} PRAGMA application_id = {APPLICATION_ID}; "
                f"PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;"
            )
        elif self._pragma("application_id") != APPLICATION_ID:
            raise sqlite3.DatabaseError("it was made by another program")
        elif version != SCHEMA_VERSION:
            raise UsageError(
                f"{self._path} has schema version {version}, and this program reads version {SCHEMA_VERSION}. "
                "Use the version of mutmut-dashboard that wrote it, or delete it to start afresh."
            )
        # WAL survives a killed process; NORMAL may lose the last verdicts in a power cut, never corrupt the file.
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute("PRAGMA foreign_keys = ON")

    def _pragma(self, name: str) -> int:
        value: int = self._db.execute(f"PRAGMA {name}").fetchone()[0]
        return value

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield self._db
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    # Writing

    def start_run(self, provenance: Provenance, targets: Iterable[TargetRecord], started_at: str) -> int:
        """Record a new run and return its number."""
        with self._transaction() as db:
            cursor = db.execute(
                "INSERT INTO run (started_at, state, fingerprint, provenance) VALUES (?, ?, ?, ?)",
                (started_at, RunState.RUNNING, provenance.fingerprint, json.dumps(asdict(provenance))),
            )
            run_id = cursor.lastrowid
            assert run_id is not None  # noqa: S101 - an INSERT that did not raise has one
            db.executemany(
                "INSERT INTO target VALUES (?, ?, ?, ?)",
                [(run_id, at, target.name, json.dumps(asdict(target))) for at, target in enumerate(targets)],
            )
        return run_id

    def end_run(self, run_id: int, state: RunState, finished_at: str, detail: str = "") -> None:
        """Record how a run ended; `detail` is a sentence for the user."""
        with self._transaction() as db:
            db.execute(
                "UPDATE run SET state = ?, finished_at = ?, detail = ? WHERE id = ?",
                (state, finished_at, detail, run_id),
            )

    def resume_run(self, run_id: int) -> None:
        """Put an unfinished run back to running."""
        with self._transaction() as db:
            db.execute(
                "UPDATE run SET state = ?, finished_at = '', detail = '' WHERE id = ?",
                (RunState.RUNNING, run_id),
            )

    def save_target(self, run_id: int, target: TargetRecord) -> None:
        """Replace what is recorded about one target."""
        with self._transaction() as db:
            db.execute(
                "UPDATE target SET record = ? WHERE run_id = ? AND name = ?",
                (json.dumps(asdict(target)), run_id, target.name),
            )

    def add_sources(self, run_id: int, text_by_file: dict[str, str]) -> None:
        """Keep the sources as they were judged, so that a page never shows other lines than those."""
        with self._transaction() as db:
            db.executemany(
                "INSERT OR REPLACE INTO source VALUES (?, ?, ?)",
                [(run_id, file, text) for file, text in text_by_file.items()],
            )

    def add_mutants(self, run_id: int, mutants: Iterable[Mutant]) -> None:
        """Record every mutant, before any is judged."""
        with self._transaction() as db:
            start = db.execute("SELECT count(*) FROM mutant WHERE run_id = ?", (run_id,)).fetchone()[0]
            db.executemany(
                f"INSERT INTO mutant (run_id, position, {_MUTANT_COLUMNS}) "  # noqa: S608 - constants
                f"VALUES ({', '.join('?' * 16)})",
                [
                    (
                        *(run_id, start + at, m.id, m.target, m.name, m.file, m.function, m.line, m.column),
                        *(
                            m.end_line,
                            m.end_column,
                            m.operator,
                            m.original,
                            m.replacement,
                            m.diff,
                            m.skip_reason,
                        ),
                    )
                    for at, m in enumerate(mutants)
                ],
            )

    def add_tests(self, run_id: int, tests: Iterable[TestRecord]) -> None:
        """Record the tests of the clean run."""
        with self._transaction() as db:
            db.executemany(
                "INSERT OR REPLACE INTO test VALUES (?, ?, ?, ?, ?)",
                [(run_id, t.target, _storable(t.id), t.duration, t.outcome) for t in tests],
            )

    def add_reach(
        self, run_id: int, target: str, tests_by_function: dict[tuple[str, str], list[str]]
    ) -> None:
        """Record which tests run which function; keys are (file, qualified function)."""
        with self._transaction() as db:
            db.executemany(
                "INSERT OR REPLACE INTO reach VALUES (?, ?, ?, ?, ?)",
                [
                    (run_id, target, file, function, json.dumps(tests))
                    for (file, function), tests in tests_by_function.items()
                ],
            )

    def add_coverage(self, run_id: int, target: str, files: Iterable[FileCoverage]) -> None:
        """Record line and branch coverage of the clean run."""
        with self._transaction() as db:
            db.executemany(
                "INSERT OR REPLACE INTO coverage VALUES (?, ?, ?, ?)",
                [(run_id, target, file.file, json.dumps(asdict(file))) for file in files],
            )

    def add_verdict(self, run_id: int, target: str, verdict: Verdict) -> None:
        """Record how judging one mutant ended."""
        kill = verdict.kill
        with self._transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO verdict VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(run_id, target, verdict.mutant_id, verdict.ended, verdict.wall, verdict.cpu),
                    *(verdict.tests_run, _storable(verdict.detail), verdict.judged_at),
                    *(
                        map(_storable, (kill.test, kill.how, kill.exception, kill.message, kill.example))
                        if kill
                        else [None] * 5
                    ),
                ),
            )

    # Reading

    def latest_run(self) -> Run | None:
        """The newest run, or None."""
        row = self._db.execute("SELECT max(id) FROM run").fetchone()
        return self.run(row[0]) if row[0] is not None else None

    def runs(self) -> list[Run]:
        """Every run, the newest first."""
        return [
            self.run(row[0]) for row in self._db.execute("SELECT id FROM run ORDER BY id DESC").fetchall()
        ]

    def run(self, run_id: int) -> Run:
        """One run with its targets, in the order of the configuration."""
        row = self._db.execute(
            "SELECT id, started_at, finished_at, state, detail, provenance FROM run WHERE id = ?", (run_id,)
        ).fetchone()
        records = self._db.execute(
            "SELECT record FROM target WHERE run_id = ? ORDER BY position", (run_id,)
        ).fetchall()
        return Run(
            id=row[0],
            started_at=row[1],
            finished_at=row[2],
            state=RunState(row[3]),
            detail=row[4],
            provenance=Provenance(**json.loads(row[5])),
            targets=tuple(_target(json.loads(record)) for (record,) in records),
        )

    def sources(self, run_id: int) -> dict[str, str]:
        """File -> text, as judged."""
        return dict(self._db.execute("SELECT file, text FROM source WHERE run_id = ?", (run_id,)))

    def mutants(self, run_id: int, target: str | None = None) -> list[Mutant]:
        """The mutants in the order of generation."""
        rows = self._db.execute(
            f"SELECT {_MUTANT_COLUMNS} FROM mutant "  # noqa: S608 - constants
            "WHERE run_id = :run AND (:target IS NULL OR target = :target) ORDER BY position",
            {"run": run_id, "target": target},
        )
        return [Mutant(*row) for row in rows]

    def verdicts(self, run_id: int, target: str) -> dict[str, Verdict]:
        """Mutant id -> verdict."""
        rows = self._db.execute(
            "SELECT mutant_id, ended, wall, cpu, tests_run, detail, judged_at, "
            "kill_test, kill_how, kill_exception, kill_message, kill_example "
            "FROM verdict WHERE run_id = ? AND target = ?",
            (run_id, target),
        )
        return {row[0]: _verdict(row) for row in rows}

    def outcomes(self, run_id: int) -> Iterator[tuple[str, str, str | None, Ended | None]]:
        """Target, id, reason to skip and end of each mutant of a run, without the rest of what is recorded."""
        rows = self._db.execute(
            "SELECT m.target, m.id, m.skip_reason, v.ended FROM mutant m LEFT JOIN verdict v "
            "ON v.run_id = m.run_id AND v.target = m.target AND v.mutant_id = m.id WHERE m.run_id = ?",
            (run_id,),
        )
        ends = {end.value: end for end in Ended}
        for target, mutant_id, skip_reason, ended in rows:
            yield target, mutant_id, skip_reason, ends.get(ended)

    def mutant(self, run_id: int, target: str, mutant_id: str) -> Mutant:
        """One mutant of a run that holds it."""
        row = self._db.execute(
            f"SELECT {_MUTANT_COLUMNS} FROM mutant WHERE run_id = ? AND target = ? AND id = ?",  # noqa: S608 - constants
            (run_id, target, mutant_id),
        ).fetchone()
        return Mutant(*row)

    def tests(self, run_id: int, target: str) -> list[TestRecord]:
        """The tests of the clean run, by id."""
        rows = self._db.execute(
            "SELECT target, id, duration, outcome FROM test WHERE run_id = ? AND target = ? ORDER BY id",
            (run_id, target),
        )
        return [TestRecord(*row) for row in rows]

    def reach(self, run_id: int, target: str) -> dict[tuple[str, str], list[str]]:
        """(file, qualified function) -> ids of the tests that run it."""
        rows = self._db.execute(
            "SELECT file, function, tests FROM reach WHERE run_id = ? AND target = ?", (run_id, target)
        )
        return {(file, function): json.loads(tests) for file, function, tests in rows}

    def coverage(self, run_id: int, target: str) -> list[FileCoverage]:
        """Coverage of the target's files, by path."""
        rows = self._db.execute(
            "SELECT record FROM coverage WHERE run_id = ? AND target = ? ORDER BY file", (run_id, target)
        )
        return [_coverage(json.loads(record)) for (record,) in rows]


def _storable(text: str) -> str:
    """Escape lone surrogates, which a failing test may well print and UTF-8 cannot hold."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _target(record: dict[str, Any]) -> TargetRecord:
    return TargetRecord(**{**record, "files": tuple(record["files"]), "suites": tuple(record["suites"])})


def _verdict(row: tuple[Any, ...]) -> Verdict:
    mutant_id, ended, wall, cpu, tests_run, detail, judged_at, test, how, *rest = row
    return Verdict(
        mutant_id=mutant_id,
        ended=Ended(ended),
        wall=wall,
        cpu=cpu,
        tests_run=tests_run,
        kill=None if test is None else Kill(test, How(how), *rest),
        detail=detail,
        judged_at=judged_at,
    )


def _coverage(record: dict[str, Any]) -> FileCoverage:
    # JSON knows neither tuples nor integer keys.
    for name in ("executed", "missing", "excluded", "tests"):
        record[name] = tuple(record[name])
    for name in ("partial", "tests_by_line"):
        record[name] = {int(line): tuple(items) for line, items in record[name].items()}
    return FileCoverage(**record)
