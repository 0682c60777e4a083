from guests import invite


def test_the_first_guest():
    assert invite("Ada") >= 1


def test_another_guest():
    assert invite("Bob") == 2
