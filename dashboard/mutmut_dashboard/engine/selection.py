"""Which tests judge a mutant, in which order, and how long they may take."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from mutmut_dashboard.identity import logical_lines
from mutmut_dashboard.model import FileCoverage, Mutant

_PRIOR = 0.05
"""Chance to kill that a test is given before it was tried."""
_NEAR = 0.2
"""Weight of what was seen in other functions of the file."""
_LEAST_COST = 0.0005
"""Seconds below which tests count as equally fast."""
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


@lru_cache(maxsize=1024)
def spans_of(source: str) -> tuple[tuple[int, int], ...]:
    """Return the first and last line of each logical line, kept once they were asked for."""
    return tuple(logical_lines(source))


class LineTests:
    """Which tests run a line of one file. `alone` says which do by themselves, `coverage` which do at all."""

    def __init__(
        self,
        source: str,
        coverage: FileCoverage,
        number_of: Mapping[str, int],
        alone: Mapping[int, Collection[int]],
    ) -> None:
        self._alone = alone
        self._lines = source.split("\n")
        self._spans = spans_of(source)
        self._statements = {*coverage.executed, *coverage.missing}
        numbers = [number_of.get(test) for test in coverage.tests]
        self._tests = {
            line: {number for at in found if (number := numbers[at]) is not None}
            for line, found in coverage.tests_by_line.items()
        }

    def of(self, mutant: Mutant) -> list[int] | None:
        """Numbers of the tests that run the changed statement; None where its lines do not tell.

        They do not tell for what runs elsewhere or at another time than its line (signatures and their default
        values, decorators, generators, lambdas), for lines that coverage does not count as statements, and where a
        test comes only after others, for it may take any of them to bring it there.
        """
        touched = [span for span in self._spans if span[0] <= mutant.end_line and mutant.line <= span[1]]
        lines = [line for first, last in touched for line in range(first, last + 1)]
        text = " ".join(self._lines[line - 1].strip() for line in lines)
        if any(word in text for word in _MISLEADING) or not self._statements.intersection(lines):
            return None
        found, alone = (
            set().union(*(tests.get(line, ()) for line in lines)) for tests in (self._tests, self._alone)
        )
        return None if found - alone else sorted(found)


@dataclass
class Selection:
    """The tests of each mutant, by number, and what was learned about them during the run."""

    duration: Sequence[float]
    """Seconds of each test on the original."""
    tests_by_mutant: Mapping[str, Sequence[int]]
    hints: Mapping[str, int] = field(default_factory=dict)
    """The test that killed a mutant in an earlier run."""
    took: Mapping[str, float] = field(default_factory=dict)
    """Wall seconds until a mutant was noticed in an earlier run."""
    lived: Collection[str] = ()
    """Mutants that tests judge which let them live, by all that is known."""
    _last_killer: dict[str, int] = field(default_factory=dict)
    """By function."""
    _kills: Counter[tuple[str, int]] = field(default_factory=Counter)
    """How many mutants a test killed, by function or file, and test."""
    _tries: Counter[tuple[str, int]] = field(default_factory=Counter)
    """How many it was tried on."""

    def seconds(self, mutant: Mutant) -> float:
        """Time that the mutant may take: what it took, to the second, where it was noticed before, else what it takes if it survives."""
        if mutant.id in self.took:
            return float(round(self.took[mutant.id]))
        return sum(self.duration[test] for test in self.tests_by_mutant[mutant.id])

    def ordered(self, mutant: Mutant) -> list[int]:
        """The test that killed it once, the last killer in its function, then by the chance to kill per second.

        The chance is what the run has shown so far: in the function, and with less weight in the file. A test that was
        never tried has a small one, so at first the fastest come first. Where none will kill, the longest does, so that it is not left alone
        at the end.
        """
        if mutant.id in self.lived:
            return sorted(self.tests_by_mutant[mutant.id], key=lambda test: (-self.duration[test], test))
        first = [self.hints.get(mutant.id, -1), self._last_killer.get(_place(mutant), -1)]
        worth = {test: self._worth(mutant, test) for test in self.tests_by_mutant[mutant.id]}
        return sorted(worth, key=lambda test: (first.index(test) if test in first else 2, -worth[test], test))

    def _worth(self, mutant: Mutant, test: int) -> float:
        here, near = (_place(mutant), test), (mutant.file, test)
        kills = self._kills[here] + _NEAR * self._kills[near] + _PRIOR
        tries = self._tries[here] + _NEAR * self._tries[near] + 1.0
        return kills / tries / max(self.duration[test], _LEAST_COST)

    def learn(self, mutant: Mutant, tried: Sequence[int], killer: int | None) -> None:
        """Note which tests ran on a mutant, and which of them killed it, if any."""
        place = _place(mutant)
        for test in tried:
            self._tries[place, test] += 1
            self._tries[mutant.file, test] += 1
        if killer is not None:
            self._last_killer[place] = killer
            self._kills[place, killer] += 1
            self._kills[mutant.file, killer] += 1

    def longest_first(self, mutants: Sequence[Mutant]) -> list[Mutant]:
        """Order mutants so that no long one is left alone at the end.

        Those of equal estimate stay together by function, which is what lets killers be learned.
        """
        position = {mutant.id: at for at, mutant in enumerate(mutants)}
        return sorted(mutants, key=lambda m: (-self.seconds(m), _place(m), position[m.id]))


def _place(mutant: Mutant) -> str:
    return f"{mutant.file}:{mutant.function}"
