"""Which tests run which lines: by themselves and after others, and what follows for the tests that judge a mutant."""

from __future__ import annotations

import os
from mmap import mmap

import pytest
from factories import a_mutant
from stories import Remembering
from trees_support import TreeRun

from mutmut_dashboard.engine import mutmut_trampoline
from mutmut_dashboard.engine.contexts import in_source, with_calls_of_lines, with_tests_alone
from mutmut_dashboard.engine.selection import LineTests
from mutmut_dashboard.engine.wire import TestRun
from mutmut_dashboard.model import FileCoverage, Status

SOURCE = """\
table = {}


def rate(zone):
    if not table:
        table.update(near=2)
    return table[zone]
"""
FIRST, SECOND = "t.py::test_first", "t.py::test_second"


def a_coverage(**tests_by_line: tuple[int, ...]) -> FileCoverage:
    """Coverage of `SOURCE` in a folder `back/`; keywords are `l<line>`."""
    lines = {int(name[1:]): tests for name, tests in tests_by_line.items()}
    missing = tuple(sorted({5, 6, 7} - lines.keys()))
    executed = tuple(sorted({1, 4, *lines}))
    return FileCoverage(
        "back/rates.py", executed, missing, (), {}, 2, 1, lines, ("back/" + FIRST, "back/" + SECOND)
    )


def a_run(test: str, *lines: int) -> TestRun:
    return TestRun(test, 0.1, "passed", lines={"rates.py": list(lines)})


class TestRemembering:
    def test_chosen_tests_find_what_all_tests_find(self, remembering: Remembering) -> None:
        assert remembering.plain.statuses == remembering.exhaustive.statuses

    def test_code_that_fills_a_cache_is_judged_by_tests_that_found_it_filled(
        self, remembering: Remembering
    ) -> None:
        mutants = remembering.plain.of("_fill")

        assert len(mutants) > 10
        assert {remembering.plain.status(mutant) for mutant in mutants} == {Status.KILLED}

    def test_code_that_only_a_later_test_comes_to_is_judged_with_the_tests_before(
        self, remembering: Remembering
    ) -> None:
        assert remembering.plain.statuses["is_heavy", "True", "False"] is Status.KILLED


def test_a_test_that_fails_by_itself_is_refused_by_name(needs_a_neighbour: TreeRun) -> None:
    assert needs_a_neighbour.outcome.code == 4
    assert "test_guests.py::test_another_guest" in needs_a_neighbour.outcome.err
    assert "passing after others but failing by themselves" in needs_a_neighbour.outcome.err
    assert "test_the_first_guest" not in needs_a_neighbour.outcome.err


class TestMarks:
    """What functions a test calls, of several tests at the same time."""

    @pytest.fixture
    def of_all(self, monkeypatch: pytest.MonkeyPatch) -> mmap:
        marks = mmap(-1, 3)
        marks[1] = 1
        monkeypatch.setattr(mutmut_trampoline.noted, "marks", marks)
        monkeypatch.setattr(mutmut_trampoline, "_size", len(marks))
        mutmut_trampoline.note_alone()
        return marks

    def test_those_of_one_test_are_not_those_of_another(self, of_all: mmap) -> None:
        mutmut_trampoline.Watched({"original": None}, 2, {})["original"]

        assert of_all[:] == b"\0\1\0"
        assert mutmut_trampoline.take_marks() == b"\0\0\1"

    @pytest.mark.usefixtures("of_all")
    def test_what_a_fork_of_a_test_calls_is_what_the_test_calls(self) -> None:
        if not (pid := os.fork()):
            try:
                mutmut_trampoline.Watched({"original": None}, 2, {})["original"]
            finally:
                os._exit(0)  # a child that fails must not go on as a second test run
        os.waitpid(pid, 0)

        assert mutmut_trampoline.take_marks() == b"\0\0\1"


def test_lines_of_the_generated_copy_become_lines_of_the_source() -> None:
    (moved,) = in_source([a_run(FIRST, 8, 10, 12, 30, 41)], {"rates.py": [(40, 44, -20), (10, 12, -6)]})

    assert moved.lines == {"rates.py": [4, 6, 21]}


def test_a_line_that_a_test_runs_only_by_itself_counts() -> None:
    coverage = a_coverage(l5=(0, 1), l7=(0, 1))
    (found,) = with_tests_alone([coverage], [a_run(FIRST, 5, 7), a_run(SECOND, 5, 6, 7)], "back/")

    assert found.missing == ()
    assert 6 in found.executed
    assert [found.tests[at] for at in found.tests_by_line[6]] == ["back/" + SECOND]


def test_whoever_is_in_the_body_of_a_function_calls_it_but_not_who_only_defines_it() -> None:
    coverage = a_coverage(l4=(0,), l7=(1,))
    calls = with_calls_of_lines(
        [a_run(FIRST), a_run(SECOND)],
        [coverage],
        {"rates.py": SOURCE},
        {"back/rates.py:rate": "key"},
        "back/",
    )

    assert [run.called for run in calls] == [[], ["key"]]


def test_whoever_runs_a_line_after_others_enters_its_stretch() -> None:
    keys = {f"back/rates.py:rate{stretch}": f"key{stretch}" for stretch in ("", "@0.body.0", "@1")}
    runs = [a_run(FIRST), a_run(SECOND)]
    calls = with_calls_of_lines(
        runs, [a_coverage(l5=(0, 1), l6=(0,), l7=(1,))], {"rates.py": SOURCE}, keys, "back/"
    )

    assert [run.called for run in calls] == [["key", "key@0.body.0"], ["key", "key@1"]]


class TestLineTests:
    MUTANT = a_mutant("2", "3", line=6, end_line=6, file="back/rates.py", function="rate")

    @staticmethod
    def _lines(alone: dict[int, set[int]]) -> LineTests:
        number = {"back/" + FIRST: 0, "back/" + SECOND: 1}
        return LineTests(SOURCE, a_coverage(l5=(0, 1), l6=(0,), l7=(0, 1)), number, alone)

    def test_tests_that_run_the_line_by_themselves_judge_it(self) -> None:
        assert self._lines({6: {0}}).of(self.MUTANT) == [0]

    def test_a_line_that_a_test_runs_only_after_others_does_not_tell(self) -> None:
        assert self._lines({5: {0}}).of(self.MUTANT) is None
