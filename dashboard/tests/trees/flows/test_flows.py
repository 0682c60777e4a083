import asyncio

from flows import Shape, count, fetch, kind, stream


def test_count_counts():
    assert list(count(3)) == [1, 2, 3]


def test_fetch_is_one_more():
    assert asyncio.run(fetch(1)) == 2


def test_stream_fetches_all():
    async def collect():
        return [number async for number in stream(3)]

    assert asyncio.run(collect()) == [1, 2, 3]


def test_shape():
    assert Shape.area(3, 4) == 12
    assert Shape().outline(3) == 10


def test_kind():
    assert kind([7]) == 7
    assert kind(None) == "none"
    assert kind(1) == "other"
