"""Durations of stored executions: whole microseconds in, a summary in seconds out."""

from __future__ import annotations

from operator import mul
from typing import TYPE_CHECKING

from core.analytics.instants import MICROS_PER_SECOND
from core.analytics.ranks import MEDIAN, P90, P95, P99, around
from core.analytics.scalars import Summary, root_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction


def summarize_micros(micros: Sequence[int]) -> Summary | None:
    """Describe *micros*, every answer exact to the end and then rounded once to seconds; None for no durations."""
    if not micros:
        return None
    ordered = sorted(micros)
    size, whole = len(ordered), sum(ordered)
    root, scale = root_of(size * sum(map(mul, ordered, ordered)) - whole * whole, size * MICROS_PER_SECOND)

    def at(rank: Fraction) -> float:
        low, high, weight = around(ordered, rank)
        numerator = low * weight.denominator + (high - low) * weight.numerator
        return numerator / (weight.denominator * MICROS_PER_SECOND)

    return Summary(
        count=size,
        sum=whole / MICROS_PER_SECOND,
        mean=whole / (size * MICROS_PER_SECOND),
        min=ordered[0] / MICROS_PER_SECOND,
        max=ordered[-1] / MICROS_PER_SECOND,
        median=at(MEDIAN),
        p90=at(P90),
        p95=at(P95),
        p99=at(P99),
        stdev=root / scale,
    )
