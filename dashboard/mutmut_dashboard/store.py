"""The SQLite file that holds everything recorded: runs, mutants, verdicts, tests, coverage, sources."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Self

from mutmut_dashboard import store_reuse, store_rows, store_schema
from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.model import (
    Dependencies,
    Ended,
    ExamplesByFunction,
    FailedTest,
    FileCoverage,
    JudgedOn,
    Mutant,
    Provenance,
    Run,
    RunState,
    TargetRecord,
    TestRecord,
    Trace,
    Verdict,
)
from mutmut_dashboard.redaction import Redaction
from mutmut_dashboard.store_rows import storable
from mutmut_dashboard.store_schema import SCHEMA_VERSION, DamagedError, NewerSchemaError

_MUTANT_COLUMNS = (
    'id, target, name, file, function, line, "column", end_line, end_column, operator, original, replacement, diff, '
    "skip_reason"
)


class Store:
    """One SQLite file. Every method that writes is one transaction; reading never changes the file.

    Raises:
        UsageError: the file is not ours, is damaged, or was written by a newer version.

    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._redacted = Redaction(os.environ)
        self._places: dict[tuple[int, str], tuple[store_reuse.Places, store_reuse.Places]] = {}
        try:
            with ExitStack() as on_failure:
                self._db = sqlite3.connect(path, isolation_level=None)
                on_failure.callback(self._db.close)
                store_schema.prepare(self._db, path.stat().st_size if path.is_file() else 0)
                on_failure.pop_all()
        except NewerSchemaError as error:
            raise UsageError(
                f"{path} has schema version {error.version}, and this program reads up to version {SCHEMA_VERSION}. "
                "Use the version of mutmut-dashboard that wrote it, or delete it to start afresh."
            ) from None
        except DamagedError as error:
            raise UsageError(
                f"{path} is damaged ({error}). Put a whole copy in its place, or move it away to start afresh: "
                "verdicts that are lost are made again by the next run."
            ) from None
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
                raise
            raise UsageError(
                f"{path} is not a result store ({error}). Move it away, or delete it to start afresh."
            ) from error

    @contextmanager
    def together(self) -> Iterator[None]:
        """Record all that is recorded within, or nothing: for much that can be had again, and quicker than one by one."""
        with self._transaction():
            yield

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        if self._db.in_transaction:
            yield self._db
            return
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
        record = {**asdict(provenance), "command": self._told(provenance.command)}
        with self._transaction() as db:
            cursor = db.execute(
                "INSERT INTO run (started_at, state, fingerprint, provenance) VALUES (?, ?, ?, ?)",
                (started_at, RunState.RUNNING, provenance.fingerprint, json.dumps(record)),
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
                (state, finished_at, self._told(detail), run_id),
            )

    def forget_run(self, run_id: int) -> bool:
        """Drop a run that has no verdict; return whether it had none."""
        with self._transaction() as db:
            query = (
                "DELETE FROM run WHERE id = ? AND NOT EXISTS (SELECT 1 FROM verdict WHERE run_id = run.id)"
            )
            return db.execute(query, (run_id,)).rowcount > 0

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

    def skip_mutants(self, run_id: int, target: str, reasons: Mapping[str, str]) -> None:
        """Leave out mutants that were recorded already; `reasons` are by id."""
        with self._transaction() as db:
            db.executemany(
                "UPDATE mutant SET skip_reason = ? WHERE run_id = ? AND target = ? AND id = ?",
                [(reason, run_id, target, id_) for id_, reason in reasons.items()],
            )

    def add_tests(self, run_id: int, tests: Iterable[TestRecord]) -> None:
        """Record the tests of the clean run."""
        with self._transaction() as db:
            db.executemany(
                "INSERT OR REPLACE INTO test VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        *(run_id, t.target, storable(t.id), t.duration, t.outcome, t.is_property),
                        *(t.examples, t.line, self._told(t.code)),
                    )
                    for t in store_rows.with_code_once(tests)
                ],
            )

    def add_reach(
        self,
        run_id: int,
        target: str,
        tests_by_function: Mapping[tuple[str, str], list[str]],
        examples: ExamplesByFunction | None = None,
    ) -> None:
        """Record which tests run which function, and in how many of their examples; keys are (file, qualified function)."""
        counted = examples or {}
        with self._transaction() as db:
            db.executemany(
                "INSERT OR REPLACE INTO reach VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (run_id, target, *function, json.dumps(tests), _in_order(tests, counted.get(function)))
                    for function, tests in tests_by_function.items()
                ],
            )

    def add_coverage(self, run_id: int, target: str, files: Iterable[FileCoverage]) -> None:
        """Record line and branch coverage of the clean run."""
        with self._transaction() as db:
            db.executemany(
                "INSERT OR REPLACE INTO coverage VALUES (?, ?, ?, ?)",
                [(run_id, target, file.file, store_rows.coverage_record(file)) for file in files],
            )

    def add_dependencies(self, run_id: int, target: str, fingerprint: str, found: Dependencies) -> None:
        """Record the state of the project that a target's verdicts belong to; `fingerprint` is of all of it."""
        with self._transaction() as db:
            store_reuse.add_dependencies(db, run_id, target, fingerprint, found)
        self._places[run_id, target] = (
            store_reuse.places_of(found.functions),
            store_reuse.places_of(found.tests),
        )

    def copy_target(self, target: str, old: int, new: int) -> None:
        """Give a run what an earlier one found about a target's mutants, which must be the same."""
        with self._transaction() as db:
            store_reuse.copy_target(db, target, old, new)

    def add_verdict(
        self,
        run_id: int,
        target: str,
        verdict: Verdict,
        matrix: Iterable[FailedTest] = (),
        trace: Trace | None = None,
    ) -> None:
        """Record how judging one mutant ended and, of a kill matrix, every test that failed on it.

        `trace` is what the judging met; the run's dependencies on the target must be recorded before.
        """
        kill = verdict.kill
        key = (run_id, target, verdict.mutant_id)
        with self._transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO verdict VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(*key, verdict.ended, verdict.wall, verdict.cpu),
                    *(verdict.tests_run, self._told(verdict.detail), verdict.judged_at),
                    *(
                        (
                            *map(storable, (kill.test, kill.how, kill.exception)),
                            *map(self._told, (kill.message, kill.example)),
                            storable("\n".join(kill.places)),
                            self._told(kill.output),
                        )
                        if kill
                        else [None] * 7
                    ),
                ),
            )
            db.execute("DELETE FROM kill WHERE run_id = ? AND target = ? AND mutant_id = ?", key)
            db.executemany(
                "INSERT INTO kill VALUES (?, ?, ?, ?, ?)",
                [(*key, storable(failed.test), failed.how) for failed in matrix],
            )
            if trace is not None:
                store_reuse.add_trace(db, key, trace, self._places[run_id, target])

    def add_judged_on(self, run_id: int, target: str, found: Mapping[str, Iterable[JudgedOn]]) -> None:
        """Record, by mutant id, how mutants fared on each of the Python versions of a merged run."""
        with self._transaction() as db:
            db.executemany(
                "INSERT INTO judged_on VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (run_id, target, id_, at, storable(on.python), on.ended)
                    for id_, every in found.items()
                    for at, on in enumerate(every)
                ],
            )

    def _told(self, text: str) -> str:
        """What tests and commands said, without the secrets of this process's environment."""
        return self._redacted(storable(text))

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
            targets=tuple(store_rows.target(json.loads(record)) for (record,) in records),
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
            f"SELECT {store_rows.VERDICT_COLUMNS} FROM verdict WHERE run_id = ? AND target = ?",  # noqa: S608 - constants
            (run_id, target),
        )
        return {row[0]: store_rows.verdict(row) for row in rows}

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

    def kills(self, run_id: int, target: str) -> dict[str, list[FailedTest]]:
        """Mutant id -> every test that is known to fail on it, the one the verdict names first, then by id.

        All that failed where the mutant was judged for the kill matrix, otherwise the first. A mutant that no
        test is known to fail on has no entry.
        """
        found: dict[str, list[FailedTest]] = {}
        rows = self._db.execute(
            "SELECT mutant_id, kill_test, kill_how, 0 AS rank FROM verdict "
            "WHERE run_id = :run AND target = :target AND kill_test IS NOT NULL "
            "UNION ALL SELECT kill.mutant_id, test, how, 1 FROM kill "
            "LEFT JOIN verdict USING (run_id, target, mutant_id) "
            "WHERE kill.run_id = :run AND kill.target = :target AND test IS NOT kill_test "
            "ORDER BY mutant_id, rank, kill_test",
            {"run": run_id, "target": target},
        )
        for mutant_id, test, how, _ in rows:
            found.setdefault(mutant_id, []).append(FailedTest(test, store_rows.failed_how(how)))
        return found

    def judged_on(self, run_id: int, target: str) -> dict[str, list[JudgedOn]]:
        """Mutant id -> how it fared on each Python version, for those of a merged run that did not fare alike."""
        found: dict[str, list[JudgedOn]] = {}
        rows = self._db.execute(
            "SELECT mutant_id, python, ended FROM judged_on WHERE run_id = ? AND target = ? "
            "ORDER BY mutant_id, position",
            (run_id, target),
        )
        for mutant_id, python, ended in rows:
            found.setdefault(mutant_id, []).append(JudgedOn(python, Ended(ended) if ended else None))
        return found

    def tests(self, run_id: int, target: str) -> list[TestRecord]:
        """The tests of the clean run, by id."""
        rows = self._db.execute(
            "SELECT target, id, duration, outcome, is_property, examples, line, code FROM test "
            "WHERE run_id = ? AND target = ? ORDER BY id",
            (run_id, target),
        )
        found = [
            TestRecord(target, test, duration, outcome, bool(is_property), *more)
            for target, test, duration, outcome, is_property, *more in rows
        ]
        return store_rows.with_code(found)

    def reach(self, run_id: int, target: str) -> dict[tuple[str, str], list[str]]:
        """(file, qualified function) -> ids of the tests that run it."""
        rows = self._db.execute(
            "SELECT file, function, tests FROM reach WHERE run_id = ? AND target = ?", (run_id, target)
        )
        return {(file, function): json.loads(tests) for file, function, tests in rows}

    def examples(self, run_id: int, target: str) -> ExamplesByFunction:
        """How many of its examples take a test into each function that it runs, where they were counted."""
        rows = self._db.execute(
            "SELECT file, function, tests, examples FROM reach WHERE run_id = ? AND target = ? AND examples <> ''",
            (run_id, target),
        )
        return {
            (file, function): {
                test: count
                for test, count in zip(json.loads(tests), json.loads(counts), strict=True)
                if count is not None
            }
            for file, function, tests, counts in rows
        }

    def coverage(self, run_id: int, target: str) -> list[FileCoverage]:
        """Coverage of the target's files, by path."""
        rows = self._db.execute(
            "SELECT record FROM coverage WHERE run_id = ? AND target = ? ORDER BY file", (run_id, target)
        )
        return [store_rows.coverage(json.loads(record)) for (record,) in rows]

    def dependencies(self, run_id: int, target: str) -> Dependencies | None:
        """The state of the project that a target's verdicts belong to; None where none is recorded."""
        return store_reuse.dependencies(self._db, run_id, target)

    def fingerprint(self, run_id: int, target: str) -> str:
        """The fingerprint of a target as it was judged; empty where none is recorded."""
        return store_reuse.fingerprint(self._db, run_id, target)

    def runs_of(self, target: str) -> list[int]:
        """The runs whose verdicts on a target may be used again, the newest first."""
        return store_reuse.runs_of(self._db, target)

    def traces(self, run_id: int, target: str) -> dict[str, Trace]:
        """Mutant id -> what its judging met."""
        return store_reuse.traces(self._db, run_id, target)


def _in_order(tests: Iterable[str], counted: Mapping[str, int] | None) -> str:
    return json.dumps([counted.get(test) for test in tests]) if counted else ""
