"""Tables that are built when the module is imported."""


def doubles(size):
    return [number + number for number in range(size)]


def following(number):
    return number + 1


def unasked(number):
    return not number


DOUBLES = doubles(4)
STEP = 10 // following(1)
UNASKED = unasked(1)


def look_up(number):
    return DOUBLES[number + 1]
