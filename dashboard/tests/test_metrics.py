"""Laws of the arithmetic: scores, intervals, percentages, floors."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from factories import a_mutant, weighed
from hypothesis import assume, example, given
from hypothesis import strategies as st

from mutmut_dashboard.metrics import (
    STATUS_MEANING,
    Counts,
    Ratio,
    Score,
    adjusted_score,
    count,
    coverage,
    covered_score,
    excused,
    meets,
    mutation_score,
    percent,
)
from mutmut_dashboard.model import Choice, FileCoverage, Standing, Status

SCORES = [mutation_score, covered_score]
statuses = st.lists(st.sampled_from(Status), max_size=30)
ratios = st.integers(1, 10**7).flatmap(lambda whole: st.builds(Ratio, st.integers(0, whole), st.just(whole)))


def exact(ratio: Ratio) -> Fraction:
    return Fraction(ratio.part, ratio.whole)


@given(statuses)
def test_counts_add_up(found: list[Status]) -> None:
    """Every mutant is counted once, under its own status."""
    counts = count(found)

    assert counts.total == len(found)
    assert counts.detected + counts.undetected == counts.valid
    assert {status: counts.of(status) for status in Status} == {s: found.count(s) for s in Status}


@pytest.mark.parametrize("score", SCORES)
@given(statuses)
def test_a_score_lies_between_0_and_1(score: Callable[[Counts], Score], found: list[Status]) -> None:
    """Low is never above high, and both are shares."""
    got = score(count(found))

    if got.low.whole:
        assert 0 <= exact(got.low) <= exact(got.high) <= 1
    else:
        assert str(got) == "n/a"


@pytest.mark.parametrize("score", SCORES)
@given(statuses, st.data())
def test_the_interval_holds_the_score_of_every_completion(
    score: Callable[[Counts], Score], found: list[Status], data: st.DataObject
) -> None:
    """However the missing verdicts turn out (detected or survived), the score lies in the interval shown before."""
    outcomes = st.sampled_from([Status.KILLED, Status.TIMEOUT, Status.SURVIVED])
    completed = [data.draw(outcomes) if s in (Status.ERROR, Status.PENDING) else s for s in found]
    before, after = score(count(found)), score(count(completed))
    assume(after.low.whole)

    assert after.exact
    assert exact(before.low) <= exact(after.low) <= exact(before.high)


@given(statuses)
def test_what_is_left_out_does_not_move_the_score(found: list[Status]) -> None:
    """Skipped and invalid mutants stand outside the score."""
    kept = [status for status in found if status not in (Status.SKIPPED, Status.INVALID)]

    assert mutation_score(count(found)) == mutation_score(count(kept))


@given(statuses)
def test_a_kill_more_never_lowers_the_score(found: list[Status]) -> None:
    """Killing a survivor raises the score, or leaves it where it was."""
    assume(Status.SURVIVED in found)
    better = list(found)
    better[better.index(Status.SURVIVED)] = Status.KILLED

    assert exact(mutation_score(count(better)).low) > exact(mutation_score(count(found)).low)


@given(ratios, st.integers(0, 3))
@example(Ratio(9_999_999, 10_000_000), 1)
@example(Ratio(1, 10_000_000), 1)
@example(Ratio(1, 2), 0)
def test_100_and_0_percent_are_shown_only_where_they_are_exact(ratio: Ratio, digits: int) -> None:
    """Rounding never reaches 0 or 100."""
    shown = percent(ratio, digits)

    assert (float(shown.removesuffix(" %")) == 100) == (ratio.part == ratio.whole)
    assert (float(shown.removesuffix(" %")) == 0) == (ratio.part == 0)


@given(ratios)
def test_a_percentage_is_the_ratio_to_within_its_last_digit(ratio: Ratio) -> None:
    """What is shown is off by a tenth at the most."""
    shown = Fraction(percent(ratio).removesuffix(" %"))

    assert abs(shown - 100 * exact(ratio)) <= Fraction(1, 10)


def test_an_empty_whole_is_not_available() -> None:
    assert percent(Ratio(0, 0)) == "n/a"
    assert Ratio(0, 0).value is None
    assert str(mutation_score(Counts(skipped=3, invalid=1))) == "n/a"


def test_a_score_with_missing_verdicts_is_shown_as_an_interval() -> None:
    assert str(mutation_score(Counts(killed=1, survived=1, pending=1, error=1))) == "25.0 % to 75.0 %"
    assert str(covered_score(Counts(killed=3, survived=1, uncovered=4))) == "75.0 %"
    assert str(mutation_score(Counts(killed=3, survived=1, uncovered=4))) == "37.5 %"


@given(ratios, st.integers(0, 10_000).map(lambda hundredths: Fraction(hundredths, 100)))
@example(Ratio(999_999, 1_000_000), Fraction(100))
@example(Ratio(7, 10), Fraction(70))
def test_a_floor_is_met_as_exact_arithmetic_says(ratio: Ratio, floor: Fraction) -> None:
    """No rounding decides about a gate, but in the last bit of a floor that no float can hold."""
    distance = 100 * exact(ratio) - floor
    assume(distance == 0 or abs(distance) > Fraction(1, 10**9))
    assume(distance != 0 or float(floor).is_integer())

    assert meets(ratio, float(floor)) == (distance >= 0)


@pytest.mark.parametrize(("floor", "met"), [(0, True), (0.1, False), (100, False)])
def test_an_empty_whole_meets_no_floor_but_0(floor: float, met: bool) -> None:
    assert meets(Ratio(0, 0), floor) is met


@given(statuses, st.data())
def test_the_adjusted_interval_holds_every_completion_whatever_is_decided(
    found: list[Status], data: st.DataObject
) -> None:
    """However missing verdicts turn out, and whichever of their survivors are decided already."""
    known = data.draw(st.integers(0, count(found).undetected))
    outcomes = st.sampled_from([Status.KILLED, Status.TIMEOUT, Status.SURVIVED])
    completed = [data.draw(outcomes) if s in (Status.ERROR, Status.PENDING) else s for s in found]
    late = data.draw(st.integers(0, count(completed).undetected - count(found).undetected))
    before, after = adjusted_score(count(found), known), adjusted_score(count(completed), known + late)
    assume(after.low.whole)

    assert after.exact
    assert exact(before.low) <= exact(after.low) <= exact(before.high)


@given(statuses, st.data())
def test_a_decision_more_never_lowers_the_adjusted_score(found: list[Status], data: st.DataObject) -> None:
    """Without decisions it is the mutation score; each one takes a survivor out of the whole."""
    counts = count(found)
    decided = data.draw(st.integers(0, counts.undetected))
    without, lifted = adjusted_score(counts, 0), adjusted_score(counts, decided)
    assume(lifted.low.whole)

    assert without == mutation_score(counts)
    assert exact(without.low) <= exact(lifted.low) <= exact(lifted.high) <= 1


def test_only_applying_decisions_equivalent_or_accepted_leave_the_score() -> None:
    mutant = a_mutant()
    made = [
        *(weighed(mutant, choice) for choice in Choice),
        *(weighed(mutant, Choice.EQUIVALENT, standing) for standing in Standing),
        weighed(mutant, Choice.ACCEPTED, target="other"),
    ]
    assert excused(made, "prices") == 3
    assert excused(made, "other") == 1


def test_coverage_counts_lines_and_branches_of_all_files() -> None:
    one = FileCoverage("a.py", (1, 2, 3), (4,), (9,), {2: (4,)}, 4, 3)
    other = FileCoverage("b.py", (), (1, 2), (), {}, 0, 0)

    assert coverage([one, other]) == Ratio(6, 10)
    assert coverage([]) == Ratio(0, 0)


def test_every_status_has_its_meaning() -> None:
    assert set(STATUS_MEANING) == set(Status)
