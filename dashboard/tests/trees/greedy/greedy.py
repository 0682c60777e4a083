def room(bits):
    return bytes(3 >> bits)


def settled(number):
    while number > 0:
        number -= 1
    return number


SETTLED = settled(2)
