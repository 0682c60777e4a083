"""Where an export goes: a file named by the user."""

from __future__ import annotations

from pathlib import Path

from mutmut_dashboard import files
from mutmut_dashboard.errors import UsageError


def write_whole(path: Path, content: bytes) -> None:
    """Put content into a file: a reader sees the old one or the new one, never half of one.

    What is no file, such as a pipe or a terminal, is written to directly.

    Raises:
        UsageError: the path is a folder, or there is no folder to put it in.

    """
    path = path.resolve()  # a link stays one
    if path.is_dir():
        raise UsageError(f"{path} is a folder. Name a file with --output.")
    if not path.parent.is_dir():
        raise UsageError(
            f"There is no folder {path.parent}. Make it first, or name another file with --output."
        )
    if path.exists() and not path.is_file():
        path.write_bytes(content)
        return
    files.write_whole(path, content)
