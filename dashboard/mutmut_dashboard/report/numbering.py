"""Numbers for what is recorded: targets, files, functions, mutants, tests; data files repeat them instead of texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from mutmut_dashboard.model import TestRecord
from mutmut_dashboard.report.reach import Reach
from mutmut_dashboard.report.snapshot import Judged, Snapshot, TargetData


@dataclass(frozen=True, slots=True)
class NumberedFile:
    """A file of one target with its mutants, by place; `first` is the number of the first of them."""

    number: int
    target: int
    path: str
    first: int
    judged: tuple[Judged, ...]
    functions: dict[str, int]
    """Qualified name -> number, for functions with mutants, by the place of their first."""


@dataclass(frozen=True, slots=True)
class NumberedTest:
    """A test; `record` is None for one that is only mentioned: as a killer, say."""

    target: int
    id: str
    record: TestRecord | None


class Numbering:
    """The numbers of one run."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.tests: list[NumberedTest] = []
        self.test_numbers: list[dict[str, int]] = []
        """By target: id -> number."""
        self.files: list[NumberedFile] = []
        self.functions: list[tuple[str, int]] = []
        """Name and number of the file."""
        self._mutants: dict[tuple[str, str], int] = {}
        for at, target in enumerate(snapshot.targets):
            self._number_tests(at, target)
            self._number_files(at, target)
        self.operators = sorted(
            {judged.mutant.operator for target in snapshot.targets for judged in target.judged}
        )
        self.reach = [Reach(target, self.test_numbers[at]) for at, target in enumerate(snapshot.targets)]
        """By target."""

    def _number_tests(self, at: int, target: TargetData) -> None:
        records = {test.id: test for test in target.tests}
        numbers = {}
        for id_ in sorted({*records, *_mentioned(target)}):
            numbers[id_] = len(self.tests)
            self.tests.append(NumberedTest(at, id_, records.get(id_)))
        self.test_numbers.append(numbers)

    def _number_files(self, at: int, target: TargetData) -> None:
        mutants = sorted(target.judged, key=by_place)
        of_file = {path: tuple(found) for path, found in groupby(mutants, lambda j: j.mutant.file)}
        for path in sorted({*of_file, *(file.file for file in target.coverage)}):
            judged = of_file.get(path, ())
            number, first = len(self.files), len(self._mutants)
            functions: dict[str, int] = {}
            for one in judged:
                self._mutants[target.record.name, one.mutant.id] = len(self._mutants)
                if one.mutant.function not in functions:
                    functions[one.mutant.function] = len(self.functions)
                    self.functions.append((one.mutant.function, number))
            self.files.append(NumberedFile(number, at, path, first, judged, functions))

    def mutant(self, target: str, mutant_id: str) -> int | None:
        """Number of a mutant, None where the run has no such."""
        return self._mutants.get((target, mutant_id))

    def every_mutant(self) -> Iterator[tuple[NumberedFile, int, Judged]]:
        """The mutants in the order of their numbers, each with its file."""
        for file in self.files:
            for number, judged in enumerate(file.judged, file.first):
                yield file, number, judged


def by_place(judged: Judged) -> tuple[str, int, int, str, str]:
    """Sort key: file, line, column."""
    mutant = judged.mutant
    return mutant.file, mutant.line, mutant.column, mutant.replacement, mutant.id


def _mentioned(target: TargetData) -> Iterator[str]:
    for tests in target.reach.values():
        yield from tests
    for file in target.coverage:
        yield from file.tests
    for failed in target.kills.values():
        for test, _ in failed:
            yield test
    for judged in target.judged:
        if judged.verdict and judged.verdict.kill:
            yield judged.verdict.kill.test
