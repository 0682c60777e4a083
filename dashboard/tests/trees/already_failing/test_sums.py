from sums import double


def test_double_is_wrong_about_three():
    assert double(3) == 7, "three and three make six"


def test_double_of_two():
    assert double(2) == 4
