"""The tests' process in huge pages, where the system has them: a fork then copies one entry instead of 512.

A fork and the end of a child cost time per page of memory, and the tests' process has ten thousand of 4 KiB. A child that
writes to a huge page gets a copy of 4 KiB as before. Where there are none, or no such call, all stays as it was.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from pathlib import Path

_HUGE = 2 * 2**20
_MADV_COLLAPSE = 25  # Linux 6.1 and later; elsewhere the number is refused


def collapse() -> int:
    """Gather this process's memory into huge pages; return how many it has got."""
    if sys.platform != "linux":
        return 0
    try:
        maps = Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace")
        madvise = ctypes.CDLL(None).madvise
    except (OSError, AttributeError):
        return 0
    madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    return sum(madvise(at, _HUGE, _MADV_COLLAPSE) == 0 for at in _places(maps))


def _places(maps: str) -> Iterator[int]:
    """Addresses at which a whole huge page of private memory of our own can lie."""
    for line in maps.splitlines():
        span, access, _, _, inode, *name = line.split(maxsplit=5)
        if access != "rw-p" or inode != "0" or (name and name[0] != "[heap]"):
            continue
        start, end = (int(address, 16) for address in span.split("-"))
        yield from range(-(-start // _HUGE) * _HUGE, end // _HUGE * _HUGE, _HUGE)
