"""Markdown: what a parser makes of it is what was meant, whatever the code holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from factories import (
    EVIL,
    Recorded,
    a_coverage,
    a_kill,
    a_mutant,
    a_provenance,
    a_store,
    a_target,
    a_test,
    a_verdict,
    hostile,
    of_every_status,
)
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from mutmut_dashboard.exports import export
from mutmut_dashboard.exports.text import code, link, one_line, plain
from mutmut_dashboard.model import RunState, Status

PARSER = MarkdownIt("commonmark").enable("table")
NASTY = st.text(st.sampled_from("ab `|\\\n\t*_[](){}<>&#@:/.~!$'\"\u202e\x00\x1bé💥"), max_size=25)


def summary(
    folder: Path, *targets: Recorded, form: str = "markdown", decisions: Any = None, **kept: Any
) -> str:
    store, run_id = a_store(folder, *targets, **kept)
    with store:
        return export(store, form, run_id, decisions).decode("utf-8")


def cells(markdown: str) -> list[list[str]]:
    """The rows of every table, each cell as the text a reader sees."""
    rows: list[list[str]] = []
    tokens = PARSER.parse(markdown)
    for at, token in enumerate(tokens):
        if token.type == "tr_open":
            rows.append([])
        elif token.type in ("td_open", "th_open"):
            rows[-1].append(_seen(tokens[at + 1]))
    return rows


def _seen(inline: Any) -> str:
    kept = (child for child in inline.children or () if child.type != "html_inline")
    return "".join(child.content for child in kept)


def tags(markdown: str) -> set[str]:
    children = [child for token in PARSER.parse(markdown) for child in (token.children or ())]
    blocks = {token.content for token in PARSER.parse(markdown) if token.type == "html_block"}
    return {child.content for child in children if child.type == "html_inline"} | blocks


def nodes(markdown: str) -> set[str]:
    return {child.type for token in PARSER.parse(markdown) for child in (token.children or ())}


class TestLinks:
    @given(NASTY)
    def test_an_address_stays_in_its_link_and_its_cell(self, text: str) -> None:
        """A browser is led to exactly the address, however it is spelt, from a cell beside others."""
        address = f"https://example.org/{text}"
        table = f"| a | b |\n| --- | --- |\n| {link('x', address)} | y |"

        (href,) = [
            child.attrs["href"]
            for token in PARSER.parse(table)
            for child in token.children or ()
            if child.type == "link_open"
        ]
        assert unquote(str(href)) == unquote(address)
        assert cells(table)[1:] == [["x", "y"]]

    def test_a_survivor_leads_to_its_place_on_the_page(self, tmp_path: Path) -> None:
        mutant = a_mutant("qty < 0", "qty <= 0")
        store, run_id = a_store(tmp_path, Recorded([(mutant, Status.SURVIVED)]))
        with store:
            for form in ("markdown", "summary-md"):
                text = str(
                    export(store, form, run_id, addresses=lambda one: f"https://x/#/{one.id}"), "utf-8"
                )
                assert f"| [`{mutant.id}`](<https://x/#/{mutant.id}>) |" in text


class TestCells:
    @given(NASTY, NASTY)
    def test_code_in_a_cell_is_seen_as_it_is(self, one: str, other: str) -> None:
        """A row of two fragments is parsed as two cells that show exactly these fragments on one line."""
        table = f"| a | b |\n| --- | --- |\n| {code(one)} | {code(other)} |"

        shown = [one_line(text) or "nothing" for text in (one, other)]
        assert cells(table)[1:] == [shown]
        assert tags(table) <= {"<code>", "</code>"}

    @given(NASTY)
    def test_words_in_a_cell_are_nothing_but_words(self, text: str) -> None:
        """A reason is parsed as its text on one line, without markup."""
        table = f"| a | b |\n| --- | --- |\n| {plain(text)} | x |"

        assert cells(table)[1:] == [[one_line(text, 200), "x"]]
        assert nodes(table) <= {"text", "text_special"}

    def test_a_long_fragment_is_cut(self) -> None:
        assert len(code("x" * 4000)) == 82

    def test_what_nobody_sees_is_written_as_an_escape(self) -> None:
        assert one_line("a\u202e\ud800\x00") == r"a\u202e\ud800\x00"


class TestJobSummary:
    def test_shows_each_score_with_its_numbers_and_floor(self, tmp_path: Path) -> None:
        judged = [(a_mutant(), Status.KILLED), (a_mutant("qty < 0", "qty <= 0"), Status.SURVIVED)]

        rows = cells(summary(tmp_path, Recorded(judged)))

        formula = "(killed 1 + timeout 0) / (those + survived 1 + uncovered 0)"
        assert ["mutation score", "50.0 %", formula, "80 %: not met"] in rows

    def test_names_the_commit_and_the_branch(self, tmp_path: Path) -> None:
        text = summary(tmp_path, of_every_status(), provenance=a_provenance(branch="topic"))

        assert "Run 1 of `0123456789ab` on `topic`, started " in text

    def test_counts_every_status(self, tmp_path: Path) -> None:
        assert ["prices", "1", "1", "2", "1", "1", "1", "1", "1"] in cells(
            summary(tmp_path, of_every_status())
        )

    def test_says_that_scores_are_intervals_while_verdicts_are_missing(self, tmp_path: Path) -> None:
        text = summary(tmp_path, of_every_status(), state=RunState.INTERRUPTED)

        assert "**The run was interrupted.** **2 mutants not judged; scores are intervals.**" in text
        assert "| 28.6 % to 57.1 % |" in text

    def test_names_the_functions_with_most_survivors_first(self, tmp_path: Path) -> None:
        judged = [(a_mutant("qty", f"q{n}", function=f"f{n % 3}"), Status.SURVIVED) for n in range(7)]
        rows = cells(summary(tmp_path, Recorded(judged)))

        assert [row[0] for row in rows if row[-1].endswith(" of 3") or row[-1].endswith(" of 2")] == [
            "f0",
            "f1",
            "f2",
        ]

    @pytest.mark.parametrize(
        ("count", "rest"), [(50, ""), (51, "… and 1 more undetected mutant."), (60, "… and 10 more")]
    )
    def test_lists_fifty_survivors_and_counts_the_rest(self, tmp_path: Path, count: int, rest: str) -> None:
        judged = [(a_mutant("qty", f"q{n}"), Status.SURVIVED) for n in range(count)]
        text = summary(tmp_path, Recorded(judged))

        assert sum(row[1] == "survived" for row in cells(text) if len(row) == 6) == 50
        assert rest in text
        assert bool(rest) == ("more undetected" in text)

    def test_shows_decisions_and_the_adjusted_score_where_there_are_any(self, tmp_path: Path) -> None:
        mutant = a_mutant("qty < 0", "qty <= 0")
        judged = [(a_mutant(), Status.KILLED), (mutant, Status.SURVIVED)]
        rows = cells(
            summary(tmp_path, Recorded(judged), decisions={("prices", mutant.id): ("equivalent", "a | b")})
        )

        assert rows[-1][-1] == "equivalent: a | b"
        assert ["adjusted score", "100 %"] in [row[:2] for row in rows]

    def test_says_when_nothing_survived_and_when_nothing_was_judged(self, tmp_path: Path) -> None:
        killed = summary(tmp_path, Recorded([(a_mutant(), Status.KILLED)]))
        nothing = summary(tmp_path, Recorded(), name="nothing.sqlite")

        assert killed.endswith("No mutant is undetected.\n")
        assert nothing.endswith("No mutant was judged.\n")
        assert "| mutation score | n/a |" in nothing


class TestSummaryFile:
    def test_names_modules_tests_and_what_remains(self, tmp_path: Path) -> None:
        text = summary(tmp_path, of_every_status(), form="summary-md")
        rows = cells(text)

        assert ["shop/prices.py", "80.0 %", "9", "3"] in rows
        assert "2 tests from `prices`. First to kill a mutant: 1 of them" in text
        assert "3 undetected mutants, 2 to be judged." in text

    def test_counts_survivors_by_operator(self, tmp_path: Path) -> None:
        rows = cells(summary(tmp_path, of_every_status(), form="summary-md"))

        assert ["operator swap", "2", "1"] in rows

    def test_counts_tests_that_killed_by_a_falsifying_example(self, tmp_path: Path) -> None:
        mutant = a_mutant()
        verdict = a_verdict(mutant, Status.KILLED, kill=a_kill(example="total(price=1)"))
        text = summary(tmp_path, Recorded([(mutant, verdict)]), form="summary-md")

        assert "1 by a property's falsifying example." in text

    def test_counts_properties_and_the_examples_they_ran_on(self, tmp_path: Path) -> None:
        tests = [a_test(is_property=True, examples=100), a_test("t.py::p", is_property=True, examples=7)]
        text = summary(tmp_path, Recorded(tests=[*tests, a_test("t.py::plain")]), form="summary-md")

        assert "3 tests from `prices`, 2 of them are properties run on 107 examples." in text

    def test_counts_survivors_by_what_ran_them_or_was_decided(self, tmp_path: Path) -> None:
        decided, unreached, *lines = (
            a_mutant("qty", f"q{n}", line=n, end_line=n) for n in (1, 2, 3, 4, 5, 6)
        )
        judged = [(m, Status.SURVIVED) for m in (decided, *lines)]
        ran = {3: (0,), 4: (0, 1), 5: (1, 2), 6: (2,)}
        tests = [a_test("t::a"), a_test("t::b"), a_test("t::property", is_property=True)]
        coverage = a_coverage(tests_by_line=ran, tests=tuple(test.id for test in tests))
        rows = cells(
            summary(
                tmp_path,
                Recorded(
                    [*judged, (unreached, Status.UNCOVERED)], tests=tests, coverage=[coverage], reach={}
                ),
                form="summary-md",
                decisions={("prices", decided.id): ("equivalent", "why")},
            )
        )

        at = rows.index(["cause", "mutants"])
        assert rows[at + 1 : at + 6] == [
            ["no test runs it", "1"],
            ["a single test runs it and passes", "1"],
            ["several tests run it, no property among them, and pass", "1"],
            ["properties run it and hold", "2"],
            ["no test can tell: decided equivalent", "1"],
        ]

    def test_leaves_decided_ones_out_of_what_remains(self, tmp_path: Path) -> None:
        mutant = a_mutant()
        recorded = Recorded([(mutant, Status.SURVIVED)])
        text = summary(
            tmp_path, recorded, form="summary-md", decisions={("prices", mutant.id): ("accepted", "rare")}
        )

        assert "0 undetected mutants, 1 more decided equivalent or accepted." in text

    def test_compares_with_the_complete_run_before(self, tmp_path: Path) -> None:
        first, second, third = (a_mutant("qty", f"q{n}") for n in range(3))
        before = [(first, Status.SURVIVED), (second, Status.SURVIVED), (third, Status.KILLED)]
        now = [(first, Status.SURVIVED), (second, Status.KILLED), (third, Status.SURVIVED)]
        tests = [a_test(), a_test("t.py::new"), a_test("t.py::newer")]
        summary(tmp_path, Recorded(before))
        summary(tmp_path, Recorded([], target=a_target()), state=RunState.INTERRUPTED)

        text = summary(tmp_path, Recorded(now, tests=tests), form="summary-md")

        assert "### Change since run 1, 2030-05-17 09:00 UTC" in text
        assert "1 newly undetected, 1 no longer." in text
        assert ["tests", "2", "3"] in cells(text)

    def test_lists_fifty_of_what_remains_and_counts_the_rest(self, tmp_path: Path) -> None:
        judged = [(a_mutant("qty", f"q{n}"), Status.SURVIVED) for n in range(52)]

        assert "… and 2 more undetected mutants." in summary(tmp_path, Recorded(judged), form="summary-md")

    def test_says_when_there_is_nothing_to_compare_with(self, tmp_path: Path) -> None:
        assert "No earlier complete run" in summary(tmp_path, of_every_status(), form="summary-md")


@pytest.mark.parametrize("form", ["markdown", "summary-md"])
def test_hostile_texts_are_shown_and_do_nothing(tmp_path: Path, form: str) -> None:
    recorded, sources, provenance = hostile()
    text = summary(tmp_path, recorded, form=form, sources=sources, provenance=provenance)

    assert tags(text) <= {"<code>", "</code>"}
    assert not nodes(text) & {"link_open", "image"}
    assert any(one_line(EVIL) in cell for row in cells(text) for cell in row)
    assert all(character.isprintable() or character == "\n" for character in text)
