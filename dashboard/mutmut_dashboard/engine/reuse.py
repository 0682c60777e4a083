"""Which earlier verdicts still stand: those of mutants whose judging met nothing that has changed since.

Judging a mutant notes which functions were called. The tests are deterministic, so the same tests calling the same
functions end the same way, whatever changed elsewhere; the notes are of that very judging, so paths that only the
mutant opens are among them. A function that appears or disappears may be looked up by its name, so it counts as a change
of whatever mentions that name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from mutmut_dashboard.engine.pieces import Program
from mutmut_dashboard.model import Dependencies, Ended, Trace, Verdict

_ENDS_ALL = (Ended.PASSED, Ended.WALL_LIMIT, Ended.CPU_LIMIT, Ended.NOT_IMPORTED)
"""Ends that every selected test has a part in."""


@dataclass(frozen=True)
class Judges:
    """The tests that would judge a mutant now, of which there must be one at the least."""

    selected: Collection[str]
    calls: Mapping[str, frozenset[str]]
    """Each test of the target -> the functions it calls without a mutant, `file:name`; an empty name for what is not known."""


@dataclass(frozen=True)
class Changes:
    """What differs between an earlier state of a project and the present one."""

    everything: str
    """Why no verdict stands, for people; empty where some may."""
    functions: frozenset[str]
    """Functions under test, `file:name`, that are not what they were."""
    same_tests: frozenset[str]
    """Ids of the tests that are what they were."""

    @property
    def none(self) -> bool:
        """Whether no function differs; tests may."""
        return not self.everything and not self.functions


def dependencies(program: Program) -> Dependencies:
    """Return the digests to compare with later."""
    return Dependencies(
        functions={name: piece.digest for name, piece in program.functions.items()},
        tests={test: piece.digest for test, piece in program.tests.items()},
        shared=dict(program.shared),
    )


def changes(before: Dependencies, now: Program) -> Changes:
    """Compare."""
    appeared = {_simple(name) for name in before.functions.keys() ^ now.functions.keys()}
    same_tests = frozenset(
        test
        for test, piece in now.tests.items()
        if before.tests.get(test) == piece.digest and not piece.words & appeared
    )
    changed = frozenset(
        name
        for name in before.functions.keys() | now.functions.keys()
        if name not in now.functions
        or before.functions.get(name) != now.functions[name].digest
        or now.functions[name].words & appeared
        or _simple(name) in appeared
    )
    return Changes(_everything(before, now, appeared), changed, same_tests)


def _everything(before: Dependencies, now: Program, appeared: Collection[str]) -> str:
    for name in sorted(before.shared.keys() | now.shared.keys()):
        if before.shared.get(name) != now.shared.get(name):
            return name
    for name in sorted(appeared):  # Python calls the double-underscored ones itself
        if name in now.shared_words or (name.startswith("__") and name.endswith("__")):
            return f"a function {name} that came or went"
    return ""


def left_to_run(
    verdict: Verdict, trace: Trace, found: Changes, judges: Judges, *, matrix: bool
) -> frozenset[str] | None:
    """Return the tests that must still judge a mutant, none where its verdict stands; None where all must.

    With `matrix`, the tests after the one that killed count, too. The mutant itself must be the same, which its id and
    its unchanged function say.
    """
    if found.everything:
        return None
    selected = judges.selected
    if verdict.ended is Ended.PASSED and trace.beyond is not None:
        return frozenset(test for test in selected if _must_judge(test, trace, found, judges.calls))
    if trace.functions & found.functions:
        return None
    if trace.unknown and (found.functions or not trace.tests <= found.same_tests):
        return None
    if verdict.ended is Ended.FAILED and not matrix:
        killer = verdict.kill.test if verdict.kill else ""
        return frozenset() if killer in found.same_tests else None
    if verdict.ended not in (*_ENDS_ALL, Ended.FAILED):
        return None
    left = frozenset(selected) - (trace.tests & found.same_tests)
    return left if verdict.ended is Ended.PASSED or not left else None


def _must_judge(test: str, trace: Trace, found: Changes, calls: Mapping[str, frozenset[str]]) -> bool:
    """Whether a test that passed on a survivor may end otherwise now.

    With the mutant it called what it called without, and what is noted beyond that. What it called without the mutant
    then is not known any more, but where it differs from what it calls now, something is changed that it calls now: the first
    function that does otherwise is called both times.
    """
    if test not in trace.tests & found.same_tests:
        return True
    called = calls[test] | (trace.beyond or {}).get(test, frozenset())
    if "" in called and (found.functions or not trace.tests <= found.same_tests):
        return True
    return bool(called & found.functions)


def marked(marks: bytes, names: Collection[str]) -> Iterator[str]:
    """Return the names at whose places a mark is set."""
    return (name for name, mark in zip(names, marks, strict=True) if mark)


def _simple(name: str) -> str:
    return name.rpartition(":")[2].rpartition(".")[2]
