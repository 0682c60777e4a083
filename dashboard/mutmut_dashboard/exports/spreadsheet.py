"""Every mutant as a row of CSV (RFC 4180), safe to open in a spreadsheet.

A cell that a spreadsheet would take for a formula gets an apostrophe in front, after OWASP's advice on CSV
injection; `unguard` takes it off again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from mutmut_dashboard.exports.facts import Facts, Judged
from mutmut_dashboard.exports.text import scrub

COLUMNS = (
    *("id", "target", "file", "function", "line", "column", "end_line", "end_column"),
    *("operator", "original", "replacement", "status", "skip_reason"),
    *("ended", "detail", "seconds", "tests_run"),
    *("killed_by", "how", "exception", "message", "decision", "decision_reason", "mutmut_name", "address"),
)
"""Lines and columns are 1-based and columns count characters. The address is empty where no page is known."""

_FORMULA = re.compile(r"'*(?:[\t\r\n]|\s*[=+\-@＝＋－＠])")  # noqa: RUF001 - the wide forms count as well


def render(facts: Facts) -> str:
    """Write all mutants of one run, under a row of names."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(_row(judged) for judged in facts.judged)
    return out.getvalue()


def _row(judged: Judged) -> list[str]:
    return [guard(scrub(value)) if isinstance(value, str) else str(value) for value in _values(judged)]


def _values(judged: Judged) -> Iterator[str | int | float]:
    mutant, verdict = judged.mutant, judged.verdict
    yield from (judged.key, mutant.target, mutant.file, mutant.function)
    yield from (mutant.line, mutant.column, mutant.end_line, mutant.end_column)
    yield from (mutant.operator, mutant.original, mutant.replacement)
    yield from (judged.status.value, mutant.skip_reason or "")
    if verdict:
        yield from (verdict.ended.value, verdict.detail, round(verdict.wall, 3), verdict.tests_run)
    else:
        yield from ("", "", "", "")
    kill = verdict.kill if verdict else None
    yield from (kill.test, kill.how.value, kill.exception, kill.message) if kill else ("", "", "", "")
    yield from judged.decision or ("", "")
    yield mutant.name
    yield judged.address


def guard(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would compute."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguard(cell: str) -> str:
    """Give back the text that `guard` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
