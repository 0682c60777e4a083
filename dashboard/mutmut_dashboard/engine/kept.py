"""What the clean runs of a target found, kept for the next run, so that only tests that a change touches run again."""

from __future__ import annotations

import gzip
import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from mutmut_dashboard.engine.pieces import Cut, in_stretches, moved_lines
from mutmut_dashboard.engine.stretches import whole_function
from mutmut_dashboard.engine.wire import CleanMemory, TestRun
from mutmut_dashboard.files import write_whole
from mutmut_dashboard.model import Dependencies

_FORMAT = 4

ArcsByTest = dict[str, list[list[int]]]
"""Test -> pairs of lines, as coverage.py notes them: from, to; negative where a block is entered or left."""
Arcs = dict[str, ArcsByTest]
"""By file."""


@dataclass(frozen=True)
class Footprint:
    """Files and folders that the suites use, relative to the stage."""

    loaded: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)

    def __or__(self, other: Footprint) -> Footprint:
        return Footprint(
            sorted({*self.loaded, *other.loaded}),
            sorted({*self.opened, *other.opened}),
            sorted({*self.listed, *other.listed}),
        )


@dataclass(frozen=True)
class KeptRuns:
    """The clean runs of one state of a target. Files and test ids are the stage's but in `dependencies`."""

    fingerprint: str
    dependencies: Dependencies
    footprint: Footprint
    sources: dict[str, str]
    """Text of each file under test."""
    measured: dict[str, TestRun]
    """On the original, by test."""
    generated: dict[str, TestRun]
    """By themselves on the generated code, by test; the lines are those of the sources."""
    arcs: Arcs
    memory: CleanMemory
    imported: list[str]

    def save(self, path: Path) -> None:
        """Keep it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        record = {"format": _FORMAT, **vars(self)}
        write_whole(
            path,
            gzip.compress(
                json.dumps(record, default=_fields).encode(errors="surrogatepass"), compresslevel=1
            ),
        )


def _fields(record: Any) -> dict[str, Any]:
    return {one.name: getattr(record, one.name) for one in fields(record)}


def load(path: Path) -> KeptRuns | None:
    """Read what was kept; None where there is nothing that can be used."""
    try:
        record = json.loads(gzip.decompress(path.read_bytes()).decode(errors="surrogatepass"))
        if record.pop("format") != _FORMAT:
            return None
        return KeptRuns(
            **{
                **record,
                "dependencies": Dependencies(**record["dependencies"]),
                "footprint": Footprint(**record["footprint"]),
                "measured": _runs(record["measured"]),
                "generated": _runs(record["generated"]),
                "memory": CleanMemory(**record["memory"]),
            }
        )
    except (OSError, EOFError, ValueError, KeyError, TypeError):  # never kept, cut off, or of another version
        return None


def _runs(records: dict[str, Any]) -> dict[str, TestRun]:
    return {test: TestRun(**run) for test, run in records.items()}


Moves = dict[str, dict[int, int]]
"""File -> line then -> line now, for lines of what is the same."""


def moves(earlier: KeptRuns, now: dict[str, Cut]) -> Moves:
    """Return where the lines of the kept sources are in the present ones; lines that are gone are left out."""
    return {
        file: moved_lines(in_stretches(source, set(map(whole_function, now[file].functions))), now[file])
        for file, source in earlier.sources.items()
        if file in now
    }


def carried_arcs(earlier: KeptRuns, moved: Moves, tests: frozenset[str]) -> Arcs:
    """Return what these tests ran one after the other, in the lines of the present sources."""
    found: Arcs = {}
    for file, by_test in earlier.arcs.items():
        if (line := moved.get(file)) is None:
            continue
        found[file] = {
            test: [[a, b] for one in arcs if (a := _moved(one[0], line)) and (b := _moved(one[1], line))]
            for test, arcs in by_test.items()
            if test in tests
        }
    return found


def together(one: Arcs, other: Arcs) -> Arcs:
    """Return the arcs of different tests as one."""
    return {file: {**one.get(file, {}), **other.get(file, {})} for file in {**one, **other}}


def carried_run(run: TestRun, moved: Moves) -> TestRun:
    """Return what a test ran by itself, in the lines of the present sources."""
    lines = {
        file: [moved[file][line] for line in own if line in moved[file]]
        for file, own in run.lines.items()
        if file in moved
    }
    return replace(run, lines=lines)


def _moved(end: int, line: dict[int, int]) -> int:
    if end == -1:  # a module's own code begins and ends there
        return end
    return line.get(end, 0) if end > 0 else -line.get(-end, 0)


def read_arcs(data: Path, folder: Path) -> Arcs:
    """Read which test ran which arcs from coverage.py's data file, whose tables its documentation describes."""
    found: Arcs = {}
    query = (
        "SELECT file.path, context.context, fromno, tono FROM arc "
        "JOIN file ON file.id = arc.file_id JOIN context ON context.id = arc.context_id WHERE context.context <> ''"
    )
    by_path: dict[str, ArcsByTest] = {}
    with closing(sqlite3.connect(f"file:{data}?mode=ro", uri=True)) as db:
        for path, test, begin, end in db.execute(query):
            if (own := by_path.get(path)) is None:
                own = by_path[path] = found.setdefault(Path(path).relative_to(folder).as_posix(), {})
            own.setdefault(test, []).append([begin, end])
    return found
