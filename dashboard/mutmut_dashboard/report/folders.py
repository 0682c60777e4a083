"""Folders of a target's files, with the numbers of all that lies in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from mutmut_dashboard.model import FileCoverage
from mutmut_dashboard.report.regions import Covered
from mutmut_dashboard.report.tallies import FileTally, Tally


@dataclass(frozen=True, slots=True)
class Entry:
    """A file, or a folder that stands before what lies in it."""

    name: str
    """Path below the folder it is shown in; a folder's ends with a slash."""
    path: str
    """Path from the project's root."""
    depth: int
    """How many folders it is shown in."""
    tally: Tally
    covered: Covered
    files: int
    """How many files a folder holds at any depth; 0 for a file."""
    file: FileTally | None = None


@dataclass
class _Folder:
    folders: dict[str, _Folder] = field(default_factory=dict)
    files: list[FileTally] = field(default_factory=list)

    def holding(self, parts: Sequence[str]) -> _Folder:
        folder = self
        for part in parts:
            folder = folder.folders.setdefault(part, _Folder())
        return folder


def entries(files: Iterable[FileTally], coverage: Mapping[str, FileCoverage]) -> list[Entry]:
    """Return folders and files as a tree is read: each folder, then what lies in it, folders first.

    A folder that holds nothing but another folder, or but one file, is shown in one with it. Where all files lie in
    one folder, it is shown too, for its totals.
    """
    root = _Folder()
    for own in files:
        root.holding(own.file.path.split("/")[:-1]).files.append(own)
    return list(_inside(root, "", 0, coverage))


def _inside(folder: _Folder, path: str, depth: int, coverage: Mapping[str, FileCoverage]) -> Iterator[Entry]:
    for part in sorted(folder.folders):
        name, inner = f"{part}/", folder.folders[part]
        while not inner.files and len(inner.folders) == 1:
            ((part_below, inner),) = inner.folders.items()
            name += f"{part_below}/"
        if len(inner.files) == 1 and not inner.folders:
            yield _file(inner.files[0], path, depth, coverage)
            continue
        below = list(_inside(inner, path + name, depth + 1, coverage))
        own = [entry for entry in below if entry.file is not None]
        yield Entry(
            name=name,
            path=path + name,
            depth=depth,
            tally=Tally.together(entry.tally for entry in own),
            covered=sum((entry.covered for entry in own), Covered()),
            files=len(own),
        )
        yield from below
    for file in folder.files:  # by path, as they are numbered
        yield _file(file, path, depth, coverage)


def _file(own: FileTally, folder: str, depth: int, coverage: Mapping[str, FileCoverage]) -> Entry:
    path = own.file.path
    return Entry(
        name=path.removeprefix(folder),
        path=path,
        depth=depth,
        tally=own.tally,
        covered=Covered.of(coverage.get(path)),
        files=0,
        file=own,
    )
