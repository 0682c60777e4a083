"""Bytecode of staged files stays from run to run, and counts only for the very text that it was made of."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from trees_support import copy_of_tree, facts_of, run_cli

from mutmut_dashboard.config import load_project
from mutmut_dashboard.engine.stage import Stage, build_stage, put_in_place, settle_generated
from mutmut_dashboard.model import Status

RULES = "ages/rules.py"
TESTS = "tests/test_rules.py"


@pytest.fixture(name="tree")
def _tree(tmp_path: Path) -> Path:
    return copy_of_tree("one_survivor", tmp_path)


@pytest.fixture(name="stage")
def _stage(tree: Path) -> Callable[[], Stage]:
    def build() -> Stage:
        project = load_project(tree / "mutmut_config.py")
        stage = build_stage(project, project.targets[0])
        put_in_place(stage)
        shutil.copytree(stage.folder / "ages", stage.generated / "ages", dirs_exist_ok=True)
        settle_generated(stage)
        return stage

    return build


def time_of(stage: Stage, file: str) -> int:
    return int((stage.folder / file).stat().st_mtime)


class TestTimes:
    def test_the_same_text_has_the_same_time_in_every_run(self, stage: Callable[[], Stage]) -> None:
        assert time_of(stage(), RULES) == time_of(stage(), RULES)

    def test_another_text_of_the_same_size_has_another_time(
        self, tree: Path, stage: Callable[[], Stage]
    ) -> None:
        before = time_of(stage(), RULES)
        path = tree / RULES
        path.write_text(path.read_text(encoding="utf-8").replace("65", "66"), encoding="utf-8")

        assert time_of(stage(), RULES) != before

    @pytest.mark.parametrize("below", ["", "d" * 80], ids=["", "far above"])
    def test_the_same_text_elsewhere_has_another_time(self, tree: Path, below: str) -> None:
        """For bytecode holds the path of its file, however far above the folders differ."""

        def time_at(place: Path) -> int:
            shutil.copytree(tree, place)
            project = load_project(place / "mutmut_config.py")
            stage = build_stage(project, project.targets[0])
            put_in_place(stage)
            return time_of(stage, RULES)

        one, other = (tree.parent / name / below / "project" for name in ("one", "other"))
        assert time_at(one) != time_at(other)

    def test_what_is_generated_is_younger_than_all_it_may_be_made_of(
        self, stage: Callable[[], Stage]
    ) -> None:
        """Or mutmut, started in the stage, would generate it anew."""
        found = stage()
        times = [time_of(found, file) for file in (RULES, TESTS, "ages/__init__.py")]

        assert time_of(found, f"mutants/{RULES}") > max(times)


class TestKept:
    def test_bytecode_stays_where_its_folder_does(self, stage: Callable[[], Stage]) -> None:
        first = stage()
        places = [first.folder / "ages", first.generated / "ages", first.folder / "tests"]
        for place in places:
            (place / "__pycache__").mkdir()
            (place / "__pycache__" / "x.pyc").write_bytes(b"x")
        stage()

        assert all((place / "__pycache__" / "x.pyc").is_file() for place in places)

    def test_of_a_folder_that_is_gone_nothing_stays(self, tree: Path, stage: Callable[[], Stage]) -> None:
        """A folder of bytecode alone could be imported, as a namespace."""
        (tree / "extra").mkdir()
        (tree / "extra" / "a.py").write_text("", encoding="utf-8")
        first = stage()
        for place in (first.folder / "extra", first.generated / "extra"):
            (place / "__pycache__").mkdir(parents=True)
        shutil.rmtree(tree / "extra")
        stage()

        assert not (first.folder / "extra").exists()
        assert not (first.generated / "extra").exists()


def pycs(tree: Path) -> set[str]:
    return {path.name.partition(".")[0] for path in (tree / ".mutation" / "stage").rglob("*.pyc")}


class TestRuns:
    def test_a_test_edited_within_the_second_to_one_of_the_same_size_is_what_runs(self, tree: Path) -> None:
        """`may_enter(18)` is what kills `age > 18`; with 19 that mutant lives."""
        assert run_cli(tree, "run", "--no-page").code == 0
        assert facts_of(tree).having(Status.SURVIVED) == {("may_enter", ">", ">=")}
        path = tree / TESTS
        path.write_text(path.read_text(encoding="utf-8").replace("(18)", "(19)"), encoding="utf-8")
        assert run_cli(tree, "run", "--no-page").code == 0

        assert facts_of(tree).having(Status.SURVIVED) == {("may_enter", ">", ">="), ("may_enter", "17", "18")}
        assert pycs(tree) >= {"rules", "test_rules"}

    def test_who_wants_no_bytecode_gets_none(self, tree: Path) -> None:
        assert run_cli(tree, "run", "--no-page", PYTHONDONTWRITEBYTECODE="1").code == 0

        assert not pycs(tree)
