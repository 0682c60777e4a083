"""Which mutants `mutate_only_covered_lines` leaves out: those on lines that no test runs, or that coverage is told to ignore.

mutmut's rule is by the line on which the changed node begins. It takes a line as covered where the interpreter stopped on it,
which it never does on a line without code of its own, as those of a list of constants; such a line goes with its statement here.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import CodeType

from mutmut_dashboard.identity import logical_lines
from mutmut_dashboard.model import NOT_COVERED, FileCoverage, Mutant

NOT_RUN = f"{NOT_COVERED}no test runs this line"
EXCLUDED = f"{NOT_COVERED}coverage is told to leave this line out"


def left_out(
    mutants: Iterable[Mutant],
    lines: Mapping[str, int],
    coverage: Iterable[FileCoverage],
    sources: Mapping[str, str],
) -> dict[str, str]:
    """Return the reason by id of each mutant that is left out; `lines` says by id where the changed node begins."""
    files = {own.file: _File.of(sources[own.file], own) for own in coverage}
    found = {m.id: files[m.file].reason(lines[m.id]) for m in mutants if m.skip_reason is None}
    return {id_: reason for id_, reason in found.items() if reason}


@dataclass(frozen=True)
class _File:
    coverage: FileCoverage
    statement: Mapping[int, range]
    """Line -> lines of the statement that it belongs to, of a compound one those of its head."""
    code: frozenset[int]
    """Lines with code of their own."""

    @classmethod
    def of(cls, source: str, coverage: FileCoverage) -> _File:
        spans = [range(first, last + 1) for first, last in logical_lines(source)]
        statement = {line: span for span in spans for line in span}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the user's code, which is none of our business
            code = compile(source, coverage.file, "exec", dont_inherit=True)
        return cls(coverage, statement, frozenset(_lines(code)))

    def reason(self, line: int) -> str:
        """Say why mutants of nodes that begin on a line are left out; nothing where they are not."""
        statement = self.statement.get(line, range(line, line + 1))
        if statement.start in self.coverage.excluded:
            return EXCLUDED
        return "" if self._runs(line, statement) else NOT_RUN

    def _runs(self, line: int, statement: range) -> bool:
        by_tests = self.coverage.tests_by_line
        if line in by_tests:
            return True
        if statement.start not in self.coverage.executed:
            return False
        at_import = not any(other in by_tests for other in statement)  # which nobody noted line by line
        return at_import or line not in self.code


def _lines(code: CodeType) -> set[int]:
    own = {line for _, _, line in code.co_lines() if line}
    return own.union(*(_lines(inner) for inner in code.co_consts if isinstance(inner, CodeType)))
