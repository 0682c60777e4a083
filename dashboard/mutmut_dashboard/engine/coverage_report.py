"""`coverage`: all suites under pytest-cov, with branches, into one JSON file held against the floors."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from mutmut_dashboard.config import Project, Target, suites_of
from mutmut_dashboard.errors import BaselineError
from mutmut_dashboard.metrics import Ratio, meets, percent


@dataclass(frozen=True)
class CoverageResult:
    """Rows for a table (module, statements, branches, covered, share), a closing line, and what is short."""

    rows: list[list[str]]
    summary: str
    shortfalls: list[str]


def measure(project: Project) -> CoverageResult:
    """Run the suites of all targets in one pytest session and read the report.

    Raises:
        BaselineError: a test fails, or nothing was measured.

    """
    output = project.root / project.coverage_json
    output.parent.mkdir(parents=True, exist_ok=True)
    output.unlink(missing_ok=True)
    project.work.mkdir(parents=True, exist_ok=True)
    code = subprocess.run(
        _command(project, output), cwd=project.root, env=_environment(project), check=False
    ).returncode
    if code or not output.is_file():
        raise BaselineError(
            f"The suites fail on the original code (pytest exit {code}), so coverage means nothing."
        )
    files = json.loads(output.read_text(encoding="utf-8"))["files"]
    return _read(project, files, output)


def _command(project: Project, output: Path) -> list[str]:
    suites = [suite for target in project.targets for suite in suites_of(target)]
    sources = sorted(
        {_source_folder(target, file) for target in project.targets for file in project.files(target)}
    )
    return [
        *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
        *(f"--cov={source}" for source in sources),
        *("--cov-branch", "--cov-report=", f"--cov-report=json:{output}"),
        *dict.fromkeys(arg for suite in suites for arg in suite.args),
        *dict.fromkeys(suite.path for suite in suites),
    ]


def _source_folder(target: Target, file: str) -> str:
    """Return the folder below the root that holds the file: the whole that shares are taken of."""
    root = PurePosixPath(target.root)
    inside = PurePosixPath(file).relative_to(root)
    return str(root / inside.parts[0]) if len(inside.parts) > 1 else str(root)


def _environment(project: Project) -> dict[str, str]:
    roots = dict.fromkeys(str((project.root / target.root).resolve()) for target in project.targets)
    inherited = os.environ.get("PYTHONPATH", "")
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([*roots, *filter(None, [inherited])]),
        "COVERAGE_FILE": str(project.work / "coverage.data"),
    }


def _read(project: Project, files: dict[str, Any], output: Path) -> CoverageResult:
    summaries = {PurePosixPath(path).as_posix(): entry["summary"] for path, entry in files.items()}
    whole = _ratio(list(summaries.values())).whole
    rows, shortfalls = [], []
    for target in project.targets:
        chosen = {file: summaries[file] for file in project.files(target) if file in summaries}
        rows += [_row(file, [summary], whole) for file, summary in chosen.items()]
        ratio = _ratio(list(chosen.values()))
        rows.append(_row(f"{target.name}: all of it", list(chosen.values()), whole))
        if not meets(ratio, target.floors.coverage):
            shortfalls.append(
                f"{target.name}: coverage is {percent(ratio)}, its floor is {target.floors.coverage:g} %. "
                f"{_lacking(ratio, target.floors.coverage)} more lines or branches must run."
            )
    shown = output.relative_to(project.root) if output.is_relative_to(project.root) else output
    return CoverageResult(
        rows, f"Whole: {percent(_ratio(list(summaries.values())))} of {whole}. Report: {shown}", shortfalls
    )


def _lacking(ratio: Ratio, floor: float) -> int:
    return max(1, -int(-(floor * ratio.whole / 100 - ratio.part) // 1))


def _ratio(summaries: list[dict[str, int]]) -> Ratio:
    return Ratio(
        sum(s["covered_lines"] + s["covered_branches"] for s in summaries),
        sum(s["num_statements"] + s["num_branches"] for s in summaries),
    )


def _row(name: str, summaries: list[dict[str, int]], whole: int) -> list[str]:
    ratio = _ratio(summaries)
    return [
        name,
        str(sum(s["num_statements"] for s in summaries)),
        str(sum(s["num_branches"] for s in summaries)),
        percent(ratio),
        f"{percent(Ratio(ratio.part, whole))} of {percent(Ratio(ratio.whole, whole))}",
    ]
