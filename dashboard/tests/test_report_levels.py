"""How high a score is held to be: in which numbers, by which limits, and what the page says of it."""

from __future__ import annotations

from dataclasses import fields
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from factories import Recorded, a_mutant, a_store, a_target
from hypothesis import given
from hypothesis import strategies as st
from sites import gathered
from trees_support import copy_of_tree, run_cli

from mutmut_dashboard.config import Levels, Target, load_project
from mutmut_dashboard.engine.inputs import judged_part
from mutmut_dashboard.metrics import Level, Ratio, Score, level
from mutmut_dashboard.model import Status, TargetRecord
from mutmut_dashboard.report.build import Pages
from mutmut_dashboard.report.levels import level_of, limits_of
from mutmut_dashboard.report.pages.frame import IndexPage
from mutmut_dashboard.report.pages.overview import Limits
from mutmut_dashboard.report.parts import counted
from mutmut_dashboard.store import Store

EIGHTHS = st.integers(0, 800).map(lambda eighths: eighths / 8)
"""Percentages that a float holds exactly."""


def exactly(part: int, whole: int) -> Score:
    return Score(Ratio(part, whole), Ratio(part, whole))


def page_of(tmp_path: Path, *targets: Recorded) -> IndexPage:
    facts = gathered(tmp_path, *targets)
    return Pages(facts, counted(facts)).index()


def killed(count: int, of: int, **target: Any) -> Recorded:
    """A target with so many mutants, of which some are killed."""
    record = a_target(**target)
    judged = [
        (a_mutant("qty", f"q{n}", target=record.name), Status.KILLED if n < count else Status.SURVIVED)
        for n in range(of)
    ]
    return Recorded(judged, target=record, tests=[])


class TestTheLevelOfAScore:
    @given(st.integers(0, 400), st.integers(1, 400), EIGHTHS, EIGHTHS)
    def test_is_as_exact_arithmetic_says(self, part: int, whole: int, one: float, other: float) -> None:
        low, high = sorted((one, other))
        percent = Fraction(min(part, whole) * 100, whole)
        found = level(exactly(min(part, whole), whole), low, high)
        assert (found is Level.LOW) == (percent < Fraction(low))
        assert (found is Level.HIGH) == (percent >= Fraction(high))

    def test_is_not_of_the_rounded_percentage(self) -> None:
        score = exactly(79_999, 100_000)
        assert str(score) == "80.0 %"
        assert level(score, 60, 80) is Level.MEDIUM
        assert level(exactly(59_999, 100_000), 60, 80) is Level.LOW
        assert level(exactly(4, 5), 60, 80) is Level.HIGH
        assert level(exactly(3, 5), 60, 80) is Level.MEDIUM

    @pytest.mark.parametrize(
        "score", [exactly(0, 0), Score(Ratio(9, 10), Ratio(10, 10), 1), Score(Ratio(0, 1), Ratio(1, 1), 1)]
    )
    def test_an_interval_and_a_score_of_nothing_have_none(self, score: Score) -> None:
        assert level(score, 60, 80) is None
        assert level_of(score, a_target()) == ""


class TestLimitsInWords:
    def words(self, *limits: tuple[float, float]) -> list[tuple[str, list[str]]]:
        records = [
            a_target(name=f"t{at}", low_below=low, high_from=high) for at, (low, high) in enumerate(limits)
        ]
        return [
            (found.target, [f"{fact.label} {fact.value}" for fact in found.levels])
            for found in limits_of(records)
        ]

    def test_are_said_once_where_all_have_the_same(self) -> None:
        every = ["low below 60 %", "medium from 60 % to below 80 %", "high from 80 %"]
        assert self.words((60, 80), (60, 80)) == [("", every)]

    def test_are_said_of_each_where_they_differ(self) -> None:
        assert [target for target, _ in self.words((60, 80), (60, 90.5))] == ["t0", "t1"]
        assert limits_of([]) == ()

    @pytest.mark.parametrize(
        ("low", "high", "words"),
        [
            (80, 80, ["low below 80 %", "high from 80 %"]),
            (0, 62.5, ["medium below 62.5 %", "high from 62.5 %"]),
            (0, 0, ["high from 0 %"]),
        ],
    )
    def test_leave_out_a_level_that_no_score_has(self, low: float, high: float, words: list[str]) -> None:
        assert self.words((low, high)) == [("", words)]


class TestThePage:
    def levels(self, page: IndexPage) -> list[list[str]]:
        """Of the score in each table: files by target, functions."""
        rows = [[row.numbers[3].level for row in table.rows] for table in page.modules]
        return [*rows, [row.numbers[3].level for row in page.functions.rows if row.numbers[0].text != "0"]]

    def test_each_row_has_the_level_of_its_own_target(self, tmp_path: Path) -> None:
        strict = killed(7, 10, name="strict", low_below=80.0, high_from=95.0)
        page = page_of(tmp_path, killed(7, 10), strict)
        assert self.levels(page) == [["medium"], ["low"], ["medium", "low"]]
        assert [band.score.level for band in page.targets] == ["medium", "low"]
        assert [len(table.limits) for table in page.modules] == [1, 1]
        assert [limit.target for limit in page.functions.limits] == ["prices", "strict"]

    def test_all_scores_of_a_band_have_one_and_coverage_has_none(self, tmp_path: Path) -> None:
        (band,) = page_of(tmp_path, killed(9, 10)).targets
        assert [one.level for one in (band.score, band.adjusted, band.covered)] == ["high"] * 3
        assert band.coverage.level == ""

    def test_numbers_that_are_no_scores_have_none(self, tmp_path: Path) -> None:
        page = page_of(tmp_path, killed(9, 10))
        (row,) = page.modules[0].rows
        assert [cell.level for cell in row.numbers] == ["", "", "", "high", "high", "high", "", ""]
        assert {cell.level for row in page.operators.rows for cell in row.numbers} == {""}


def test_what_is_called_low_decides_no_verdict() -> None:
    target = Target(name="t", modules=["a.py"], suites=["tests"])
    for field in fields(Levels):
        moved = Target(name="t", modules=["a.py"], suites=["tests"], levels=Levels(**{field.name: 70}))
        assert judged_part(moved) == judged_part(target)


def test_the_levels_of_the_configuration_are_those_of_the_run(tmp_path: Path) -> None:
    tree = copy_of_tree("one_survivor", tmp_path)
    config = tree / "mutmut_config.py"
    plain = config.read_text("utf-8").replace("import Target", "import Levels, Target")

    def judged(levels: str) -> TargetRecord:
        config.write_text(plain.replace('suites=["tests"]', f'suites=["tests"], levels=Levels({levels})'))
        assert load_project(config).targets[0].levels != Levels()
        outcome = run_cli(tree, "run", "--no-page")
        assert outcome.code == 0, outcome.err
        with Store(tree / ".mutation" / "results.sqlite") as store:
            run = store.latest_run()
            assert run is not None
            assert run.id == 1, "another run would mean that verdicts were not used again"
            return run.targets[0]

    first = judged("low=30")
    assert (first.low_below, first.high_from) == (30, 80)
    again = judged("high=90")
    assert (again.low_below, again.high_from) == (60, 90)


def test_a_store_of_before_has_the_levels_that_stryker_has(tmp_path: Path) -> None:
    store, run_id = a_store(tmp_path, Recorded(target=a_target(low_below=1.0, high_from=2.0)))
    with store:
        store._db.execute("UPDATE target SET record = json_remove(record, '$.low_below', '$.high_from')")
        (target,) = store.run(run_id).targets
    assert limits_of([target]) == limits_of([a_target()])
    assert isinstance(limits_of([target])[0], Limits)
