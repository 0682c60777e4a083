"""What a parcel costs."""

PRICES = {"small": 4, "large": 9}


def price(size):
    """Look it up."""
    return PRICES[size.lower()]


def total(sizes):
    return sum(price(size) for size in sizes) + 1
