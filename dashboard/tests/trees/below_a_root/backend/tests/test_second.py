import pytest
from core.second import sign, twice


@pytest.mark.quick
def test_twice():
    assert twice(3) == 6


def test_sign():
    assert sign(-2) == -1
