"""What the overview shows of targets, files and functions."""

from __future__ import annotations

from dataclasses import dataclass

from mutmut_dashboard.report.pages.common import Fact, Measure, StatusCount


@dataclass(frozen=True, slots=True)
class TargetBand:
    """One target on the overview."""

    name: str
    """Its name in the configuration."""
    extent: str
    """How many mutants in how many files and functions."""
    score: Measure
    """The mutation score over all mutants."""
    adjusted: Measure
    """The score without survivors that are decided equivalent or accepted; the mutation score where there are none."""
    allowances: tuple[Allowance, ...]
    """What it may have at most and has; none where no ceiling is set."""
    changed: Measure | None
    """The score over mutants on changed lines alone; None where the page was not asked to tell them apart."""
    changed_route: str
    """Address of the queue with them alone."""
    covered: Measure
    """The score where tests run the code at all."""
    coverage: Measure
    """Line and branch coverage."""
    since: Since
    """What changed since the run before."""
    counts: tuple[StatusCount, ...]
    """The statuses that occur, in the order of the bar."""
    phases: tuple[Fact, ...]
    """Where the time went: phase of the run and what it took, with its share; the longest first."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """A ceiling of the configuration, which `check` enforces, and what is held against it."""

    words: str
    """How many there are of how many allowed, in a sentence."""
    kept: bool
    """Whether there are no more than allowed."""


@dataclass(frozen=True, slots=True)
class WorstFunction:
    """One of the functions where most is undetected and undecided."""

    function: str
    """Qualified name."""
    file: str
    """Path of its source."""
    route: str
    """Address of its slice of the queue."""
    words: str
    """Undecided survivors of all of its mutants that count."""
    width: str
    """Length of its bar, in percent of the worst one's."""


@dataclass(frozen=True, slots=True)
class Since:
    """What became of a target's mutants between two runs."""

    words: str
    """In a sentence, e.g. `5 newly killed, 2 new survivors since run 8.`"""
    route: str
    """Address of the comparison; empty where there is nothing to compare with."""
    better: bool
    """Whether there is something newly killed and no new survivor."""
    worse: bool
    """Whether there are new survivors."""


@dataclass(frozen=True, slots=True)
class TrendMark:
    """One run in a trend; lengths are in units of the drawing's view box."""

    x: str
    """Middle of its column."""
    left: str
    """Left edge of its column."""
    width: str
    """Width of its column."""
    top: str
    """Upper edge of the column of undetected mutants."""
    height: str
    """Its height."""
    y: str
    """Where the lowest score that is possible lies."""
    high: str
    """Where the highest score that is possible lies; empty where there is one score."""
    aside: bool
    """Whether the run was limited, in parts or not finished, so that the band does not pass through it."""
    words: str
    """The run in words."""


@dataclass(frozen=True, slots=True)
class TrendLabel:
    """Words in a trend; lengths are in units of the drawing's view box."""

    x: str
    """Where they begin."""
    y: str
    """The line they stand on."""
    text: str
    """The words."""
    last: bool
    """Whether they are the value of the last whole run."""


@dataclass(frozen=True, slots=True)
class Trend:
    """One target over the recorded runs: a line or a band for the score above columns of undetected mutants."""

    target: str
    """Name of the target."""
    label: str
    """The drawing in words, for those who do not see it."""
    box: str
    """The drawing's view box."""
    band: str
    """Outline of the scores of whole runs: as wide as the interval where a score is one, else no wider than a line."""
    marks: tuple[TrendMark, ...]
    """The runs, oldest first."""
    labels: tuple[TrendLabel, ...]
    """What is shown, what the edges mean, and the last values."""
    score: str
    """The last score of a whole run."""
    undetected: str
    """The last number of undetected mutants."""
    note: str
    """How many runs the line leaves out and why; empty where it leaves none out."""
    span: str
    """From when to when."""


@dataclass(frozen=True, slots=True)
class MapCell:
    """A function or a file on the map, or several small ones; lengths are in units of the drawing's view box."""

    x: str
    """Left edge."""
    y: str
    """Upper edge."""
    width: str
    """Width."""
    height: str
    """Height."""
    shade: str
    """`0` (nothing undecided) to `5` (most of it)."""
    name: str
    """The function or the file; or how many more."""
    short: str
    """What of its name fits; empty where nothing does."""
    words: str
    """Name, where it stands, and numbers in words."""
    route: str
    """Address of a function's slice of the queue, of a file's source, or of the queue with several files; empty for several
    functions."""


@dataclass(frozen=True, slots=True)
class MapGroup:
    """A file with its functions on the map, or a folder with its files."""

    x: str
    """Left edge."""
    y: str
    """Upper edge."""
    width: str
    """Width."""
    height: str
    """Height."""
    name: str
    """A file's path; a folder's, with its numbers in words."""
    short: str
    """What of its name fits; empty where nothing does."""
    kind: str
    """`file` or `folder`."""
    route: str
    """Address of the queue with a folder's files; empty for a file, whose functions lead there."""
    cells: tuple[MapCell, ...]
    """Its functions, or its files."""


@dataclass(frozen=True, slots=True)
class Map:
    """Files and functions, or folders and files, as rectangles, sized by mutants and shaded by undecided share."""

    label: str
    """The drawing in words, for those who do not see it."""
    legend: str
    """What the rectangles are and what their size and colour say."""
    box: str
    """The drawing's view box."""
    fitted: bool
    """Whether it may be stretched where the page is narrow: folders and files, of which there are many."""
    groups: tuple[MapGroup, ...]
    """What is drawn, the largest first."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A number in a table."""

    text: str
    """For the reader."""
    value: str
    """To sort by."""
    level: str = ""
    """`low`, `medium` or `high`; empty for an interval, for a score of nothing, and for what is no score."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Which scores are low, medium and high."""

    target: str
    """Name of the target they are for; empty where all have the same."""
    levels: tuple[Fact, ...]
    """Each level that a score can have, and from where to where."""


@dataclass(frozen=True, slots=True)
class OperatorRow:
    """An operator with how its mutants fare."""

    name: str
    """The kind of change."""
    meaning: str
    """What it does to the code; empty for an operator that is not known."""
    anchor: str
    """Its place on the page."""
    route: str
    """Address of its slice of the queue; empty where it has none."""
    numbers: tuple[Cell, ...]
    """In the order of the table's columns."""


@dataclass(frozen=True, slots=True)
class OperatorTable:
    """The operators of the run."""

    columns: tuple[Fact, ...]
    """Heading of each number, and what it means."""
    formulas: tuple[Fact, ...]
    """Heading of each number that is a ratio, and how it comes about."""
    rows: tuple[OperatorRow, ...]
    """They, those with most undecided survivors first."""


@dataclass(frozen=True, slots=True)
class PartRow:
    """A function or a class with how its mutants and its lines fare, or what of a file is in no class."""

    name: str
    """Its qualified name; `outside of classes` for the functions of a file that are no methods."""
    outside: bool
    """Whether it is those."""
    file: str
    """Path of its source."""
    route: str
    """Address of its survivors in the queue; of its source where it has none."""
    numbers: tuple[Cell, ...]
    """In the order of the table's columns."""


@dataclass(frozen=True, slots=True)
class PartTable:
    """The functions of the run, or its classes."""

    columns: tuple[Fact, ...]
    """Heading of each number, and what it means."""
    formulas: tuple[Fact, ...]
    """Heading of each number that is a ratio, and how it comes about."""
    limits: tuple[Limits, ...]
    """Which scores are low, medium and high."""
    rows: tuple[PartRow, ...]
    """They, those with most undecided survivors first; none where no function is a method, in a table of classes."""
    rest: str
    """What the page itself leaves out, in words; empty where nothing is."""
    whole: str
    """What scripts offer then: to show all of them."""


@dataclass(frozen=True, slots=True)
class ModuleRow:
    """A file of a target with its scores and its coverage, or a folder with those of all that lies in it."""

    folder: str
    """What of a file's path the folders above it say; empty for a folder."""
    name: str
    """The rest of its path; a folder's ends with a slash."""
    depth: str
    """In how many folders it is shown, e.g. `2`."""
    indent: str
    """How far it is moved in: the same, but for very deep ones."""
    files: str
    """How many files a folder holds, in words; empty for a file."""
    route: str
    """Address of a file's source; empty for a folder."""
    changed: bool
    """Whether its text changed since the run."""
    numbers: tuple[Cell, ...]
    """In the order of the table's columns."""


@dataclass(frozen=True, slots=True)
class ModuleTable:
    """The files of one target."""

    target: str
    """Name of the target."""
    columns: tuple[Fact, ...]
    """Heading of each number, and what it means."""
    formulas: tuple[Fact, ...]
    """Heading of each number that is a ratio, and how it comes about."""
    limits: tuple[Limits, ...]
    """Which scores are low, medium and high."""
    rows: tuple[ModuleRow, ...]
    """Each folder, then what lies in it."""
    folders: bool
    """Whether there is a folder among the rows."""
    searched: bool
    """Whether it is worth searching and narrowing: it has folders, or more than a few rows."""
    rest: str
    """What the table leaves out, in words; empty where nothing is."""
