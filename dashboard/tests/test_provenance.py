"""Where verdicts come from: the commit, the branch, and what takes no part in "the same again"."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from trees_support import git

from mutmut_dashboard.config import Project
from mutmut_dashboard.engine.judging import Thoroughness
from mutmut_dashboard.engine.provenance import built_branch, provenance
from mutmut_dashboard.model import Provenance

SERVICES = ("GITHUB_", "CI_", "BUILDKITE_", "CIRCLE_", "BRANCH_NAME")


@pytest.fixture(autouse=True)
def _no_service(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(SERVICES)]:
        monkeypatch.delenv(name)


def of(folder: Path) -> Provenance:
    return provenance(Project(root=folder, targets=()), [], "mutmut-dashboard run", 1, Thoroughness())


@pytest.fixture(name="repository")
def _repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "one")
    return tmp_path


class TestTheBranch:
    def test_is_the_one_checked_out_whatever_a_service_says(
        self, repository: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        git(repository, "switch", "-q", "-c", "feature/<b>")
        monkeypatch.setenv("GITHUB_REF_NAME", "another")
        assert of(repository).branch == "feature/<b>"

    def test_of_a_commit_without_a_branch_is_what_the_service_builds(
        self, repository: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        git(repository, "switch", "-q", "--detach")
        assert of(repository).branch == ""
        monkeypatch.setenv("CI_COMMIT_REF_NAME", "topic")
        assert of(repository).branch == "topic"

    def test_is_empty_outside_a_repository(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
        monkeypatch.setenv("GITHUB_REF_NAME", "another")
        assert (of(tmp_path).commit, of(tmp_path).branch) == ("", "")

    def test_may_have_a_name_that_is_no_text(self, repository: Path) -> None:
        head = subprocess.run(
            ["git", "-C", repository, "rev-parse", "HEAD"], capture_output=True, check=True
        ).stdout
        name = b"\xff\xe2\x80\xae"
        (repository / ".git" / "packed-refs").write_bytes(head.strip() + b" refs/heads/" + name + b"\n")
        (repository / ".git" / "HEAD").write_bytes(b"ref: refs/heads/" + name + b"\n")
        assert of(repository).branch == "\udcff\u202e"

    def test_takes_no_part_in_the_fingerprint(self, repository: Path) -> None:
        before = of(repository)
        git(repository, "switch", "-q", "-c", "other")
        after = of(repository)
        assert (before.branch, after.branch) == ("main", "other")
        assert before.fingerprint == after.fingerprint


@pytest.mark.parametrize(
    ("environment", "branch"),
    [
        ({}, ""),
        ({"GITHUB_HEAD_REF": "", "GITHUB_REF_NAME": "main", "GITHUB_REF_TYPE": "branch"}, "main"),
        ({"GITHUB_HEAD_REF": "topic", "GITHUB_REF_NAME": "12/merge"}, "topic"),
        ({"GITHUB_REF_NAME": "v1", "GITHUB_REF_TYPE": "tag"}, ""),
        ({"CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "topic", "CI_COMMIT_REF_NAME": "refs/12"}, "topic"),
        ({"CI_COMMIT_REF_NAME": "main"}, "main"),
        ({"CI_COMMIT_REF_NAME": "v1", "CI_COMMIT_TAG": "v1"}, ""),
        ({"BUILDKITE_BRANCH": "main", "BUILDKITE_TAG": ""}, "main"),
        ({"BUILDKITE_BRANCH": "v1", "BUILDKITE_TAG": "v1"}, ""),
        ({"CIRCLE_BRANCH": "main"}, "main"),
        ({"BRANCH_NAME": "main"}, "main"),
    ],
)
def test_services_say_what_they_build_each_in_its_way(environment: dict[str, str], branch: str) -> None:
    assert built_branch(environment) == branch
