"""Files: written whole or not at all, and told from what they held before."""

from __future__ import annotations

import os
import tempfile
import tokenize
from collections.abc import Mapping
from pathlib import Path


def write_whole(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Put content into a file: a reader sees the old one or the new one, and a crash leaves one of the two.

    A link stays a link, and the file keeps its permissions; a new one may be read by all, as a web server wants.
    What is not `durable` may be lost or empty after a power cut: a file that can be made again, one of many.
    """
    path = path.resolve()
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def changed_files(text_by_file: Mapping[str, str], root: Path) -> frozenset[str]:
    """The files whose text below `root` is not the given one any more, or which are gone."""
    return frozenset(file for file, text in text_by_file.items() if _read(root / file) != _unix(text))


def _read(path: Path) -> str | None:
    try:
        with tokenize.open(path) as file:
            return file.read()
    except (OSError, SyntaxError, ValueError):  # gone, or no longer Python text
        return None


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
