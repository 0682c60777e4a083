import logging

from ages.rules import may_enter, years_left
from hypothesis import given
from hypothesis import strategies as st


def test_a_child_may_not_enter():
    assert not may_enter(5)


def test_a_grown_up_may_enter():
    assert may_enter(18)


@given(st.integers(0, 64))
def test_years_left_and_age_add_up(age):
    print("at", age)
    logging.getLogger("ages").warning("asked at %d", age)
    assert years_left(age) + age == 65
