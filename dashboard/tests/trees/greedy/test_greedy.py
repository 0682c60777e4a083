from greedy import SETTLED, room


def test_room_is_none():
    assert not room(30)


def test_settled():
    assert SETTLED == 0
