"""`mutate_only_covered_lines`: mutants on lines that no test runs are left out, by mutmut's rule."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from factories import a_mutant
from stories import Covered

from mutmut_dashboard.engine.covered import EXCLUDED, NOT_RUN, left_out
from mutmut_dashboard.model import FileCoverage, Status

SOURCE = """\
def price(
    count=1,
):
    if count and (
        count > 2
    ):
        count = bulk(
            count,
        )
    steps = [
        1,
        2,
        3,
    ]
    return count


def other(): return 1
"""
RUN = {4: (0,), 7: (0,), 10: (0,), 15: (0,)}
"""What a test with a false `count` runs of it, and the head of a call that fails before it is made."""


def reason_of(line: int, **overrides: Any) -> str | None:
    """Why a mutant of a node that begins on a line of `SOURCE` is left out; None where it is not."""
    facts: dict[str, Any] = {
        "file": "a.py",
        "executed": (1, 4, 7, 10, 15, 18),
        "missing": (),
        "excluded": (),
        "partial": {},
        "branches": 0,
        "covered_branches": 0,
        "tests_by_line": RUN,
        "tests": ("test_a.py::test",),
    }
    mutant = a_mutant("a", "b", file="a.py", source=SOURCE, line=line)
    coverage = FileCoverage(**{**facts, **overrides})
    return left_out([mutant], {mutant.id: line}, [coverage], {"a.py": SOURCE}).get(mutant.id)


class TestRule:
    @pytest.mark.parametrize("line", RUN)
    def test_a_line_that_a_test_runs_counts(self, line: int) -> None:
        assert reason_of(line) is None

    @pytest.mark.parametrize("line", [5, 8])
    def test_a_part_of_a_statement_that_no_test_comes_to_is_left_out(self, line: int) -> None:
        assert reason_of(line) == NOT_RUN

    def test_a_line_without_code_of_its_own_goes_with_its_statement(self) -> None:
        assert reason_of(11) is None
        assert reason_of(11, executed=(1, 4), tests_by_line={4: (0,)}) == NOT_RUN

    def test_what_runs_at_import_only_counts(self) -> None:
        assert reason_of(2) is None

    def test_a_line_that_coverage_leaves_out_is_left_out_even_where_it_runs(self) -> None:
        assert reason_of(5, excluded=(4,)) == EXCLUDED
        assert reason_of(4, excluded=(4,)) == EXCLUDED

    def test_what_python_has_to_say_about_the_source_is_not_repeated(self) -> None:
        source = "def f(x):\n    return x is 1\n"
        mutant = a_mutant("1", "2", file="a.py", source=source)
        coverage = FileCoverage("a.py", (1, 2), (), (), {}, 0, 0)
        with warnings.catch_warnings():
            warnings.simplefilter("error")

            assert left_out([mutant], {mutant.id: 2}, [coverage], {"a.py": source}) == {}

    def test_a_mutant_with_a_reason_keeps_it(self) -> None:
        mutant = a_mutant("a", "b", file="a.py", source=SOURCE, skip_reason="a rule")
        nothing = FileCoverage("a.py", (), (), (), {}, 0, 0)

        assert left_out([mutant], {mutant.id: 5}, [nothing], {"a.py": SOURCE}) == {}


class TestRun:
    def test_mutants_on_lines_that_no_test_runs_are_skipped(self, covered: Covered) -> None:
        facts = covered.facts
        reasons = {
            change: mutant.skip_reason for change, mutant in facts.by_change.items() if mutant.skip_reason
        }

        assert covered.first.code == 0, covered.first.err
        assert reasons == {
            ("price", "total - rebate", "None"): NOT_RUN,
            ("price", "-", "+"): NOT_RUN,
            ("never", "+", "-"): NOT_RUN,
            ("never", "5", "6"): NOT_RUN,
            ("outside", "+", "-"): EXCLUDED,
            ("outside", "6", "7"): EXCLUDED,
        }
        assert facts.having(Status.SKIPPED) == set(reasons)
        assert not facts.having(Status.PENDING)

    def test_the_others_are_judged(self, covered: Covered) -> None:
        facts = covered.facts

        assert facts.having(Status.UNCOVERED) == {("never", "7", "8")}
        assert facts.statuses["price", "2", "3"] is Status.SURVIVED
        assert "skipped 6" in covered.first.out

    def test_a_new_test_brings_in_the_mutants_that_it_runs(self, covered: Covered) -> None:
        facts = covered.facts_then

        assert {function for function, *_ in facts.having(Status.SKIPPED)} == {"never", "outside"}
        assert facts.statuses["price", "-", "+"] is Status.KILLED
