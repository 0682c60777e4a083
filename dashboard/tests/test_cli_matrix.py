"""`run --matrix`: which tests notice a mutant, not only which is first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count

import pytest
from factories import a_mutant
from hypothesis import assume, given
from hypothesis import strategies as st
from stories import Noticed

from mutmut_dashboard.engine.jobs import Jobs
from mutmut_dashboard.engine.tally import MAX_HANGS, Tally
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


def a_tally(
    tests: int, *, each: bool = True, duration: Sequence[float] = (1.0,) * 6, alone: int = 0
) -> Tally:
    numbers = count(7)

    def build(own: list[int]) -> Job:
        limits = [(9.0, 2)] * len(own) if each else []
        return Job(next(numbers), a_mutant().name, own, 9.0, 2, 0, cpus=own, each=limits)

    return Tally(list(range(tests)), IDS, duration, build, alone=alone)


def a_result(ended: Ended, tests_run: int, *failed: int, number: int = 7) -> JobResult:
    failure = Failure(IDS[failed[0]], "assertion", "AssertionError", "no", "") if failed else None
    every = [(IDS[test], "assertion") for test in failed]
    return JobResult(number, ended, 1.0, 0.5, tests_run, failure, "detail", every)


class TestTally:
    def test_the_tests_after_one_that_ended_its_process_are_asked_for(self) -> None:
        tally = a_tally(4)
        (rest,) = tally.add(a_result(Ended.SIGNAL, 2))

        assert (rest.tests, len(rest.each)) == ([2, 3], 2)
        assert tally.add(a_result(Ended.PASSED, 2, 3, number=8)) == []
        assert tally.failed() == [(IDS[1], Ended.SIGNAL), (IDS[3], How.ASSERTION)]

    @pytest.mark.parametrize("each", [True, False], ids=["matrix", "plain"])
    def test_whether_a_test_fails_or_hangs_first_decides_nothing(self, *, each: bool) -> None:
        hung_first = a_tally(4, each=each)
        (rest,) = hung_first.add(a_result(Ended.CPU_LIMIT, 2))
        assert rest.tests == [2, 3]
        ended = Ended.PASSED if each else Ended.FAILED
        assert hung_first.add(a_result(ended, 2, 3, number=8)) == []
        killed_first = a_tally(4, each=each)
        killed_first.add(a_result(Ended.CPU_LIMIT if each else Ended.FAILED, 2, 3))

        assert hung_first.result().ended == killed_first.result().ended == Ended.FAILED
        assert hung_first.result().failure == killed_first.result().failure
        assert (hung_first.result().tests_run, hung_first.result().cpu) == (4, 1.0)

    def test_a_limit_decides_where_no_test_fails(self) -> None:
        tally = a_tally(3, each=False)
        tally.add(a_result(Ended.WALL_LIMIT, 1))
        tally.add(a_result(Ended.PASSED, 2, number=8))

        assert tally.result().ended == Ended.WALL_LIMIT

    def test_some_hanging_tests_are_enough_and_it_is_said(self) -> None:
        tally = a_tally(6)
        for at in range(MAX_HANGS - 1):
            assert tally.add(a_result(Ended.WALL_LIMIT, 1, number=7 + at))

        assert tally.add(a_result(Ended.WALL_LIMIT, 1, number=6 + MAX_HANGS)) == []
        assert f"{6 - MAX_HANGS} tests not run" in tally.result().detail

    def test_a_child_that_ends_before_its_first_test_still_leads_on(self) -> None:
        tally = a_tally(1)

        assert tally.add(a_result(Ended.OUT_OF_MEMORY, 1)) == []
        assert tally.failed() == [(IDS[0], Ended.OUT_OF_MEMORY)]


class TestAlone:
    """Tests that get a child each from the start, since the mutant is expected to hang."""

    def test_they_are_as_many_as_asked_for_and_the_rest_stays_together(self) -> None:
        begun = a_tally(5, each=False, alone=2).begun

        assert [job.tests for job in begun] == [[0], [1], [2, 3, 4]]
        assert [job.tests for job in a_tally(2, each=False, alone=2).begun] == [[0], [1]]

    def test_the_first_of_each_that_hang_are_enough(self) -> None:
        tally = a_tally(5, each=False, alone=2)
        for number in (8, 7, 9):
            assert not tally.is_decided
            tally.add(a_result(Ended.CPU_LIMIT, 1, number=number))

        assert (tally.is_decided, tally.under_way) == (True, {})
        assert (tally.result().ended, tally.tried()) == (Ended.CPU_LIMIT, [0, 1, 2])


class TestShared:
    """Tests that a child left to others since it was asked to."""

    def test_two_children_share_what_is_left(self) -> None:
        tally = a_tally(6, each=False, duration=(1.0, 1.0, 5.0, 2.0, 2.0, 1.0))
        jobs = tally.add(a_result(Ended.PASSED, 2))

        assert [job.tests for job in jobs] == [[2], [3, 4, 5]]
        assert set(tally.under_way) == {job.number for job in jobs}

    def test_one_test_is_not_shared(self) -> None:
        (rest,) = a_tally(4, each=False).add(a_result(Ended.PASSED, 3))

        assert rest.tests == [3]

    @pytest.mark.parametrize("order", [(8, 9), (9, 8)], ids=["in order", "in another order"])
    def test_which_of_two_ends_first_decides_nothing(self, order: tuple[int, int]) -> None:
        tally = a_tally(6, each=False)
        tally.add(a_result(Ended.PASSED, 2))
        results = {
            8: a_result(Ended.FAILED, 1, 2, number=8),
            9: a_result(Ended.FAILED, 2, 5, number=9),
        }
        for number in order:
            tally.add(results[number])

        assert (tally.result().failure, tally.killer()) == (results[8].failure, 2)
        assert (tally.tried(), tally.result().tests_run) == ([0, 1, 2, 4, 5], 5)

    def test_what_is_left_after_another_has_failed_is_not_run(self) -> None:
        tally = a_tally(6, each=False)
        tally.add(a_result(Ended.PASSED, 2))
        assert not tally.is_decided
        tally.add(a_result(Ended.FAILED, 1, 4, number=9))

        assert tally.is_decided
        assert tally.add(a_result(Ended.PASSED, 1, number=8)) == []
        assert (tally.under_way, tally.result().ended) == ({}, Ended.FAILED)

    def test_what_each_called_beyond_is_known_by_its_tests(self) -> None:
        tally = a_tally(6, each=False)
        tally.add(replace(a_result(Ended.PASSED, 2), beyond=[(1, [5])]))
        tally.add(replace(a_result(Ended.PASSED, 2, number=9), beyond=[(0, [6])]))
        tally.add(replace(a_result(Ended.PASSED, 2, number=8), beyond=[(1, [7])]))

        assert tally.beyond() == {1: [5], 3: [7], 4: [6]}

    def test_a_kill_matrix_is_in_the_order_of_the_tests(self) -> None:
        tally = a_tally(6)
        tally.add(a_result(Ended.PASSED, 2, 0))
        tally.add(a_result(Ended.PASSED, 2, 5, number=9))
        tally.add(a_result(Ended.PASSED, 2, 3, number=8))

        assert [test for test, _ in tally.failed()] == [IDS[0], IDS[3], IDS[5]]


def ended_of(
    outcomes: Sequence[Ended],
    draw: Callable[[int], int],
    *,
    alone: int = 0,
    workers: int = 1,
    share: bool = False,
) -> Ended:
    """Judge a mutant whose tests end like this; `draw` picks, below a number, which child is next to end and what it leaves."""

    def begin(name: str, number: Callable[[], int]) -> Tally:
        def build(own: list[int]) -> Job:
            return Job(number(), name, own, 9.0, 2, 0)

        return Tally(list(range(len(outcomes))), IDS, [1.0] * len(outcomes), build, alone=alone)

    jobs, running = Jobs(["it"], begin), list[Job]()
    while True:
        while len(running) < workers and (job := jobs.take()) is not None:
            running.append(job)
        job = running.pop(draw(len(running)))
        until = next((at for at, test in enumerate(job.tests) if outcomes[test] != Ended.PASSED), None)
        run = len(job.tests) if until is None else until + 1
        run -= draw(run) if share else 0
        ended = outcomes[job.tests[run - 1]]
        failed = (job.tests[run - 1],) if ended == Ended.FAILED else ()
        if over := jobs.add(a_result(ended, run, *failed, number=job.number)):
            return Ended(over[1].result().ended)


@given(
    st.lists(st.sampled_from([Ended.PASSED, Ended.FAILED, Ended.CPU_LIMIT]), min_size=1, max_size=6),
    st.integers(0, MAX_HANGS),
    st.integers(1, 3),
    st.booleans(),
    st.data(),
)
def test_how_a_mutant_ends_does_not_hang_on_how_its_tests_are_shared_out(
    outcomes: list[Ended], alone: int, workers: int, share: bool, data: st.DataObject
) -> None:
    # Of tests that are left to others after they were begun, a failure may be found before as many hangs as end the rest.
    assume(not share or outcomes.count(Ended.CPU_LIMIT) < MAX_HANGS)

    def draw(below: int) -> int:
        return data.draw(st.integers(0, below - 1))

    ended = ended_of(outcomes, draw, alone=alone, workers=workers, share=share)

    assert ended == ended_of(outcomes, lambda _: 0)


class TestJobs:
    def some(self, duration: float = 1.0) -> Jobs[str]:
        def begin(name: str, number: Callable[[], int]) -> Tally:
            def build(own: list[int]) -> Job:
                return Job(number(), name, own, 9.0, 2, 0)

            return Tally([0, 1, 2], IDS, [duration] * 3, build)

        return Jobs(["first", "second"], begin)

    def test_each_mutant_is_judged_once_all_its_jobs_are(self) -> None:
        jobs = self.some()
        first = jobs.take()
        assert first is not None
        assert jobs.add(a_result(Ended.PASSED, 1, number=first.number)) is None
        parts = [jobs.take(), jobs.take()]
        assert [part and (part.mutant, part.tests) for part in parts] == [("first", [1]), ("first", [2])]
        assert jobs.add(a_result(Ended.PASSED, 1, number=2)) is None
        over = jobs.add(a_result(Ended.PASSED, 1, number=1))

        assert over is not None
        assert (over[0], over[1].result().tests_run) == ("first", 3)

    def test_what_no_longer_matters_is_not_begun(self) -> None:
        jobs = self.some()
        jobs.take()
        jobs.add(a_result(Ended.PASSED, 1, number=0))
        jobs.take()
        over = jobs.add(a_result(Ended.FAILED, 1, 1, number=1))
        following = jobs.take()

        assert over is not None
        assert over[1].result().ended == Ended.FAILED
        assert following is not None
        assert following.mutant == "second"

    def test_only_those_are_shared_for_whom_there_are_workers(self) -> None:
        jobs = self.some()
        (first, second) = (jobs.take(), jobs.take())
        assert first is not None
        assert second is not None

        assert jobs.to_leave(0) == []
        assert jobs.to_leave(1) == [first.number]
        assert jobs.to_leave(2) == [second.number]  # nobody is asked twice

    def test_short_ones_are_not_shared(self) -> None:
        jobs = self.some(duration=0.01)
        jobs.take()

        assert jobs.to_leave(1) == []

    def test_what_no_longer_matters_is_left_though_all_workers_are_busy(self) -> None:
        jobs = self.some(duration=0.01)
        jobs.take()
        jobs.add(a_result(Ended.PASSED, 1, number=0))
        jobs.take(), jobs.take()
        jobs.add(a_result(Ended.FAILED, 1, 2, number=2))

        assert jobs.to_leave(0) == [1]
