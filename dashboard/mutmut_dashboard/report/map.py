"""The map: files and functions as rectangles sized by mutants and shaded by what is undecided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mutmut_dashboard.report import routes
from mutmut_dashboard.report.pages.overview import Map, MapCell, MapFile
from mutmut_dashboard.report.tallies import FileTally, FunctionTally
from mutmut_dashboard.report.treemap import Box, squarify
from mutmut_dashboard.report.wording import number, plural

WIDTH, HEIGHT = 1000, 440
"""Units of the drawing."""
MOST_FILES = 48
MOST_FUNCTIONS = 24
"""Functions drawn of one file."""
_PER_FUNCTION = 60
"""Height for each function where there are few: one rectangle says little."""
_TITLE = 18.0
_LETTER = 7.0
"""Width of a letter, in units: names that do not fit are cut or left out."""
_SMALLEST = 0.0008
"""Share of the drawing below which a function is drawn with others."""


@dataclass(frozen=True)
class _Item:
    """What becomes one rectangle in a file."""

    functions: Sequence[FunctionTally]

    @property
    def valid(self) -> int:
        return sum(own.tally.valid for own in self.functions)

    @property
    def undecided(self) -> int:
        return sum(own.tally.undecided for own in self.functions)


def draw_map(files: Sequence[FileTally]) -> Map | None:
    """Draw the files that have mutants that count; None where there are none."""
    counted = [own for own in sorted(files, key=_by_size) if own.tally.valid]
    if not counted:
        return None
    shown, rest = _parted(counted, MOST_FILES)
    total = sum(own.tally.valid for own in counted)
    sizes = [own.tally.valid for own in shown] + ([sum(own.tally.valid for own in rest)] if rest else [])
    order = sorted(range(len(sizes)), key=lambda at: -sizes[at])
    height = min(HEIGHT, _PER_FUNCTION * sum(len(own.functions) for own in counted))
    boxes = squarify([sizes[at] for at in order], Box(0, 0, WIDTH, height))
    drawn = []
    for at, box in zip(order, boxes, strict=True):
        drawn.append(_file(shown[at], box, total) if at < len(shown) else _more_files(rest, box))
    undecided = sum(own.tally.undecided for own in counted)
    return Map(
        label=f"Map of {plural(len(counted), 'file')}: {number(undecided)} undecided of {plural(total, 'mutant')}; "
        "the table below says the same",
        box=f"0 0 {WIDTH} {height}",
        files=tuple(drawn),
    )


def _by_size(own: FileTally) -> tuple[int, int]:
    return -own.tally.valid, own.file.number


def _parted(files: list[FileTally], most: int) -> tuple[list[FileTally], list[FileTally]]:
    return (files, []) if len(files) <= most else (files[: most - 1], files[most - 1 :])


def _file(own: FileTally, box: Box, total: int) -> MapFile:
    titled = box.height > 2 * _TITLE and box.width > 6 * _LETTER
    inner = box.within(_TITLE if titled else 1.0, 1.0)
    items = _items(own.functions, total)
    boxes = squarify([item.valid for item in items], inner)
    name = own.file.path
    return MapFile(
        **_sides(box),
        name=name,
        short=_fitting(name.rpartition("/")[2], box.width) if titled else "",
        cells=tuple(_cell(item, cell) for item, cell in zip(items, boxes, strict=True)),
    )


def _items(functions: Sequence[FunctionTally], total: int) -> list[_Item]:
    ranked = sorted((own for own in functions if own.tally.valid), key=lambda own: -own.tally.valid)
    large = [own for own in ranked if own.tally.valid >= _SMALLEST * total][:MOST_FUNCTIONS]
    small = ranked[len(large) :]
    items = [_Item([own]) for own in large]
    if small:
        items.append(_Item(small))
    return sorted(items, key=lambda item: -item.valid)


def _cell(item: _Item, box: Box) -> MapCell:
    one = item.functions[0]
    words = f"{number(item.undecided)} undecided of {plural(item.valid, 'mutant')}"
    if len(item.functions) > 1:
        name = f"{number(len(item.functions))} functions"
        return _drawn(item, box, name, f"{name} in {one.file.path}: {words}", "")
    route = routes.of_function(one.file.path, one.name)
    return _drawn(item, box, one.name, f"{one.name} in {one.file.path}: {words}", route)


def _drawn(item: _Item, box: Box, name: str, words: str, route: str) -> MapCell:
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


def _more_files(rest: Sequence[FileTally], box: Box) -> MapFile:
    item = _Item([function for own in rest for function in own.functions])
    name = f"{number(len(rest))} more files"
    words = f"{name}: {number(item.undecided)} undecided of {plural(item.valid, 'mutant')}"
    cell = _drawn(item, box.within(1.0, 1.0), name, words, "")
    return MapFile(**_sides(box), name=name, short="", cells=(cell,))


def _fitting(name: str, width: float) -> str:
    letters = int((width - _LETTER) / _LETTER)
    if len(name) <= letters:
        return name
    return f"{name[: letters - 1]}…" if letters > 5 else ""


def _sides(box: Box) -> dict[str, str]:
    return {
        name: f"{value:.1f}".removesuffix(".0")
        for name, value in zip(("x", "y", "width", "height"), box, strict=True)
    }
