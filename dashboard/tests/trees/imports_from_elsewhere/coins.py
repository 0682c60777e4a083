"""Coins, as they are mutated."""


def worth(count):
    return count * 5
