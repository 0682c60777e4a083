"""One mutant's results put together: it takes as many children as it takes to run the tests that are to be run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from mutmut_dashboard.engine.wire import Job, JobResult
from mutmut_dashboard.model import Ended, FailedTest, How

MAX_HANGS = 3
"""Tests of one mutant that may meet a limit; a loop that every test meets would take hours otherwise."""
LIMITS = (Ended.WALL_LIMIT, Ended.CPU_LIMIT)
"""How one ended that hung."""


@dataclass(frozen=True)
class _Part:
    """What one child found."""

    job: Job
    result: JobResult

    @property
    def ran(self) -> list[int]:
        return self.job.tests[: self.result.tests_run]

    @property
    def hung(self) -> bool:
        return self.result.ended in LIMITS

    @property
    def noticed(self) -> bool:
        return self.result.failure is not None or self.result.ended != Ended.PASSED


class Tally:
    """What the children of one mutant found so far.

    `tests` are the numbers of those that judge it, `ids` and `duration` give a test's id and its seconds by its number. `build` makes a job
    of a list of tests, with a number of its own. `alone` of the tests, the first ones, get a child each from the start.
    """

    def __init__(
        self,
        tests: list[int],
        ids: Sequence[str],
        duration: Sequence[float],
        build: Callable[[list[int]], Job],
        *,
        alone: int = 0,
    ) -> None:
        self._tests, self._ids, self._duration, self._build = tests, ids, duration, build
        self._parts: list[_Part] = []
        self.begun = [build(own) for own in [*([test] for test in tests[:alone]), tests[alone:]] if own]
        """The jobs that run them, in the order of the tests."""
        self._every = bool(self.begun[0].each)
        """Whether it is a kill matrix."""
        self.under_way = {job.number: job for job in self.begun}
        """Jobs that a child runs or is to run, by number."""

    def add(self, result: JobResult) -> list[Job]:
        """Take a child's result; return the jobs that run the tests which this child did not come to.

        One that was asked to leave its rest to others leaves two jobs, which are about equally long.
        """
        part = _Part(self.under_way.pop(result.number), result)
        self._parts.append(part)
        left = part.job.tests[result.tests_run :]
        if not left or self.is_decided:
            return []
        parts = halves(left, self._duration) if result.ended == Ended.PASSED else [left]
        jobs = [self._build(tests) for tests in parts]
        self.under_way |= {job.number: job for job in jobs}
        return jobs

    @property
    def is_decided(self) -> bool:
        """Whether no further test can matter."""
        if sum(part.hung for part in self._parts) >= MAX_HANGS:
            return True
        # A test that fails kills, whichever test met a limit before it.
        return not self._every and any(part.noticed and not part.hung for part in self._parts)

    def seconds_to_share(self, number: int) -> float:
        """Return what the tests of a job take without a mutant, but for the first, which nobody else can run."""
        return sum(self._duration[test] for test in self.under_way[number].tests[1:])

    def tried(self) -> list[int]:
        """Numbers of the tests that ran."""
        return [test for part in self._in_order() for test in part.ran]

    def killer(self) -> int | None:
        """Number of the test that failed first in the order of the tests; None if none did, and of a kill matrix."""
        part = self._deciding()
        return part.ran[-1] if part.result.failure and part.ran and not self._every else None

    def called(self) -> bytes:
        """Return the marks of all the children together, see `wire.JobResult.called`."""
        every = [bytes.fromhex(part.result.called) for part in self._parts]
        return bytes(map(max, zip(*every, strict=True))) if len(every) > 1 else every[0]

    def beyond(self) -> Mapping[int, list[int]] | None:
        """Number of a test that passed -> what it called beyond what it calls without a mutant; None where that is not known."""
        found: dict[int, list[int]] = {}
        for part in self._parts:
            if part.noticed or part.result.beyond is None:
                return None
            found |= {part.job.tests[at]: places for at, places in part.result.beyond}
        return found

    def result(self) -> JobResult:
        """Return the whole as one result: what came first decides, but for limits, which decide where nothing else does."""
        told = self._deciding().result
        whole = replace(
            told,
            wall=sum(part.result.wall for part in self._parts),
            cpu=sum(part.result.cpu for part in self._parts),
            tests_run=sum(part.result.tests_run for part in self._parts),
        )
        if not self._every:
            return whole
        not_run = len(self._tests) - whole.tests_run
        left = f"; {not_run} tests not run after {MAX_HANGS} that met a limit" if not_run else ""
        ended = Ended.FAILED if told.failure else told.ended
        return replace(whole, ended=ended, detail=("" if told.failure else told.detail) + left)

    def _in_order(self) -> list[_Part]:
        position = {test: at for at, test in enumerate(self._tests)}
        return sorted(self._parts, key=lambda part: position[part.job.tests[0]])

    def _deciding(self) -> _Part:
        """Return the part that one child alone would have ended with: what was run side by side, or not at all, decides nothing."""
        every = self._in_order()
        noticed = [part for part in every if part.noticed]
        # One that failed only after so many hung would not have been run.
        seen = noticed[:MAX_HANGS]
        no_limit = (part for part in seen if part.result.failure or not part.hung)
        return next(no_limit, noticed[0] if noticed else every[0])

    def failed(self) -> list[tuple[str, How | Ended]]:
        """Of a kill matrix: every test that failed, or in which a child ended, in the order of the tests."""
        found: list[tuple[str, How | Ended]] = []
        for part in self._in_order() if self._every else ():
            found += [(test, How(how)) for test, how in part.result.failed]
            if part.result.ended != Ended.PASSED and part.ran:
                found.append((self._ids[part.ran[-1]], Ended(part.result.ended)))
        return found

    def matrix(self, path_of: Callable[[str], str]) -> list[FailedTest]:
        """Return every test that is known to notice the mutant, in the order they ran."""
        return [FailedTest(path_of(test), how) for test, how in self.failed()]


def halves(tests: Sequence[int], duration: Sequence[float]) -> list[list[int]]:
    """Cut a list of tests into two that take about the same time; one test is not cut."""
    if len(tests) < 2:
        return [list(tests)]
    until = list(accumulate(duration[test] for test in tests))
    cut = min(range(1, len(tests)), key=lambda at: abs(until[-1] - 2 * until[at - 1]))
    return [list(tests[:cut]), list(tests[cut:])]
