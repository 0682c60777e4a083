"""A function cut into stretches: statements one after the other, up to one that may lead elsewhere, as `if` and `for` do.

Whoever runs no statement of a stretch never came to its first one. So where two versions of a function differ in that stretch
only, and names mean the same in both, a run that did not enter it does the same in both.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

SEPARATOR = "@"
"""Stands between a function's name and that of one of its stretches."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Stretch:
    """Some statements of a function."""

    name: str
    """Where it is in the function, e.g. `0.body.1`: the second stretch of the body of what ends the first. Empty for the first."""
    begin: ast.stmt
    lines: tuple[int, ...]
    """Ascending. Each line of a function, decorators included, is of one stretch; those before the first are its own."""
    is_last: bool
    """Whether nothing follows it in its block."""


@dataclass(frozen=True)
class _Span:
    name: str
    begin: ast.stmt
    lines: range
    is_last: bool


def stretches(function: Function, lines: Sequence[str]) -> list[Stretch]:
    """Cut a function, whose first line is 1 in its tree where it is the first of `lines`; the first stretch is never missing.

    A block on the line of what leads to it is of the same stretch, and so is what stands in a function or class within.
    """
    spans = list(_spans(function.body, "", lines))
    begin = min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])
    first = _Span("", function.body[0], range(begin, (function.end_lineno or begin) + 1), spans[0].is_last)
    owner = {line: span.name for span in [first, *spans[1:]] for line in span.lines}
    own: dict[str, list[int]] = {}
    for line, name in sorted(owner.items()):
        own.setdefault(name, []).append(line)
    return [Stretch(s.name, s.begin, tuple(own[s.name]), s.is_last) for s in [first, *spans[1:]]]


def whole_function(name: str) -> str:
    """Return the name of the function that a name is of: of its own or of one of its stretches, with its file or module or without."""
    file, colon, own = name.rpartition(":")
    return f"{file}{colon}{own.partition(SEPARATOR)[0]}"


def _spans(block: Sequence[ast.stmt], path: str, lines: Sequence[str]) -> Iterator[_Span]:
    """Yield a block's stretches, each before those within it, whose lines its own still include."""
    begin, first, number = block[0], _first_line(block[0]), 0
    for at, statement in enumerate(block):
        is_last = at == len(block) - 1
        inner = list(_blocks(statement))
        if not inner and not is_last:
            continue
        end = (statement.end_lineno or statement.lineno) + 1
        name = f"{path}{number}"
        yield _Span(name, begin, range(first, end), is_last)
        for kind, own in inner:
            if _begins_its_line(own[0], lines):
                yield from _spans(own, f"{name}.{kind}.", lines)
        if not is_last:
            begin, first, number = block[at + 1], end, number + 1


def _blocks(statement: ast.stmt) -> Iterator[tuple[str, list[ast.stmt]]]:
    if isinstance(statement, Function | ast.ClassDef):
        return
    for at, case in enumerate(getattr(statement, "cases", ())):
        yield f"case{at}", case.body
    if body := getattr(statement, "body", None):
        yield "body", body
    for at, handler in enumerate(getattr(statement, "handlers", ())):
        yield f"except{at}", handler.body
    if body := getattr(statement, "orelse", None):
        yield "else", body
    if body := getattr(statement, "finalbody", None):
        yield "finally", body


def _begins_its_line(statement: ast.stmt, lines: Sequence[str]) -> bool:
    if getattr(statement, "decorator_list", None):
        return True
    before = lines[statement.lineno - 1].encode(errors="surrogatepass")[: statement.col_offset]
    return not before.strip()


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])
