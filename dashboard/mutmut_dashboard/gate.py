"""What is good enough: each shortfall of a target as one line that says what is short and by how many mutants."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mutmut_dashboard import metrics
from mutmut_dashboard.config import Ceilings, Floors, Target
from mutmut_dashboard.metrics import Counts, Ratio, Score

_MOST_NAMED = 5
"""New survivors named one by one."""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What the newest run says about one target."""

    counts: Counts
    coverage: Ratio
    excused: int = 0
    """Survivors decided equivalent or accepted."""
    accepted: int = 0
    """Survivors decided accepted."""
    unfinished: bool = False
    """Whether the run was stopped before its end."""
    shard: str = ""
    """Which part of a run this is; empty for a whole one."""
    scope: str = ""
    """What the run was limited to; empty where it judged all that is counted here."""
    changed: tuple[str, ...] = ()
    """Files that are no longer what was judged."""
    new: tuple[str, ...] = ()
    """Undecided mutants that the base run did not have as undetected."""
    base: int | None = None
    """Number of the base run; None where nothing is compared."""
    since: str = ""
    """The git revision since which lines changed, where only the mutants on those lines are counted."""


def doubts(name: str, measured: Measured | None) -> list[str]:
    """Say why there is nothing to hold against the floors: no run, an unfinished one, or one of other code or tests."""
    if measured is None:
        return [f"{name}: no run has judged it. Run it first."]
    lines = []
    unjudged = measured.counts.unjudged
    if measured.shard:
        lines.append(
            f"{name}: its latest run is only part {measured.shard}. Merge all parts with `mutmut-dashboard merge`."
        )
    elif measured.scope:
        lines.append(f"{name}: its latest run was limited to {measured.scope}. Run again without that limit.")
    elif unjudged:
        lines.append(f"{name}: {_mutants(unjudged)} not judged. Run again to judge just these.")
    elif measured.unfinished and not measured.since:
        lines.append(f"{name}: its latest run did not come to an end. Run again to finish it.")
    if measured.changed:
        files = ", ".join(measured.changed)
        lines.append(f"{name}: not what was judged: {files} changed since. Run again.")
    return lines


def shortfalls(target: Target, measured: Measured) -> list[str]:
    """Say what is short and by how much; nothing where every gate is met."""
    return [
        f"{target.name}: {line}"
        for line in (
            *_below(target.floors, measured),
            *_above(target.ceilings, measured),
            *_newcomers(measured),
        )
    ]


def _below(floors: Floors, measured: Measured) -> Iterator[str]:
    counts = measured.counts
    score, adjusted = metrics.mutation_score(counts), metrics.adjusted_score(counts, measured.excused)
    if measured.since:
        where = f" of the lines changed since {measured.since}"
        if counts.valid:
            yield from _below_floor(f"mutation score{where}", score, floors.mutation_score)
        if counts.valid > measured.excused:
            yield from _below_floor(f"adjusted score{where}", adjusted, floors.adjusted_score)
        return
    yield from _below_floor("mutation score", score, floors.mutation_score)
    yield from _below_floor("adjusted score", adjusted, floors.adjusted_score)
    if not metrics.meets(measured.coverage, floors.coverage):
        missing = metrics.missing_to(measured.coverage, floors.coverage)
        lack = f"{missing} more lines or branches must be run" if missing else "no coverage is recorded"
        yield f"coverage {measured.coverage} is below its floor of {floors.coverage:g} %: {lack}."


def _below_floor(label: str, score: Score, floor: float) -> Iterator[str]:
    if metrics.meets(score.low, floor):
        return
    missing = metrics.missing_to(score.low, floor)
    lack = (
        f"{missing} more {'mutant' if missing == 1 else 'mutants'} must be detected"
        if missing
        else "no mutant counts"
    )
    yield f"{label} {score} is below its floor of {floor:g} %: {lack}."


def _above(ceilings: Ceilings, measured: Measured) -> Iterator[str]:
    limits = (
        ("accepted", measured.accepted, ceilings.max_accepted),
        ("timed out", measured.counts.timeout, ceilings.max_timeouts),
    )
    for word, count, limit in limits:
        if limit is not None and count > limit:
            yield f"{_mutants(count)} {word}, {count - limit} more than the {limit} allowed."


def _newcomers(measured: Measured) -> Iterator[str]:
    if measured.new:
        rest = len(measured.new) - _MOST_NAMED
        named = ", ".join(measured.new[:_MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")
        what = "new undecided survivor" + ("" if len(measured.new) == 1 else "s")
        yield f"{len(measured.new)} {what} against run {measured.base}: {named}."


def describe_met(target: Target, measured: Measured) -> str:
    """Say on one line what was held against the gates of a target that meets them."""
    counts = measured.counts
    if measured.since and not counts.valid:
        return f"{target.name}: met: no mutant counts on the lines changed since {measured.since}"
    parts = [f"mutation score {metrics.mutation_score(counts)} (floor {target.floors.mutation_score:g} %)"]
    if measured.excused or target.floors.adjusted_score:
        adjusted = metrics.adjusted_score(counts, measured.excused)
        parts.append(f"adjusted {adjusted} (floor {target.floors.adjusted_score:g} %)")
    if measured.since:
        parts.append(f"of {_mutants(counts.valid)} on the lines changed since {measured.since}")
    else:
        parts.append(f"coverage {measured.coverage} (floor {target.floors.coverage:g} %)")
    if measured.base is not None:
        parts.append(f"nothing new against run {measured.base}")
    return f"{target.name}: met: {', '.join(parts)}"


def _mutants(count: int) -> str:
    return f"{count} {'mutant' if count == 1 else 'mutants'}"
