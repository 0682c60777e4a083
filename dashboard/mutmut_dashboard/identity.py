"""Stable ids of mutants: what is changed into what, where in the program, and which such change it is.

An id is made of the file, the qualified function, the logical line before and after (tokens joined by
single spaces, so comments and layout do not count) and the ordinal among equal changes in that function.
Line numbers are no part of it: inserting a line above leaves every id as it was.
"""

from __future__ import annotations

import hashlib
import io
import tokenize
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

ID_LENGTH = 12
"""Hexadecimal digits; 48 bits put a collision among 100,000 mutants at about 2 in 100,000."""

_LAYOUT = frozenset(
    {
        tokenize.NL,
        tokenize.NEWLINE,
        tokenize.INDENT,
        tokenize.DEDENT,
        tokenize.COMMENT,
        tokenize.ENDMARKER,
        tokenize.ENCODING,
    }
)
_FSTRING_START = getattr(tokenize, "FSTRING_START", -1)
_FSTRING_END = getattr(tokenize, "FSTRING_END", -1)


@dataclass(frozen=True, slots=True)
class Token:
    """A token that means something: its text and its place (lines 1-based, columns 0-based)."""

    text: str
    start: tuple[int, int]
    end: tuple[int, int]


def tokens(source: str) -> list[Token]:
    """Split source into its meaningful tokens; an f-string is one token on every Python version.

    Source that does not tokenize (a fragment with odd dedents) falls back to words.
    """
    try:
        return list(_tokens(source))
    except (tokenize.TokenError, SyntaxError, UnicodeDecodeError):  # the last by a defect of CPython 3.12.1
        return list(_words(source))


def _tokens(source: str) -> Iterator[Token]:
    lines = _lines(source)
    depth = 0
    fstring_start = (0, 0)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == _FSTRING_START:
            if depth == 0:
                fstring_start = token.start
            depth += 1
        elif token.type == _FSTRING_END:
            depth -= 1
            if depth == 0:
                yield Token(_between(lines, fstring_start, token.end), fstring_start, token.end)
        elif depth == 0 and token.type not in _LAYOUT:
            yield Token(token.string, token.start, token.end)


def _words(source: str) -> Iterator[Token]:
    for number, line in enumerate(_lines(source), 1):
        at = 0
        for word in line.split():
            at = line.index(word, at)
            yield Token(word, (number, at), (number, at + len(word)))
            at += len(word)


def _lines(source: str) -> list[str]:
    # str.splitlines also splits at form feeds and other characters that Python code may hold
    return io.StringIO(source).readlines()


def _between(lines: list[str], start: tuple[int, int], end: tuple[int, int]) -> str:
    if start == end:  # there may be no line at all, where a mutant lacks a whole one
        return ""
    if start[0] == end[0]:
        return lines[start[0] - 1][start[1] : end[1]]
    first = lines[start[0] - 1][start[1] :]
    return first + "".join(lines[start[0] : end[0] - 1]) + lines[end[0] - 1][: end[1]]


def logical_lines(source: str) -> list[tuple[int, int]]:
    """First and last physical line (1-based) of each logical line, in order."""
    spans: list[tuple[int, int]] = []
    first: int | None = None
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.NEWLINE:
            if first is not None:
                spans.append((first, token.start[0]))
            first = None
        elif token.type not in _LAYOUT and first is None:
            first = token.start[0]
    return spans


@dataclass(frozen=True, slots=True)
class Change:
    """The smallest difference between two versions of a function, in whole tokens.

    Positions are in the original text: lines 1-based, columns 0-based, the end exclusive.
    """

    start: tuple[int, int]
    end: tuple[int, int]
    original: str
    replacement: str
    before: str
    """The changed logical lines, normalised."""
    after: str


def find_change(original: str, mutated: str, spans: list[tuple[int, int]]) -> Change | None:
    """Find what differs between a function and its mutant; `spans` are the original's logical lines.

    Returns None where the two are the same program text.
    """
    old, new = _lines(original), _lines(mutated)
    head = _common_prefix(old, new)
    if head == len(old) == len(new):
        return None
    tail = _common_prefix(old[head:][::-1], new[head:][::-1])
    first, last = _whole_logical_lines(head + 1, max(head + 1, len(old) - tail), spans)
    grown = len(new) - len(old)
    before_lines, after_lines = old[first - 1 : last], new[first - 1 : last + grown]
    before, after = tokens("".join(before_lines)), tokens("".join(after_lines))
    before_texts, after_texts = [t.text for t in before], [t.text for t in after]
    if before_texts == after_texts:
        return None
    # The end first: of `f(g(1), g(2))` without its first argument, `g(1),` is missing and not `1), g(`.
    suffix = _common_prefix(before_texts[::-1], after_texts[::-1])
    prefix = _common_prefix(before_texts[: len(before) - suffix], after_texts[: len(after) - suffix])
    start, end = _span(before, prefix, len(before) - suffix)
    new_start, new_end = _span(after, prefix, len(after) - suffix)
    if start == end:  # an insertion brings its blank along: `in` becomes `not in`, never `notin`
        new_end = _up_to_next(after, len(after) - suffix, new_end)
    return Change(
        start=(first - 1 + start[0], start[1]),
        end=(first - 1 + end[0], end[1]),
        original=_between(before_lines, start, end),
        replacement=_between(after_lines, new_start, new_end),
        before=" ".join(before_texts),
        after=" ".join(after_texts),
    )


def _span(tokens: list[Token], first: int, after_last: int) -> tuple[tuple[int, int], tuple[int, int]]:
    if first < after_last:
        return tokens[first].start, tokens[after_last - 1].end
    if first < len(tokens):  # nothing stands here: an insertion before this token
        return tokens[first].start, tokens[first].start
    return (tokens[-1].end, tokens[-1].end) if tokens else ((1, 0), (1, 0))


def _up_to_next(tokens: list[Token], following: int, end: tuple[int, int]) -> tuple[int, int]:
    if following < len(tokens) and tokens[following].start[0] == end[0]:
        return tokens[following].start
    return end


def _whole_logical_lines(first: int, last: int, spans: list[tuple[int, int]]) -> tuple[int, int]:
    touched = [span for span in spans if span[0] <= last and first <= span[1]]
    if not touched:
        return first, last
    return min(first, touched[0][0]), max(last, touched[-1][1])


def _common_prefix(left: list[str], right: list[str]) -> int:
    length = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        length += 1
    return length


@dataclass(frozen=True, slots=True)
class Origin:
    """What an id is made of, but for the ordinal."""

    file: str
    function: str
    before: str
    after: str


def assign_ids(origins: Iterable[Origin]) -> list[str]:
    """Give each change its id; equal changes are told apart by their order."""
    seen: Counter[Origin] = Counter()
    ids = []
    for origin in origins:
        ordinal = seen[origin]
        seen[origin] += 1
        text = "\0".join((origin.file, origin.function, origin.before, origin.after, str(ordinal)))
        ids.append(
            hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=ID_LENGTH // 2).hexdigest()
        )
    return ids
