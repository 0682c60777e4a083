"""A stack."""


class Stack:
    def __init__(self):
        self.items = []

    def push(self, item):
        self.items.append(item)

    def pop(self):
        return self.items.pop()

    def size(self):
        return len(self.items)


def clamp(number, low, high):
    if number < low:
        return low
    if number > high:
        return high
    return number


def tenfold(number):
    return number * 10
