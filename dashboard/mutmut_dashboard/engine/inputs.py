"""What besides the sources decides a target's verdicts, as one hash each, so that a change of it can be named."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from mutmut_dashboard.config import CONFIG_NAME, Ceilings, Floors, Levels, Project, Target, suites_of
from mutmut_dashboard.engine.stage import inherited_pytest_settings, is_left_out
from mutmut_dashboard.model import TargetRecord

_SETTINGS = frozenset({"pyproject.toml", "pytest.ini", ".pytest.ini", "tox.ini", "setup.cfg"})


def inputs_of(project: Project, target: Target) -> dict[str, str]:
    """Return path from the project's root -> hash, for everything that is not mutated and may change a verdict.

    That is every Python file below the target's root, whatever lies in its suites, pytest's settings, and what
    `mutmut_config.py` says of the target, its floors, ceilings and levels apart.
    """
    root = (project.root / target.root).resolve()
    suites = [(project.root / suite.path).resolve() for suite in suites_of(target)]
    mutated = set(project.files(target))
    apart = {(project.root / project.coverage_json).resolve(), project.config}
    found = {}
    for path in _files(root):
        name = path.relative_to(project.root.resolve()).as_posix()
        counts = path.suffix == ".py" or (path.parent == root and path.name in _SETTINGS)
        if name in mutated or path in apart or not (counts or any(path.is_relative_to(s) for s in suites)):
            continue
        found[name] = _digest(path.read_bytes())
    if root != project.root.resolve():
        found["pyproject.toml"] = _digest(repr(inherited_pytest_settings(project.root, root)).encode())
    found[CONFIG_NAME] = _digest(_configuration(project, target).encode())
    return found


def changed_inputs(project: Project, target: Target, record: TargetRecord) -> set[str]:
    """Return the names of what changed since a run recorded it; nothing for runs that recorded none."""
    if not record.inputs:
        return set()
    now = inputs_of(project, target)
    return {name for name in now.keys() | record.inputs if now.get(name) != record.inputs.get(name)}


def judged_part(target: Target) -> str:
    """Write what of a target decides its verdicts; what is good enough, or called low, does not."""
    return repr(replace(target, floors=Floors(), ceilings=Ceilings(), levels=Levels()))


def hook_text(project: Project) -> str:
    """Return the text of the configuration where it holds a hook, whose effect nobody can tell otherwise."""
    if project.pre_mutation is None or project.config is None:
        return ""
    return project.config.read_text(encoding="utf-8", errors="replace")


def _configuration(project: Project, target: Target) -> str:
    skips = [skip for skip in project.skips if skip.target in (None, target.name)]
    return "\0".join((judged_part(target), repr(skips), hook_text(project)))


def _files(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()):
        if is_left_out(entry):
            continue
        if entry.is_dir():
            yield from _files(entry)
        elif entry.is_file():
            yield entry


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=8).hexdigest()
