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
from mutmut_dashboard.report.pages.overview import Map, MapCell, MapGroup, ModuleTable
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
        (cell,) = found.groups[0].cells
        assert cell.words == "total in shop/prices.py: 1 undecided of 2 mutants"
        assert cell.route == routes.of_function(FILE, "total")
        assert cell.shade == "5"

    def test_what_is_decided_is_not_shaded(self, tmp_path: Path) -> None:
        mutant = a_mutant()
        found, _ = drawn(tmp_path, Recorded([(mutant, Status.SURVIVED)]), [weighed(mutant, Choice.TODO)])
        assert found.groups[0].cells[0].shade == "0"

    def test_however_many_files_and_functions_the_drawing_is_bounded(self, tmp_path: Path) -> None:
        found, _ = drawn(tmp_path, many(48, 30))
        assert len(found.groups) == map_module.MOST_FILES
        assert max(len(file.cells) for file in found.groups) <= map_module.MOST_FUNCTIONS + 1
        assert {(file.kind, file.route) for file in found.groups} == {("file", "")}
        assert found.legend.startswith("Files and functions, ")

    def test_of_many_files_the_smallest_of_a_folder_are_drawn_together(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(map_module, "MOST_CELLS", 48)
        found, _ = drawn(tmp_path, many(60, 2))
        (folder,) = found.groups
        assert len(folder.cells) == map_module.MOST_CELLS
        assert [(cell.name, cell.route) for cell in folder.cells if "more" in cell.name] == [
            ("13 more files", routes.of_files(f"f{number:03}.py" for number in range(47, 60)))
        ]

    @pytest.mark.parametrize("files", [48, 60])
    def test_every_mutant_that_counts_is_in_some_rectangle(self, tmp_path: Path, files: int) -> None:
        recorded = many(files, 30)
        found, _ = drawn(tmp_path, recorded)
        counted = [cell.words.rpartition(" of ")[2] for file in found.groups for cell in file.cells]
        numbers = [int("".join(filter(str.isdigit, words))) for words in counted]
        assert sum(numbers) == len(recorded.judged)

    @pytest.mark.parametrize("files", [12, 60])
    def test_rectangles_stay_in_the_drawing(self, tmp_path: Path, files: int) -> None:
        found, _ = drawn(tmp_path, many(files, 12))
        for file in found.groups:
            boxes: list[MapGroup | MapCell] = [file, *file.cells]
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


def in_folders(counts: dict[str, int]) -> Recorded:
    """So many files in each folder, each with a survivor and a killed mutant."""
    judged = [
        (a_mutant("qty", f"{folder}{number}{status}", file=f"{folder}f{number:03}.py"), status)
        for folder, files in counts.items()
        for number in range(files)
        for status in (Status.SURVIVED, Status.KILLED)
    ]
    return Recorded(judged, coverage=[], reach={})


def heads(found: Map) -> list[str]:
    return [group.name.partition(":")[0] for group in found.groups]


class TestMapOfManyFiles:
    def test_folders_hold_files_that_lead_to_their_source(self, tmp_path: Path) -> None:
        found, _ = drawn(tmp_path, in_folders({"src/a/": 30, "src/b/": 25}))
        assert [(group.kind, group.name, group.short) for group in found.groups] == [
            ("folder", "src/a/: 30 undecided of 60 mutants in 30 files", "a/"),
            ("folder", "src/b/: 25 undecided of 50 mutants in 25 files", "b/"),
        ]
        assert [len(group.cells) for group in found.groups] == [30, 25]
        cell = found.groups[1].cells[0]
        assert (cell.name, cell.words) == ("f000", "src/b/f000.py: 1 undecided of 2 mutants")
        assert (cell.route, cell.shade) == (routes.of_source("src/b/f000.py"), "5")

    def test_it_says_that_it_shows_folders_and_files(self, tmp_path: Path) -> None:
        found, _ = drawn(tmp_path, in_folders({"src/a/": 30, "src/b/": 25}))
        assert found.legend.startswith("Folders in src/ and their files, sized by their mutants; ")
        assert found.label.startswith("Map of 55 files by folder: 55 undecided of 110 mutants; ")

    def test_a_folder_leads_to_the_queue_with_its_files(self, tmp_path: Path) -> None:
        found, _ = drawn(tmp_path, in_folders({"a/": 60, "b/": 2, "c d/": 51, "x/b/": 51}))
        assert {name: group.route for name, group in zip(heads(found), found.groups, strict=True)} == {
            "a/": "#/queue?q=a/",  # too many to be named one by one
            "b/": "#/queue?file=b/f000.py,b/f001.py",
            "c d/": routes.of_all_sources(),  # a search would part it at the space
            "x/b/": "#/queue?q=x/b/",  # what holds but one folder is named with it
        }

    def test_a_folder_that_a_search_does_not_tell_apart_leads_to_all_files(self, tmp_path: Path) -> None:
        found, _ = drawn(tmp_path, in_folders({"b/": 51, "x/b/": 51, "x/c/": 51}))
        by_name = dict(zip(heads(found), found.groups, strict=True))
        assert by_name["b/"].route == routes.of_all_sources()
        assert by_name["x/b/"].route == routes.of_search("x/b/")

    def test_folders_are_parted_while_they_can_be_read(self, tmp_path: Path) -> None:
        deep = {f"a/{sub}/": 10 for sub in "pqr"} | {"a/": 5, "b/": 20}
        assert heads(drawn(tmp_path, in_folders(deep))[0]) == ["b/", "a/p/", "a/q/", "a/r/", "a/ itself"]

    def test_of_too_many_folders_side_by_side_the_largest_are_told_apart(self, tmp_path: Path) -> None:
        found, _ = drawn(tmp_path, in_folders({f"a/s{number:02}/": 31 - number for number in range(30)}))
        assert len(found.groups) == map_module.MOST_FOLDERS
        named = heads(found)
        assert "7 more folders" in named
        assert {"a/s00/", "a/s22/"} < set(named)
        assert "a/s23/" not in named

    def test_names_cut_until_they_are_alike_are_left_out(self, tmp_path: Path) -> None:
        judged = [
            (a_mutant("qty", f"{number}", file=f"module_with_a_long_name_{number:03}.py"), Status.SURVIVED)
            for number in range(60)
        ]
        (folder,) = drawn(tmp_path, Recorded(judged, coverage=[], reach={}))[0].groups
        assert {cell.short for cell in folder.cells} == {""}
        assert folder.short == "all files"


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
            routes.of_files([text]),
            routes.of_search(text),
        ):
            assert route.isascii()
            assert not set(route[1:]) & set('#<>"` ')
        assert unquote(routes.of_source(text)) == f"#/source/{text.encode('utf-8', 'replace').decode()}"

    def test_a_function_is_one_choice_of_the_filter(self) -> None:
        assert routes.of_function("a,b.py", "f%") == "#/queue?function=a%252Cb.py:f%2525"

    def test_several_functions_are_several_choices(self) -> None:
        assert routes.of_functions("a.py", ["f", "g,h"]) == "#/queue?function=a.py:f,a.py:g%252Ch"

    def test_several_files_are_several_choices(self) -> None:
        assert routes.of_files(["a/b.py", "c,d.py"]) == "#/queue?file=a/b.py,c%252Cd.py"

    def test_slashes_part_a_path_but_not_a_target(self) -> None:
        assert routes.of_source("a/b.py") == "#/source/a/b.py"
        assert routes.of_mutant("a/b", "1f") == "#/mutant/a%2Fb/1f"
