"""Folders of a target's files, with the numbers of all that lies in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from mutmut_dashboard.model import FileCoverage
from mutmut_dashboard.report.regions import Covered
from mutmut_dashboard.report.tallies import FileTally, Tally
from mutmut_dashboard.report.wording import number


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

    def all_files(self) -> Iterator[FileTally]:
        yield from self.files
        for inner in self.folders.values():
            yield from inner.all_files()


@dataclass(frozen=True, slots=True)
class Group:
    """A folder with all that lies in it, what lies directly in one, or several small folders."""

    name: str
    """Its path, or what it is in words."""
    path: str
    """Path of the folder, with a slash at its end; empty for several folders and for the project's own."""
    files: tuple[FileTally, ...]


@dataclass(frozen=True)
class _Part:
    """A folder that may be parted further."""

    path: str
    folder: _Folder
    alone: bool = False
    """Whether it is only what lies directly in the folder."""

    @cached_property
    def files(self) -> tuple[FileTally, ...]:
        return tuple(self.folder.files if self.alone else self.folder.all_files())

    @cached_property
    def valid(self) -> int:
        return sum(own.tally.valid for own in self.files)

    @cached_property
    def below(self) -> list[_Part]:
        """What it is parted into; nothing where no folder lies in it."""
        if self.alone or not self.folder.folders:
            return []
        found = [_Part(f"{self.path}{part}/", inner) for part, inner in sorted(self.folder.folders.items())]
        return [_Part(self.path, self.folder, alone=True), *found] if self.folder.files else found

    @property
    def group(self) -> Group:
        name = self.path or ("files in no folder" if self.alone else "all files")
        return Group(f"{name} itself" if self.alone and self.path else name, self.path, self.files)


def groups(files: Iterable[FileTally], most: int) -> list[Group]:
    """Part files by folders, as deep as at most so many folders allow; what holds most mutants is parted first.

    A folder that holds less than the share of one among so many stays whole: parts of it would be too small to read.
    """
    ranked = [_Part("", _tree(files))]
    total = ranked[0].valid
    while len(ranked) <= most:
        parted = next((part for part in ranked if part.below), None)
        if parted is None or parted.valid * most < total:
            break
        # Where most lies side by side in one folder, that folder whole says nothing: its largest are told apart.
        if len(ranked) + len(parted.below) - 1 > most and 2 * parted.valid < total:
            break
        ranked = [part for part in ranked if part is not parted] + parted.below
        ranked.sort(key=lambda part: -part.valid)
    if len(ranked) <= most:
        return [part.group for part in ranked]
    rest = ranked[most - 1 :]
    together = tuple(own for part in rest for own in part.files)
    return [
        *(part.group for part in ranked[: most - 1]),
        Group(f"{number(len(rest))} more folders", "", together),
    ]


def entries(files: Iterable[FileTally], coverage: Mapping[str, FileCoverage]) -> list[Entry]:
    """Return folders and files as a tree is read: each folder, then what lies in it, folders first.

    A folder that holds nothing but another folder, or but one file, is shown in one with it. Where all files lie in
    one folder, it is shown too, for its totals.
    """
    return list(_inside(_tree(files), "", 0, coverage))


def _tree(files: Iterable[FileTally]) -> _Folder:
    root = _Folder()
    for own in files:
        root.holding(own.file.path.split("/")[:-1]).files.append(own)
    return root


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
