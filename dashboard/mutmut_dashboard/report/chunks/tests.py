"""The tests: what each runs, and what each kills."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from mutmut_dashboard.model import How, Status
from mutmut_dashboard.report.chunks.payloads import TestOfChunk, TestsChunk
from mutmut_dashboard.report.cover import Candidate, cover
from mutmut_dashboard.report.facts import Facts
from mutmut_dashboard.report.numbering import NumberedTest
from mutmut_dashboard.report.reach import Tests

_DETECTED = (Status.KILLED, Status.TIMEOUT)
_RUN = (*_DETECTED, Status.SURVIVED)


@dataclass
class _Tally:
    killed: list[int] = field(default_factory=list)
    alone: int = 0
    """Mutants that no other test is known to fail on."""
    assertions: int = 0
    unasked: int = 0
    """Mutants it runs of which nobody knows whether it fails on them, since another test had failed before."""


def tests_chunk(facts: Facts) -> TestsChunk:
    """Build the list of tests and, with a kill matrix, the fewest that kill what all of them do."""
    chunk = _every_test(facts)
    if facts.snapshot.matrix:
        chunk["cover"] = cover(
            Candidate(number, test["seconds"], test["id"], test["killed"])
            for number, test in enumerate(chunk["tests"])
        )
    return chunk


def _every_test(facts: Facts) -> TestsChunk:
    tallies = _kills(facts)
    ran = _ran(facts)
    tests = [
        _test(test, tallies[number], ran[number], matrix=facts.snapshot.matrix)
        for number, test in enumerate(facts.numbers.tests)
    ]
    for number, functions in _seldom(facts).items():
        tests[number]["seldom"] = functions
    return TestsChunk(tests=tests)


def _ran(facts: Facts, statuses: Collection[Status] = _RUN) -> Sequence[int]:
    """By test: how many mutants with one of the statuses it runs."""
    # Mutants share few sets of tests, so sets are counted first.
    sets: Counter[tuple[int, Tests]] = Counter()
    for file, _, judged in facts.numbers.every_mutant():
        if judged.status not in statuses:
            continue
        sets[file.target, facts.numbers.reach[file.target].of_mutant(judged).tests] += 1
    ran = [0] * len(facts.numbers.tests)
    for (_, tests), count in sets.items():
        for test in tests:
            ran[test] += count
    return ran


def _seldom(facts: Facts) -> dict[int, list[tuple[int, int]]]:
    """By test: the functions that only a small share of its examples reaches, each with how many do, the rarest first."""
    found: dict[int, list[tuple[int, int]]] = {}
    for file in facts.numbers.files:
        reach = facts.numbers.reach[file.target]
        for name, function in file.functions.items():
            for test, share in reach.examples(file.path, name).items():
                if share.reached and share.is_small:
                    found.setdefault(test, []).append((function, share.reached))
    return {test: sorted(own, key=lambda one: (one[1], one[0])) for test, own in found.items()}


def _kills(facts: Facts) -> list[_Tally]:
    tallies = [_Tally() for _ in facts.numbers.tests]
    for file, number, judged in facts.numbers.every_mutant():
        failed = facts.snapshot.targets[file.target].kills.get(judged.mutant.id, ())
        numbers = facts.numbers.test_numbers[file.target]
        for test, how in failed:
            tally = tallies[numbers[test]]
            tally.killed.append(number)
            tally.alone += len(failed) == 1
            tally.assertions += how is How.ASSERTION
    if not facts.snapshot.matrix:
        for tally, detected in zip(tallies, _ran(facts, _DETECTED), strict=True):
            tally.unasked = detected - len(tally.killed)
    return tallies


def _test(test: NumberedTest, tally: _Tally, ran: int, *, matrix: bool) -> TestOfChunk:
    record = test.record
    return TestOfChunk(
        target=test.target,
        id=test.id,
        seconds=round(record.duration, 5) if record else 0.0,
        outcome=record.outcome if record else "not recorded",
        property=record.is_property if record else False,
        examples=record.examples if record else 0,
        ran=ran,
        killed=tally.killed,
        alone=tally.alone if matrix else -1,
        assertions=tally.assertions,
        exceptions=len(tally.killed) - tally.assertions,
        remark=_remark(test, tally, matrix=matrix),
    )


def _remark(test: NumberedTest, tally: _Tally, *, matrix: bool) -> str:
    if test.record is not None and test.record.outcome != "passed":
        return "did not pass"
    if not tally.killed:
        if test.record is None:
            return ""
        return "never the first to kill" if tally.unasked else "kills nothing"
    return "redundant: others kill all it kills" if matrix and not tally.alone else ""
