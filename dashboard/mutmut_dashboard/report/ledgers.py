"""The long lists: detected mutants with what detected them, and tests with what they detected."""

from __future__ import annotations

from collections import Counter
from itertools import groupby

from mutmut_dashboard.model import Status, TestRecord
from mutmut_dashboard.report.pages import DetectedFile, DetectedRow, TestRow, TestTable
from mutmut_dashboard.report.rows import Places
from mutmut_dashboard.report.snapshot import Judged, TargetData
from mutmut_dashboard.report.wording import HOW_WORDS, SIGN, clip, duration, number, one_line, plural, why

_MESSAGE = 240
"""Characters shown of an exception's message."""
_EXAMPLE = 4000
"""Characters shown of a falsifying example."""


def detected_files(target: TargetData, places: Places, *, several_targets: bool) -> tuple[DetectedFile, ...]:
    """The killed and timed-out mutants of a target by file."""
    found = sorted(target.having(Status.KILLED, Status.TIMEOUT), key=_by_place)
    return tuple(
        DetectedFile(
            file=file,
            target=target.record.name if several_targets else "",
            count=number(len(group)),
            rows=tuple(_detected(judged, places) for judged in group),
        )
        for file, group in ((file, list(found)) for file, found in groupby(found, lambda j: j.mutant.file))
    )


def _by_place(judged: Judged) -> tuple[str, int, int, str, str]:
    mutant = judged.mutant
    return mutant.file, mutant.line, mutant.column, mutant.replacement, mutant.id


def _detected(judged: Judged, places: Places) -> DetectedRow:
    mutant = judged.mutant
    kill = judged.verdict.kill if judged.verdict else None
    return DetectedRow(
        anchor=places.mutant(mutant),
        status=judged.status.value,
        sign=SIGN[judged.status],
        function=mutant.function,
        line=str(mutant.line),
        original=one_line(mutant.original, 40),
        replacement=one_line(mutant.replacement, 40),
        test=kill.test if kill else "",
        test_anchor=places.test(mutant.target, kill.test) if kill else "",
        how=HOW_WORDS[kill.how] if kill else why(mutant, judged.verdict),
        message=clip(f"{kill.exception}: {kill.message}" if kill.message else kill.exception, _MESSAGE)
        if kill
        else "",
        example=clip(kill.example, _EXAMPLE) if kill else "",
    )


def test_table(target: TargetData, places: Places) -> TestTable:
    """The tests of a target with how many mutants each was first to fail on."""
    kills = Counter(
        judged.verdict.kill.test for judged in target.judged if judged.verdict and judged.verdict.kill
    )
    idle = sum(not kills[test.id] for test in target.tests)
    seconds = duration(sum(test.duration for test in target.tests))
    ranked = sorted(target.tests, key=lambda test: (kills[test.id], -test.duration, test.id))
    return TestTable(
        target=target.record.name,
        words=f"{plural(len(target.tests), 'test')}, {seconds} in the clean run; {_idle(idle, len(target.tests))}",
        rows=tuple(_test(test, kills[test.id], places) for test in ranked),
    )


test_table.__test__ = False  # type: ignore[attr-defined]  # pytest must not collect it


def _idle(idle: int, total: int) -> str:
    if not total:
        return "no test was recorded."
    if not idle:
        return "every one of them kills something."
    return f"{number(idle)} of {number(total)} {'kills' if idle == 1 else 'kill'} nothing."


def _test(test: TestRecord, kills: int, places: Places) -> TestRow:
    file, _, name = test.id.partition("::")
    remark = "" if kills else "kills nothing"
    if test.outcome != "passed":
        remark = f"{test.outcome} on the original"
    return TestRow(
        anchor=places.test(test.target, test.id),
        file=file,
        name=name or file,
        seconds=duration(test.duration),
        kills=number(kills),
        remark=remark,
    )
