"""SARIF 2.1.0, the OASIS standard of 2020-03-27, with what GitHub's code scanning reads of it.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html

Results are the survivors (warnings) and the uncovered mutants (notes); a rule stands for a mutation operator.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from mutmut_dashboard import __version__
from mutmut_dashboard.exports.facts import Facts, Judged
from mutmut_dashboard.exports.places import Source
from mutmut_dashboard.exports.text import change, scrub, to_json, utc
from mutmut_dashboard.model import RunState, Status

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
_LEVEL = {Status.SURVIVED: "warning", Status.UNCOVERED: "note"}
_SAYS = {
    Status.SURVIVED: "Every test that runs this line passes with it changed",
    Status.UNCOVERED: "No test runs this line, so none notices it changed",
}
_MARKUP = re.compile(r"[\[\]\\]")


def render(facts: Facts) -> str:
    """Write the log of one run."""
    found = [judged for judged in facts.judged if judged.undetected]
    operators = {_rule_id(judged.mutant.operator): judged.mutant.operator for judged in found}
    index_of = {rule: at for at, rule in enumerate(operators)}
    sources = {file: Source(text) for file, text in facts.sources.items()}
    driver = {
        "name": "mutmut-dashboard",
        "semanticVersion": __version__,
        "rules": [_rule(rule, operator) for rule, operator in operators.items()],
    }
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": "mutmut-dashboard/"},
        "invocations": [_invocation(facts)],
        "columnKind": "utf16CodeUnits",
        "results": [_result(judged, facts, sources, index_of) for judged in found],
    }
    return to_json({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule_id(operator: str) -> str:
    return "mutant/" + (re.sub(r"[^a-z0-9]+", "-", operator.lower()).strip("-") or "other")


def _rule(rule: str, operator: str) -> dict[str, Any]:
    return {
        "id": rule,
        "name": "".join(word.capitalize() for word in re.findall("[a-z0-9]+", rule)),
        "shortDescription": {"text": _message(f"A mutant of the operator '{operator}' is undetected.")},
        "fullDescription": {"text": "The code was changed on purpose, and the tests passed all the same."},
        "help": {
            "text": "Write a test that fails with the change and passes without it, or decide that none is wanted."
        },
        "defaultConfiguration": {"level": "warning"},
        "properties": {"tags": ["mutation-testing", "test"]},
    }


def _invocation(facts: Facts) -> dict[str, Any]:
    run = facts.run
    times = {"startTimeUtc": _utc(run.started_at), "endTimeUtc": _utc(run.finished_at)}
    return {
        "executionSuccessful": run.state is RunState.COMPLETE and not facts.counts.unjudged,
        **{name: time for name, time in times.items() if time},
    }


def _utc(iso: str) -> str:
    read = utc(iso)
    return read.strftime("%Y-%m-%dT%H:%M:%SZ") if read else ""


def _result(
    judged: Judged, facts: Facts, sources: dict[str, Source], index_of: dict[str, int]
) -> dict[str, Any]:
    mutant = judged.mutant
    rule = _rule_id(mutant.operator)
    said = f"{_SAYS[judged.status]}: {change(mutant.original, mutant.replacement)}"
    result: dict[str, Any] = {
        "ruleId": rule,
        "ruleIndex": index_of[rule],
        "level": _LEVEL[judged.status],
        "message": {"text": _message(said)},
        "locations": [_location(judged, sources.get(mutant.file, Source("")))],
        # The first is what GitHub tells alerts apart by; both live as long as the mutant does.
        "partialFingerprints": {"primaryLocationLineHash": f"{judged.key}:1", "mutantId/v1": judged.key},
        "properties": {
            "target": mutant.target,
            "status": judged.status.value,
            "original": mutant.original,
            "replacement": mutant.replacement,
        },
    }
    if judged.address:
        result["hostedViewerUri"] = judged.address
    if facts.decided:  # an empty list says "not suppressed", none at all "not known"
        result["suppressions"] = _suppressions(judged)
    return result


def _location(judged: Judged, source: Source) -> dict[str, Any]:
    mutant = judged.mutant
    place = source.place(mutant)
    region: dict[str, Any] = {"startLine": place.line}
    if place.exact:
        region |= {
            "startColumn": place.column,
            "endLine": place.end_line,
            "endColumn": place.end_column,
            "snippet": {"text": mutant.original},
        }
    uri = quote(scrub(mutant.file), safe="/")
    return {
        "physicalLocation": {"artifactLocation": {"uri": uri, "uriBaseId": "%SRCROOT%"}, "region": region},
        "logicalLocations": [{"fullyQualifiedName": mutant.function, "kind": "function"}],
    }


def _suppressions(judged: Judged) -> list[dict[str, str]]:
    if not (judged.excused and judged.decision):
        return []
    decision, reason = judged.decision
    return [{"kind": "external", "status": "accepted", "justification": f"{decision}: {reason}"}]


def _message(text: str) -> str:
    """Escape what SARIF reads as a link or a placeholder (sections 3.11.5 and 3.11.6)."""
    return _MARKUP.sub(lambda found: "\\" + found[0], text).replace("{", "{{").replace("}", "}}")
