"""Which survivors stand in the shadow of one that takes the whole of what they change away."""

from __future__ import annotations

import pytest
from factories import a_mutant
from hypothesis import given
from hypothesis import strategies as st

from mutmut_dashboard.model import Mutant, Status
from mutmut_dashboard.report.shadows import shadows

SOURCE = """\
def total(prices, rate=2):
    tax = round(sum(prices) * (rate + 1), 2)
    tax += 5
    note(
        "paid",
        tax + 3,
    )
    return tax * 4 if prices else 0
"""


def change(original: str, replacement: str, **overrides: str) -> Mutant:
    return a_mutant(original, replacement, source=SOURCE, function="total", **overrides)


def survived(*mutants: Mutant) -> list[tuple[Mutant, Status]]:
    return [(mutant, Status.SURVIVED) for mutant in mutants]


WHOLE = change("round(sum(prices) * (rate + 1), 2)", "None")


@pytest.mark.parametrize(
    ("outer", "inner"),
    [
        (WHOLE, change("rate + 1", "rate - 1")),
        (WHOLE, change("1)", "2)")),
        (change("tax = round(sum(prices) * (rate + 1), 2)", "tax = None"), change("rate + 1", "rate - 1")),
        (change('"paid",\n        tax + 3,', '"paid",\n        None,'), change("tax + 3", "tax - 3")),
        (change('"paid",\n        tax + 3', '"paid"'), change("3", "4")),
        (change("5", "None"), change("5", "6")),
    ],
)
def test_a_change_inside_of_what_another_takes_away_is_in_its_shadow(outer: Mutant, inner: Mutant) -> None:
    assert shadows(survived(inner, outer)) == {0: 1}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (WHOLE, change("tax += 5", "tax -= 5")),
        (change("(rate + 1)", "(rate - 1)"), change("1)", "2)")),
        (change("tax += 5", "tax = 5"), change("tax += 5", "tax -= 5")),
        (change("sum(prices)", "None"), change("rate + 1", "rate - 1")),
        (WHOLE, change("tax = round(sum(prices) * (rate + 1), 2)", "tax = None")),
        (WHOLE, change("rate + 1", "rate - 1", file="other.py")),
        (WHOLE, change("rate + 1", "rate - 1", target="other")),
    ],
)
def test_what_changes_something_else_as_well_is_not(one: Mutant, other: Mutant) -> None:
    assert shadows(survived(one, other)) == {}


def test_what_no_test_runs_and_what_a_test_runs_without_noticing_do_not_shadow_each_other() -> None:
    inner = change("rate + 1", "rate - 1")

    assert shadows([(WHOLE, Status.SURVIVED), (inner, Status.UNCOVERED)]) == {}
    assert shadows([(WHOLE, Status.UNCOVERED), (inner, Status.SURVIVED)]) == {}


def test_the_largest_stretch_is_named_and_what_takes_a_part_of_it_away_is_shadowed_too() -> None:
    found = shadows(survived(change("sum(prices)", "None"), change("rate + 1", "rate - 1"), WHOLE))

    assert found == {0: 2, 1: 2}


@given(
    st.permutations([WHOLE, change("sum(prices)", "None"), change("rate + 1", "rate - 1"), change("5", "6")])
)
def test_the_order_of_the_queue_decides_nothing(queue: list[Mutant]) -> None:
    found = shadows(survived(*queue))

    assert {queue[inner].original: queue[outer] for inner, outer in found.items()} == {
        "sum(prices)": WHOLE,
        "rate + 1": WHOLE,
    }
