"""A flat package under setup.cfg's [mutmut] alone, with its tests in test/."""


def half(price):
    return price / 2
