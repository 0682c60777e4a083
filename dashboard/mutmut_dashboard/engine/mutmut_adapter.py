"""The door to mutmut: its layout, names and codes; `mutmut_generation`, `mutmut_results`, `mutmut_trampoline` and `mutmut_type_check` know the rest."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self, cast

from mutmut_dashboard.errors import DashboardError, UsageError
from mutmut_dashboard.model import Ended, Mutant, Verdict

_EXIT_CODE = {
    Ended.PASSED: 0,
    Ended.FAILED: 1,
    Ended.NO_TESTS: 33,
    Ended.WALL_LIMIT: 36,
    Ended.CPU_LIMIT: 24,
    Ended.SIGNAL: -11,
    Ended.OUT_OF_MEMORY: -9,
    Ended.EXITED: 35,
    Ended.LOST: None,
    Ended.NOT_COLLECTED: 35,
    Ended.NOT_IMPORTED: 37,
    Ended.TYPE_ERROR: 37,
}
_SKIPPED = 34

REFUSED = 64
"""Exit code of the process in the stage for a sentence to the user, which is its last line of error output."""


Copy = tuple[int, int, int]
"""Where a generated file holds an original function: first line, last line, and what added to a line of it gives that of
the source."""


@dataclass(frozen=True, slots=True)
class Generated:
    """What mutmut made of one file. Paths are from the project's root."""

    file: str
    source: str
    mutants: tuple[Mutant, ...]
    copies: tuple[Copy, ...]
    lines: Mapping[str, int]
    """Mutant's id -> line on which the node begins that mutmut changes."""


class _InAdvance:
    """A program that takes a while to come up and begins to at once. It ends with the block."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._ready: _Program | None = _Program(name)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        ready, self._ready = self._ready, None
        if ready is not None:
            ready.end()

    def _program(self) -> _Program:
        program, self._ready = self._ready or _Program(self._name), None
        return program


class Generator(_InAdvance):
    """mutmut's generation."""

    def __init__(self) -> None:
        super().__init__("mutmut_generation")

    def generate(
        self,
        stage: Path,
        files: Sequence[str],
        prefix: str,
        workers: int,
        cache: Path,
        spare: Callable[[], object] | None = None,
    ) -> list[Generated]:
        """Have mutmut generate the mutants of `files` in the stage; `prefix` leads from the project's root to there.

        What was generated from the same source before is taken from `cache`. `spare` is called once, when fewer files are
        left than there are workers.

        Raises:
            UsageError: a file does not parse.

        """
        arguments = {"files": list(files), "prefix": prefix, "workers": workers, "cache": str(cache)}
        answer = json.loads(self._program().run(stage, arguments, spare))
        return [
            Generated(
                part["file"],
                part["source"],
                tuple(Mutant(**record) for record in part["mutants"]),
                tuple((first, last, shift) for first, last, shift in part["copies"]),
                part["lines"],
            )
            for part in answer
        ]


class Results(_InAdvance):
    """mutmut's own files in a stage."""

    def __init__(self) -> None:
        super().__init__("mutmut_results")

    def record(
        self,
        stage: Path,
        mutants: Sequence[Mutant],
        verdicts: Mapping[str, Verdict],
        durations: Mapping[str, float],
        tests_by_function: Mapping[str, Sequence[str]],
    ) -> None:
        """Write the verdicts into them, so that `mutmut results`, `show` and `browse` work in the stage.

        `tests_by_function` maps mutmut's function keys to test ids in the stage.
        """
        codes: dict[str, int | None] = {}
        seconds: dict[str, float] = {}
        types: dict[str, str] = {}
        for mutant in mutants:
            verdict = verdicts.get(mutant.id)
            if mutant.name:
                codes[mutant.name] = (
                    _SKIPPED if mutant.skip_reason else _EXIT_CODE[verdict.ended] if verdict else None
                )
            if mutant.name and verdict:
                seconds[mutant.name] = verdict.wall
                if verdict.ended is Ended.TYPE_ERROR:
                    types[mutant.name] = verdict.detail
        told = {
            "codes": codes,
            "seconds": seconds,
            "types": types,
            "durations": durations,
            "tests": tests_by_function,
        }
        self._program().run(stage, told)


def type_errors(
    folder: Path, command: Sequence[str], report: str, planted: Mapping[str, int]
) -> dict[str, Any]:
    """Have a type checker's report on the generated code in `folder` read, see `mutmut_type_check`.

    `planted` maps the files under test to the line from which on they hold a planted error. Returns `rejected`, a message by
    mutant's name, and `seen`, whether a planted error was reported; or just `unreadable`, the reason.
    """
    arguments = {"command": list(command), "report": report, "planted": dict(planted)}
    answer: dict[str, Any] = json.loads(_Program("mutmut_type_check").run(folder, arguments))
    return answer


def function_of(mutant_name: str) -> str:
    """Return mutmut's key of the function a mutant belongs to: `core.x.xǁClsǁrun__mutmut_3` -> `core.x.xǁClsǁrun`."""
    return mutant_name.partition("__mutmut_")[0]


def module_of(file: str) -> str:
    """Return the module name under which mutmut's trampolines expect a file (relative to the stage) to be imported."""
    parts = list(Path(file).with_suffix("").parts)
    if parts[0] == "src":
        del parts[0]
    if parts[-1] == "__init__":
        del parts[-1]
    return ".".join(parts)


def import_paths(stage: Path) -> list[str]:
    """Return the folders mutmut puts on the import path, for a stage or its generated code."""
    return [str(folder) for folder in (stage / "source", stage / "src", stage) if folder.is_dir()]


class _Program:
    """One of the processes that know mutmut, which does what it is told to in a stage."""

    def __init__(self, name: str) -> None:
        self._name = name
        environment = {**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": str(Path(__file__).parents[2])}
        environment.pop("MUTANT_UNDER_TEST", None)
        with ExitStack() as stack:
            self._said = stack.enter_context(tempfile.TemporaryFile())
            # A module of the project does not pass for one that mutmut imports.
            command = [sys.executable, "-P", "-m", f"mutmut_dashboard.engine.{name}"]
            process = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._said,
                encoding="utf-8",
            )
            self._process = stack.enter_context(process)
            self._until_ended = stack.pop_all()

    def run(
        self, stage: Path, arguments: Mapping[str, Any], halfway: Callable[[], object] | None = None
    ) -> str:
        """Return its answer. Before that it may say an empty line, upon which `halfway` is called."""
        told, says = cast(IO[str], self._process.stdin), cast(IO[str], self._process.stdout)
        with self._until_ended:
            try:
                with suppress(BrokenPipeError), told:  # it has ended, and its exit code tells why
                    told.write(json.dumps({"stage": str(stage), **arguments}))
                answer = says.readline()
                if answer == "\n":
                    if halfway:
                        halfway()
                    answer = says.read()
            except BaseException:
                self._process.kill()  # or leaving the block would wait for it
                raise
            code = self._process.wait()
            self._said.seek(0)
            said = self._said.read().decode(errors="replace").strip()
        if code == 0:
            return answer
        if code == REFUSED:
            raise UsageError(said.splitlines()[-1])
        raise DashboardError(f"{self._name} failed in {stage}:\n{said}")

    def end(self) -> None:
        """End it, for it is not needed."""
        with self._until_ended:
            self._process.kill()


def told() -> dict[str, Any]:
    """Go into the stage, in one of those processes, and return what else it is told."""
    arguments: dict[str, Any] = json.load(sys.stdin)
    os.chdir(arguments.pop("stage"))
    return arguments
