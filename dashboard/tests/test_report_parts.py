"""The tables of functions and classes: mutants, scores, and the lines and branches that the clean run met of each."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path

import pytest
from factories import FILE, SOURCE, Recorded, a_coverage, a_mutant, weighed
from sites import many, tallied
from stories import Covered as CoveredStory

from mutmut_dashboard.model import Choice, Status, Weighed
from mutmut_dashboard.report import parts, routes
from mutmut_dashboard.report.chunks.payloads import RowsOfTable, TablesChunk
from mutmut_dashboard.report.chunks.tables import tables_chunk
from mutmut_dashboard.report.pages.overview import PartRow, PartTable
from mutmut_dashboard.report.parts import class_table, classes_of, counted, function_table, functions_of
from mutmut_dashboard.report.regions import Covered, Regions, Span, spans_of


class TestSpans:
    def test_a_function_has_its_decorators_its_body_and_its_end(self) -> None:
        source = """\
            class A:
                @property
                @x(
                    1)
                def f(self):
                    def g(): ...
                    return 1
            if 1:
                async def h(): ...
        """
        assert spans_of(textwrap.dedent(source)) == {"A.f": [Span(2, 6, 7)], "h": [Span(9, 9, 9)]}

    def test_a_property_has_two_stretches_under_one_name(self) -> None:
        source = """\
            class A:
                @property
                def f(self):
                    return 1
                @f.setter
                def f(self, value):
                    self.g = value
        """
        assert spans_of(textwrap.dedent(source)) == {"A.f": [Span(2, 4, 4), Span(5, 7, 7)]}

    @pytest.mark.parametrize(
        "source",
        [
            "try:\n    pass\nexcept E:\n    def f():\n        pass\n",
            "match x:\n    case 1:\n        1\n        def f():\n            pass\n",
        ],
    )
    def test_functions_are_found_wherever_a_statement_may_stand(self, source: str) -> None:
        assert set(spans_of(source)) == {"f"}

    def test_what_is_no_python_has_none(self) -> None:
        assert spans_of("def f(:\n") == {}


class TestRegions:
    def test_a_function_is_its_body(self) -> None:
        regions = Regions(spans_of(SOURCE), a_coverage())
        assert regions.of(["total"]) == Covered(lines=3, executed=2, branches=2, taken=1)
        assert regions.of(["Basket.add"]) == Covered(lines=2, executed=2)

    def test_branches_of_a_line_that_is_not_run_are_not_taken(self) -> None:
        coverage = a_coverage(executed=(4, 11, 12), missing=(6, 7, 8, 13, 14), partial={})
        assert Regions(spans_of(SOURCE), coverage).of(["total"]) == Covered(lines=3, branches=2)

    def test_the_rest_of_a_file_is_all_that_is_in_none_of_some_functions(self) -> None:
        regions = Regions(spans_of(SOURCE), a_coverage())
        assert regions.without(["Basket.add"]) + regions.of(["Basket.add"]) == Covered.of(a_coverage())

    def test_where_branches_were_not_recorded_by_line_no_rest_has_any(self) -> None:
        regions = Regions(spans_of(SOURCE), a_coverage(exits={}))
        assert regions.without(["Basket.add"]) == Covered(lines=6, executed=5)

    def test_of_a_file_without_coverage_nothing_is_known(self) -> None:
        assert Regions(spans_of(SOURCE), None).of(["total"]) == Covered()

    def test_what_a_run_records_by_line_sums_up_to_what_it_records_by_file(
        self, covered: CoveredStory
    ) -> None:
        files = covered.facts.coverage.values()
        assert any(file.branches > file.covered_branches for file in files)
        for file in files:
            whole = Regions({"all": [Span(1, 1, 10_000)]}, file).of(["all"])
            assert whole == Covered.of(file)


class TestFunctions:
    def table(self, tmp_path: Path, recorded: Recorded, decisions: Sequence[Weighed] = ()) -> PartTable:
        facts, files = tallied(tmp_path, recorded, decisions)
        return function_table(facts, functions_of(facts, files))

    def test_a_function_stands_with_its_scores_and_its_coverage(self, tmp_path: Path) -> None:
        excused = a_mutant("qty", "1")
        judged = [(excused, Status.SURVIVED), (a_mutant("qty", "2"), Status.UNCOVERED)]
        table = self.table(
            tmp_path,
            Recorded([*judged, (a_mutant("qty", "3"), Status.KILLED)]),
            [weighed(excused, Choice.TODO)],
        )
        row = table.rows[0]
        assert {column.label: cell.text for column, cell in zip(table.columns, row.numbers, strict=True)} == {
            "mutants": "3",
            "undetected": "2",
            "undecided": "1",
            "score": "33.3 %",
            "lines": "66.7 %",
            "branches": "50.0 %",
        }
        assert (row.name, row.file, row.route) == ("total", FILE, routes.of_function(FILE, "total"))

    def test_one_without_mutants_has_its_coverage_and_leads_to_its_source(self, tmp_path: Path) -> None:
        row = self.table(tmp_path, Recorded([(a_mutant(), Status.SURVIVED)])).rows[1]
        assert (row.name, row.route) == ("Basket.add", routes.of_source(FILE, 12))
        assert [cell.text for cell in row.numbers] == ["0", "0", "0", "n/a", "100 %", "n/a"]

    def test_one_whose_source_is_not_recorded_has_its_mutants(self, tmp_path: Path) -> None:
        row = self.table(tmp_path, Recorded([(a_mutant(function="gone"), Status.SURVIVED)])).rows[0]
        assert [row.name, *(cell.text for cell in row.numbers)] == [
            "gone",
            "1",
            "1",
            "1",
            "0 %",
            "n/a",
            "n/a",
        ]

    def test_none_is_missing_from_page_and_data_file_together(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        facts, files = tallied(tmp_path, many(6, 5))
        (tmp_path / "first").mkdir()
        every = function_table(facts, functions_of(facts, files))
        assert (len(every.rows), every.rest, every.whole) == (30, "", "")
        monkeypatch.setattr(parts, "MOST_ROWS", 7)
        monkeypatch.setattr("mutmut_dashboard.report.chunks.tables.MOST_ROWS", 7)
        cut = function_table(facts, functions_of(facts, files))
        assert (len(cut.rows), cut.whole) == (7, "Show all 30 functions")
        chunk = tables_chunk(counted(facts))
        rest = [
            (name, facts.numbers.files[file].path, *own)
            for name, file, own in zip(
                chunk["map"]["name"], chunk["map"]["file"], shown(chunk, chunk["map"]), strict=True
            )
        ]
        assert [(row.name, row.file, *map(tuple, pairs(row))) for row in cut.rows] + rest == [
            (row.name, row.file, *map(tuple, pairs(row))) for row in every.rows
        ]


def pairs(row: PartRow) -> list[tuple[str, str, str]]:
    return [(cell.text, cell.value, cell.level) for cell in row.numbers]


def shown(chunk: TablesChunk, rows: RowsOfTable) -> list[list[tuple[str, str, str]]]:
    return [[chunk["cells"][number] for number in own] for own in rows["numbers"]]


class TestClasses:
    def table(self, tmp_path: Path, recorded: Recorded, decisions: Sequence[Weighed] = ()) -> PartTable:
        facts, files = tallied(tmp_path, recorded, decisions)
        return class_table(facts, classes_of(facts, files))

    def test_a_class_counts_its_methods_and_a_files_other_functions_are_one_row(self, tmp_path: Path) -> None:
        excused = a_mutant("qty", "1", function="Basket.sum")
        judged = [
            (excused, Status.SURVIVED),
            (a_mutant("qty", "2", function="Basket.sum"), Status.KILLED),
            (a_mutant("qty", "3", function="Basket.add"), Status.UNCOVERED),
            (a_mutant("qty", "4", function="Basket.done"), Status.TIMEOUT),
            (a_mutant("qty", "5", function="Basket.Line.price"), Status.KILLED),
            (a_mutant("qty", "6", function="total"), Status.SURVIVED),
            (a_mutant("qty", "7", function="other"), Status.KILLED),
        ]
        table = self.table(tmp_path, Recorded(judged), [weighed(excused, Choice.ACCEPTED)])
        assert [column.label for column in table.columns] == [
            *("functions", "mutants", "undetected", "undecided", "score", "lines", "branches"),
        ]
        assert [(row.name, row.file, *(cell.text for cell in row.numbers)) for row in table.rows] == [
            ("Basket", FILE, "3", "4", "2", "1", "50.0 %", "100 %", "n/a"),
            (parts.OUTSIDE, FILE, "2", "2", "1", "1", "50.0 %", "83.3 %", "50.0 %"),
            ("Basket.Line", FILE, "1", "1", "0", "0", "100 %", "n/a", "n/a"),
        ]
        assert [row.route for row in table.rows] == [
            routes.of_functions(FILE, ["Basket.sum", "Basket.add"]),
            routes.of_function(FILE, "total"),
            routes.of_source(FILE),
        ]

    def test_where_no_function_is_a_method_there_is_no_table(self, tmp_path: Path) -> None:
        odd = ["total", "f.<locals>.g", "", ".", "a b.c"]
        judged = [(a_mutant("qty", "1", function=name), Status.SURVIVED) for name in odd]
        assert self.table(tmp_path, Recorded(judged)).rows == ()

    def test_rows_sum_up_to_the_run(self, tmp_path: Path) -> None:
        judged = [
            (a_mutant("qty", f"{n}", file=f"{n % 3}.py", function=f"{'K.' * (n % 2)}f{n}"), Status.SURVIVED)
            for n in range(20)
        ]
        rows = self.table(tmp_path, Recorded(judged)).rows
        assert len(rows) == 6
        assert [sum(int(row.numbers[at].value) for row in rows) for at in range(4)] == [20] * 4

    def test_a_long_table_says_what_it_leaves_out(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(parts, "MOST_ROWS", 2)
        judged = [(a_mutant("qty", "1", function=f"K{n}.f"), Status.SURVIVED) for n in range(5)]
        table = self.table(tmp_path, Recorded(judged))
        assert len(table.rows) == 2
        assert (table.rest, table.whole) == (
            "3 more rows: the tables of files count them, too.",
            "Show all 5 classes",
        )
