"""How the mutants and the lines of each function and each class fare, so that the rows of either sum up to the run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from mutmut_dashboard import metrics
from mutmut_dashboard.metrics import Ratio
from mutmut_dashboard.model import TargetRecord
from mutmut_dashboard.report import routes
from mutmut_dashboard.report.facts import Facts
from mutmut_dashboard.report.levels import limits_of
from mutmut_dashboard.report.modules import count_cell, ratio_cell, score_cell
from mutmut_dashboard.report.numbering import NumberedFile
from mutmut_dashboard.report.pages.common import Fact
from mutmut_dashboard.report.pages.overview import Cell, PartRow, PartTable
from mutmut_dashboard.report.regions import Covered, Regions
from mutmut_dashboard.report.rulings import Rulings
from mutmut_dashboard.report.tallies import FileTally, FunctionTally, Tally, tally_files
from mutmut_dashboard.report.wording import plural

MOST_ROWS = 200
"""Rows that stand in the page itself; the others are in a data file."""
OUTSIDE = "outside of classes"
"""Stands for what of a file is in no class."""
_NUMBERS = (
    Fact("mutants", "All mutants there"),
    Fact("undetected", "Survived and uncovered"),
    Fact("undecided", "Undetected, and nobody decided about them"),
    Fact("score", metrics.MUTATION_SCORE_FORMULA),
    Fact("lines", metrics.LINE_COVERAGE_FORMULA),
    Fact("branches", metrics.BRANCH_COVERAGE_FORMULA),
)
_FORMULAS = _NUMBERS[3:]


@dataclass(frozen=True)
class Part:
    """A function, a class with its methods, or what of a file is in no class."""

    name: str
    file: NumberedFile
    line: int
    """Where a function begins; 0 for others and where it is not known."""
    functions: Sequence[FunctionTally]
    """Its functions with mutants."""
    tally: Tally
    numbers: tuple[Cell, ...]

    @property
    def weak(self) -> list[str]:
        """The functions with undetected mutants."""
        return [function.name for function in self.functions if function.tally.counts.undetected]


class Counted(NamedTuple):
    """What the page and a data file share, counted once for both."""

    files: Sequence[FileTally]
    functions: Sequence[Part]
    classes: Sequence[Part]


def counted(facts: Facts) -> Counted:
    """Count the mutants of a run by file, function and class."""
    files = tally_files(facts, Rulings(facts.decisions))
    return Counted(files, functions_of(facts, files), classes_of(facts, files))


def functions_of(facts: Facts, files: Sequence[FileTally]) -> list[Part]:
    """Every function, those with most undecided survivors first; functions without mutants, too."""
    regions = _regions(facts)
    return _ranked(part for file in files for part in _functions(facts, file, regions[file.file.number]))


def classes_of(facts: Facts, files: Sequence[FileTally]) -> list[Part]:
    """Every class with mutants, those with most undecided survivors first; nothing where no function is a method."""
    regions = _regions(facts)
    parts = [part for file in files for part in _classes(facts, file, regions[file.file.number])]
    return _ranked(parts) if any(part.name != OUTSIDE for part in parts) else []


def function_table(facts: Facts, parts: Sequence[Part]) -> PartTable:
    """The functions that stand in the page itself."""
    return _table(facts, parts, _NUMBERS, "function")


def class_table(facts: Facts, parts: Sequence[Part]) -> PartTable:
    """The classes that stand in the page itself."""
    return _table(facts, parts, (Fact("functions", "Functions with mutants"), *_NUMBERS), "class", "classes")


def class_of(function: str) -> str:
    """Name of the class that a function is a method of, from its qualified name; `OUTSIDE` for a plain function."""
    name, _, method = function.rpartition(".")
    return name if all(part.isidentifier() for part in (*name.split("."), method)) else OUTSIDE


def _ranked(parts: Iterator[Part] | Sequence[Part]) -> list[Part]:
    return sorted(
        parts,
        key=lambda part: (
            *(-part.tally.undecided, -part.tally.counts.undetected, -part.tally.counts.total),
            *(part.file.path, part.name),
        ),
    )


def _functions(facts: Facts, file: FileTally, regions: Regions) -> Iterator[Part]:
    spans = facts.spans.get(file.file.path, {})
    target = facts.snapshot.targets[file.file.target].record
    bare = (FunctionTally(file.file, name, Tally()) for name in spans if name not in file.file.functions)
    for own in (*file.functions, *bare):
        line = spans[own.name][0].first if own.name in spans else 0
        numbers = _numbers(own.tally, regions.of([own.name]), target)
        yield Part(own.name, file.file, line, [own], own.tally, numbers)


def _classes(facts: Facts, file: FileTally, regions: Regions) -> Iterator[Part]:
    target = facts.snapshot.targets[file.file.target].record
    names: dict[str, list[str]] = {}
    for name in facts.spans.get(file.file.path, {}):
        names.setdefault(class_of(name), []).append(name)
    methods = [name for group, own in names.items() if group != OUTSIDE for name in own]
    members: dict[str, list[FunctionTally]] = {}
    for function in file.functions:
        members.setdefault(class_of(function.name), []).append(function)
    for name, functions in members.items():
        tally = Tally.together(function.tally for function in functions)
        covered = regions.without(methods) if name == OUTSIDE else regions.of(names.get(name, ()))
        numbers = (count_cell(len(functions)), *_numbers(tally, covered, target))
        yield Part(name, file.file, 0, functions, tally, numbers)


def _regions(facts: Facts) -> list[Regions]:
    """By the number of the file."""
    coverage = [target.coverage_of for target in facts.snapshot.targets]
    return [
        Regions(facts.spans.get(file.path, {}), coverage[file.target].get(file.path))
        for file in facts.numbers.files
    ]


def _numbers(tally: Tally, covered: Covered, target: TargetRecord) -> tuple[Cell, ...]:
    counts = tally.counts
    return (
        count_cell(counts.total),
        count_cell(counts.undetected),
        count_cell(tally.undecided),
        score_cell(metrics.mutation_score(counts), target),
        ratio_cell(Ratio(covered.executed, covered.lines)),
        ratio_cell(Ratio(covered.taken, covered.branches)),
    )


def _table(
    facts: Facts, parts: Sequence[Part], columns: tuple[Fact, ...], noun: str, nouns: str = ""
) -> PartTable:
    left_out = len(parts) - MOST_ROWS
    return PartTable(
        columns=columns,
        formulas=_FORMULAS,
        limits=limits_of(target.record for target in facts.snapshot.targets),
        rows=tuple(map(_row, parts[:MOST_ROWS])),
        rest=f"{plural(left_out, 'more row')}: the tables of files count them, too." if left_out > 0 else "",
        whole=f"Show all {plural(len(parts), noun, nouns or f'{noun}s')}" if left_out > 0 else "",
    )


def _row(part: Part) -> PartRow:
    return PartRow(
        name=part.name,
        outside=part.name == OUTSIDE,
        file=part.file.path,
        route=_route(part),
        numbers=part.numbers,
    )


def _route(part: Part) -> str:
    weak = part.weak
    if weak:
        return routes.of_functions(part.file.path, weak)
    return routes.of_source(part.file.path, part.line)
