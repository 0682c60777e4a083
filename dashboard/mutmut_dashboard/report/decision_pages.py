"""What a template may show of people's decisions; the rest is in `pages`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ruling:
    """What was decided about a survivor."""

    choice: str
    """`open`, `todo`, `equivalent`, `accepted` or `bug`; what does not apply any more leaves it open."""
    reason: str
    """Why; may be empty."""
    made: str
    """By whom, when and until when; empty where nothing is decided."""
    lapsed: str
    """Why an earlier decision does not apply any more, as a phrase, and what it was; empty where there is none."""


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
