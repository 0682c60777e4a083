"""A change written short, for a reviewer."""

from __future__ import annotations

from mutmut_dashboard.model import Mutant

_LONGEST = 80
"""Characters on each side of the short form of a change."""


def short_form(mutant: Mutant) -> str:
    """Write the change on one line: the whole line where that is short, since `0 -> 1` says little."""
    gone, new = (_lines(mutant.diff, sign) for sign in "-+")
    if len(gone) == len(new) == 1 and max(len(gone[0]), len(new[0])) <= _LONGEST:
        return plain(f"{gone[0]} -> {new[0]}")
    original, replacement = (_short(text) or "(nothing)" for text in (mutant.original, mutant.replacement))
    return plain(f"{original} -> {replacement}")


def _lines(diff: str, sign: str) -> list[str]:
    heads = ("---", "+++")
    return [
        " ".join(line[1:].split())
        for line in diff.split("\n")
        if line.startswith(sign) and not line.startswith(heads)
    ]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def plain(text: str) -> str:
    """Escape what UTF-8 cannot hold, which a command line or a test may well print."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
