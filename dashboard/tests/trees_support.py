"""Copies of the subject trees, real runs over them, and the facts that those leave behind."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from mutmut_dashboard.model import (
    ExamplesByFunction,
    FileCoverage,
    Kill,
    Mutant,
    Run,
    Status,
    TestRecord,
    Verdict,
    status_of,
)
from mutmut_dashboard.store import Store

TREES = Path(__file__).parent / "trees"
PATIENCE = 120.0
"""Seconds after which a run is taken for hung; no test waits that long when all is well."""
_LEAKING = (
    *("CI", "COLUMNS", "COVERAGE", "COV_CORE", "FORCE_COLOR", "GATE", "GIT_", "HYPOTHESIS"),
    *("MUTANT", "NO_COLOR", "PYTEST", "PYTHON"),
)


def copy_of_tree(name: str, folder: Path) -> Path:
    """Copy a subject tree, so that a test never works on the original."""
    return Path(shutil.copytree(TREES / name, folder / name))


def clean_environment(**more: str) -> dict[str, str]:
    """What a run is started in: nothing of what this test run or its user has set."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_LEAKING)}
    return {**kept, **more}


@dataclass(frozen=True)
class Outcome:
    """How a command ended."""

    code: int
    out: str
    err: str


def command_line(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "mutmut_dashboard", *arguments]


def git(folder: Path, *words: str) -> str:
    """Run git, without the settings of whoever runs the tests."""
    settings = ("-c", "user.name=A", "-c", "user.email=a@b", "-c", "protocol.file.allow=always")
    environment = clean_environment(GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_NOSYSTEM="1")
    return subprocess.run(
        ["git", "-C", folder, *settings, *words],
        env=environment,
        check=True,
        capture_output=True,
        encoding="utf-8",
    ).stdout


def run_cli(folder: Path, *arguments: str, largest_file: int = 0, **environment: str) -> Outcome:
    """Run the command line in a folder, to its end; with a limit in bytes, as on a disk that is full."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))

    done = subprocess.run(
        command_line(*arguments),
        cwd=folder,
        env=clean_environment(**environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=PATIENCE,
        check=False,
        preexec_fn=limit if largest_file else None,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def run_mutmut(stage: Path, *arguments: str) -> Outcome:
    """Run mutmut's own script, as a user would in the stage."""
    return run_command(stage, [str(Path(sys.executable).with_name("mutmut")), *arguments])


def run_command(folder: Path, command: list[str]) -> Outcome:
    """Run a program in a folder, to its end."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def files_below(folder: Path) -> dict[str, bytes]:
    """Every file but those of the working state and the site, with its content."""
    left_out = (".mutation", "dashboard")
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).parts[0] not in left_out
    }


Change = tuple[str, str, str]
"""Function, original, replacement: what a test calls a mutant."""


@dataclass(frozen=True)
class Facts:
    """What the store holds about the latest run."""

    run: Run
    mutants: list[Mutant]
    verdicts: dict[str, Verdict]
    tests: list[TestRecord]
    coverage: dict[str, FileCoverage]
    sources: dict[str, str]
    reach: dict[tuple[str, str], list[str]]
    examples: ExamplesByFunction

    @cached_property
    def by_change(self) -> dict[Change, Mutant]:
        return {(m.function, m.original, m.replacement): m for m in self.mutants}

    @cached_property
    def statuses(self) -> dict[Change, Status]:
        return {change: self.status(mutant) for change, mutant in self.by_change.items()}

    def status(self, mutant: Mutant) -> Status:
        return status_of(mutant, self.verdicts.get(mutant.id))

    def having(self, status: Status) -> set[Change]:
        return {change for change, own in self.statuses.items() if own is status}

    def of(self, function: str, status: Status | None = None) -> list[Mutant]:
        return [m for m in self.mutants if m.function == function and status in (None, self.status(m))]

    def verdict(self, *change: str) -> Verdict:
        function, original, replacement = change
        return self.verdicts[self.by_change[function, original, replacement].id]

    def kill(self, *change: str) -> Kill:
        kill = self.verdict(*change).kill
        assert kill is not None
        return kill


def facts_of(folder: Path) -> Facts:
    """Read the latest run of a project."""
    with Store(folder / ".mutation" / "results.sqlite") as store:
        run = store.latest_run()
        assert run is not None
        names = [target.name for target in run.targets]
        return Facts(
            run=run,
            mutants=store.mutants(run.id),
            verdicts={key: v for name in names for key, v in store.verdicts(run.id, name).items()},
            tests=[test for name in names for test in store.tests(run.id, name)],
            coverage={c.file: c for name in names for c in store.coverage(run.id, name)},
            sources=store.sources(run.id),
            reach={key: tests for name in names for key, tests in store.reach(run.id, name).items()},
            examples={key: own for name in names for key, own in store.examples(run.id, name).items()},
        )


Matrix = dict[Change, dict[str, str]]
"""Change -> function name of each test that noticed it -> how."""


def matrix_of(folder: Path) -> Matrix:
    """Read the kill matrix of the latest run of a project with one target."""
    facts = facts_of(folder)
    with Store(folder / ".mutation" / "results.sqlite") as store:
        kills = store.kills(facts.run.id, facts.run.targets[0].name)
    return {
        change: {failed.test.partition("::")[2]: failed.how for failed in kills[mutant.id]}
        for change, mutant in facts.by_change.items()
        if mutant.id in kills
    }


@dataclass(frozen=True)
class TreeRun:
    """A tree that was run once; tests only read it."""

    folder: Path
    outcome: Outcome

    @cached_property
    def facts(self) -> Facts:
        return facts_of(self.folder)


Story = Callable[[Path], object]
"""Something that is really run, once, in a folder of its own; tests read what came of it."""
