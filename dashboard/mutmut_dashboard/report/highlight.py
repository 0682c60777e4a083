"""Python source as lines of classed pieces, and pieces as escaped HTML."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from markupsafe import Markup, escape
from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, String

LONGEST = 220
"""Characters of a source line that are shown; a longer line is cut around what matters in it."""

_CLASSES: tuple[tuple[Any, str], ...] = (
    (Comment, "c"),
    (String.Doc, "c"),
    (String, "s"),
    (Number, "n"),
    (Keyword, "k"),
    (Operator.Word, "k"),
    (Name.Function, "f"),
    (Name.Class, "f"),
    (Name.Decorator, "d"),
    (Name.Builtin, "b"),
)

# What a reader cannot see or what turns the text around it: C0 and C1 controls but tab and newline, lone
# surrogates (which cannot be written as UTF-8 either), bidirectional controls, invisible spaces, line separators.
_ODD = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff]"
)


class Piece(NamedTuple):
    """A stretch of text of one kind."""

    css: str
    text: str


Line = tuple[Piece, ...]


def visible(text: str) -> str:
    """Replace characters that would hide, turn around or break the text by escapes that can be seen."""
    return _ODD.sub(_sign, text)


def _sign(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def source_lines(text: str) -> list[str]:
    """Split as Python's tokenizer counts lines: at newlines, not at form feeds."""
    return [line.removesuffix("\r") for line in text.split("\n")]


def highlight(text: str) -> list[Line]:
    """Pieces of each source line. Joined they are exactly the line."""
    lines: list[list[Piece]] = [[]]
    # get_tokens would normalise newlines and strip blanks, and columns would shift
    for _, kind, value in PythonLexer().get_tokens_unprocessed(text):
        css = _css(kind)
        first, *more = value.split("\n")
        _add(lines[-1], css, first)
        for part in more:
            lines.append([])
            _add(lines[-1], css, part)
    return [_without_carriage_return(line) for line in lines]


def _add(line: list[Piece], css: str, text: str) -> None:
    if not text:
        return
    if line and line[-1].css == css:
        line[-1] = Piece(css, line[-1].text + text)
    else:
        line.append(Piece(css, text))


def _without_carriage_return(line: list[Piece]) -> Line:
    if line and line[-1].text.endswith("\r"):
        last = line.pop()
        _add(line, last.css, last.text[:-1])
    return tuple(line)


def _css(kind: Any) -> str:
    return next((css for token, css in _CLASSES if kind in token), "")


def length(line: Line) -> int:
    """Characters in a line."""
    return sum(len(piece.text) for piece in line)


def cut(line: Line, start: int, end: int = sys.maxsize) -> Line:
    """The pieces between two columns."""
    return tuple(_cut(line, start, end))


def _cut(line: Line, start: int, end: int) -> Iterator[Piece]:
    at = 0
    for css, text in line:
        part = text[max(start - at, 0) : max(end - at, 0)]
        if part:
            yield Piece(css, part)
        at += len(text)


def html(line: Line, mark: tuple[int, int] | None = None, tag: str = "") -> Markup:
    """One line as HTML, with the columns in `mark` inside `tag`; a very long line is cut around them."""
    start, end = mark or (0, 0)
    left = max(0, start - LONGEST // 3)
    right = min(max(end, left) + LONGEST, length(line)) if end - start < LONGEST else start + LONGEST
    if length(line) <= LONGEST:
        left, right = 0, length(line)
    shown = [_rest(left)] if left else []
    if mark is None:
        shown.append(_spans(cut(line, left, right)))
    else:
        shown += [_spans(cut(line, left, start)), Markup(f"<{tag}>")]  # noqa: S704 - our own tag name
        shown += [_spans(cut(line, start, min(end, right))), Markup(f"</{tag}>")]  # noqa: S704 - our own tag name
        shown.append(_spans(cut(line, min(end, right), right)))
    if right < length(line):
        shown.append(_rest(length(line) - right))
    return Markup("").join(shown)


def _rest(count: int) -> Markup:
    return Markup('<span class="rest">… {} characters …</span>').format(count)


def _spans(pieces: Iterable[Piece]) -> Markup:
    return Markup("").join(
        Markup('<span class="{}">{}</span>').format(css, visible(text)) if css else escape(visible(text))
        for css, text in pieces
    )
