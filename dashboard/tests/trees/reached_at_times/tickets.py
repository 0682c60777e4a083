"""Tickets."""


def price(age):
    if age == 13:
        return reduced(age)
    return 20


def reduced(age):
    return age + 2


def opened(day):
    return day != "Monday"


class Queue:
    def __init__(self):
        self.people = []

    def join(self, name):
        self.people.append(name)

    def leave(self):
        return self.people.pop(0)
