"""Which survivor to look at first, and why, in a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from mutmut_dashboard.model import Status
from mutmut_dashboard.report.history import UNDETECTED, UNKNOWN, History
from mutmut_dashboard.report.numbering import Numbering
from mutmut_dashboard.report.snapshot import Judged


@dataclass(frozen=True, slots=True)
class Ranked:
    """An undetected mutant in the queue."""

    number: int
    judged: Judged
    tests: int
    """How many tests ran it."""
    reason: str
    fresh: int
    """1 where the run before did not have it as a survivor, 0 where it did, -1 where nothing can be said."""


def rank(numbers: Numbering, history: History) -> list[Ranked]:
    """Put the undetected mutants in the order in which to look at them."""
    found = []
    for file, number, judged in numbers.every_mutant():
        if judged.status not in (Status.SURVIVED, Status.UNCOVERED):
            continue
        ran = numbers.reach[file.target].of_mutant(judged)
        reason = (
            "No test runs it." if judged.status is Status.UNCOVERED else "Tests run it, and none notices."
        )
        found.append(Ranked(number, judged, len(ran.tests), reason, freshness(judged, history)))
    return found


def freshness(judged: Judged, history: History) -> int:
    """Whether the mutant survives for the first time, as far as the run before can tell."""
    before = history.before(judged.mutant.target)
    if before is None:
        return -1
    letter = history.letters[judged.mutant.target, judged.mutant.id][before]
    if letter in UNKNOWN:
        return -1
    return int(letter not in UNDETECTED)
