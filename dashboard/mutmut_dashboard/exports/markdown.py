"""A summary in GitHub Flavored Markdown 0.29, for the page of a CI job.

https://github.github.com/gfm/
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from mutmut_dashboard import metrics
from mutmut_dashboard.exports.facts import Facts, Judged, TargetFacts
from mutmut_dashboard.exports.text import code, link, moment, plain
from mutmut_dashboard.metrics import Counts, Ratio, Score
from mutmut_dashboard.model import RunState, Status

MOST_SURVIVORS = 50
"""Rows of the table of survivors; a job's page holds a megabyte at most, and a person reads less."""
_MOST_FUNCTIONS = 10
_UNFINISHED = {
    RunState.RUNNING: "The run is still going on, or its process died.",
    RunState.PART: "This is one part of a run; the others are to be merged with it.",
    RunState.INTERRUPTED: "The run was interrupted.",
    RunState.FAILED: "The run failed.",
}


def render(facts: Facts) -> str:
    """Write the summary of one run."""
    blocks = ["# Mutation testing", run_line(facts), *map(score_block, facts.targets)]
    blocks += [_status_table(facts), *_functions(facts), *_survivors(facts)]
    return "\n\n".join(blocks) + "\n"


def run_line(facts: Facts) -> str:
    """Say which run this is and whether it is whole."""
    run = facts.run
    commit = f" of {code(run.provenance.commit[:12])}" if run.provenance.commit else ""
    branch = f" on {code(run.provenance.branch)}" if run.provenance.branch else ""
    changed = " with uncommitted changes" if run.provenance.dirty else ""
    line = f"Run {run.id}{commit}{branch}{changed}, started {moment(run.started_at)}."
    if run.state is not RunState.COMPLETE:
        line += f" **{_UNFINISHED[run.state]}**"
    if facts.counts.unjudged:
        line += f" **{counted(facts.counts.unjudged, 'mutant')} not judged; scores are intervals.**"
    return line


def score_block(target: TargetFacts) -> str:
    """Write a target's scores, each with its formula in numbers and its floor."""
    rows = [
        [
            *("mutation score", str(target.score), _formula(target.counts, target.score)),
            _floor(target.score, target.record.score_floor),
        ],
        ["covered score", str(target.covered_score), _covered_formula(target), ""],
        ["coverage", str(target.covered), _share(target.covered), _coverage_floor(target)],
    ]
    if target.excused or target.record.adjusted_floor:
        floor = target.record.adjusted_floor
        words = f"{counted(target.excused, 'survivor')} decided out"
        shown = _floor(target.adjusted_score, floor) if floor else ""
        rows.insert(1, ["adjusted score", str(target.adjusted_score), words, shown])
    return f"## {code(target.record.name)}\n\n" + table(("", "value", "is", "floor"), rows)


def _formula(counts: Counts, score: Score) -> str:
    if not score.exact:
        return f"{counts.unjudged} of {counts.valid + counts.unjudged} not judged"
    return (
        f"(killed {counts.killed} + timeout {counts.timeout}) / "
        f"(those + survived {counts.survived} + uncovered {counts.uncovered})"
    )


def _covered_formula(target: TargetFacts) -> str:
    counts = target.counts
    if not target.covered_score.exact:
        return f"{counts.unjudged} of {counts.detected + counts.survived + counts.unjudged} not judged"
    return f"(killed {counts.killed} + timeout {counts.timeout}) / (those + survived {counts.survived})"


def _share(ratio: Ratio) -> str:
    return f"{ratio.part} of {ratio.whole} lines and branches"


def _floor(score: Score, floor: float) -> str:
    if metrics.meets(score.low, floor):
        return f"{floor:g} %: met"
    return f"{floor:g} %: " + ("open" if metrics.meets(score.high, floor) else "**not met**")


def _coverage_floor(target: TargetFacts) -> str:
    floor = target.record.coverage_floor
    if not target.coverage:
        return f"{floor:g} %: not measured"
    return f"{floor:g} %: " + ("met" if metrics.meets(target.covered, floor) else "**not met**")


def _status_table(facts: Facts) -> str:
    rows = [
        [code(target.record.name), *(str(target.counts.of(status)) for status in Status)]
        for target in facts.targets
    ]
    return "## Mutants by status\n\n" + table(("target", *(status.value for status in Status)), rows)


def _functions(facts: Facts) -> list[str]:
    found = [judged for judged in facts.judged if judged.undetected]
    if not found:
        return []
    tally = Counter((j.mutant.target, j.mutant.file, j.mutant.function) for j in found)
    whole = Counter((j.mutant.target, j.mutant.file, j.mutant.function) for j in facts.judged)
    worst = sorted(tally, key=lambda place: (-tally[place], place))
    rows = [[code(p[2]), code(p[1]), f"{tally[p]} of {whole[p]}"] for p in worst[:_MOST_FUNCTIONS]]
    block = "## Functions with most undetected mutants\n\n"
    block += table(("function", "file", "undetected"), rows)
    return [block, *_more(len(worst) - _MOST_FUNCTIONS, "function")]


def _survivors(facts: Facts) -> list[str]:
    found = [judged for judged in facts.judged if judged.undetected]
    if not found:
        return ["No mutant is undetected." if facts.counts.valid else "No mutant was judged."]
    block = "## Undetected mutants\n\n" + survivor_table(found[:MOST_SURVIVORS], decided=facts.decided)
    return [block, *_more(len(found) - MOST_SURVIVORS, "undetected mutant")]


def survivor_table(found: Iterable[Judged], *, decided: bool) -> str:
    """List mutants, one a row."""
    rows = [
        [
            link(code(judged.key), judged.address),
            judged.status.value,
            code(f"{judged.mutant.file}:{judged.mutant.line}", 120),
            code(judged.mutant.function),
            code(judged.mutant.original),
            code(judged.mutant.replacement),
            *([_decision(judged)] if decided else []),
        ]
        for judged in found
    ]
    names = (
        "id",
        "status",
        "place",
        "function",
        "original",
        "replacement",
        *(["decision"] if decided else []),
    )
    return table(names, rows)


def _decision(judged: Judged) -> str:
    return plain(": ".join(filter(None, judged.decision))) if judged.decision else "open"


def _more(count: int, noun: str) -> list[str]:
    return [f"… and {counted(count, f'more {noun}')}."] if count > 0 else []


def counted(count: int, noun: str) -> str:
    """Write a count with its noun."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def table(names: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table; cells are Markdown already."""
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
