"""The tests: what each runs, and what each kills."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from mutmut_dashboard.model import How, Status
from mutmut_dashboard.report.chunks.payloads import TestOfChunk, TestsChunk
from mutmut_dashboard.report.facts import Facts
from mutmut_dashboard.report.numbering import NumberedTest
from mutmut_dashboard.report.reach import Tests

_RUN = (Status.KILLED, Status.TIMEOUT, Status.SURVIVED)


@dataclass
class _Tally:
    killed: list[int] = field(default_factory=list)
    assertions: int = 0
    exceptions: int = 0


def tests_chunk(facts: Facts) -> TestsChunk:
    """Build the list of tests."""
    tallies = _kills(facts)
    ran = _ran(facts)
    return TestsChunk(
        tests=[_test(test, tallies[number], ran[number]) for number, test in enumerate(facts.numbers.tests)]
    )


def _ran(facts: Facts) -> Sequence[int]:
    # Mutants share few sets of tests, so sets are counted first.
    sets: Counter[tuple[int, Tests]] = Counter()
    for file, _, judged in facts.numbers.every_mutant():
        if judged.status not in _RUN:
            continue
        sets[file.target, facts.numbers.reach[file.target].of_mutant(judged).tests] += 1
    ran = [0] * len(facts.numbers.tests)
    for (_, tests), count in sets.items():
        for test in tests:
            ran[test] += count
    return ran


def _kills(facts: Facts) -> list[_Tally]:
    tallies = [_Tally() for _ in facts.numbers.tests]
    for file, number, judged in facts.numbers.every_mutant():
        kill = judged.verdict.kill if judged.verdict else None
        if kill is None:
            continue
        tally = tallies[facts.numbers.test_numbers[file.target][kill.test]]
        tally.killed.append(number)
        if kill.how is How.ASSERTION:
            tally.assertions += 1
        else:
            tally.exceptions += 1
    return tallies


def _test(test: NumberedTest, tally: _Tally, ran: int) -> TestOfChunk:
    record = test.record
    return TestOfChunk(
        target=test.target,
        id=test.id,
        seconds=round(record.duration, 5) if record else 0.0,
        outcome=record.outcome if record else "not recorded",
        property=False,
        examples=0,
        ran=ran,
        killed=tally.killed,
        alone=-1,
        assertions=tally.assertions,
        exceptions=tally.exceptions,
        remark=_remark(test, tally),
    )


def _remark(test: NumberedTest, tally: _Tally) -> str:
    if test.record is not None and test.record.outcome != "passed":
        return "did not pass"
    return "" if tally.killed or test.record is None else "kills nothing"
