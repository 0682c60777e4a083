from waiting import doze, spin


def test_spin_ends():
    assert spin(done=True) is True


def test_doze_ends():
    assert doze(done=True) is True
