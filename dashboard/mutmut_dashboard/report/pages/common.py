"""What several views show: facts, bars, measures, mutants in one line."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fact:
    """A label with its value."""

    label: str
    """What it is, e.g. `Python`."""
    value: str
    """What was recorded."""


@dataclass(frozen=True, slots=True)
class StatusCount:
    """How many mutants have a status; also the entry of that status on the About list."""

    status: str
    """Word of the status, also the name of its colour."""
    sign: str
    """The sign that stands for the status wherever it is shown."""
    count: str
    """Number of mutants."""
    meaning: str
    """The definition."""
    route: str
    """Address of the queue with them; empty on the About list."""
    place: str
    """Place on the plain page where they are listed; empty where it lists none, and on the About list."""


@dataclass(frozen=True, slots=True)
class BarPart:
    """A stretch of a bar, in percent of its width."""

    status: str
    """Name of its colour."""
    x: str
    """Where it starts, e.g. `12.5%`."""
    width: str
    """How wide it is."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A stacked bar and the floor on it."""

    label: str
    """The bar in words, for those who do not see it."""
    parts: tuple[BarPart, ...]
    """Its stretches, from the left."""
    tick: str
    """Where the floor is; empty where there is none."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A measured ratio with what it is made of and what is asked of it."""

    label: str
    """Name of the number."""
    value: str
    """The number, or an interval while verdicts are missing."""
    exact: bool
    """Whether it is a number rather than an interval."""
    formula: str
    """How the number comes about, with the numbers in it."""
    floor: str
    """What is asked and whether it is met, in words; empty where nothing is."""
    verdict: str
    """`met`, `missed`, `open` (depends on missing verdicts) or `none`."""
    level: str
    """`low`, `medium` or `high`; empty for an interval, for a ratio of nothing, and for what is no score."""
    bar: Bar
    """The ratio drawn."""


@dataclass(frozen=True, slots=True)
class MutantRow:
    """A mutant in one line."""

    anchor: str
    """Its place on the page; empty where another entry of it is the one that links lead to."""
    route: str
    """Address of its view, for which the scripts are needed."""
    status: str
    """Word of the status."""
    sign: str
    """Sign of the status."""
    original: str
    """What stands there, in one line."""
    replacement: str
    """What the mutant says instead, in one line."""
    function: str
    """Qualified name."""
    place: str
    """`file:line`."""
    operator: str
    """The kind of change."""
    reason: str
    """Why it stands in this list."""


@dataclass(frozen=True, slots=True)
class ReasonGroup:
    """Mutants that share a reason."""

    reason: str
    """The reason, as a sentence or a phrase."""
    count: str
    """How many mutants."""
    rows: tuple[MutantRow, ...]
    """The mutants."""
