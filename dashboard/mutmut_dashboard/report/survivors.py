"""Undetected mutants by file and function, each with its change in its source and what ran it."""

from __future__ import annotations

import shlex
from collections import Counter
from dataclasses import dataclass
from itertools import groupby

from mutmut_dashboard.model import FileCoverage, Mutant, Status
from mutmut_dashboard.report import anchors
from mutmut_dashboard.report.excerpt import Source, excerpt, in_one_line
from mutmut_dashboard.report.pages import Command, FileGroup, FunctionGroup, Survivor, TestLink
from mutmut_dashboard.report.rows import Places
from mutmut_dashboard.report.rulings import Rulings
from mutmut_dashboard.report.snapshot import Judged, TargetData
from mutmut_dashboard.report.wording import SIGN, duration, number, plural

MOST_TESTS = 15
"""Tests listed for a survivor; lists of all would be most of a large page."""
MOST_IN_COMMAND = 12
"""Tests named one by one in a command; more are named by their files."""
_NOT_DETECTED = (Status.SURVIVED, Status.UNCOVERED)


@dataclass(frozen=True, slots=True)
class Ran:
    """The tests that ran a mutant's code, the fastest first."""

    tests: tuple[str, ...]
    exact: bool
    """Whether the line is known to be run by them; else it is only the function."""


class SurvivorLists:
    """Builds the survivors of one target."""

    def __init__(
        self,
        target: TargetData,
        sources: dict[str, str],
        places: Places,
        rulings: Rulings,
        changed: frozenset[str],
        *,
        several_targets: bool,
    ) -> None:
        self._target = target
        self._name = target.record.name
        self._places = places
        self._rulings = rulings
        self._changed = changed
        self._shown_target = self._name if several_targets else ""
        self._coverage = {file.file: file for file in target.coverage}
        self._seconds = {test.id: test.duration for test in target.tests}
        self._undetected = sorted(target.having(*_NOT_DETECTED), key=_by_place)
        files = {judged.mutant.file for judged in self._undetected}
        self._sources = {file: Source.read(sources[file]) for file in files if file in sources}
        self._function_of: Counter[tuple[str, str]] = Counter(
            (judged.mutant.file, judged.mutant.function)
            for judged in target.having(Status.KILLED, Status.TIMEOUT, *_NOT_DETECTED)
        )

    def files(self) -> tuple[FileGroup, ...]:
        """Files with survivors, by path."""
        return tuple(
            self._file(file, list(found))
            for file, found in groupby(self._undetected, lambda j: j.mutant.file)
        )

    def _file(self, file: str, found: list[Judged]) -> FileGroup:
        by_function: dict[str, list[Judged]] = {}
        for judged in found:
            by_function.setdefault(judged.mutant.function, []).append(judged)
        return FileGroup(
            file=file,
            target=self._shown_target,
            anchor=anchors.of_file(self._name, file),
            changed=file in self._changed,
            count=number(len(found)),
            functions=tuple(self._function(file, name, group) for name, group in by_function.items()),
        )

    def _function(self, file: str, name: str, found: list[Judged]) -> FunctionGroup:
        return FunctionGroup(
            name=name,
            anchor=anchors.of_function(self._name, file, name),
            words=f"{number(len(found))} of {plural(self._function_of[file, name], 'mutant')} undetected",
            count=number(len(found)),
            survivors=tuple(self._survivor(judged) for judged in found),
        )

    def _survivor(self, judged: Judged) -> Survivor:
        mutant = judged.mutant
        source = self._sources.get(mutant.file)
        lines = excerpt(source, mutant, self._coverage.get(mutant.file)) if source else ()
        before, original, replacement, after = in_one_line(source, mutant)
        ran = Ran((), exact=True) if judged.status is Status.UNCOVERED else self._ran(mutant)
        return Survivor(
            anchor=self._places.mutant(mutant),
            id=mutant.id,
            name=mutant.name,
            status=judged.status.value,
            sign=SIGN[judged.status],
            function=mutant.function,
            place=f"{mutant.file}:{mutant.line}",
            operator=mutant.operator,
            before=before,
            original=original,
            replacement=replacement,
            after=after,
            lines=lines,
            diff="" if lines else mutant.diff,
            ruling=self._rulings.shown(mutant),
            sentence=_sentence(judged.status, ran),
            tests=tuple(self._link(test) for test in ran.tests[:MOST_TESTS]),
            more=_more(ran.tests[MOST_TESTS:]),
            time=duration(sum(self._seconds.get(test, 0.0) for test in ran.tests)),
            commands=self._commands(mutant, ran.tests),
        )

    def _ran(self, mutant: Mutant) -> Ran:
        file = self._coverage.get(mutant.file)
        by_line = _tests_of_lines(file, mutant) if file else ()
        tests = by_line or self._target.reach.get((mutant.file, mutant.function), ())
        fastest_first = sorted(set(tests), key=lambda test: (self._seconds.get(test, 0.0), test))
        return Ran(tuple(fastest_first), exact=bool(by_line))

    def _link(self, test: str) -> TestLink:
        seconds = duration(self._seconds[test]) if test in self._seconds else ""
        return TestLink(test, self._places.test(self._name, test), seconds)

    def _commands(self, mutant: Mutant, tests: tuple[str, ...]) -> tuple[Command, ...]:
        decide = f'mutmut-dashboard decide {shlex.quote(mutant.id)} equivalent --reason ""'
        commands = [
            Command("stable id", mutant.id),
            Command("decide: todo, equivalent, accepted, bug or open", decide),
        ]
        if mutant.name:
            stage = shlex.quote(f".mutation/stage/{self._name}")
            show = f"(cd {stage} && mutmut show {shlex.quote(mutant.name)})"
            commands += [Command("mutmut's name", mutant.name), Command("see the mutant in mutmut", show)]
        if tests:
            named = tests if len(tests) <= MOST_IN_COMMAND else sorted({_file_of(test) for test in tests})
            what = "run the tests that ran it" if named is tests else "run the files of the tests that ran it"
            commands.append(Command(what, shlex.join(["python", "-m", "pytest", *named])))
        return tuple(commands)


def _by_place(judged: Judged) -> tuple[str, int, int, str, str]:
    mutant = judged.mutant
    return mutant.file, mutant.line, mutant.column, mutant.replacement, mutant.id


def _tests_of_lines(file: FileCoverage, mutant: Mutant) -> tuple[str, ...]:
    # Coverage knows a statement by its first line; where the change's own first line has no entry, any line will do.
    lines = [mutant.line] if mutant.line in file.tests_by_line else range(mutant.line, mutant.end_line + 1)
    at = {index for line in lines for index in file.tests_by_line.get(line, ())}
    return tuple(file.tests[index] for index in sorted(at))


def _file_of(test: str) -> str:
    return test.partition("::")[0]


def _sentence(status: Status, ran: Ran) -> str:
    count = len(ran.tests)
    if status is Status.UNCOVERED:
        return "No selected test runs this."
    if not count:
        return "Which tests ran this is not recorded."
    if ran.exact:
        return (
            "1 test ran this line and passed."
            if count == 1
            else f"{number(count)} tests ran this line and passed."
        )
    return (
        f"{plural(count, 'test')} ran this function and passed; which of them ran the line is not recorded."
    )


def _more(tests: tuple[str, ...]) -> str:
    if not tests:
        return ""
    by_file = sorted(Counter(map(_file_of, tests)).items(), key=lambda item: (-item[1], item[0]))
    files = ", ".join(f"{number(count)} in {file}" for file, count in by_file)
    return f"and {number(len(tests))} slower ones: {files}"
