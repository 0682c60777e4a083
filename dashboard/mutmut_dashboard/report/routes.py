"""Addresses of views: fragments that the scripts read (`static/js/route.js`), the same for every run."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from mutmut_dashboard.model import Status


def of_mutant(target: str, mutant_id: str) -> str:
    """Address of a mutant."""
    return f"#/mutant/{_part(target)}/{_part(mutant_id)}"


def of_function(file: str, function: str) -> str:
    """Address of a function's slice of the queue."""
    return of_functions(file, [function])


def of_functions(file: str, functions: Iterable[str]) -> str:
    """Address of the queue with several functions of a file."""
    # Functions of one name in two files are two choices, so the file stands with the name; a comma parts choices.
    choices = (f"{file}:{function}".replace("%", "%25").replace(",", "%2C") for function in functions)
    return f"#/queue?function={_encoded(','.join(choices), '/:,')}"


def of_files(files: Iterable[str]) -> str:
    """Address of the queue with several files."""
    return f"#/queue?file={','.join(map(_choice, files))}"


def of_search(words: str) -> str:
    """Address of the queue with what is found by words."""
    return f"#/queue?q={_encoded(words, '/:,')}"


def of_operator(operator: str) -> str:
    """Address of an operator's slice of the queue."""
    return f"#/queue?operator={_choice(operator)}"


def of_changed_lines(target: str) -> str:
    """Address of the queue with a target's mutants on changed lines."""
    return f"#/queue?changed=changed&target={_choice(target)}"


def of_status(target: str, status: Status, *, every_line: bool) -> str:
    """Address of the queue with a target's mutants of a status; `every_line` where the page tells changed lines apart."""
    lines = "&changed=any" if every_line else ""
    return f"#/queue?status={status}{lines}&target={_choice(target)}"


def of_varied(statuses: Iterable[Status], *, every_line: bool) -> str:
    """Address of the queue with the mutants that had other statuses in other runs; `statuses` are those they have now."""
    lines = "&changed=any" if every_line else ""
    return f"#/queue?status={','.join(statuses)}&runs=changed{lines}"


def of_source(file: str, line: int = 0) -> str:
    """Address of a source file, or of a line in it."""
    return f"#/source/{_encoded(file, '/')}{f'?line={line}' if line else ''}"


def of_all_sources() -> str:
    """Address of the list of source files."""
    return "#/source?files=all"


def of_comparison(earlier: int, later: int) -> str:
    """Address of the comparison of two runs."""
    return f"#/runs?a={earlier}&b={later}"


def _choice(name: str) -> str:
    return _encoded(name.replace("%", "%25").replace(",", "%2C"), "/:,")


def _part(text: str) -> str:
    return _encoded(text, "")


def _encoded(text: str, plain: str) -> str:
    # What UTF-8 cannot hold becomes a question mark, as everywhere on the page.
    return quote(text.encode("utf-8", "replace"), safe=f"{plain}!~*'()")
