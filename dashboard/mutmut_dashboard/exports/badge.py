"""A badge with the mutation score: the JSON of a shields.io endpoint, `schemaVersion` 1.

https://shields.io/badges/endpoint-badge
"""

from __future__ import annotations

from mutmut_dashboard import metrics
from mutmut_dashboard.exports.facts import Facts
from mutmut_dashboard.exports.text import to_json


def render(facts: Facts) -> str:
    """Write the badge of one run, over all its targets."""
    score = metrics.mutation_score(facts.counts)
    return to_json(
        {"schemaVersion": 1, "label": "mutation score", "message": str(score), "color": _color(facts)}
    )


def _color(facts: Facts) -> str:
    """Green where every target meets its floor, red where one cannot, yellow while that is open."""
    if not facts.counts.valid + facts.counts.unjudged:
        return "lightgrey"
    floors = [
        *((target.score, target.record.score_floor) for target in facts.targets),
        *((target.adjusted_score, target.record.adjusted_floor) for target in facts.targets),
    ]
    if all(metrics.meets(score.low, floor) for score, floor in floors):
        return "brightgreen"
    if all(metrics.meets(score.high, floor) for score, floor in floors):
        return "yellow"
    return "red"
