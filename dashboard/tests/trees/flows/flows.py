"""Code that does not run straight through."""

import asyncio


def count(limit):
    for number in range(limit):
        yield number + 1


async def fetch(number):
    await asyncio.sleep(0)
    return number + 1


async def stream(limit):
    for number in range(limit):
        yield await fetch(number)


class Shape:
    sides = 4

    @staticmethod
    def area(width, height):
        return width * height

    def outline(self, width, height=2):
        def around(one, other):
            return (one + other) * 2

        return around(width, height)


def kind(value):
    match value:
        case [first, *_]:
            return first
        case None:
            return "none"
    return "other"
