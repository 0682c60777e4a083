"""How many of a property's examples reach a function: what the page is told of it, and when it is said to be too few."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from contract import payloads_of
from factories import FILE, NOW, Recorded, a_mutant, a_store, a_target, a_test
from hypothesis import given
from hypothesis import strategies as st

from mutmut_dashboard.model import Status
from mutmut_dashboard.report import render_report
from mutmut_dashboard.report.reach import FEW, Reach, Share
from mutmut_dashboard.report.snapshot import Judged, TargetData

SURVIVOR = a_mutant(operator="swap op")
Counted = dict[str, tuple[int, int] | None]
"""Test -> how many of its examples reach the function, and how many it makes; None for a plain test."""


def recorded(counted: Counted) -> Recorded:
    """One survivor in a function that these tests reach, known by function only."""
    return Recorded(
        [(SURVIVOR, Status.SURVIVED)],
        tests=[a_test(name, examples=own[1] if own else 0) for name, own in counted.items()],
        coverage=[],
        reach={(FILE, SURVIVOR.function): list(counted)},
        examples={(FILE, SURVIVOR.function): {name: own[0] for name, own in counted.items() if own}},
    )


def hardly(counted: Counted) -> Share | None:
    facts = recorded(counted)
    numbers = {name: at for at, name in enumerate(counted)}
    data = TargetData(a_target(), (), tuple(facts.tests), facts.reach, (), examples=facts.examples)
    return Reach(data, numbers).hardly(Judged(SURVIVOR, None, Status.SURVIVED))


def data_of(tmp_path: Path, counted: Counted) -> dict[tuple[str, int], Any]:
    store, run_id = a_store(tmp_path, recorded(counted))
    with store:
        render_report(store, run_id, tmp_path / "site", project="shop", now=NOW)
    return payloads_of(tmp_path / "site")


class TestHardly:
    @pytest.mark.parametrize(
        ("counted", "share"),
        [
            pytest.param({"a": (9, 100)}, Share(9, 100), id="less than a tenth"),
            pytest.param({"a": (10, 100)}, None, id="a tenth"),
            pytest.param({"a": (1, 100), "b": (2, 100)}, Share(3, 200), id="of all together"),
            pytest.param({"a": (1, 100), "b": (100, 100)}, None, id="another property goes there"),
            pytest.param({"a": (3, 100), "plain": None}, Share(3, 100), id="a plain test is one example"),
            pytest.param({"a": (9, 100), "p": None, "q": None}, None, id="and several are several"),
            pytest.param({"a": (3, 100), "b": (0, 100)}, Share(3, 100), id="so is what only a set-up does"),
            pytest.param({"a": (0, 100)}, None, id="no property goes there"),
            pytest.param({"plain": None}, None, id="no property"),
        ],
    )
    def test_is_less_than_a_tenth_of_the_examples(self, counted: Counted, share: Share | None) -> None:
        assert hardly(counted) == share

    @given(st.dictionaries(st.sampled_from("abcd"), st.tuples(st.integers(0, 99), st.integers(100, 300))))
    def test_one_property_that_goes_there_often_is_enough_to_say_nothing(
        self, others: dict[str, tuple[int, int]]
    ) -> None:
        """However rarely the others do: as often as their examples together have room for in a tenth."""
        made = sum(own[1] for own in others.values())
        assert hardly({**others, "often": (1 + made // (FEW - 1), 1 + made // (FEW - 1))}) is None


class TestChunks:
    def test_a_file_lists_what_is_less_than_all_by_the_place_in_the_functions_tests(
        self, tmp_path: Path
    ) -> None:
        chunk = data_of(tmp_path, {"a": (100, 100), "b": (3, 50), "c": None, "d": (0, 7)})["file", 0]
        tests = chunk["testSets"][chunk["testsOfFunction"]["0"]]

        assert tests == [0, 1, 2, 3]
        assert chunk["examplesOfFunction"] == {"0": [1, 3, 3, 0]}

    def test_a_test_that_was_not_counted_is_told_from_one_that_always_goes_there(
        self, tmp_path: Path
    ) -> None:
        store, run_id = a_store(tmp_path)
        target = a_target()
        facts = recorded({"a": (5, 5), "b": (5, 5)})
        del facts.examples[FILE, SURVIVOR.function]["b"]
        with store:
            run_id = store.start_run(store.run(run_id).provenance, [target], "2030-05-18T09:00:00+00:00")
            store.add_mutants(run_id, [SURVIVOR])
            store.add_tests(run_id, facts.tests)
            store.add_reach(run_id, target.name, facts.reach, facts.examples)
            render_report(store, run_id, tmp_path / "site", project="shop", now=NOW)

        assert payloads_of(tmp_path / "site")["file", 0]["examplesOfFunction"] == {"0": [1, -1]}

    def test_without_counts_nothing_is_told(self, tmp_path: Path) -> None:
        data = data_of(tmp_path, {"plain": None})

        assert data["file", 0]["examplesOfFunction"] == {}
        assert "hardly" not in data["file", 0]["mutants"][0]
        assert "seldom" not in data["tests", 0]["tests"][0]

    def test_a_survivor_that_is_hardly_reached_brings_the_numbers_and_a_reason(self, tmp_path: Path) -> None:
        data = data_of(tmp_path, {"a": (3, 100), "b": (2, 50)})

        assert data["file", 0]["mutants"][0]["hardly"] == [5, 150]
        (reason,) = data["index", 0]["reasons"]
        assert reason.endswith(
            "2 tests that run its function, but hardly any of their examples reaches the function."
        )

    def test_a_test_names_the_functions_it_hardly_reaches(self, tmp_path: Path) -> None:
        tests = data_of(tmp_path, {"a": (3, 100), "b": (50, 100), "c": (0, 100)})["tests", 0]["tests"]

        assert [test.get("seldom") for test in tests] == [[[0, 3]], None, None]
