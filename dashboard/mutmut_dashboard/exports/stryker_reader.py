"""Another tool's mutation-testing-report JSON as a run: what its schema holds and we record, unknown fields ignored.

https://github.com/stryker-mutator/mutation-testing-elements/tree/master/packages/report-schema
"""

from __future__ import annotations

import ast
import difflib
import hashlib
import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.exports.json_place import JsonPlace, read_json
from mutmut_dashboard.exports.numbered_tests import own_reach
from mutmut_dashboard.exports.places import Source, character_column
from mutmut_dashboard.exports.stryker import PHASES, STATUS
from mutmut_dashboard.identity import Origin, assign_ids
from mutmut_dashboard.model import (
    HIGH_FROM,
    LOW_BELOW,
    Ended,
    FailedTest,
    How,
    Kill,
    Mutant,
    Provenance,
    Status,
    TargetRecord,
    TestRecord,
    Verdict,
)

MODULE = "<module>"
"""Stands for the function of what is in none, or in a language whose functions are not read."""
_OURS = "mutmut-dashboard"
_STATUS = {word: status for status, word in STATUS.items()}
_ENDED = {
    Status.KILLED: (Ended.FAILED,),
    Status.TIMEOUT: (Ended.WALL_LIMIT, Ended.CPU_LIMIT),
    Status.SURVIVED: (Ended.PASSED,),
    Status.UNCOVERED: (Ended.NO_TESTS,),
    Status.INVALID: (Ended.NOT_IMPORTED, Ended.TYPE_ERROR),
    Status.ERROR: (Ended.EXITED, Ended.SIGNAL, Ended.OUT_OF_MEMORY, Ended.LOST, Ended.NOT_COLLECTED),
}
"""How judging may have ended; the first is meant where the reason does not begin with another."""
_RAISED = re.compile(r"([A-Za-z_][\w.]*):(?:$| (.*))", re.DOTALL)
_SCHEMAS = re.compile(r"[12](\.(0|[1-9]\d*)){0,2}")


@dataclass
class ForeignRun:
    """Everything a report holds, ready to be recorded as one target of a run, see `joined_reports`."""

    name: str
    """What messages call the report."""
    target: TargetRecord
    provenance: Provenance
    sources: dict[str, str] = field(default_factory=dict)
    mutants: list[Mutant] = field(default_factory=list)
    verdicts: list[tuple[Verdict, list[FailedTest]]] = field(default_factory=list)
    tests: list[TestRecord] = field(default_factory=list)
    reach: dict[tuple[str, str], list[str]] = field(default_factory=dict)


def read_report(content: bytes, name: str, target: str, command: str, root: str = "") -> ForeignRun:
    """Read a report; `name` is what messages call it, `target` the name of the target it becomes.

    `root` is the folder in which its paths begin, from the project's root.

    Columns, which the report counts in UTF-16 code units, become characters. Ids of a report that we wrote are kept;
    another tool's number its mutants anew in every run, so they get stable ids of ours.

    Raises:
        UsageError: it is no such report; the message names the path of what is wrong.

    """
    report = read_json(content, name)
    version = report.text("schemaVersion")
    if not _SCHEMAS.fullmatch(version):
        report["schemaVersion"].wrong('a version that is known, "1" or "2"')
    framework = report.get("framework")
    tool = framework.text("name") if framework else ""
    tests = _Tests(report, target, root)
    files = {posixpath.join(root, path): file for path, file in report["files"].members()}
    run = ForeignRun(
        name=name,
        target=_target(report, target, tuple(files), tests),
        provenance=_provenance(content, command, tool, framework.text("version", "") if framework else ""),
        sources={path: file.text("source") for path, file in files.items()},
    )
    for path, file in files.items():
        _read_file(path, file, run, tests, keep_ids=tool == _OURS)
    run.tests = tests.records
    _require_own_ids(run, name)
    return run


def _read_file(path: str, file: JsonPlace, run: ForeignRun, tests: _Tests, *, keep_ids: bool) -> None:
    places = list(file["mutants"].items())
    source = run.sources[path]
    functions = _Functions(source)
    mutants = [_mutant(path, source, place, functions, run.target.name) for place in places]
    if not keep_ids:
        origins = [Origin(m.file, m.function, *_lines_of_change(m, source)) for m in mutants]
        mutants = [replace(m, id=id_) for m, id_ in zip(mutants, assign_ids(origins), strict=True)]
    for mutant, place in zip(mutants, places, strict=True):
        run.mutants.append(mutant)
        killers = tests.named(place, "killedBy")
        covered = list(dict.fromkeys([*tests.named(place, "coveredBy"), *killers]))
        run.reach[own_reach(mutant)] = covered
        of_function = run.reach.setdefault((mutant.file, mutant.function), [])
        of_function += [test for test in covered if test not in of_function]
        verdict = _verdict(mutant, place, killers)
        if verdict:
            run.verdicts.append(verdict)


def _mutant(path: str, source: str, place: JsonPlace, functions: _Functions, target: str) -> Mutant:
    status = _status(place)
    lines = source.split("\n")
    location = place["location"]
    line, column = _position(location["start"], lines)
    end_line, end_column = _position(location["end"], lines)
    if (end_line, end_column) < (line, column):
        location.wrong("a stretch that does not end before it starts")
    mutant = Mutant(
        id=place.text("id"),
        target=target,
        name="",
        file=path,
        function=functions.at(line),
        line=line,
        column=column,
        end_line=end_line,
        end_column=end_column,
        operator=place.text("mutatorName"),
        original="",
        replacement="",
        diff="",
        skip_reason=place.text("statusReason", "") if status is Status.SKIPPED else None,
    )
    if place.get("replacement") is None:
        return replace(mutant, replacement=place.text("description", mutant.operator))
    whole = Source(source)
    original = whole.between(mutant)
    changed = _unspaced(replace(mutant, original=original or ""), place.text("replacement"), whole)
    return replace(changed, diff=_diff(changed, source) if original is not None else "")


def _unspaced(mutant: Mutant, replacement: str, source: Source) -> Mutant:
    """Leave out the spaces that writing puts back, so that reading what was written gives the same."""
    for text in dict.fromkeys((replacement.strip(" "), replacement)):
        read = replace(mutant, replacement=text)
        if source.place(read).replacement == replacement:
            return read
    return replace(mutant, replacement=replacement)


def _position(place: JsonPlace, lines: Sequence[str]) -> tuple[int, int]:
    line, column = place.count("line"), place.count("column")
    return line, character_column(lines[line - 1], column) if line <= len(lines) else column


def _status(place: JsonPlace) -> Status:
    word = place.text("status")
    if word not in _STATUS:
        place["status"].wrong(f"one of {', '.join(_STATUS)}")
    return _STATUS[word]


def _verdict(mutant: Mutant, place: JsonPlace, killers: list[str]) -> tuple[Verdict, list[FailedTest]] | None:
    status = _status(place)
    if status in (Status.SKIPPED, Status.PENDING):
        return None
    reason = place.text("statusReason", "")
    ended, detail = _ended(status, reason)
    how = How.ASSERTION if reason.startswith("AssertionError") else How.OTHER_EXCEPTION
    kill = None
    if status is Status.KILLED:
        raised = _RAISED.fullmatch(reason)
        exception, message = (raised[1], raised[2] or "") if raised else ("", reason)
        kill = Kill(killers[0] if killers else "", how, exception, message)
        detail = ""
    verdict = Verdict(
        mutant_id=mutant.id,
        ended=ended,
        wall=place.number("duration", 0.0) / 1000,
        tests_run=int(place.number("testsCompleted", 0.0)),
        kill=kill if killers or reason else None,
        detail=detail,
    )
    return verdict, [FailedTest(test, how) for test in killers] if len(killers) > 1 else []


def _ended(status: Status, reason: str) -> tuple[Ended, str]:
    for ended in _ENDED[status]:
        if reason == ended:
            return ended, ""
        if reason.startswith(f"{ended}: "):
            return ended, reason.removeprefix(f"{ended}: ")
    return _ENDED[status][0], reason


class _Tests:
    """The report's tests by their ids; one that is mentioned only is called by its id."""

    def __init__(self, report: JsonPlace, target: str, root: str) -> None:
        self._target = target
        self._name: dict[str, str] = {}
        taken: set[str] = set()
        files = report.get("testFiles")
        for file, entry in files.members() if files else ():
            for test in entry["tests"].items():
                id_, own = test.text("id"), test.text("name")
                path = posixpath.join(root, file)
                name = path if own == file else f"{path}::{own}"
                if name in taken:
                    name = f"{name} [{id_}]"
                taken.add(name)
                self._name[id_] = name

    def named(self, mutant: JsonPlace, key: str) -> list[str]:
        place = mutant.get(key)
        ids = [item.text() for item in place.items()] if place else []
        return [self._name.setdefault(id_, id_) for id_ in dict.fromkeys(ids)]

    @property
    def records(self) -> list[TestRecord]:
        return [TestRecord(self._target, name, 0.0) for name in dict.fromkeys(self._name.values())]

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name.partition("::")[0] for name in self._name.values()))


class _Functions:
    """Which function of a Python module a line is in; the outermost, since functions inside belong to it."""

    def __init__(self, source: str) -> None:
        try:
            self._spans = list(_spans(ast.parse(source), ""))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            self._spans = []

    def at(self, line: int) -> str:
        return next((name for first, last, name in self._spans if first <= line <= last), MODULE)


def _spans(node: ast.AST, prefix: str) -> Iterator[tuple[int, int, str]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([child.lineno, *(decorator.lineno for decorator in child.decorator_list)])
            yield first, child.end_lineno or child.lineno, prefix + child.name
        elif isinstance(child, ast.ClassDef):
            yield from _spans(child, f"{prefix}{child.name}.")
        else:
            yield from _spans(child, prefix)


def _changed_lines(mutant: Mutant, source: str) -> tuple[list[str], list[str]]:
    """Return the source's lines of the change, before and after."""
    before = source.split("\n")[mutant.line - 1 : mutant.end_line]
    if not before:
        return [mutant.original], [mutant.replacement]
    head, tail = before[0][: mutant.column - 1], before[-1][mutant.end_column - 1 :]
    return before, f"{head}{mutant.replacement}{tail}".split("\n")


def _lines_of_change(mutant: Mutant, source: str) -> tuple[str, str]:
    before, after = (" ".join(" ".join(lines).split()) for lines in _changed_lines(mutant, source))
    return before, f"{after} {mutant.operator}"


def _diff(mutant: Mutant, source: str) -> str:
    before, after = _changed_lines(mutant, source)
    head = f"@@ -{mutant.line},{len(before)} +{mutant.line},{len(after)} @@"
    lines = list(difflib.unified_diff(before, after, n=0, lineterm=""))[3:]
    return "\n".join((f"--- {mutant.file}", f"+++ {mutant.file}", head, *lines)) + "\n"


def _target(report: JsonPlace, name: str, files: tuple[str, ...], tests: _Tests) -> TargetRecord:
    thresholds = report["thresholds"]
    low, high = thresholds.number("low", LOW_BELOW), thresholds.number("high", HIGH_FROM)
    if not low <= high <= 100:
        low, high = LOW_BELOW, HIGH_FROM  # they only colour, so they are no reason to refuse a report
    performance = report.get("performance")
    seconds = {
        phases[0]: performance.number(key, 0.0) / 1000 for key, phases in PHASES.items() if performance
    }
    return TargetRecord(name, ".", files, tests.files, 0.0, 0.0, seconds, low_below=low, high_from=high)


def _provenance(content: bytes, command: str, tool: str, version: str) -> Provenance:
    return Provenance(
        command=command,
        commit="",
        dirty=False,
        fingerprint=f"imported {hashlib.sha256(content).hexdigest()}",
        python="",
        platform="",
        versions={tool: version} if tool else {},
        profile={},
        cores=0,
        memory=0,
        workers=0,
    )


def _require_own_ids(run: ForeignRun, name: str) -> None:
    seen: set[str] = set()
    for mutant in run.mutants:
        if mutant.id in seen:
            raise UsageError(
                f'{name}: two mutants have the id "{mutant.id}". Ids must be unique in a report.'
            )
        seen.add(mutant.id)
