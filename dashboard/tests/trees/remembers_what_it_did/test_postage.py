"""Each test finds what the tests before it have filled; run by itself, it fills it."""

import pytest
from postage import is_heavy, rate


def test_near():
    assert rate("near") == 2


def test_far():
    assert rate("far") == 5


@pytest.mark.parametrize("time", ["first", "second"])
def test_a_brick_is_heavy(time):
    assert is_heavy(30) is True
