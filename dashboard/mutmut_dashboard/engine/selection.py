"""Which tests judge a mutant, in which order, and how long they may take."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mutmut_dashboard.identity import logical_lines
from mutmut_dashboard.model import FileCoverage, Mutant

_MAX_KILLERS = 3
"""Remembered per function; later ones are seldom worth the reordering."""
_MISLEADING = ("def ", "async ", "class ", "@", "yield", "lambda")


@dataclass(frozen=True)
class Limits:
    """What one mutant may use: wall seconds, CPU seconds."""

    wall: float
    cpu: int


def limits(seconds: float, factor: float, floor: float) -> Limits:
    """Derive the limits from the time the selected tests take on the original.

    The CPU limit is the one that a mutant in an endless loop meets; the wall limit catches those that sleep or
    wait, and leaves room for a busy machine.
    """
    cpu = math.ceil(seconds * factor + floor)
    return Limits(wall=2.0 * cpu + 5.0, cpu=cpu)


class LineTests:
    """Which tests run a line of one file, by the contexts of the clean run on the original."""

    def __init__(self, source: str, coverage: FileCoverage, number_of: Mapping[str, int]) -> None:
        self._lines = source.split("\n")
        self._spans = logical_lines(source)
        self._statements = {*coverage.executed, *coverage.missing}
        numbers = [number_of.get(test) for test in coverage.tests]
        self._tests = {
            line: {number for at in found if (number := numbers[at]) is not None}
            for line, found in coverage.tests_by_line.items()
        }

    def of(self, mutant: Mutant) -> list[int] | None:
        """Numbers of the tests that run the changed statement; None where its lines do not tell.

        They do not tell for what runs elsewhere or at another time than its line (signatures and their default
        values, decorators, generators, lambdas), and for lines that coverage does not count as statements.
        """
        touched = [span for span in self._spans if span[0] <= mutant.end_line and mutant.line <= span[1]]
        lines = [line for first, last in touched for line in range(first, last + 1)]
        text = " ".join(self._lines[line - 1].strip() for line in lines)
        if any(word in text for word in _MISLEADING) or not self._statements.intersection(lines):
            return None
        return sorted(set().union(*(self._tests.get(line, ()) for line in lines)))


@dataclass
class Selection:
    """The tests of each mutant, by number, and what was learned about them during the run."""

    duration: Sequence[float]
    """Seconds of each test on the original."""
    tests_by_mutant: Mapping[str, Sequence[int]]
    hints: Mapping[str, int] = field(default_factory=dict)
    """The test that killed a mutant in an earlier run."""
    _killers: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def seconds(self, mutant: Mutant) -> float:
        """Time that the mutant takes if it survives."""
        return sum(self.duration[test] for test in self.tests_by_mutant[mutant.id])

    def ordered(self, mutant: Mutant) -> list[int]:
        """The test that killed it once, then those that killed in its function, the last one first; then the fastest."""
        hint = [self.hints[mutant.id]] if mutant.id in self.hints else []
        killers = [*self._killers[_place(mutant)], *hint]
        rank = {test: at for at, test in enumerate(reversed(killers))}
        tests = self.tests_by_mutant[mutant.id]
        return sorted(tests, key=lambda test: (rank.get(test, _MAX_KILLERS + 1), self.duration[test], test))

    def learn(self, mutant: Mutant, killer: int) -> None:
        """Remember which test killed."""
        killers = self._killers[_place(mutant)]
        if killer in killers:
            killers.remove(killer)
        killers.append(killer)
        del killers[:-_MAX_KILLERS]

    def longest_first(self, mutants: Sequence[Mutant]) -> list[Mutant]:
        """Order mutants so that no long one is left alone at the end.

        Those of equal estimate stay together by function, which is what lets killers be learned.
        """
        position = {mutant.id: at for at, mutant in enumerate(mutants)}
        return sorted(mutants, key=lambda m: (-self.seconds(m), _place(m), position[m.id]))


def _place(mutant: Mutant) -> str:
    return f"{mutant.file}:{mutant.function}"
