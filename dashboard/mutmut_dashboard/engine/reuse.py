"""Which earlier verdicts still stand: those of mutants whose judging met nothing that has changed since.

Judging a mutant notes which functions were called, and which of their stretches were entered. The tests are deterministic, so the
same tests entering the same stretches end the same way, whatever changed elsewhere; the notes are of that very judging, so paths
that only the mutant opens are among them. A function that appears or disappears may be looked up by its name, so it counts as a change
of whatever mentions that name, of whatever looks for names that it puts together, and of what is of the same class or a related one,
for a library may look for methods of objects. Where a class has relatives in a library, that does so for certain.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from mutmut_dashboard.engine.pieces import Program
from mutmut_dashboard.engine.stretches import whole_function
from mutmut_dashboard.model import Dependencies, Ended, Trace, Verdict

_LOOK_UPS = frozenset(
    {
        *(
            "getattr",
            "hasattr",
            "getattr_static",
            "attrgetter",
            "methodcaller",
            "getmembers",
            "__getattribute__",
        ),
        *("__dict__", "dir", "eval", "exec", "globals", "locals", "vars"),
    }
)
"""What finds functions by names that are put together."""
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
    """Functions under test, `file:name`, that are not what they were in their beginnings, and stretches of functions."""
    same_tests: frozenset[str]
    """Ids of the tests that are what they were."""

    @cached_property
    def whole(self) -> frozenset[str]:
        """Functions of which anything is not what it was."""
        return frozenset(_whole(self.functions))

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
    moving = _whole(before.functions) ^ _whole(now.functions)
    appeared = {_simple(name) for name in moving}
    finders = appeared | _LOOK_UPS if appeared else appeared
    related = frozenset[str]().union(*(now.families.get(_class(name)) or () for name in moving))
    same_tests = frozenset(
        test
        for test, piece in now.tests.items()
        if before.tests.get(test) == piece.digest and not piece.words & finders
    )
    changed = frozenset(
        name
        for name in before.functions.keys() | now.functions.keys()
        if name not in now.functions
        or before.functions.get(name) != now.functions[name].digest
        or now.functions[name].words & finders
        or _simple(name) in appeared
        or _class(name) in related
    )
    return Changes(_everything(before, now, moving), changed, same_tests)


def _everything(before: Dependencies, now: Program, moving: Collection[str]) -> str:
    for name in sorted(before.shared.keys() | now.shared.keys()):
        if before.shared.get(name) != now.shared.get(name):
            return name
    for name in sorted(moving):
        simple = _simple(name)
        is_called_by_python = simple.startswith("__") and simple.endswith("__")
        is_looked_for = _class(name) in now.families and now.families[_class(name)] is None
        if is_called_by_python or is_looked_for or now.shared_words & {simple, *_LOOK_UPS}:
            return f"a function {simple} that came or went"
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


def _whole(names: Iterable[str]) -> set[str]:
    return set(map(whole_function, names))


def _class(name: str) -> str:
    """Return the class of a method, `file:qualified name`; what is none for a function."""
    return whole_function(name).rpartition(".")[0]


def _simple(name: str) -> str:
    return whole_function(name).rpartition(":")[2].rpartition(".")[2]
