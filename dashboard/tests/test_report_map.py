"""The map and the tables of files: areas, shades, bounds, and the same numbers in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote

import pytest
from factories import EVIL, FILE, Recorded, a_mutant, weighed
from hypothesis import example, given
from hypothesis import strategies as st
from sites import many, tallied

from mutmut_dashboard.model import Choice, Status, Weighed
from mutmut_dashboard.report import anchors, modules, routes
from mutmut_dashboard.report import map as map_module
from mutmut_dashboard.report.map import HEIGHT, WIDTH, draw_map, shade
from mutmut_dashboard.report.modules import module_table
from mutmut_dashboard.report.pages.overview import Map, MapCell, MapFile, ModuleTable
from mutmut_dashboard.report.treemap import Box, squarify

SIZES = st.lists(st.integers(1, 10_000), min_size=1, max_size=60).map(
    lambda sizes: sorted(sizes, reverse=True)
)
BOXES = st.builds(Box, st.just(3.0), st.just(5.0), st.floats(1, 2000), st.floats(1, 2000))


class TestSquarify:
    @given(SIZES, BOXES)
    def test_areas_are_in_proportion_and_fill_the_box(self, sizes: list[int], box: Box) -> None:
        placed = squarify(sizes, box)
        whole = box.width * box.height
        for size, own in zip(sizes, placed, strict=True):
            assert own.width * own.height == pytest.approx(whole * size / sum(sizes), rel=1e-6)

    @given(SIZES, BOXES)
    def test_rectangles_stay_inside_and_apart(self, sizes: list[int], box: Box) -> None:
        placed = squarify(sizes, box)
        slack = 1e-6 * max(box.width, box.height)
        for at, own in enumerate(placed):
            assert own.x >= box.x - slack
            assert own.y >= box.y - slack
            assert own.x + own.width <= box.x + box.width + slack
            assert own.y + own.height <= box.y + box.height + slack
            for other in placed[at + 1 :]:
                across = min(own.x + own.width, other.x + other.width) - max(own.x, other.x)
                down = min(own.y + own.height, other.y + other.height) - max(own.y, other.y)
                assert across <= slack or down <= slack

    def test_equal_sizes_in_a_square_are_squares(self) -> None:
        assert {(box.width, box.height) for box in squarify([1] * 4, Box(0, 0, 10, 10))} == {(5.0, 5.0)}

    def test_a_box_without_room_gives_rectangles_without_room(self) -> None:
        assert squarify([2, 1], Box(1, 1, 0, 5)) == [Box(1, 1, 0, 0)] * 2


def drawn(tmp_path: Path, recorded: Recorded, decisions: Sequence[Weighed] = ()) -> tuple[Map, ModuleTable]:
    facts, files = tallied(tmp_path, recorded, decisions)
    found = draw_map(files)
    assert found is not None
    return found, module_table(facts, 0, files)


class TestMap:
    def test_a_function_is_a_link_to_its_survivors_with_its_numbers_in_words(self, tmp_path: Path) -> None:
        judged = [(a_mutant("qty", "1"), Status.SURVIVED), (a_mutant("qty", "2"), Status.KILLED)]
        found, _ = drawn(tmp_path, Recorded(judged))
        (cell,) = found.files[0].cells
        assert cell.words == "total in shop/prices.py: 1 undecided of 2 mutants"
        assert cell.route == routes.of_function(FILE, "total")
        assert cell.shade == "5"

    def test_what_is_decided_is_not_shaded(self, tmp_path: Path) -> None:
        mutant = a_mutant()
        found, _ = drawn(tmp_path, Recorded([(mutant, Status.SURVIVED)]), [weighed(mutant, Choice.TODO)])
        assert found.files[0].cells[0].shade == "0"

    def test_however_many_files_and_functions_the_drawing_is_bounded(self, tmp_path: Path) -> None:
        found, _ = drawn(tmp_path, many(60, 30))
        assert len(found.files) == map_module.MOST_FILES
        assert max(len(file.cells) for file in found.files) <= map_module.MOST_FUNCTIONS + 1
        assert [file.name for file in found.files if "more" in file.name] == ["13 more files"]

    def test_every_mutant_that_counts_is_in_some_rectangle(self, tmp_path: Path) -> None:
        recorded = many(60, 30)
        found, _ = drawn(tmp_path, recorded)
        counted = [cell.words.rpartition(" of ")[2] for file in found.files for cell in file.cells]
        numbers = [int("".join(filter(str.isdigit, words))) for words in counted]
        assert sum(numbers) == len(recorded.judged)

    def test_rectangles_stay_in_the_drawing(self, tmp_path: Path) -> None:
        found, _ = drawn(tmp_path, many(12, 12))
        for file in found.files:
            boxes: list[MapFile | MapCell] = [file, *file.cells]
            for box in boxes:
                assert float(box.x) + float(box.width) <= WIDTH + 0.2
                assert float(box.y) + float(box.height) <= HEIGHT + 0.2

    def test_a_run_without_mutants_has_no_map(self) -> None:
        assert draw_map([]) is None

    @pytest.mark.parametrize(
        ("undecided", "valid", "wanted"), [(0, 9, 0), (1, 1000, 1), (1, 2, 5), (9, 9, 5)]
    )
    def test_one_undecided_of_many_is_shaded_already(self, undecided: int, valid: int, wanted: int) -> None:
        assert shade(undecided, valid) == wanted


class TestModules:
    def test_a_file_stands_with_its_scores_and_its_coverage(self, tmp_path: Path) -> None:
        excused = a_mutant("qty", "3")
        judged = [(a_mutant("qty", "1"), Status.KILLED), (a_mutant("qty", "2"), Status.UNCOVERED)]
        decisions = [weighed(excused, Choice.ACCEPTED)]
        _, table = drawn(tmp_path, Recorded([*judged, (excused, Status.SURVIVED)]), decisions)
        (row,) = table.rows
        named = dict(zip([column.label for column in table.columns], row.numbers, strict=True))
        assert {label: cell.text for label, cell in named.items()} == {
            "mutants": "3",
            "undetected": "2",
            "undecided": "1",
            "score": "33.3 %",
            "adjusted": "50.0 %",
            "covered": "50.0 %",
            "lines": "87.5 %",
            "branches": "50.0 %",
        }
        assert named["score"].value == "0.333333"
        assert row.changed

    def test_a_long_table_says_what_it_leaves_out(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(modules, "MOST_ROWS", 2)
        _, table = drawn(tmp_path, many(5, 1))
        assert (len(table.rows), table.rest) == (
            2,
            "and 3 more files, which the totals of their folders count",
        )


class TestOperatorPlaces:
    def test_the_scripts_make_the_same(self) -> None:
        assert anchors.of_operator("swap-op ü_") == "operator-swap_2d_op-_fc__5f_"

    @given(st.lists(st.text(), unique=True, min_size=2, max_size=2))
    @example(["swap op", "swap-op"])
    @example(["_2d_", "-"])
    @example(["a b", "a_20_b"])
    def test_two_operators_never_share_one(self, names: list[str]) -> None:
        one, other = (anchors.of_operator(name) for name in names)
        assert one != other
        assert re.fullmatch(r"operator-[A-Za-z0-9_-]*", one)


class TestRoutes:
    @pytest.mark.parametrize("text", ["a b/c.py", "100%", EVIL, "ü", "a,b", "?#&=", "\ud800"])
    def test_any_text_can_stand_in_an_address(self, text: str) -> None:
        for route in (
            routes.of_mutant(text, text),
            routes.of_function(text, text),
            routes.of_source(text),
            routes.of_operator(text),
        ):
            assert route.isascii()
            assert not set(route[1:]) & set('#<>"` ')
        assert unquote(routes.of_source(text)) == f"#/source/{text.encode('utf-8', 'replace').decode()}"

    def test_a_function_is_one_choice_of_the_filter(self) -> None:
        assert routes.of_function("a,b.py", "f%") == "#/queue?function=a%252Cb.py:f%2525"

    def test_several_functions_are_several_choices(self) -> None:
        assert routes.of_functions("a.py", ["f", "g,h"]) == "#/queue?function=a.py:f,a.py:g%252Ch"

    def test_slashes_part_a_path_but_not_a_target(self) -> None:
        assert routes.of_source("a/b.py") == "#/source/a/b.py"
        assert routes.of_mutant("a/b", "1f") == "#/mutant/a%2Fb/1f"
