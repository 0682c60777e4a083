"""The first module."""


def add(left, right):
    return left + right


def unused(number):
    return number - 1
