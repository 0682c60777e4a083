"""The rows of the overview's tables that are too many to stand in the page itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mutmut_dashboard.report.chunks.payloads import RowsOfTable, TablesChunk
from mutmut_dashboard.report.pages.overview import Cell
from mutmut_dashboard.report.parts import MOST_ROWS, Counted, Part


def tables_chunk(counted: Counted) -> TablesChunk:
    """Build what the page leaves out of its tables; each number is written once, as rows share most of theirs."""
    cells: dict[Cell, int] = {}
    return TablesChunk(
        map=_rows(counted.functions[MOST_ROWS:], cells),
        classes=_rows(counted.classes[MOST_ROWS:], cells),
        cells=[(cell.text, cell.value, cell.level) for cell in cells],
    )


def _rows(parts: Sequence[Part], cells: dict[Cell, int]) -> RowsOfTable:
    return RowsOfTable(
        name=[part.name for part in parts],
        file=[part.file.number for part in parts],
        line=[part.line for part in parts],
        weak=[[part.file.functions[name] for name in part.weak] for part in parts],
        numbers=[_numbered(part.numbers, cells) for part in parts],
    )


def _numbered(own: Iterable[Cell], cells: dict[Cell, int]) -> list[int]:
    return [cells.setdefault(cell, len(cells)) for cell in own]
