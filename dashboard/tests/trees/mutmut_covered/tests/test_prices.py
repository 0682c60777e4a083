from prices import outside, price


def test_price():
    assert price(2) == 7
    assert outside(1) == 7
