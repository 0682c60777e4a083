"""The payloads of the data files, key by key as `static/data.d.ts` documents them; a test compares the two."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

FORMAT: Literal[1] = 1
"""Changes when scripts of an older page could not read the data any more."""


class RunOfIndex(TypedDict):
    """`Index.run`."""

    id: int
    startedAt: str
    commit: str
    branch: str
    dirty: bool
    complete: bool


class TargetOfIndex(TypedDict):
    """`Index.targets`."""

    name: str
    root: str


class FileOfIndex(TypedDict):
    """`Index.files`."""

    path: str
    target: int
    chunk: str
    first: int
    count: int
    changed: bool
    lines: int


class FunctionColumns(TypedDict):
    """`Index.functions`."""

    name: list[str]
    file: list[int]
    line: list[int]
    end: list[int]
    seconds: list[float]


class MutantColumns(TypedDict):
    """`Index.mutants`."""

    id: list[str]
    function: list[int]
    line: list[int]
    operator: list[int]
    status: str


class QueueColumns(TypedDict):
    """`Index.queue`."""

    mutant: list[int]
    original: list[str]
    replacement: list[str]
    reason: list[int]
    tests: list[int]
    seconds: list[float]
    fresh: list[int]
    diagnosis: list[int]


class ShadowColumns(TypedDict):
    """`Index.shadows`."""

    place: list[int]
    of: list[int]


class SlowestColumns(TypedDict):
    """`Index.slowest`."""

    mutant: list[int]
    seconds: list[float]


class ChunkNames(TypedDict):
    """`Index.chunks`."""

    tests: str
    runs: str
    codes: str
    tables: str


class RunOfHistory(TypedDict):
    """`Index.runs`."""

    id: int
    startedAt: str
    commit: str
    complete: bool


class Decided(TypedDict):
    """A decision about a mutant of this run."""

    mutant: int
    choice: str
    reason: str
    who: str
    when: str
    expires: str
    standing: str
    why: str


class SinceOfIndex(TypedDict):
    """`Index.since`."""

    ref: str
    mutants: list[int]


class Index(TypedDict):
    """What is loaded with the page."""

    format: Literal[1]
    report: str
    project: str
    version: str
    run: RunOfIndex
    targets: list[TargetOfIndex]
    files: list[FileOfIndex]
    functions: FunctionColumns
    operators: list[str]
    mutants: MutantColumns
    queue: QueueColumns
    shadows: ShadowColumns
    varied: list[int]
    slowest: SlowestColumns
    rule: str
    reasons: list[str]
    diagnoses: list[str]
    decisions: list[Decided]
    chunks: ChunkNames
    editor: str
    root: str
    runs: list[RunOfHistory]
    matrix: bool
    since: NotRequired[SinceOfIndex]


class KillOfMutant(TypedDict):
    """`MutantDetail.kill`."""

    test: int
    message: str
    how: NotRequired[str]
    exception: NotRequired[str]
    example: NotRequired[str]
    places: NotRequired[list[str | int]]
    output: NotRequired[str]


class Witness(TypedDict):
    """An input on which original and mutant differ."""

    label: str
    original: str
    mutant: str


class Diagnosis(TypedDict):
    """`MutantDetail.diagnosis`."""

    stage: int
    sentence: str
    witness: NotRequired[list[Witness]]
    suggestion: NotRequired[str]


class MutantDetail(TypedDict):
    """All that is known about one mutant."""

    name: str | int
    at: tuple[int, int, int, int]
    original: str
    replacement: str
    diff: NotRequired[str]
    change: NotRequired[str]
    ended: NotRequired[str]
    skipReason: NotRequired[str]
    cost: NotRequired[tuple[float, float, int]]
    kill: NotRequired[KillOfMutant]
    kills: NotRequired[list[tuple[int, str]]]
    history: str
    tests: NotRequired[int]
    exact: NotRequired[bool]
    versions: NotRequired[list[tuple[str, str]]]
    hardly: NotRequired[tuple[int, int]]
    diagnosis: NotRequired[Diagnosis]


class FileChunk(TypedDict):
    """One file with its mutants."""

    source: str
    coverage: str
    partial: dict[str, str]
    testSets: list[list[int]]
    testsOfLine: dict[str, int]
    testsOfFunction: dict[str, int]
    examplesOfFunction: dict[str, list[int]]
    functionHash: dict[str, str]
    names: dict[str, str]
    mutants: list[MutantDetail]


class TestOfChunk(TypedDict):
    """`TestsChunk.tests`."""

    target: int
    id: str
    seconds: float
    outcome: str
    property: bool
    examples: int
    seldom: NotRequired[list[tuple[int, int]]]
    ran: int
    killed: list[int]
    alone: int
    assertions: int
    exceptions: int
    remark: str


class TestsChunk(TypedDict):
    """Every test."""

    tests: list[TestOfChunk]
    cover: NotRequired[list[int]]


class CodeOfTest(TypedDict):
    """`CodesChunk.codes`."""

    line: int
    text: str


class CodesChunk(TypedDict):
    """The code of tests."""

    codes: list[CodeOfTest]
    of: list[int]


class TargetOfRun(TypedDict):
    """A target in one of the recorded runs."""

    name: str
    counts: dict[str, int]
    score: str
    coverage: str


class RunOfChunk(TypedDict):
    """`RunsChunk.runs`."""

    id: int
    startedAt: str
    finishedAt: str
    state: str
    detail: str
    commit: str
    branch: str
    dirty: bool
    command: str
    aside: str
    seconds: float
    targets: list[TargetOfRun]


class HistoryColumns(TypedDict):
    """`RunsChunk.mutants`."""

    id: list[str]
    target: list[str]
    file: list[str]
    function: list[str]
    line: list[int]
    change: list[str]
    history: list[str]
    killer: list[str]


class UnjudgedColumns(TypedDict):
    """`RunsChunk.unjudged`."""

    history: list[str]
    count: list[int]


class RunsChunk(TypedDict):
    """The recorded runs."""

    runs: list[RunOfChunk]
    mutants: HistoryColumns
    unjudged: UnjudgedColumns


class RowsOfTable(TypedDict):
    """`TablesChunk.map` and `.classes`."""

    name: list[str]
    file: list[int]
    line: list[int]
    weak: list[list[int]]
    numbers: list[list[int]]


class TablesChunk(TypedDict):
    """`TablesChunk`."""

    cells: list[tuple[str, str, str]]
    map: RowsOfTable
    classes: RowsOfTable
