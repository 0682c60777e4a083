"""The project's own type checker, run over the generated code beside the clean runs: which mutants it rejects."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

from mutmut_dashboard.engine import mutmut_adapter
from mutmut_dashboard.engine.stage import BYTECODE, GENERATED, Stage
from mutmut_dashboard.engine.workers import end_process
from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.model import Ended, Mutant, Verdict

_PLANTED = '\n\ndef mutmut_dashboard_control() -> int:\n    return "no number"\n'
"""Goes to the end of every file under test: a checker that reports none of them looks at something else."""
_FINISHED = (0, 1)
"""How mypy, pyright, pyrefly and ty end when they looked at all they were given; 1 means that there are errors."""
_SHOWN_LINES = 10


@dataclass(frozen=True)
class Rejected:
    """What a type checker said of mutants."""

    messages: dict[str, str]
    """mutmut's name of a mutant -> the first error that the original does not have."""
    looked: bool
    """Whether it reported an error that was planted; one that did not rejects nothing, ever."""

    def verdicts(self, mutants: Iterable[Mutant]) -> dict[str, Verdict]:
        """Return the verdicts, by id, on those of the mutants that are rejected."""
        return {
            m.id: Verdict(m.id, Ended.TYPE_ERROR, detail=self.messages[m.name])
            for m in mutants
            if m.name in self.messages
        }

    def words(self, rejected: int, of: int) -> str:
        """Say how many mutants are rejected, and whether that means anything."""
        counted = f"the type checker rejects {rejected} of {of} mutants."
        if self.looked or self.messages:
            return counted
        return (
            f"{counted} It reports no type error that was planted in the mutated files, so it does not check "
            "them. Look at type_check_command and the checker's settings."
        )


class TypeCheck:
    """A type checker that goes on beside others; `result` waits for it.

    It runs in a copy of the generated code, outside of the project: there no ignore file above hides the code from it, and
    nothing that it writes is in the tests' way.

    Raises:
        UsageError: the command cannot be started.

    """

    def __init__(self, stage: Stage, command: Sequence[str], log: Path, cache: Path) -> None:
        self._command = list(command)
        self._report, self._errors = log.with_suffix(".out"), log
        self._scratch = TemporaryDirectory(prefix="mutmut-dashboard-", ignore_cleanup_errors=True)
        self._folder = Path(self._scratch.name)
        try:
            self._planted = _copy(stage, self._folder / GENERATED)
            self._process = self._start(cache)
        except BaseException:
            self._scratch.cleanup()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        end_process(self._process)
        self._scratch.cleanup()

    @property
    def goes_on(self) -> bool:
        """Whether its report is not there yet."""
        return self._process.poll() is None

    def result(self) -> Rejected:
        """Wait for its report.

        Raises:
            UsageError: it did not look at the code, or its report cannot be read; the message holds what it printed.

        """
        code = self._process.wait()
        report = self._report.read_text(encoding="utf-8", errors="replace")
        if code not in _FINISHED:
            raise UsageError(
                f"type_check_command ({' '.join(self._command)}) ended with {code} and {self._printed()}\n"
                f"Correct the command; it runs in a copy of the target's root. Log: {self._errors}"
            )
        answer = mutmut_adapter.type_errors(self._folder, self._command, report, self._planted)
        if "unreadable" in answer:
            raise UsageError(
                f"type_check_command ({' '.join(self._command)}) gave no report that can be read "
                f"({answer['unreadable']}); it {self._printed()}\n"
                "Let it print JSON: mypy --output json, pyright --outputjson, pyrefly check --output-format json, "
                f"ty check --output-format gitlab. Log: {self._errors}"
            )
        return Rejected(answer["rejected"], answer["seen"])

    def _start(self, cache: Path) -> subprocess.Popen[str]:
        self._errors.parent.mkdir(parents=True, exist_ok=True)
        with (
            self._report.open("w", encoding="utf-8") as out,
            self._errors.open("w", encoding="utf-8") as errors,
        ):
            try:
                return subprocess.Popen(
                    self._command,
                    cwd=self._folder / GENERATED,
                    env=_environment(cache),
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=errors,
                    encoding="utf-8",
                    start_new_session=True,
                )
            except OSError as error:
                raise UsageError(
                    f"type_check_command ({' '.join(self._command)}) cannot be started: {error.strerror}: "
                    f"{self._command[0]!r}. Install it beside the tests, and give each word of the command by itself."
                ) from error

    def _printed(self) -> str:
        texts = (path.read_text(encoding="utf-8", errors="replace") for path in (self._errors, self._report))
        lines = [line[:300] for text in texts for line in text.splitlines() if line.strip()]
        if not lines:
            return "printed nothing."
        more = [f"and {len(lines) - _SHOWN_LINES} lines more"] if lines[_SHOWN_LINES:] else []
        return "\n  ".join(["printed:", *lines[:_SHOWN_LINES], *more])


def _copy(stage: Stage, to: Path) -> dict[str, int]:
    """Copy the generated code, plant an error in each file under test, and return from which line on."""
    ignore = shutil.ignore_patterns(BYTECODE)
    shutil.copytree(stage.generated, to, ignore=ignore, ignore_dangling_symlinks=True)
    planted = {}
    for file in stage.files:
        text = (to / file).read_text(encoding="utf-8")
        (to / file).write_text(text + _PLANTED, encoding="utf-8")
        planted[file] = text.count("\n") + 2
    return planted


def _environment(cache: Path) -> dict[str, str]:
    """Return that of an activated environment, with mypy's cache where it outlives the copy."""
    environment = {name: value for name, value in os.environ.items() if name != "MUTANT_UNDER_TEST"}
    scripts = str(Path(sys.executable).parent)
    environment["PATH"] = os.pathsep.join(filter(None, (scripts, environment.get("PATH"))))
    if sys.prefix != sys.base_prefix:
        environment["VIRTUAL_ENV"] = sys.prefix
    environment.setdefault("MYPY_CACHE_DIR", str(cache))
    return environment
