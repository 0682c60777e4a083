"""A src layout under [tool.mutmut] alone: pytest's addopts, unittest, a scrubbed environment, another folder."""


def total(price, quantity):
    if quantity > 10:
        return price * quantity * 0.9
    return price * quantity


def noted(price):
    print("price", price)  # not mutated: see pyproject.toml
    return price + 1
