"""Which tests run a mutant's code: those of its line where coverage tells, else those of its function.

And in how many of their examples: a property that makes a hundred may take three of them to a function. Where that is so of
all tests that run a mutant, another input is worth more than another assertion. Examples are counted by function, not by line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mutmut_dashboard.model import FileCoverage, Mutant, Status
from mutmut_dashboard.report.snapshot import Judged, TargetData

FEW = 10
"""Hardly ever is in fewer than one of so many examples."""

Tests = tuple[int, ...]
"""Numbers of tests, sorted; equal sets are one object."""


@dataclass(frozen=True, slots=True)
class Ran:
    """The tests that ran a mutant's code."""

    tests: Tests
    exact: bool
    """Whether the line is known to be run by them; else it is only the function."""


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the examples that properties made reach a function."""

    reached: int
    made: int

    @property
    def is_small(self) -> bool:
        """Whether it is less than a tenth."""
        return FEW * self.reached < self.made


class Reach:
    """The tests of one target by line and by function, under the numbers given."""

    def __init__(self, target: TargetData, number_of: Mapping[str, int]) -> None:
        self._numbers = number_of
        self._reach = target.reach
        self._examples = target.examples
        self._made = {number_of[test.id]: test.examples for test in target.tests}
        self._coverage = {file.file: file for file in target.coverage}
        self._same: dict[Tests, Tests] = {}
        self._lines: dict[str, dict[int, Tests]] = {}
        self._functions: dict[tuple[str, str], Tests] = {}

    def of_mutant(self, judged: Judged) -> Ran:
        """The tests that ran a mutant."""
        if judged.status is Status.UNCOVERED:
            return Ran((), exact=True)
        by_line = self._of_place(judged.mutant)
        if by_line:
            return Ran(by_line, exact=True)
        return Ran(self.of_function(judged.mutant.file, judged.mutant.function), exact=False)

    def of_lines(self, file: str) -> dict[int, Tests]:
        """Line -> tests, for the lines of a file that any test runs."""
        if file not in self._lines:
            coverage = self._coverage.get(file)
            self._lines[file] = self._read(coverage) if coverage else {}
        return self._lines[file]

    def of_function(self, file: str, function: str) -> Tests:
        """The tests that call a function."""
        key = file, function
        if key not in self._functions:
            names = self._reach.get(key, ())
            self._functions[key] = self._shared(self._numbers[name] for name in names)
        return self._functions[key]

    def examples(self, file: str, function: str) -> dict[int, Share]:
        """The tests that Hypothesis runs and how many of their examples reach a function; none where nothing was counted."""
        counted = self._examples.get((file, function), {})
        numbers = {self._numbers[name]: count for name, count in counted.items()}
        return {test: Share(count, self._made.get(test, 0)) for test, count in sorted(numbers.items())}

    def hardly(self, judged: Judged) -> Share | None:
        """The share of examples that reach a mutant's function, of all tests that ran the mutant; None unless it is small.

        A test that runs it without any example of its own, a plain one, or a property that does so in its set-up, is
        weighed as one example that does.
        """
        shares = self.examples(judged.mutant.file, judged.mutant.function)
        if not any(share.is_small for share in shares.values()):
            return None
        ran = self.of_mutant(judged).tests
        own = [shares[test] for test in ran if test in shares and shares[test].reached]
        found = Share(sum(share.reached for share in own), sum(share.made for share in own))
        once = len(ran) - len(own)
        return found if Share(found.reached + once, found.made + once).is_small else None

    def _of_place(self, mutant: Mutant) -> Tests:
        # Coverage knows a statement by its first line; where the change's own first line has no entry, any line will do.
        lines = self.of_lines(mutant.file)
        if mutant.line in lines:
            return lines[mutant.line]
        sets = {lines[line] for line in range(mutant.line + 1, mutant.end_line + 1) if line in lines}
        return self._shared(test for tests in sets for test in tests)

    def _read(self, coverage: FileCoverage) -> dict[int, Tests]:
        numbers = [self._numbers[name] for name in coverage.tests]
        made: dict[tuple[int, ...], Tests] = {}
        for indexes in coverage.tests_by_line.values():
            if indexes not in made:
                made[indexes] = self._shared(numbers[at] for at in indexes)
        return {line: made[indexes] for line, indexes in coverage.tests_by_line.items() if indexes}

    def _shared(self, numbers: Iterable[int]) -> Tests:
        tests = tuple(sorted(set(numbers)))
        return self._same.setdefault(tests, tests)
