"""How high a score is held to be, and the limits of that in words."""

from __future__ import annotations

from collections.abc import Iterable

from mutmut_dashboard import metrics
from mutmut_dashboard.metrics import Level, Score
from mutmut_dashboard.model import TargetRecord
from mutmut_dashboard.report.pages.common import Fact
from mutmut_dashboard.report.pages.overview import Limits


def level_of(score: Score, target: TargetRecord) -> str:
    """Return the level of a score of a target; empty for an interval and for a score of nothing."""
    return metrics.level(score, target.low_below, target.high_from) or ""


def limits_of(targets: Iterable[TargetRecord]) -> tuple[Limits, ...]:
    """Write which scores are low, medium and high: once where the targets agree, else for each of them."""
    records = list(targets)
    if len({(record.low_below, record.high_from) for record in records}) == 1:
        return (Limits(target="", levels=_levels(records[0])),)
    return tuple(Limits(target=record.name, levels=_levels(record)) for record in records)


def _levels(target: TargetRecord) -> tuple[Fact, ...]:
    low, high = f"{target.low_below:g} %", f"{target.high_from:g} %"
    words = [Fact(Level.LOW, f"below {low}")] if target.low_below else []
    if target.low_below < target.high_from:
        words.append(
            Fact(Level.MEDIUM, f"from {low} to below {high}" if target.low_below else f"below {high}")
        )
    return (*words, Fact(Level.HIGH, f"from {high}"))
