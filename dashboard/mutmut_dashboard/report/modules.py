"""Files of a target with their scores and their coverage, as a table."""

from __future__ import annotations

from collections.abc import Sequence

from mutmut_dashboard import metrics
from mutmut_dashboard.metrics import Ratio, Score
from mutmut_dashboard.model import FileCoverage
from mutmut_dashboard.report import routes
from mutmut_dashboard.report.facts import Facts
from mutmut_dashboard.report.pages.common import Fact
from mutmut_dashboard.report.pages.overview import Cell, ModuleRow, ModuleTable
from mutmut_dashboard.report.tallies import FileTally
from mutmut_dashboard.report.wording import number, plural

MOST_FILES = 1000
_COLUMNS = (
    Fact("mutants", "All of the file's mutants"),
    Fact("undetected", "Survived and uncovered"),
    Fact("undecided", "Undetected, and nobody decided about them"),
    Fact("score", metrics.MUTATION_SCORE_FORMULA),
    Fact("adjusted", metrics.ADJUSTED_SCORE_FORMULA),
    Fact("covered", metrics.COVERED_SCORE_FORMULA),
    Fact("lines", "Lines that the clean run executed"),
    Fact("branches", "Branches that the clean run took"),
)


def module_table(facts: Facts, at: int, files: Sequence[FileTally]) -> ModuleTable:
    """The table of the target at that position."""
    target = facts.snapshot.targets[at]
    own = [tally for tally in files if tally.file.target == at]
    left_out = len(own) - MOST_FILES
    coverage = target.coverage_of
    return ModuleTable(
        target=target.record.name,
        columns=_COLUMNS,
        rows=tuple(_row(facts, tally, coverage.get(tally.file.path)) for tally in own[:MOST_FILES]),
        rest=f"and {plural(left_out, 'more file')}" if left_out > 0 else "",
    )


def _row(facts: Facts, own: FileTally, coverage: FileCoverage | None) -> ModuleRow:
    counts = own.tally.counts
    return ModuleRow(
        file=own.file.path,
        route=routes.of_source(own.file.path),
        changed=own.file.path in (facts.changed or ()),
        numbers=(
            _count(counts.total),
            _count(counts.undetected),
            _count(own.tally.undecided),
            _score(metrics.mutation_score(counts)),
            _score(metrics.adjusted_score(counts, own.tally.excused)),
            _score(metrics.covered_score(counts)),
            _ratio(_lines(coverage) if coverage else Ratio(0, 0)),
            _ratio(Ratio(coverage.covered_branches, coverage.branches) if coverage else Ratio(0, 0)),
        ),
    )


def _lines(coverage: FileCoverage) -> Ratio:
    return Ratio(len(coverage.executed), len(coverage.executed) + len(coverage.missing))


def _count(value: int) -> Cell:
    return Cell(number(value), str(value))


def _score(score: Score) -> Cell:
    return Cell(str(score), _value(score.low))


def _ratio(ratio: Ratio) -> Cell:
    return Cell(metrics.percent(ratio), _value(ratio))


def _value(ratio: Ratio) -> str:
    return "-1" if ratio.value is None else f"{ratio.value:.6f}"
