"""The fewest tests found that still kill every mutant that any test kills."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Candidate:
    """A test that may be chosen."""

    number: int
    seconds: float
    """What running it takes."""
    id: str
    kills: Collection[int]
    """Numbers of the mutants it fails on."""

    @property
    def price(self) -> tuple[float, str]:
        """What decides between tests that add as much: time, then name."""
        return self.seconds, self.id


def cover(candidates: Iterable[Candidate]) -> list[int]:
    """Numbers of the chosen tests, in the order in which they were chosen.

    Greedy, since the smallest set is hard to find (Chvátal, 1979): always the test that adds most mutants, the quickest
    of equals. Then, slowest first, every test goes of which the others kill all it kills, so that none left is needless.
    """
    return [chosen.number for chosen in _without_needless(_greedy(candidates))]


def _greedy(candidates: Iterable[Candidate]) -> list[Candidate]:
    # What a test adds only shrinks, so an entry that is still right when it comes up is the best of all.
    heap = [(-len(one.kills), one.price, one.number, one) for one in candidates if one.kills]
    heapq.heapify(heap)
    covered: set[int] = set()
    chosen = []
    while heap:
        promised, price, number, best = heapq.heappop(heap)
        adds = sum(mutant not in covered for mutant in best.kills)
        if adds == -promised:
            chosen.append(best)
            covered.update(best.kills)
        elif adds:
            heapq.heappush(heap, (-adds, price, number, best))
    return chosen


def _without_needless(chosen: Sequence[Candidate]) -> list[Candidate]:
    killers = Counter(mutant for one in chosen for mutant in one.kills)
    needless: set[int] = set()
    for one in sorted(chosen, key=lambda one: one.price, reverse=True):
        if all(killers[mutant] > 1 for mutant in one.kills):
            killers.subtract(one.kills)
            needless.add(one.number)
    return [one for one in chosen if one.number not in needless]
