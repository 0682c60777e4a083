"""Which tests judge a mutant, in which order, and how long they may take."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

_MAX_KILLERS = 3
"""Remembered per function; later ones are seldom worth the reordering."""


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


@dataclass
class Selection:
    """The tests of each function, by number, and what was learned about them during the run."""

    duration: Sequence[float]
    """Seconds of each test on the original."""
    tests_by_function: Mapping[str, Sequence[int]]
    _killers: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def seconds(self, function: str) -> float:
        """Time that a survivor in this function takes."""
        return sum(self.duration[test] for test in self.tests_by_function.get(function, ()))

    def ordered(self, function: str, tests: Iterable[int] | None = None) -> list[int]:
        """Tests that killed in this function before, the last one first; then the fastest first."""
        chosen = self.tests_by_function.get(function, ()) if tests is None else tests
        killers = self._killers[function]
        rank = {test: at for at, test in enumerate(reversed(killers))}
        return sorted(chosen, key=lambda test: (rank.get(test, _MAX_KILLERS), self.duration[test], test))

    def learn(self, function: str, killer: int) -> None:
        """Remember which test killed."""
        killers = self._killers[function]
        if killer in killers:
            killers.remove(killer)
        killers.append(killer)
        del killers[:-_MAX_KILLERS]


def longest_first(functions: Iterable[tuple[str, str]], selection: Selection) -> list[str]:
    """Order mutants, given as (mutant, function), so that no long one is left alone at the end.

    Mutants of equal estimate stay together by function, which is what lets killers be learned.
    """
    pairs = list(functions)
    order = sorted(range(len(pairs)), key=lambda at: (-selection.seconds(pairs[at][1]), pairs[at][1], at))
    return [pairs[at][0] for at in order]
