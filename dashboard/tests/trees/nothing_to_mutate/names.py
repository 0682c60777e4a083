"""A name and a class without a body."""

FIRST = "first"


class Nothing:
    pass
