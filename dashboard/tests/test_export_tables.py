"""CSV, GitLab's code quality report and the badge."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from factories import Recorded, a_mutant, a_store, a_target, hostile, of_every_status
from hypothesis import given
from hypothesis import strategies as st

from mutmut_dashboard.exports import export
from mutmut_dashboard.exports.spreadsheet import COLUMNS, guard, unguard
from mutmut_dashboard.model import Status

NASTY = st.text(st.sampled_from("=+-@'\t\r\n ,;\"＝ab1\x00💥"), max_size=12)  # noqa: RUF001 - a wide equals sign


def exported(folder: Path, form: str, *targets: Recorded, decisions: Any = None, **kept: Any) -> bytes:
    store, run_id = a_store(folder, *targets, **kept)
    with store:
        return export(store, form, run_id, decisions)


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))


class TestCsv:
    @given(NASTY)
    def test_a_guarded_text_comes_back(self, text: str) -> None:
        """unguard(guard(text)) == text."""
        assert unguard(guard(text)) == text

    @given(NASTY)
    def test_no_cell_begins_like_a_formula(self, text: str) -> None:
        """What is left of a cell's blanks is no sign that starts a formula."""
        assert guard(text).strip()[:1] not in (*"=+-@", "＝") or not guard(text).strip()  # noqa: RUF001
        assert guard(text)[:1] not in ("\t", "\r", "\n")

    @given(st.lists(NASTY, min_size=2, max_size=2))
    def test_a_row_written_and_read_is_the_same_row(self, texts: list[str]) -> None:
        """A CSV reader gives back every text that was written."""
        out = io.StringIO(newline="")
        csv.writer(out, lineterminator="\r\n").writerow([guard(text) for text in texts])

        (row,) = csv.reader(io.StringIO(out.getvalue(), newline=""))
        assert [unguard(cell) for cell in row] == texts

    def test_has_every_mutant_once(self, tmp_path: Path) -> None:
        recorded = of_every_status()
        found = rows(exported(tmp_path, "csv", recorded))

        assert [row["id"] for row in found] == [mutant.id for mutant, _ in recorded.judged]
        assert {row["status"] for row in found} == {status.value for status in Status}

    def test_holds_what_was_recorded_however_hostile(self, tmp_path: Path) -> None:
        recorded, sources, provenance = hostile()
        content = exported(tmp_path, "csv", recorded, sources=sources, provenance=provenance)
        found = rows(content)

        assert list(found[0]) == list(COLUMNS)
        for row, (mutant, _) in zip(found, recorded.judged, strict=True):
            assert unguard(row["original"]) == mutant.original
            assert unguard(row["replacement"]) == mutant.replacement
            assert unguard(row["file"]) == mutant.file

    def test_a_formula_in_the_code_is_not_computed(self, tmp_path: Path) -> None:
        recorded = Recorded([(a_mutant("price * qty", '=HYPERLINK("http://x")'), Status.SURVIVED)])
        (row,) = rows(exported(tmp_path, "csv", recorded))

        assert row["replacement"] == '\'=HYPERLINK("http://x")'


class TestGitlab:
    def test_lists_undetected_mutants_with_unique_fingerprints(self, tmp_path: Path) -> None:
        again = Recorded([(a_mutant("qty < 0", "qty <= 0", target="again"), Status.SURVIVED)])
        again.target = a_target(name="again")
        issues = json.loads(exported(tmp_path, "gitlab", of_every_status(), again))

        assert [issue["severity"] for issue in issues] == ["minor", "minor", "info", "minor"]
        assert len({issue["fingerprint"] for issue in issues}) == 4

    def test_an_issue_has_what_gitlab_asks_for(self, tmp_path: Path) -> None:
        mutant = a_mutant()
        (issue,) = json.loads(exported(tmp_path, "gitlab", Recorded([(mutant, Status.SURVIVED)])))

        assert issue == {
            "description": "No test notices: price * qty → price / qty",
            "check_name": "mutant: operator swap",
            "fingerprint": mutant.id,
            "severity": "minor",
            "location": {"path": "shop/prices.py", "lines": {"begin": 8, "end": 8}},
        }

    def test_leaves_out_what_is_decided(self, tmp_path: Path) -> None:
        mutant = a_mutant()
        recorded = Recorded([(mutant, Status.SURVIVED)])

        assert (
            json.loads(
                exported(tmp_path, "gitlab", recorded, decisions={("prices", mutant.id): ("accepted", "r")})
            )
            == []
        )

    def test_hostile_texts_stay_on_one_line(self, tmp_path: Path) -> None:
        recorded, sources, provenance = hostile()
        issues = json.loads(exported(tmp_path, "gitlab", recorded, sources=sources, provenance=provenance))

        assert len(issues) == 3
        assert all(issue["description"].isprintable() for issue in issues)


class TestBadge:
    def badge(self, folder: Path, *judged: Any, floor: float = 50.0) -> tuple[str, str]:
        target = a_target(score_floor=floor)
        written = json.loads(exported(folder, "badge", Recorded(judged, target=target)))
        assert written["schemaVersion"] == 1
        return written["message"], written["color"]

    @pytest.mark.parametrize(("floor", "color"), [(50.0, "brightgreen"), (50.1, "red"), (0.0, "brightgreen")])
    def test_is_green_where_the_floor_is_met(self, tmp_path: Path, floor: float, color: str) -> None:
        judged = [(a_mutant(), Status.KILLED), (a_mutant("qty < 0", "qty <= 0"), Status.SURVIVED)]

        assert self.badge(tmp_path, *judged, floor=floor) == ("50.0 %", color)

    def test_without_mutants_is_grey(self, tmp_path: Path) -> None:
        assert self.badge(tmp_path) == ("n/a", "lightgrey")

    def test_is_yellow_while_missing_verdicts_may_still_meet_the_floor(self, tmp_path: Path) -> None:
        judged = [(a_mutant(), Status.KILLED), (a_mutant("qty < 0", "qty <= 0"), None)]

        assert self.badge(tmp_path, *judged, floor=80.0) == ("50.0 % to 100 %", "yellow")

    def test_one_target_below_its_floor_is_enough_for_red(self, tmp_path: Path) -> None:
        good = Recorded([(a_mutant(), Status.KILLED)])
        bad = Recorded([(a_mutant("qty", "q", target="bad"), Status.SURVIVED)], target=a_target(name="bad"))

        assert json.loads(exported(tmp_path, "badge", good, bad))["color"] == "red"
