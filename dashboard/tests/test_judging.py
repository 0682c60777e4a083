"""What a mutant's tests may take: of the whole, of each, and of what is left after one that hung."""

from __future__ import annotations

from typing import cast

from judging_support import MUTANTS, TESTS, Server, a_judging

from mutmut_dashboard.engine.wire import Job
from mutmut_dashboard.engine.workers import TestServer
from mutmut_dashboard.model import Ended, Verdict

SLOW, BOTH = (list(TESTS).index(name) for name in ("slow", "both"))
"""They take 100 and 10 seconds, of which twice as many are allowed, and one; the first of a process has three more."""


def judged(server: Server, *, matrix: bool = False) -> tuple[list[Job], list[Verdict]]:
    """Return the jobs and the verdict of the mutant that these two tests judge."""
    verdicts: list[Verdict] = []
    judging = a_judging(matrix=matrix)
    judging.judge(
        cast("TestServer", server), MUTANTS[:1], 1, lambda _mutant, verdict, *_: verdicts.append(verdict)
    )
    return server.jobs, verdicts


def test_each_test_has_a_limit_of_its_own_and_all_have_one_together() -> None:
    [job], [verdict] = judged(Server())

    assert job.tests == [BOTH, SLOW]
    assert job.cpus == [21 + 3, 201]
    assert (job.cpu, job.wall) == (221 + 3, 2 * 221 + 5)
    assert (verdict.ended, verdict.tests_run) == (Ended.PASSED, 2)


def test_what_is_left_after_a_test_that_hung_has_the_limits_of_its_own_tests() -> None:
    [_, rest], [verdict] = judged(Server(hangs=[BOTH]))

    assert (rest.tests, rest.cpus) == ([SLOW], [201 + 3])
    assert (rest.cpu, rest.wall) == (201 + 3, 2 * 201 + 5)
    assert (verdict.ended, verdict.tests_run) == (Ended.CPU_LIMIT, 2)


def test_in_a_kill_matrix_too() -> None:
    [job, rest], _ = judged(Server(hangs=[BOTH]), matrix=True)

    assert job.each == [(2 * 21 + 5, 21), (2 * 201 + 5, 201)]
    assert (rest.tests, rest.each) == ([SLOW], [(2 * 201 + 5, 201)])
