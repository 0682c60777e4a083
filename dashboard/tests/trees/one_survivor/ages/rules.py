"""Who may enter."""


def may_enter(age):
    return age > 17


def years_left(age):
    return 65 - age
