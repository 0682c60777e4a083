from tables import DOUBLES, STEP, look_up


def test_doubles():
    assert DOUBLES == [0, 2, 4, 6]


def test_step():
    assert STEP == 5


def test_look_up_reads_the_table():
    assert look_up(2) == 6
