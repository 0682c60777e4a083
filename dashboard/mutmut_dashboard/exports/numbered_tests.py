"""Tests under short ids, so that a report with many mutants does not repeat long names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from mutmut_dashboard.exports.facts import Facts, Judged
from mutmut_dashboard.model import FileCoverage, Mutant, Status


class NumberedTests:
    """Every test of a run, numbered in the order of their names; a test of two targets has one number."""

    def __init__(self, facts: Facts) -> None:
        self._reach = {target.record.name: target.reach for target in facts.targets}
        self._coverage = {
            (target.record.name, file.file): file for target in facts.targets for file in target.coverage
        }
        self._number = {test: str(at) for at, test in enumerate(sorted(_mentioned(facts)), 1)}

    def number(self, test: str) -> str:
        """Return the short id of a test."""
        return self._number[test]

    def covering(self, judged: Judged, target: str) -> list[str]:
        """Return the short ids of the tests that `names` returns."""
        return sorted((self._number[name] for name in self.names(judged, target)), key=int)

    def names(self, judged: Judged, target: str) -> Collection[str]:
        """Return the tests that run the mutant's lines; those of its function where lines do not tell."""
        mutant = judged.mutant
        if judged.status is Status.UNCOVERED:
            return ()
        own = self._reach[target].get(own_reach(mutant))
        if own is not None:
            return own
        file = self._coverage.get((target, mutant.file))
        by_line = _tests_of_lines(file, mutant.line, mutant.end_line) if file else set()
        names = by_line or set(self._reach[target].get((mutant.file, mutant.function), ()))
        if judged.verdict and judged.verdict.kill:
            names.add(judged.verdict.kill.test)
        return names

    def files(self) -> dict[str, Any]:
        """Return the table: file -> its tests with id and name."""
        files: defaultdict[str, Any] = defaultdict(lambda: {"tests": []})
        for test, number in self._number.items():
            file, _, name = test.partition("::")
            files[file]["tests"].append({"id": number, "name": name or test})
        return dict(files)


def own_reach(mutant: Mutant) -> tuple[str, str]:
    """Return the key under which reach is recorded of one mutant, where another tool knew it so; no function has it."""
    return mutant.file, f"#{mutant.id}"


def _mentioned(facts: Facts) -> set[str]:
    names: set[str] = set()
    for target in facts.targets:
        names.update(test.id for test in target.tests)
        names.update(test for tests in target.reach.values() for test in tests)
        names.update(test for file in target.coverage for test in file.tests)
        names.update(test for judged in target.judged for test in target.killers(judged))
    return names


def _tests_of_lines(file: FileCoverage, first: int, last: int) -> set[str]:
    found = {at for line in range(first, last + 1) for at in file.tests_by_line.get(line, ())}
    return {file.tests[at] for at in found if at < len(file.tests)}
