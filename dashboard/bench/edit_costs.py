"""What one edit costs: `python dashboard/bench/edit_costs.py --target NAME`.

Works on a copy of the project. After a run of everything, one function or one test at a time is edited (a `pass` is put before one
of its statements, drawn by chance; mutmut makes no mutant of it: no test could kill that of a statement that does nothing) and `run`
is called again, each time from what the run of everything left behind. Printed is what each took beside the run of everything; CPU seconds tell
more than seconds where the machine does other things.
"""

from __future__ import annotations

import argparse
import ast
import itertools
import os
import random
import re
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from contestants import Timed, timed

from mutmut_dashboard import console
from mutmut_dashboard.config import Project, load_project, suites_of
from mutmut_dashboard.store import Store

ROOT = Path(__file__).parents[2]
_LEFT_OUT = (".git", ".venv", "node_modules", "__pycache__", ".mypy_cache", ".ruff_cache", ".hypothesis")
_EDIT = "pass"


@dataclass(frozen=True)
class Place:
    """A function or test that can be edited; `file` is relative to the project."""

    file: str
    name: str
    statements: tuple[tuple[int, int], ...]
    """Line and indentation of each before which another may stand."""

    def edited(self, source: str, chance: random.Random) -> str:
        """Return the file with a statement more."""
        line, indent = chance.choice(self.statements)
        lines = source.splitlines(keepends=True)
        lines.insert(line - 1, f"{' ' * indent}{_EDIT}\n")
        return "".join(lines)


def places(file: str, source: str) -> Iterator[Place]:
    """Yield the functions of a module and of its classes whose statements begin on lines of their own."""
    tree = ast.parse(source)
    classes = [(f"{node.name}.", node.body) for node in tree.body if isinstance(node, ast.ClassDef)]
    for prefix, body in [("", tree.body), *classes]:
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                own = node.body[ast.get_docstring(node) is not None :]
                if found := tuple(_statements(own, source.splitlines())):
                    yield Place(file, prefix + node.name, found)


def _statements(block: Sequence[ast.stmt], lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield line and indentation of a block's statements and of those in its blocks, but not in functions and classes within."""
    for one in block:
        before, word = lines[one.lineno - 1][: one.col_offset], lines[one.lineno - 1][one.col_offset :]
        if not before.strip() and not word.startswith("elif ") and not hasattr(one, "decorator_list"):
            yield one.lineno, one.col_offset
        if not isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            parts = [one, *getattr(one, "handlers", ()), *getattr(one, "cases", ())]
            for part, name in itertools.product(parts, ("body", "orelse", "finalbody")):
                yield from _statements(getattr(part, name, ()), lines)


def main(arguments: Sequence[str]) -> None:
    """Measure on a copy."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--config", default=str(ROOT / "mutmut_config.py"), help="of the project to judge")
    parser.add_argument("--target", required=True, help="which of its targets")
    parser.add_argument("--functions", type=int, default=5, help="how many to edit (default: 5)")
    parser.add_argument("--tests", type=int, default=5, help="how many to edit (default: 5)")
    parser.add_argument("--seed", type=int, default=0, help="which ones: drawn by this seed (default: 0)")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="(default: the cores)")
    chosen = parser.parse_args(arguments)
    config = Path(chosen.config).resolve()
    with tempfile.TemporaryDirectory(prefix="edits-") as folder:
        root = Path(folder, "project")
        work = load_project(config).work.name
        shutil.copytree(config.parent, root, ignore=shutil.ignore_patterns(*_LEFT_OUT, work, "site"))
        _measure(load_project(root / config.name), chosen)


def _measure(project: Project, chosen: argparse.Namespace) -> None:
    whole = _run(project, chosen)
    rows = [_row("everything", whole, whole), _row("nothing edited", _run(project, chosen), whole)]
    kept = project.root.with_name("kept")
    shutil.copytree(project.work, kept)
    shares: dict[str, list[tuple[float, float]]] = {"functions": [], "tests": []}
    chance = random.Random(chosen.seed)  # noqa: S311 - a drawing that can be repeated
    for place in drawn(project, chosen, chance):
        path = project.root / place.file
        before = path.read_text(encoding="utf-8")
        path.write_text(place.edited(before, chance), encoding="utf-8")
        edited = _run(project, chosen)
        path.write_text(before, encoding="utf-8")
        shutil.rmtree(project.work)
        shutil.copytree(kept, project.work)
        rows.append(_row(f"{place.file}: {place.name}", edited, whole))
        kind = "tests" if place.name.rpartition(".")[2].startswith("test_") else "functions"
        shares[kind].append((edited.wall / whole.wall, edited.cpu / whole.cpu))
    console.show_table(["edited", "judged", "wall s", "cpu s", "of all wall", "of all CPU"], rows)
    for kind, found in {**shares, "edits": [one for own in shares.values() for one in own]}.items():
        if found:
            wall, cpu = map(statistics.median, zip(*found, strict=True))
            console.say(
                f"{chosen.target}, {len(found)} {kind}: half of them take at most {wall:.1%} of the time, "
                f"half of them at most {cpu:.1%} of the CPU time."
            )


def drawn(project: Project, chosen: argparse.Namespace, chance: random.Random) -> list[Place]:
    """Return functions that hold mutants, and tests, as chance has it."""
    target = next(one for one in project.targets if one.name == chosen.target)
    with Store(project.work / "results.sqlite") as store:
        run = store.latest_run()
        mutated = {(m.file, m.function) for m in store.mutants(run.id, chosen.target)} if run else set()
    functions = [place for file in project.files(target) for place in _places_in(project, file)]
    functions = [place for place in functions if (place.file, place.name) in mutated]
    suites = {suite.path for suite in suites_of(target)}
    files = [file for suite in sorted(suites) for file in _python_files(project.root, suite)]
    tests = [place for file in files for place in _places_in(project, file)]
    tests = [place for place in tests if place.name.rpartition(".")[2].startswith("test_")]
    return [
        *chance.sample(functions, min(chosen.functions, len(functions))),
        *chance.sample(tests, min(chosen.tests, len(tests))),
    ]


def _python_files(root: Path, suite: str) -> list[str]:
    path = root / suite
    found = sorted(path.rglob("test_*.py")) if path.is_dir() else [path]
    return [file.relative_to(root).as_posix() for file in found]


def _places_in(project: Project, file: str) -> Iterator[Place]:
    return places(file, (project.root / file).read_text(encoding="utf-8"))


def _run(project: Project, chosen: argparse.Namespace) -> Timed:
    command = [sys.executable, "-m", "mutmut_dashboard", "run", "--target", chosen.target]
    return timed([*command, "--workers", str(chosen.workers), "--no-page"], project.root, None)


def _row(what: str, one: Timed, whole: Timed) -> list[str]:
    judged = re.findall(r"judging (\d+) mutants$", one.output, re.MULTILINE)
    return [
        what,
        judged[0] if judged else "0",
        f"{one.wall:.1f}",
        f"{one.cpu:.1f}",
        f"{one.wall / whole.wall:.1%}",
        f"{one.cpu / whole.cpu:.1%}",
    ]


if __name__ == "__main__":
    main(sys.argv[1:])
