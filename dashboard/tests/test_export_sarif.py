"""SARIF: valid by the standard's schema, with what a code scanning service matches and shows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest
from factories import FILE, Recorded, a_mutant, a_store, a_target, hostile, of_every_status, weighed

from mutmut_dashboard.exports import applying, export
from mutmut_dashboard.exports.facts import Addresses, nowhere
from mutmut_dashboard.exports.sarif import _message
from mutmut_dashboard.model import Choice, Mutant, RunState, Standing, Status

SCHEMA = json.loads(
    (Path(__file__).parent / "schemas" / "sarif-schema-2.1.0.json").read_text(encoding="utf-8")
)


def run_of(
    folder: Path,
    *targets: Recorded,
    decisions: Any = None,
    addresses: Addresses = nowhere,
    **kept: Any,
) -> Any:
    store, run_id = a_store(folder, *targets, **kept)
    with store:
        written = json.loads(export(store, "sarif", run_id, decisions, addresses))
    jsonschema.Draft7Validator(SCHEMA).validate(written)
    (run,) = written["runs"]
    return run


def test_results_are_the_survivors_as_warnings_and_the_uncovered_as_notes(tmp_path: Path) -> None:
    results = run_of(tmp_path, of_every_status())["results"]

    assert [result["level"] for result in results] == ["warning", "warning", "note"]


def test_a_result_says_where_the_page_shows_it(tmp_path: Path) -> None:
    def address(mutant: Mutant) -> str:
        return f"https://example.org/index.html#/mutant/{mutant.id}"

    result, *_ = run_of(tmp_path, of_every_status(), addresses=address)["results"]

    assert result["hostedViewerUri"] == address(of_every_status().judged[2][0])


def test_an_operator_is_a_rule_that_its_results_point_to(tmp_path: Path) -> None:
    judged = [
        (a_mutant("qty < 0", "qty <= 0", operator="swap op"), Status.SURVIVED),
        (a_mutant("price * qty", "None", operator="arg removal"), Status.SURVIVED),
        (a_mutant("qty < 0", "qty == 0", operator="swap op"), Status.SURVIVED),
    ]
    run = run_of(tmp_path, Recorded(judged))

    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == ["mutant/swap-op", "mutant/arg-removal"]
    assert [rules[result["ruleIndex"]] for result in run["results"]] == [r["ruleId"] for r in run["results"]]


def test_fingerprints_are_our_stable_ids(tmp_path: Path) -> None:
    mutant = a_mutant()
    (result,) = run_of(tmp_path, Recorded([(mutant, Status.SURVIVED)]))["results"]

    assert result["partialFingerprints"]["mutantId/v1"] == mutant.id
    assert result["partialFingerprints"]["primaryLocationLineHash"] == f"{mutant.id}:1"


def test_a_region_is_the_fragment_in_utf_16(tmp_path: Path) -> None:
    source = "def f(a):\n    return '💥' + a\n"
    recorded = Recorded([(a_mutant("+", "-", source=source), Status.SURVIVED)])
    run = run_of(tmp_path, recorded, sources={FILE: source})

    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert run["columnKind"] == "utf16CodeUnits"
    assert place["artifactLocation"] == {"uri": "shop/prices.py", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {
        "startLine": 2,
        "startColumn": 17,
        "endLine": 2,
        "endColumn": 18,
        "snippet": {"text": "+"},
    }


@pytest.mark.parametrize("decision", ["equivalent", "accepted"])
def test_a_decision_that_closes_suppresses(tmp_path: Path, decision: str) -> None:
    mutant = a_mutant()
    recorded = Recorded([(mutant, Status.SURVIVED)])
    (result,) = run_of(tmp_path, recorded, decisions={("prices", mutant.id): (decision, "never zero")})[
        "results"
    ]

    justification = f"{decision}: never zero"
    assert result["suppressions"] == [
        {"kind": "external", "status": "accepted", "justification": justification}
    ]


@pytest.mark.parametrize("decision", ["todo", "bug", "open"])
def test_another_decision_does_not(tmp_path: Path, decision: str) -> None:
    mutant = a_mutant()
    recorded = Recorded([(mutant, Status.SURVIVED)])
    (result,) = run_of(tmp_path, recorded, decisions={("prices", mutant.id): (decision, "")})["results"]

    assert result["suppressions"] == []


@pytest.mark.parametrize("standing", Standing)
def test_only_a_decision_that_applies_counts(standing: Standing) -> None:
    mutant = a_mutant()
    decided = applying([weighed(mutant, Choice.ACCEPTED, standing, reason="rare")])

    expected = {("prices", mutant.id): ("accepted", "rare")} if standing is Standing.APPLIES else {}
    assert decided == expected


def test_a_decision_holds_for_its_own_target_only(tmp_path: Path) -> None:
    mutant = a_mutant()
    again = Recorded([(a_mutant(target="again"), Status.SURVIVED)], target=a_target(name="again"))
    decided = {("again", mutant.id): ("accepted", "rare")}
    results = run_of(tmp_path, Recorded([(mutant, Status.SURVIVED)]), again, decisions=decided)["results"]

    assert [bool(result["suppressions"]) for result in results] == [False, True]


def test_without_decisions_nothing_is_said_of_suppressions(tmp_path: Path) -> None:
    assert all("suppressions" not in result for result in run_of(tmp_path, of_every_status())["results"])


def test_only_a_whole_run_was_successful(tmp_path: Path) -> None:
    whole = Recorded([(a_mutant(), Status.KILLED)])
    cases = [
        (RunState.COMPLETE, whole, True),
        (RunState.INTERRUPTED, whole, False),
        (RunState.COMPLETE, of_every_status(), False),  # one has an error
    ]
    for state, recorded, expected in cases:
        run = run_of(tmp_path, recorded, state=state, name=f"{state}{expected}.sqlite")
        assert run["invocations"][0]["executionSuccessful"] is expected


def test_links_and_placeholders_in_code_are_escaped() -> None:
    assert _message("a[0] {1} \\") == "a\\[0\\] {{1}} \\\\"


def test_is_valid_with_hostile_texts_and_keeps_paths_apart_from_markup(tmp_path: Path) -> None:
    recorded, sources, provenance = hostile()
    results = run_of(tmp_path, recorded, sources=sources, provenance=provenance)["results"]

    uris = [result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in results]
    assert len(results) == 3
    assert all(uri.isascii() and not set(uri) & set(" <>\"'") for uri in uris)
    assert {unquote(uri) for uri in uris} == {*sources, "gone.py"}
