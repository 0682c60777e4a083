"""Stryker's JSON: valid by its schema, right at every position, and readable in the viewer it is made for."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from browser import opened
from factories import (
    FILE,
    SOURCE,
    TESTS,
    Recorded,
    a_coverage,
    a_kill,
    a_mutant,
    a_provenance,
    a_store,
    a_target,
    a_verdict,
    hostile,
    of_every_status,
)
from hypothesis import given
from hypothesis import strategies as st

from mutmut_dashboard.exports import export
from mutmut_dashboard.exports.places import Source, character_column, utf16_column
from mutmut_dashboard.exports.stryker import STATUS
from mutmut_dashboard.model import Ended, Mutant, Status

SCHEMAS = Path(__file__).parent / "schemas"
SCHEMA = json.loads((SCHEMAS / "mutation-testing-report-schema.json").read_text(encoding="utf-8"))
VIEWER = SCHEMAS / "mutation-test-elements.js"

TEXT = st.text(st.sampled_from('ab"\\\t\r\n\n 💥é{<>|`\u2028\x00'), max_size=30)


def report(folder: Path, *targets: Recorded, decisions: Any = None, **kept: Any) -> Any:
    store, run_id = a_store(folder, *targets, **kept)
    with store:
        written = json.loads(export(store, "stryker", run_id, decisions))
    jsonschema.Draft7Validator(SCHEMA).validate(written)
    return written


def mutants_of(written: Any) -> list[Any]:
    return [mutant for file in written["files"].values() for mutant in file["mutants"]]


def only_mutant(folder: Path, *judged: Any, **recorded: Any) -> Any:
    (mutant,) = mutants_of(report(folder, Recorded(judged, **recorded)))
    return mutant


def mutated(file: Any, mutant: Any) -> str:
    """What the viewer shows: the source in UTF-16 code units with [start, end) replaced."""
    units: bytes = file["source"].encode("utf-16-le")
    new: bytes = mutant["replacement"].encode("utf-16-le")
    at = [_offset(units, mutant["location"][end]) for end in ("start", "end")]
    return (units[: at[0]] + new + units[at[1] :]).decode("utf-16-le")


def words_apart(*texts: str) -> str:
    """Join texts with a space where two words would touch."""
    joined = ""
    for text in filter(None, texts):
        touching = re.search(r"\w\Z", joined) and re.match(r"\w", text)
        joined += f" {text}" if touching else text
    return joined


def _offset(units: bytes, position: Any) -> int:
    line, column = int(position["line"]), int(position["column"])
    before = units.decode("utf-16-le").split("\n")[: line - 1]
    return sum(len(f"{text}\n".encode("utf-16-le")) for text in before) + 2 * (column - 1)


class TestPositions:
    @given(TEXT, st.integers(0, 30))
    def test_columns_in_utf_16_go_back_to_the_same_character(self, text: str, at: int) -> None:
        """character_column(line, utf16_column(line, c)) == c for every column of a line."""
        line = text.replace("\n", "")
        column = min(at, len(line)) + 1

        assert character_column(line, utf16_column(line, column)) == column

    @given(TEXT)
    def test_columns_in_utf_16_count_code_units(self, line: str) -> None:
        """The column after a line's end is one more than its UTF-16 code units."""
        assert utf16_column(line, len(line) + 1) == len(line.encode("utf-16-le")) // 2 + 1

    @given(TEXT, TEXT, TEXT, TEXT)
    def test_the_replacement_at_the_location_gives_the_mutated_text(
        self, before: str, original: str, after: str, replacement: str
    ) -> None:
        """before + original + after, with the location replaced, is before + replacement + after, words apart."""
        source = before + original + after
        place = Source(source).place(_at(before, original, replacement))
        start = {"line": place.line, "column": place.column}
        end = {"line": place.end_line, "column": place.end_column}
        written = {"location": {"start": start, "end": end}, "replacement": place.replacement}

        assert place.exact
        assert mutated({"source": source}, written) == words_apart(before, replacement, after)

    @pytest.mark.parametrize(
        ("source", "original", "replacement", "expected"),
        [("a in b", "", "not", "a not in b"), ("return-a", "-", "", "return a"), ("a*b", "*", "**", "a**b")],
    )
    def test_words_stay_apart(
        self, tmp_path: Path, source: str, original: str, replacement: str, expected: str
    ) -> None:
        mutant = a_mutant(original or "in", replacement, source=source)
        if not original:
            mutant = replace(mutant, original="", end_column=mutant.column)

        written = report(tmp_path, Recorded([(mutant, Status.SURVIVED)]), sources={FILE: source})

        assert mutated(written["files"][FILE], written["files"][FILE]["mutants"][0]) == expected

    @given(TEXT, st.integers(-2, 6), st.integers(-2, 6), st.integers(-2, 12))
    def test_no_position_fails_however_wrong(
        self, source: str, line: int, end_line: int, column: int
    ) -> None:
        """A place outside the source is converted, too, and never called exact unless the text is there."""
        mutant = a_mutant(line=line, end_line=end_line, column=column, end_column=column, original="never")

        assert not Source(source).place(mutant).exact

    def test_an_emoji_before_the_fragment_counts_twice(self, tmp_path: Path) -> None:
        source = "def f(a):\n    return '💥' + a\n"
        mutant = a_mutant("+", "-", source=source)

        written = report(tmp_path, Recorded([(mutant, Status.SURVIVED)]), sources={FILE: source})

        (found,) = written["files"][FILE]["mutants"]
        assert found["location"] == {"start": {"line": 2, "column": 17}, "end": {"line": 2, "column": 18}}
        assert mutated(written["files"][FILE], found) == source.replace("+", "-")

    @pytest.mark.parametrize("end", ["\n", "\r\n"])
    def test_several_lines_are_replaced_whatever_ends_them(self, tmp_path: Path, end: str) -> None:
        source = end.join(("def f(a):", "\treturn (a +", "\t\t1)", ""))
        mutant = a_mutant(f"a +{end}\t\t1", "", source=source)

        written = report(tmp_path, Recorded([(mutant, Status.SURVIVED)]), sources={FILE: source})

        (found,) = written["files"][FILE]["mutants"]
        assert mutated(written["files"][FILE], found) == end.join(("def f(a):", "\treturn ()", ""))

    def test_where_the_source_holds_something_else_no_replacement_is_given(self, tmp_path: Path) -> None:
        found = only_mutant(tmp_path, (a_mutant(line=2, end_line=2), Status.SURVIVED))

        assert "replacement" not in found
        assert found["description"] == "price * qty → price / qty"


def _at(before: str, original: str, replacement: str) -> Mutant:
    through = before + original
    return a_mutant(
        original,
        replacement,
        line=before.count("\n") + 1,
        column=len(before) - before.rfind("\n"),
        end_line=through.count("\n") + 1,
        end_column=len(through) - through.rfind("\n"),
    )


class TestMutants:
    @pytest.mark.parametrize("status", [s for s in Status if s not in (Status.SKIPPED, Status.PENDING)])
    def test_a_status_has_strykers_word(self, tmp_path: Path, status: Status) -> None:
        assert only_mutant(tmp_path, (a_mutant(), status))["status"] == STATUS[status]

    def test_a_skipped_one_is_ignored_for_its_reason(self, tmp_path: Path) -> None:
        found = only_mutant(tmp_path, (a_mutant(skip_reason="log lines are free"), None))

        assert (found["status"], found["statusReason"]) == ("Ignored", "log lines are free")

    def test_one_without_a_verdict_is_pending_and_has_no_duration(self, tmp_path: Path) -> None:
        found = only_mutant(tmp_path, (a_mutant(), None))

        assert found["status"] == "Pending"
        assert "duration" not in found

    def test_a_killed_one_names_killer_message_and_milliseconds(self, tmp_path: Path) -> None:
        mutant = a_mutant()
        kill = a_kill(test=TESTS[1], message="assert 2 == 8", example="total(price=1)")
        written = report(
            tmp_path, Recorded([(mutant, a_verdict(mutant, Status.KILLED, kill=kill, wall=0.25))])
        )

        (found,) = mutants_of(written)
        names = {test["id"]: test["name"] for test in written["testFiles"]["tests/test_prices.py"]["tests"]}
        assert [names[number] for number in found["killedBy"]] == ["test_basket_adds"]
        assert found["statusReason"] == "AssertionError: assert 2 == 8\ntotal(price=1)"
        assert found["duration"] == 250

    def test_an_error_says_what_happened(self, tmp_path: Path) -> None:
        mutant = a_mutant()
        verdict = a_verdict(mutant, ended=Ended.SIGNAL, detail="SIGSEGV")

        assert only_mutant(tmp_path, (mutant, verdict))["statusReason"] == "signal: SIGSEGV"

    def test_a_decided_survivor_stays_a_survivor_and_says_why(self, tmp_path: Path) -> None:
        mutant = a_mutant()
        written = report(
            tmp_path,
            Recorded([(mutant, Status.SURVIVED)]),
            decisions={("prices", mutant.id): ("equivalent", "never zero")},
        )

        (found,) = mutants_of(written)
        assert (found["status"], found["statusReason"]) == ("Survived", "decided equivalent: never zero")

    def test_a_long_message_is_cut(self, tmp_path: Path) -> None:
        mutant = a_mutant()
        verdict = a_verdict(mutant, Status.KILLED, kill=a_kill(message="x" * 100_000))

        assert len(only_mutant(tmp_path, (mutant, verdict))["statusReason"]) == 2000


class TestCoveredBy:
    def test_lists_the_tests_of_the_mutants_line(self, tmp_path: Path) -> None:
        mutant = a_mutant("self.sum + total", "self.sum - total", function="Basket.add")
        written = report(tmp_path, Recorded([(mutant, Status.SURVIVED)]))

        (found,) = mutants_of(written)
        tests = written["testFiles"]["tests/test_prices.py"]["tests"]
        assert [t["name"] for t in tests if t["id"] in found["coveredBy"]] == ["test_basket_adds"]

    def test_falls_back_to_the_functions_tests(self, tmp_path: Path) -> None:
        found = only_mutant(
            tmp_path, (a_mutant(), Status.SURVIVED), coverage=[a_coverage(tests_by_line={}, tests=())]
        )

        assert len(found["coveredBy"]) == 2

    def test_is_empty_for_an_uncovered_one(self, tmp_path: Path) -> None:
        assert only_mutant(tmp_path, (a_mutant(), Status.UNCOVERED))["coveredBy"] == []


class TestReport:
    def test_holds_every_mutant_once_under_its_own_id(self, tmp_path: Path) -> None:
        twice = [of_every_status(), Recorded([(a_mutant(target="again"), Status.KILLED)])]
        twice[1].target = a_target(name="again")

        ids = [mutant["id"] for mutant in mutants_of(report(tmp_path, *twice))]

        assert len(ids) == len(set(ids)) == 10
        assert sum(name.startswith("again:") for name in ids) == 1

    def test_carries_our_own_counts_and_scores(self, tmp_path: Path) -> None:
        (target,) = report(tmp_path, of_every_status())["config"]["mutmut-dashboard"]["targets"]

        assert target["counts"] == {status.value: 2 if status is Status.SURVIVED else 1 for status in Status}
        assert target["mutationScore"]["shown"] == "28.6 % to 57.1 %"

    def test_names_the_commit_and_the_branch(self, tmp_path: Path) -> None:
        written = report(tmp_path, of_every_status(), provenance=a_provenance(branch="topic"))
        ours = written["config"]["mutmut-dashboard"]

        assert (ours["commit"], ours["branch"]) == (a_provenance().commit, "topic")

    def test_takes_its_thresholds_from_the_levels(self, tmp_path: Path) -> None:
        target = a_target(low_below=70.0, high_from=95.0)
        written = report(tmp_path, Recorded(target=target))

        assert written["thresholds"] == {"high": 95, "low": 70}
        assert written["config"]["mutmut-dashboard"]["targets"][0]["levels"] == {"low": 70, "high": 95}

    def test_of_several_targets_calls_low_and_high_what_is_so_in_all(self, tmp_path: Path) -> None:
        targets = [
            a_target(low_below=70.5, high_from=90.0),
            a_target(name="b", low_below=50.0, high_from=95.5),
        ]
        written = report(tmp_path, *(Recorded(target=target, tests=[], coverage=[]) for target in targets))

        assert written["thresholds"] == {"high": 96, "low": 50}

    @pytest.mark.parametrize("score_floor", [0.0, 80.0])
    def test_has_strykers_own_thresholds_whatever_the_floors_are(
        self, tmp_path: Path, score_floor: float
    ) -> None:
        written = report(tmp_path, Recorded(target=a_target(score_floor=score_floor)))

        assert written["thresholds"] == {"high": 80, "low": 60}

    def test_says_how_long_each_phase_took(self, tmp_path: Path) -> None:
        seconds = {"staging": 0.5, "generation": 1.0, "clean runs": 2.0, "controls": 0.25, "judging": 8.0}
        written = report(tmp_path, Recorded(target=a_target(seconds=seconds)))

        assert written["performance"] == {"setup": 1500, "initialRun": 2250, "mutation": 8000}

    def test_leaves_no_script_end_in_its_text(self, tmp_path: Path) -> None:
        recorded, sources, provenance = hostile()
        store, run_id = a_store(tmp_path, recorded, sources=sources, provenance=provenance)
        with store:
            content = export(store, "stryker", run_id)

        assert b"<" not in content
        assert content.isascii()

    def test_is_valid_with_hostile_texts(self, tmp_path: Path) -> None:
        recorded, sources, provenance = hostile()

        assert len(mutants_of(report(tmp_path, recorded, sources=sources, provenance=provenance))) == 6

    def test_tells_no_path_of_this_machine(self, tmp_path: Path) -> None:
        provenance = a_provenance(command="mutmut-dashboard run --site /home/someone/site")

        assert "/home/someone" not in json.dumps(report(tmp_path, of_every_status(), provenance=provenance))


def page_of(folder: Path, *targets: Recorded, **kept: Any) -> Path:
    """A page as the viewer's own documentation makes one, with the report inline."""
    written = json.dumps(report(folder, *targets, **kept)).replace("<", "\\u003c")
    page = folder / "viewer.html"
    page.write_text(
        f'<!doctype html><meta charset="utf-8"><title>Report</title><script src="{VIEWER.as_uri()}"></script>'
        "<mutation-test-report-app></mutation-test-report-app><script>"
        f'document.querySelector("mutation-test-report-app").report = {written}</script>',
        encoding="utf-8",
    )
    return page


class TestInTheViewer:
    """mutation-testing-elements 3.8.4, as Stryker's own reports use it."""

    def test_counts_and_scores_are_ours(self, browser: Any, tmp_path: Path) -> None:
        page = page_of(tmp_path, of_every_status())

        with opened(browser, page) as seen:
            row = seen.page.locator("mte-metrics-table tbody tr").first
            row.wait_for()
            numbers = row.inner_text().split()

            # detected 2 of 5 valid; killed, survived, timeout, uncovered, ignored, runtime and compile errors
            assert {"40.00", "50.00"} <= set(numbers)
            assert not seen.complaints
            assert not seen.foreign_requests

    def test_a_mutant_is_shown_as_the_line_it_makes(self, browser: Any, tmp_path: Path) -> None:
        source = SOURCE.replace("price * qty\n", "'💥' and price * qty\n")
        mutant = a_mutant("*", "//", source=source)
        page = page_of(tmp_path, Recorded([(mutant, Status.SURVIVED)]), sources={FILE: source})

        with opened(browser, page, "#mutant/prices.py") as seen:
            seen.page.locator("svg.mutant-dot").first.click()
            added = seen.page.locator("tr.diff-new, .diff-new").first
            added.wait_for()

            assert added.inner_text().split("+")[-1].strip() == "return '💥' and price // qty"
            assert not seen.complaints

    def test_hostile_texts_do_no_harm(self, browser: Any, tmp_path: Path) -> None:
        recorded, sources, provenance = hostile()
        page = page_of(tmp_path, recorded, sources=sources, provenance=provenance)

        with opened(browser, page) as seen:
            for file in ("gone.py", "a b"):
                seen.page.locator("mte-metrics-table tbody a", has_text=file).click()
                seen.page.locator("svg.mutant-dot").first.click()
                assert "pwned" not in seen.page.title()
                seen.page.go_back()

            assert not seen.complaints
