_guests = []


def invite(name):
    _guests.append(name)
    return len(_guests)
