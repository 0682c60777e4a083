"""The clean run on the original code: does every test pass, how long does each take, which lines does it run."""

from __future__ import annotations

import json
import re
import socket
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from mutmut_dashboard.engine.kept import Arcs, ArcsByTest, Footprint, read_arcs, together
from mutmut_dashboard.engine.stage import Stage
from mutmut_dashboard.engine.wire import Chosen, CleanMemory, TestRun, decode, encode
from mutmut_dashboard.engine.workers import session_plan, start_session
from mutmut_dashboard.errors import BaselineError
from mutmut_dashboard.model import FileCoverage

_SHOWN_FAILURES = 5
_CANNOT_START = (3, 4)
"""pytest's exit codes for an internal error, as of a plugin, and for arguments it does not understand."""
_COMPLAINT = re.compile(
    r"^(?:pytest\.main\(\): error: |INTERNALERROR> (?=[\w.]*(?:Error|Exception|Warning)\b))(.+)", re.MULTILINE
)
"""What pytest says where it cannot start: of its arguments and settings, or of a plugin."""


@dataclass(frozen=True)
class Baseline:
    """What the clean run on the original found. Test ids are the stage's, files the project's."""

    tests: list[TestRun]
    coverage: list[FileCoverage]
    footprint: Footprint
    """Files of the stage that the suites use."""
    arcs: Arcs
    """What each test ran after the ones before it."""
    memory: CleanMemory
    """Of one process that ran them all."""


class Measurement:
    """A clean run that goes on beside others. It collects at once, runs tests when it is told which, and `result` waits for it."""

    def __init__(self, stage: Stage, log: Path) -> None:
        self._stage = stage
        self._log = log
        self._output = stage.folder / "baseline.json"
        self._output.unlink(missing_ok=True)
        self._plan = session_plan(stage, "measure", stage.folder, output=str(self._output))
        self._carried: Arcs = {}
        self._all = True
        ours, theirs = socket.socketpair()
        with theirs:
            self._session = start_session(
                replace(self._plan, control=theirs.fileno()), stage.folder, log, theirs.fileno()
            )
        self._control = ours

    @cached_property
    def collected(self) -> list[str] | None:
        """The ids of all tests; waits for them. None where they cannot be collected."""
        with suppress(ConnectionError), self._control.makefile("rb") as told:
            if answer := told.readline():
                _, path = decode(answer)
                return list(json.loads(Path(path).read_text(encoding="utf-8")))
        return None

    def go(self, tests: Sequence[str] | None = None, carried: Arcs | None = None) -> Self:
        """Run the tests, all for None; else `carried` are the arcs of the others. Whatever else it was told before is given up."""
        before = self._plan.chosen
        self._all = tests is None
        self._carried = carried or {}
        chosen = Chosen(None if tests is None else list(tests), self._write_carried())
        self._plan = replace(self._plan, chosen=asdict(chosen))
        if not before:
            with suppress(ConnectionError):  # it is gone, which `result` explains
                self._control.sendall(encode("run", chosen))
        elif before != self._plan.chosen:
            self._start_anew()
        return self

    def _start_anew(self) -> None:
        self._session.end()
        self._output.unlink(missing_ok=True)  # so that it is not taken for the next one's
        self._session = start_session(self._plan, self._stage.folder, self._log)

    def _write_carried(self) -> str:
        if not self._carried:
            return ""
        path = self._output.with_suffix(".carried.json")
        by_file = {
            str(self._stage.folder / file): sorted(
                {(begin, end) for own in by_test.values() for begin, end in own}
            )
            for file, by_test in self._carried.items()
        }
        path.write_text(json.dumps(by_file), encoding="utf-8")
        return str(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._control.close()
        self._session.end()

    def result(self) -> Baseline:
        """Wait for the run.

        Raises:
            BaselineError: a test fails, cannot be collected, or there is none.

        """
        found = self._found()
        if found.get("doubtful"):
            # A function that is stood in for can be told from others, so its tests have the last word where nothing does.
            self._plan = replace(self._plan, throughout=True)
            self._start_anew()
            found = self._found()
        require_passing(
            [TestRun(**run) for run in found["errors"]],
            self._stage,
            "that cannot be collected from the original code",
            self._log,
        )
        tests = [TestRun(**run) for run in found["tests"]]
        if not tests and self._all:
            if self._session.process.returncode in _CANNOT_START:
                raise self._cannot_run()
            raise BaselineError(f"The suites hold no test, so no mutant can be judged. See {self._log}.")
        require_passing(
            [t for t in tests if t.outcome == "failed"],
            self._stage,
            "failing on the original code",
            self._log,
        )
        arcs = together(self._carried, read_arcs(self._output.with_suffix(".coverage"), self._stage.folder))
        return Baseline(
            tests,
            [
                _coverage(file, found["coverage"], arcs.get(file, {}), self._stage)
                for file in self._stage.files
            ],
            Footprint(found["loaded"], found["opened"], found["listed"]),
            arcs,
            CleanMemory(**found["memory"]),
        )

    def _found(self) -> dict[str, Any]:
        self._session.process.wait()
        if not self._output.is_file():
            raise self._cannot_run()
        return dict(json.loads(self._output.read_text(encoding="utf-8")))

    def _cannot_run(self) -> BaselineError:
        said = _COMPLAINT.findall(self._log.read_text(encoding="utf-8", errors="replace"))
        why = f": {said[-1].strip(' .')}" if said else ""
        code = self._session.process.returncode
        return BaselineError(
            f"pytest could not run the suites on the original code (exit {code}){why}. See {self._log}."
        )


def require_passing(failed: Sequence[TestRun], stage: Stage, what: str, log: Path) -> None:
    """Refuse to go on where tests fail without any mutant.

    Raises:
        BaselineError: names the tests.

    """
    if not failed:
        return
    lines = [
        f"  {stage.project_path(test.id)}\n    {_first_line(test.message)}"
        for test in failed[:_SHOWN_FAILURES]
    ]
    if len(failed) > _SHOWN_FAILURES:
        lines.append(f"  and {len(failed) - _SHOWN_FAILURES} more")
    count = "1 test" if len(failed) == 1 else f"{len(failed)} tests"
    names = "\n".join(lines)
    raise BaselineError(
        f"No mutant was run, because of {count} {what}:\n{names}\nMake the suites pass first. Log: {log}"
    )


def _first_line(message: str) -> str:
    lines = [line for line in message.strip().splitlines() if line.strip()]
    return (
        (lines[0] if len(lines) < 2 or not lines[0].startswith("Traceback") else lines[-1])[:300]
        if lines
        else ""
    )


def _coverage(file: str, measured: dict[str, Any], arcs: ArcsByTest, stage: Stage) -> FileCoverage:
    """Read one file of coverage.py's JSON report (format 3)."""
    entry = next((e for path, e in measured.items() if Path(stage.folder, path) == stage.folder / file), None)
    if entry is None:
        return FileCoverage(stage.project_path(file), (), (), (), {}, 0, 0)
    branches = (*entry["executed_branches"], *entry["missing_branches"])
    partial: dict[int, list[int]] = {}
    for line, to in entry["missing_branches"]:
        if line in entry["executed_lines"]:
            partial.setdefault(line, []).append(to)
    tests = sorted(test for test, own in arcs.items() if own)
    by_line: dict[int, list[int]] = {}
    for at, test in enumerate(tests):
        for line in {end for arc in arcs[test] for end in arc if end > 0}:
            by_line.setdefault(line, []).append(at)
    return FileCoverage(
        file=stage.project_path(file),
        executed=tuple(entry["executed_lines"]),
        missing=tuple(entry["missing_lines"]),
        excluded=tuple(entry["excluded_lines"]),
        partial={line: tuple(to) for line, to in partial.items()},
        branches=entry["summary"]["num_branches"],
        covered_branches=entry["summary"]["covered_branches"],
        tests_by_line={line: tuple(by_line[line]) for line in sorted(by_line)},
        tests=tuple(stage.project_path(test) for test in tests),
        exits=dict(Counter(line for line, _ in branches)),
    )
