"""A change shown in its source: lines around it, what goes and what comes, and what coverage knows of each line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mutmut_dashboard.model import FileCoverage, Mutant
from mutmut_dashboard.report.highlight import source_lines
from mutmut_dashboard.report.pages.survivors import DiffLine
from mutmut_dashboard.report.wording import clip

AROUND = 2
"""Lines shown before and after a change."""
_MOST_CHANGED = 24
"""Changed lines shown of one side before the middle is left out."""
_LONGEST = 160
"""Characters of a line that are shown; a longer one is cut."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was judged, by lines."""

    text: tuple[str, ...]

    @classmethod
    def read(cls, text: str) -> Source:
        """Split a text."""
        return cls(tuple(source_lines(text)))

    def holds(self, mutant: Mutant) -> bool:
        """Whether the mutant's original text stands where the mutant says."""
        if not 1 <= mutant.line <= mutant.end_line <= len(self.text):
            return False
        lines = list(self.text[mutant.line - 1 : mutant.end_line])
        lines[-1] = lines[-1][: mutant.end_column - 1]
        lines[0] = lines[0][mutant.column - 1 :]
        return "\n".join(lines) == mutant.original.replace("\r\n", "\n")


def excerpt(source: Source, mutant: Mutant) -> tuple[DiffLine, ...]:
    """The mutant's change in its source, or nothing where the source does not hold it."""
    if not source.holds(mutant):
        return ()
    first, last = mutant.line, mutant.end_line
    top, bottom = max(1, first - AROUND), min(len(source.text), last + AROUND)
    if bottom == len(source.text) and not source.text[-1]:
        bottom -= 1  # what follows the last newline is no line
    before = source.text[first - 1][: mutant.column - 1]
    after = source.text[last - 1][mutant.end_column - 1 :]
    return (
        *_same(source.text[top - 1 : first - 1]),
        *_changed(True, before, mutant.original, after),
        *_changed(False, before, mutant.replacement, after),
        *_same(source.text[last:bottom]),
    )


def _same(lines: Sequence[str]) -> Iterator[DiffLine]:
    for line in lines:
        yield DiffLine("same", False, " ", clip(line, _LONGEST), "", "")


def _changed(gone: bool, before: str, text: str, after: str) -> list[DiffLine]:
    kind, sign = ("gone", "-") if gone else ("new", "+")
    middle = source_lines(text)
    lines = [
        DiffLine(
            kind,
            gone,
            sign,
            _cut_left(before) if at == 0 else "",
            clip(piece, _LONGEST),
            clip(after, _LONGEST) if at == len(middle) - 1 else "",
        )
        for at, piece in enumerate(middle)
    ]
    if len(lines) <= _MOST_CHANGED:
        return lines
    half = _MOST_CHANGED // 2
    gap = DiffLine(kind, gone, sign, f"… {len(lines) - 2 * half} more lines …", "", "")
    return [*lines[:half], gap, *lines[-half:]]


def _cut_left(text: str) -> str:
    return text if len(text) <= _LONGEST else "…" + text[-_LONGEST:]


class LineStates:
    """What coverage knows of each line of a file."""

    def __init__(self, coverage: FileCoverage | None) -> None:
        self._known = coverage is not None
        self._executed = frozenset(coverage.executed) if coverage else frozenset()
        self._missing = frozenset(coverage.missing) if coverage else frozenset()
        self._partial = coverage.partial if coverage else {}

    def of(self, line: int) -> tuple[str, str]:
        """Name of the state of a line, and the state in words."""
        if not self._known:
            return "unknown", ""
        if line in self._partial:
            return "partial", f"line {line}: run, but never went on to {self._ways(line)}"
        if line in self._executed:
            return "run", f"line {line}: run"
        if line in self._missing:
            return "missed", f"line {line}: not run"
        return "none", ""

    def _ways(self, line: int) -> str:
        ways = [f"line {to}" if to > 0 else "the function's end" for to in self._partial[line]]
        return " or ".join(ways) or "every branch"
