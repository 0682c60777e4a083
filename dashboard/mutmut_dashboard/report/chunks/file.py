"""One file's data: its source as judged, coverage by line, and all that is known about each of its mutants."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypedDict

from mutmut_dashboard.function_hash import hashes_of
from mutmut_dashboard.model import FileCoverage, How, Mutant, Status, Verdict, status_of_facts
from mutmut_dashboard.report.chunks.payloads import FileChunk, KillOfMutant, MutantDetail
from mutmut_dashboard.report.chunks.script import utf16_length
from mutmut_dashboard.report.excerpt import LineStates, Source
from mutmut_dashboard.report.facts import Facts
from mutmut_dashboard.report.history import LETTER
from mutmut_dashboard.report.numbering import NumberedFile
from mutmut_dashboard.report.reach import Share, Tests
from mutmut_dashboard.report.snapshot import Judged
from mutmut_dashboard.report.wording import HOW_WORDS, clip, how_words, why
from mutmut_dashboard.short_form import short_form

_MESSAGE = 1000
"""Characters kept of an exception's message."""
_EXAMPLE = 2000
"""Characters kept of a falsifying example."""
_ORDINARY = "AssertionError"
"""What is not written down, since most kills end so."""
_NUMBER = "__mutmut_"
"""What mutmut puts before a mutant's number."""
_UNDETECTED = (Status.SURVIVED, Status.UNCOVERED)
STATE_LETTER = {"run": "r", "missed": "m", "partial": "p", "excluded": "x", "none": "-", "unknown": "?"}
"""State of a line, see `LineStates` -> its letter; `static/js/words.js` has the same."""


def file_chunk(facts: Facts, file: NumberedFile) -> FileChunk:
    """Build the data of one file."""
    return _FileChunk(facts, file).build()


class _FileChunk:
    def __init__(self, facts: Facts, file: NumberedFile) -> None:
        self._facts = facts
        self._file = file
        self._target = facts.snapshot.targets[file.target]
        self._reach = facts.numbers.reach[file.target]
        self._text = facts.snapshot.sources.get(file.path)
        self._source = None if self._text is None else Source.read(self._text)
        self._sets: dict[Tests, int] = {}
        self._names: dict[str, str] = {}

    def build(self) -> FileChunk:
        coverage = self._target.coverage_of.get(self._file.path)
        lines = list(self._source.text) if self._source else []
        if lines and not lines[-1]:
            lines.pop()  # what follows the last newline is no line
        of_line = self._reach.of_lines(self._file.path)
        return FileChunk(
            source="\n".join(lines),
            mutants=[self._mutant(judged) for judged in self._file.judged],
            testsOfLine={str(line): self._set(tests) for line, tests in sorted(of_line.items())},
            testsOfFunction=self._tests_of_functions(),
            examplesOfFunction=self._examples_of_functions(),
            **_coverage(coverage, len(lines)),
            functionHash=self._function_hashes(),
            names=self._names,
            testSets=[list(tests) for tests in self._sets],
        )

    def _set(self, tests: Tests) -> int:
        return self._sets.setdefault(tests, len(self._sets))

    def _tests_of_functions(self) -> dict[str, int]:
        found = {}
        for name, number in self._file.functions.items():
            tests = self._reach.of_function(self._file.path, name)
            if tests:
                found[str(number)] = self._set(tests)
        return found

    def _examples_of_functions(self) -> dict[str, list[int]]:
        found = {}
        for name, number in self._file.functions.items():
            if shares := self._reach.examples(self._file.path, name):
                tests = self._reach.of_function(self._file.path, name)
                found[str(number)] = list(self._less_than_all(tests, shares))
        return found

    def _less_than_all(self, tests: Tests, shares: dict[int, Share]) -> Iterator[int]:
        made = self._facts.numbers.tests
        for at, test in enumerate(tests):
            share, record = shares.get(test), made[test].record
            if share is None and record is not None and record.examples:
                yield from (at, -1)
            elif share is not None and share.reached < share.made:
                yield from (at, share.reached)

    def _function_hashes(self) -> dict[str, str]:
        wanted = {one.mutant.function for one in self._file.judged if one.status in _UNDETECTED}
        hashes = hashes_of(self._text or "") if wanted else {}
        return {str(self._file.functions[name]): hashes[name] for name in sorted(wanted) if name in hashes}

    def _mutant(self, judged: Judged) -> MutantDetail:
        mutant, verdict = judged.mutant, judged.verdict
        drawn = self._source is not None and self._source.holds(mutant)
        detail = MutantDetail(
            name=self._name(mutant),
            at=self._place(mutant),
            original=mutant.original,
            replacement=mutant.replacement,
            history=self._facts.history.letters[mutant.target, mutant.id],
        )
        if not drawn and mutant.diff:
            detail["diff"] = mutant.diff
        if judged.status in _UNDETECTED:
            detail["change"] = short_form(mutant)
        elif judged.status is Status.SKIPPED:
            detail["skipReason"] = why(mutant, verdict)
        elif judged.status is not Status.KILLED:
            detail["ended"] = why(mutant, verdict)
        if verdict is not None:
            detail["cost"] = (round(verdict.wall, 4), round(verdict.cpu, 4), verdict.tests_run)
        self._add_kills(detail, verdict)
        self._add_tests(detail, judged)
        if found := self._target.judged_on.get(mutant.id):
            detail["versions"] = [
                (on.python, LETTER[status_of_facts(mutant.skip_reason, on.ended)]) for on in found
            ]
        return detail

    def _name(self, mutant: Mutant) -> str | int:
        """Return mutmut's name, only its number where the rest is that of its function: there may be a hundred thousand."""
        stem, _, number = mutant.name.rpartition(_NUMBER)
        function = str(self._file.functions[mutant.function])
        if not (number.isdecimal() and number.isascii()) or self._names.setdefault(function, stem) != stem:
            return mutant.name
        return int(number)

    def _place(self, mutant: Mutant) -> tuple[int, int, int, int]:
        return (
            mutant.line,
            self._utf16(mutant.line, mutant.column),
            mutant.end_line,
            self._utf16(mutant.end_line, mutant.end_column),
        )

    def _utf16(self, line: int, column: int) -> int:
        if self._source is None or not 1 <= line <= len(self._source.text):
            return column
        before = self._source.text[line - 1][: column - 1]
        return column + utf16_length(before) - len(before)

    def _add_kills(self, detail: MutantDetail, verdict: Verdict | None) -> None:
        if verdict is None:
            return
        numbers = self._facts.numbers.test_numbers[self._file.target]
        failed = self._target.kills.get(verdict.mutant_id)
        if self._facts.snapshot.matrix and failed:
            detail["kills"] = [(numbers[test], how_words(how)) for test, how in failed]
        kill = verdict.kill
        if kill is None:
            return
        detail["kill"] = told = KillOfMutant(test=numbers[kill.test], message=clip(kill.message, _MESSAGE))
        if kill.how is not How.ASSERTION:
            told["how"] = HOW_WORDS[kill.how]
        if kill.exception != _ORDINARY:
            told["exception"] = kill.exception
        if kill.example:
            told["example"] = clip(kill.example, _EXAMPLE)
        if kill.places:
            told["places"] = [_short_place(place, kill.test) for place in kill.places]
        if kill.output:
            told["output"] = kill.output

    def _add_tests(self, detail: MutantDetail, judged: Judged) -> None:
        ran = self._reach.of_mutant(judged)
        if ran.tests:
            detail["tests"] = self._set(ran.tests)
            if not ran.exact:
                detail["exact"] = False
        if judged.status is Status.SURVIVED and (share := self._reach.hardly(judged)):
            detail["hardly"] = (share.reached, share.made)


def _short_place(place: str, test: str) -> str | int:
    file, _, line = place.rpartition(":")
    return int(line) if file == test.partition("::")[0] else place


class _Coverage(TypedDict):
    coverage: str
    partial: dict[str, str]


def _coverage(coverage: FileCoverage | None, lines: int) -> _Coverage:
    states = LineStates(coverage)
    found = [states.of(line) for line in range(1, lines + 1)]
    return _Coverage(
        coverage="".join(STATE_LETTER[state] for state, _ in found),
        partial={str(line): words for line, (state, words) in enumerate(found, 1) if state == "partial"},
    )
