"""Folders in the table of files: what they hold, how they are named, and that nothing is counted twice or lost."""

from __future__ import annotations

from factories import a_coverage
from hypothesis import given
from hypothesis import strategies as st

from mutmut_dashboard.model import Choice, Status
from mutmut_dashboard.report.folders import Entry, entries
from mutmut_dashboard.report.numbering import NumberedFile
from mutmut_dashboard.report.regions import Covered
from mutmut_dashboard.report.tallies import FileTally, Tally

PARTS = st.sampled_from(["a", "b", "b.py", "long name"])
PATHS = st.sets(st.lists(PARTS, min_size=1, max_size=5).map("/".join), min_size=1, max_size=12).filter(
    lambda paths: not any(other.startswith(f"{path}/") for path in paths for other in paths)
)


def a_file(path: str, killed: int = 0, survived: int = 0) -> FileTally:
    tally = Tally()
    for status, count in ((Status.KILLED, killed), (Status.SURVIVED, survived)):
        for _ in range(count):
            tally.add(status, Choice.OPEN)
    return FileTally(NumberedFile(0, 0, path, 0, (), {}), tally, ())


def tree(*paths: str) -> list[tuple[int, str]]:
    return [(entry.depth, entry.name) for entry in entries([a_file(path) for path in sorted(paths)], {})]


class TestTree:
    def test_a_folder_stands_before_what_lies_in_it_and_folders_before_files(self) -> None:
        assert tree("app/web/a.py", "app/web/b.py", "app/core.py") == [
            *((0, "app/"), (1, "web/"), (2, "a.py"), (2, "b.py"), (1, "core.py"))
        ]

    def test_a_folder_with_nothing_but_one_folder_or_one_file_is_shown_in_one_with_it(self) -> None:
        assert tree("src/shop/a.py", "src/shop/b.py", "lib/deep/one.py") == [
            *((0, "lib/deep/one.py"), (0, "src/shop/"), (1, "a.py"), (1, "b.py"))
        ]

    def test_files_without_folders_are_just_a_list(self) -> None:
        assert tree("a.py", "b.py") == [(0, "a.py"), (0, "b.py")]

    @given(PATHS)
    def test_the_names_on_the_way_to_a_file_are_its_path(self, paths: set[str]) -> None:
        way: list[str] = []
        found = []
        for depth, name in tree(*paths):
            way[depth:] = [name]
            if not name.endswith("/"):
                found.append("".join(way))
        assert sorted(found) == sorted(paths)


class TestTotals:
    @given(PATHS, st.data())
    def test_a_folder_has_the_numbers_of_all_files_below_its_path(
        self, paths: set[str], data: st.DataObject
    ) -> None:
        numbers = {path: data.draw(st.tuples(st.integers(0, 3), st.integers(0, 3))) for path in sorted(paths)}
        files = [a_file(path, *own) for path, own in numbers.items()]
        for entry in entries(files, {}):
            below = [own for path, own in numbers.items() if path.startswith(entry.path)]
            counts = entry.tally.counts
            if entry.file is None:
                assert entry.files == len(below) > 1
                assert (counts.killed, counts.survived) == tuple(map(sum, zip(*below, strict=True)))
                assert entry.tally.undecided == counts.survived

    def test_lines_and_branches_are_added_up(self) -> None:
        folder: Entry
        coverage = {path: a_coverage(file=path) for path in ("app/a.py", "app/b.py")}
        folder, *_ = entries([a_file(path) for path in (*coverage, "app/c.py")], coverage)
        assert folder.covered == Covered(lines=16, executed=14, branches=4, taken=2)
