from prices import rebate


def test_ten_and_less_has_no_rebate():
    assert rebate(10) == 10


def test_more_has(price):
    assert rebate(price) == price - 1
