"""The map: files and functions, or folders and files, as rectangles sized by mutants and shaded by what is undecided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from os.path import commonprefix
from typing import Generic, TypeVar

from mutmut_dashboard.report import routes
from mutmut_dashboard.report.folders import Group, groups
from mutmut_dashboard.report.pages.overview import Map, MapCell, MapGroup
from mutmut_dashboard.report.tallies import FileTally, FunctionTally
from mutmut_dashboard.report.treemap import Box, squarify
from mutmut_dashboard.report.wording import number, plural

WIDTH, HEIGHT = 1000, 440
"""Units of the drawing."""
MOST_FILES = 48
"""With more files, folders and files are drawn instead of files and functions."""
MOST_FUNCTIONS = 24
"""Functions drawn of one file."""
MOST_FOLDERS = 24
MOST_CELLS = 1000
"""Files drawn in all folders together, a folder's share of them being that of its mutants."""
MOST_NAMED = 50
"""Files that an address names one by one."""
_PER_FUNCTION = 60
"""Height for each function where there are few: one rectangle says little."""
_TITLE = 18.0
_LETTER = 7.0
"""Width of a letter, in units: names that do not fit are cut or left out."""
_SMALLEST = 0.0008
"""Share of the drawing below which a function is drawn with others."""
_SMALLEST_FILE = 0.0002
"""The same for a file, which has no other place on the map."""
_SHADES = "sized by their mutants; the stronger the colour, the more of them is undetected and undecided."

_Tallied = TypeVar("_Tallied", FunctionTally, FileTally)


@dataclass(frozen=True)
class _Item(Generic[_Tallied]):
    """What becomes one rectangle: functions of a file, or files of a folder."""

    tallied: Sequence[_Tallied]

    @property
    def valid(self) -> int:
        return sum(own.tally.valid for own in self.tallied)

    @property
    def undecided(self) -> int:
        return sum(own.tally.undecided for own in self.tallied)

    @property
    def words(self) -> str:
        return f"{number(self.undecided)} undecided of {plural(self.valid, 'mutant')}"


def draw_map(files: Sequence[FileTally]) -> Map | None:
    """Draw the files that have mutants that count; None where there are none."""
    counted = [own for own in sorted(files, key=_by_size) if own.tally.valid]
    if not counted:
        return None
    return _functions_map(counted) if len(counted) <= MOST_FILES else _files_map(counted)


def _functions_map(files: Sequence[FileTally]) -> Map:
    whole = _Item(files)
    height = min(HEIGHT, _PER_FUNCTION * sum(len(own.functions) for own in files))
    boxes = squarify([own.tally.valid for own in files], Box(0, 0, WIDTH, height))
    return Map(
        label=f"Map of {plural(len(files), 'file')}: {whole.words}; the table below says the same",
        legend=f"Files and functions, {_SHADES}",
        fitted=False,
        box=f"0 0 {WIDTH} {height}",
        groups=tuple(_file(own, box, whole.valid) for own, box in zip(files, boxes, strict=True)),
    )


def _files_map(files: Sequence[FileTally]) -> Map:
    whole = _Item(files)
    found = sorted(groups(files, MOST_FOLDERS), key=lambda group: -_Item(group.files).valid)
    boxes = squarify([_Item(group.files).valid for group in found], Box(0, 0, WIDTH, HEIGHT))
    paths = [own.file.path for own in files]
    above = commonprefix(paths).rpartition("/")[0]  # noqa: RUF071 - cut at a slash; paths need not be the system's
    place = f"Folders in {above}/ and their files" if above and len(found) > 1 else "Folders and files"
    return Map(
        label=f"Map of {plural(len(files), 'file')} by folder: {whole.words}; the tables below say the same",
        legend=f"{place}, {_SHADES}",
        fitted=True,
        box=f"0 0 {WIDTH} {HEIGHT}",
        groups=tuple(
            _folder(group, box, whole.valid, paths, above) for group, box in zip(found, boxes, strict=True)
        ),
    )


def _by_size(own: FileTally) -> tuple[int, int]:
    return -own.tally.valid, own.file.number


def _file(own: FileTally, box: Box, total: int) -> MapGroup:
    items = _items(own.functions, total)
    name = own.file.path
    cells = _filled(items, box)
    return MapGroup(
        **_sides(box),
        name=name,
        short=_fitting(name.rpartition("/")[2], box.width) if _titled(box) else "",
        kind="file",
        route="",
        cells=tuple(_function_cell(item, cell) for item, cell in zip(items, cells, strict=True)),
    )


def _folder(group: Group, box: Box, total: int, paths: Sequence[str], above: str) -> MapGroup:
    whole = _Item(group.files)
    ranked = sorted(group.files, key=_by_size)
    most = max(1, MOST_CELLS * whole.valid // total)
    large = [own for own in ranked if own.tally.valid >= _SMALLEST_FILE * total]
    # Instead of one more file that file itself is drawn.
    shown = ranked if len(ranked) <= min(most, len(large) + 1) else large[: most - 1]
    rest = ranked[len(shown) :]
    items = [_Item([own]) for own in shown] + ([_Item(rest)] if rest else [])
    items.sort(key=lambda item: -item.valid)
    cells = _filled(items, box)
    return MapGroup(
        **_sides(box),
        name=f"{group.name}: {whole.words} in {plural(len(ranked), 'file')}",
        short=_ending(group.name.removeprefix(f"{above}/").strip() or group.name, box.width)
        if _titled(box)
        else "",
        kind="folder",
        route=_route(group.files, paths, group.path),
        cells=_told_apart(
            [
                _file_cell(item, cell, group.name, more=bool(shown))
                for item, cell in zip(items, cells, strict=True)
            ]
        ),
    )


def _told_apart(cells: Sequence[MapCell]) -> tuple[MapCell, ...]:
    """Leave out names that are cut until several files have the same."""
    times = Counter(cell.short for cell in cells if cell.short != cell.name)
    return tuple(replace(cell, short="") if times[cell.short] > 1 else cell for cell in cells)


def _route(files: Sequence[FileTally], paths: Sequence[str] = (), folder: str = "") -> str:
    """Address of the queue with those files, as far as there is one; that of the list of all files otherwise."""
    if len(files) <= MOST_NAMED:
        return routes.of_files(sorted(own.file.path for own in files))
    # A search parts words at spaces, knows no capitals, and finds a folder wherever in a path it stands.
    searched = folder.lower()
    if searched.split() == [searched] and len(files) == sum(searched in path.lower() for path in paths):
        return routes.of_search(folder)
    return routes.of_all_sources()


def _titled(box: Box) -> bool:
    return box.height > 2 * _TITLE and box.width > 6 * _LETTER


def _filled(items: Sequence[_Item[_Tallied]], box: Box) -> list[Box]:
    return squarify([item.valid for item in items], box.within(_TITLE if _titled(box) else 1.0, 1.0))


def _items(functions: Sequence[FunctionTally], total: int) -> list[_Item[FunctionTally]]:
    ranked = sorted((own for own in functions if own.tally.valid), key=lambda own: -own.tally.valid)
    large = [own for own in ranked if own.tally.valid >= _SMALLEST * total][:MOST_FUNCTIONS]
    small = ranked[len(large) :]
    items = [_Item([own]) for own in large]
    if small:
        items.append(_Item(small))
    return sorted(items, key=lambda item: -item.valid)


def _function_cell(item: _Item[FunctionTally], box: Box) -> MapCell:
    one = item.tallied[0]
    path = one.file.path
    if len(item.tallied) > 1:
        name = f"{number(len(item.tallied))} functions"
        return _drawn(item, box, name, f"{name} in {path}: {item.words}", "")
    return _drawn(
        item, box, one.name, f"{one.name} in {path}: {item.words}", routes.of_function(path, one.name)
    )


def _file_cell(item: _Item[FileTally], box: Box, folder: str, *, more: bool) -> MapCell:
    path = item.tallied[0].file.path
    if len(item.tallied) == 1:
        words = f"{path}: {item.words}"
        name = path.rpartition("/")[2].removesuffix(".py")
        return _drawn(item, box, name, words, routes.of_source(path))
    name = plural(len(item.tallied), "more file" if more else "file")
    return _drawn(item, box, name, f"{name} in {folder}: {item.words}", _route(item.tallied))


def _drawn(item: _Item[_Tallied], box: Box, name: str, words: str, route: str) -> MapCell:
    fits = box.height >= _TITLE
    return MapCell(
        **_sides(box),
        shade=str(shade(item.undecided, item.valid)),
        name=name,
        short=_fitting(name, box.width) if fits else "",
        words=words,
        route=route,
    )


def shade(undecided: int, valid: int) -> int:
    """How dark: 0 only where nothing is undecided, 5 from half of the mutants on."""
    return min(5, 1 + int(8 * undecided / valid)) if undecided else 0


def _fitting(name: str, width: float) -> str:
    letters = int((width - _LETTER) / _LETTER)
    if len(name) <= letters:
        return name
    return f"{name[: letters - 1]}…" if letters > 5 else ""


def _ending(path: str, width: float) -> str:
    """What fits of a folder's path: its last folders say most."""
    letters = int((width - _LETTER) / _LETTER)
    while len(path) > letters and "/" in path.removesuffix(" itself").removesuffix("/").removeprefix("…/"):
        path = f"…/{path.removeprefix('…/').partition('/')[2]}"
    return _fitting(path, width)


def _sides(box: Box) -> dict[str, str]:
    return {
        name: f"{value:.1f}".removesuffix(".0")
        for name, value in zip(("x", "y", "width", "height"), box, strict=True)
    }
