"""Inside the tests' process: which files of the project a session uses, beyond the code whose calls are noted."""

from __future__ import annotations

import os
import site
import sys
import sysconfig
import tempfile
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

_BETWEEN = ("pathlib", "tokenize.py", "<frozen os>", "glob.py")
"""Parts of the names of files through which others open files."""
_READERS = (
    *("<frozen importlib", "importlib/metadata/", "importlib_metadata/", "zipimport"),
    *("linecache.py", "_pytest/", "/coverage/", "/hypothesis/"),
)
"""Those that read sources to import, collect, show or measure them, or look through all of `sys.path` for what is installed."""


class Footprint:
    """Notes the project's files that are opened and its folders that are listed, from now on."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder) + os.sep
        self._opened: set[str] = set()
        self._listed: set[str] = set()
        self._watching = True
        sys.addaudithook(self._hook)

    def stop(self) -> None:
        """Note no more; a hook itself can never be taken away."""
        self._watching = False

    def opened(self) -> list[str]:
        """Return the files that were opened other than to import them, relative to the folder."""
        return sorted(self._opened)

    def listed(self) -> list[str]:
        """Return the folders whose entries were listed, relative to the folder."""
        return sorted(self._listed)

    def _hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self._watching or event not in {"open", "os.listdir", "os.scandir", "sqlite3.connect"}:
            return
        path = arguments[0] if arguments else None
        if not isinstance(path, str | os.PathLike):
            return
        if event == "sqlite3.connect":  # a library opens it, which no other event tells
            event, arguments, path = "open", (), _of_database(path)
        full = os.path.abspath(path)  # noqa: PTH100 - called on every opening
        if not full.startswith(self._folder):
            return
        if full.endswith(".pyc") or _by_a_reader() or (event == "open" and _only_writes(*arguments[2:3])):
            return
        # Opening a folder reads nothing. And whoever deletes a tree, as pytest does with old temporary folders, opens those in it
        # by names that are relative to another folder, so `tests` in there would be taken for the project's.
        if event == "open" and os.path.isdir(full):  # noqa: PTH112 - called on every opening
            return
        (self._opened if event == "open" else self._listed).add(full.removeprefix(self._folder))


def loaded_files(folder: Path) -> list[str]:
    """Return the files of the modules that are imported: relative to the folder, or whole where they are neither there nor installed.

    Such are packages of the same repository that are installed as they stand, to be edited.
    """
    within = str(folder) + os.sep
    known = (*_installed(), os.path.abspath(tempfile.gettempdir()) + os.sep)  # noqa: PTH100 - a text is wanted
    files = {str(getattr(module, "__file__", None) or "") for module in list(sys.modules.values())}
    return sorted(
        file.removeprefix(within)
        for file in files
        if file.startswith(within) or (os.path.isabs(file) and not file.startswith(known))  # noqa: PTH117 - one of many
    )


@cache
def _installed() -> tuple[str, ...]:
    """Return the folders of what changes with a version only."""
    own = str(Path(__file__).parents[1])
    paths = sysconfig.get_paths()
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    folders = [*(paths[name] for name in names), *site.getsitepackages(), site.getusersitepackages(), own]
    return tuple({place + os.sep for folder in folders for place in (folder, os.path.realpath(folder))})


def _of_database(name: str | os.PathLike[str]) -> str:
    """Return the path in what SQLite is asked to open, which may be a URI."""
    text = os.fspath(name)
    return unquote(text.removeprefix("file:").partition("?")[0]) if text.startswith("file:") else text


def _only_writes(flags: object = None) -> bool:
    """Whether what the file held, and that it was there, makes no difference: a report or a log, which every run writes anew."""
    if (
        not isinstance(flags, int) or flags & os.O_EXCL
    ):  # anyone may say that a file was opened, and leave flags out
        return False
    return bool(flags & os.O_TRUNC) or flags & os.O_ACCMODE == os.O_WRONLY


def _by_a_reader() -> bool:
    frame = sys._getframe(2)  # noqa: SLF001 - the way to the caller
    while frame.f_back is not None and any(part in frame.f_code.co_filename for part in _BETWEEN):
        frame = frame.f_back
    return any(part in frame.f_code.co_filename for part in _READERS)
