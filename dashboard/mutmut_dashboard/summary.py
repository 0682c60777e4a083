"""The few numbers a run ends with, one row per target."""

from __future__ import annotations

from dataclasses import dataclass

from mutmut_dashboard import metrics
from mutmut_dashboard.model import Run, status_of
from mutmut_dashboard.store import Store


@dataclass(frozen=True)
class Summary:
    """A table for the terminal, and how many mutants are unjudged."""

    columns: list[str]
    rows: list[list[str]]
    unjudged: int


_COLUMNS = [
    "target",
    "mutants",
    "killed",
    "timeout",
    "survived",
    "uncovered",
    "skipped",
    "invalid",
    "unjudged",
]


def summarise(store: Store, run: Run) -> Summary:
    """Count each target's mutants and put its score, coverage and time beside."""
    rows = []
    unjudged = 0
    for target in run.targets:
        verdicts = store.verdicts(run.id, target.name)
        counts = metrics.count(status_of(m, verdicts.get(m.id)) for m in store.mutants(run.id, target.name))
        unjudged += counts.unjudged
        numbers = [
            *(counts.total, counts.killed, counts.timeout, counts.survived, counts.uncovered),
            *(counts.skipped, counts.invalid, counts.unjudged),
        ]
        coverage = metrics.percent(metrics.coverage(store.coverage(run.id, target.name)))
        rows.append(
            [
                target.name,
                *(str(number) for number in numbers),
                str(metrics.mutation_score(counts)),
                coverage,
                f"{sum(target.seconds.values()):.1f}",
            ]
        )
    return Summary([*_COLUMNS, "score", "coverage", "seconds"], rows, unjudged)
