def price(count, rebate=1):
    total = count * 3
    if total > 10:
        total = total - rebate
    steps = [
        1,
        2,
    ]
    return total + steps[0]


def never(
    count=7,
):
    return count + 5


def outside(count):  # pragma: no cover
    return count + 6
