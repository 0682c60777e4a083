"""Where the CPU time of a run goes: samples the processes of `mutmut-dashboard run` while it works.

Linux only, from `/proc`; elsewhere nothing is known. What a process used after the last sample is lost, a fraction of a second;
generation ends with its workers, so these are sampled, too.
"""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from pathlib import Path

_EVERY = 0.2
"""Seconds between samples."""
_TICKS = os.sysconf("SC_CLK_TCK")
_SESSION = "mutmut_dashboard.engine.session"
_GENERATION = "mutmut_dashboard.engine.mutmut_generation"


@dataclass(frozen=True)
class Process:
    """What `/proc` says of a process."""

    parent: int
    started: int
    """When, in clock ticks since the machine started."""
    command: str
    """Its arguments, NUL after each."""
    own: float
    """CPU seconds."""
    children: float
    """Those of the children that it has waited for."""


class Watch:
    """Samples a process and those that it starts, until it is stopped."""

    def __init__(self, root: int) -> None:
        self._root = root
        self._seen: dict[int, Process] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()

    def stop(self) -> dict[str, float]:
        """End the sampling and return CPU seconds by what they went to."""
        self._over.set()
        self._thread.join()
        return by_role(self._root, self._seen)

    def _sample(self) -> None:
        while True:
            for pid, process in processes().items():
                above = self._seen.get(process.parent)
                ours = self._root in (pid, process.parent) or (above and _GENERATION in above.command)
                # One that has ended, but whose end was not heard yet, has no arguments any more.
                if ours and process.command:
                    self._seen[pid] = process
            if self._over.wait(_EVERY):
                return


def by_role(root: int, seen: dict[int, Process]) -> dict[str, float]:
    """CPU seconds of one run by what its processes do. The first tests' process measures the original, the second judges."""
    found: dict[str, float] = {}
    if root not in seen:
        return found
    found["generation"] = sum(
        one.own + max(one.children, sum(below.own for below in seen.values() if below.parent == pid))
        for pid, one in seen.items()
        if one.parent == root and _GENERATION in one.command
    )
    mine = sorted((one for one in seen.values() if one.parent == root), key=lambda one: one.started)
    sessions = [one for one in mine if _SESSION in one.command]
    for original in sessions[:1]:
        found["clean run on the original"] = original.own + original.children
    for server in sessions[1:2]:
        found["collection and forks"] = server.own
        found["tests: each by itself once, then per mutant"] = server.children
    found["the program itself: selecting, recording"] = seen[root].own
    return found


def processes() -> dict[int, Process]:
    """Return what runs now, by process id."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text(encoding="utf-8", errors="replace")
            command = (folder / "cmdline").read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue  # it has ended
        fields = stat.rpartition(")")[2].split()
        user, system, user_below, system_below = (int(ticks) / _TICKS for ticks in fields[11:15])
        found[int(folder.name)] = Process(
            int(fields[1]), int(fields[19]), command, user + system, user_below + system_below
        )
    return found
