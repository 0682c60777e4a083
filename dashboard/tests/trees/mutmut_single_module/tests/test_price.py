from price import doubled


def test_doubled_is_more():
    assert doubled(3) > 5
