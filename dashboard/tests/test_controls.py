"""Controls: mutants that change nothing, judged before any other on the same path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import pytest
from judging_support import FUNCTIONS, MUTANTS, TESTS, Server, a_judging, a_run
from trees_support import TreeRun

from mutmut_dashboard.engine.judging import CONTROLS
from mutmut_dashboard.engine.wire import Job
from mutmut_dashboard.engine.workers import TestServer
from mutmut_dashboard.model import Mutant, RunState


def controls(
    mutants: Sequence[Mutant] = MUTANTS, fails: Sequence[int] = (), *, exhaustive: bool = False
) -> tuple[str | None, list[Job]]:
    server = Server(fails)
    killer = a_judging(exhaustive=exhaustive).failed_control(cast("TestServer", server), mutants, 1)
    return killer, server.jobs


def asked(jobs: Sequence[Job]) -> set[str]:
    return {list(TESTS)[test] for job in jobs for test in job.tests}


def test_a_test_that_fails_on_a_control_is_named_and_no_mutant_is_judged(kills_controls: TreeRun) -> None:
    assert kills_controls.outcome.code == 3
    assert "a control, a mutant that changes nothing, did not survive" in kills_controls.outcome.err
    assert "test_rooms.py::test_that_notices_any_mutant_whatever_it_changes" in kills_controls.outcome.err
    assert kills_controls.facts.run.state is RunState.FAILED
    assert kills_controls.facts.mutants
    assert kills_controls.facts.verdicts == {}


def test_there_are_twenty_of_functions_that_are_mutated_and_none_is_a_mutant() -> None:
    killer, jobs = controls()

    assert (killer, len(jobs)) == (None, CONTROLS)
    assert CONTROLS == 20
    assert {job.mutant for job in jobs} <= {f"f.x_{name}__mutmut_control" for name in FUNCTIONS}


def test_they_are_judged_only_by_tests_that_judge_a_mutant_of_this_run() -> None:
    assert asked(controls(MUTANTS[1:2])[1]) <= {"both", "quick"}
    assert controls(MUTANTS[2:]) == (None, [])


def test_where_those_are_dearer_than_others_one_control_is_for_them() -> None:
    judging, server = a_judging(), Server()
    judging.narrow({"one": frozenset({"t.py::slow"})}, {})
    judging.failed_control(cast("TestServer", server), MUTANTS[:1], 1)

    assert asked(server.jobs[:1]) == {"slow"}
    assert asked(server.jobs[1:]) == {"both", "quick"}


def test_they_are_spread_over_as_many_lists_of_tests_as_take_two_seconds_together() -> None:
    names = [f"f{at}" for at in range(40)]
    mutants = [replace(MUTANTS[0], id=name, function=name, name=f"f.x_{name}__mutmut_1") for name in names]
    runs = [a_run(f"of_{name}", 0.02 * (1 + at), [name]) for at, name in enumerate(names)]
    server = Server()
    a_judging(runs, mutants).failed_control(cast("TestServer", server), mutants, 1)

    seconds = [runs[test].duration for job in server.jobs for test in job.tests]
    assert (len(seconds), len(set(seconds))) == (CONTROLS, 8)
    assert sum(seconds) == pytest.approx(1.8, abs=0.2)
    assert min(seconds) == 0.02


@pytest.mark.parametrize("at", [0, 1])
def test_what_killed_one_is_said_with_the_exception(at: int) -> None:
    killer, jobs = controls(MUTANTS[at : at + 1], fails=[0, 1, 2])

    assert killer in {f"t.py::{test} (AssertionError: no)" for test in asked(jobs)}


def test_where_every_test_judges_every_mutant_one_control_is_judged_by_every_test() -> None:
    _, jobs = controls(exhaustive=True)

    assert sorted(jobs[0].tests) == [0, 1, 2, 3]
