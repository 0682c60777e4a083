"""A second opinion on one mutant: its code really patched into a copy of the source, in a fresh interpreter.

Nothing of mutmut takes part: no generated file, no trampoline, no fork. What agrees here does not hang on them.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from mutmut_dashboard.config import Project, Target
from mutmut_dashboard.engine.selection import limits
from mutmut_dashboard.engine.stage import BYTECODE, GENERATED, Stage, standing_stage
from mutmut_dashboard.engine.wire import Failure
from mutmut_dashboard.engine.workers import session_plan, start_session
from mutmut_dashboard.errors import DashboardError, UsageError
from mutmut_dashboard.model import Ended, How, Kill, Mutant, Status, Verdict, status_of
from mutmut_dashboard.store import Store

_STARTUP = 60.0
"""Seconds a fresh interpreter may take to import and collect, on top of the tests' own limit."""


@dataclass(frozen=True)
class SecondOpinion:
    """What judging the mutant again found."""

    mutant: Mutant
    first: Verdict | None
    second: Verdict

    @property
    def agrees(self) -> bool:
        """Whether both come to the same status, for a mutant no test reaches whether neither is a kill.

        Of a mutant that a type checker rejected no test was asked before, so nothing can differ.
        """
        if self.first is not None and self.first.ended is Ended.TYPE_ERROR:
            return True
        first, second = status_of(self.mutant, self.first), status_of(self.mutant, self.second)
        return first is second or (first is Status.UNCOVERED and second is Status.SURVIVED)


def verify(project: Project, store: Store, ids: Sequence[str]) -> Iterator[SecondOpinion]:
    """Judge mutants of the latest run again, each by every test that calls its function.

    `ids` may be beginnings of ids; without any, all survivors and uncovered mutants are judged. The uncovered are
    judged by the whole suite.

    Raises:
        UsageError: there is no run, no such mutant, or the sources changed since.

    """
    run = store.latest_run()
    if run is None:
        raise UsageError("There is no run yet. Run `mutmut-dashboard run` first.")
    mutants = [mutant for mutant in store.mutants(run.id) if mutant.name]
    verdicts = {target.name: store.verdicts(run.id, target.name) for target in run.targets}
    sources = store.sources(run.id)
    for mutant in _chosen(mutants, verdicts, ids):
        (target,) = project.chosen([mutant.target])
        stage = standing_stage(project, target)
        duration = {test.id: test.duration for test in store.tests(run.id, target.name)}
        calling = store.reach(run.id, target.name).get((mutant.file, mutant.function)) or list(duration)
        tests = sorted(calling, key=duration.__getitem__)
        case = _Case(mutant, stage, sources[mutant.file], tests, sum(duration[test] for test in tests))
        yield SecondOpinion(mutant, verdicts[target.name].get(mutant.id), _judge(project, target, case))


def _chosen(
    mutants: list[Mutant], verdicts: Mapping[str, Mapping[str, Verdict]], ids: Sequence[str]
) -> list[Mutant]:
    if not ids:
        undetected = (Status.SURVIVED, Status.UNCOVERED)
        return [m for m in mutants if status_of(m, verdicts[m.target].get(m.id)) in undetected]
    chosen = []
    for wanted in ids:
        found = [mutant for mutant in mutants if mutant.id.startswith(wanted) or mutant.name == wanted]
        if len(found) != 1:
            many = (
                f"{len(found)} mutants have ids that begin so; give more of it"
                if found
                else "no mutant has it"
            )
            raise UsageError(
                f'"{wanted}" names no single mutant of the last run: {many}. The page shows the ids.'
            )
        chosen += found
    return chosen


@dataclass(frozen=True)
class _Case:
    mutant: Mutant
    stage: Stage
    source: str
    tests: list[str]
    """Ids from the project's root, in order."""
    seconds: float


def _judge(project: Project, target: Target, case: _Case) -> Verdict:
    mutant, stage = case.mutant, case.stage
    patience = limits(case.seconds, target.timeout_factor, target.timeout_floor).wall + _STARTUP
    (project.work / "verify").mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=mutant.id, dir=project.work / "verify") as scratch:
        folder = Path(scratch, "copy")
        shutil.copytree(
            stage.folder,
            folder,
            symlinks=True,
            ignore=shutil.ignore_patterns(GENERATED, BYTECODE, "baseline*"),
        )
        file = folder / mutant.file.removeprefix(stage.prefix)
        if file.read_text(encoding="utf-8") != case.source:
            raise UsageError(f"{mutant.file} changed since the last run. Run `mutmut-dashboard run` first.")
        file.write_text(patched(case.source, mutant), encoding="utf-8")
        output = Path(scratch, "verdict.json")
        tests = [test.removeprefix(stage.prefix) for test in case.tests]
        plan = session_plan(stage, "judge", folder, output=str(output), tests=tests)
        session = start_session(plan, folder, project.work / "log" / "verify.log")
        try:
            session.process.wait(timeout=patience)
        except subprocess.TimeoutExpired:
            return Verdict(mutant.id, Ended.WALL_LIMIT, detail=f"{patience:.0f} s")
        finally:
            session.end()
        return read_verdict(mutant, stage, output, session.process.returncode)


def patched(source: str, mutant: Mutant) -> str:
    """Return the source with the mutant's text in place of the original's."""
    lines = source.split("\n")
    start = sum(len(line) + 1 for line in lines[: mutant.line - 1]) + mutant.column - 1
    end = sum(len(line) + 1 for line in lines[: mutant.end_line - 1]) + mutant.end_column - 1
    if source[start:end] != mutant.original:
        raise DashboardError(
            f"{mutant.file}:{mutant.line} holds {source[start:end]!r}, not {mutant.original!r}: the store is inconsistent."
        )
    return source[:start] + mutant.replacement + source[end:]


def read_verdict(mutant: Mutant, stage: Stage, output: Path, code: int) -> Verdict:
    """Read what a session that judged one mutant left, if it came to that."""
    if not output.is_file():
        if code < 0:
            return Verdict(mutant.id, Ended.SIGNAL, detail=f"signal {-code}")
        return Verdict(mutant.id, Ended.EXITED, detail=f"exit status {code}")
    found = json.loads(output.read_text(encoding="utf-8"))
    kill = None
    if found["failure"]:
        failure = Failure(**found["failure"])
        kill = Kill(
            stage.project_path(failure.test),
            How(failure.how),
            failure.exception,
            failure.message,
            failure.example,
            tuple(stage.project_path(place) for place in failure.places),
            failure.output,
        )
    return Verdict(
        mutant.id, Ended(found["ended"]), tests_run=found["tests_run"], kill=kill, detail=found["detail"]
    )
