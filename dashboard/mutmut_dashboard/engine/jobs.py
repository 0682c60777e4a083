"""The jobs of many mutants: which is next, whose are over, and which should be shared out since workers have nothing to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import count
from typing import Generic, TypeVar

from mutmut_dashboard.engine.tally import Tally
from mutmut_dashboard.engine.wire import Job, JobResult

Judged = TypeVar("Judged")

_WORTH_SHARING = 0.2
"""Seconds of tests from which on it is worth a child more to run them side by side."""


class Jobs(Generic[Judged]):
    """Those of some mutants, each begun when its turn comes: `begin` makes its tally, with numbers for its jobs."""

    def __init__(
        self, waiting: Iterable[Judged], begin: Callable[[Judged, Callable[[], int]], Tally]
    ) -> None:
        self._waiting: Iterator[Judged] = iter(waiting)
        self._begin = begin
        self._numbers = count()
        self._back: list[Job] = []
        """Jobs of mutants that were begun."""
        self._going: dict[int, tuple[Judged, Tally]] = {}
        """By the numbers of jobs that are not over."""
        self._asked: set[int] = set()

    def take(self) -> Job | None:
        """Return the next job, None if there is none now. What is left of a mutant that was begun comes first."""
        if self._back:
            return self._back.pop()
        for one in self._waiting:
            tally = self._begin(one, self._numbers.__next__)
            self._going |= {job.number: (one, tally) for job in tally.begun}
            first, *others = tally.begun
            self._back += reversed(others)
            return first
        return None

    def add(self, result: JobResult) -> tuple[Judged, Tally] | None:
        """Take a result; return what it was about once that is judged, with all that came of it."""
        one, tally = self._going.pop(result.number)
        for job in reversed(tally.add(result)):
            self._going[job.number] = one, tally
            self._back.append(job)
        if tally.is_decided:
            for job in [job for job in self._back if job.number in tally.under_way]:
                self._back.remove(job)
                del self._going[job.number], tally.under_way[job.number]
        return None if tally.under_way else (one, tally)

    def to_leave(self, free: int) -> list[int]:
        """Return the numbers of jobs whose children should leave the rest of their tests, each once.

        Of some it no longer matters how they end. The longest of the others are to be shared while there are `free` workers without a job.
        """
        moot = [number for number, (_, tally) in self._going.items() if tally.is_decided]
        seconds = (
            {number: tally.seconds_to_share(number) for number, (_, tally) in self._going.items()}
            if free > 0
            else {}
        )
        longest = sorted(seconds, key=seconds.__getitem__, reverse=True)[: max(free, 0)]
        worth = [number for number in longest if seconds[number] >= _WORTH_SHARING]
        asked = [number for number in dict.fromkeys([*moot, *worth]) if number not in self._asked]
        self._asked.update(asked)
        return asked
