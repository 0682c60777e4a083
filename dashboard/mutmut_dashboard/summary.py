"""The few lines a run ends with, per target."""

from __future__ import annotations

from collections.abc import Sequence

from mutmut_dashboard import metrics
from mutmut_dashboard.metrics import Counts, Ratio
from mutmut_dashboard.model import Run, Status, TargetRecord, Weighed, status_of
from mutmut_dashboard.store import Store

_QUIET = (Status.SKIPPED, Status.INVALID, Status.ERROR, Status.PENDING)
"""Statuses that are named only where there are any."""


def summarise(store: Store, run: Run, weighed: Sequence[Weighed] = ()) -> list[str]:
    """Count each target's mutants and put score, coverage and time beside their floors.

    `weighed` are people's decisions; where some apply, the adjusted score stands beside the measured one.
    """
    lines: list[str] = []
    for target in run.targets:
        verdicts = store.verdicts(run.id, target.name)
        counts = metrics.count(status_of(m, verdicts.get(m.id)) for m in store.mutants(run.id, target.name))
        excused = metrics.excused(weighed, target.name)
        lines += _describe(target, counts, metrics.coverage(store.coverage(run.id, target.name)), excused)
    return lines


def _describe(target: TargetRecord, counts: Counts, coverage: Ratio, excused: int) -> list[str]:
    score = metrics.mutation_score(counts)
    formula = f"(killed {counts.killed} + timeout {counts.timeout}) / {counts.valid}"
    if not score.exact:
        formula = f"{counts.unjudged} of {counts.valid + counts.unjudged} mutants not judged"
    named = [Status.SURVIVED, Status.UNCOVERED, *(status for status in _QUIET if counts.of(status))]
    rest = ", ".join(f"{status} {counts.of(status)}" for status in named)
    return [
        f"{target.name}: {counts.total} mutants in {sum(target.seconds.values()):.1f} s",
        f"  mutation score  {score} = {formula}  {_floor(score.low, target.score_floor)}",
        *(_adjusted(target, counts, excused) if excused or target.adjusted_floor else []),
        f"  besides         {rest}",
        f"  coverage        {coverage} of {coverage.whole} lines and branches  {_floor(coverage, target.coverage_floor)}",
    ]


def _adjusted(target: TargetRecord, counts: Counts, excused: int) -> list[str]:
    score = metrics.adjusted_score(counts, excused)
    top = f"(killed {counts.killed} + timeout {counts.timeout})"
    formula = f"{top} / ({counts.valid} - {excused} decided equivalent or accepted)"
    floor = f"  {_floor(score.low, target.adjusted_floor)}" if target.adjusted_floor else ""
    return [f"  adjusted score  {score} = {formula}{floor}"]


def _floor(ratio: Ratio, floor: float) -> str:
    return f"[floor {floor:g} %: {'met' if metrics.meets(ratio, floor) else 'not met'}]"
