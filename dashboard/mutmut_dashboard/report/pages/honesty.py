"""What the overview shows of doubts, provenance and decisions that do not apply."""

from __future__ import annotations

from dataclasses import dataclass

from mutmut_dashboard.report.pages.common import Fact, ReasonGroup


@dataclass(frozen=True, slots=True)
class LapsedRow:
    """A decision that does not apply, or not yet."""

    choice: str
    """What was decided."""
    id: str
    """The mutant's stable id."""
    change: str
    """Original and replacement in short."""
    function: str
    """Qualified name."""
    file: str
    """Path of its source."""
    reason: str
    """Why it was decided; may be empty."""
    made: str
    """By whom and when."""


@dataclass(frozen=True, slots=True)
class LapsedGroup:
    """Decisions that do not apply for the same cause."""

    words: str
    """The cause and what to do, e.g. `obsolete: its mutant is killed now`."""
    count: str
    """How many."""
    rows: tuple[LapsedRow, ...]
    """They."""


@dataclass(frozen=True, slots=True)
class Honesty:
    """What a reader must know before believing the numbers."""

    state: str
    """State of the run in a sentence."""
    detail: str
    """What the run said about its end; may be empty."""
    tree: str
    """Whether the working tree differed from the commit, in a sentence."""
    changed: tuple[str, ...]
    """Files whose text changed since the run."""
    changed_words: str
    """What is known about changed files, in a sentence."""
    unjudged: str
    """How many mutants were not judged, in a sentence."""
    age: str
    """Which of the numbers are older than the run."""
    varied_words: str
    """How many mutants had another status in an earlier run, in a sentence; empty where no earlier run is recorded."""
    varied_route: str
    """Address of the queue with them; empty where there are none."""
    versions_words: str
    """Which Python versions' runs it is merged from, in a sentence; empty where it is not merged."""
    differing: tuple[ReasonGroup, ...]
    """Mutants that did not fare alike on those versions, by how they did."""
    skipped: tuple[ReasonGroup, ...]
    """Mutants left out by rules and pragmas, by reason."""
    skipped_words: str
    """How many were left out, in a sentence."""
    invalid: tuple[ReasonGroup, ...]
    """Mutants that are no programs, by reason."""
    invalid_words: str
    """How many are invalid, in a sentence."""
    suspicious: tuple[ReasonGroup, ...]
    """Kills that may be due to Hypothesis rather than to the mutant, by killing exception."""
    suspicious_words: str
    """How many kills are suspicious, in a sentence."""
    timeouts: tuple[ReasonGroup, ...]
    """Mutants on which the tests took too long, by limit."""
    timeouts_words: str
    """How many timed out, in a sentence."""
    lapsed: tuple[LapsedGroup, ...]
    """Decisions that do not apply, by cause."""
    lapsed_words: str
    """How many decisions apply and how many do not, in a sentence."""
    command: str
    """What to type to get the same run again."""
    facts: tuple[Fact, ...]
    """When, where and on what."""
    versions: tuple[Fact, ...]
    """Packages and their versions."""
    profile: tuple[Fact, ...]
    """Hypothesis settings while judging."""
