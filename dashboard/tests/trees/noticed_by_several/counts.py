def double(number):
    return number + number


def countdown(number):
    while number > 0:
        number -= 1
    return number
