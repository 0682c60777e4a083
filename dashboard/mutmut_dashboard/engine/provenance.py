"""Where verdicts come from: commit, branch, versions, profile, machine, and the fingerprint that says "the same again"."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from mutmut_dashboard.config import Project, Target
from mutmut_dashboard.engine import hypothesis_profile
from mutmut_dashboard.engine.inputs import hook_text, judged_part
from mutmut_dashboard.engine.judging import Thoroughness
from mutmut_dashboard.engine.stage import Stage
from mutmut_dashboard.model import Provenance

_DISTRIBUTIONS = ("mutmut-dashboard", "mutmut", "pytest", "hypothesis", "coverage", "libcst")


_KINDS = ("*.dist-info", "*.egg-info")
_OF_A_BRANCH = (
    *("GITHUB_HEAD_REF", "GITHUB_REF_NAME"),  # the first is a pull request's own branch
    *("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "CI_COMMIT_REF_NAME"),  # GitLab
    *("BUILDKITE_BRANCH", "CIRCLE_BRANCH"),
    "BRANCH_NAME",  # Jenkins
)
_TAG_NAMES = ("CI_COMMIT_TAG", "BUILDKITE_TAG")
_AFTER = "after a failure"
_ON = "the other tests run, too"


def provenance(
    project: Project,
    stages: Iterable[tuple[Target, Stage]],
    command: str,
    workers: int,
    how: Thoroughness,
) -> Provenance:
    """Gather it for a run that is about to start."""
    versions = {name: found for name in _DISTRIBUTIONS if (found := _version(name))}
    profile = {
        **hypothesis_profile.describe(),
        "tests per mutant": _chosen(exhaustive=how.exhaustive),
        _AFTER: _ON if how.matrix else "no further test runs",
    }
    commit, branch, dirty = _git(project.root)
    python = platform.python_version()
    hook = hook_text(project)
    identity = [
        *([target.name, judged_part(target), stage.fingerprint] for target, stage in stages),
        *(_installed(), profile, python, sys.platform, repr(project.skips), hook),
    ]
    return Provenance(
        command=command,
        commit=commit,
        dirty=dirty,
        fingerprint=hashlib.sha256(json.dumps(identity).encode()).hexdigest(),
        python=python,
        platform=platform.platform(),
        versions=versions,
        profile=profile,
        cores=os.cpu_count() or 1,
        memory=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        workers=workers,
        branch=branch,
    )


def holds_matrix(run: Provenance) -> bool:
    """Whether a run found out every test that fails on a mutant."""
    return run.profile.get(_AFTER) == _ON


def conditions(target: Target, *, exhaustive: bool) -> dict[str, str]:
    """Return what a target's verdicts depend on that is in no file of the project, by names for people."""
    python = f"{sys.implementation.name} {platform.python_version()} {sys.platform}"
    judged = replace(target, type_check_command=(), mutate_only_covered_lines=False)
    return {  # which mutants the tests do not judge is decided anew in every run
        "the settings of the target": judged_part(judged),
        "the versions of Python and packages": f"{python} {_installed()}",
        "the Hypothesis profile": json.dumps(hypothesis_profile.describe()),
        "how tests are chosen": _chosen(exhaustive=exhaustive),
    }


@cache
def _installed() -> str:
    # The folders' names hold name and version; reading every package's metadata takes half a second.
    folders = (Path(place) for place in sys.path if Path(place).is_dir())
    return " ".join(
        sorted({found.stem for folder in folders for kind in _KINDS for found in folder.glob(kind)})
    )


def _chosen(*, exhaustive: bool) -> str:
    return (
        "every test" if exhaustive else "those that run the changed line, or its function where lines mislead"
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _git(root: Path) -> tuple[str, str, bool]:
    def ask(*words: str) -> str | None:
        try:
            done = subprocess.run(  # a branch's name may be any bytes
                ["git", "-C", root, *words],
                capture_output=True,
                encoding="utf-8",
                errors="surrogateescape",
                check=False,
            )
        except OSError:
            return None
        return done.stdout.strip() if done.returncode == 0 else None

    commit = ask("rev-parse", "HEAD")
    branch = ask("symbolic-ref", "--short", "-q", "HEAD") or (built_branch(os.environ) if commit else "")
    return commit or "", branch, bool(commit) and bool(ask("status", "--porcelain"))


def built_branch(environment: Mapping[str, str]) -> str:
    """Return the branch that a CI service says it builds, since it checks out a commit and no branch.

    Empty where none is known, and for a tag, which most services pass in the same variable.
    """
    if environment.get("GITHUB_REF_TYPE") == "tag" or any(map(environment.get, _TAG_NAMES)):
        return ""
    return next((found for name in _OF_A_BRANCH if (found := environment.get(name, ""))), "")
