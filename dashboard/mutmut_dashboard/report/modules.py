"""Files and folders of a target with their scores and their coverage, as a table."""

from __future__ import annotations

from collections.abc import Sequence

from mutmut_dashboard import metrics
from mutmut_dashboard.metrics import Ratio, Score
from mutmut_dashboard.model import TargetRecord
from mutmut_dashboard.report import routes
from mutmut_dashboard.report.facts import Facts
from mutmut_dashboard.report.folders import Entry, entries
from mutmut_dashboard.report.levels import level_of, limits_of
from mutmut_dashboard.report.pages.common import Fact
from mutmut_dashboard.report.pages.overview import Cell, ModuleRow, ModuleTable
from mutmut_dashboard.report.tallies import FileTally
from mutmut_dashboard.report.wording import number, plural

MOST_ROWS = 1500
"""Files and folders in the table."""
_FEW_ROWS = 10
"""With fewer rows and no folder, nobody needs to search."""
DEEPEST = 8
"""Deeper folders are indented no further."""
_COLUMNS = (
    Fact("mutants", "All mutants there"),
    Fact("undetected", "Survived and uncovered"),
    Fact("undecided", "Undetected, and nobody decided about them"),
    Fact("score", metrics.MUTATION_SCORE_FORMULA),
    Fact("adjusted", metrics.ADJUSTED_SCORE_FORMULA),
    Fact("covered", metrics.COVERED_SCORE_FORMULA),
    Fact("lines", metrics.LINE_COVERAGE_FORMULA),
    Fact("branches", metrics.BRANCH_COVERAGE_FORMULA),
)
_FORMULAS = _COLUMNS[3:]


def module_table(facts: Facts, at: int, files: Sequence[FileTally]) -> ModuleTable:
    """The table of the target at that position."""
    target = facts.snapshot.targets[at]
    own = [tally for tally in files if tally.file.target == at]
    found = entries(own, target.coverage_of)
    folders = any(entry.file is None for entry in found)
    return ModuleTable(
        target=target.record.name,
        columns=_COLUMNS,
        formulas=_FORMULAS,
        limits=limits_of([target.record]),
        rows=tuple(_row(facts, target.record, entry) for entry in found[:MOST_ROWS]),
        folders=folders,
        searched=folders or len(found) >= _FEW_ROWS,
        rest=_rest(found[MOST_ROWS:]),
    )


def _rest(left_out: Sequence[Entry]) -> str:
    files = sum(entry.file is not None for entry in left_out)
    return f"and {plural(files, 'more file')}, which the totals of their folders count" if files else ""


def _row(facts: Facts, target: TargetRecord, entry: Entry) -> ModuleRow:
    counts, covered = entry.tally.counts, entry.covered
    folder = "" if entry.file is None else entry.path.removesuffix(entry.name)
    return ModuleRow(
        folder=folder,
        name=entry.name,
        depth=str(entry.depth),
        indent=str(min(entry.depth, DEEPEST)),
        files="" if entry.file else plural(entry.files, "file"),
        route=routes.of_source(entry.path) if entry.file else "",
        changed=entry.file is not None and entry.path in (facts.changed or ()),
        numbers=(
            count_cell(counts.total),
            count_cell(counts.undetected),
            count_cell(entry.tally.undecided),
            score_cell(metrics.mutation_score(counts), target),
            score_cell(metrics.adjusted_score(counts, entry.tally.excused), target),
            score_cell(metrics.covered_score(counts), target),
            ratio_cell(Ratio(covered.executed, covered.lines)),
            ratio_cell(Ratio(covered.taken, covered.branches)),
        ),
    )


def count_cell(value: int) -> Cell:
    """A number of things."""
    return Cell(number(value), str(value))


def score_cell(score: Score, target: TargetRecord | None = None) -> Cell:
    """A score, sorted by the lowest value it may have; one of a target with its level."""
    return Cell(str(score), _value(score.low), level_of(score, target) if target else "")


def ratio_cell(ratio: Ratio) -> Cell:
    """A share, `n/a` of nothing."""
    return Cell(metrics.percent(ratio), _value(ratio))


def _value(ratio: Ratio) -> str:
    return "-1" if ratio.value is None else f"{ratio.value:.6f}"
