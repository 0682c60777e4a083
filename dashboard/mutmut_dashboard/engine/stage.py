"""The scratch tree of a target: a copy of its root in which mutmut generates and the tests run.

`stage/<target>/` holds the copy, with a `pyproject.toml` that carries mutmut's settings and the project's
pytest settings; `stage/<target>/mutants/` holds mutmut's generated code. The user's tree is only read.
"""

from __future__ import annotations

import glob
import hashlib
import os
import shutil
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

import tomlkit

from mutmut_dashboard.config import CONFIG_NAME, Project, Suite, Target, suites_of
from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.mutmut_settings import kept_settings

GENERATED = "mutants"
"""mutmut's folder for generated code, below the stage."""

BYTECODE = "__pycache__"

_JUNK = frozenset(
    {
        ".git",
        ".hg",
        ".svn",
        ".mutation",
        ".tox",
        ".nox",
        ".hypothesis",
        BYTECODE,
        "node_modules",
        GENERATED,
    }
    | {".mypy_cache", ".pytest_cache", ".ruff_cache", ".coverage", ".DS_Store"}
)
_FIRST_TIME, _TIMES = 400_000_000, 2**29
"""Seconds since 1970: the years in which staged files were last changed, by their times, and before them those of generated ones."""
_MAX_FILE = 50 * 2**20
"""Bytes; larger files (data sets, databases) would be copied on every run, so they are refused by name."""


@dataclass(frozen=True)
class Stage:
    """A built stage. Paths of files are relative to the stage, with forward slashes."""

    folder: Path
    prefix: str
    """The target's root, to turn a path in the stage into one from the project's root: "" or "backend/"."""
    files: tuple[str, ...]
    suites: tuple[Suite, ...]
    kept_output: int
    """Characters kept of what a test that kills prints, and as many of what it logs."""
    fingerprint: str

    @property
    def unfinished(self) -> Path:
        """Where a stage is built; no target's name begins with a dot."""
        return self.folder.with_name(f".{self.folder.name}")

    @property
    def generated(self) -> Path:
        """Where mutmut's code lies."""
        return self.folder / GENERATED

    def project_path(self, staged: str) -> str:
        """Turn a path or test id in the stage into one from the project's root; one from elsewhere stays whole."""
        return staged if staged.startswith("/") else self.prefix + staged


def build_stage(project: Project, target: Target) -> Stage:
    """Copy the target's root afresh and write the settings; `put_in_place` makes it the stage, `discard` leaves the old one.

    Raises:
        UsageError: the root holds a file too large to copy.

    """
    root = (project.root / target.root).resolve()
    stage = _plan(project, target, root)
    shutil.rmtree(stage.unfinished, ignore_errors=True)
    digest = hashlib.sha256()
    # What is good enough and what was decided changes no verdict.
    apart = {project.root / name for name in (project.coverage_json, CONFIG_NAME, "triage.toml")}
    _copy(root, stage.unfinished, digest, PurePosixPath(), apart)
    _settle_times(stage.unfinished, stage.folder, 0)
    settings = _settings(project, root, stage.unfinished, stage.files, stage.suites)
    (stage.unfinished / "pyproject.toml").write_text(settings, encoding="utf-8")
    digest.update(settings.encode())
    return replace(stage, fingerprint=digest.hexdigest())


def put_in_place(stage: Stage) -> None:
    """Make a copy the stage; bytecode of the last one stays, for it counts only with the file that it was made of."""
    for kept in list(stage.folder.rglob(BYTECODE)):
        place = kept.parent.relative_to(stage.folder)
        source = stage.unfinished.joinpath(*place.parts[place.parts[:1] == (GENERATED,) :])
        if source.is_dir():  # a folder of bytecode alone could be imported
            (stage.unfinished / place).mkdir(parents=True, exist_ok=True)
            kept.replace(stage.unfinished / place / BYTECODE)
    shutil.rmtree(stage.folder, ignore_errors=True)
    stage.unfinished.replace(stage.folder)


def settle_generated(stage: Stage) -> None:
    """Give the generated files their times, once they are all there."""
    _settle_times(stage.generated, stage.generated, _TIMES)


def _settle_times(folder: Path, final: Path, offset: int) -> None:
    """Let modules have been changed at a time that their contents and the folder decide.

    Bytecode is told to be that of a file by the time in whole seconds and the size, which two versions made one after the other
    may share; and it names the folder. mutmut wants what it generates to be younger than what it was made of.
    """
    place = hashlib.blake2b(os.fsencode(final)).digest()
    for path in folder.rglob("*.py"):
        if path.is_file():
            digest = hashlib.blake2b(path.read_bytes(), key=place, digest_size=8).digest()
            time = _FIRST_TIME + offset + int.from_bytes(digest, "big") % _TIMES
            os.utime(path, (time, time))


def discard(stage: Stage) -> None:
    """Remove a copy that is not needed: the stage of the last run stays, with what mutmut's commands need."""
    shutil.rmtree(stage.unfinished, ignore_errors=True)


def standing_stage(project: Project, target: Target) -> Stage:
    """Return the stage that the last run built.

    Raises:
        UsageError: there is none.

    """
    stage = _plan(project, target, (project.root / target.root).resolve())
    if not stage.folder.is_dir():
        raise UsageError(f'There is no stage of target "{target.name}". Run `mutmut-dashboard run` first.')
    return stage


def _plan(project: Project, target: Target, root: Path) -> Stage:
    prefix = "" if root == project.root else root.relative_to(project.root).as_posix() + "/"
    suites = tuple(
        Suite(path=(project.root / s.path).resolve().relative_to(root).as_posix(), args=tuple(s.args))
        for s in suites_of(target)
    )
    files = tuple(file.removeprefix(prefix) for file in project.files(target))
    folder = project.work / "stage" / target.name
    return Stage(folder, prefix, files, suites, project.kept_output, fingerprint="")


def _copy(
    source: Path, destination: Path, digest: hashlib._Hash, place: PurePosixPath, apart: set[Path]
) -> None:
    destination.mkdir(parents=True, exist_ok=True)
    for entry in sorted(source.iterdir()):
        if entry in apart or is_left_out(entry):
            continue
        copy = destination / entry.name
        if entry.is_dir():
            _copy(entry, copy, digest, place / entry.name, apart)
        elif entry.is_file():
            size = entry.stat().st_size
            if size > _MAX_FILE:
                raise UsageError(
                    f"{entry} has {size / 2**20:.0f} MiB, too much to copy for every run. "
                    "Move it out of the target's root."
                )
            shutil.copy2(entry, copy)
            content = hashlib.sha256(entry.read_bytes()).hexdigest()
            digest.update(f"{place / entry.name}\0{content}\n".encode(errors="surrogateescape"))
        # Sockets, pipes and dangling links are nothing a test could have been given.
    if not any(destination.iterdir()) and any(source.iterdir()):
        destination.rmdir()  # it held only what is left out, e.g. the site, which must not change the fingerprint


def is_left_out(entry: Path) -> bool:
    """Whether a file or folder of the project is never staged, by its name or its kind."""
    return entry.name in _JUNK or (entry.is_dir() and _is_left_out(entry.parent, entry))


def _is_left_out(source: Path, folder: Path) -> bool:
    """Whether a folder is an environment, a rendered dashboard, or a link that leads back to where it stands."""
    environment = (folder / "pyvenv.cfg").is_file() or (folder / "conda-meta").is_dir()
    site = any(folder.glob("mutmut-dashboard.*.css"))
    return environment or site or source.resolve().is_relative_to(folder.resolve())


def _settings(
    project: Project, root: Path, folder: Path, files: tuple[str, ...], suites: tuple[Suite, ...]
) -> str:
    own = folder / "pyproject.toml"
    document = _parse(own) if own.is_file() else tomlkit.document()
    tool: Any = document.setdefault("tool", tomlkit.table())
    sources = sorted({PurePosixPath(file).parts[0] for file in files})
    tool["mutmut"] = {
        **kept_settings(folder),
        "source_paths": sources,
        "only_mutate": [glob.escape(file) for file in files],
        "also_copy": sorted(e.name for e in folder.iterdir() if e.name not in (*sources, GENERATED)),
        "pytest_add_cli_args_test_selection": [suite.path for suite in suites],
        # Class-based @given tests fail in mutmut's default mode: several pytest sessions share a process.
        "process_isolation": "forkserver",
    }
    if root != project.root and not _has_pytest_settings(folder, document):
        tool["pytest"] = {"ini_options": inherited_pytest_settings(project.root, root)}
    return tomlkit.dumps(document)


def _parse(path: Path) -> tomlkit.TOMLDocument:
    try:
        return tomlkit.parse(path.read_text(encoding="utf-8"))
    except (tomlkit.exceptions.ParseError, UnicodeDecodeError) as error:
        raise UsageError(f"{path.name} cannot be read as TOML: {error}. Correct it.") from error


def _has_pytest_settings(folder: Path, document: tomlkit.TOMLDocument) -> bool:
    return "pytest" in document.get("tool", {}) or any(
        (folder / name).is_file() for name in ("pytest.ini", "tox.ini")
    )


def inherited_pytest_settings(project_root: Path, root: Path) -> dict[str, Any]:
    """Return the pytest settings the suites run under outside the stage, with paths that fit the stage."""
    path = project_root / "pyproject.toml"
    if not path.is_file():
        return {}
    settings = dict(_parse(path).unwrap().get("tool", {}).get("pytest", {}).get("ini_options", {}))
    for name in ("testpaths", "cache_dir", "log_file"):
        settings.pop(name, None)
    if "pythonpath" in settings:
        given = settings["pythonpath"]
        paths = [project_root / p for p in (given.split() if isinstance(given, str) else given)]
        # A path outside the root would bring the project's own, unmutated code back.
        settings["pythonpath"] = [
            p.resolve().relative_to(root).as_posix() for p in paths if p.resolve().is_relative_to(root)
        ]
    return settings


def pytest_ini(folder: Path) -> Path:
    """Return the file whose pytest settings rule in the stage, by pytest's own order of precedence."""
    for name in ("pytest.ini", ".pytest.ini"):
        if (folder / name).is_file():
            return folder / name
    pyproject = folder / "pyproject.toml"
    if "pytest" in tomlkit.parse(pyproject.read_text(encoding="utf-8")).get("tool", {}):
        return pyproject
    for name, section in (("tox.ini", "[pytest]"), ("setup.cfg", "[tool:pytest]")):
        path = folder / name
        if path.is_file() and section in path.read_text(encoding="utf-8"):
            return path
    return pyproject
