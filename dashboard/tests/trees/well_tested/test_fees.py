import pytest
from fees import price, total


@pytest.mark.parametrize(("size", "expected"), [("small", 4), ("LARGE", 9)])
def test_price_of(size, expected):
    assert price(size) == expected


def test_total_adds_the_fee():
    assert total(["small", "large"]) == 14
