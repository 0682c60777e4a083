from shop.price import half


def test_half_of_four_is_two():
    assert half(4) == 2


def test_half_of_nothing_is_nothing():
    assert half(0) == 0
