"""From recorded facts to the page: pure, so the same store and the same moment give the same page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mutmut_dashboard import __version__, metrics
from mutmut_dashboard.model import Choice, Run, RunState, Status, Weighed
from mutmut_dashboard.report.honesty import honesty
from mutmut_dashboard.report.ledgers import detected_files, test_table
from mutmut_dashboard.report.overview import every_status, target_band, worst_functions
from mutmut_dashboard.report.pages import Fact, Header, IndexPage
from mutmut_dashboard.report.rows import Places, having, reason_groups
from mutmut_dashboard.report.rulings import CHOICES, Rulings
from mutmut_dashboard.report.snapshot import Judged, Snapshot
from mutmut_dashboard.report.survivors import SurvivorLists
from mutmut_dashboard.report.wording import age, duration, moment, number, plural, why

_FORMULAS = (
    Fact("mutation score", metrics.MUTATION_SCORE_FORMULA),
    Fact("adjusted score", metrics.ADJUSTED_SCORE_FORMULA),
    Fact("covered score", metrics.COVERED_SCORE_FORMULA),
    Fact("coverage", metrics.COVERAGE_FORMULA),
)


def index_page(
    snapshot: Snapshot,
    *,
    project: str,
    now: datetime,
    changed: frozenset[str] | None = None,
    decisions: Sequence[Weighed] = (),
) -> IndexPage:
    """Build the dashboard; `changed` names the files whose text changed since the run, None where nobody looked."""
    places = Places(snapshot)
    rulings = Rulings(decisions)
    several = len(snapshot.targets) > 1
    survivors = [
        group
        for target in snapshot.targets
        for group in SurvivorLists(
            target, snapshot.sources, places, rulings, changed or frozenset(), several_targets=several
        ).files()
    ]
    return IndexPage(
        version=__version__,
        header=_header(snapshot, project, now),
        targets=tuple(
            target_band(target, metrics.excused(decisions, target.record.name)) for target in snapshot.targets
        ),
        worst=worst_functions(snapshot.targets, rulings),
        honesty=honesty(snapshot, places, changed, rulings),
        survivors=tuple(survivors),
        survivors_words=_survivors_words(snapshot),
        decided_words=_decided_words(snapshot, rulings),
        unjudged=reason_groups(
            having(snapshot, Status.ERROR, Status.PENDING), _not_judged, lambda j: places.mutant(j.mutant)
        ),
        detected=tuple(
            file
            for target in snapshot.targets
            for file in detected_files(target, places, several_targets=several)
        ),
        detected_words=_detected_words(snapshot),
        tests=tuple(test_table(target, places) for target in snapshot.targets),
        statuses=every_status(snapshot.counts),
        formulas=_FORMULAS,
        choices=CHOICES,
    )


def _header(snapshot: Snapshot, project: str, now: datetime) -> Header:
    run, counts = snapshot.run, snapshot.counts
    began = moment(run.started_at)
    return Header(
        project=project,
        commit=run.provenance.commit[:10],
        started=run.started_at,
        age=age(began, now) if began else "",
        mutants=plural(counts.total, "mutant"),
        duration=_took(run),
        warnings=_warnings(run, counts.unjudged),
        survivors=number(counts.undetected),
        unjudged=number(counts.unjudged),
        detected=number(counts.detected),
        tests=number(sum(len(target.tests) for target in snapshot.targets)),
    )


def _took(run: Run) -> str:
    began, ended = moment(run.started_at), moment(run.finished_at)
    return duration((ended - began).total_seconds()) if began and ended else ""


def _warnings(run: Run, unjudged: int) -> tuple[str, ...]:
    words = ["dirty"] if run.provenance.dirty else []
    if unjudged or run.state is not RunState.COMPLETE:
        words.append("incomplete")
    return tuple(words)


def _not_judged(judged: Judged) -> str:
    return f"Not judged: {why(judged.mutant, judged.verdict)}."


def _survivors_words(snapshot: Snapshot) -> str:
    counts = snapshot.counts
    if not counts.total:
        return "No mutants were made, so none could survive."
    if counts.undetected:
        return f"{number(counts.survived)} survived and {number(counts.uncovered)} uncovered, of {number(counts.valid)} that count."
    if not counts.valid:
        return "No mutant was judged yet."
    return "No survivors."


def _decided_words(snapshot: Snapshot, rulings: Rulings) -> str:
    undetected = having(snapshot, Status.SURVIVED, Status.UNCOVERED)
    decided = sum(rulings.of(judged.mutant) is not Choice.OPEN for judged in undetected)
    return f"{number(decided)} of {number(len(undetected))} decided" if undetected else ""


def _detected_words(snapshot: Snapshot) -> str:
    counts = snapshot.counts
    if not counts.detected:
        return "No mutant was detected."
    return f"{number(counts.killed)} killed and {number(counts.timeout)} timed out, of {number(counts.valid)} that count."
