"""From recorded facts to the page: pure, so the same store and the same moment give the same page."""

from __future__ import annotations

from collections.abc import Iterator

from mutmut_dashboard import __version__, metrics
from mutmut_dashboard.model import Run, RunState, Status
from mutmut_dashboard.report.facts import Facts
from mutmut_dashboard.report.honesty import honesty
from mutmut_dashboard.report.map import draw_map
from mutmut_dashboard.report.modules import module_table
from mutmut_dashboard.report.operators import operator_table
from mutmut_dashboard.report.overview import every_status, target_band, worst_functions
from mutmut_dashboard.report.pages.common import Fact
from mutmut_dashboard.report.pages.frame import Header, IndexPage, SurvivorsPage
from mutmut_dashboard.report.pages.overview import Trend
from mutmut_dashboard.report.parts import Counted, class_table, function_table
from mutmut_dashboard.report.rows import Places, having, reason_groups
from mutmut_dashboard.report.rulings import CHOICES, STANDINGS, Rulings
from mutmut_dashboard.report.snapshot import Judged
from mutmut_dashboard.report.survivors import SurvivorTables
from mutmut_dashboard.report.trend import trend
from mutmut_dashboard.report.wording import age, duration, moment, number, plural, why

_FORMULAS = (
    Fact("mutation score", metrics.MUTATION_SCORE_FORMULA),
    Fact("adjusted score", metrics.ADJUSTED_SCORE_FORMULA),
    Fact("covered score", metrics.COVERED_SCORE_FORMULA),
    Fact("coverage", metrics.COVERAGE_FORMULA),
)


class Pages:
    """Builds every page of one rendering; `rows` is how many survivors a page lists at most."""

    def __init__(self, facts: Facts, counted: Counted, rows: int | None = None) -> None:
        self._facts = facts
        self._counted = counted
        self._places = Places(facts.snapshot)
        self._rulings = Rulings(facts.decisions)
        self._header = _header(facts)
        self._survivors = SurvivorTables(facts, self._places, self._rulings, rows)

    def index(self) -> IndexPage:
        """The first page."""
        facts, snapshot, counted = self._facts, self._facts.snapshot, self._counted
        return IndexPage(
            version=__version__,
            header=self._header,
            targets=tuple(target_band(facts, target) for target in snapshot.targets),
            worst=worst_functions(counted.files),
            trends=_trends(facts),
            map=draw_map(counted.files),
            modules=tuple(module_table(facts, at, counted.files) for at in range(len(snapshot.targets))),
            functions=function_table(facts, counted.functions),
            classes=class_table(facts, counted.classes),
            operators=operator_table(facts, self._rulings),
            honesty=honesty(facts, self._places, self._rulings),
            survivors=self._survivors.first(),
            unjudged=reason_groups(
                having(snapshot, Status.ERROR, Status.PENDING),
                _not_judged,
                lambda judged: self._places.mutant(judged.mutant),
            ),
            statuses=every_status(snapshot.counts),
            formulas=_FORMULAS,
            choices=CHOICES,
            standings=STANDINGS,
        )

    def further(self) -> Iterator[tuple[str, SurvivorsPage]]:
        """Name and content of each page after the first."""
        for name, table in self._survivors.others():
            yield name, SurvivorsPage(__version__, self._header, table)


def _trends(facts: Facts) -> tuple[Trend, ...]:
    drawn = (trend(facts.history, target.record.name) for target in facts.snapshot.targets)
    return tuple(one for one in drawn if one is not None)


def _header(facts: Facts) -> Header:
    snapshot = facts.snapshot
    run, counts = snapshot.run, snapshot.counts
    began = moment(run.started_at)
    return Header(
        project=facts.project,
        commit=run.provenance.commit[:10],
        branch=run.provenance.branch,
        started=run.started_at,
        age=age(began, facts.now) if began else "",
        mutants=plural(counts.total, "mutant"),
        duration=_took(run),
        warnings=_warnings(run, counts.unjudged),
        survivors=number(counts.undetected),
        unjudged=number(counts.unjudged),
        runs=number(len(facts.history.runs)),
        tests=number(len(facts.numbers.tests)),
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
