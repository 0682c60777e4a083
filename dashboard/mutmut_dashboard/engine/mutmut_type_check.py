"""The process in a copy of mutmut's code that reads a type checker's report: which mutants have errors that the original has not.

mutmut's readers of reports take relative paths from the current folder, so this runs in a process of its own, sent
there by `mutmut_adapter`.
"""

from __future__ import annotations

import json
import os
import re
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mutmut.mutation.data import LineSpan, MutantLineSpans
from mutmut.type_checking import (
    TypeCheckingError,
    parse_mypy_report,
    parse_pyrefly_report,
    parse_pyright_report,
    parse_ty_report,
)
from mutmut.utils.format_utils import get_mutant_name

from mutmut_dashboard.engine.mutmut_adapter import function_of, told

_GENERATED_NAME = re.compile(r"\bx(?:ǁ\w+?ǁ|_)(\w+?)__mutmut_(?:orig|\d+)\b")
_LINE_NUMBER = re.compile(r"\bline \d+")


@dataclass(frozen=True)
class Found:
    """An error in a function. `above` and `below` count the lines of the function on both sides of it."""

    above: int
    below: int
    message: str
    """As people read it: with the function's own name."""


def main() -> int:
    """Answer with what `rejected` finds, or with why the report cannot be read."""
    arguments = told()
    spans = {file: _spans(file) for file in arguments["planted"]}
    os.chdir("mutants")
    try:
        errors = _read(arguments["command"], arguments["report"])
    except (ValueError, LookupError, TypeError, AttributeError) as error:  # it is not what they expect
        json.dump({"unreadable": f"{type(error).__name__}: {error}"}, sys.stdout)
        return 0
    json.dump(rejected(errors, spans, arguments["planted"]), sys.stdout)
    return 0


def rejected(
    errors: Sequence[TypeCheckingError],
    spans: Mapping[str, Mapping[str, LineSpan]],
    planted: Mapping[str, int],
) -> dict[str, Any]:
    """Return the names of mutants with new errors, each with the first of these, and whether any planted error was reported.

    `spans` says by file where each generated function lies; from line `planted[file]` on, a file holds the planted error.
    """
    found: dict[str, str] = {}
    seen = False
    by_path: dict[str, list[TypeCheckingError]] = {}
    for error in sorted(errors, key=lambda error: error.line_number):
        by_path.setdefault(os.path.realpath(error.file_path), []).append(error)
    for file, functions in spans.items():
        own = by_path.get(os.path.realpath(file), [])
        lines = [error.line_number for error in own]
        seen = seen or any(line >= planted[file] for line in lines)
        by_function = {
            name: _found(own[bisect_left(lines, span.start) : bisect_right(lines, span.end)], span)
            for name, span in functions.items()
        }
        for name, errors_here in by_function.items():
            new = introduced(errors_here, by_function[f"{function_of(name)}__mutmut_orig"])
            if new:
                more = f" (and {len(new) - 1} more)" if new[1:] else ""
                found[get_mutant_name(Path(file), name)] = new[0].message + more
    return {"rejected": found, "seen": seen}


def introduced(errors: Iterable[Found], original: Iterable[Found]) -> list[Found]:
    """Return the errors that the original of a function does not have.

    Of as many errors as the original has, one by one, those with the same message are the same, and so are those in the same
    place: what is wrong there already may be told in other words of a mutant.
    """
    unmatched = list(original)
    left = []
    for error in errors:
        same = next((o for o in unmatched if _words(o) == _words(error)), None)
        if same is None:
            left.append(error)
        else:
            unmatched.remove(same)
    new = []
    for error in left:
        near = next((o for o in unmatched if o.above == error.above or o.below == error.below), None)
        if near is None:
            new.append(error)
        else:
            unmatched.remove(near)
    return new


def _words(error: Found) -> str:
    return _LINE_NUMBER.sub("line", error.message)


def _found(errors: Iterable[TypeCheckingError], span: LineSpan) -> list[Found]:
    return [
        Found(
            error.line_number - span.start,
            span.end - error.line_number,
            " ".join(_GENERATED_NAME.sub(r"\1", error.error_description).split()),
        )
        for error in errors
    ]


def _spans(file: str) -> Mapping[str, LineSpan]:
    known = MutantLineSpans.load(file)
    assert known is not None  # noqa: S101 - generation wrote it
    return known.span_by_function_name


def _read(command: Sequence[str], report: str) -> list[TypeCheckingError]:
    """Read a report with the reader that mutmut chooses by the words of the command, the program's name without its folder."""
    words = {Path(command[0]).stem, *command}
    if "mypy" in words and "pyrefly" not in words:
        return parse_mypy_report([json.loads(line) for line in report.splitlines() if line.strip()])
    found = json.loads(report)
    if "pyrefly" in words:
        return parse_pyrefly_report({**found, "errors": _serious(found["errors"])})
    if "ty" in words:
        return parse_ty_report(found)
    diagnostics = found["generalDiagnostics"]
    counted = diagnostics if "--warnings" in words else _serious(diagnostics)
    return parse_pyright_report({**found, "generalDiagnostics": counted})


def _serious(entries: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Leave out the warnings, with which code passes a check; mutmut counts them."""
    return [entry for entry in entries if entry.get("severity", "error") == "error"]


if __name__ == "__main__":
    sys.exit(main())
