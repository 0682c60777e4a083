def pages(words):
    found = 0
    while words > 0:
        words -= 100
        found += 1
    return found
