import json
from pathlib import Path

import pytest
from errands import FIRST, Errand, Express, bill, fee, note, rate, total
from hypothesis import given
from hypothesis import strategies as st

CASES = [(1, 2), (50, 5)]


def sums_up(numbers, expected):
    assert total(numbers) == expected


def test_a_fee_is_not_negative():
    assert fee(5) >= 0


def test_heavy_things_cost_more(heavy):
    assert fee(5, heavy) > fee(5, 1)


@pytest.mark.parametrize("miles, expected", CASES)
def test_rates(miles, expected):
    assert rate(miles) == expected


@pytest.mark.parametrize("miles, coupon, expected", [(5, "", 2), (50, "2", 3), (50, "-9", -7), (50, "x", 4)])
def test_bills(miles, coupon, expected):
    assert bill(miles, coupon) == expected


def test_totals():
    sums_up([1, 2], 3)


@given(st.lists(st.integers(0, 5000), max_size=3))
def test_a_total_is_a_sum_or_free(numbers):
    assert total(numbers) in (sum(numbers), 0)


def test_costs_of_the_recorded_miles():
    for miles in json.loads(Path(__file__).with_name("miles.json").read_text()):
        assert Errand(miles).cost() > 0


class TestExpress:
    def test_costs_twice(self):
        assert Express(5).cost() == 2 * Errand(5).cost()

    def test_note(self):
        assert note(Express(5), "arrival")


def test_the_first():
    assert FIRST > 1
