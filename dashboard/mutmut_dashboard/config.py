"""What `mutmut_config.py` says: targets, suites, floors, levels, skip rules and the `pre_mutation` hook.

The file is Python that holds data. It defines

- `TARGETS`: a list of `Target`, required;
- `SKIPS`: a list of `Skip`, each with a reason;
- `COVERAGE_JSON`: where `coverage` writes its report;
- `KEPT_OUTPUT`: how many characters are kept of what a test that kills prints, and as many of what it logs;
- `EDITOR`: the editor that the page opens files in, see `editor`;
- `pre_mutation(context)`: a function that may set `context.skip = True`.

Every path is relative to the folder of `mutmut_config.py`, the project's root.
"""

from __future__ import annotations

import glob
import math
import os
import tomllib
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, TypeVar

from mutmut_dashboard.editor import editor_address
from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.model import HIGH_FROM, LOW_BELOW
from mutmut_dashboard.mutmut_settings import MutmutSettings, read_mutmut_settings

CONFIG_NAME = "mutmut_config.py"
DEFAULT_COVERAGE_JSON = "coverage.json"
DEFAULT_KEPT_OUTPUT = 10_000
MOST_KEPT_OUTPUT = 1_000_000

Entry = TypeVar("Entry")


@dataclass(frozen=True, kw_only=True)
class Floors:
    """What is good enough, in percent of the whole (0 to 100)."""

    mutation_score: float = 0.0
    coverage: float = 50.0
    adjusted_score: float = 0.0
    """Of the score without survivors that are decided equivalent or accepted."""


@dataclass(frozen=True, kw_only=True)
class Ceilings:
    """What is too much, in mutants; None sets no limit."""

    max_accepted: int | None = None
    """Survivors decided `accepted`."""
    max_timeouts: int | None = None


@dataclass(frozen=True, kw_only=True)
class Levels:
    """Which scores the page shows as low, medium and high, in percent (0 to 100); nothing is asked of them."""

    low: float = LOW_BELOW
    """A score below is low."""
    high: float = HIGH_FROM
    """A score of so much or more is high."""


@dataclass(frozen=True, kw_only=True)
class Suite:
    """Tests that pytest collects: a file or folder, and extra arguments for pytest."""

    path: str
    args: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Target:
    """A part of the project that is mutated together and judged by the same suites."""

    name: str
    root: str = "."
    """Folder from which the code is imported and in which the tests run."""
    modules: Sequence[str]
    """Files to mutate, as paths or globs, e.g. `backend/core/llm/*.py`."""
    suites: Sequence[Suite | str]
    floors: Floors = Floors()
    ceilings: Ceilings = Ceilings()
    levels: Levels = Levels()
    timeout_factor: float = 15.0
    """A mutant may take this many times as long as its tests take on the original."""
    timeout_floor: float = 2.0
    """Seconds that every mutant may take besides."""
    type_check_command: Sequence[str] = ()
    """A type checker and its arguments, run over the generated code; mutants that it rejects are invalid. mutmut's setting."""
    mutate_only_covered_lines: bool = False
    """Whether mutants on lines that no test runs are left out. mutmut's setting."""


@dataclass(frozen=True, kw_only=True)
class Skip:
    """A rule that leaves mutants out. Every given field must match; `reason` says why, to the reader of the page.

    `file`, `function` and `operator` are globs; `line`, `original` and `replacement` too, over the stripped text.
    """

    reason: str = ""
    target: str | None = None
    file: str | None = None
    function: str | None = None
    operator: str | None = None
    line: str | None = None
    original: str | None = None
    replacement: str | None = None

    def describe(self) -> str:
        """Write the rule's patterns as they stand in the file."""
        given = [(f.name, getattr(self, f.name)) for f in fields(self) if f.name != "reason"]
        return ", ".join(f"{name}={value!r}" for name, value in given if value is not None)


@dataclass(frozen=True)
class Project:
    """The checked configuration."""

    root: Path
    targets: tuple[Target, ...]
    skips: tuple[Skip, ...] = ()
    pre_mutation: Callable[[Any], object] | None = None
    coverage_json: str = DEFAULT_COVERAGE_JSON
    kept_output: int = DEFAULT_KEPT_OUTPUT
    """Characters, the last ones; it changes no verdict."""
    editor: str = ""
    """Template of the address that opens a file in an editor; empty for none."""
    notes: tuple[str, ...] = ()
    """Sentences about settings that have no effect."""
    config: Path | None = None
    """The `mutmut_config.py` it was read from; None for one that has mutmut's own settings only."""

    @property
    def name(self) -> str:
        """What the page calls the project: the name in its pyproject.toml, else its folder's."""
        try:
            settings = tomllib.loads((self.root / "pyproject.toml").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return self.root.name
        return str(settings.get("project", {}).get("name", self.root.name))

    @property
    def work(self) -> Path:
        """Folder of the working state: stages, the store, logs, the lock."""
        return self.root / ".mutation"

    def opened_in(self, editor: str | None) -> Project:
        """Return the project with another editor than the configuration's; None leaves it."""
        return self if editor is None else replace(self, editor=editor_address(editor, "--editor"))

    def chosen(self, names: Sequence[str]) -> tuple[Target, ...]:
        """Return the targets of these names, in the configuration's order; all of them for no names."""
        known = [target.name for target in self.targets]
        for name in names:
            if name not in known:
                raise UsageError(f'There is no target "{name}". {CONFIG_NAME} defines: {", ".join(known)}.')
        return tuple(target for target in self.targets if not names or target.name in names)

    def files(self, target: Target) -> list[str]:
        """Return the files a target mutates, sorted, from the project's root with forward slashes."""
        found: set[str] = set()
        for at, pattern in enumerate(target.modules):
            try:
                matches = [p for p in self.root.glob(pattern) if p.suffix == ".py" and p.is_file()]
            except (NotImplementedError, ValueError, IndexError):
                matches = []  # an absolute path, "" or "."
            if not matches:
                raise UsageError(
                    f'{CONFIG_NAME}: target "{target.name}" modules[{at}] ("{pattern}") matches no Python file '
                    f"under {self.root}. Give a path from there; globs like core/*.py are allowed."
                )
            found.update(p.relative_to(self.root).as_posix() for p in matches)
        return sorted(found)


def suites_of(target: Target) -> list[Suite]:
    """Return the target's suites, plain paths made into `Suite`."""
    return [Suite(path=suite) if isinstance(suite, str) else suite for suite in target.suites]


def load_project(path: Path) -> Project:
    """Load and check a `mutmut_config.py`, or read mutmut's own settings where there is none.

    Raises:
        UsageError: it is missing or broken; the message names the entry.

    """
    path = path.resolve()
    if not path.exists() and path.name == CONFIG_NAME:
        settings = read_mutmut_settings(path.parent)
        if settings is not None:
            return _project_of(path.parent, settings)
    if not path.is_file():
        raise UsageError(
            f"There is no {path.name} in {path.parent}. Run from the project's root, name the file with --config, or "
            "write one: it needs a list TARGETS of Target(name=..., modules=[...], suites=[...]) from mutmut_dashboard.config."
        )
    names = _execute(path)
    if "TARGETS" not in names:
        raise UsageError(f"{path.name} defines no TARGETS. Give it a list of Target(...), one at the least.")
    targets = _entries(path.name, names, "TARGETS", Target)
    skips = _entries(path.name, names, "SKIPS", Skip)
    project = Project(
        root=path.parent,
        targets=targets,
        skips=skips,
        pre_mutation=names.get("pre_mutation"),
        coverage_json=names.get("COVERAGE_JSON", DEFAULT_COVERAGE_JSON),
        kept_output=names.get("KEPT_OUTPUT", DEFAULT_KEPT_OUTPUT),
        editor=_editor(names.get("EDITOR", "")),
        config=path,
    )
    _check(project)
    return project


def _editor(given: object) -> str:
    if not isinstance(given, str):
        raise UsageError(f"{CONFIG_NAME}: EDITOR must be a text, not {given!r}.")
    return editor_address(given, f"{CONFIG_NAME}: EDITOR")


def _project_of(root: Path, settings: MutmutSettings) -> Project:
    first, *others = settings.tests
    suites = [Suite(path=first, args=settings.arguments), *(Suite(path=path) for path in others)]
    target = Target(
        name="project",
        modules=[glob.escape(file) for file in settings.modules],
        suites=suites,
        floors=Floors(coverage=0),
        timeout_factor=settings.timeout_factor,
        timeout_floor=settings.timeout_floor,
        type_check_command=settings.type_check_command,
        mutate_only_covered_lines=settings.mutate_only_covered_lines,
    )
    project = Project(root=root, targets=(target,), notes=settings.ignored)
    _check(project)
    return project


def _execute(path: Path) -> dict[str, Any]:
    names: dict[str, Any] = {"__file__": str(path), "__name__": path.stem}
    try:
        exec(compile(path.read_bytes(), str(path), "exec"), names)  # noqa: S102 - the configuration is the user's own code
    except SyntaxError as error:
        raise UsageError(f"{path.name}, line {error.lineno}: {error.msg}. Correct the syntax.") from error
    except (Exception, SystemExit) as error:
        lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == str(path)]
        where = f", line {lines[-1]}" if lines else ""
        raise UsageError(f"{path.name}{where}: {type(error).__name__}: {error}. Correct that.") from error
    return names


def _entries(file: str, names: dict[str, Any], name: str, kind: type[Entry]) -> tuple[Entry, ...]:
    entries = names.get(name, [])
    if not isinstance(entries, list | tuple):
        raise UsageError(
            f"{file}: {name} must be a list of {kind.__name__}(...), not {type(entries).__name__}."
        )
    for at, entry in enumerate(entries):
        if not isinstance(entry, kind):
            raise UsageError(f"{file}: {name}[{at}] must be a {kind.__name__}(...), not {entry!r}.")
    return tuple(entries)


def _check(project: Project) -> None:
    if not project.targets:
        raise UsageError(f"{CONFIG_NAME}: TARGETS is empty. Give it one Target(...) at the least.")
    seen: set[str] = set()
    for at, target in enumerate(project.targets):
        _check_target(project, target, f"TARGETS[{at}]")
        if target.name in seen:
            raise UsageError(
                f'{CONFIG_NAME}: TARGETS[{at}] repeats the name "{target.name}". Names must differ.'
            )
        seen.add(target.name)
    for at, skip in enumerate(project.skips):
        _check_skip(skip, f"SKIPS[{at}]", seen)
    if not isinstance(project.coverage_json, str):
        raise UsageError(
            f"{CONFIG_NAME}: COVERAGE_JSON must be a path as text, not {project.coverage_json!r}."
        )
    kept: Any = project.kept_output
    if isinstance(kept, bool) or not isinstance(kept, int) or not 0 <= kept <= MOST_KEPT_OUTPUT:
        raise UsageError(
            f"{CONFIG_NAME}: KEPT_OUTPUT is {kept!r}. Give a number of characters, 0 (none) to {MOST_KEPT_OUTPUT:,}."
        )
    if project.pre_mutation is not None and not callable(project.pre_mutation):
        raise UsageError(f"{CONFIG_NAME}: pre_mutation must be a function of one argument, the context.")


def _check_target(project: Project, target: Target, label: str) -> None:
    name: Any = target.name
    if (
        not isinstance(name, str)
        or not name
        or name.startswith(".")
        or not all(c.isalnum() or c in "-_." for c in name)
    ):
        raise UsageError(
            f"{CONFIG_NAME}: {label} has the name {target.name!r}. Use letters, digits, '-', '_' and '.': it names a folder."
        )
    label = f'target "{target.name}"'
    root = (project.root / str(target.root)).resolve()
    if not root.is_dir() or not root.is_relative_to(project.root):
        raise UsageError(
            f'{CONFIG_NAME}: {label} has the root "{target.root}", which is no folder in {project.root}.'
        )
    for what, values in (("modules", target.modules), ("suites", target.suites)):
        kinds = str if what == "modules" else str | Suite
        sound = isinstance(values, list | tuple) and all(isinstance(value, kinds) for value in values)
        if not sound or not values:
            raise UsageError(
                f"{CONFIG_NAME}: {label} needs a list of {what}, one at the least, each a path; it has {values!r}."
            )
    for file in project.files(target):
        if not Path(os.path.normpath(project.root / file)).is_relative_to(root):
            raise UsageError(
                f'{CONFIG_NAME}: {label} mutates "{file}", which is outside its root "{target.root}".'
            )
    for at, suite in enumerate(suites_of(target)):
        if not isinstance(suite.args, list | tuple):
            raise UsageError(
                f"{CONFIG_NAME}: {label} suites[{at}] needs a list of args; it has {suite.args!r}."
            )
        path = (project.root / suite.path).resolve()
        if not path.exists():
            raise UsageError(
                f'{CONFIG_NAME}: {label} suites[{at}] ("{suite.path}") does not exist under {project.root}. Correct the path.'
            )
        if not path.is_relative_to(root):
            raise UsageError(
                f'{CONFIG_NAME}: {label} suites[{at}] ("{suite.path}") is outside the root "{target.root}". Tests and '
                "code are copied together, so choose a root that holds both."
            )
    _check_percentages(target.floors, Floors, "floors", label)
    _check_percentages(target.levels, Levels, "levels", label)
    if target.levels.low > target.levels.high:
        raise UsageError(
            f"{CONFIG_NAME}: {label} has levels.low={target.levels.low!r} above levels.high={target.levels.high!r}. "
            "Give a low that is not above the high."
        )
    _check_ceilings(target, label)
    _check_mutmut_settings(target, label)
    factor, floor = _number(target.timeout_factor), _number(target.timeout_floor)
    if not (factor >= 1 and floor > 0):
        raise UsageError(
            f"{CONFIG_NAME}: {label} has timeout_factor={target.timeout_factor!r} and timeout_floor="
            f"{target.timeout_floor!r}. The factor must be 1 or more, the floor above 0 seconds."
        )


def _check_percentages(given: object, kind: type[Floors | Levels], name: str, label: str) -> None:
    if not isinstance(given, kind):
        raise UsageError(f"{CONFIG_NAME}: {label} has {name}={given!r}. Give it {kind.__name__}(...).")
    for field in fields(kind):
        value = getattr(given, field.name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100:
            raise UsageError(
                f"{CONFIG_NAME}: {label} has {name}.{field.name}={value!r}. Give a percentage, 0 to 100."
            )


def _check_ceilings(target: Target, label: str) -> None:
    if not isinstance(target.ceilings, Ceilings):
        raise UsageError(f"{CONFIG_NAME}: {label} has ceilings={target.ceilings!r}. Give it Ceilings(...).")
    for field in fields(Ceilings):
        value = getattr(target.ceilings, field.name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
            raise UsageError(
                f"{CONFIG_NAME}: {label} has ceilings.{field.name}={value!r}. Give a number of mutants, 0 or more, or None."
            )


def _check_mutmut_settings(target: Target, label: str) -> None:
    command: Any = target.type_check_command
    sound = isinstance(command, list | tuple) and all(isinstance(word, str) and word for word in command)
    if not sound:
        raise UsageError(
            f"{CONFIG_NAME}: {label} has type_check_command={command!r}. Give a list of words, e.g. "
            '["mypy", "--output", "json", "."].'
        )
    if not isinstance(target.mutate_only_covered_lines, bool):
        raise UsageError(
            f"{CONFIG_NAME}: {label} has mutate_only_covered_lines={target.mutate_only_covered_lines!r}. Give True or False."
        )


def _number(value: object) -> float:
    """Return a finite number as it is, 0 for anything else."""
    return value if isinstance(value, int | float) and math.isfinite(value) else 0.0


def _check_skip(skip: Skip, label: str, targets: set[str]) -> None:
    for field in fields(skip):
        value = getattr(skip, field.name)
        if value is not None and not isinstance(value, str):
            raise UsageError(
                f"{CONFIG_NAME}: {label} has {field.name}={value!r}. Give a text: patterns are globs over the text."
            )
    if not skip.describe():
        raise UsageError(
            f"{CONFIG_NAME}: {label} has no pattern, so it would skip every mutant. Give it one or remove it."
        )
    if not str(skip.reason or "").strip():
        raise UsageError(
            f"{CONFIG_NAME}: {label} ({skip.describe()}) has no reason. Say in reason=... why these mutants are left out."
        )
    if skip.target is not None and skip.target not in targets:
        raise UsageError(
            f'{CONFIG_NAME}: {label} is for target "{skip.target}", which is not defined. '
            f"Defined: {', '.join(sorted(targets))}."
        )
