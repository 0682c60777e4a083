"""Which tests run a line: those that do by themselves, by the generated code, and those that do after others, by the original.

A test may run other lines after others than by itself, where it finds what they left behind: it goes past the lines that
fill a cache, and into those that use it. Judging runs it both ways, so both count.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace

from mutmut_dashboard.engine.mutmut_adapter import Copy
from mutmut_dashboard.engine.pieces import bodies, in_stretches
from mutmut_dashboard.engine.wire import TestRun
from mutmut_dashboard.model import FileCoverage


def in_source(tests: Sequence[TestRun], copies: Mapping[str, Sequence[Copy]]) -> list[TestRun]:
    """Return the tests with the lines of the sources that they ran; what is in no mutated function is left out."""
    ordered = {file: sorted(own) for file, own in copies.items()}
    return [
        replace(test, lines={f: _moved(ran, ordered[f]) for f, ran in test.lines.items() if f in ordered})
        for test in tests
    ]


def _moved(lines: Sequence[int], copies: Sequence[Copy]) -> list[int]:
    starts = [first for first, _, _ in copies]
    moved = []
    for line in lines:
        at = bisect_right(starts, line) - 1
        if at >= 0 and line <= copies[at][1]:
            moved.append(line + copies[at][2])
    return moved


def with_tests_alone(
    coverage: Sequence[FileCoverage], alone: Sequence[TestRun], prefix: str
) -> list[FileCoverage]:
    """Add to the coverage of the clean run, in which all tests ran one after the other, what they run by themselves."""
    return [_with_tests_alone(file, alone, prefix) for file in coverage]


def _with_tests_alone(file: FileCoverage, alone: Sequence[TestRun], prefix: str) -> FileCoverage:
    name = file.file.removeprefix(prefix)
    by_line = {line: {file.tests[at] for at in own} for line, own in file.tests_by_line.items()}
    for test in alone:
        for line in test.lines.get(name, ()):
            by_line.setdefault(line, set()).add(prefix + test.id)
    tests = sorted({test for own in by_line.values() for test in own})
    number = {test: at for at, test in enumerate(tests)}
    return replace(
        file,
        executed=tuple(sorted({*file.executed, *(by_line.keys() & set(file.missing))})),
        missing=tuple(line for line in file.missing if line not in by_line),
        tests_by_line={line: tuple(sorted(number[t] for t in by_line[line])) for line in sorted(by_line)},
        tests=tuple(tests),
    )


def with_calls_of_lines(
    tests: Sequence[TestRun],
    coverage: Sequence[FileCoverage],
    sources: Mapping[str, str],
    keys: Mapping[str, str],
    prefix: str,
) -> list[TestRun]:
    """Add to what each test calls the functions and stretches that it is in: after others, or in a closure that they left.

    `sources` are by path in the stage; `keys` maps their names, `file:name`, to what `TestRun.called` has.
    """
    called: dict[str, set[str]] = {}
    for file in coverage:
        source = sources[file.file.removeprefix(prefix)]
        whole = {name: lines for name, lines in bodies(source).items() if f"{file.file}:{name}" in keys}
        for name, piece in in_stretches(source, whole).functions.items():
            if key := keys.get(f"{file.file}:{name}"):
                lines = whole.get(name, piece.lines)
                for test in {file.tests[at] for line in lines for at in file.tests_by_line.get(line, ())}:
                    called.setdefault(test.removeprefix(prefix), set()).add(key)
    return [replace(test, called=sorted({*test.called, *called.get(test.id, ())})) for test in tests]
