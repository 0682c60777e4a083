"""What is recorded about a run, as frozen values: mutants, how judging them ended, tests, coverage, decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Status(StrEnum):
    """What a mutant's recorded facts amount to; derived by `status_of`, never stored."""

    KILLED = "killed"
    TIMEOUT = "timeout"
    SURVIVED = "survived"
    UNCOVERED = "uncovered"
    SKIPPED = "skipped"
    INVALID = "invalid"
    ERROR = "error"
    PENDING = "pending"


class Ended(StrEnum):
    """How the judging of one mutant ended: one word for one fact."""

    PASSED = "passed"  # every selected test passed
    FAILED = "failed"  # a test that passes on the original failed
    NO_TESTS = "no tests"  # no selected test runs the mutated function
    WALL_LIMIT = "wall limit"
    CPU_LIMIT = "cpu limit"
    SIGNAL = "signal"  # the process died of a signal nobody sent
    OUT_OF_MEMORY = "out of memory"
    EXITED = "exited"  # the process left without a result, e.g. by os._exit in the code under test
    LOST = "lost"  # the worker went away
    NOT_COLLECTED = "not collected"  # a test module fails while it is collected
    NOT_IMPORTED = "not imported"  # the mutated module cannot be imported
    TYPE_ERROR = "type error"  # the project's type checker rejects it, so no test was asked


class How(StrEnum):
    """What made the killing test fail."""

    ASSERTION = "assertion"
    EXCEPTION = "exception"  # raised in the code under test
    OTHER_EXCEPTION = "other exception"  # raised elsewhere
    SUSPICIOUS = "suspicious"  # a Hypothesis health check, flakiness or deadline


class RunState(StrEnum):
    """Where a run stands."""

    RUNNING = "running"
    COMPLETE = "complete"
    PART = "part"  # judged what belongs to its shard; the other shards are elsewhere
    INTERRUPTED = "interrupted"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Mutant:
    """One planted bug. Lines and columns are 1-based, columns count characters, the end is exclusive."""

    id: str
    """Stable across edits elsewhere: see `identity`."""
    target: str
    name: str
    """mutmut's own name; it shifts when the code above changes, so it is shown and never keyed on. Empty for
    a mutant that a pragma kept mutmut from generating."""
    file: str
    """Path of the source from the project's root, with forward slashes."""
    function: str
    """Qualified name, e.g. `Handler.complete`."""
    line: int
    column: int
    end_line: int
    end_column: int
    operator: str
    original: str
    """The source text between the two positions."""
    replacement: str
    """The text that stands there in the mutant."""
    diff: str
    """Unified diff of the function, with the line numbers of the original file."""
    skip_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Kill:
    """The first test that failed on a mutant."""

    test: str
    how: How
    exception: str
    """Name of the exception's type."""
    message: str
    example: str = ""
    """Hypothesis's falsifying example, where the test has one."""
    places: tuple[str, ...] = ()
    """Where it was in the project's files outside the code under test, outermost first: `file:line`."""
    output: str = ""
    """The end of what the test printed and logged."""


class FailedTest(NamedTuple):
    """One entry of the kill matrix: a test that notices a mutant."""

    test: str
    how: How | Ended
    """How it failed, or what ended its process: a limit, a signal, the memory."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How the judging of one mutant ended. Times are seconds."""

    mutant_id: str
    ended: Ended
    wall: float = 0.0
    cpu: float = 0.0
    tests_run: int = 0
    kill: Kill | None = None
    detail: str = ""
    """The signal's name, the exit status or the limit, for those who look into it."""
    judged_at: str = ""


class JudgedOn(NamedTuple):
    """How a mutant fared on one of several Python versions whose runs were merged."""

    python: str
    ended: Ended | None
    """None where that run has no verdict."""


@dataclass(frozen=True, slots=True)
class Trace:
    """What the judging of a mutant met, on which its verdict depends."""

    functions: frozenset[str]
    """Functions under test that were called, as `file:qualified name`, and stretches of them that were entered."""
    tests: frozenset[str]
    """Ids of the tests that were chosen for it."""
    unknown: bool = False
    """Whether a program was started, which may have called anything."""
    beyond: Mapping[str, frozenset[str]] | None = None
    """Of a survivor: test -> functions it called beyond those that it calls without the mutant, an empty name for a program
    that was started. None where that was not recorded."""


@dataclass(frozen=True, slots=True)
class Dependencies:
    """The state of a project that verdicts belong to: a digest for each piece of it."""

    functions: dict[str, str]
    tests: dict[str, str]
    shared: dict[str, str]
    """What every verdict depends on, by a name for people."""


@dataclass(frozen=True, slots=True)
class TestRecord:
    """A test of the clean run. The id is pytest's, from the project's root; the duration is seconds."""

    target: str
    id: str
    duration: float
    outcome: str = "passed"
    is_property: bool = False
    """Whether Hypothesis runs it, on examples."""
    examples: int = 0
    """Valid examples that Hypothesis ran it on in the clean run; 0 for a plain test."""
    line: int = 0
    """Where its code begins in its file; 0 where that was not found."""
    code: str = ""
    """Its function as it was run, decorators included; empty where that was not found."""

    __test__ = False  # pytest must not collect it


ExamplesByFunction = dict[tuple[str, str], dict[str, int]]
"""(File, qualified function) -> id of a test that Hypothesis runs -> how many of its valid examples reach the function.

A test that reaches a function and is not there was not counted; one that does so only outside its examples has 0.
"""


@dataclass(frozen=True, slots=True)
class FileCoverage:
    """Line and branch coverage of one source file in the clean run."""

    file: str
    executed: tuple[int, ...]
    missing: tuple[int, ...]
    excluded: tuple[int, ...]
    partial: dict[int, tuple[int, ...]]
    """Line of a branch -> the lines it never jumped to (negative: it never left the function)."""
    branches: int
    covered_branches: int
    tests_by_line: dict[int, tuple[int, ...]] = field(default_factory=dict)
    """Line -> indexes into `tests`."""
    tests: tuple[str, ...] = ()
    exits: dict[int, int] = field(default_factory=dict)
    """Line of a branch -> how many ways lead on from it; empty in records of older versions."""


LOW_BELOW, HIGH_FROM = 60.0, 80.0
"""Percent below which a score is low, and from which on it is high, unless a target says otherwise; Stryker's defaults."""


@dataclass(frozen=True, slots=True)
class TargetRecord:
    """One target as it was configured for a run."""

    name: str
    root: str
    files: tuple[str, ...]
    suites: tuple[str, ...]
    score_floor: float
    coverage_floor: float
    seconds: dict[str, float] = field(default_factory=dict)
    """Phase of the run -> seconds it took."""
    adjusted_floor: float = 0.0
    inputs: dict[str, str] = field(default_factory=dict)
    """Path from the project's root -> hash, of what is not mutated and may change a verdict: tests, configuration."""
    low_below: float = LOW_BELOW
    """Percent; scores below are low."""
    high_from: float = HIGH_FROM
    """Percent; scores from there on are high."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where verdicts come from: enough to run the same again."""

    command: str
    commit: str
    """Full hash, or empty outside a repository."""
    dirty: bool
    fingerprint: str
    """Hash of the staged trees, the configuration, the versions and the profile: equal means same verdicts."""
    python: str
    platform: str
    versions: dict[str, str]
    profile: dict[str, str]
    """The Hypothesis settings under which mutants were judged."""
    cores: int
    memory: int
    """Bytes."""
    workers: int
    shard: str = ""
    """Which part of a run this is, e.g. `2/4`; empty for a whole one."""
    scope: str = ""
    """What the run was limited to, as a phrase; empty where it was about every mutant."""
    interpreters: dict[str, str] = field(default_factory=dict)
    """Python version -> platform of each run that this one was merged from; empty for one that judged by itself."""
    branch: str = ""
    """The git branch that was checked out, or built; empty where none was, and in records of older versions."""


class Choice(StrEnum):
    """What a person decided about an undetected mutant; it never changes the measured status."""

    OPEN = "open"  # nothing yet
    TODO = "todo"  # a test is wanted
    EQUIVALENT = "equivalent"  # no test can tell
    ACCEPTED = "accepted"  # could be killed, not worth it
    BUG = "bug"  # it showed a real defect


EXCUSING = frozenset({Choice.EQUIVALENT, Choice.ACCEPTED})
"""Choices that need a reason and take a survivor out of the adjusted score."""


class Standing(StrEnum):
    """What a decision still means for the latest run."""

    APPLIES = "applies"
    STALE = "stale"  # the function it was made for changed
    EXPIRED = "expired"
    OBSOLETE = "obsolete"  # the mutant is detected, left out or gone
    WAITING = "waiting"  # the mutant has no verdict, so nothing can be said


@dataclass(frozen=True, slots=True)
class Decision:
    """One entry of `triage.toml`. Days are ISO dates."""

    id: str
    target: str
    file: str
    function: str
    change: str
    """Original and replacement in short, for people."""
    decision: Choice
    who: str
    when: str
    function_hash: str
    """Of the function as it was when this was decided."""
    reason: str = ""
    expires: str = ""
    """The last day on which it applies; empty for ever."""
    relies_on: tuple[tuple[str, str], ...] = ()
    """Other functions that the reason speaks of, as `file:function`, each with its hash when this was decided."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A decision, whether it still applies, and why not."""

    decision: Decision
    standing: Standing
    why: str = ""
    """A phrase; empty where it applies."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run over one or more targets. Times are ISO 8601 in UTC."""

    id: int
    started_at: str
    finished_at: str
    state: RunState
    detail: str
    provenance: Provenance
    targets: tuple[TargetRecord, ...]


OUTSIDE = "outside this run: "
"""Begins the reason of mutants that are skipped only because a run was limited to others."""

NOT_COVERED = "mutate_only_covered_lines: "
"""Begins the reason of mutants that are skipped because of what the tests of this very run cover."""

_STATUS_OF_ENDED = {
    Ended.PASSED: Status.SURVIVED,
    Ended.FAILED: Status.KILLED,
    Ended.NO_TESTS: Status.UNCOVERED,
    Ended.WALL_LIMIT: Status.TIMEOUT,
    Ended.CPU_LIMIT: Status.TIMEOUT,
    Ended.SIGNAL: Status.ERROR,
    Ended.OUT_OF_MEMORY: Status.ERROR,
    Ended.EXITED: Status.ERROR,
    Ended.LOST: Status.ERROR,
    Ended.NOT_COLLECTED: Status.ERROR,
    Ended.NOT_IMPORTED: Status.INVALID,
    Ended.TYPE_ERROR: Status.INVALID,
}


def status_of(mutant: Mutant, verdict: Verdict | None) -> Status:
    """Derive the status from the recorded facts."""
    return status_of_facts(mutant.skip_reason, verdict.ended if verdict else None)


def status_of_facts(skip_reason: str | None, ended: Ended | None) -> Status:
    """Derive the status from just the facts that decide it."""
    if skip_reason is not None:
        return Status.SKIPPED
    return Status.PENDING if ended is None else _STATUS_OF_ENDED[ended]
