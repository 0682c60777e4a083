from __future__ import annotations

from collections.abc import Sequence
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

from mutmut_dashboard.metrics import Counts, Ratio
from mutmut_dashboard.model import Choice, Ended, How, RunState, Standing, Status, Weighed
from mutmut_dashboard.report import wording
from mutmut_dashboard.report.bars import ratio_bar, status_bar
from mutmut_dashboard.report.build import index_page
from mutmut_dashboard.report.excerpt import Source, excerpt, in_one_line
from mutmut_dashboard.report.highlight import cut, highlight, html, source_lines, visible
from mutmut_dashboard.report.pages import IndexPage, Survivor
from mutmut_dashboard.report.snapshot import take_snapshot


def page_of(
    tmp_path: Path,
    *targets: Recorded,
    changed: frozenset[str] | None = None,
    decisions: Sequence[Weighed] = (),
    **kept: Any,
) -> IndexPage:
    store, run_id = a_store(tmp_path, *targets, **kept)
    with store:
        return index_page(
            take_snapshot(store, run_id), project="shop", now=NOW, changed=changed, decisions=decisions
        )


def survivors_of(page: IndexPage) -> list[Survivor]:
    return [mutant for file in page.survivors for function in file.functions for mutant in function.survivors]


def text_of(code: str) -> str:
    import re
    from html import unescape

    return unescape(re.sub(r"<[^>]+>", "", code))


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

    def test_a_bar_says_what_it_shows(self) -> None:
        assert status_bar(Counts(killed=5, survived=2), 0).label == "5 killed, 2 survived"
        assert status_bar(Counts(), 80).label == "no mutants"

    def test_a_bar_of_nothing_has_no_tick(self) -> None:
        assert status_bar(Counts(), 80).tick == ""
        assert ratio_bar(Ratio(0, 0), "", 80).tick == ""


class TestSurvivors:
    def test_survived_and_uncovered_mutants_are_listed_by_file_function_and_line(
        self, tmp_path: Path
    ) -> None:
        page = page_of(tmp_path, of_every_status())
        assert [(f.file, [g.name for g in f.functions]) for f in page.survivors] == [
            (FILE, ["total", "Basket.add"])
        ]
        assert [m.status for m in survivors_of(page)] == ["survived", "uncovered", "survived"]

    def test_a_function_says_how_much_of_it_is_undetected(self, tmp_path: Path) -> None:
        groups = page_of(tmp_path, of_every_status()).survivors[0].functions
        assert groups[0].words == "2 of 4 mutants undetected"

    def test_the_change_stands_in_its_line(self, tmp_path: Path) -> None:
        (mutant,) = survivors_of(page_of(tmp_path, Recorded([(a_mutant(), Status.SURVIVED)])))
        shown = (mutant.before, mutant.original, mutant.replacement, mutant.after)
        assert shown == ("return ", "price * qty", "price / qty", "")

    def test_the_tests_that_ran_the_line_come_fastest_first(self, tmp_path: Path) -> None:
        (mutant,) = survivors_of(page_of(tmp_path, Recorded([(a_mutant(), Status.SURVIVED)])))
        assert [(test.id, test.seconds) for test in mutant.tests] == [
            (TESTS[0], "120 ms"),
            (TESTS[1], "1.5 s"),
        ]
        assert (mutant.sentence, mutant.time) == ("2 tests ran this line and passed.", "1.6 s")

    def test_without_tests_by_line_the_tests_of_the_function_are_named_as_such(self, tmp_path: Path) -> None:
        recorded = Recorded([(a_mutant(), Status.SURVIVED)], coverage=[])
        (mutant,) = survivors_of(page_of(tmp_path, recorded))
        assert [test.id for test in mutant.tests] == list(TESTS)
        assert (
            mutant.sentence
            == "2 tests ran this function and passed; which of them ran the line is not recorded."
        )

    def test_a_change_over_several_lines_takes_tests_from_any_of_them(self, tmp_path: Path) -> None:
        mutant = a_mutant("qty=1):\n        self.sum", "qty=2):\n        self.sum", function="Basket.add")
        (shown,) = survivors_of(page_of(tmp_path, Recorded([(mutant, Status.SURVIVED)])))
        assert [test.id for test in shown.tests] == [TESTS[1]]

    def test_an_uncovered_mutant_has_no_tests_and_says_so(self, tmp_path: Path) -> None:
        (mutant,) = survivors_of(page_of(tmp_path, Recorded([(a_mutant(), Status.UNCOVERED)])))
        assert (mutant.tests, mutant.sentence) == ((), "No selected test runs this.")

    def test_a_long_list_of_tests_is_shortened_and_counted_by_file(self, tmp_path: Path) -> None:
        ids = [f"tests/test_{n % 2}.py::test_{n}" for n in range(40)]
        recorded = Recorded(
            [(a_mutant(), Status.SURVIVED)],
            coverage=[],
            reach={(FILE, "total"): ids},
            tests=[a_test(test, duration=0.1 + n) for n, test in enumerate(ids)],
        )
        (mutant,) = survivors_of(page_of(tmp_path, recorded))
        assert len(mutant.tests) == 15
        assert mutant.more == "and 25 slower ones: 13 in tests/test_1.py, 12 in tests/test_0.py"
        command = mutant.commands[-1]
        assert command.text == "python -m pytest tests/test_0.py tests/test_1.py"
        assert command.label == "run the files of the tests that ran it"

    def test_commands_are_quoted_for_a_shell(self, tmp_path: Path) -> None:
        recorded = Recorded(
            [(a_mutant(name="a b"), Status.SURVIVED)],
            coverage=[],
            reach={(FILE, "total"): ["t.py::test[a; rm b]"]},
            tests=[],
        )
        (mutant,) = survivors_of(page_of(tmp_path, recorded))
        texts = {command.label: command.text for command in mutant.commands}
        assert texts["see the mutant in mutmut"] == "(cd .mutation/stage/prices && mutmut show 'a b')"
        assert texts["run the tests that ran it"] == "python -m pytest 't.py::test[a; rm b]'"

    def test_files_that_changed_since_the_run_are_marked(self, tmp_path: Path) -> None:
        page = page_of(tmp_path, of_every_status(), changed=frozenset({FILE}))
        assert page.survivors[0].changed
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
        mutants = survivors_of(page_of(tmp_path, *targets))
        assert mutants[0].id == mutants[1].id
        assert mutants[0].anchor != mutants[1].anchor

    def test_a_place_is_made_of_the_stable_id(self, tmp_path: Path) -> None:
        (mutant,) = survivors_of(page_of(tmp_path, Recorded([(a_mutant(), Status.SURVIVED)])))
        assert mutant.anchor == f"mutant-{mutant.id}"


class TestExcerpts:
    def test_six_lines_around_the_change_are_shown(self) -> None:
        lines = excerpt(Source.read(SOURCE), a_mutant(), a_coverage())
        assert [line.number for line in lines] == [
            "2",
            "3",
            "4",
            "5",
            "6",
            "7",
            "8",
            "",
            "9",
            "10",
            "11",
            "12",
            "13",
            "14",
        ]
        assert [line.kind for line in lines if line.kind != "same"] == ["gone", "new"]

    def test_original_and_replacement_are_marked_in_their_lines(self) -> None:
        lines = excerpt(Source.read(SOURCE), a_mutant(), None)
        gone, new = (next(line.code for line in lines if line.kind == kind) for kind in ("gone", "new"))
        assert "<del>price * qty</del>" in gone
        assert "<ins>price / qty</ins>" in new
        assert text_of(new) == "    return price / qty"

    def test_the_margin_tells_run_partial_and_missed_lines_apart_from_no_code(self) -> None:
        lines = excerpt(Source.read(SOURCE), a_mutant(), a_coverage())
        states = {line.number: line.coverage for line in lines if line.number}
        assert (states["4"], states["6"], states["7"], states["5"]) == ("run", "partial", "missed", "none")
        words = {line.number: line.coverage_words for line in lines}
        assert words["6"] == "line 6: run, but never went on to line 7"

    def test_a_branch_that_never_left_the_function_says_so(self) -> None:
        lines = excerpt(Source.read(SOURCE), a_mutant(), a_coverage(partial={8: (-4,)}))
        assert "the function's end" in next(line.coverage_words for line in lines if line.number == "8")

    def test_without_coverage_the_margin_claims_nothing(self) -> None:
        assert {line.coverage for line in excerpt(Source.read(SOURCE), a_mutant(), None)} == {
            "unknown",
            "none",
        }

    def test_a_source_that_does_not_hold_the_mutant_gives_way_to_the_recorded_diff(
        self, tmp_path: Path
    ) -> None:
        mutant = replace(a_mutant(), line=99, end_line=99)
        (shown,) = survivors_of(page_of(tmp_path, Recorded([(mutant, Status.SURVIVED)])))
        assert shown.lines == ()
        assert "+price / qty" in shown.diff

    def test_other_text_at_the_mutants_place_is_not_shown_as_the_change(self) -> None:
        assert excerpt(Source.read(SOURCE.replace("price * qty", "price + qty")), a_mutant(), None) == ()

    def test_a_replacement_of_several_lines_is_shown_line_by_line(self) -> None:
        mutant = a_mutant("price * qty", "(price *\n        qty)")
        new = [
            text_of(line.code) for line in excerpt(Source.read(SOURCE), mutant, None) if line.kind == "new"
        ]
        assert new == ["    return (price *", "        qty)"]

    def test_a_removed_block_is_shortened_in_its_middle(self) -> None:
        block = "\n".join(f"x{n} = {n}" for n in range(100))
        gone = [
            line
            for line in excerpt(Source.read(block), a_mutant(block, "pass", source=block), None)
            if line.kind == "gone"
        ]
        assert len(gone) == 25
        assert "76 more lines" in gone[12].code

    def test_windows_line_ends_do_not_move_columns(self) -> None:
        text = SOURCE.replace("\n", "\r\n")
        assert excerpt(Source.read(text), a_mutant(), None) == excerpt(Source.read(SOURCE), a_mutant(), None)

    def test_a_form_feed_starts_no_line(self) -> None:
        text = "a = 1\n\x0cb = 2\nc = 3\n"
        assert source_lines(text) == ["a = 1", "\x0cb = 2", "c = 3", ""]
        assert ["".join(piece.text for piece in line) for line in highlight(text)] == source_lines(text)

    def test_a_very_long_line_is_cut_around_the_change(self) -> None:
        text = "x = " + " + ".join(f"a{n}" for n in range(1000))
        mutant = a_mutant("a500 + a501", "a500 - a501", source=text)
        for line in excerpt(Source.read(text), mutant, None):
            assert len(text_of(line.code)) < 400
            assert "a500" in line.code
        assert len("".join(in_one_line(Source.read(text), mutant))) < 200


class TestHighlighting:
    def test_joined_pieces_are_the_source(self) -> None:
        for text in (SOURCE, "", "\n", "x", "'''a\nb'''\n\n\n", "def f(:\n  ?? \\\n", "\tif x:  \n"):
            assert "\n".join("".join(piece.text for piece in line) for line in highlight(text)) == text

    def test_source_is_escaped(self) -> None:
        assert "<b>" not in html(highlight("x = '<b>&\"'")[0])
        assert "&lt;b&gt;&amp;" in html(highlight("x = '<b>&\"'")[0])

    def test_cutting_keeps_text_and_kind(self) -> None:
        (line,) = highlight("return 12")
        assert [(p.css, p.text) for p in cut(line, 3, 8)] == [("k", "urn"), ("", " "), ("n", "1")]

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


class TestTests:
    def test_tests_that_kill_nothing_come_first_and_are_called_out(self, tmp_path: Path) -> None:
        (table,) = page_of(tmp_path, of_every_status()).tests
        assert [(row.name, row.kills, row.remark) for row in table.rows] == [
            ("test_basket_adds", "0", "kills nothing"),
            ("test_total_is_price_times_quantity", "1", ""),
        ]
        assert table.words == "2 tests, 1.6 s in the clean run; 1 of 2 kills nothing."

    def test_among_tests_that_kill_nothing_the_slowest_comes_first(self, tmp_path: Path) -> None:
        tests = [a_test("t.py::test_a", duration=0.1), a_test("t.py::test_b", duration=9.0), a_test(TESTS[0])]
        recorded = Recorded([(a_mutant(), Status.KILLED)], tests=tests)
        (table,) = page_of(tmp_path, recorded).tests
        assert [row.name for row in table.rows][:2] == ["test_b", "test_a"]

    def test_a_test_that_did_not_pass_on_the_original_says_so(self, tmp_path: Path) -> None:
        (table,) = page_of(tmp_path, Recorded(tests=[a_test(outcome="skipped")])).tests
        assert table.rows[0].remark == "skipped on the original"

    def test_a_killed_mutant_names_its_test_and_how_it_failed(self, tmp_path: Path) -> None:
        (file,) = page_of(tmp_path, of_every_status()).detected
        (row,) = [row for row in file.rows if row.status == "killed"]
        assert (row.test, row.how, row.message) == (TESTS[0], "assertion", "AssertionError: assert 2.0 == 8")

    def test_a_timeout_says_which_limit_it_passed(self, tmp_path: Path) -> None:
        (file,) = page_of(tmp_path, of_every_status()).detected
        assert [row.how for row in file.rows if row.status == "timeout"] == [
            "the tests ran past the wall limit"
        ]


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

    def test_each_leads_to_its_survivors(self, tmp_path: Path) -> None:
        page = page_of(tmp_path, of_every_status())
        assert [w.anchor for w in page.worst] == [g.anchor for g in page.survivors[0].functions]


class TestEmptyStates:
    def test_no_survivors_is_good_news(self, tmp_path: Path) -> None:
        page = page_of(tmp_path, Recorded([(a_mutant(), Status.KILLED)]))
        assert page.survivors_words == "No survivors."

    def test_no_mutants_is_not_called_a_success(self, tmp_path: Path) -> None:
        page = page_of(tmp_path, Recorded())
        assert page.survivors_words == "No mutants were made, so none could survive."
        assert page.targets[0].score.value == "n/a"

    def test_nothing_judged_is_not_called_a_success(self, tmp_path: Path) -> None:
        page = page_of(tmp_path, Recorded([(a_mutant(), Status.PENDING)]))
        assert page.survivors_words == "No mutant was judged yet."

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

    def test_without_any_there_is_no_adjusted_score_and_nothing_to_report(self, tmp_path: Path) -> None:
        page = self.page(tmp_path)
        assert page.targets[0].adjusted is None
        assert (page.honesty.lapsed_words, page.honesty.lapsed) == ("", ())
        assert page.decided_words == "0 of 4 decided"
        assert {mutant.ruling.choice for mutant in survivors_of(page)} == {"open"}

    def test_a_survivor_shows_what_was_decided_by_whom_when_and_until_when(self, tmp_path: Path) -> None:
        page = self.page(
            tmp_path, weighed(self.MUTANTS[0], Choice.ACCEPTED, reason="rare", expires="2031-01-01")
        )
        (shown,) = [m.ruling for m in survivors_of(page) if m.id == self.MUTANTS[0].id]
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
        assert band.adjusted is not None
        assert (band.score.value, band.adjusted.value) == ("20.0 %", "33.3 %")
        assert band.adjusted.formula == (
            "(killed 1 + timeout 0) / 3; 2 decided equivalent or accepted left out"
        )
        assert page.decided_words == "3 of 4 decided"

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
        (shown,) = [m.ruling for m in survivors_of(page) if m.id == self.MUTANTS[0].id]
        assert shown.choice == "open"
        assert shown.lapsed == "again, for the function changed since (stale). It was equivalent: rare"
        assert page.targets[0].adjusted is None
        assert page.decided_words == "0 of 4 decided"

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

    def test_each_survivor_has_a_command_to_decide_it(self, tmp_path: Path) -> None:
        for mutant in survivors_of(self.page(tmp_path)):
            command = next(c.text for c in mutant.commands if c.text.startswith("mutmut-dashboard decide"))
            assert command == f'mutmut-dashboard decide {mutant.id} equivalent --reason ""'
