def total(price, amount):
    return price * amount


def label(name):
    return "to " + name


def rebate(total):
    return total - 1 if total > 10 else total
