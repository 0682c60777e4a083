"""Where tests put their temporary files: in a folder of their session, and of the fork, which is deleted after them.

A fork that judges a mutant leaves by `os._exit`, and may be killed, so nothing it set up is torn down. In the system's folder its
files would stay, thousands of them, and pytest lists those that are there for every folder that it makes.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

VARIABLE = "TMPDIR"


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
