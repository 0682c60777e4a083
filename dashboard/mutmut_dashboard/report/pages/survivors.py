"""What the table of survivors shows, which needs no script."""

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
class DiffPart:
    """A stretch of a line."""

    text: str
    """What stands there."""
    changed: bool
    """Whether original and mutant differ in it."""


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of source in or around a change."""

    kind: str
    """`gone` or `new`; empty where original and mutant both have it."""
    gone: bool
    """Whether only the original has it."""
    sign: str
    """A blank, `-` or `+`."""
    parts: tuple[DiffPart, ...]
    """Its text in pieces."""


@dataclass(frozen=True, slots=True)
class SurvivorRow:
    """An undetected mutant in the table."""

    place: str
    """Its place in the order: 1 is to be looked at first."""
    anchor: str
    """Its place on the page."""
    id: str
    """Stable id."""
    status: str
    """Word of the status."""
    sign: str
    """Sign of the status."""
    new: bool
    """Whether it survives for the first time."""
    varied: bool
    """Whether it had another status in an earlier run."""
    function: str
    """Qualified name."""
    where: str
    """`file:line`."""
    target: str
    """Name of the target, where there are several."""
    operator: str
    """The kind of change."""
    route: str
    """Address of the mutant for those who have scripts."""
    reason: str
    """Why it stands where it does."""
    shadow: str
    """In whose shadow it stands, in a sentence; empty where in none."""
    lines: tuple[DiffLine, ...]
    """The change in its source; empty where the source is not recorded."""
    diff: str
    """The recorded diff, where `lines` is empty."""
    ruling: Ruling
    """What was decided about it."""


@dataclass(frozen=True, slots=True)
class Part:
    """One of the pages that the table is spread over."""

    name: str
    """Which rows it holds."""
    address: str
    """Its file; empty for the one that is shown."""


@dataclass(frozen=True, slots=True)
class SurvivorTable:
    """A stretch of the undetected mutants, in the order in which to look at them."""

    words: str
    """How many there are, in a sentence."""
    decided: str
    """How many of them are decided; empty where there are none."""
    rule: str
    """What the order goes by."""
    rows: tuple[SurvivorRow, ...]
    """They."""
    parts: tuple[Part, ...]
    """The pages with all stretches; empty where there is just one."""
