from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from factories import (
    FILE,
    NOW,
    SOURCE,
    TESTS,
    Recorded,
    a_coverage,
    a_kill,
    a_mutant,
    a_provenance,
    a_store,
    a_target,
    a_test,
    a_verdict,
    of_every_status,
    weighed,
)
from sites import gathered

from mutmut_dashboard.config import Ceilings
from mutmut_dashboard.metrics import Counts, Ratio, covered_score
from mutmut_dashboard.model import Choice, Ended, How, RunState, Standing, Status, Weighed
from mutmut_dashboard.report import survivors, wording
from mutmut_dashboard.report.bars import ratio_bar, score_bar, status_bar
from mutmut_dashboard.report.build import Pages
from mutmut_dashboard.report.excerpt import LineStates, Source, excerpt
from mutmut_dashboard.report.facts import gather
from mutmut_dashboard.report.history import read_history
from mutmut_dashboard.report.operators import MEANING
from mutmut_dashboard.report.pages.frame import IndexPage
from mutmut_dashboard.report.pages.survivors import DiffLine
from mutmut_dashboard.report.parts import counted
from mutmut_dashboard.report.snapshot import take_snapshot
from mutmut_dashboard.report.text import source_lines, visible


def pages_of(tmp_path: Path, *targets: Recorded, **kept: Any) -> Pages:
    facts = gathered(tmp_path, *targets, **kept)
    return Pages(facts, counted(facts))


def page_of(tmp_path: Path, *targets: Recorded, **kept: Any) -> IndexPage:
    return pages_of(tmp_path, *targets, **kept).index()


def text_of(line: DiffLine) -> str:
    return "".join(part.text for part in line.parts)


class TestScores:
    def test_the_score_stands_beside_its_formula_with_the_numbers(self, tmp_path: Path) -> None:
        judged = [
            (a_mutant("price", f"price{n}"), status)
            for n, status in enumerate([Status.KILLED, Status.TIMEOUT, Status.SURVIVED, Status.UNCOVERED])
        ]
        band = page_of(tmp_path, Recorded(judged=judged)).targets[0]
        assert (band.score.value, band.score.formula) == ("50.0 %", "(killed 1 + timeout 1) / 4")
        assert (band.covered.value, band.covered.formula) == ("66.7 %", "(killed 1 + timeout 1) / 3")

    def test_an_incomplete_run_shows_an_interval_and_what_is_missing(self, tmp_path: Path) -> None:
        judged = [(a_mutant(), Status.KILLED), (a_mutant(replacement="0"), Status.PENDING)]
        score = page_of(tmp_path, Recorded(judged=judged)).targets[0].score
        assert score.value == "50.0 % to 100 %"
        assert score.formula == "from (killed 1 + timeout 0) / 2 to (killed 1 + timeout 0 + not judged 1) / 2"
        assert not score.exact

    @pytest.mark.parametrize(
        ("floor", "words", "verdict"),
        [
            (50.0, "floor 50 %, met", "met"),
            (75.0, "floor 75 %, depends on the 1 missing verdict", "open"),
            (100.5, "floor 100.5 %, not met", "missed"),
            (0.0, "no floor set", "none"),
        ],
    )
    def test_a_floor_is_met_missed_or_open_in_words(
        self, tmp_path: Path, floor: float, words: str, verdict: str
    ) -> None:
        judged = [(a_mutant(), Status.KILLED), (a_mutant(replacement="0"), Status.PENDING)]
        score = page_of(tmp_path, Recorded(judged, target=a_target(score_floor=floor))).targets[0].score
        assert (score.floor, score.verdict) == (words, verdict)

    def test_coverage_counts_lines_and_branches(self, tmp_path: Path) -> None:
        coverage = page_of(tmp_path, Recorded()).targets[0].coverage
        assert (coverage.value, coverage.formula) == ("80.0 %", "(lines 7 + branches 1) / (8 + 2)")
        assert coverage.floor == "floor 90 %, not met"

    def test_lines_left_out_of_coverage_are_counted_beside_it(self, tmp_path: Path) -> None:
        recorded = Recorded(coverage=[a_coverage(excluded=(1, 2)), a_coverage(file="b.py", excluded=(7,))])
        assert page_of(tmp_path, recorded).targets[0].coverage.formula == (
            "(lines 14 + branches 2) / (16 + 4); 3 lines left out of coverage by a pragma or a setting"
        )

    def test_coverage_that_was_not_recorded_is_not_judged(self, tmp_path: Path) -> None:
        coverage = page_of(tmp_path, Recorded(coverage=[])).targets[0].coverage
        assert (coverage.value, coverage.verdict) == ("n/a", "none")
        assert coverage.formula == "The clean run recorded no coverage."


class TestBars:
    def test_the_parts_of_a_bar_fill_it(self) -> None:
        bar = status_bar(Counts(killed=3000, survived=1, skipped=7, pending=12), 80)
        assert sum(float(part.width[:-1]) for part in bar.parts) == pytest.approx(100, abs=0.05)
        assert [part.status for part in bar.parts] == ["killed", "pending", "survived", "skipped"]

    def test_one_survivor_of_thousands_can_be_seen(self) -> None:
        bar = status_bar(Counts(killed=9999, survived=1), 0)
        assert float(bar.parts[-1].width[:-1]) > 0.5

    @pytest.mark.parametrize(("killed", "side"), [(79, 1), (81, -1)])
    def test_the_tick_is_beyond_what_is_detected_unless_the_floor_is_met(
        self, killed: int, side: int
    ) -> None:
        bar = status_bar(Counts(killed=killed, survived=100 - killed, skipped=40), 80)
        assert (float(bar.tick[:-1]) - float(bar.parts[1].x[:-1])) * side > 0

    def test_the_edges_of_what_is_missing_are_the_lowest_and_the_highest_score(self) -> None:
        bar = status_bar(Counts(killed=50, pending=25, survived=25), 0)
        missing = next(part for part in bar.parts if part.status == "pending")
        assert (missing.x, missing.width) == ("50.00%", "25.00%")

    def test_a_score_between_two_values_is_drawn_as_an_interval(self) -> None:
        bar = score_bar(covered_score(Counts(killed=50, pending=25, survived=25, uncovered=9)), "", 0)
        assert [(part.status, part.x, part.width) for part in bar.parts] == [
            ("covered", "0.00%", "50.00%"),
            ("pending", "50.00%", "25.00%"),
            ("missed", "75.00%", "25.00%"),
        ]
        whole = score_bar(covered_score(Counts(killed=3, survived=1)), "", 0)
        assert [(part.status, part.width) for part in whole.parts] == [
            ("covered", "75.00%"),
            ("missed", "25.00%"),
        ]

    def test_a_bar_says_what_it_shows(self) -> None:
        assert status_bar(Counts(killed=5, survived=2), 0).label == "5 killed, 2 survived"
        assert status_bar(Counts(), 80).label == "no mutants"

    def test_a_bar_of_nothing_has_no_tick(self) -> None:
        assert status_bar(Counts(), 80).tick == ""
        assert ratio_bar(Ratio(0, 0), "", 80).tick == ""


class TestOperators:
    def test_each_kind_of_change_is_counted_those_with_most_undecided_first(self, tmp_path: Path) -> None:
        decided = a_mutant("qty", "2", operator="number")
        judged = [
            (a_mutant("qty", "1", operator="number"), Status.KILLED),
            (decided, Status.SURVIVED),
            (a_mutant("price * qty", "None", operator="arg, removal"), Status.UNCOVERED),
            (a_mutant("price", "None", operator="assignment"), Status.TIMEOUT),
        ]
        page = page_of(tmp_path, Recorded(list(judged)), decisions=[weighed(decided, Choice.EQUIVALENT)])
        assert [(row.name, *(cell.text for cell in row.numbers)) for row in page.operators.rows] == [
            ("arg, removal", "1", "0", "1", "1", "0 %"),
            ("number", "2", "1", "1", "0", "50.0 %"),
            ("assignment", "1", "1", "0", "0", "100 %"),
        ]
        routes = [row.route for row in page.operators.rows]
        assert routes == ["#/queue?operator=arg%252C%20removal", "#/queue?operator=number", ""]

    def test_every_operator_of_mutmut_is_explained(self) -> None:
        from mutmut.mutation.mutators import mutation_operators

        names = {
            operator.__name__.removeprefix("operator_").replace("_", " ")
            for _, operator in mutation_operators
        }
        assert MEANING.keys() == names


class TestSurvivors:
    def test_undetected_mutants_are_listed_in_the_order_of_the_queue(self, tmp_path: Path) -> None:
        rows = page_of(tmp_path, of_every_status()).survivors.rows
        assert [(row.place, row.status, row.where) for row in rows] == [
            ("1", "survived", f"{FILE}:6"),
            ("2", "survived", f"{FILE}:13"),
            ("3", "uncovered", f"{FILE}:7"),
        ]
        assert rows[2].reason == "No test runs this part of total; 1 mutant waits there."

    def test_a_thousand_stand_on_the_first_page_and_the_rest_on_further_ones(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(survivors, "MOST_ROWS", 4)
        judged = [(a_mutant("qty", f"q{n}"), Status.SURVIVED) for n in range(9)]
        pages = pages_of(tmp_path, Recorded(judged))
        first, others = pages.index().survivors, list(pages.further())
        assert [name for name, _ in others] == ["survivors-2.html", "survivors-3.html"]
        tables = [first, *(page.survivors for _, page in others)]
        assert [row.place for table in tables for row in table.rows] == [str(n) for n in range(1, 10)]
        assert [(part.name, part.address) for part in tables[1].parts] == [
            ("1 to 4", "index.html"),
            ("5 to 8", ""),
            ("9 to 9", "survivors-3.html"),
        ]

    def test_one_page_has_no_parts(self, tmp_path: Path) -> None:
        assert page_of(tmp_path, of_every_status()).survivors.parts == ()

    def test_files_that_changed_since_the_run_are_marked(self, tmp_path: Path) -> None:
        page = page_of(tmp_path, of_every_status(), changed=frozenset({FILE}))
        assert page.modules[0].rows[0].changed
        assert page.honesty.changed == (FILE,)

    def test_a_mutant_of_two_targets_has_two_places(self, tmp_path: Path) -> None:
        targets = [
            Recorded(
                [(a_mutant(target=name), Status.SURVIVED)],
                target=a_target(name=name),
                tests=[a_test(target=name)],
            )
            for name in ("one", "two")
        ]
        one, two = page_of(tmp_path, *targets).survivors.rows
        assert one.id == two.id
        assert (one.anchor != two.anchor, one.route, two.target) == (True, f"#/mutant/one/{one.id}", "two")

    def test_a_place_is_made_of_the_stable_id(self, tmp_path: Path) -> None:
        (row,) = page_of(tmp_path, Recorded([(a_mutant(), Status.SURVIVED)])).survivors.rows
        assert row.anchor == f"mutant-{row.id}"


class TestReach:
    def ran(self, tmp_path: Path, recorded: Recorded) -> tuple[list[str], bool]:
        store, run_id = a_store(tmp_path, recorded)
        with store:
            facts = gather(take_snapshot(store, run_id), read_history(store, run_id), project="shop", now=NOW)
        (ranked,) = facts.queue
        return [facts.numbers.tests[number].id for number in ranked.ran.tests], ranked.ran.exact

    def test_tests_are_known_by_line(self, tmp_path: Path) -> None:
        mutant = a_mutant("self.sum + total", "0", function="Basket.add")
        assert self.ran(tmp_path, Recorded([(mutant, Status.SURVIVED)])) == ([TESTS[1]], True)

    def test_else_by_function(self, tmp_path: Path) -> None:
        recorded = Recorded([(a_mutant(), Status.SURVIVED)], coverage=[])
        assert self.ran(tmp_path, recorded) == (sorted(TESTS), False)

    def test_a_change_over_several_lines_takes_tests_from_any_of_them(self, tmp_path: Path) -> None:
        mutant = a_mutant("qty=1):\n        self.sum", "qty=2):\n        self.sum", function="Basket.add")
        assert self.ran(tmp_path, Recorded([(mutant, Status.SURVIVED)])) == ([TESTS[1]], True)

    def test_no_test_ran_what_is_uncovered(self, tmp_path: Path) -> None:
        assert self.ran(tmp_path, Recorded([(a_mutant(), Status.UNCOVERED)])) == ([], True)


class TestExcerpts:
    def test_two_lines_around_the_change_are_shown(self) -> None:
        lines = excerpt(Source.read(SOURCE), a_mutant())
        assert [line.sign + text_of(line) for line in lines] == [
            "     if qty < 0:",
            '         raise ValueError("a negative quantity")',
            "-    return price * qty",
            "+    return price / qty",
        ]

    def test_what_differs_is_marked_in_the_lines_that_go_and_come(self) -> None:
        gone, new = (line for line in excerpt(Source.read(SOURCE), a_mutant()) if line.kind)
        assert (gone.kind, gone.gone, new.kind, new.gone) == ("gone", True, "new", False)
        assert [part.text for part in gone.parts if part.changed] == ["*"]
        assert [part.text for part in new.parts if part.changed] == ["/"]

    def test_marks_stand_in_the_line_they_belong_to(self) -> None:
        mutant = a_mutant("price * qty", "(price *\n        -qty)")
        new = [line for line in excerpt(Source.read(SOURCE), mutant) if line.kind == "new"]
        assert [[part.text for part in line.parts if part.changed] for line in new] == [
            ["("],
            ["        -", ")"],
        ]

    def test_a_line_taken_away_whole_leaves_no_line(self) -> None:
        mutant = a_mutant("return price * qty", "")
        assert [line.sign for line in excerpt(Source.read(SOURCE), mutant)] == [" ", " ", "-"]

    def test_a_source_that_does_not_hold_the_mutant_gives_way_to_the_recorded_diff(
        self, tmp_path: Path
    ) -> None:
        mutant = replace(a_mutant(), line=99, end_line=99)
        (row,) = page_of(tmp_path, Recorded([(mutant, Status.SURVIVED)])).survivors.rows
        assert row.lines == ()
        assert "+price / qty" in row.diff

    def test_other_text_at_the_mutants_place_is_not_shown_as_the_change(self) -> None:
        assert excerpt(Source.read(SOURCE.replace("price * qty", "price + qty")), a_mutant()) == ()

    def test_a_replacement_of_several_lines_is_shown_line_by_line(self) -> None:
        mutant = a_mutant("price * qty", "(price *\n        qty)")
        new = [text_of(line) for line in excerpt(Source.read(SOURCE), mutant) if line.kind == "new"]
        assert new == ["    return (price *", "        qty)"]

    def test_a_removed_block_is_shortened_in_its_middle(self) -> None:
        block = "\n".join(f"x{n} = {n}" for n in range(100))
        mutant = a_mutant(block, "pass", source=block)
        gone = [line for line in excerpt(Source.read(block), mutant) if line.kind == "gone"]
        assert len(gone) == 25
        assert "76 more lines" in text_of(gone[12])

    def test_windows_line_ends_do_not_move_columns(self) -> None:
        text = SOURCE.replace("\n", "\r\n")
        assert excerpt(Source.read(text), a_mutant()) == excerpt(Source.read(SOURCE), a_mutant())

    def test_a_form_feed_starts_no_line(self) -> None:
        text = "a = 1\n\x0cb = 2\nc = 3\n"
        assert source_lines(text) == ["a = 1", "\x0cb = 2", "c = 3", ""]

    def test_a_very_long_line_is_cut_around_the_change(self) -> None:
        text = "x = " + " + ".join(f"a{n}" for n in range(1000))
        mutant = a_mutant("a500 + a501", "a500 - a501", source=text)
        for line in excerpt(Source.read(text), mutant):
            assert len(text_of(line)) < 400
            operator = "+" if line.gone else "-"
            assert f"a500 {operator} a501" in text_of(line)
            assert [part.text for part in line.parts if part.changed] == [operator]


class TestLineStates:
    def test_run_partial_and_missed_lines_are_told_apart_from_no_code(self) -> None:
        states = LineStates(a_coverage())
        assert [states.of(line)[0] for line in (4, 5, 6, 7)] == ["run", "none", "partial", "missed"]
        assert states.of(6)[1] == "line 6: run, but never went on to line 7"

    def test_a_line_that_coverage_was_told_to_leave_out_is_told_from_one_without_code(self) -> None:
        states = LineStates(a_coverage(excluded=(7,), missing=()))
        assert states.of(7) == ("excluded", "line 7: left out of coverage by a pragma or a setting")
        assert states.of(5)[0] == "none"

    def test_a_branch_that_never_left_the_function_says_so(self) -> None:
        assert "the function's end" in LineStates(a_coverage(partial={8: (-4,)})).of(8)[1]

    def test_without_coverage_nothing_is_claimed(self) -> None:
        assert LineStates(None).of(8) == ("unknown", "")


class TestVisible:
    @pytest.mark.parametrize(
        ("odd", "shown"),
        [("\x00", "\\x00"), ("\x1b", "\\x1b"), ("\r", "\\x0d"), ("\u202e", "\\u202e"), ("\ud800", "\\ud800")],
    )
    def test_characters_that_hide_or_turn_text_become_visible(self, odd: str, shown: str) -> None:
        assert visible(f"a{odd}b") == f"a{shown}b"

    def test_ordinary_text_stays_as_it_is(self) -> None:
        assert visible("żółć 💥\n\t→ ok") == "żółć 💥\n\t→ ok"


class TestHonesty:
    def test_skipped_mutants_are_counted_by_reason(self, tmp_path: Path) -> None:
        honesty = page_of(tmp_path, of_every_status()).honesty
        assert [(g.reason, g.count) for g in honesty.skipped] == [("messages are not promised", "1")]

    def test_what_a_type_checker_rejects_is_counted_by_kind_of_error(self, tmp_path: Path) -> None:
        messages = ['"int" is no "str"', '"None" is no "str" (and 2 more)', "Missing return"]
        mutants = [a_mutant("qty", f"q{at}") for at in range(len(messages))]
        judged = [
            (mutant, a_verdict(mutant, ended=Ended.TYPE_ERROR, detail=message))
            for mutant, message in zip(mutants, messages, strict=True)
        ]
        honesty = page_of(tmp_path, Recorded(judged)).honesty

        assert [(g.reason, g.count) for g in honesty.invalid] == [
            ("the type checker rejects it (… is no …)", "2"),
            ("the type checker rejects it (Missing return)", "1"),
        ]

    def test_errors_and_pending_mutants_say_why_they_were_not_judged(self, tmp_path: Path) -> None:
        page = page_of(tmp_path, of_every_status())
        assert {group.reason for group in page.unjudged} == {
            "Not judged: the worker ran out of memory.",
            "Not judged: not reached before the run ended.",
        }
        assert page.honesty.unjudged.startswith("Not judged: 1 error, 1 mutant pending.")

    @pytest.mark.parametrize(
        "ended", [e for e in Ended if e not in (Ended.PASSED, Ended.FAILED, Ended.NO_TESTS)]
    )
    def test_every_way_to_end_without_a_result_has_words(self, ended: Ended) -> None:
        assert wording.why(a_mutant(), a_verdict(a_mutant(), ended=ended))

    def test_suspicious_kills_are_listed_apart(self, tmp_path: Path) -> None:
        mutant = a_mutant()
        kill = a_kill(how=How.SUSPICIOUS, exception="FailedHealthCheck")
        page = page_of(tmp_path, Recorded([(mutant, a_verdict(mutant, Status.KILLED, kill=kill))]))
        assert [(g.reason, g.count) for g in page.honesty.suspicious] == [("FailedHealthCheck", "1")]

    def test_timeouts_are_listed_apart_by_limit(self, tmp_path: Path) -> None:
        slow, busy = a_mutant(), a_mutant("qty", "0")
        judged = [
            (slow, a_verdict(slow, ended=Ended.WALL_LIMIT, detail="12.3 s")),
            (busy, a_verdict(busy, ended=Ended.CPU_LIMIT)),
        ]
        page = page_of(tmp_path, Recorded(list(judged)))
        assert (
            page.honesty.timeouts_words == "2 mutants timed out and count as detected, though no test failed."
        )
        assert {(g.reason, g.count) for g in page.honesty.timeouts} == {
            ("the tests ran past the wall limit", "1"),
            ("the tests ran past the CPU limit", "1"),
        }

    def test_a_dirty_tree_is_said_in_words(self, tmp_path: Path) -> None:
        page = page_of(tmp_path, Recorded(), provenance=a_provenance(dirty=True))
        assert page.header.warnings == ("dirty",)
        assert "held changes that are in no commit" in page.honesty.tree

    @pytest.mark.parametrize("state", [RunState.INTERRUPTED, RunState.FAILED, RunState.RUNNING])
    def test_a_run_that_did_not_end_well_is_incomplete(self, tmp_path: Path, state: RunState) -> None:
        page = page_of(tmp_path, Recorded([(a_mutant(), Status.KILLED)]), state=state, detail="Ctrl-C.")
        assert page.header.warnings == ("incomplete",)
        assert page.honesty.state == wording.STATE_WORDS[state]

    def test_a_run_that_is_still_going_on_has_no_duration(self, tmp_path: Path) -> None:
        assert page_of(tmp_path, Recorded(), state=RunState.RUNNING).header.duration == ""


class TestLookHereFirst:
    def test_functions_are_ranked_by_what_is_undetected_in_them(self, tmp_path: Path) -> None:
        worst = page_of(tmp_path, of_every_status()).worst
        assert [(w.function, w.words, w.width) for w in worst] == [
            ("total", "2 of 4", "100.00%"),
            ("Basket.add", "1 of 1", "50.00%"),
        ]

    def test_there_are_at_most_seven(self, tmp_path: Path) -> None:
        judged = [(a_mutant(function=f"f{n}"), Status.SURVIVED) for n in range(9)]
        assert len(page_of(tmp_path, Recorded(judged)).worst) == 7

    def test_each_leads_to_its_slice_of_the_queue(self, tmp_path: Path) -> None:
        page = page_of(tmp_path, of_every_status())
        assert page.worst[0].route == "#/queue?function=shop/prices.py:total"


class TestEmptyStates:
    def test_no_survivors_is_good_news(self, tmp_path: Path) -> None:
        page = page_of(tmp_path, Recorded([(a_mutant(), Status.KILLED)]))
        assert page.survivors.words == "No survivors."

    def test_no_mutants_is_not_called_a_success(self, tmp_path: Path) -> None:
        page = page_of(tmp_path, Recorded())
        assert page.survivors.words == "No mutants were made, so none could survive."
        assert page.targets[0].score.value == "n/a"

    def test_nothing_judged_is_not_called_a_success(self, tmp_path: Path) -> None:
        page = page_of(tmp_path, Recorded([(a_mutant(), Status.PENDING)]))
        assert page.survivors.words == "No mutant was judged yet."

    def test_a_run_without_targets_makes_a_page(self, tmp_path: Path) -> None:
        assert page_of(tmp_path).targets == ()


class TestWording:
    @pytest.mark.parametrize(
        ("seconds", "words"),
        [
            (0, "0 s"),
            (0.0002, "under 1 ms"),
            (0.12, "120 ms"),
            (0.9999, "1.0 s"),
            (59.96, "1 min 0 s"),
            (135, "2 min 15 s"),
            (3700, "1 h 1 min"),
        ],
    )
    def test_durations_have_as_many_digits_as_one_wants(self, seconds: float, words: str) -> None:
        assert wording.duration(seconds) == words

    @pytest.mark.parametrize(
        ("seconds", "words"),
        [
            (-5, "just now"),
            (30, "just now"),
            (60, "1 minute ago"),
            (7200, "2 hours ago"),
            (86400 * 3, "3 days ago"),
        ],
    )
    def test_ages_are_told_in_the_largest_unit(self, seconds: int, words: str) -> None:
        assert wording.age(NOW - timedelta(seconds=seconds), NOW) == words

    def test_every_status_has_its_own_sign(self) -> None:
        assert len({wording.SIGN[status] for status in Status}) == len(Status)


class TestDecisions:
    MUTANTS = tuple(a_mutant("price * qty", f"price * {n}") for n in range(4))

    def page(self, tmp_path: Path, *decisions: Weighed) -> IndexPage:
        judged = [(mutant, Status.SURVIVED) for mutant in self.MUTANTS]
        killed = (a_mutant("qty < 0", "qty > 0"), Status.KILLED)
        return page_of(tmp_path, Recorded([*judged, killed]), decisions=decisions)

    def test_without_any_the_adjusted_score_is_the_mutation_score_and_nothing_is_to_report(
        self, tmp_path: Path
    ) -> None:
        page = self.page(tmp_path)
        band = page.targets[0]
        assert band.adjusted.value == band.score.value == "20.0 %"
        assert band.adjusted.formula == (
            "No survivor is decided equivalent or accepted, so it is the mutation score."
        )
        assert band.adjusted.floor == ""
        assert (page.honesty.lapsed_words, page.honesty.lapsed) == ("", ())
        assert page.survivors.decided == "0 of 4 decided"
        assert {mutant.ruling.choice for mutant in page.survivors.rows} == {"open"}

    def test_a_survivor_shows_what_was_decided_by_whom_when_and_until_when(self, tmp_path: Path) -> None:
        page = self.page(
            tmp_path, weighed(self.MUTANTS[0], Choice.ACCEPTED, reason="rare", expires="2031-01-01")
        )
        (shown,) = [m.ruling for m in page.survivors.rows if m.id == self.MUTANTS[0].id]
        assert (shown.choice, shown.reason, shown.made, shown.lapsed) == (
            *("accepted", "rare"),
            *("Ada, 2030-05-01, until 2031-01-01", ""),
        )

    def test_equivalent_and_accepted_leave_the_adjusted_score_with_formula_and_count(
        self, tmp_path: Path
    ) -> None:
        first, second, third, _ = self.MUTANTS
        page = self.page(
            tmp_path,
            weighed(first, Choice.EQUIVALENT),
            weighed(second, Choice.ACCEPTED),
            weighed(third, Choice.TODO),
        )
        band = page.targets[0]
        assert (band.score.value, band.adjusted.value) == ("20.0 %", "33.3 %")
        assert band.adjusted.formula == (
            "(killed 1 + timeout 0) / 3; 2 decided equivalent or accepted left out"
        )
        assert page.survivors.decided == "3 of 4 decided"

    def test_a_floor_of_the_adjusted_score_is_held_against_it(self, tmp_path: Path) -> None:
        recorded = Recorded(
            [(a_mutant(), Status.KILLED), (self.MUTANTS[0], Status.SURVIVED)],
            target=a_target(adjusted_floor=90.0),
        )
        adjusted = page_of(tmp_path, recorded, decisions=[weighed(self.MUTANTS[0], Choice.ACCEPTED)])
        measure = adjusted.targets[0].adjusted
        assert (measure.value, measure.floor, measure.verdict) == ("100 %", "floor 90 %, met", "met")

    @pytest.mark.parametrize(
        ("ceilings", "said"),
        [
            (Ceilings(), []),
            (
                Ceilings(max_accepted=10),
                [("1 survivor is decided accepted, of at most 10 that max_accepted allows.", True)],
            ),
            (
                Ceilings(max_accepted=1, max_timeouts=2),
                [
                    ("1 survivor is decided accepted, of at most 1 that max_accepted allows.", True),
                    (
                        "3 mutants timed out, 1 more than the 2 that max_timeouts allows: check refuses it.",
                        False,
                    ),
                ],
            ),
            (
                Ceilings(max_accepted=0),
                [
                    (
                        (
                            "1 survivor is decided accepted, 1 more than the 0 that max_accepted allows: "
                            "check refuses it."
                        ),
                        False,
                    )
                ],
            ),
        ],
    )
    def test_a_ceiling_is_told_with_what_is_held_against_it(
        self, tmp_path: Path, ceilings: Ceilings, said: list[tuple[str, bool]]
    ) -> None:
        equivalent, accepted, lapsed, todo = self.MUTANTS
        judged = [(mutant, Status.SURVIVED) for mutant in self.MUTANTS]
        slow = [(a_mutant("qty < 0", f"qty < {n}"), Status.TIMEOUT) for n in range(1, 4)]
        elsewhere = a_mutant("price", "cost", target="stock")
        decisions = [
            weighed(equivalent, Choice.EQUIVALENT),
            weighed(accepted, Choice.ACCEPTED),
            weighed(lapsed, Choice.ACCEPTED, Standing.STALE, "the function has changed"),
            weighed(todo, Choice.TODO),
            weighed(elsewhere, Choice.ACCEPTED),
        ]
        page = page_of(
            tmp_path, Recorded([*judged, *slow]), decisions=decisions, ceilings={"prices": ceilings}
        )
        assert [(one.words, one.kept) for one in page.targets[0].allowances] == said

    def test_look_here_first_counts_what_is_undecided(self, tmp_path: Path) -> None:
        decided = [weighed(mutant, Choice.TODO) for mutant in self.MUTANTS]
        assert [w.words for w in self.page(tmp_path, *decided[:3]).worst] == ["1 of 5"]
        (tmp_path / "all").mkdir()
        assert self.page(tmp_path / "all", *decided).worst == ()

    def test_a_stale_decision_leaves_the_survivor_open_and_shows_its_old_reason(self, tmp_path: Path) -> None:
        stale = weighed(
            self.MUTANTS[0], Choice.EQUIVALENT, Standing.STALE, "the function changed since", reason="rare"
        )
        page = self.page(tmp_path, stale)
        (shown,) = [m.ruling for m in page.survivors.rows if m.id == self.MUTANTS[0].id]
        assert shown.choice == "open"
        assert shown.lapsed == "again, for the function changed since (stale). It was equivalent: rare"
        assert page.targets[0].adjusted.value == page.targets[0].score.value
        assert page.survivors.decided == "0 of 4 decided"

    def test_what_does_not_apply_is_listed_by_cause(self, tmp_path: Path) -> None:
        first, second, third, fourth = self.MUTANTS
        page = self.page(
            tmp_path,
            weighed(first, Choice.TODO),
            weighed(second, Choice.ACCEPTED, Standing.EXPIRED, "it expired after 2030-05-02"),
            weighed(third, Choice.BUG, Standing.OBSOLETE, "its mutant is killed now"),
            weighed(fourth, Choice.BUG, Standing.OBSOLETE, "its mutant is killed now"),
        )
        assert page.honesty.lapsed_words == "Of 4 decisions, some do not apply: 1 expired, 2 obsolete."
        assert [(group.words, group.count) for group in page.honesty.lapsed] == [
            ("expired: it expired after 2030-05-02; decide again", "1"),
            ("obsolete: its mutant is killed now; take it out of triage.toml", "2"),
        ]
        assert [row.id for row in page.honesty.lapsed[1].rows] == [third.id, fourth.id]
