"""Where tests put their temporary files: in a folder of their session, and of the fork, which is deleted after them.

A fork that judges a mutant leaves by `os._exit`, and may be killed, so nothing it set up is torn down. In the system's folder its
files would stay, thousands of them, and pytest lists those that are there for every folder that it makes.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

VARIABLE = "TMPDIR"
_PREFIX = "mutants-"
_YOUNG = 60.0
"""Seconds for which a folder may be without its lock, since that comes after it."""


class Folder:
    """The folder of a session, locked for as long as this process lives, so that one left behind by a killed process can be told."""

    def __init__(self) -> None:
        sweep(Path(tempfile.gettempdir()))
        self.path = tempfile.mkdtemp(prefix=_PREFIX)  # short, for sockets in there may have no long path
        self._lock = os.open(self.path, os.O_RDONLY)
        fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def delete(self) -> None:
        """Delete it with all that is in it; what cannot be deleted stays."""
        discard(self.path)
        os.close(self._lock)


def sweep(place: Path) -> None:
    """Delete folders of sessions whose process was killed before it could."""
    for folder in place.glob(f"{_PREFIX}*"):
        with suppress(OSError):  # another user's, or gone meanwhile
            if time.time() - folder.stat().st_mtime < _YOUNG:
                continue
            lock = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                discard(str(folder))
            finally:
                os.close(lock)


def use(folder: str) -> None:
    """Make a folder, and have `tempfile`, what is built on it, and programs that are started put their files there."""
    Path(folder).mkdir()
    os.environ[VARIABLE] = folder
    tempfile.tempdir = folder  # what it found out before the fork


def discard(folder: str) -> None:
    """Delete a folder with all that is in it; what cannot be deleted stays."""
    shutil.rmtree(folder, ignore_errors=True)


def anything_in(folder: str) -> bool:
    """Tell whether a folder holds a file, or a folder in one of its folders does: what tests left there, not what `use` made.

    Every listing is read to its end: one that is given up would be complained of in whichever fork collects it.
    """
    try:
        return any(not entry.is_dir() or [*entry.iterdir()] for entry in [*Path(folder).iterdir()])
    except OSError:
        return False
