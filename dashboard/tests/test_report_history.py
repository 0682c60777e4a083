"""What the page says of earlier runs: letters per mutant, what changed, the trend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from factories import FILE, NOW, TESTS, Recorded, a_mutant, a_provenance, a_store, a_target

from mutmut_dashboard.model import OUTSIDE, Mutant, RunState, Status
from mutmut_dashboard.report import history
from mutmut_dashboard.report.chunks.index import index_chunk
from mutmut_dashboard.report.chunks.payloads import ChunkNames
from mutmut_dashboard.report.chunks.runs import runs_chunk
from mutmut_dashboard.report.facts import Facts, gather
from mutmut_dashboard.report.history import History, read_history
from mutmut_dashboard.report.honesty import honesty
from mutmut_dashboard.report.pages.overview import TrendMark
from mutmut_dashboard.report.rows import Places
from mutmut_dashboard.report.rulings import Rulings
from mutmut_dashboard.report.since import since
from mutmut_dashboard.report.snapshot import take_snapshot
from mutmut_dashboard.report.trend import COLUMNS, LINE, trend

FIRST, SECOND, THIRD = (a_mutant("qty", f"q{n}") for n in range(3))
CHUNKS = ChunkNames(tests="", runs="", codes="", tables="")
K, S, U, P = Status.KILLED, Status.SURVIVED, Status.UNCOVERED, Status.PENDING


def run(tmp_path: Path, *judged: tuple[Mutant, Status], **kept: Any) -> int:
    store, run_id = a_store(tmp_path, Recorded(list(judged)), **kept)
    store.close()
    return run_id


def history_of(tmp_path: Path, run_id: int) -> History:
    from mutmut_dashboard.store import Store

    with Store(tmp_path / "results.sqlite") as store:
        return read_history(store, run_id)


def facts_of(tmp_path: Path, run_id: int) -> Facts:
    from mutmut_dashboard.store import Store

    with Store(tmp_path / "results.sqlite") as store:
        return gather(take_snapshot(store, run_id), read_history(store, run_id), project="shop", now=NOW)


class TestLetters:
    def test_each_run_has_its_letter_oldest_first(self, tmp_path: Path) -> None:
        run(tmp_path, (FIRST, S), (SECOND, P))
        last = run(tmp_path, (FIRST, K), (THIRD, U))
        letters = history_of(tmp_path, last).letters
        assert [letters["prices", mutant.id] for mutant in (FIRST, SECOND, THIRD)] == ["sk", "p.", ".u"]

    def test_runs_after_the_one_shown_are_left_out(self, tmp_path: Path) -> None:
        first = run(tmp_path, (FIRST, S))
        run(tmp_path, (FIRST, K))
        assert history_of(tmp_path, first).letters == {("prices", FIRST.id): "s"}

    def test_only_the_last_runs_are_looked_back_on(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(history, "MOST_RUNS", 2)
        last = [run(tmp_path, (FIRST, status)) for status in (S, U, K)][-1]
        found = history_of(tmp_path, last)
        assert ([shown.id for shown in found.runs], found.letters["prices", FIRST.id]) == ([2, 3], "uk")


def on(branch: str) -> dict[str, Any]:
    """What a run of a branch has."""
    return {"provenance": a_provenance(branch=branch)}


LIMITED = {"provenance": a_provenance(scope="functions named f")}


def outside(mutant: Mutant) -> tuple[Mutant, Status]:
    """A mutant that a limited run was not about."""
    return replace(mutant, skip_reason=f"{OUTSIDE}functions named f"), P


class TestLimitedRuns:
    def test_what_a_run_was_not_about_was_not_judged_by_it(self, tmp_path: Path) -> None:
        run(tmp_path, (FIRST, S), (SECOND, S))
        last = run(tmp_path, (FIRST, K), outside(SECOND), **LIMITED)
        found = history_of(tmp_path, last)
        assert found.letters["prices", SECOND.id] == "sp"
        assert [mutant.id for mutant, _ in found.varying] == [FIRST.id]
        words = since(found, "prices", NOW).words
        assert words == "1 newly killed since run 1, 3 hours ago. 1 mutant cannot be compared."

    def test_runs_are_compared_with_the_last_whole_one(self, tmp_path: Path) -> None:
        run(tmp_path, (FIRST, S), (SECOND, S))
        run(tmp_path, (FIRST, S), outside(SECOND), **LIMITED)
        run(tmp_path, (FIRST, S), (SECOND, P), state=RunState.INTERRUPTED)
        words = since(history_of(tmp_path, run(tmp_path, (FIRST, S), (SECOND, S))), "prices", NOW).words
        assert words == "Nothing changed since run 1, 3 hours ago."

    def test_where_no_run_before_was_whole_another_one_must_do(self, tmp_path: Path) -> None:
        run(tmp_path, (FIRST, S), outside(SECOND), **LIMITED)
        words = since(history_of(tmp_path, run(tmp_path, (FIRST, K), (SECOND, S))), "prices", NOW).words
        assert words.startswith("1 newly killed since run 1")

    def test_the_trend_passes_them_by_and_says_so(self, tmp_path: Path) -> None:
        run(tmp_path, (FIRST, K), (SECOND, S))
        run(tmp_path, (FIRST, K), outside(SECOND), **LIMITED)
        run(tmp_path, (FIRST, K), (SECOND, S))
        last = run(tmp_path, (FIRST, K), outside(SECOND), **LIMITED)
        drawn = trend(history_of(tmp_path, last), "prices")
        assert drawn is not None
        assert [mark.aside for mark in drawn.marks] == [False, True, False, True]
        assert drawn.band.split() == there_and_back(drawn.marks[::2])
        assert (drawn.score, drawn.undetected) == ("50.0 %", "1 undetected")
        assert drawn.note == "2 runs beside the line: limited, in parts, or not finished."
        assert drawn.marks[1].words.endswith("100 %, 0 undetected, limited to functions named f")

    @pytest.mark.parametrize(
        ("kept", "words"),
        [
            ({}, ""),
            (LIMITED, "limited to functions named f"),
            ({"provenance": a_provenance(shard="2/4"), "state": RunState.PART}, "part 2/4 of a run"),
            ({"state": RunState.INTERRUPTED}, "interrupted"),
            ({"state": RunState.FAILED}, "failed"),
        ],
    )
    def test_what_is_no_whole_run_is_so_in_words(
        self, tmp_path: Path, kept: dict[str, Any], words: str
    ) -> None:
        chunk = runs_chunk(facts_of(tmp_path, run(tmp_path, (FIRST, S), **kept)))
        assert [shown["aside"] for shown in chunk["runs"]] == [words]

    def test_one_that_could_not_judge_all_is_incomplete(self, tmp_path: Path) -> None:
        chunk = runs_chunk(facts_of(tmp_path, run(tmp_path, (FIRST, S), (SECOND, Status.ERROR))))
        assert [(shown["state"], shown["aside"]) for shown in chunk["runs"]] == [
            ("incomplete", "1 mutant not judged")
        ]


class TestBranches:
    def test_runs_are_compared_with_the_last_whole_one_of_the_same_branch(self, tmp_path: Path) -> None:
        run(tmp_path, (FIRST, S), **on("topic"))
        run(tmp_path, (FIRST, S), state=RunState.INTERRUPTED, **on("topic"))
        run(tmp_path, (FIRST, K), **on("main"))
        words = since(history_of(tmp_path, run(tmp_path, (FIRST, K), **on("topic"))), "prices", NOW).words
        assert words == "1 newly killed since run 1, 3 hours ago."

    def test_where_there_is_none_the_other_branch_is_named(self, tmp_path: Path) -> None:
        run(tmp_path, (FIRST, S), **on("topic"), state=RunState.INTERRUPTED)
        run(tmp_path, (FIRST, S), **on("main"))
        words = since(history_of(tmp_path, run(tmp_path, (FIRST, K), **on("topic"))), "prices", NOW).words
        assert words == "1 newly killed since run 2 on branch main, 3 hours ago."

    @pytest.mark.parametrize(("earlier", "last"), [("", "main"), ("", "")])
    def test_nothing_is_said_of_a_branch_that_nobody_recorded(
        self, tmp_path: Path, earlier: str, last: str
    ) -> None:
        run(tmp_path, (FIRST, S), **on(earlier))
        words = since(history_of(tmp_path, run(tmp_path, (FIRST, K), **on(last))), "prices", NOW).words
        assert words == "1 newly killed since run 1, 3 hours ago."

    def test_a_run_without_a_branch_is_compared_with_the_last_of_any(self, tmp_path: Path) -> None:
        run(tmp_path, (FIRST, S), **on(""))
        run(tmp_path, (FIRST, K), **on("main"))
        words = since(history_of(tmp_path, run(tmp_path, (FIRST, K), **on(""))), "prices", NOW).words
        assert words == "Nothing changed since run 2 on branch main, 3 hours ago."

    def test_the_trend_names_them_where_there_are_several(self, tmp_path: Path) -> None:
        run(tmp_path, (FIRST, S), **on("main"))
        last = run(tmp_path, (FIRST, S), **on("main"))
        drawn = trend(history_of(tmp_path, last), "prices")
        assert drawn is not None
        assert drawn.marks[0].words.startswith("run 1, ")
        drawn = trend(history_of(tmp_path, run(tmp_path, (FIRST, S), **on("topic"))), "prices")
        assert drawn is not None
        assert [mark.words.partition(",")[0] for mark in drawn.marks] == [
            *("run 1 on main", "run 2 on main", "run 3 on topic"),
        ]

    def test_the_data_of_the_runs_has_them(self, tmp_path: Path) -> None:
        run(tmp_path, (FIRST, S))
        chunk = runs_chunk(facts_of(tmp_path, run(tmp_path, (FIRST, S), **on("main"))))
        assert [shown["branch"] for shown in chunk["runs"]] == ["", "main"]


class TestVaried:
    """Which mutants had several statuses."""

    def test_it_is_a_status_that_differs_whatever_it_is_now(self, tmp_path: Path) -> None:
        run(tmp_path, (FIRST, S), (SECOND, K), (THIRD, S))
        run(tmp_path, (FIRST, K), (SECOND, S), (THIRD, S))
        last = run(tmp_path, (FIRST, K), (SECOND, K), (THIRD, S))
        assert history_of(tmp_path, last).varied == {("prices", FIRST.id), ("prices", SECOND.id)}

    def test_to_come_and_to_go_with_the_code_is_no_change_of_status(self, tmp_path: Path) -> None:
        run(tmp_path, (FIRST, S), (SECOND, S))
        last = run(tmp_path, (FIRST, S), (THIRD, S))
        found = history_of(tmp_path, last)
        assert len(found.varying) == 2
        assert found.varied == frozenset()

    def test_what_was_not_judged_tells_nothing(self, tmp_path: Path) -> None:
        run(tmp_path, (FIRST, S), (SECOND, S))
        run(tmp_path, outside(FIRST), (SECOND, K), **LIMITED)
        last = run(tmp_path, (FIRST, P), (SECOND, Status.ERROR))
        assert history_of(tmp_path, last).varied == {("prices", SECOND.id)}

    def test_a_run_that_judged_nothing_of_the_target_tells_nothing(self, tmp_path: Path) -> None:
        run(tmp_path, (FIRST, S))
        run(tmp_path, (FIRST, Status.SKIPPED))
        assert history_of(tmp_path, run(tmp_path, (FIRST, S))).varied == frozenset()

    def test_the_index_names_those_that_the_run_has_by_number(self, tmp_path: Path) -> None:
        gone = a_mutant("price", "gone")
        run(tmp_path, (FIRST, S), (SECOND, S), (gone, S))
        run(tmp_path, (FIRST, S), (SECOND, K), (gone, K))
        facts = facts_of(tmp_path, run(tmp_path, (FIRST, S), (SECOND, S)))
        assert facts.varied == {facts.numbers.mutant("prices", SECOND.id)}
        assert index_chunk(facts, ["data/file.js"], CHUNKS)["varied"] == sorted(facts.varied)

    def test_the_page_counts_them_by_what_they_are_now_and_leads_to_them(self, tmp_path: Path) -> None:
        def said(*judged: tuple[Mutant, Status]) -> tuple[str, str]:
            facts = facts_of(tmp_path, run(tmp_path, *judged))
            page = honesty(facts, Places(facts.snapshot), Rulings(()))
            return page.varied_words, page.varied_route

        assert said((FIRST, S), (SECOND, K), (THIRD, S)) == ("", "")
        assert said((FIRST, S), (SECOND, K), (THIRD, S)) == (
            "No mutant had another status in an earlier run.",
            "",
        )
        assert said((FIRST, K), (SECOND, U), (THIRD, S)) == (
            "2 mutants had another status in an earlier run; now 1 killed and 1 uncovered.",
            "#/queue?status=killed,uncovered&runs=changed",
        )


class TestSince:
    def words(self, tmp_path: Path, before: list[Any], after: list[Any]) -> str:
        run(tmp_path, *before)
        return since(history_of(tmp_path, run(tmp_path, *after)), "prices", NOW).words

    def test_newly_killed_new_and_gone_survivors_are_counted(self, tmp_path: Path) -> None:
        words = self.words(
            tmp_path,
            [(FIRST, S), (SECOND, K), (a_mutant("qty", "gone"), U)],
            [(FIRST, K), (SECOND, U), (THIRD, S)],
        )
        assert (
            words
            == "1 newly killed, 2 new survivors, 1 survivor gone with the code since run 1, 3 hours ago."
        )

    def test_no_change_is_said(self, tmp_path: Path) -> None:
        assert self.words(tmp_path, [(FIRST, S)], [(FIRST, U)]) == "Nothing changed since run 1, 3 hours ago."

    def test_only_what_both_runs_judged_is_compared(self, tmp_path: Path) -> None:
        words = self.words(
            tmp_path, [(FIRST, P), (SECOND, K), (THIRD, S)], [(FIRST, S), (SECOND, P), (THIRD, S)]
        )
        assert words == "Nothing changed since run 1, 3 hours ago. 2 mutants cannot be compared."

    def test_a_run_of_another_target_is_passed_over(self, tmp_path: Path) -> None:
        run(tmp_path, (FIRST, S))
        other = Recorded([(a_mutant(target="other"), S)], target=a_target(name="other"), tests=[])
        a_store(tmp_path, other)[0].close()
        found = since(history_of(tmp_path, run(tmp_path, (FIRST, K))), "prices", NOW)
        assert found.words.startswith("1 newly killed since run 1")
        assert (found.route, found.better, found.worse) == ("#/runs?a=1&b=3", True, False)

    def test_the_first_run_has_nothing_to_compare_with(self, tmp_path: Path) -> None:
        found = since(history_of(tmp_path, run(tmp_path, (FIRST, S))), "prices", NOW)
        assert (found.words, found.route) == ("The first run of this target: nothing to compare with.", "")


class TestRunsChunk:
    def test_it_holds_the_mutants_whose_fate_changed_with_gone_ones_as_they_last_were(
        self, tmp_path: Path
    ) -> None:
        gone = a_mutant("price", "gone")
        run(tmp_path, (FIRST, S), (SECOND, S), (gone, S))
        last = run(tmp_path, (FIRST, K), (SECOND, S))
        mutants = runs_chunk(facts_of(tmp_path, last))["mutants"]
        assert dict(zip(mutants["id"], mutants["history"], strict=True)) == {FIRST.id: "sk", gone.id: "s."}
        assert mutants["file"] == [FILE, FILE]

    def test_others_that_a_run_did_not_judge_are_counted_by_their_letters(self, tmp_path: Path) -> None:
        run(tmp_path, (FIRST, K), (SECOND, S), (THIRD, K))
        last = run(tmp_path, (FIRST, Status.ERROR), (SECOND, P), (THIRD, Status.ERROR), (a_mutant(), S))
        chunk = runs_chunk(facts_of(tmp_path, last))
        assert chunk["unjudged"] == {"history": ["ke", "sp"], "count": [2, 1]}

    def test_what_is_killed_now_names_its_killer(self, tmp_path: Path) -> None:
        run(tmp_path, (FIRST, K), (SECOND, S))
        last = run(tmp_path, (FIRST, S), (SECOND, K))
        mutants = runs_chunk(facts_of(tmp_path, last))["mutants"]
        assert dict(zip(mutants["id"], mutants["killer"], strict=True)) == {
            FIRST.id: "",
            SECOND.id: TESTS[0],
        }

    def test_a_run_that_stopped_before_judging_changes_no_fate(self, tmp_path: Path) -> None:
        run(tmp_path, (FIRST, S))
        a_store(tmp_path, Recorded(), state=RunState.FAILED)[0].close()
        run(tmp_path, (FIRST, P), state=RunState.INTERRUPTED)
        chunk = runs_chunk(facts_of(tmp_path, run(tmp_path, (FIRST, S))))
        assert chunk["mutants"]["id"] == []
        assert [shown["targets"][0]["counts"] for shown in chunk["runs"]] == [
            *({"survived": 1}, {}, {"pending": 1}, {"survived": 1})
        ]


def there_and_back(marks: Sequence[TrendMark]) -> list[str]:
    """The outline through these runs: by their highest scores there, by their lowest ones back."""
    upper = [f"{mark.x},{mark.high or mark.y}" for mark in marks]
    return [*upper, *(f"{mark.x},{mark.y}" for mark in marks[::-1])]


class TestTrend:
    def test_it_needs_two_runs(self, tmp_path: Path) -> None:
        assert trend(history_of(tmp_path, run(tmp_path, (FIRST, S))), "prices") is None

    def test_it_says_what_it_shows_and_labels_the_last_value(self, tmp_path: Path) -> None:
        run(tmp_path, (FIRST, S), (SECOND, K))
        drawn = trend(history_of(tmp_path, run(tmp_path, (FIRST, K), (SECOND, K))), "prices")
        assert drawn is not None
        assert (drawn.score, drawn.undetected) == ("100 %", "0 undetected")
        assert drawn.label == (
            "prices, 2 runs, oldest first: run 1, 2030-05-17: 50.0 %, 1 undetected; "
            "run 2, 2030-05-17: 100 %, 0 undetected"
        )

    def test_a_better_score_is_higher_and_fewer_survivors_are_lower(self, tmp_path: Path) -> None:
        run(tmp_path, (FIRST, S), (SECOND, S), (THIRD, K))
        drawn = trend(history_of(tmp_path, run(tmp_path, (FIRST, S), (SECOND, K), (THIRD, K))), "prices")
        assert drawn is not None
        first, second = drawn.marks
        assert 0 <= float(second.y) < float(first.y) <= LINE
        assert (float(first.height), float(second.height)) == (COLUMNS, COLUMNS / 2)

    def test_an_incomplete_run_is_an_interval_beside_the_line(self, tmp_path: Path) -> None:
        run(tmp_path, (FIRST, K), (SECOND, S))
        run(tmp_path, (FIRST, K), (SECOND, P))
        drawn = trend(history_of(tmp_path, run(tmp_path, (FIRST, K), (SECOND, S))), "prices")
        assert drawn is not None
        assert [bool(mark.high) for mark in drawn.marks] == [False, True, False]
        assert float(drawn.marks[1].high) < float(drawn.marks[1].y)
        assert drawn.band.split() == there_and_back(drawn.marks)

    def test_where_no_run_has_one_score_a_band_goes_through_all_intervals(self, tmp_path: Path) -> None:
        error = Status.ERROR
        run(tmp_path, (FIRST, K), (SECOND, S), (THIRD, error))
        drawn = trend(history_of(tmp_path, run(tmp_path, (FIRST, K), (SECOND, K), (THIRD, error))), "prices")
        assert drawn is not None
        assert drawn.band.split() == there_and_back(drawn.marks)
        assert all(float(mark.high) < float(mark.y) for mark in drawn.marks)
        assert [label.text for label in drawn.labels if label.last] == ["100 %", "66.7 %", "0"]

    def test_labels_say_what_is_drawn_and_stand_apart(self, tmp_path: Path) -> None:
        run(tmp_path, (FIRST, S), (SECOND, S), (THIRD, K))
        judged = [(a_mutant("qty", f"q{n}"), K) for n in range(200)]
        last = run(tmp_path, *judged, (a_mutant("qty", "last"), Status.ERROR))
        drawn = trend(history_of(tmp_path, last), "prices")
        assert drawn is not None
        assert [label.text for label in drawn.labels] == [
            *("mutation score", "100 %", "30 %", "undetected: survived + uncovered", "2"),
            *("100 %", "99.5 %", "0"),
        ]
        high, low = (float(label.y) for label in drawn.labels[-3:-1])
        assert low - high >= 12

    def test_a_run_of_which_little_is_known_does_not_press_the_others_flat(self, tmp_path: Path) -> None:
        run(tmp_path, (FIRST, K), (SECOND, P), (THIRD, P))
        run(tmp_path, (FIRST, K), (SECOND, K), (THIRD, S))
        drawn = trend(history_of(tmp_path, run(tmp_path, (FIRST, K), (SECOND, K), (THIRD, S))), "prices")
        assert drawn is not None
        assert drawn.labels[2].text == "60 %"
