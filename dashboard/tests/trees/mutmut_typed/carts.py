"""A cart, with type errors of its own."""


class Cart:
    def __init__(self, owner: str) -> None:
        self.owner: str = owner
        self.total = 0

    def add(self, price: int) -> None:
        self.total += price


def half(amount: int) -> int:
    return amount // 2


def label(amount: int) -> str:
    text: str = amount + 1
    return text


def untyped(a, b):
    return a + b
