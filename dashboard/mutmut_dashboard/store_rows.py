"""Values as the rows of the store hold them, and read back from there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from typing import Any

from mutmut_dashboard.model import Ended, FileCoverage, How, Kill, TargetRecord, TestRecord, Verdict

VERDICT_COLUMNS = (
    "mutant_id, ended, wall, cpu, tests_run, detail, judged_at, "
    "kill_test, kill_how, kill_exception, kill_message, kill_example, kill_places, kill_output"
)


_ENDS = {end.value: end for end in Ended}


def storable(text: str) -> str:
    """Escape lone surrogates, which a failing test may well print and UTF-8 cannot hold."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def failed_how(how: str) -> How | Ended:
    """Read how a test failed: by failing, or by what ended its process."""
    return How(how) if how in set(How) else Ended(how)


def target(record: dict[str, Any]) -> TargetRecord:
    """Read a target; JSON knows no tuples."""
    return TargetRecord(**{**record, "files": tuple(record["files"]), "suites": tuple(record["suites"])})


def verdict(row: tuple[Any, ...]) -> Verdict:
    """Read a row of `VERDICT_COLUMNS`."""
    mutant_id, ended, wall, cpu, tests_run, detail, judged_at, *kill = row
    return Verdict(
        mutant_id=mutant_id,
        ended=_ENDS[ended],
        wall=wall,
        cpu=cpu,
        tests_run=tests_run,
        kill=None if kill[0] is None else _kill(*kill),
        detail=detail,
        judged_at=judged_at,
    )


def _kill(
    test: str, how: str, exception: str, message: str, example: str, places: str | None, output: str | None
) -> Kill:
    found = tuple(filter(None, (places or "").split("\n")))
    return Kill(test, How(how), exception, message, example, found, output or "")


def coverage_record(file: FileCoverage) -> str:
    """Return what `coverage` reads; `asdict` would copy every number first."""
    return json.dumps({one.name: getattr(file, one.name) for one in fields(file)})


def coverage(record: dict[str, Any]) -> FileCoverage:
    """Read the coverage of a file; JSON knows neither tuples nor integer keys."""
    for name in ("executed", "missing", "excluded", "tests"):
        record[name] = tuple(record[name])
    for name in ("partial", "tests_by_line"):
        record[name] = {int(line): tuple(items) for line, items in record[name].items()}
    record["exits"] = {int(line): ways for line, ways in record.get("exits", {}).items()}
    return FileCoverage(**record)


def with_code_once(tests: Iterable[TestRecord]) -> Iterator[TestRecord]:
    """Leave the code out of all but one of the tests that one function makes, which may be thousands."""
    seen = set()
    for test in tests:
        place = _place(test)
        yield replace(test, code="") if place in seen else test
        seen.add(place)


def with_code(tests: Iterable[TestRecord]) -> list[TestRecord]:
    """Give the code back to the tests that `with_code_once` took it from."""
    tests = list(tests)
    codes = {_place(test): test.code for test in tests if test.code}
    return [replace(test, code=codes.get(_place(test), "")) if test.line else test for test in tests]


def _place(test: TestRecord) -> tuple[str, int]:
    return test.id.partition("::")[0], test.line
