"""The folder a site is written into: what in it is ours, and how files get there whole or not at all."""

from __future__ import annotations

import hashlib
import re
from importlib.resources import files
from pathlib import Path

from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.files import write_whole
from mutmut_dashboard.report.chunks.script import DATA, DATA_FILE
from mutmut_dashboard.report.pages.frame import Assets

GENERATOR = "mutmut-dashboard"
"""Stands in each page as its generator and begins the name of each of its assets."""
_ASSET = re.compile(rf"{GENERATOR}\.[0-9a-f]{{12}}\.(css|js|svg)")
_FURTHER = re.compile(r"survivors-\d+\.html")
_IGNORE = "*\n"


def asset(kind: str) -> bytes:
    """The style sheet (`css`), script (`js`) or icon (`svg`): the parts in `static/`, in the order of their names.

    Scripts declare one name each and run nothing that needs another, so their order does not matter.
    """
    folder = files("mutmut_dashboard.report").joinpath("static", kind)
    parts = sorted(folder.iterdir(), key=lambda part: part.name)
    return b"".join(part.read_bytes() for part in parts if part.name.endswith(f".{kind}"))


class SiteFolder:
    """A folder that holds a dashboard or is going to.

    Raises:
        UsageError: there is a file in the way, or a page that another program wrote.

    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._data: set[str] = set()
        self._pages: set[str] = set()
        if path.exists() and not path.is_dir():
            raise UsageError(f"{path} is a file, so no dashboard can be written into it. Name a folder.")
        path.mkdir(parents=True, exist_ok=True)
        empty = not any(path.iterdir())
        self._ours = empty or self._holds_our_page()

    def _holds_our_page(self) -> bool:
        try:
            with (self.path / "index.html").open(encoding="utf-8", errors="replace") as page:
                head = page.read(2000)
        except FileNotFoundError:
            return False
        if f'<meta name="generator" content="{GENERATOR}' in head:
            return True
        raise UsageError(
            f"{self.path} holds an index.html that this program did not write. Name another folder, or remove it."
        )

    def add_assets(self, index: str) -> Assets:
        """Write style, script and icon under names that change with their content; `index` is the data file loaded with the page."""
        names = []
        for kind in ("css", "js", "svg"):
            content = asset(kind)
            name = f"{GENERATOR}.{hashlib.blake2b(content, digest_size=6).hexdigest()}.{kind}"
            self._write(name, content)
            names.append(name)
        style, script, icon = names
        return Assets(style=style, script=script, icon=icon, index=index)

    def add_page(self, name: str, text: str) -> Path:
        """Write a page. What UTF-8 cannot hold becomes a question mark."""
        self._pages.add(name)
        return self._write(name, text.encode("utf-8", errors="replace"))

    def add_data(self, name: str, content: bytes) -> None:
        """Write a data file. Its name tells its content, so one that is there already is left as it is."""
        path = self.path / name
        path.parent.mkdir(exist_ok=True)
        self._data.add(path.name)
        if not (path.is_file() and path.stat().st_size == len(content)):
            write_whole(path, content, durable=False)  # a thousand times waiting for the disk takes minutes

    def keep_out_of_git(self) -> None:
        """Let git ignore the folder, unless it held things that are not ours."""
        if self._ours:
            self._write(".gitignore", _IGNORE.encode())

    def drop_stale(self, assets: Assets) -> None:
        """Remove assets of earlier versions, and pages and data files that this rendering did not write."""
        current = {assets.style, assets.script, assets.icon}
        for file in self.path.iterdir():
            stale_asset = _ASSET.fullmatch(file.name) and file.name not in current
            if stale_asset or (_FURTHER.fullmatch(file.name) and file.name not in self._pages):
                file.unlink(missing_ok=True)
        for file in (self.path / DATA).glob("*.js"):
            if DATA_FILE.fullmatch(file.name) and file.name not in self._data:
                file.unlink(missing_ok=True)

    def _write(self, name: str, content: bytes) -> Path:
        write_whole(self.path / name, content)
        return self.path / name
