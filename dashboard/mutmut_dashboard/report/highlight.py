"""Python source as lines of classed pieces, and texts with every odd character made visible."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any, NamedTuple

from pygments.token import Comment, Keyword, Name, Number, Operator, String

from mutmut_dashboard.report.lexer import python_lexer

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
    line: list[Piece] = []
    lines = [line]
    # get_tokens would normalise newlines and strip blanks, and columns would shift
    for _, kind, value in python_lexer().get_tokens_unprocessed(text):
        css = _css(kind)
        first, *more = value.split("\n") if "\n" in value else (value,)
        _add(line, css, first)
        for part in more:
            line = []
            lines.append(line)
            _add(line, css, part)
    return [_without_carriage_return(line) for line in lines]


@lru_cache(maxsize=4096)  # the same few replacements come again and again
def highlight_fragment(text: str) -> tuple[Line, ...]:
    """Pieces of each line of a short text; a line without any kind is empty."""
    return tuple(line if any(piece.css for piece in line) else () for line in highlight(text))


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


@cache  # there are some dozen kinds, and a million tokens
def _css(kind: Any) -> str:
    return next((css for token, css in _CLASSES if kind in token), "")
