from names import FIRST, Nothing


def test_names_are_there():
    assert FIRST == "first"
    assert Nothing()
