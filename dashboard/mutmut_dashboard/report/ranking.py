"""Which undetected mutant to look at first, and why, in a sentence.

Survivors come before uncovered mutants. A survivor's weight is the sum of three parts, each the higher the likelier a
short look pays:

- what is changed, 0 to 2: whole statements and conditions before operators and arguments, those before constants;
- which share of the function's other mutants is killed, 0 to 1: where siblings die, a fitting test is near;
- how many tests ran it and passed, 0 to 1, logarithmic.

Of equal weight, those that survive for the first time come first. Mutants on one line stay together, behind the
weightiest of them. Uncovered mutants follow by function, the largest group first, since one test reaches them all.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from mutmut_dashboard.model import Status
from mutmut_dashboard.report.history import UNDETECTED, UNKNOWN, History
from mutmut_dashboard.report.numbering import Numbering
from mutmut_dashboard.report.reach import Ran
from mutmut_dashboard.report.snapshot import Judged
from mutmut_dashboard.report.wording import number, plural

RULE = (
    "Survivors first, by weight: whole statements and conditions before operators and arguments, those before constants; "
    "more where the function's other mutants are killed, and where more tests ran it. New ones first of equals. "
    "Then what no test runs, by function."
)
_MANY_TESTS = 128
"""Tests from which on more of them make no difference."""
_FEW = 3
"""Fewer other mutants than these say nothing about a function."""
_NEAR = 0.75

_WHOLE, _PART, _CONSTANT, _TEXT = 2.0, 1.5, 0.75, 0.25
_KINDS: dict[str, tuple[float, str]] = {
    "assignment": (_WHOLE, "What is assigned"),
    "augmented assignment": (_WHOLE, "What is added up"),
    "if exp": (_WHOLE, "Which way this condition goes"),
    "lambda": (_WHOLE, "What this lambda gives"),
    "keywords": (_PART, "This keyword"),
    "swap op": (_PART, "This operator"),
    "remove unary ops": (_PART, "This sign or negation"),
    "arg removal": (_PART, "This argument"),
    "symmetric string methods swap": (_PART, "Which method is called"),
    "name": (_PART, "This name"),
    "number": (_CONSTANT, "This number"),
    "string": (_TEXT, "This text"),
}
_ANY_KIND = (_PART, "What stands here")

Function = tuple[int, str]
"""Number of the file, and qualified name."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """An undetected mutant in the queue."""

    number: int
    file: int
    judged: Judged
    ran: Ran
    """The tests that ran it."""
    reason: str
    fresh: int
    """1 where the run before did not have it as a survivor, 0 where it did, -1 where nothing can be said."""
    weight: float

    @property
    def function(self) -> Function:
        """The function it is in."""
        return self.file, self.judged.mutant.function


@dataclass(frozen=True, slots=True)
class _Siblings:
    """How the valid mutants of a function fare."""

    detected: int
    uncovered: int
    valid: int

    @property
    def others(self) -> int:
        return self.valid - 1


def rank(numbers: Numbering, history: History) -> list[Ranked]:
    """Put the undetected mutants in the order in which to look at them."""
    siblings = _siblings(numbers)
    found = []
    for file, at, judged in numbers.every_mutant():
        if judged.status in (Status.SURVIVED, Status.UNCOVERED):
            ran = numbers.reach[file.target].of_mutant(judged)
            own = siblings[file.number, judged.mutant.function]
            found.append(
                Ranked(
                    number=at,
                    file=file.number,
                    judged=judged,
                    ran=ran,
                    reason=_reason(
                        judged, ran, own, hardly=numbers.reach[file.target].hardly(judged) is not None
                    ),
                    fresh=freshness(judged, history),
                    weight=_weight(judged, ran, own),
                )
            )
    return [
        *_survived(ranked for ranked in found if ranked.judged.status is Status.SURVIVED),
        *_uncovered([ranked for ranked in found if ranked.judged.status is Status.UNCOVERED]),
    ]


def freshness(judged: Judged, history: History) -> int:
    """Whether the mutant survives for the first time, as far as the run before can tell."""
    before = history.before.get(judged.mutant.target)
    if before is None:
        return -1
    letter = history.letters[judged.mutant.target, judged.mutant.id][before]
    if letter in UNKNOWN:
        return -1
    return int(letter not in UNDETECTED)


def _siblings(numbers: Numbering) -> dict[Function, _Siblings]:
    detected: Counter[Function] = Counter()
    uncovered: Counter[Function] = Counter()
    valid: Counter[Function] = Counter()
    for file, _, judged in numbers.every_mutant():
        key = file.number, judged.mutant.function
        detected[key] += judged.status in (Status.KILLED, Status.TIMEOUT)
        uncovered[key] += judged.status is Status.UNCOVERED
        valid[key] += judged.status in (Status.KILLED, Status.TIMEOUT, Status.SURVIVED, Status.UNCOVERED)
    return {key: _Siblings(detected[key], uncovered[key], valid[key]) for key in valid}


def _weight(judged: Judged, ran: Ran, siblings: _Siblings) -> float:
    change, _ = _KINDS.get(judged.mutant.operator, _ANY_KIND)
    near = siblings.detected / siblings.others if siblings.others else 0.0
    tests = min(1.0, math.log2(1 + len(ran.tests)) / math.log2(1 + _MANY_TESTS))
    return round(change + near + tests, 6)


def _survived(found: Iterable[Ranked]) -> list[Ranked]:
    lines: dict[tuple[int, int], list[Ranked]] = {}
    for ranked in sorted(found, key=_place):
        lines.setdefault((ranked.file, ranked.judged.mutant.line), []).append(ranked)
    return [ranked for line in sorted(lines.values(), key=_best) for ranked in sorted(line, key=_place)]


def _place(ranked: Ranked) -> tuple[float, bool, int]:
    return -ranked.weight, ranked.fresh != 1, ranked.number


def _best(line: list[Ranked]) -> tuple[float, bool, int]:
    return _place(line[0])


def _uncovered(found: list[Ranked]) -> list[Ranked]:
    sizes = Counter(ranked.function for ranked in found)
    first = {ranked.function: ranked.number for ranked in reversed(found)}
    return sorted(found, key=lambda ranked: (-sizes[ranked.function], first[ranked.function], ranked.number))


def _reason(judged: Judged, ran: Ran, siblings: _Siblings, *, hardly: bool) -> str:
    if judged.status is Status.UNCOVERED:
        return _reason_of_uncovered(judged.mutant.function, siblings)
    _, subject = _KINDS.get(judged.mutant.operator, _ANY_KIND)
    return f"{subject} {_unnoticed(ran, hardly=hardly)}{_neighbours(siblings)}"


def _reason_of_uncovered(function: str, siblings: _Siblings) -> str:
    waiting = siblings.uncovered
    if waiting == siblings.valid:
        reached = "its only mutant" if waiting == 1 else f"{number(waiting)} mutants"
        return f"No test runs {function}: the first one would reach {reached}."
    wait = "1 mutant waits" if waiting == 1 else f"{number(waiting)} mutants wait"
    return f"No test runs this part of {function}; {wait} there."


def _unnoticed(ran: Ran, *, hardly: bool) -> str:
    what = "it" if ran.exact else "its function"
    count = len(ran.tests)
    if not count:
        return "goes unnoticed; which tests run it is not recorded"
    if count == 1:
        seldom = ", but hardly any of its examples reaches the function" if hardly else ""
        return f"does not matter to the one test that runs {what}{seldom}"
    seldom = ", but hardly any of their examples reaches the function" if hardly else ""
    return f"does not matter to any of the {plural(count, 'test')} that run {what}{seldom}"


def _neighbours(siblings: _Siblings) -> str:
    if siblings.others < _FEW:
        return "."
    killed = f"{number(siblings.detected)} of {number(siblings.others)}"
    if siblings.detected >= _NEAR * siblings.others:
        return f"; {killed} other mutants of the function are killed, so a fitting test is near."
    if not siblings.detected:
        return "; nor is any other mutant of the function killed."
    return f"; {killed} other mutants of the function are killed."
