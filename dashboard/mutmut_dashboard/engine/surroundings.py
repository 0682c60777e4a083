"""What a target's verdicts depend on in the staged project, found from the files its suites were seen to use."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from mutmut_dashboard.engine.kept import Footprint
from mutmut_dashboard.engine.pieces import Program, in_function, in_stretches, program, whole
from mutmut_dashboard.engine.stage import BYTECODE, GENERATED, Stage
from mutmut_dashboard.engine.stretches import SEPARATOR

_SETTINGS = ("pytest.ini", ".pytest.ini", "tox.ini", "setup.cfg", ".coveragerc")
_LEFT_OUT = frozenset({BYTECODE, GENERATED})


@dataclass(frozen=True)
class Surroundings:
    """The staged project around one target.

    `conditions` are what no file holds: versions, profile, the target's settings. `place` maps mutmut's function keys to
    `file:qualified name`, the file from the project's root.
    """

    root: Path
    """The folder that the stage is a copy of."""
    stage: Stage
    conditions: Mapping[str, str]
    place: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def noted(self) -> dict[str, str]:
        """What is noted when it is called or entered: keys and names of functions as in `place`, then of their stretches."""
        within: dict[str, list[str]] = {}
        for file, functions in self._functions().items():
            for piece in in_stretches(self._read(file.removeprefix(self.stage.prefix)), functions).functions:
                function, _, stretch = piece.partition(SEPARATOR)
                if stretch:
                    within.setdefault(f"{file}:{function}", []).append(stretch)
        places = sorted(self.place.items())
        stretches = ((key, name, own) for key, name in places for own in within.get(name, ()))
        return dict(places) | {in_function(key, own): in_function(name, own) for key, name, own in stretches}

    def program(
        self, tests: Sequence[str], footprint: Footprint, more: Mapping[str, str], at_import: Collection[str]
    ) -> Program:
        """Cut the project into pieces. `tests` are ids in the stage; `at_import` are mutmut's keys."""
        shared = {**self.conditions, **more, **self._settings, **self._listings(footprint)}
        return program(
            {self.stage.project_path(file): self._read(file) for file in self._files(tests, footprint)},
            self._functions(),
            [self.stage.project_path(test) for test in tests],
            shared,
            [self.place[key] for key in at_import if key in self.place],
        )

    def fingerprint(self, footprint: Footprint) -> str:
        """Return a digest of all that verdicts depend on: equal means that nothing needs to be run.

        Files that could be collected as tests or as conftests count even where no one has used them yet.
        """
        texts = {file: _digest(self._read(file)) for file in self._files((), footprint)}
        suites = {s.path.partition("::")[0] for s in self.stage.suites}
        collectable = sorted(
            file
            for file in self._python_files
            if any(file == suite or file.startswith(f"{suite}/") or suite == "." for suite in suites)
        )
        texts |= {file: _digest(self._read(file)) for file in collectable}
        identity = [self.conditions, texts, self._settings, self._listings(footprint), self._importable()]
        return _digest(json.dumps(identity, sort_keys=True))

    def known(self, footprint: Footprint) -> Footprint:
        """Return what of a footprint is the project's, without what the tests themselves wrote."""

        def ours(names: Sequence[str], there: Callable[[Path], bool]) -> list[str]:
            return [name for name in names if there(self.root / name) and GENERATED not in Path(name).parts]

        return Footprint(
            ours(footprint.loaded, Path.is_file),
            ours(footprint.opened, Path.is_file),
            ours(footprint.listed, Path.is_dir),
        )

    def sources(self) -> dict[str, str]:
        """Text of each file under test, by its path in the stage."""
        return {file: self._read(file) for file in self.stage.files}

    def _functions(self) -> dict[str, set[str]]:
        """File under test -> the functions whose calls are noted."""
        functions: dict[str, set[str]] = {self.stage.project_path(file): set() for file in self.stage.files}
        for place in self.place.values():
            file, _, name = place.rpartition(":")
            functions[file].add(name)
        return functions

    def _files(self, tests: Collection[str], footprint: Footprint) -> set[str]:
        known = self.known(footprint)
        conftests = {file for file in self._python_files if file.rpartition("/")[2] == "conftest.py"}
        modules = {test.partition("::")[0] for test in tests}
        return {*self.stage.files, *known.loaded, *known.opened, *conftests, *modules}

    @cached_property
    def _python_files(self) -> list[str]:
        return [
            path.relative_to(self.stage.folder).as_posix()
            for path in sorted(self.stage.folder.rglob("*.py"))
            if not _LEFT_OUT.intersection(path.relative_to(self.stage.folder).parts)
        ]

    def _importable(self) -> list[str]:
        """Return what could be imported by a plain name, for a new one would win over a package that is installed."""
        folders = [self.stage.folder, self.stage.folder / "src", self.stage.folder / "source"]
        return sorted(
            path.relative_to(self.stage.folder).as_posix()
            for folder in folders
            if folder.is_dir()
            for path in folder.iterdir()
            if path.suffix == ".py" or (path / "__init__.py").is_file()
        )

    @cached_property
    def _settings(self) -> dict[str, str]:
        found = {
            name: _digest(self._read(name)) for name in _SETTINGS if (self.stage.folder / name).is_file()
        }
        document = tomllib.loads(self._read("pyproject.toml"))
        document.get("tool", {}).pop("mutmut", None)  # what of it matters is among the conditions
        found["pyproject.toml"] = _digest(json.dumps(document, sort_keys=True, default=str))
        return found

    def _listings(self, footprint: Footprint) -> dict[str, str]:
        return {
            f"the entries of {folder}/": _digest("\n".join(self._entries(self.root / folder)))
            for folder in self.known(footprint).listed
        }

    def _entries(self, folder: Path) -> list[str]:
        names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
        return [name for name in names if not name.startswith(".") and name not in _LEFT_OUT]

    def _read(self, file: str) -> str:
        return _text(self.stage.folder / file)


def beside_is_as_before(shared: Mapping[str, str]) -> bool:
    """Whether the files that are not the project's, and so not in the stage, still are what all verdicts depend on."""
    return all(
        whole(_text(Path(name))).digest == digest for name, digest in shared.items() if name.startswith("/")
    )


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8", "surrogateescape")
    except (FileNotFoundError, IsADirectoryError):
        return ""


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
