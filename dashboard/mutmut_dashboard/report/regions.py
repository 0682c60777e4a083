"""Where the functions of a source stand, and the lines and branches of each that the clean run met."""

from __future__ import annotations

import ast
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from mutmut_dashboard.model import FileCoverage


@dataclass(frozen=True, slots=True)
class Covered:
    """Lines and branches of some code, and how many of them the clean run met."""

    lines: int = 0
    executed: int = 0
    branches: int = 0
    taken: int = 0

    @classmethod
    def of(cls, file: FileCoverage | None) -> Covered:
        """What is known of one file; nothing where coverage does not know it."""
        if file is None:
            return cls()
        executed = len(file.executed)
        return cls(executed + len(file.missing), executed, file.branches, file.covered_branches)

    def __add__(self, other: Covered) -> Covered:
        return Covered(
            self.lines + other.lines,
            self.executed + other.executed,
            self.branches + other.branches,
            self.taken + other.taken,
        )

    def __sub__(self, other: Covered) -> Covered:
        return Covered(
            self.lines - other.lines,
            self.executed - other.executed,
            self.branches - other.branches,
            self.taken - other.taken,
        )


@dataclass(frozen=True, slots=True)
class Span:
    """Lines of a function, 1-based."""

    first: int
    """Of its first decorator, or of `def`."""
    body: int
    """Of its first statement; what stands before is run where the function is defined, not where it is called."""
    last: int
    """Inclusive."""


Spans = Mapping[str, Sequence[Span]]
"""Qualified name of each function -> its lines; several where one name is given several times, as to a property's two sides."""


def spans_of(source: str) -> Spans:
    """Find every function, by itself or in a class. Functions inside of functions belong to the outer one."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return {}
    spans: dict[str, list[Span]] = {}
    _add_spans(tree, "", spans)
    return spans


def _add_spans(node: ast.AST, prefix: str, spans: dict[str, list[Span]]) -> None:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([child.lineno, *(decorator.lineno for decorator in child.decorator_list)])
            span = Span(first, child.body[0].lineno, child.end_lineno or child.lineno)
            spans.setdefault(prefix + child.name, []).append(span)
        elif isinstance(child, ast.ClassDef):
            _add_spans(child, f"{prefix}{child.name}.", spans)
        elif isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
            _add_spans(child, prefix, spans)


class Regions:
    """Coverage of a file's functions: each is its body, as in coverage.py's index of functions."""

    def __init__(self, spans: Spans, coverage: FileCoverage | None) -> None:
        self._spans = spans
        self._whole = Covered.of(coverage)
        self._executed: Sequence[int] = sorted(coverage.executed) if coverage else ()
        self._missing: Sequence[int] = sorted(coverage.missing) if coverage else ()
        self._exits = _exits(coverage) if coverage else []

    def of(self, functions: Iterable[str]) -> Covered:
        """Of some functions together; of those that the source does not hold nothing is known."""
        spans = (span for name in functions for span in self._spans.get(name, ()))
        return sum(map(self._within, spans), Covered())

    def without(self, functions: Iterable[str]) -> Covered:
        """Of all that is in none of these functions; its branches are unknown where those of lines are."""
        rest = self._whole - self.of(functions)
        return rest if self._exits else replace(rest, branches=0, taken=0)

    def _within(self, span: Span) -> Covered:
        executed = _count(self._executed, span)
        first = bisect_left(self._exits, (span.body,))
        last = bisect_left(self._exits, (span.last + 1,))
        own = self._exits[first:last]
        return Covered(
            lines=executed + _count(self._missing, span),
            executed=executed,
            branches=sum(ways for _, ways, _ in own),
            taken=sum(taken for _, _, taken in own),
        )


def _exits(coverage: FileCoverage) -> list[tuple[int, int, int]]:
    """Each line with branches, how many there are, and how many were taken."""
    run = frozenset(coverage.executed)
    return [
        (line, ways, ways - len(coverage.partial.get(line, ())) if line in run else 0)
        for line, ways in sorted(coverage.exits.items())
    ]


def _count(lines: Sequence[int], span: Span) -> int:
    return bisect_right(lines, span.last) - bisect_left(lines, span.body)
