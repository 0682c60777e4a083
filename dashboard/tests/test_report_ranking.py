"""The order of the queue: which survivor comes first, and the sentence that says why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from factories import FILE, NOW, TESTS, Recorded, a_mutant, a_provenance, a_store, a_target, a_test
from hypothesis import given
from hypothesis import strategies as st

from mutmut_dashboard.model import Mutant, Run, RunState, Status
from mutmut_dashboard.report.facts import gather
from mutmut_dashboard.report.history import History, read_history
from mutmut_dashboard.report.numbering import Numbering
from mutmut_dashboard.report.ranking import Ranked, rank
from mutmut_dashboard.report.snapshot import Judged, Snapshot, TargetData, take_snapshot

A_RUN = Run(1, "", "", RunState.COMPLETE, "", a_provenance(), ())
NO_HISTORY = History((), {}, (), (), ())
KINDS = ("assignment", "swap op", "number", "string", "an operator of another tool")


def recorded(*judged: tuple[Mutant, Status], tests: int = 1) -> Recorded:
    """Functions whose every test is known by function only."""
    names = [f"t.py::test_{n}" for n in range(tests)]
    functions = {(mutant.file, mutant.function) for mutant, _ in judged}
    return Recorded(
        list(judged), tests=list(map(a_test, names)), coverage=[], reach=dict.fromkeys(functions, names)
    )


def queue_of(tmp_path: Path, *targets: Recorded) -> list[Ranked]:
    store, run_id = a_store(tmp_path, *targets)
    with store:
        snapshot = take_snapshot(store, run_id)
    return rank(Numbering(snapshot), NO_HISTORY)


def on_line(line: int, replacement: str = "x", **overrides: Any) -> Mutant:
    return a_mutant("qty", f"{replacement}{line}", line=line, end_line=line, **overrides)


def lines(queue: list[Ranked]) -> list[int]:
    return [ranked.judged.mutant.line for ranked in queue]


class TestOrder:
    def test_whole_statements_come_before_operators_before_numbers_before_texts(self, tmp_path: Path) -> None:
        kinds = ("string", "number", "swap op", "assignment")
        judged = [(on_line(at, operator=kind), Status.SURVIVED) for at, kind in enumerate(kinds, 1)]
        assert lines(queue_of(tmp_path, recorded(*judged))) == [4, 3, 2, 1]

    def test_where_siblings_are_killed_comes_first(self, tmp_path: Path) -> None:
        weak = [(on_line(n, function="weak"), Status.SURVIVED) for n in (1, 2, 3)]
        near = [(on_line(n, function="near"), Status.KILLED) for n in (11, 12)]
        queue = queue_of(tmp_path, recorded(*weak, *near, (on_line(13, function="near"), Status.SURVIVED)))
        assert lines(queue)[0] == 13

    def test_what_more_tests_run_comes_first(self, tmp_path: Path) -> None:
        first = recorded((on_line(1, function="f"), Status.SURVIVED), tests=2)
        first.judged = [*first.judged, (on_line(2, function="g"), Status.SURVIVED)]
        first.reach = {**first.reach, (FILE, "g"): ["t.py::test_0"]}
        assert lines(queue_of(tmp_path, first)) == [1, 2]

    def test_mutants_of_a_line_stay_together_behind_the_weightiest(self, tmp_path: Path) -> None:
        judged = [
            (on_line(1, "a", operator="string"), Status.SURVIVED),
            (on_line(2, "b", operator="swap op"), Status.SURVIVED),
            (on_line(1, "c", operator="assignment"), Status.SURVIVED),
        ]
        queue = queue_of(tmp_path, recorded(*judged))
        assert [ranked.judged.mutant.replacement for ranked in queue] == ["c1", "a1", "b2"]

    def test_uncovered_mutants_come_last_by_function_the_largest_group_first(self, tmp_path: Path) -> None:
        judged = [
            (on_line(1, function="small"), Status.UNCOVERED),
            (on_line(2, function="large", operator="string"), Status.UNCOVERED),
            (on_line(3, function="other", operator="string"), Status.SURVIVED),
            (on_line(4, function="large"), Status.UNCOVERED),
        ]
        assert lines(queue_of(tmp_path, recorded(*judged))) == [3, 2, 4, 1]

    def test_detected_and_left_out_mutants_are_not_in_it(self, tmp_path: Path) -> None:
        judged = [
            (on_line(n), status)
            for n, status in enumerate([*Status], 1)
            if status not in (Status.SURVIVED, Status.UNCOVERED)
        ]
        assert queue_of(tmp_path, recorded(*judged)) == []

    @given(
        st.lists(
            st.tuples(
                st.integers(1, 6), st.sampled_from(KINDS), st.sampled_from([*Status]), st.sampled_from("fgh")
            ),
            max_size=25,
        )
    )
    def test_it_holds_every_undetected_mutant_once_and_does_not_depend_on_their_order(
        self, drawn: list[tuple[int, str, Status, str]]
    ) -> None:
        judged = [
            Judged(on_line(line, f"r{at}", operator=kind, function=function), None, status)
            for at, (line, kind, status, function) in enumerate(drawn)
        ]
        ids = [ranked.judged.mutant.id for ranked in ranked_of(judged)]
        assert sorted(ids) == sorted(
            one.mutant.id for one in judged if one.status in (Status.SURVIVED, Status.UNCOVERED)
        )
        assert ids == [ranked.judged.mutant.id for ranked in ranked_of(judged[::-1])]

    @given(
        st.sampled_from(KINDS), st.integers(0, 8), st.integers(0, 8), st.integers(0, 200), st.integers(1, 50)
    )
    def test_more_tests_and_more_killed_siblings_never_make_it_lighter(
        self, kind: str, killed: int, others: int, tests: int, more: int
    ) -> None:
        def weight(killed: int, others: int, tests: int) -> float:
            siblings = [*[Status.KILLED] * killed, *[Status.SURVIVED] * others]
            judged = [Judged(on_line(n + 2, f"s{n}"), None, status) for n, status in enumerate(siblings)]
            queue = ranked_of([Judged(on_line(1, operator=kind), None, Status.SURVIVED), *judged], tests)
            return next(ranked.weight for ranked in queue if ranked.judged.mutant.line == 1)

        assert weight(killed, others, tests) <= weight(killed, others, tests + more)
        assert weight(killed, others, tests) <= weight(killed + 1, others, tests)


def ranked_of(judged: list[Judged], tests: int = 1) -> list[Ranked]:
    names = [f"t.py::test_{n}" for n in range(tests)]
    reach = {(FILE, one.mutant.function): names for one in judged}
    data = TargetData(a_target(), tuple(judged), (), reach, ())
    return rank(Numbering(Snapshot(A_RUN, {}, (data,))), NO_HISTORY)


class TestReason:
    @pytest.mark.parametrize(
        ("tests", "words"),
        [
            (0, "This operator goes unnoticed; which tests run it is not recorded."),
            (1, "This operator does not matter to the one test that runs its function."),
            (30, "This operator does not matter to any of the 30 tests that run its function."),
        ],
    )
    def test_it_says_what_goes_unnoticed_by_how_many_tests(self, tests: int, words: str) -> None:
        (ranked,) = ranked_of([Judged(on_line(1, operator="swap op"), None, Status.SURVIVED)], tests)
        assert ranked.reason == words

    def test_tests_known_by_line_are_said_to_run_it(self, tmp_path: Path) -> None:
        (ranked,) = queue_of(tmp_path, Recorded([(a_mutant(operator="string"), Status.SURVIVED)]))
        assert ranked.reason == f"This text does not matter to any of the {len(TESTS)} tests that run it."

    @pytest.mark.parametrize(
        ("killed", "words"),
        [
            (3, "; 3 of 4 other mutants of the function are killed, so a fitting test is near."),
            (1, "; 1 of 4 other mutants of the function are killed."),
            (0, "; nor is any other mutant of the function killed."),
        ],
    )
    def test_it_says_how_the_functions_other_mutants_fare(self, killed: int, words: str) -> None:
        others = [Status.KILLED] * killed + [Status.SURVIVED] * (4 - killed)
        siblings = [Judged(on_line(n, f"s{n}"), None, status) for n, status in enumerate(others, 2)]
        queue = ranked_of([Judged(on_line(1), None, Status.SURVIVED), *siblings])
        assert all(ranked.reason.endswith(words) for ranked in queue if ranked.judged.mutant.line == 1)

    def test_what_no_test_runs_says_what_a_first_test_would_reach(self) -> None:
        judged = [Judged(on_line(n, function="Cart.pay"), None, Status.UNCOVERED) for n in (1, 2)]
        assert {r.reason for r in ranked_of(judged)} == {
            "No test runs Cart.pay: the first one would reach 2 mutants."
        }
        part = [*judged, Judged(on_line(3, function="Cart.pay"), None, Status.KILLED)]
        assert {r.reason for r in ranked_of(part)} == {
            "No test runs this part of Cart.pay; 2 mutants wait there."
        }


class TestFreshness:
    def test_new_survivors_come_first_of_equals(self, tmp_path: Path) -> None:
        old, new = on_line(1), on_line(2)
        a_store(tmp_path, recorded((old, Status.SURVIVED), (new, Status.KILLED)))[0].close()
        store, run_id = a_store(tmp_path, recorded((old, Status.SURVIVED), (new, Status.SURVIVED)))
        with store:
            facts = gather(take_snapshot(store, run_id), read_history(store, run_id), project="shop", now=NOW)
        assert [(ranked.judged.mutant.line, ranked.fresh) for ranked in facts.queue] == [(2, 1), (1, 0)]
