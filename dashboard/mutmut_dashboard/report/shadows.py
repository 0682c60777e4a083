"""Which survivors stand in the shadow of another: where a whole stretch can go unnoticed, changes inside of it tell nothing more.

The wish for it is mutmut's issue 367. A mutant takes a stretch away if what it leaves of it is nothing, or `None`. As
long as that survives, no test hangs on the value of the stretch, and one that notices it is gone is the first to write.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from mutmut_dashboard.model import Mutant, Status

_NOTHING = ("", "None")
_VALUE = re.compile(r"[\w'\"]")
"""What a stretch holds that has a value; an operator that is gone, as in `+=` that becomes `=`, takes none away."""

Point = tuple[int, int]
"""Line and column."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """What a mutant changes, without what its text before and after has in common."""

    place: int
    start: Point
    end: Point
    erased: bool


def shadows(judged: Iterable[tuple[Mutant, Status]]) -> dict[int, int]:
    """Return place of a shadowed mutant -> place of the one of the same status that takes the largest stretch around it away."""
    alike: dict[tuple[str, str, str, Status], list[_Stretch]] = {}
    for place, (mutant, status) in enumerate(judged):
        # What no test runs lacks another test than what a test runs and does not notice.
        key = mutant.target, mutant.file, mutant.function, status
        alike.setdefault(key, []).append(_stretch(place, mutant))
    return {inner: outer for stretches in alike.values() for inner, outer in _in_function(stretches)}


def _in_function(stretches: list[_Stretch]) -> Iterable[tuple[int, int]]:
    # By start, the longest first: whatever begins later and ends no later lies inside.
    outer: _Stretch | None = None
    for one in sorted(stretches, key=lambda s: (s.start, (-s.end[0], -s.end[1]), not s.erased, s.place)):
        if outer is not None and one.end <= outer.end:
            same = (one.start, one.end) == (outer.start, outer.end)
            if not (same and one.erased):  # two ways to take the same away are equals
                yield one.place, outer.place
        elif one.erased:
            outer = one


def _stretch(place: int, mutant: Mutant) -> _Stretch:
    before, after = mutant.original, mutant.replacement
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    left = after[head : len(after) - tail].strip()
    return _Stretch(
        place,
        _moved((mutant.line, mutant.column), before[:head]),
        _moved((mutant.line, mutant.column), before[: len(before) - tail]),
        left in _NOTHING and bool(_VALUE.search(before[head : len(before) - tail])),
    )


def _common(one: str, other: str) -> int:
    """Count the characters with which both begin."""
    least = min(len(one), len(other))
    return next((at for at in range(least) if one[at] != other[at]), least)


def _moved(start: Point, text: str) -> Point:
    line, column = start
    lines = text.count("\n")
    return (line + lines, len(text) - text.rfind("\n")) if lines else (line, column + len(text))
