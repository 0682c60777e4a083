"""Every value a template may show, as frozen, documented data; templates compute nothing.

Texts are raw: rendering escapes them and makes odd characters visible. Only `Markup` is HTML already.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from mutmut_dashboard.report.decision_pages import LapsedGroup, Ruling


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
    bar: Bar
    """The ratio drawn."""


@dataclass(frozen=True, slots=True)
class TargetBand:
    """One target on the overview."""

    name: str
    """Its name in the configuration."""
    extent: str
    """How many mutants in how many files and functions."""
    score: Measure
    """The mutation score over all mutants."""
    adjusted: Measure | None
    """The score without survivors that are decided equivalent or accepted; None where there are none."""
    covered: Measure
    """The score where tests run the code at all."""
    coverage: Measure
    """Line and branch coverage."""
    counts: tuple[StatusCount, ...]
    """The statuses that occur, in the order of the bar."""
    phases: tuple[Fact, ...]
    """Phase of the run and the time it took."""


@dataclass(frozen=True, slots=True)
class WorstFunction:
    """One of the functions where most is undetected and undecided."""

    function: str
    """Qualified name."""
    file: str
    """Path of its source."""
    anchor: str
    """Where its survivors are listed."""
    words: str
    """Undecided survivors of all of its mutants that count."""
    width: str
    """Length of its bar, in percent of the worst one's."""


@dataclass(frozen=True, slots=True)
class MutantRow:
    """A mutant in one line."""

    anchor: str
    """Its place on the page; empty where another entry of it is the one that links lead to."""
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


@dataclass(frozen=True, slots=True)
class CodeLine:
    """A line of source around a change."""

    number: str
    """Line number in the original; empty for a line of the mutant."""
    kind: str
    """`same`, `gone` or `new`."""
    coverage: str
    """`run`, `missed`, `partial`, `none` (not code) or `unknown`."""
    coverage_words: str
    """The same in words; empty for `none` and `unknown`."""
    code: Markup
    """The line, highlighted, the changed part marked."""


@dataclass(frozen=True, slots=True)
class TestLink:
    """A test, to be found in the list of tests."""

    id: str
    """pytest's id."""
    anchor: str
    """Where it is listed; empty where the clean run did not record it."""
    seconds: str
    """How long it took on the original."""

    __test__ = False  # pytest must not collect it


@dataclass(frozen=True, slots=True)
class Command:
    """Something to copy."""

    label: str
    """What it does."""
    text: str
    """What is copied."""


@dataclass(frozen=True, slots=True)
class Survivor:
    """An undetected mutant with all that is known about it."""

    anchor: str
    """Its place on the page."""
    id: str
    """Stable id."""
    name: str
    """mutmut's own name."""
    status: str
    """Word of the status."""
    sign: str
    """Sign of the status."""
    function: str
    """Qualified name."""
    place: str
    """`file:line`."""
    operator: str
    """The kind of change."""
    before: str
    """What stands left of the change on its line."""
    original: str
    """What stands there, in one line."""
    replacement: str
    """What the mutant says instead, in one line."""
    after: str
    """What stands right of the change on its line."""
    lines: tuple[CodeLine, ...]
    """The change in its source; empty where the source is not recorded."""
    diff: str
    """The recorded diff, where `lines` is empty."""
    ruling: Ruling
    """What was decided about it."""
    sentence: str
    """Why nothing noticed, as far as it is recorded."""
    tests: tuple[TestLink, ...]
    """The fastest of the tests that ran it."""
    more: str
    """What is said of the other tests; empty where all are listed."""
    time: str
    """How long all tests that ran it take together."""
    commands: tuple[Command, ...]
    """Ways to look closer."""


@dataclass(frozen=True, slots=True)
class FunctionGroup:
    """The survivors of one function."""

    name: str
    """Qualified name."""
    anchor: str
    """Its place on the page."""
    words: str
    """How many of its mutants are undetected."""
    count: str
    """Number of survivors listed."""
    survivors: tuple[Survivor, ...]
    """They, by line."""


@dataclass(frozen=True, slots=True)
class FileGroup:
    """The survivors of one file."""

    file: str
    """Path from the project's root."""
    target: str
    """Name of the target, where there are several."""
    anchor: str
    """Its place on the page."""
    changed: bool
    """Whether its text changed since the run."""
    count: str
    """Number of survivors listed."""
    functions: tuple[FunctionGroup, ...]
    """Its functions with survivors, by line."""


@dataclass(frozen=True, slots=True)
class DetectedRow:
    """A killed or timed-out mutant."""

    anchor: str
    """Its place on the page."""
    status: str
    """Word of the status."""
    sign: str
    """Sign of the status."""
    function: str
    """Qualified name."""
    line: str
    """Line in the original."""
    original: str
    """What stands there, in one line."""
    replacement: str
    """What the mutant says instead, in one line."""
    test: str
    """The test that killed it; empty for a timeout."""
    test_anchor: str
    """Where that test is listed; empty where it is not."""
    how: str
    """What made the test fail, or which limit was passed."""
    message: str
    """Exception and message, shortened."""
    example: str
    """Hypothesis's falsifying example; may be empty."""


@dataclass(frozen=True, slots=True)
class DetectedFile:
    """The detected mutants of one file."""

    file: str
    """Path from the project's root."""
    target: str
    """Name of the target, where there are several."""
    count: str
    """How many."""
    rows: tuple[DetectedRow, ...]
    """They, by line."""


@dataclass(frozen=True, slots=True)
class TestRow:
    """A test of the clean run."""

    anchor: str
    """Its place on the page."""
    file: str
    """The file part of its id."""
    name: str
    """The rest of its id."""
    seconds: str
    """How long it took on the original."""
    kills: str
    """Number of mutants it was first to fail on."""
    remark: str
    """What stands out: it kills nothing, or it did not pass."""

    __test__ = False  # pytest must not collect it


@dataclass(frozen=True, slots=True)
class TestTable:
    """The tests of one target."""

    target: str
    """Name of the target."""
    words: str
    """How many there are, how long they take, how many kill nothing."""
    rows: tuple[TestRow, ...]
    """Those that kill nothing first, the slowest of them on top."""

    __test__ = False  # pytest must not collect it


@dataclass(frozen=True, slots=True)
class Header:
    """The line at the top."""

    project: str
    """Name of the project under test."""
    commit: str
    """Short hash; empty outside a repository."""
    started: str
    """When the run began, as recorded."""
    age: str
    """How long ago that is."""
    mutants: str
    """How many mutants."""
    duration: str
    """How long the run took; empty while it is not over."""
    warnings: tuple[str, ...]
    """`dirty`, `incomplete`."""
    survivors: str
    """Number of undetected mutants."""
    unjudged: str
    """Number of mutants without a verdict."""
    detected: str
    """Number of detected mutants."""
    tests: str
    """Number of tests."""


@dataclass(frozen=True, slots=True)
class IndexPage:
    """The whole dashboard."""

    version: str
    """Version of the program that wrote the page."""
    header: Header
    """The line at the top."""
    targets: tuple[TargetBand, ...]
    """The overview, one band each."""
    worst: tuple[WorstFunction, ...]
    """Look here first."""
    honesty: Honesty
    """What must be known to believe the numbers."""
    survivors: tuple[FileGroup, ...]
    """Undetected mutants by file and function."""
    survivors_words: str
    """How many there are, in a sentence."""
    decided_words: str
    """How many of them are decided; empty where there are none."""
    unjudged: tuple[ReasonGroup, ...]
    """Mutants without a verdict, by reason."""
    detected: tuple[DetectedFile, ...]
    """Killed and timed-out mutants by file."""
    detected_words: str
    """How many there are, in a sentence."""
    tests: tuple[TestTable, ...]
    """Tests by target."""
    statuses: tuple[StatusCount, ...]
    """Every status with its meaning."""
    formulas: tuple[Fact, ...]
    """Every number with its formula."""
    choices: tuple[Fact, ...]
    """Every decision with its meaning."""


@dataclass(frozen=True, slots=True)
class Assets:
    """File names beside the page, each with a hash of its content."""

    style: str
    """The style sheet."""
    script: str
    """The script."""
    icon: str
    """The icon."""
    index: str
    """The data that scripts need from the start."""
