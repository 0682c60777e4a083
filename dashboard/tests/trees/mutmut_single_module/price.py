"""A single module under [tool.mutmut] alone."""


def doubled(price):
    return price * 2


def free():
    return 0
