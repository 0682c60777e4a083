"""`run --matrix`: which tests notice a mutant, not only which is first."""

from __future__ import annotations

from dataclasses import replace

import pytest
from factories import a_mutant
from stories import Noticed

from mutmut_dashboard.engine.matrix import MAX_HANGS, Tally
from mutmut_dashboard.engine.wire import Failure, Job, JobResult
from mutmut_dashboard.model import Ended, How, Status

DOUBLE = ("double", "+", "-")
LIMITS = {Ended.CPU_LIMIT, Ended.WALL_LIMIT}  # a busy machine may give it too little of its processors


class TestMatrix:
    def test_every_test_that_fails_is_kept(self, noticed: Noticed) -> None:
        assert noticed.outcome.code == 0, noticed.outcome.err
        assert noticed.matrix[DOUBLE] == {
            "test_double_of_one": "assertion",
            "test_double_is_twice[2]": "assertion",
            "test_double_is_twice[3]": "assertion",
        }
        assert noticed.facts.verdict(*DOUBLE).tests_run == 4

    def test_a_test_that_hangs_is_a_timeout_and_the_rest_runs(self, noticed: Noticed) -> None:
        endless = ("countdown", "-=", "=")

        assert noticed.matrix[endless].keys() == {"test_countdown_ends_at_nought", "test_countdown_of_one"}
        assert set(noticed.matrix[endless].values()) <= LIMITS
        assert noticed.facts.verdict(*endless).ended in LIMITS
        assert noticed.facts.verdict(*endless).tests_run == 2

    def test_each_mutant_has_the_status_it_has_without(self, noticed: Noticed) -> None:
        assert noticed.facts.statuses == noticed.plain.statuses

    def test_without_it_only_the_first_test_that_fails_is_known(self, noticed: Noticed) -> None:
        first = noticed.first_killers[DOUBLE]

        assert len(first) == 1
        assert first.items() <= noticed.matrix[DOUBLE].items()
        assert noticed.plain.verdict(*DOUBLE).tests_run < 4

    def test_the_killer_that_a_verdict_names_is_in_it(self, noticed: Noticed) -> None:
        for change in noticed.facts.having(Status.KILLED):
            kill = noticed.facts.kill(*change)
            assert noticed.matrix[change][kill.test.partition("::")[2]] == kill.how


IDS = [f"t.py::t{number}" for number in range(6)]


def a_job(tests: int) -> Job:
    return Job(7, a_mutant().name, list(range(tests)), 9.0, 2, 0, each=[(9.0, 2)] * tests)


def a_result(ended: Ended, tests_run: int, *failed: int) -> JobResult:
    failure = Failure(IDS[failed[0]], "assertion", "AssertionError", "no", "") if failed else None
    return JobResult(
        7, ended, 1.0, 0.5, tests_run, failure, "detail", [(IDS[number], "assertion") for number in failed]
    )


class TestTally:
    def test_the_tests_after_one_that_ended_its_process_are_asked_for(self) -> None:
        tally = Tally(a_job(4), IDS)
        rest = tally.add(a_result(Ended.SIGNAL, 2))

        assert rest is not None
        assert (rest.tests, len(rest.each)) == ([2, 3], 2)
        assert tally.add(a_result(Ended.PASSED, 2, 3)) is None
        assert tally.failed == [(IDS[1], Ended.SIGNAL), (IDS[3], How.ASSERTION)]

    @pytest.mark.parametrize("each", [True, False], ids=["matrix", "plain"])
    def test_whether_a_test_fails_or_hangs_first_decides_nothing(self, *, each: bool) -> None:
        job = a_job(4) if each else replace(a_job(4), each=[], cpus=[1, 2, 3, 4])
        hung_first = Tally(job, IDS)
        rest = hung_first.add(a_result(Ended.CPU_LIMIT, 2))
        assert rest is not None
        assert (rest.tests, rest.cpus) == ([2, 3], [] if each else [3, 4])
        ended = Ended.PASSED if each else Ended.FAILED
        assert hung_first.add(a_result(ended, 2, 3)) is None
        killed_first = Tally(job, IDS)
        killed_first.add(a_result(Ended.CPU_LIMIT if each else Ended.FAILED, 2, 3))

        assert hung_first.result().ended == killed_first.result().ended == Ended.FAILED
        assert hung_first.result().failure == killed_first.result().failure
        assert (hung_first.result().tests_run, hung_first.result().cpu) == (4, 1.0)

    def test_a_limit_decides_where_no_test_fails(self) -> None:
        tally = Tally(replace(a_job(3), each=[], cpus=[1, 2, 3]), IDS)
        tally.add(a_result(Ended.WALL_LIMIT, 1))
        tally.add(a_result(Ended.PASSED, 2))

        assert tally.result().ended == Ended.WALL_LIMIT

    def test_some_hanging_tests_are_enough_and_it_is_said(self) -> None:
        tally = Tally(a_job(6), IDS)
        for _ in range(MAX_HANGS - 1):
            assert tally.add(a_result(Ended.WALL_LIMIT, 1)) is not None

        assert tally.add(a_result(Ended.WALL_LIMIT, 1)) is None
        assert f"{6 - MAX_HANGS} tests not run" in tally.result().detail

    def test_a_child_that_ends_before_its_first_test_still_leads_on(self) -> None:
        tally = Tally(a_job(1), IDS)

        assert tally.add(a_result(Ended.OUT_OF_MEMORY, 1)) is None
        assert tally.failed == [(IDS[0], Ended.OUT_OF_MEMORY)]
