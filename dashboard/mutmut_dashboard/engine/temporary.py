"""Where tests put their temporary files: in a folder of their session, and of the fork, which is deleted after them.

A fork that judges a mutant leaves by `os._exit`, and may be killed, so nothing it set up is torn down. In the system's folder its
files would stay, thousands of them, and pytest lists those that are there for every folder that it makes.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

VARIABLE = "TMPDIR"
_PREFIX = "mutd-"  # short, for sockets in there may have no long path
_LOCK = "lock-of-mutmut-dashboard"
_YOUNG = 60.0
"""Seconds for which a folder may be without its lock, since that comes after it."""


class Folder:
    """The folder of a session, locked for as long as this process lives, so that one left behind by a killed process can be told."""

    def __init__(self) -> None:
        _sweep_once(tempfile.gettempdir())
        self.path = tempfile.mkdtemp(prefix=_PREFIX)
        Path(self.path).chmod(0o711)  # tests that give up their rights still reach their files
        self._lock = os.open(os.path.join(self.path, _LOCK), os.O_CREAT | os.O_RDWR, 0o600)  # noqa: PTH118
        with suppress(OSError):  # some network file systems know no locks; then nobody sweeps there
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def delete(self) -> None:
        """Delete it with all that is in it; what cannot be deleted stays."""
        discard(self.path)
        os.close(self._lock)


@cache
def _sweep_once(place: str) -> None:
    sweep(Path(place))


def sweep(place: Path) -> None:
    """Delete this user's folders of sessions whose process was killed before it could."""
    for folder in place.glob(f"{_PREFIX}*"):
        with suppress(OSError):  # gone meanwhile, without the lock's file, or still locked
            status = folder.lstat()
            if status.st_uid != os.getuid() or time.time() - status.st_mtime < _YOUNG:
                continue
            lock = os.open(folder / _LOCK, os.O_RDWR | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                discard(str(folder))
            finally:
                os.close(lock)


def use(folder: str) -> None:
    """Make a folder, and have `tempfile`, what is built on it, and programs that are started put their files there."""
    os.makedirs(folder, 0o711, exist_ok=True)  # noqa: PTH103 - every fork does it, and would copy where all of `pathlib` stands
    os.environ[VARIABLE] = folder
    tempfile.tempdir = folder  # what it found out before the fork


def discard(folder: str) -> None:
    """Delete a folder with all that is in it; what cannot be deleted stays."""
    try:
        shutil.rmtree(folder, ignore_errors=True)
    except RecursionError:  # a mutant that makes folders in folders in a loop
        subprocess.run(["rm", "-rf", "--", folder], check=False, capture_output=True)


def anything_in(folders: list[str]) -> bool:
    """Tell whether one of these folders holds anything.

    Every listing is read to its end: one that is given up would be complained of in whichever fork collects it.
    """
    return any([*Path(folder).iterdir()] for folder in folders if Path(folder).is_dir())
