"""Targets over the recorded runs, as small drawings of equal size: the score as a line, what is undetected as columns."""

from __future__ import annotations

import math
from collections.abc import Sequence

from mutmut_dashboard.metrics import Counts, Score, mutation_score
from mutmut_dashboard.model import Run
from mutmut_dashboard.report.history import History, aside, is_whole
from mutmut_dashboard.report.pages.overview import Trend, TrendMark
from mutmut_dashboard.report.wording import moment, number, plural

WIDTH, LINE, GAP, COLUMNS = 320, 72, 12, 40
"""Units of the drawing: its width, the height of the line's field, of what parts the two, of the columns' field."""
_MARGIN = 6
_WIDEST = 24


def trend(history: History, target: str) -> Trend | None:
    """Draw one target; None where fewer than two runs judged it."""
    judged = [
        (run, counts[target])
        for run, counts in zip(history.runs, history.counts, strict=True)
        if target in counts and counts[target].valid
    ]
    if len(judged) < 2:
        return None
    scores = [mutation_score(counts) for _, counts in judged]
    lowest = _lowest(scores)
    marks = _marks(judged, scores, lowest)
    whole = [at for at, (run, _) in enumerate(judged) if is_whole(run)]
    last = whole[-1] if whole else -1
    others = len(judged) - len(whole)
    return Trend(
        target=target,
        label=f"{target}, {plural(len(judged), 'run')}, oldest first: {'; '.join(mark.words for mark in marks)}",
        box=f"0 0 {WIDTH} {LINE + GAP + COLUMNS}",
        line=" ".join(f"{mark.x},{mark.y}" for mark in marks if not mark.high and not mark.aside),
        marks=marks,
        top="100 %",
        bottom=f"{100 * lowest:.0f} %",
        score=str(scores[last]),
        undetected=f"{number(judged[last][1].undetected)} undetected",
        note=f"{plural(others, 'run')} beside the line: limited, in parts, or not finished."
        if others
        else "",
        span=f"{_day(judged[0][0])} to {_day(judged[-1][0])}",
    )


def _lowest(scores: Sequence[Score]) -> float:
    """The tenth below the lowest score, so that a change near 100 % can be seen; intervals may go below the field."""
    ends = [(score.low if score.exact else score.high).value or 0.0 for score in scores]
    return min(0.9, math.floor(10 * min(ends)) / 10)


def _marks(
    judged: Sequence[tuple[Run, Counts]], scores: Sequence[Score], lowest: float
) -> tuple[TrendMark, ...]:
    step = (WIDTH - 2 * _MARGIN) / len(judged)
    width = min(_WIDEST, 0.6 * step)
    most = max(1, *(counts.undetected for _, counts in judged))
    branches = len({run.provenance.branch for run, _ in judged}) > 1
    marks = []
    for at, ((run, counts), score) in enumerate(zip(judged, scores, strict=True)):
        x = _MARGIN + (at + 0.5) * step
        height = COLUMNS * counts.undetected / most
        marks.append(
            TrendMark(
                x=_units(x),
                left=_units(x - width / 2),
                width=_units(width),
                top=_units(LINE + GAP + COLUMNS - height),
                height=_units(height),
                y=_units(_y(score.low.value, lowest)),
                high="" if score.exact else _units(_y(score.high.value, lowest)),
                aside=not is_whole(run),
                words=f"run {run.id}{_on_branch(run) if branches else ''}, {_day(run)}: {score}, "
                f"{number(counts.undetected)} undetected" + (f", {aside(run)}" if aside(run) else ""),
            )
        )
    return tuple(marks)


def _y(value: float | None, lowest: float) -> float:
    room = LINE - 2 * _MARGIN
    return _MARGIN + room * min(1.0, 1 - ((value or 0.0) - lowest) / (1 - lowest))


def _on_branch(run: Run) -> str:
    return f" on {run.provenance.branch}" if run.provenance.branch else ""


def _day(run: Run) -> str:
    began = moment(run.started_at)
    return began.strftime("%Y-%m-%d") if began else run.started_at


def _units(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
