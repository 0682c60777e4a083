"""The second module, which uses the first."""

from core.first import add


def twice(number):
    return add(number, number)


def sign(number):
    if number < 0:
        return -1
    return 1
