"""Which parts of two texts differ, token by token; the same stretches as the page's `static/js/token_diff.js`, as a test says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

MOST_PAIRS = 40_000
"""Beyond so many pairs of tokens the middle counts as changed as a whole."""
# Words and numbers, blanks, operators of up to three signs, single signs.
_TOKEN = re.compile(r"\w+|\s+|(?:\*\*|//|<<|>>|[=!<>+\-*/%&|^@:])=?|.", re.DOTALL)


class Stretch(NamedTuple):
    """A part of a text by its columns from 0, end exclusive."""

    start: int
    end: int


Stretches = tuple[Stretch, ...]


@lru_cache(maxsize=4096)  # the same few changes come again and again
def compare(one: str, other: str) -> tuple[Stretches, Stretches]:
    """Where two texts differ. Where they have next to nothing in common, they differ as a whole."""
    left, right = _TOKEN.findall(one), _TOKEN.findall(other)
    changed = _changed(left, right)
    common = sum(bool(token.strip()) for token, mark in zip(left, changed[0], strict=True) if not mark)
    most = max(sum(bool(token.strip()) for token in side) for side in (left, right))
    if common * 4 < most:
        return _whole(one), _whole(other)
    return _stretches(one, left, changed[0]), _stretches(other, right, changed[1])


def _whole(text: str) -> Stretches:
    return (Stretch(0, len(text)),) if text else ()


def _changed(one: Sequence[str], other: Sequence[str]) -> tuple[list[bool], list[bool]]:
    """Which tokens of each side the other does not have."""
    start, shorter = 0, min(len(one), len(other))
    while start < shorter and one[start] == other[start]:
        start += 1
    end = 0
    while end < shorter - start and one[-1 - end] == other[-1 - end]:
        end += 1
    middles = _middle(one[start : len(one) - end], other[start : len(other) - end])
    left, right = ([False] * start + marks + [False] * end for marks in middles)
    return left, right


def _middle(one: Sequence[str], other: Sequence[str]) -> tuple[list[bool], list[bool]]:
    marks = [True] * len(one), [True] * len(other)
    if not one or not other or len(one) * len(other) > MOST_PAIRS:
        return marks
    # Length of the longest common subsequence of what follows each pair.
    length = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i in reversed(range(len(one))):
        row, below = length[i], length[i + 1]
        for j in reversed(range(len(other))):
            row[j] = below[j + 1] + 1 if one[i] == other[j] else max(below[j], row[j + 1])
    i = j = 0
    while i < len(one) and j < len(other):
        if one[i] == other[j]:
            marks[0][i] = marks[1][j] = False
            i, j = i + 1, j + 1
        elif length[i + 1][j] >= length[i][j + 1]:
            i += 1
        else:
            j += 1
    return marks


def _stretches(text: str, tokens: Sequence[str], marks: Sequence[bool]) -> Stretches:
    """Marked tokens as stretches; blanks between two of them belong to them."""
    found: list[Stretch] = []
    at = 0
    for token, mark in zip(tokens, marks, strict=True):
        end = at + len(token)
        if mark and found and not text[found[-1].end : at].strip():
            found[-1] = Stretch(found[-1].start, end)
        elif mark:
            found.append(Stretch(at, end))
        at = end
    return tuple(found)
