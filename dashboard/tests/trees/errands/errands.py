"""A subject with many ways in which one piece of a program depends on another."""

RATES = {"near": 2, "far": 5}
FREE_ABOVE = 1000


def kind(miles):
    return "near" if miles < 10 else "far"


def rate(miles):
    return RATES[kind(miles)]


def fee(miles, weight=1):
    if miles < 0:
        return refused(miles)
    return rate(miles) * weight + surcharge(weight)


def surcharge(weight):
    return 3 if weight > 20 else 0


def refused(miles):
    return -1


def total(fees):
    result = 0
    for one in fees:
        result = result + one
    if result > FREE_ABOVE:
        return 0
    return result


def bill(miles, coupon=""):
    price = rate(miles)
    try:
        if coupon:
            price = price - int(coupon)
    except ValueError:
        price = price + 1
    while price > 4:
        price = price - 1
        if price == 7:
            break
    else:
        return price
    return -price


class Errand:
    def __init__(self, miles):
        self.miles = miles

    def cost(self):
        return fee(self.miles) + self.tip()

    def tip(self):
        return 1

    def label(self):
        return "errand of " + str(self.miles)


class Express(Errand):
    def cost(self):
        return super().cost() * 2


def note(errand, what):
    found = getattr(errand, "on_" + what, None)
    return found() if found else errand.label() + "!"


def never_tested(number):
    return number - 1


def start():
    return 1 + FREE_ABOVE


FIRST = start()
