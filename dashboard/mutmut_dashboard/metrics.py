"""All arithmetic on results, and the definitions of every number and status a user sees."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from mutmut_dashboard.model import EXCUSING, Choice, FileCoverage, Standing, Status, Weighed

STATUS_MEANING: dict[Status, str] = {
    Status.KILLED: "A test that passes on the original failed. Detected.",
    Status.TIMEOUT: "The tests ran past the limit derived from the clean run. Detected, always shown apart.",
    Status.SURVIVED: "Every test that runs the mutated code passed. Undetected.",
    Status.UNCOVERED: "No selected test runs the mutated code. Undetected.",
    Status.SKIPPED: "A rule, a setting or a pragma left it out, with its reason. Outside the score.",
    Status.INVALID: "The type checker rejects it, or it cannot be imported. Outside the score.",
    Status.ERROR: "Could not be judged: crash, out of memory, lost worker. Makes the run incomplete.",
    Status.PENDING: "Not judged yet. Makes the run incomplete.",
}

MUTATION_SCORE_FORMULA = "(killed + timeout) / (killed + timeout + survived + uncovered)"
ADJUSTED_SCORE_FORMULA = (
    "(killed + timeout) / (killed + timeout + survived + uncovered - those decided equivalent or accepted)"
)
COVERED_SCORE_FORMULA = "(killed + timeout) / (killed + timeout + survived)"
LINE_COVERAGE_FORMULA = "executed lines / lines"
BRANCH_COVERAGE_FORMULA = "branches taken / branches"
COVERAGE_FORMULA = "(executed lines + branches taken) / (lines + branches)"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many mutants have which status."""

    killed: int = 0
    timeout: int = 0
    survived: int = 0
    uncovered: int = 0
    skipped: int = 0
    invalid: int = 0
    error: int = 0
    pending: int = 0

    @property
    def detected(self) -> int:
        """Killed and timed out."""
        return self.killed + self.timeout

    @property
    def undetected(self) -> int:
        """Survived and uncovered."""
        return self.survived + self.uncovered

    @property
    def valid(self) -> int:
        """What the mutation score counts."""
        return self.detected + self.undetected

    @property
    def unjudged(self) -> int:
        """What keeps the run from being complete."""
        return self.error + self.pending

    @property
    def total(self) -> int:
        """Every mutant."""
        return self.valid + self.skipped + self.invalid + self.unjudged

    def of(self, status: Status) -> int:
        """The number of mutants with that status."""
        count: int = getattr(self, status.value)
        return count


@dataclass(frozen=True, slots=True)
class Ratio:
    """A part of a whole, kept as integers so that nothing is lost before it is shown."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """Between 0 and 1, or None where the whole is empty."""
        return self.part / self.whole if self.whole else None

    def __str__(self) -> str:
        return percent(self)


@dataclass(frozen=True, slots=True)
class Score:
    """A score, or the interval it lies in while verdicts are missing."""

    low: Ratio
    high: Ratio
    missing: int = 0

    @property
    def exact(self) -> bool:
        """Whether every verdict is known."""
        return self.missing == 0

    def __str__(self) -> str:
        return percent(self.low) if self.exact else f"{percent(self.low)} to {percent(self.high)}"


class Level(StrEnum):
    """How high a score is held to be; what is asked of it is another thing, see `config.Floors`."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


def count(statuses: Iterable[Status]) -> Counts:
    """Count the statuses."""
    return counts_of(Counter(statuses))


def counts_of(tally: Mapping[Status, int]) -> Counts:
    """Name the numbers of statuses."""
    return Counts(**{status.value: tally.get(status, 0) for status in Status})


def mutation_score(counts: Counts) -> Score:
    """Detected / valid; an interval where mutants are unjudged, each of which may turn out either way."""
    return _score(counts, counts.valid)


def covered_score(counts: Counts) -> Score:
    """Detected / (detected + survived): how strong the tests are where they run the code at all."""
    return _score(counts, counts.detected + counts.survived)


def adjusted_score(counts: Counts, excused: int) -> Score:
    """Detected / (valid - `excused`), the undetected mutants decided equivalent or accepted."""
    return _score(counts, counts.valid - excused)


def excused(weighed: Iterable[Weighed], target: str) -> int:
    """Count the decisions that apply and take a survivor of this target out of the adjusted score."""
    return sum(
        w.standing is Standing.APPLIES and w.decision.target == target and w.decision.decision in EXCUSING
        for w in weighed
    )


def accepted(weighed: Iterable[Weighed], target: str) -> int:
    """Count the decisions that apply and accept a survivor of this target, which a ceiling may limit."""
    return sum(
        w.standing is Standing.APPLIES
        and w.decision.target == target
        and w.decision.decision is Choice.ACCEPTED
        for w in weighed
    )


def _score(counts: Counts, whole: int) -> Score:
    unjudged = counts.unjudged
    low = Ratio(counts.detected, whole + unjudged)
    high = Ratio(counts.detected + unjudged, whole + unjudged)
    return Score(low, high, unjudged)


def coverage(files: Iterable[FileCoverage]) -> Ratio:
    """Executed lines and taken branches over all lines and branches (coverage.py's definition)."""
    part = whole = 0
    for file in files:
        part += len(file.executed) + file.covered_branches
        whole += len(file.executed) + len(file.missing) + file.branches
    return Ratio(part, whole)


def percent(ratio: Ratio, digits: int = 1) -> str:
    """Write a ratio for people: `n/a` for an empty whole, 100 % and 0 % only where they are exact."""
    if ratio.whole == 0:
        return "n/a"
    if ratio.part == 0:
        return "0 %"
    if ratio.part == ratio.whole:
        return "100 %"
    smallest = 10**-digits
    shown = min(max(100 * ratio.part / ratio.whole, smallest), 100 - smallest)
    return f"{shown:.{digits}f} %"


def missing_to(ratio: Ratio, floor: float) -> int:
    """How many of the whole must still become part of it to reach a floor of at most 100 percent."""
    if meets(ratio, floor) or not ratio.whole:
        return 0
    needed = max(
        math.ceil(floor * ratio.whole / 100) - 1, 0
    )  # one early, since the product may be rounded up
    while not meets(Ratio(needed, ratio.whole), floor):
        needed += 1
    return needed - ratio.part


def level(score: Score, low_below: float, high_from: float) -> Level | None:
    """Say how high a score is by limits in percent, without rounding; None for an interval and for a score of nothing."""
    if not score.exact or not score.low.whole:
        return None
    if not meets(score.low, low_below):
        return Level.LOW
    return Level.HIGH if meets(score.low, high_from) else Level.MEDIUM


def meets(ratio: Ratio, floor: float) -> bool:
    """Whether a ratio reaches a floor in percent, without rounding. An empty whole meets no floor but 0."""
    return ratio.part * 100 >= floor * ratio.whole if ratio.whole else floor <= 0
