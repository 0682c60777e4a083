"""Something is missing here."""


def broken(:
    return 1
