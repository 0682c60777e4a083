"""Targets over the recorded runs, as small drawings of equal size: the score as a line or a band, what is undetected as columns."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from mutmut_dashboard.metrics import Counts, Score, mutation_score
from mutmut_dashboard.model import Run
from mutmut_dashboard.report.history import History, aside, is_whole
from mutmut_dashboard.report.pages.overview import Trend, TrendLabel, TrendMark
from mutmut_dashboard.report.wording import moment, number, plural

WIDTH, HEAD, LINE, GAP, COLUMNS = 320, 14, 72, 24, 40
"""Units of the drawing: its width, the heights of the line's title, of its field, of the columns' title, of their field."""
_LEFT, _RIGHT = 46, 56
"""Room for what the edges mean, and for the last values."""
_MARGIN = 6
_WIDEST = 24
_LETTER = 13
"""Height of a label."""
_NARROW = 0.2
"""An interval that is wider may go below the field, for it would press all else flat."""


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
    most = max(1, *(counts.undetected for _, counts in judged))
    marks = _marks(judged, scores, lowest, most)
    whole = [at for at, (run, _) in enumerate(judged) if is_whole(run)]
    last = whole[-1] if whole else -1
    others = len(judged) - len(whole)
    return Trend(
        target=target,
        label=f"{target}, {plural(len(judged), 'run')}, oldest first: {'; '.join(mark.words for mark in marks)}",
        box=f"0 {-HEAD} {WIDTH} {HEAD + LINE + GAP + COLUMNS + 2}",
        band=_band([mark for mark in marks if not mark.aside]),
        marks=marks,
        labels=(*_edges(lowest, most), *_last(scores[last], judged[last][1].undetected, lowest, most)),
        score=str(scores[last]),
        undetected=f"{number(judged[last][1].undetected)} undetected",
        note=f"{plural(others, 'run')} beside the line: limited, in parts, or not finished."
        if others
        else "",
        span=f"{_day(judged[0][0])} to {_day(judged[-1][0])}",
    )


def _lowest(scores: Sequence[Score]) -> float:
    """The tenth below the lowest score, so that a change near 100 % can be seen."""
    ends = []
    for score in scores:
        low, high = score.low.value or 0.0, score.high.value or 0.0
        ends.append(low if high - low <= _NARROW else high)
    return min(0.9, math.floor(10 * min(ends)) / 10)


def _band(marks: Sequence[TrendMark]) -> str:
    """The outline of what the scores lie in: a line where they are known, as its upper and its lower edge are one there."""
    upper = [f"{mark.x},{mark.high or mark.y}" for mark in marks]
    return " ".join([*upper, *(f"{mark.x},{mark.y}" for mark in reversed(marks))])


def _edges(lowest: float, most: int) -> Iterator[TrendLabel]:
    """What the drawing shows, and what its edges mean."""
    yield _label(_LEFT, 3 - HEAD, "mutation score")
    yield _label(0, _y(1.0, lowest), "100 %")
    yield _label(0, _y(lowest, lowest), f"{100 * lowest:.0f} %")
    yield _label(_LEFT, LINE + GAP / 2, "undetected: survived + uncovered")
    yield _label(0, _top(most, most) + 4, number(most))


def _last(score: Score, undetected: int, lowest: float, most: int) -> Iterator[TrendLabel]:
    """The last values, beside where they are drawn."""
    x = WIDTH - _RIGHT + 4
    low, high = _y(score.low.value, lowest), _y(score.high.value, lowest)
    if score.exact:
        yield _label(x, low, str(score), last=True)
    else:
        apart = max(0.0, _LETTER - (low - high)) / 2
        yield _label(x, high - apart, str(score.high), last=True)
        yield _label(x, low + apart, str(score.low), last=True)
    yield _label(x, min(_top(undetected, most) + 4, LINE + GAP + COLUMNS - 4), number(undetected), last=True)


def _label(x: float, middle: float, text: str, *, last: bool = False) -> TrendLabel:
    return TrendLabel(x=_units(x), y=_units(middle + 0.35 * _LETTER), text=text, last=last)


def _marks(
    judged: Sequence[tuple[Run, Counts]], scores: Sequence[Score], lowest: float, most: int
) -> tuple[TrendMark, ...]:
    step = (WIDTH - _LEFT - _RIGHT) / len(judged)
    width = min(_WIDEST, 0.6 * step)
    branches = len({run.provenance.branch for run, _ in judged}) > 1
    marks = []
    for at, ((run, counts), score) in enumerate(zip(judged, scores, strict=True)):
        x = _LEFT + (at + 0.5) * step
        top = _top(counts.undetected, most)
        marks.append(
            TrendMark(
                x=_units(x),
                left=_units(x - width / 2),
                width=_units(width),
                top=_units(top),
                height=_units(LINE + GAP + COLUMNS - top),
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


def _top(undetected: int, most: int) -> float:
    """Upper edge of a column."""
    return LINE + GAP + COLUMNS * (1 - undetected / most)


def _day(run: Run) -> str:
    began = moment(run.started_at)
    return began.strftime("%Y-%m-%d") if began else run.started_at


def _units(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
