import os

from rooms import beds


def test_two_beds_stand_in_a_room():
    assert beds(3) == 6


def test_that_notices_any_mutant_whatever_it_changes():
    assert not os.environ.get("MUTANT_UNDER_TEST")
    assert beds(1) == 2
