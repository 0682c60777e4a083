"""What a good configuration means; `test_cli_bad_input` has the bad ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from trees_support import copy_of_tree

from mutmut_dashboard.config import Ceilings, Floors, Levels, Project, Skip, Suite, load_project, suites_of


@pytest.fixture(name="project")
def _project(tmp_path: Path) -> Project:
    return load_project(copy_of_tree("below_a_root", tmp_path) / "mutmut_config.py")


def test_the_folder_of_the_file_is_the_root(project: Project, tmp_path: Path) -> None:
    assert project.root == (tmp_path / "below_a_root").resolve()
    assert project.name == "below_a_root"
    assert project.work == project.root / ".mutation"
    assert project.coverage_json == "backend/reports/coverage.json"


def test_targets_keep_the_order_of_the_file_whatever_is_asked_for(project: Project) -> None:
    assert [t.name for t in project.chosen(["second", "first"])] == ["first", "second"]
    assert [t.name for t in project.chosen(["second", "second"])] == ["second"]
    assert project.chosen([]) == project.targets


def test_globs_are_resolved_to_files_from_the_root(project: Project) -> None:
    assert [project.files(target) for target in project.targets] == [
        ["backend/core/first.py"],
        ["backend/core/second.py"],
    ]


def test_a_path_is_a_suite_without_arguments(project: Project) -> None:
    first, second = project.targets

    assert suites_of(first) == [Suite(path="backend/tests/first")]
    assert suites_of(second) == [Suite(path="backend/tests/test_second.py", args=("--strict-markers",))]


def test_floors_are_0_for_the_score_and_50_for_coverage_unless_given(project: Project) -> None:
    assert Floors() == Floors(mutation_score=0, coverage=50)
    assert Floors().adjusted_score == 0
    assert project.targets[1].ceilings == Ceilings(max_accepted=None, max_timeouts=None)
    assert project.targets[1].floors == Floors(coverage=100)


def test_scores_are_low_below_60_and_high_from_80_unless_said_otherwise(project: Project) -> None:
    assert project.targets[1].levels == Levels(low=60, high=80)


def test_overlapping_globs_name_a_file_once(tmp_path: Path) -> None:
    tree = copy_of_tree("below_a_root", tmp_path)
    path = tree / "mutmut_config.py"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('["backend/core/first.py"]', '["backend/**/*.py", "backend/core/first.py"]'),
        encoding="utf-8",
    )
    project = load_project(path)

    files = project.files(project.targets[0])
    assert files == sorted(set(files))
    assert "backend/core/first.py" in files


def test_a_rule_describes_itself_as_it_stands_in_the_file() -> None:
    assert Skip(reason="x", line="*log*", function="f").describe() == "function='f', line='*log*'"
    assert Skip(reason="x").describe() == ""
