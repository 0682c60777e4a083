"""Which comment keeps mutmut from mutating a line: the pragma on it, or the one that opened the region around it."""

from __future__ import annotations

import re
from collections.abc import Sequence

_PRAGMA = re.compile(r"# pragma:.*?no mutate[: ]*([^\s,]*).*")
_OPENING = ("block", "start")


def reason(lines: Sequence[str], first: int, last: int) -> str:
    """Say in words which comment leaves out a change that stands on the lines `first` to `last`, counted from 1.

    mutmut 3.8 takes a pragma at the end of a line for that line, `block` for the suite that its line heads or for the
    rest of the suite it stands in, and `start` for everything up to `end`.
    """
    for number in range(first, last + 1):
        if found := _PRAGMA.search(lines[number - 1]):
            return _words(found, number)
    opener = _opener(lines, first)
    return _words(*opener) if opener else "a pragma keeps mutmut from mutating it"


def pattern_reason(lines: Sequence[str], first: int, patterns: Sequence[str]) -> str:
    """Say in words which of mutmut's `do_not_mutate_patterns` leaves out a change on the line `first`."""
    found = next((one for one in patterns if re.search(one, lines[first - 1])), "")
    return f"the pattern `{found}` of do_not_mutate_patterns keeps mutmut from mutating it"


def _words(found: re.Match[str], number: int) -> str:
    return f"`{found[0].strip()}` in line {number} keeps mutmut from mutating it"


def _opener(lines: Sequence[str], line: int) -> tuple[re.Match[str], int] | None:
    """Return the nearest pragma above whose region still goes on at a line."""
    least, ended = _indent(lines[line - 1]), False
    for number in range(line - 1, 0, -1):
        text = lines[number - 1]
        if not text.strip():
            continue
        found, indent = _PRAGMA.search(text), _indent(text)
        if found and found[1] == "end":
            ended = True
        elif found and found[1] in _OPENING:
            heads_a_suite = not text.lstrip().startswith("#")
            if found[1] == "start" and not ended:
                return found, number
            if found[1] == "block" and (indent < least if heads_a_suite else indent <= least):
                return found, number
            ended = ended and found[1] != "start"
        least = min(least, indent)
    return None


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())
