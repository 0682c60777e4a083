"""How the mutants of each class fare, and of each file's functions outside of classes, so that the rows sum up to the run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mutmut_dashboard import metrics
from mutmut_dashboard.report import routes
from mutmut_dashboard.report.modules import count_cell, score_cell
from mutmut_dashboard.report.pages.common import Fact
from mutmut_dashboard.report.pages.overview import ClassRow, ClassTable
from mutmut_dashboard.report.tallies import FileTally, FunctionTally, Tally
from mutmut_dashboard.report.wording import plural

MOST_ROWS = 200
OUTSIDE = "outside of classes"
"""Stands for what of a file is in no class."""
_COLUMNS = (
    Fact("functions", "Functions with mutants"),
    Fact("mutants", "All mutants there"),
    Fact("undetected", "Survived and uncovered"),
    Fact("undecided", "Undetected, and nobody decided about them"),
    Fact("score", metrics.MUTATION_SCORE_FORMULA),
)


@dataclass(frozen=True)
class _Group:
    """A class with its methods, or the functions of a file that are no methods."""

    name: str
    functions: Sequence[FunctionTally]
    tally: Tally

    @property
    def path(self) -> str:
        return self.functions[0].file.path


def class_table(files: Sequence[FileTally]) -> ClassTable:
    """Every class, those with most undecided survivors first; no row where no function is a method."""
    groups = [group for file in files for group in _groups(file)]
    if all(group.name == OUTSIDE for group in groups):
        groups = []
    ranked = sorted(
        groups,
        key=lambda group: (-group.tally.undecided, -group.tally.counts.undetected, group.path, group.name),
    )
    left_out = len(ranked) - MOST_ROWS
    return ClassTable(
        columns=_COLUMNS,
        rows=tuple(map(_row, ranked[:MOST_ROWS])),
        rest=f"{plural(left_out, 'more row')}: the tables of files count them, too." if left_out > 0 else "",
    )


def class_of(function: str) -> str:
    """Name of the class that a function is a method of, from its qualified name; `OUTSIDE` for a plain function."""
    name, _, method = function.rpartition(".")
    return name if all(part.isidentifier() for part in (*name.split("."), method)) else OUTSIDE


def _groups(file: FileTally) -> list[_Group]:
    members: dict[str, list[FunctionTally]] = {}
    for function in file.functions:
        members.setdefault(class_of(function.name), []).append(function)
    return [
        _Group(name, functions, Tally.together(function.tally for function in functions))
        for name, functions in members.items()
    ]


def _row(group: _Group) -> ClassRow:
    counts = group.tally.counts
    weak = [function.name for function in group.functions if function.tally.counts.undetected]
    return ClassRow(
        name=group.name,
        outside=group.name == OUTSIDE,
        file=group.path,
        route=routes.of_functions(group.path, weak) if weak else routes.of_source(group.path),
        numbers=(
            count_cell(len(group.functions)),
            count_cell(counts.total),
            count_cell(counts.undetected),
            count_cell(group.tally.undecided),
            score_cell(metrics.mutation_score(counts)),
        ),
    )
