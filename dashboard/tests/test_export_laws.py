"""What holds of every format, whatever a run holds."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from factories import Recorded, a_mutant, a_store, a_target, hostile
from hypothesis import given, settings
from hypothesis import strategies as st

from mutmut_dashboard.exports import FORMATS, export
from mutmut_dashboard.exports.facts import take_facts
from mutmut_dashboard.exports.stryker import STATUS
from mutmut_dashboard.exports.text import moment
from mutmut_dashboard.model import RunState, Status

STATUSES = st.lists(st.sampled_from(Status), max_size=8)
UNDETECTED = (Status.SURVIVED, Status.UNCOVERED)


def a_target_with(name: str, statuses: list[Status]) -> Recorded:
    """Two targets made so share the ids of their mutants."""
    judged: list[Any] = [
        (
            a_mutant("qty", f"q{n}", target=name, skip_reason="why" if status is Status.SKIPPED else None),
            status,
        )
        for n, status in enumerate(statuses)
    ]
    return Recorded(judged, target=a_target(name=name), tests=[])


@settings(max_examples=25)
@given(STATUSES, STATUSES)
def test_every_mutant_is_exported_exactly_once(one: list[Status], other: list[Status]) -> None:
    """Stryker and CSV hold every mutant, SARIF and GitLab every undetected one, each under an id of its own."""
    with tempfile.TemporaryDirectory() as folder:
        store, run_id = a_store(Path(folder), a_target_with("one", one), a_target_with("other", other))
        with store:
            facts = take_facts(store, run_id)
            text = {
                name: export(store, name, run_id).decode() for name in ("stryker", "csv", "sarif", "gitlab")
            }
    expected = Counter(judged.key for judged in facts.judged)
    undetected = Counter(judged.key for judged in facts.judged if judged.undetected)
    report = json.loads(text["stryker"])
    mutants = [mutant for file in report["files"].values() for mutant in file["mutants"]]
    rows = list(csv.DictReader(io.StringIO(text["csv"], newline="")))
    results = json.loads(text["sarif"])["runs"][0]["results"]

    assert set(expected.values()) <= {1}
    assert expected.total() == len(one) + len(other)
    assert undetected.total() == sum(status in UNDETECTED for status in one + other)
    assert Counter(mutant["id"] for mutant in mutants) == expected
    assert Counter(mutant["status"] for mutant in mutants) == Counter(STATUS[s] for s in one + other)
    assert Counter(row["id"] for row in rows) == expected
    assert Counter(result["partialFingerprints"]["mutantId/v1"] for result in results) == undetected
    assert Counter(issue["fingerprint"] for issue in json.loads(text["gitlab"])) == undetected


@pytest.mark.parametrize("name", FORMATS)
def test_a_hostile_run_is_clean_utf_8(tmp_path: Path, name: str) -> None:
    recorded, sources, provenance = hostile()
    store, run_id = a_store(tmp_path, recorded, sources=sources, provenance=provenance)
    with store:
        text = export(store, name, run_id).decode("utf-8")

    assert text.endswith("\n")
    assert not any("\ud800" <= character <= "\udfff" for character in text)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("state", RunState)
def test_a_run_that_never_got_to_a_mutant_is_written_too(tmp_path: Path, name: str, state: RunState) -> None:
    store, run_id = a_store(tmp_path, Recorded(tests=[], coverage=[], reach={}), sources={}, state=state)
    with store:
        assert export(store, name, run_id)


@pytest.mark.parametrize("name", ["stryker", "sarif", "gitlab", "badge"])
def test_json_is_ascii_and_ends_no_script(tmp_path: Path, name: str) -> None:
    recorded, sources, provenance = hostile()
    store, run_id = a_store(tmp_path, recorded, sources=sources, provenance=provenance)
    with store:
        content = export(store, name, run_id)

    assert content.isascii()
    assert b"<" not in content


class TestTimes:
    @pytest.mark.parametrize(
        ("recorded", "shown"),
        [
            ("2030-05-17T09:00:59+00:00", "2030-05-17 09:00 UTC"),
            ("2030-05-17T09:00:59+02:00", "2030-05-17 07:00 UTC"),
            ("2030-05-17T09:00:59", "2030-05-17 09:00 UTC"),
            ("<never>", "&#60;never&#62;"),
            ("", ""),
        ],
    )
    def test_are_shown_in_utc(self, recorded: str, shown: str) -> None:
        assert moment(recorded) == shown
