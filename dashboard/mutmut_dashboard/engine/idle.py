"""Tells processes that only wait from those that work, by what the system says of them.

Linux only, from `/proc`; elsewhere a process counts as one that works.
"""

from __future__ import annotations

import os
from pathlib import Path

_WORKING = 0.05
"""Share of a processor from which on a process counts as working rather than waiting."""
_LEAST_LOOK = 0.2
"""Wall seconds that are looked at together at least; the system counts CPU time in hundredths of a second."""
_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """CPU seconds a running process has used; 0 where the system does not say."""
    return _state(pid)[1]


def works(used: float, wall: float) -> bool:
    """Whether these CPU seconds in so many wall seconds are those of a process that works."""
    return used > _WORKING * wall


class Watch:
    """Looks at a process from time to time. `started` is when it began, by `time.monotonic`."""

    def __init__(self, pid: int, started: float) -> None:
        self.idle = False
        """Whether it waited, when last looked at, for something else than a processor or a process that it has started."""
        self._pid = pid
        self._since, self._used = started, 0.0

    def look(self, now: float) -> bool:
        """Look at it, unless it was just done; return whether that changed `idle`."""
        if now - self._since < _LEAST_LOOK:
            return False
        state, used = _state(self._pid)
        waited = state == "S" and not works(used - self._used, now - self._since)
        self._since, self._used = now, used
        before, self.idle = self.idle, waited and not _has_children(self._pid)
        return self.idle is not before


def _state(pid: int) -> tuple[str, float]:
    """Return its state ("R": it runs or would, "S": it sleeps; "" for not known) and its CPU seconds."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return "", 0.0
    fields = text.rpartition(")")[2].split()
    return fields[0], (int(fields[11]) + int(fields[12])) / _TICKS


def _has_children(pid: int) -> bool:
    try:
        tasks = os.listdir(f"/proc/{pid}/task")  # noqa: PTH208 - names only
        return any(Path(f"/proc/{pid}/task/{task}/children").read_bytes() for task in tasks)
    except OSError:  # it has ended, or this system does not say
        return True
