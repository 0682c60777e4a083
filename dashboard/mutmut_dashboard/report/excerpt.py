"""A change shown in its source: lines around it, what goes, what comes, and what coverage knows of each line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from mutmut_dashboard.model import FileCoverage, Mutant
from mutmut_dashboard.report.highlight import Line, cut, highlight, html, length, source_lines
from mutmut_dashboard.report.pages import CodeLine
from mutmut_dashboard.report.wording import clip, one_line

AROUND = 6
"""Lines shown before and after a change."""
_MOST_CHANGED = 24
"""Changed lines shown of one side before the middle is left out."""
_SIDE = 48
"""Characters shown on either side of a change in one line."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was judged, ready to be shown."""

    text: tuple[str, ...]
    pieces: tuple[Line, ...]

    @classmethod
    def read(cls, text: str) -> Source:
        """Split and highlight a text."""
        return cls(tuple(source_lines(text)), tuple(highlight(text)))

    def holds(self, mutant: Mutant) -> bool:
        """Whether the mutant's original text stands where the mutant says."""
        if not 1 <= mutant.line <= mutant.end_line <= len(self.text):
            return False
        lines = list(self.text[mutant.line - 1 : mutant.end_line])
        lines[-1] = lines[-1][: mutant.end_column - 1]
        lines[0] = lines[0][mutant.column - 1 :]
        return "\n".join(lines) == mutant.original.replace("\r\n", "\n")


def excerpt(source: Source, mutant: Mutant, coverage: FileCoverage | None) -> tuple[CodeLine, ...]:
    """The mutant's change in its source, or nothing where the source does not hold it."""
    if not source.holds(mutant):
        return ()
    states = LineStates(coverage)
    first, last = mutant.line, mutant.end_line
    top, bottom = max(1, first - AROUND), min(len(source.text), last + AROUND)
    if bottom == len(source.text) and not source.text[-1]:
        bottom -= 1  # what follows the last newline is no line
    gone = [
        CodeLine(str(number), "gone", *states.of(number), code)
        for number, code in zip(range(first, last + 1), _gone(source, mutant), strict=True)
    ]
    new = [CodeLine("", "new", "none", "", code) for code in _new(source, mutant)]
    return (
        *_same(source, range(top, first), states),
        *_without_middle(gone),
        *_without_middle(new),
        *_same(source, range(last + 1, bottom + 1), states),
    )


def in_one_line(source: Source | None, mutant: Mutant) -> tuple[str, str, str, str]:
    """The change within its line: what stands left of it, the original, the replacement, what stands right."""
    original, replacement = _fragments(mutant)
    if source is None or not source.holds(mutant):
        return "", original, replacement, ""
    before = source.text[mutant.line - 1][: mutant.column - 1].lstrip()
    after = source.text[mutant.end_line - 1][mutant.end_column - 1 :].rstrip()
    if len(before) > _SIDE:
        before = "…" + before[-_SIDE:]
    return before, original, replacement, clip(after, _SIDE)


def _fragments(mutant: Mutant) -> tuple[str, str]:
    return one_line(mutant.original, 80), one_line(mutant.replacement, 80)


def _same(source: Source, numbers: Sequence[int], states: LineStates) -> Iterator[CodeLine]:
    for number in numbers:
        yield CodeLine(str(number), "same", *states.of(number), html(source.pieces[number - 1]))


def _gone(source: Source, mutant: Mutant) -> Iterator[Markup]:
    for number in range(mutant.line, mutant.end_line + 1):
        line = source.pieces[number - 1]
        start = mutant.column - 1 if number == mutant.line else 0
        end = mutant.end_column - 1 if number == mutant.end_line else length(line)
        yield html(line, (start, end), "del")


def _new(source: Source, mutant: Mutant) -> Iterator[Markup]:
    # Only the replacement is read anew: a whole file per mutant would take minutes on a large run.
    left = cut(source.pieces[mutant.line - 1], 0, mutant.column - 1)
    right = cut(source.pieces[mutant.end_line - 1], mutant.end_column - 1)
    middle = highlight(mutant.replacement)
    for at, piece in enumerate(middle):
        before = left if at == 0 else ()
        after = right if at == len(middle) - 1 else ()
        mark = (length(before), length(before) + length(piece))
        yield html((*before, *piece, *after), mark, "ins")


def _without_middle(lines: list[CodeLine]) -> list[CodeLine]:
    if len(lines) <= _MOST_CHANGED:
        return lines
    half = _MOST_CHANGED // 2
    return [*lines[:half], _gap(lines[half], len(lines) - 2 * half), *lines[-half:]]


def _gap(line: CodeLine, count: int) -> CodeLine:
    return CodeLine("", line.kind, "none", "", Markup("… {} more lines …").format(count))


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
