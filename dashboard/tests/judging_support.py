"""Judging without a process: clean runs made up, and a stand-in for the tests' process that answers by a rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from factories import SOURCE, a_mutant

from mutmut_dashboard.config import Target
from mutmut_dashboard.engine.judging import Evidence, Judging, Thoroughness
from mutmut_dashboard.engine.stage import Stage
from mutmut_dashboard.engine.wire import CleanMemory, Failure, Job, JobResult, TestRun
from mutmut_dashboard.engine.workers import CleanRun
from mutmut_dashboard.model import Ended, FileCoverage, Mutant

TESTS = {"slow": ["one"], "both": ["one", "two"], "quick": ["two"], "nobody's": []}
"""Test -> functions that it calls; the slowest first."""
FUNCTIONS = ["one", "two", "three"]
MUTANTS = [a_mutant(function=name, file="f.py", name=f"f.x_{name}__mutmut_1", id=name) for name in FUNCTIONS]


def a_run(test: str, seconds: float, called: Sequence[str]) -> TestRun:
    return TestRun(f"t.py::{test}", seconds, "passed", called=[f"f.x_{name}" for name in called])


RUNS = [a_run(test, 10.0 ** (2 - at), called) for at, (test, called) in enumerate(TESTS.items())]


def a_judging(
    runs: Sequence[TestRun] = RUNS,
    mutants: Sequence[Mutant] = MUTANTS,
    *,
    exhaustive: bool = False,
    matrix: bool = False,
) -> Judging:
    clean = CleanRun(list(runs), CleanMemory(), [])
    stage = Stage(Path("stage"), "", ("f.py",), (), 0, "")
    nothing = FileCoverage("f.py", (), (), (), {}, 0, 0)  # so that functions choose the tests
    evidence = Evidence(clean, [nothing], {"f.py": SOURCE}, frozenset(), {})
    target = Target(name="f", modules=["f.py"], suites=["t.py"], timeout_factor=2.0, timeout_floor=1.0)
    return Judging(target, stage, mutants, evidence, Path("log"), Thoroughness(exhaustive, matrix))


class Server:
    """Stands in for the tests' process; `fails` and `hangs` are numbers of tests that do so, whatever is judged."""

    def __init__(self, fails: Sequence[int] = (), hangs: Sequence[int] = ()) -> None:
        self.jobs: list[Job] = []
        self._fails, self._hangs = fails, hangs

    def judge(
        self,
        take: Callable[[], Job | None],
        _workers: Callable[[], int],
        _to_leave: Callable[[int], list[int]] | None = None,
        *,
        alone: bool,
    ) -> Iterator[JobResult]:
        while (job := take()) is not None:
            self.jobs.append(job)
            yield self._result(job)

    def _result(self, job: Job) -> JobResult:
        nothing_called = JobResult(job.number, Ended.PASSED, 0.1, 0.1, len(job.tests), called="00")
        for run, test in enumerate(job.tests, 1):
            if test in self._hangs:
                return replace(nothing_called, ended=Ended.CPU_LIMIT, tests_run=run)
            if test in self._fails:
                failure = Failure(f"t.py::{list(TESTS)[test]}", "assertion", "AssertionError", "no", "")
                return replace(nothing_called, ended=Ended.FAILED, tests_run=run, failure=failure)
        return nothing_called
