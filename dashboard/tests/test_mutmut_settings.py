"""Projects that have mutmut's own settings and no mutmut_config.py."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
from mutmut.configuration import Config
from trees_support import TreeRun

from mutmut_dashboard.config import load_project
from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.model import Status
from mutmut_dashboard.mutmut_settings import (
    WITHOUT_EFFECT,
    MutmutSettings,
    kept_settings,
    read_mutmut_settings,
)

USED = {
    *("source_paths", "only_mutate", "do_not_mutate", "do_not_mutate_patterns"),
    *("pytest_add_cli_args", "pytest_add_cli_args_test_selection", "timeout_multiplier", "timeout_constant"),
    *("type_check_command", "mutate_only_covered_lines"),
    "also_copy",  # what it asks for is done for every file
}


def a_project(folder: Path, **files: str) -> Path:
    """Write files; `__` in a name stands for a slash, and `_dot_` for a dot."""
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def read(folder: Path) -> MutmutSettings:
    settings = read_mutmut_settings(folder)
    assert settings is not None
    return settings


class TestReading:
    def test_a_project_without_them_has_none(self, tmp_path: Path) -> None:
        assert read_mutmut_settings(a_project(tmp_path, pyproject_dot_toml="[tool.other]")) is None

    def test_pyproject_wins_over_setup_cfg(self, tmp_path: Path) -> None:
        files = {"a_dot_py": "", "b_dot_py": "", "setup_dot_cfg": "[mutmut]\nsource_paths=b.py"}
        a_project(tmp_path, pyproject_dot_toml='[tool.mutmut]\nsource_paths=["a.py"]', **files)

        assert read(tmp_path).modules == ["a.py"]

    def test_patterns_choose_and_leave_out(self, tmp_path: Path) -> None:
        text = '[tool.mutmut]\nsource_paths=["shop"]\nonly_mutate=["shop/*"]\ndo_not_mutate=["*/b.py"]'
        a_project(tmp_path, pyproject_dot_toml=text, shop__a_dot_py="", shop__b_dot_py="", shop__c_dot_txt="")

        assert read(tmp_path).modules == ["shop/a.py"]

    @pytest.mark.parametrize("guess", ["lib", "src"])
    def test_the_source_is_guessed_as_mutmut_does(self, tmp_path: Path, guess: str) -> None:
        (tmp_path / guess).mkdir()
        (tmp_path / guess / "a.py").touch()

        assert read(a_project(tmp_path, pyproject_dot_toml="[tool.mutmut]")).modules == [f"{guess}/a.py"]

    def test_paths_of_the_selection_are_suites_and_the_rest_arguments(self, tmp_path: Path) -> None:
        text = (
            '[tool.mutmut]\nsource_paths=["a.py"]\npytest_add_cli_args=["-p", "no:doctest"]\n'
            'pytest_add_cli_args_test_selection=["checks/unit", "-m", "quick"]'
        )
        a_project(tmp_path, pyproject_dot_toml=text, a_dot_py="", checks__unit__test_a_dot_py="")

        assert read(tmp_path).tests == ["checks/unit"]
        assert read(tmp_path).arguments == ("-p", "no:doctest", "-m", "quick")

    def test_timeouts_are_mutmuts(self, tmp_path: Path) -> None:
        text = '[tool.mutmut]\nsource_paths=["a.py"]\ntimeout_multiplier=4\ntimeout_constant=0.5'
        a_project(tmp_path, pyproject_dot_toml=text, a_dot_py="")

        assert (read(tmp_path).timeout_factor, read(tmp_path).timeout_floor) == (4, 2)

    def test_what_has_no_effect_is_said(self, tmp_path: Path) -> None:
        text = '[tool.mutmut]\nsource_paths=["a.py"]\nprocess_isolation="fork"\nalso_copy=["data"]'
        a_project(tmp_path, pyproject_dot_toml=text, a_dot_py="")

        (said,) = read(tmp_path).ignored
        assert "process_isolation is not used" in said

    def test_every_setting_of_mutmut_is_used_or_said_and_the_readme_names_it(self) -> None:
        known = {field.name for field in fields(Config)} - {"resolved_mutated_source_paths"}
        readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
        table = readme.partition("\n## mutmut's settings\n")[2].partition("\n## ")[0]

        assert known == USED | set(WITHOUT_EFFECT)
        assert {key for key in known if f"`{key}`" not in table} == set()

    @pytest.mark.parametrize(
        "text",
        [
            '[tool.mutmut]\nsource_paths=["a.py"]\nmutate_only_covered_lines=true\ntype_check_command=["mypy", "."]',
            "[mutmut]\nsource_paths=a.py\nmutate_only_covered_lines=True\ntype_check_command=\n    mypy\n    .",
        ],
        ids=["pyproject.toml", "setup.cfg"],
    )
    def test_the_type_checker_and_the_covered_lines_are_read(self, tmp_path: Path, text: str) -> None:
        name = "pyproject_dot_toml" if "tool" in text else "setup_dot_cfg"
        a_project(tmp_path, **{name: text}, a_dot_py="", test__a_dot_py="")
        (target,) = load_project(tmp_path / "mutmut_config.py").targets

        assert (target.type_check_command, target.mutate_only_covered_lines) == (("mypy", "."), True)

    def test_a_stage_keeps_patterns_and_arguments_only(self, tmp_path: Path) -> None:
        text = "[mutmut]\nsource_paths=a.py\ndo_not_mutate_patterns=\n    log\nmax_stack_depth=3"
        a_project(tmp_path, setup_dot_cfg=text, a_dot_py="")

        assert kept_settings(tmp_path) == {"do_not_mutate_patterns": ["log"]}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('source_paths=["gone"]', 'names "gone", which does not exist'),
        ('source_paths=["a.py"]\nonly_mutate=["x*"]', "leaves no file to mutate"),
        ("source_paths=3", "source_paths is 3"),
        ('source_paths=["a.py"]\nmutate_only_covered_lines="yes"', "mutate_only_covered_lines is 'yes'"),
        ('source_paths=["a.py"]\ntimeout_multiplier="long"', "timeout_multiplier is 'long'"),
        ('source_paths=["a.py"]\ntype_check_command=[1]', r"type_check_command is \[1\]"),
        ("", "cannot be guessed"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(tmp_path: Path, text: str, said: str) -> None:
    a_project(tmp_path, pyproject_dot_toml=f"[tool.mutmut]\n{text}", a_dot_py="")

    with pytest.raises(UsageError, match=said):
        read_mutmut_settings(tmp_path)


class TestRunning:
    def test_a_src_layout_is_judged(self, mutmut_src_layout: TreeRun) -> None:
        facts = mutmut_src_layout.facts

        assert mutmut_src_layout.outcome.code == 0, mutmut_src_layout.outcome.err
        assert facts.having(Status.SURVIVED) == {("total", ">", ">="), ("total", "10", "11")}
        assert {function for function, *_ in facts.having(Status.SKIPPED)} == {"noted"}

    def test_a_setting_without_effect_is_said_on_the_way(self, mutmut_src_layout: TreeRun) -> None:
        assert "max_stack_depth is not used" in mutmut_src_layout.outcome.err

    def test_a_flat_layout_is_judged(self, mutmut_flat_layout: TreeRun) -> None:
        assert mutmut_flat_layout.outcome.code == 0, mutmut_flat_layout.outcome.err
        assert mutmut_flat_layout.facts.statuses == {
            ("half", "/", "*"): Status.KILLED,
            ("half", "2", "3"): Status.KILLED,
        }

    def test_a_single_module_is_judged(self, mutmut_single_module: TreeRun) -> None:
        assert mutmut_single_module.outcome.code == 0, mutmut_single_module.outcome.err
        assert mutmut_single_module.facts.statuses == {
            ("doubled", "*", "/"): Status.KILLED,
            ("doubled", "2", "3"): Status.SURVIVED,
            ("free", "0", "1"): Status.UNCOVERED,
        }
