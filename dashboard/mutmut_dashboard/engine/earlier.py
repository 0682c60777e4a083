"""Verdicts of earlier runs on a target, asked mutant by mutant whether they still stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from mutmut_dashboard.engine.pieces import Program
from mutmut_dashboard.engine.provenance import holds_matrix
from mutmut_dashboard.engine.reuse import Changes, Judges, changes, left_to_run
from mutmut_dashboard.model import (
    Dependencies,
    Ended,
    FailedTest,
    Mutant,
    Status,
    TestRecord,
    Trace,
    Verdict,
    status_of,
)
from mutmut_dashboard.store import Store

_MOST_RUNS = 10
"""Runs that are asked, the newest first; a mutant of `--since` or of one function may have its verdict further back."""


@dataclass(frozen=True)
class Found:
    """An earlier verdict on a mutant."""

    verdict: Verdict
    kills: Sequence[FailedTest]
    trace: Trace
    """What the verdict depends on, as far as it still exists."""
    left: frozenset[str] | None
    """Tests that must still judge the mutant, none where the verdict stands; None where all must."""

    def with_more(self, verdict: Verdict, trace: Trace) -> tuple[Verdict, Trace]:
        """Put the judging by the tests that were left and the earlier one by the others together."""
        beyond = None
        if self.trace.beyond is not None and trace.beyond is not None:
            stand = {test: own for test, own in self.trace.beyond.items() if test not in trace.tests}
            beyond = {**stand, **trace.beyond}
        trace = Trace(
            self.trace.functions | trace.functions,
            self.trace.tests | trace.tests,
            self.trace.unknown or trace.unknown,
            beyond,
        )
        if verdict.ended is Ended.PASSED:
            verdict = replace(verdict, tests_run=len(trace.tests))
        return verdict, trace


@dataclass(frozen=True)
class Decided:
    """What becomes of mutants that are to be judged."""

    stand: list[Found]
    """Earlier verdicts that no test must confirm."""
    begun: dict[str, Found]
    """Mutant's id -> an earlier verdict that only some tests must confirm."""
    noticed: dict[str, Verdict]
    """Mutant's id -> how a mutant that all its tests must judge was noticed before."""
    left: list[Mutant]
    """Those for which tests must run, or that none runs."""


class Records:
    """The earlier runs over a target, newest first; with `matrix`, those that hold one; none with `forget`.

    They are read when they are asked.
    """

    def __init__(self, store: Store, target: str, *, apart_from: int, matrix: bool, forget: bool) -> None:
        every = [] if forget else store.runs_of(target)
        runs = [run for run in every if run != apart_from][:_MOST_RUNS]
        chosen = [run for run in runs if not matrix or holds_matrix(store.run(run).provenance)]
        self.runs = [_Run(store, run, target) for run in chosen]
        self.matrix = matrix

    def read_newest(self) -> None:
        """Read now what would be read soon."""
        for run in self.runs[:1]:
            run.dependencies, run.verdicts, run.tests, run.traces, run.matrix  # noqa: B018 - it keeps them


class Earlier:
    """The earlier runs over a target against its present state."""

    def __init__(
        self,
        records: Records,
        program: Program,
        calls: Mapping[str, frozenset[str]],
        tests: Sequence[TestRecord],
    ) -> None:
        self._runs = [_Compared(run, program) for run in records.runs]
        self._program = program
        self._calls = calls
        self._tests = {test.id: test for test in tests}
        self._matrix = records.matrix

    @property
    def why_none(self) -> str:
        """What changed since the latest run that takes every verdict with it; empty where some may stand."""
        return self._runs[0].changes.everything if self._runs else ""

    def decide(self, waiting: Iterable[Mutant], selected: Callable[[Mutant], Sequence[str]]) -> Decided:
        """Tell the mutants whose verdicts stand from those that are left; `selected` gives the tests that would judge one now."""
        decided = Decided([], {}, {}, [])
        for mutant in waiting:
            tests = selected(mutant)  # none: it will be found uncovered, which costs nothing
            found = self.of(mutant, tests) if tests else None
            if found is not None and found.left is not None and not found.left:
                decided.stand.append(found)
                continue
            decided.left.append(mutant)
            if found is not None and found.left:
                decided.begun[mutant.id] = found
            elif found is not None and status_of(mutant, found.verdict) in (Status.KILLED, Status.TIMEOUT):
                decided.noticed[mutant.id] = found.verdict
        return decided

    def of(self, mutant: Mutant, selected: Sequence[str]) -> Found | None:
        """Return the newest verdict that still stands, else the newest one; None where there is none at all.

        `selected` are the tests that would judge the mutant now, one at the least.
        """
        newest = None
        for found in self._all(mutant, selected):
            if found.left is not None:
                return found
            newest = newest or found
        return newest

    def _all(self, mutant: Mutant, selected: Sequence[str]) -> Iterator[Found]:
        for run in self._runs:
            kept = run.kept
            verdict, trace = kept.verdicts.get(mutant.id), kept.traces.get(mutant.id)
            if verdict is None or trace is None:
                continue
            left = None
            if f"{mutant.file}:{mutant.function}" not in run.changes.whole:
                left = left_to_run(
                    verdict, trace, run.changes, Judges(selected, self._calls), matrix=self._matrix
                )
            verdict = moved(verdict, kept.tests, self._tests)
            yield Found(verdict, kept.matrix.get(mutant.id, ()), self._present(trace, run.changes), left)

    def _present(self, trace: Trace, found: Changes) -> Trace:
        functions = trace.functions & self._program.functions.keys()
        tests = trace.tests & found.same_tests
        beyond = trace.beyond and {test: own for test, own in trace.beyond.items() if test in tests}
        return Trace(functions, tests, trace.unknown, beyond)


def moved(verdict: Verdict, before: Mapping[str, TestRecord], now: Mapping[str, TestRecord]) -> Verdict:
    """Return the verdict with the places in its test's function where they are now, and without others of that file."""
    kill = verdict.kill
    old, new = (before.get(kill.test), now.get(kill.test)) if kill else (None, None)
    if kill is None or old is None or new is None or old.line == new.line:
        return verdict
    file = f"{kill.test.partition('::')[0]}:"
    own = range(old.line, old.line + old.code.count("\n") + 1) if old.code and new.code else range(0)
    places = [
        f"{file}{int(place.removeprefix(file)) - old.line + new.line}" if place.startswith(file) else place
        for place in kill.places
        if not place.startswith(file) or int(place.removeprefix(file)) in own
    ]
    return replace(verdict, kill=replace(kill, places=tuple(places)))


@dataclass(frozen=True)
class _Run:
    store: Store
    id: int
    target: str

    @cached_property
    def dependencies(self) -> Dependencies:
        found = self.store.dependencies(self.id, self.target)
        assert found is not None  # noqa: S101 - `runs_of` names only those that have them
        return found

    @cached_property
    def verdicts(self) -> dict[str, Verdict]:
        return self.store.verdicts(self.id, self.target)

    @cached_property
    def tests(self) -> dict[str, TestRecord]:
        return {test.id: test for test in self.store.tests(self.id, self.target)}

    @cached_property
    def traces(self) -> dict[str, Trace]:
        return self.store.traces(self.id, self.target)

    @cached_property
    def matrix(self) -> dict[str, list[FailedTest]]:
        return self.store.kills(self.id, self.target)


@dataclass(frozen=True)
class _Compared:
    kept: _Run
    program: Program

    @cached_property
    def changes(self) -> Changes:
        return changes(self.kept.dependencies, self.program)
