import pytest
from counts import countdown, double


def test_double_of_one():
    assert double(1) == 2


def test_double_of_nothing():
    assert double(0) == 0


@pytest.mark.parametrize("number", [2, 3])
def test_double_is_twice(number):
    assert double(number) == 2 * number


def test_countdown_ends_at_nought():
    assert countdown(2) == 0


def test_countdown_from_nought():
    assert countdown(0) == 0


def test_countdown_of_one():
    assert countdown(1) == 0
