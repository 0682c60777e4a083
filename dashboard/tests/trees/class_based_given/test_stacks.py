import unittest

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from stacks import Stack, clamp, tenfold


class TestClamp:
    @given(st.integers(), st.integers(0, 9))
    @settings(max_examples=20, deadline=1, derandomize=False, phases=[Phase.generate, Phase.shrink])
    def test_clamp_stays_inside(self, number, low):
        assert low <= clamp(number, low, low + 5) <= low + 5

    @settings(max_examples=20)
    @given(st.integers(3, 5))
    def test_clamp_keeps_what_is_inside(self, number):
        assert clamp(number, 3, 5) == number


class TestTenfold(unittest.TestCase):
    @given(st.integers(1, 50))
    @settings(max_examples=10)
    def test_tenfold_ends_in_nought(self, number):
        self.assertEqual(str(tenfold(number)), f"{number}0")


class StackMachine(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.stack = Stack()
        self.model = []

    @rule(item=st.integers())
    def push(self, item):
        self.stack.push(item)
        self.model.append(item)

    @precondition(lambda self: self.model)
    @rule()
    def pop(self):
        assert self.stack.pop() == self.model.pop()

    @invariant()
    def sizes_agree(self):
        assert self.stack.size() == len(self.model)


TestStackMachine = StackMachine.TestCase
TestStackMachine.settings = settings(max_examples=10, stateful_step_count=8)
