"""Two functions: the tests wait for the gate on mutants of the second only."""


def quick(number):
    return number * 2 + 1


def held(number):
    return not number
