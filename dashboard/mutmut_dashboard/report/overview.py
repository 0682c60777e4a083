"""The overview: a band per target with its scores, and where to look first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from mutmut_dashboard import metrics
from mutmut_dashboard.config import Ceilings
from mutmut_dashboard.metrics import Counts, Ratio, Score
from mutmut_dashboard.model import Status, TargetRecord
from mutmut_dashboard.report import routes
from mutmut_dashboard.report.bars import ORDER, ratio_bar, relative_width, score_bar, status_bar
from mutmut_dashboard.report.excerpt import EXCLUDED
from mutmut_dashboard.report.facts import Facts
from mutmut_dashboard.report.levels import level_of
from mutmut_dashboard.report.pages.common import Fact, Measure, StatusCount
from mutmut_dashboard.report.pages.overview import Allowance, TargetBand, WorstFunction
from mutmut_dashboard.report.since import since
from mutmut_dashboard.report.snapshot import TargetData
from mutmut_dashboard.report.tallies import FileTally
from mutmut_dashboard.report.wording import SIGN, duration, number, plural

MOST_WORST = 7

_PLACE = {
    Status.KILLED: "",
    Status.TIMEOUT: "timeouts",
    Status.SURVIVED: "survivors",
    Status.UNCOVERED: "survivors",
    Status.SKIPPED: "honesty",
    Status.INVALID: "honesty",
    Status.ERROR: "unjudged",
    Status.PENDING: "unjudged",
}
"""Where mutants of a status are listed for readers without scripts."""


def target_band(facts: Facts, target: TargetData) -> TargetBand:
    """The band of one target."""
    counts = target.counts
    excused = metrics.excused(facts.decisions, target.record.name)
    functions = {(judged.mutant.file, judged.mutant.function) for judged in target.judged}
    files = {file for file, _ in functions}
    return TargetBand(
        name=target.record.name,
        extent=f"{plural(counts.total, 'mutant')} in {plural(len(functions), 'function')} "
        f"of {plural(len(files), 'file')}",
        score=_score(counts, target.record),
        adjusted=_adjusted_score(counts, excused, target.record),
        allowances=tuple(_allowances(facts, target)),
        changed=_changed_score(facts, target) if facts.base else None,
        changed_route=routes.of_changed_lines(target.record.name),
        covered=_covered_score(counts, target.record),
        coverage=_coverage(target),
        since=since(facts.history, target.record.name, facts.now),
        counts=tuple(
            _linked_count(status, counts, facts, target.record.name) for status in ORDER if counts.of(status)
        ),
        phases=_phases(target.record.seconds),
    )


def _phases(seconds: Mapping[str, float]) -> tuple[Fact, ...]:
    whole = sum(seconds.values())
    longest_first = sorted(seconds.items(), key=lambda item: -item[1])
    return tuple(
        Fact(phase, f"{duration(took)}, {100 * took / whole:.0f} %" if whole else duration(took))
        for phase, took in longest_first
    )


def every_status(counts: Counts) -> tuple[StatusCount, ...]:
    """Each status with its meaning, whether it occurs or not."""
    return tuple(_status_count(status, counts) for status in Status)


def _status_count(status: Status, counts: Counts) -> StatusCount:
    meaning = metrics.STATUS_MEANING[status]
    return StatusCount(status.value, SIGN[status], number(counts.of(status)), meaning, route="", place="")


def _linked_count(status: Status, counts: Counts, facts: Facts, target: str) -> StatusCount:
    route = routes.of_status(target, status, every_line=bool(facts.base))
    return replace(_status_count(status, counts), route=route, place=_PLACE[status])


def _score(counts: Counts, target: TargetRecord) -> Measure:
    floor = target.score_floor
    score = metrics.mutation_score(counts)
    top = f"killed {number(counts.killed)} + timeout {number(counts.timeout)}"
    verdict = _verdict(score, floor)
    return Measure(
        label="mutation score",
        value=str(score),
        exact=score.exact,
        formula=_formula(top, score),
        floor=_floor_words(verdict, floor, score.missing),
        verdict=verdict,
        level=level_of(score, target),
        bar=status_bar(counts, floor),
    )


def _adjusted_score(counts: Counts, excused: int, target: TargetRecord) -> Measure:
    floor = target.adjusted_floor
    score = metrics.adjusted_score(counts, excused)
    top = f"killed {number(counts.killed)} + timeout {number(counts.timeout)}"
    verdict = _verdict(score, floor)
    return Measure(
        label="adjusted score",
        value=str(score),
        exact=score.exact,
        formula=f"{_formula(top, score)}; {number(excused)} decided equivalent or accepted left out"
        if excused
        else "No survivor is decided equivalent or accepted, so it is the mutation score.",
        floor=_floor_words(verdict, floor, score.missing) if floor else "",
        verdict=verdict,
        level=level_of(score, target),
        bar=score_bar(score, f"adjusted score {score}", floor),
    )


def _allowances(facts: Facts, target: TargetData) -> Iterator[Allowance]:
    ceilings = facts.ceilings.get(target.record.name, Ceilings())
    accepted = metrics.accepted(facts.decisions, target.record.name)
    if ceilings.max_accepted is not None:
        are = plural(accepted, "survivor is", "survivors are")
        yield _allowance(f"{are} decided accepted", accepted, "max_accepted", ceilings.max_accepted)
    if ceilings.max_timeouts is not None:
        timeouts = target.counts.timeout
        what = f"{plural(timeouts, 'mutant')} timed out"
        yield _allowance(what, timeouts, "max_timeouts", ceilings.max_timeouts)


def _allowance(what: str, count: int, setting: str, limit: int) -> Allowance:
    if count > limit:
        more = f"{number(count - limit)} more than the {number(limit)} that {setting} allows"
        return Allowance(f"{what}, {more}: check refuses it.", kept=False)
    return Allowance(f"{what}, of at most {number(limit)} that {setting} allows.", kept=True)


def _changed_score(facts: Facts, target: TargetData) -> Measure:
    counts = metrics.count(
        judged.status
        for _, at, judged in facts.numbers.every_mutant()
        if at in facts.on_changed_lines and judged.mutant.target == target.record.name
    )
    score = metrics.mutation_score(counts)
    top = f"killed {number(counts.killed)} + timeout {number(counts.timeout)}"
    return Measure(
        label=f"on lines changed since {facts.base}",
        value=str(score),
        exact=score.exact,
        formula=_formula(top, score)
        if counts.valid or counts.unjudged
        else "No mutant stands on a changed line.",
        floor="",
        verdict="none",
        level=level_of(score, target.record),
        bar=status_bar(counts, 0),
    )


def _covered_score(counts: Counts, target: TargetRecord) -> Measure:
    score = metrics.covered_score(counts)
    top = f"killed {number(counts.killed)} + timeout {number(counts.timeout)}"
    return Measure(
        label="covered score",
        value=str(score),
        exact=score.exact,
        formula=_formula(top, score),
        floor="",
        verdict="none",
        level=level_of(score, target),
        bar=score_bar(score, f"covered score {score}", 0),
    )


def _formula(top: str, score: Score) -> str:
    if score.exact:
        return f"({top}) / {number(score.low.whole)}"
    whole = number(score.low.whole)
    return f"from ({top}) / {whole} to ({top} + not judged {number(score.missing)}) / {whole}"


def _verdict(score: Score, floor: float) -> str:
    if floor <= 0:
        return "none"
    if metrics.meets(score.low, floor):
        return "met"
    return "open" if metrics.meets(score.high, floor) else "missed"


def _floor_words(verdict: str, floor: float, missing: int) -> str:
    asked = f"floor {floor:g} %"
    return {
        "none": "no floor set",
        "met": f"{asked}, met",
        "missed": f"{asked}, not met",
        "open": f"{asked}, depends on the {plural(missing, 'missing verdict')}",
    }[verdict]


def _coverage(target: TargetData) -> Measure:
    files = target.coverage
    ratio = metrics.coverage(files)
    floor = target.record.coverage_floor
    exact = Score(ratio, ratio)
    verdict = _verdict(exact, floor) if files else "none"
    lines = Ratio(sum(len(f.executed) for f in files), sum(len(f.executed) + len(f.missing) for f in files))
    branches = Ratio(sum(f.covered_branches for f in files), sum(f.branches for f in files))
    excluded = sum(len(f.excluded) for f in files)
    left_out = f"; {plural(excluded, 'line')} {EXCLUDED}" if excluded else ""
    made_of = (
        f"(lines {number(lines.part)} + branches {number(branches.part)}) / "
        f"({number(lines.whole)} + {number(branches.whole)}){left_out}"
    )
    return Measure(
        label="coverage",
        value=metrics.percent(ratio),
        exact=True,
        formula=made_of if files else "The clean run recorded no coverage.",
        floor=_floor_words(verdict, floor, 0),
        verdict=verdict,
        level="",
        bar=ratio_bar(ratio, f"coverage {ratio}", floor),
    )


def worst_functions(files: Iterable[FileTally]) -> tuple[WorstFunction, ...]:
    """The functions with most undetected mutants that nobody decided about."""
    undecided = [own for file in files for own in file.functions if own.tally.undecided]
    ranked = sorted(undecided, key=lambda own: (-own.tally.undecided, own.file.number, own.name))
    return tuple(
        WorstFunction(
            function=own.name,
            file=own.file.path,
            route=routes.of_function(own.file.path, own.name),
            words=f"{number(own.tally.undecided)} of {number(own.tally.valid)}",
            width=relative_width(own.tally.undecided, ranked[0].tally.undecided),
        )
        for own in ranked[:MOST_WORST]
    )
