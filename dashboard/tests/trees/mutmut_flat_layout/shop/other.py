WRONG = 1 / 1  # left out by only_mutate
