import unittest

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from tickets import Queue, opened, price, reduced


@pytest.fixture(scope="module", autouse=True)
def an_open_day():
    assert opened("Tuesday")


@given(st.integers(0, 19))
def test_a_ticket_costs_something(age):
    assert price(age) > 0


@given(st.integers(0, 19))
def test_only_the_young_pay_less(age):
    cost = price(age)
    assume(age > 9)
    assert (cost < 20) == (age == 13)


@example(13)
@example(99)
@given(st.integers(0, 4))
def test_a_ticket_costs_at_most_twenty(age):
    assert price(age) <= 20


@given(st.builds(price, st.integers(12, 13)))
def test_a_price_is_a_whole_number(cost):
    assert cost == int(cost)


class TestAges:
    @given(st.integers(10, 13))
    def test_a_method_sees_the_same(self, age):
        assert price(age) > 0


class TestCases(unittest.TestCase):
    @given(st.integers(13, 14))
    def test_a_case_sees_the_same(self, age):
        self.assertGreater(price(age), 0)


class Waiting(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.queue = Queue()
        self.names = []

    @rule(name=st.sampled_from("ab"))
    def join(self, name):
        self.queue.join(name)
        self.names.append(name)

    @precondition(lambda self: self.names)
    @rule()
    def leave(self):
        assert self.queue.leave() == self.names.pop(0)


TestWaiting = Waiting.TestCase
TestWaiting.settings = settings(max_examples=12, stateful_step_count=6)


def test_a_plain_one():
    assert reduced(13) == 15


def test_a_plain_one_that_runs_a_property():
    @given(st.integers(12, 13))
    def inner(age):
        assert price(age) > 0

    inner()
