"""One sum."""


def double(number):
    return number * 2
