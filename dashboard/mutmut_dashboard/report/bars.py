"""Stacked bars: shares become stretches in percent of the bar's width."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from mutmut_dashboard.metrics import Counts, Ratio, Score
from mutmut_dashboard.model import Status
from mutmut_dashboard.report.pages.common import Bar, BarPart

ORDER = (
    Status.KILLED,
    Status.TIMEOUT,
    Status.ERROR,
    Status.PENDING,
    Status.SURVIVED,
    Status.UNCOVERED,
    Status.SKIPPED,
    Status.INVALID,
)
"""What is detected stands left and what is not right, with the missing verdicts between: their two edges are the
lowest and the highest score they allow. What is outside the score comes last."""

_LEAST = 0.6
"""Percent of the width that anything but nothing gets, so that one survivor of thousands is seen."""


def status_bar(counts: Counts, floor: float) -> Bar:
    """All mutants by status; the tick is where the detected ones have to reach."""
    shares = [(status.value, counts.of(status)) for status in ORDER]
    label = ", ".join(f"{count} {name}" for name, count in shares if count)
    asked = floor / 100 * (counts.valid + counts.unjudged) if floor > 0 and counts.total else None
    return _stacked(label or "no mutants", shares, asked)


def ratio_bar(ratio: Ratio, label: str, floor: float) -> Bar:
    """A part of a whole."""
    asked = floor / 100 * ratio.whole if floor > 0 and ratio.whole else None
    return _stacked(label, [("covered", ratio.part), ("missed", ratio.whole - ratio.part)], asked)


def score_bar(score: Score, label: str, floor: float) -> Bar:
    """A score; while verdicts are missing, what they leave open stands between its lowest and its highest value."""
    low, high = score.low, score.high
    asked = floor / 100 * low.whole if floor > 0 and low.whole else None
    open_ = high.part - low.part
    return _stacked(
        label, [("covered", low.part), ("pending", open_), ("missed", low.whole - low.part - open_)], asked
    )


def relative_width(part: int, most: int) -> str:
    """A length in percent of the longest."""
    return f"{100 * part / most:.2f}%" if most else "0%"


def _stacked(label: str, shares: Sequence[tuple[str, int]], asked: float | None) -> Bar:
    present = [(name, count) for name, count in shares if count]
    widths = _widths([count for _, count in present])
    starts = [0.0, *accumulate(widths)]
    parts = tuple(
        BarPart(name, f"{start:.2f}%", f"{width:.2f}%")
        for (name, _), start, width in zip(present, starts, widths, strict=False)
    )
    tick = ""
    if asked is not None:
        tick = f"{_place(asked, [count for _, count in present], starts):.2f}%"
    return Bar(label, parts, tick)


def _widths(counts: Sequence[int]) -> list[float]:
    total = sum(counts)
    raised = [max(100 * count / total, _LEAST) for count in counts]
    return [100 * width / sum(raised) for width in raised]


def _place(value: float, counts: Sequence[int], starts: Sequence[float]) -> float:
    # Within the stretch the value falls into, so that raised slivers never put the tick on the wrong side of an edge.
    for count, start, end in zip(counts, starts, starts[1:], strict=False):
        if value <= count:
            return start + (end - start) * value / count
        value -= count
    return starts[-1]
