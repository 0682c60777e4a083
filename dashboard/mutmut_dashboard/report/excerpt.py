"""A change shown in its source: lines around it, what goes and what comes, and what coverage knows of each line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import dropwhile
from typing import NamedTuple

from mutmut_dashboard.model import FileCoverage, Mutant
from mutmut_dashboard.report.pages.survivors import DiffLine, DiffPart
from mutmut_dashboard.report.text import source_lines
from mutmut_dashboard.report.token_diff import Stretch, Stretches, compare
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
    before = source.text[first - 1][: mutant.column - 1]
    after = source.text[last - 1][mutant.end_column - 1 :]
    original, replacement = (text.replace("\r\n", "\n") for text in (mutant.original, mutant.replacement))
    gone, new = compare(original, replacement)
    return (
        *_same(dropwhile(_is_blank, source.text[max(0, first - 1 - AROUND) : first - 1])),
        *_changed(_GONE, before, original, gone, after),
        *_changed(_NEW, before, replacement, new, after),
        *reversed([*_same(dropwhile(_is_blank, reversed(source.text[last : last + AROUND])))]),
    )


class _Side(NamedTuple):
    kind: str
    gone: bool
    sign: str


_BOTH, _GONE, _NEW = _Side("", False, " "), _Side("gone", True, "-"), _Side("new", False, "+")


def _is_blank(line: str) -> bool:
    return not line.strip()


def _same(lines: Iterable[str]) -> Iterator[DiffLine]:
    for line in lines:
        yield _line(_BOTH, DiffPart(clip(line, _LONGEST), False))


def _changed(side: _Side, before: str, text: str, differs: Stretches, after: str) -> list[DiffLine]:
    if side is _NEW and _is_blank(before + text + after):
        return []  # a whole line taken away leaves no line
    texts = text.split("\n")
    lines = []
    start = 0
    for at, own in enumerate(texts):
        left = _cut_left(before) if at == 0 else ""
        right = clip(after, _LONGEST) if at == len(texts) - 1 else ""
        own_stretches = _within(differs, start, start + len(own))
        lines.append(_line(side, DiffPart(left, False), *_parts(own, own_stretches), DiffPart(right, False)))
        start += len(own) + 1
    if len(lines) <= _MOST_CHANGED:
        return lines
    half = _MOST_CHANGED // 2
    gap = _line(side, DiffPart(f"… {len(lines) - 2 * half} more lines …", False))
    return [*lines[:half], gap, *lines[-half:]]


def _line(side: _Side, *parts: DiffPart) -> DiffLine:
    return DiffLine(side.kind, side.gone, side.sign, tuple(part for part in parts if part.text))


def _within(stretches: Stretches, start: int, end: int) -> list[Stretch]:
    """The stretches of a part of the text, by the columns of the part."""
    return [
        Stretch(max(first, start) - start, min(last, end) - start)
        for first, last in stretches
        if first < end and last > start
    ]


def _parts(text: str, stretches: Sequence[Stretch]) -> Iterator[DiffPart]:
    """A line in pieces, cut to the surroundings of the first difference where it is long."""
    first, last = 0, len(text)
    if last > _LONGEST:
        wanted = stretches[0].start - _LONGEST // 4 if stretches else 0
        first = max(0, min(wanted, last - _LONGEST))
        last = first + _LONGEST
    if first:
        yield DiffPart("…", False)
    at = first
    for start, end in _within(tuple(stretches), first, last):
        yield DiffPart(text[at : first + start], False)
        yield DiffPart(text[first + start : first + end], True)
        at = first + end
    yield DiffPart(text[at:last], False)
    if last < len(text):
        yield DiffPart("…", False)


def _cut_left(text: str) -> str:
    return text if len(text) <= _LONGEST else "…" + text[-_LONGEST:]


EXCLUDED = "left out of coverage by a pragma or a setting"
"""What is said of a line that coverage was told not to count; `static/js/words.js` says the same."""


class LineStates:
    """What coverage knows of each line of a file."""

    def __init__(self, coverage: FileCoverage | None) -> None:
        self._known = coverage is not None
        self._executed = frozenset(coverage.executed) if coverage else frozenset()
        self._missing = frozenset(coverage.missing) if coverage else frozenset()
        self._excluded = frozenset(coverage.excluded) if coverage else frozenset()
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
        if line in self._excluded:
            return "excluded", f"line {line}: {EXCLUDED}"
        return "none", ""

    def _ways(self, line: int) -> str:
        ways = [f"line {to}" if to > 0 else "the function's end" for to in self._partial[line]]
        return " or ".join(ways) or "every branch"
