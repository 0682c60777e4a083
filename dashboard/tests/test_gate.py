"""The gate: what is short, by how much, and when nothing can be said at all."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mutmut_dashboard.config import Ceilings, Floors, Target
from mutmut_dashboard.gate import Measured, describe_met, doubts, shortfalls
from mutmut_dashboard.metrics import Counts, Ratio, meets, missing_to

FULL = Ratio(10, 10)
GOOD = Measured(counts=Counts(killed=90, survived=10), coverage=Ratio(95, 100))


def target(**changes: Any) -> Target:
    return Target(name="prices", modules=["*.py"], suites=["tests"], **changes)


@given(st.integers(1, 10**4).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.floats(0, 100))
def test_what_is_missing_is_just_enough(parts: tuple[int, int], floor: float) -> None:
    """With that many more the floor is met, with one fewer it is not."""
    part, whole = parts
    missing = missing_to(Ratio(part, whole), floor)

    assert 0 <= missing <= whole - part
    assert meets(Ratio(part + missing, whole), floor)
    assert missing == 0 or not meets(Ratio(part + missing - 1, whole), floor)


def test_nothing_is_missing_of_nothing() -> None:
    assert missing_to(Ratio(0, 0), 50) == 0


class TestFloors:
    def test_what_is_met_is_no_shortfall(self) -> None:
        assert shortfalls(target(floors=Floors(mutation_score=90, coverage=95)), GOOD) == []

    def test_a_low_score_says_how_many_mutants_are_short(self) -> None:
        floors = Floors(mutation_score=92.5, coverage=0)
        assert shortfalls(target(floors=floors), GOOD) == [
            "prices: mutation score 90.0 % is below its floor of 92.5 %: 3 more mutants must be detected."
        ]
        assert "1 more mutant must" in shortfalls(target(floors=Floors(mutation_score=91)), GOOD)[0]

    def test_decisions_lift_the_adjusted_score_only(self) -> None:
        floors = Floors(mutation_score=90, adjusted_score=95, coverage=0)
        assert shortfalls(target(floors=floors), replace(GOOD, excused=6)) == []
        assert shortfalls(target(floors=floors), replace(GOOD, excused=5)) == [
            "prices: adjusted score 94.7 % is below its floor of 95 %: 1 more mutant must be detected."
        ]

    def test_low_coverage_says_how_much_must_be_run(self) -> None:
        assert shortfalls(target(floors=Floors(coverage=97.1)), GOOD) == [
            "prices: coverage 95.0 % is below its floor of 97.1 %: 3 more lines or branches must be run."
        ]

    def test_of_nothing_no_floor_is_met(self) -> None:
        nothing = Measured(counts=Counts(skipped=3), coverage=Ratio(0, 0))
        assert shortfalls(target(floors=Floors(mutation_score=1, coverage=1)), nothing) == [
            "prices: mutation score n/a is below its floor of 1 %: no mutant counts.",
            "prices: coverage n/a is below its floor of 1 %: no coverage is recorded.",
        ]
        assert shortfalls(target(floors=Floors(coverage=0)), nothing) == []


class TestCeilings:
    def test_none_allows_everything(self) -> None:
        assert shortfalls(target(), replace(GOOD, accepted=10, counts=Counts(timeout=9))) == []

    def test_each_says_how_many_are_too_many(self) -> None:
        many = replace(GOOD, accepted=3, counts=Counts(killed=90, timeout=2, survived=8))
        assert shortfalls(target(ceilings=Ceilings(max_accepted=3, max_timeouts=2)), many) == []
        assert shortfalls(target(ceilings=Ceilings(max_accepted=1, max_timeouts=0)), many) == [
            "prices: 3 mutants accepted, 2 more than the 1 allowed.",
            "prices: 2 mutants timed out, 2 more than the 0 allowed.",
        ]


def test_new_survivors_are_named_up_to_five() -> None:
    one = replace(GOOD, new=("aaa",), base=3)
    many = replace(GOOD, new=tuple("abcdef"), base=3)
    assert shortfalls(target(), one) == ["prices: 1 new undecided survivor against run 3: aaa."]
    assert shortfalls(target(), many) == [
        "prices: 6 new undecided survivors against run 3: a, b, c, d, e and 1 more."
    ]


class TestDoubts:
    def test_a_finished_run_of_this_code_leaves_none(self) -> None:
        assert doubts("prices", GOOD) == []

    def test_no_run_unjudged_mutants_an_unfinished_run_and_changed_files_are_each_one_line(self) -> None:
        unjudged = replace(GOOD, counts=Counts(killed=1, pending=2, error=1), unfinished=True)
        changed = replace(GOOD, changed=("shop/a.py", "shop/b.py"))
        assert doubts("prices", None) == ["prices: no run has judged it. Run it first."]
        assert doubts("prices", unjudged) == ["prices: 3 mutants not judged. Run again to judge just these."]
        assert doubts("prices", replace(GOOD, unfinished=True)) == [
            "prices: its latest run did not come to an end. Run again to finish it."
        ]
        assert doubts("prices", changed) == [
            "prices: not what was judged: shop/a.py, shop/b.py changed since. Run again."
        ]


def test_what_was_held_against_what_is_said_on_one_line() -> None:
    floors = Floors(mutation_score=90, coverage=95)
    assert describe_met(target(floors=floors), replace(GOOD, excused=5, base=3)) == (
        "prices: met: mutation score 90.0 % (floor 90 %), adjusted 94.7 % (floor 0 %), "
        "coverage 95.0 % (floor 95 %), nothing new against run 3"
    )


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_a_shortfall_is_said_exactly_where_a_floor_is_missed(killed: int, survived: int, floor: int) -> None:
    """Exact arithmetic agrees with the gate."""
    measured = Measured(counts=Counts(killed=killed, survived=survived), coverage=FULL)
    whole = killed + survived
    met = Fraction(100 * killed, whole) >= floor if whole else floor == 0

    assert (shortfalls(target(floors=Floors(mutation_score=floor)), measured) == []) == met
