"""One mutant's results put together: a kill matrix takes as many children as it takes to run every test."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from mutmut_dashboard.engine.wire import Job, JobResult
from mutmut_dashboard.model import Ended, FailedTest, How

MAX_HANGS = 3
"""Tests of one mutant that may meet a limit; a loop that every test meets would take hours otherwise."""
_LIMITS = (Ended.WALL_LIMIT, Ended.CPU_LIMIT)


@dataclass
class Tally:
    """What the children of one mutant found so far."""

    job: Job
    ids: Sequence[str]
    """Number of a test -> its id."""
    failed: list[tuple[str, How | Ended]] = field(default_factory=list)
    """Of a kill matrix: every test that failed, or in which the child ended."""
    _results: list[JobResult] = field(default_factory=list)
    _left: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._left = list(self.job.tests)

    def add(self, result: JobResult) -> Job | None:
        """Take a child's result; return the job that runs the tests this child did not come to, if any."""
        self._results.append(result)
        if not self.job.each:
            return self._after_a_hang(result)
        self.failed += [(test, How(how)) for test, how in result.failed]
        if result.ended != Ended.PASSED and 0 < result.tests_run <= len(self._left):
            self.failed.append((self.ids[self._left[result.tests_run - 1]], Ended(result.ended)))
        del self._left[: result.tests_run]
        hangs = sum(how in _LIMITS for _, how in self.failed)
        if not self._left or hangs >= MAX_HANGS:
            return None
        return replace(self.job, tests=self._left.copy(), each=self.job.each[-len(self._left) :])

    def _after_a_hang(self, result: JobResult) -> Job | None:
        """Return the job that runs the tests after one that met a limit: one that fails kills, whichever of them came first."""
        hangs = sum(result.ended in _LIMITS for result in self._results)
        ran = len(self.job.tests) - len(self._left)
        del self._left[: result.tests_run]
        if result.ended not in _LIMITS or not self._left or hangs >= MAX_HANGS:
            return None
        rest = ran + result.tests_run
        return replace(self.job, tests=self._left.copy(), cpus=self.job.cpus[rest:])

    def called(self) -> bytes:
        """Return the marks of all the children together, see `wire.JobResult.called`."""
        every = [bytes.fromhex(result.called) for result in self._results]
        return bytes(map(max, zip(*every, strict=True))) if len(every) > 1 else every[0]

    def result(self) -> JobResult:
        """Return the whole as one result: what came first decides, but for limits, which decide where nothing else does."""
        if len(self._results) == 1 and not self.job.each:
            return self._results[0]
        first = self._deciding()
        if not self.job.each:
            return self._whole(first)
        left = f"; {len(self._left)} tests not run after {MAX_HANGS} that met a limit" if self._left else ""
        ended = Ended.FAILED if first.failure else first.ended
        return replace(self._whole(first), ended=ended, detail=("" if first.failure else first.detail) + left)

    def _deciding(self) -> JobResult:
        noticed = [r for r in self._results if r.failure or r.ended != Ended.PASSED]
        no_limit = (r for r in noticed if r.failure or r.ended not in _LIMITS)
        return next(no_limit, noticed[0] if noticed else self._results[0])

    def _whole(self, told: JobResult) -> JobResult:
        return replace(
            told,
            wall=sum(r.wall for r in self._results),
            cpu=sum(r.cpu for r in self._results),
            tests_run=sum(r.tests_run for r in self._results),
        )

    def matrix(self, path_of: Callable[[str], str]) -> list[FailedTest]:
        """Return every test that is known to notice the mutant, in the order they ran."""
        return [FailedTest(path_of(test), how) for test, how in self.failed]


class Jobs:
    """Jobs to build one by one when their turn comes; one that is put back comes first."""

    def __init__(self, jobs: Iterable[Callable[[], Job]]) -> None:
        self._jobs = iter(jobs)
        self._back: list[Job] = []

    def put_back(self, job: Job) -> None:
        """Have a job judged next."""
        self._back.append(job)

    def take(self) -> Job | None:
        """Return the next job, None if there is none now."""
        if self._back:
            return self._back.pop()
        build = next(self._jobs, None)
        return build() if build else None
