"""Coins, as they are installed: the same code in another place."""


def worth(count):
    return count * 5
