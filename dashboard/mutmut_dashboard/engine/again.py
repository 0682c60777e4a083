"""Mutants judged again as the project stands now: a fresh copy, new tests included, and nothing recorded."""

from __future__ import annotations

import ast
import filecmp
import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

from mutmut_dashboard.config import Project
from mutmut_dashboard.engine import lock
from mutmut_dashboard.engine.selection import limits
from mutmut_dashboard.engine.stage import GENERATED, Stage, build_stage
from mutmut_dashboard.engine.verification import patched, read_verdict
from mutmut_dashboard.engine.workers import session_plan, start_session
from mutmut_dashboard.errors import IncompleteError, UsageError
from mutmut_dashboard.model import Ended, Mutant, Verdict
from mutmut_dashboard.redaction import Redaction
from mutmut_dashboard.store import Store

_STARTUP = 60.0
"""Seconds a fresh interpreter may take to import and collect, on top of the tests' own limit."""
_TICK = 0.1
"""Seconds between two looks at whether it is called off."""


class CancelledError(IncompleteError):
    """It was called off."""


@dataclass(frozen=True)
class Again:
    """How one mutant fared, or why it could not be judged."""

    mutant: str
    verdict: Verdict | None = None
    trouble: str = ""


@dataclass(frozen=True)
class _Bench:
    project: Project
    stage: Stage
    folder: Path
    """A copy of the project as it stands."""
    patience: float
    cancelled: Event


def judge_again(project: Project, target: str, ids: Sequence[str], cancelled: Event) -> Iterator[Again]:
    """Judge mutants of a target's latest run by the tests that reach their function and those changed since.

    Raises:
        UsageError: there is no such mutant, or another run is going on.
        CancelledError: `cancelled` was set.

    """
    (chosen,) = project.chosen([target])
    with lock.hold(project.work, "judge again"), Store(project.work / "results.sqlite") as store:
        run = next((run for run in store.runs() if any(one.name == target for one in run.targets)), None)
        mutants = {one.id: one for one in store.mutants(run.id, target) if one.name} if run else {}
        unknown = [id_ for id_ in ids if id_ not in mutants]
        if run is None or unknown:
            raise UsageError(
                f"The latest run has no mutant {', '.join(unknown)} of {target}. Reload the page."
            )
        duration = {test.id: test.duration for test in store.tests(run.id, target)}
        reach, sources = store.reach(run.id, target), store.sources(run.id)
        patience = limits(sum(duration.values()), chosen.timeout_factor, chosen.timeout_floor).wall + _STARTUP
        (project.work / "again").mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=project.work / "again") as scratch:
            stage = build_stage(project, chosen)
            folder = stage.unfinished.rename(Path(scratch, "copy"))
            bench = _Bench(project, stage, folder, patience, cancelled)
            known = _unchanged(bench, list(duration))
            for id_ in ids:
                mutant = mutants[id_]
                first = reach.get((mutant.file, mutant.function), [])
                tests = sorted((test for test in first if test in duration), key=duration.__getitem__)
                yield _judged(bench, mutant, sources.get(mutant.file, ""), tests, known)


def _unchanged(bench: _Bench, tests: list[str]) -> list[str]:
    """Return the tests that still are what the run knew: none where more than tests changed."""
    prefix, old = bench.stage.prefix, bench.stage.folder
    files = {test.partition("::")[0].removeprefix(prefix) for test in tests}
    changed = set()
    for path in bench.folder.rglob("*"):
        name = path.relative_to(bench.folder)
        if path.is_file() and name.parts[0] != GENERATED:
            before = old / name
            if not before.is_file() or not filecmp.cmp(path, before, shallow=False):
                changed.add(name.as_posix())
    # A new file of tests is asked anyway, for nobody knows its tests.
    fresh = {name for name in changed if not (old / name).exists() and Path(name).name.startswith("test_")}
    if changed - files - fresh:
        return []
    return [test for test in tests if test.partition("::")[0].removeprefix(prefix) not in changed]


def _judged(bench: _Bench, mutant: Mutant, source: str, tests: list[str], known: list[str]) -> Again:
    file = bench.folder / mutant.file.removeprefix(bench.stage.prefix)
    now = file.read_bytes().decode("utf-8") if file.is_file() else ""
    placed = moved(source, now, mutant)
    if placed is None:
        return Again(
            mutant.id,
            trouble=f"{mutant.function} in {mutant.file} changed since the run, so this mutant cannot be placed "
            "in it. `mutmut-dashboard run` makes its mutants anew.",
        )
    file.write_bytes(patched(now, placed).encode("utf-8"))
    try:
        verdict = _session(bench, mutant, tests, known, again=True)
    finally:
        file.write_bytes(now.encode("utf-8"))
    kill = verdict.kill
    # A test that fails anyway has noticed nothing.
    if kill and _session(bench, mutant, [kill.test], [], again=False).ended is not Ended.PASSED:
        return Again(mutant.id, trouble=f"{kill.test} fails without the mutant, too. Correct it first.")
    return Again(mutant.id, verdict)


def _session(bench: _Bench, mutant: Mutant, tests: list[str], known: list[str], *, again: bool) -> Verdict:
    stage = bench.stage
    output = bench.folder.with_name("verdict.json")
    output.unlink(missing_ok=True)
    plan = session_plan(
        stage,
        "judge",
        bench.folder,
        output=str(output),
        tests=[test.removeprefix(stage.prefix) for test in tests],
        known=[test.removeprefix(stage.prefix) for test in known],
        again=again,
    )
    session = start_session(plan, bench.folder, bench.project.work / "log" / "again.log")
    try:
        if not _finished(session.process, bench):
            return Verdict(mutant.id, Ended.WALL_LIMIT, detail=f"{bench.patience:.0f} s")
    finally:
        session.end()
    verdict = read_verdict(mutant, stage, output, session.process.returncode)
    clean = Redaction(os.environ)
    kill = verdict.kill and replace(verdict.kill, message=clean(verdict.kill.message), example="", output="")
    return replace(verdict, kill=kill, detail=clean(verdict.detail))


def _finished(process: subprocess.Popen[str], bench: _Bench) -> bool:
    end = time.monotonic() + bench.patience
    while process.poll() is None:
        if bench.cancelled.wait(_TICK):
            raise CancelledError("Judging again was cancelled.")
        if time.monotonic() > end:
            return False
    return True


def moved(source: str, now: str, mutant: Mutant) -> Mutant | None:
    """Return the mutant where its function stands now; None if the function is not what it was, letter by letter."""
    if source == now:
        return mutant
    (before, after) = (_functions(text) for text in (source, now))
    for name, start, end in before:
        if start <= mutant.line <= end:
            body = source.split("\n")[start - 1 : end]
            same = [s for n, s, e in after if n == name and now.split("\n")[s - 1 : e] == body]
            if len(same) != 1:
                return None
            by = same[0] - start
            return replace(mutant, line=mutant.line + by, end_line=mutant.end_line + by)
    return None


def _functions(source: str) -> list[tuple[str, int, int]]:
    """List the outermost functions as qualified name, first and last line."""
    found: list[tuple[str, int, int]] = []

    def visit(node: ast.AST, prefix: str) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                start = min([child.lineno, *(one.lineno for one in child.decorator_list)])
                found.append((prefix + child.name, start, child.end_lineno or child.lineno))
            else:
                visit(child, f"{prefix}{child.name}." if isinstance(child, ast.ClassDef) else prefix)

    try:
        visit(ast.parse(source), "")
    except SyntaxError:
        return []
    return found
