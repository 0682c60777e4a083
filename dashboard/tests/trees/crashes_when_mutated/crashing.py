"""Functions that do harm when a number in them changes."""

import os
import signal


def by_signal(number):
    if number + 1 != 2:
        os.kill(os.getpid(), signal.SIGSEGV)  # pragma: no mutate
    return number


def by_exit(number):
    if number + 1 != 2:
        os._exit(0)  # pragma: no mutate
    return number


def by_memory(number):
    if number + 1 != 2:
        raise MemoryError("no room")  # pragma: no mutate
    return number


def by_sys_exit(number):
    if number + 1 != 2:
        raise SystemExit(0)  # pragma: no mutate
    return number
