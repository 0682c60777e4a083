"""Two loops with an end, and a deadline of their own for the day that limits fail to stop them."""

import time

DEADLINE = time.monotonic() + 60


def spin(done):
    while not done:
        if time.monotonic() > DEADLINE:
            return "gave up"  # pragma: no mutate
    return done


def doze(done):
    while not done:
        time.sleep(0.05)  # pragma: no mutate
        if time.monotonic() > DEADLINE:  # pragma: no mutate
            return "gave up"  # pragma: no mutate
    return done
