"""What the engine and the tests' process tell each other: JSON lines, and the values in them."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class SessionPlan:
    """What a process that holds a pytest session is started for."""

    role: str
    """"measure": run every test once, with coverage. "serve": collect, then fork per mutant. "judge": run `tests`."""
    suites: list[str]
    pytest_args: list[str]
    ini: str
    code: list[str]
    """Absolute paths of the files under test."""
    original: str
    """Absolute path of the folder that holds the original files."""
    modules: dict[str, str]
    """Module name -> absolute path from which it must be imported."""
    kept_output: int
    """Characters kept of what a test that fails printed, and as many of what it logged."""
    temporary: str = ""
    """The folder for temporary files; each process has one of its own in there. Set when it is started."""
    bytecode: bool = False
    """Whether "measure" and "serve" keep bytecode of what they import until all tests are collected."""
    storage: str = ""
    """Where Hypothesis keeps what it found out about sources and Unicode; it stays from run to run."""
    output: str = ""
    """Where "measure" and "judge" write their result."""
    tests: list[str] = field(default_factory=list)
    """Ids for "judge", in order."""
    again: bool = False
    """Whether "judge" lets go of tests that are gone and asks all that are not `known`, too."""
    known: list[str] = field(default_factory=list)
    """Ids of tests that were there before and did not change."""
    chosen: dict[str, Any] = field(default_factory=dict)
    """What "measure" runs, as `Chosen` has it; empty where it waits for that at `control`."""
    throughout: bool = False
    """Whether "measure" traces everything, and not only while code under test goes on."""
    functions: list[str] = field(default_factory=list)
    """Keys of what "serve" notes: mutmut's of functions that are called, then those of stretches that are entered."""
    control: int = -1
    """File descriptor on which "serve" talks, once it has heard which tests count, and "measure" listens."""
    mutant: str = ""
    """A mutant to activate before anything is imported, for code that runs at import."""


@dataclass(frozen=True)
class Chosen:
    """Which tests are measured."""

    tests: list[str] | None = None
    """Their ids; None for all."""
    carried: str = ""
    """A JSON file with what is taken over from an earlier run: file -> arcs that the other tests ran."""


@dataclass(frozen=True)
class Job:
    """One mutant to judge: tests by number, in order, and the limits in seconds."""

    number: int
    mutant: str
    tests: list[int]
    wall: float
    cpu: int
    memory: int
    """Bytes of address space; 0 for no limit."""
    cpus: list[int] = field(default_factory=list)
    """CPU seconds that each of the tests may take, within `cpu` for all."""
    each: list[tuple[float, int]] = field(default_factory=list)
    """For the kill matrix, which runs every test: wall and CPU seconds of each."""


@dataclass(frozen=True)
class Failure:
    """A failing test."""

    test: str
    how: str
    exception: str
    message: str
    example: str
    places: list[str] = field(default_factory=list)
    """Where it was in the project's files outside the code under test, outermost first: `file:line`, from the tests' folder."""
    output: str = ""
    """The end of what the test printed and logged."""


@dataclass(frozen=True)
class JobResult:
    """How a job ended; `ended` is a value of `model.Ended`.

    In a kill matrix "passed" says that every test was run; what `failed` then holds decides.
    """

    number: int
    ended: str
    wall: float
    cpu: float
    tests_run: int
    failure: Failure | None = None
    """The first."""
    detail: str = ""
    failed: list[tuple[str, str]] = field(default_factory=list)
    """Of a kill matrix: every test that failed, and how."""
    called: str = ""
    """A byte per function and stretch of the plan in hexadecimal, after one for what cannot be known."""
    beyond: list[tuple[int, list[int]]] | None = None
    """What tests that passed called beyond what they call without a mutant: position in the job and places as in `called`.

    None where nobody said what they call without one.
    """


@dataclass(frozen=True)
class CleanMemory:
    """The most memory a clean run used, in bytes; 0 where the system does not say."""

    space: int = 0
    """Address space."""
    resident: int = 0

    def most(self, other: CleanMemory) -> CleanMemory:
        """Return the larger of each."""
        return CleanMemory(max(self.space, other.space), max(self.resident, other.resident))


@dataclass(frozen=True)
class TestRun:
    """One test of a clean run."""

    id: str
    duration: float
    outcome: str
    message: str = ""
    called: list[str] = field(default_factory=list)
    """mutmut's keys of the functions it called, and those of the stretches it entered, where trampolines were watched."""
    is_property: bool = False
    examples: int = 0
    """Valid examples Hypothesis ran it on, where they were counted."""
    reached: dict[str, int] = field(default_factory=dict)
    """mutmut's key of each function that it called -> how many of those examples did, where trampolines were watched."""
    lines: dict[str, list[int]] = field(default_factory=dict)
    """Of a test that was run by itself: file -> lines of the code under test that it ran."""

    __test__ = False  # pytest must not collect it


def encode(kind: str, value: Any) -> bytes:
    """Write one message."""
    # A message may hold half a surrogate pair, which no file and no page can.
    return json.dumps([kind, value], ensure_ascii=False, default=vars).encode(errors="replace") + b"\n"


def decode(line: bytes) -> tuple[str, Any]:
    """Read one message."""
    kind, body = json.loads(line)
    return kind, body


def receive(descriptor: int) -> tuple[str, Any]:
    """Read one message from whoever sends no other before it has an answer.

    Raises:
        EOFError: nothing comes any more.

    """
    received = bytearray()
    while not received.endswith(b"\n"):
        chunk = os.read(descriptor, 1 << 16)
        if not chunk:
            raise EOFError
        received += chunk
    return decode(bytes(received))


def job_result(body: dict[str, Any]) -> JobResult:
    """Rebuild a result."""
    failure = body.pop("failure")
    failed = [(test, how) for test, how in body.pop("failed")]
    return JobResult(**body, failure=Failure(**failure) if failure else None, failed=failed)
