def beds(rooms):
    return rooms * 2
