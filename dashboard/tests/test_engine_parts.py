"""The engine's small parts: selection, limits, the lock, the wire, the stage."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from factories import a_mutant
from hypothesis import given
from hypothesis import strategies as st
from trees_support import copy_of_tree

from mutmut_dashboard.config import load_project
from mutmut_dashboard.engine import lock
from mutmut_dashboard.engine.mutmut_adapter import function_of, module_of
from mutmut_dashboard.engine.selection import Selection, limits
from mutmut_dashboard.engine.stage import Stage, build_stage, put_in_place
from mutmut_dashboard.engine.wire import Failure, Job, JobResult, decode, encode, job_result
from mutmut_dashboard.errors import UsageError

seconds = st.floats(0, 1e5)


@given(seconds, seconds, st.floats(1, 100), st.floats(0.1, 100))
def test_limits_grow_with_the_time_of_the_tests_and_leave_room(
    one: float, other: float, factor: float, floor: float
) -> None:
    """A mutant may always take as long as promised, and the wall is behind the CPU limit."""
    less, more = (limits(time, factor, floor) for time in sorted((one, other)))

    assert less.cpu <= more.cpu
    assert less.wall <= more.wall
    for time, allowed in zip(sorted((one, other)), (less, more), strict=True):
        assert 1 <= allowed.cpu < allowed.wall
        assert allowed.cpu >= time * factor + floor - 1e-6


def a_selection(*durations: float) -> Selection:
    return Selection(durations, {FIRST.id: range(len(durations)), SECOND.id: range(len(durations))})


FIRST, SECOND = a_mutant("price * qty", "price / qty"), a_mutant("price * qty", "price + qty")


class TestSelection:
    def test_the_fastest_test_runs_first(self) -> None:
        assert a_selection(3.0, 1.0, 2.0, 1.0).ordered(FIRST) == [1, 3, 2, 0]

    def test_the_last_killer_in_the_function_runs_first(self) -> None:
        selection = a_selection(3.0, 1.0, 2.0, 4.0)
        selection.learn(FIRST, [1, 2, 0], 0)
        selection.learn(SECOND, [0, 1, 2, 3], 3)

        assert selection.ordered(FIRST)[0] == 3

    def test_what_killed_the_mutant_once_runs_before_what_killed_its_neighbour(self) -> None:
        selection = replace(a_selection(3.0, 1.0, 2.0), hints={FIRST.id: 2})
        selection.learn(SECOND, [1, 2, 0], 0)

        assert selection.ordered(FIRST) == [2, 0, 1]

    def test_of_equally_fast_tests_one_that_kills_runs_before_one_that_was_tried_in_vain(self) -> None:
        selection = a_selection(1.0, 1.0, 1.0, 1.0)
        selection.learn(FIRST, [0, 1], 1)
        selection.learn(SECOND, [0, 2], 2)  # now the last killer

        assert selection.ordered(FIRST) == [2, 1, 3, 0]

    def test_a_dear_test_that_always_kills_runs_before_a_cheap_one_that_never_does(self) -> None:
        selection = a_selection(0.01, 0.1, 0.1)
        for _ in range(5):
            selection.learn(FIRST, [0, 1], 1)
        selection.learn(FIRST, [0, 2], 2)

        assert selection.ordered(FIRST) == [2, 1, 0]

    def test_what_was_learned_in_another_file_says_nothing(self) -> None:
        selection = a_selection(3.0, 1.0)
        selection.learn(a_mutant(function="Basket.add", file="shop/other.py"), [1, 0], 0)

        assert selection.ordered(FIRST) == [1, 0]

    @given(st.lists(st.floats(0, 10), min_size=1, max_size=8), st.lists(st.integers(0, 7), max_size=12))
    def test_no_test_is_lost_or_doubled(self, durations: list[float], killers: list[int]) -> None:
        """Learning changes the order and nothing else."""
        selection = a_selection(*durations)
        for killer in killers:
            selection.learn(FIRST, range(len(durations)), killer % len(durations))

        assert sorted(selection.ordered(FIRST)) == list(range(len(durations)))

    def test_the_longest_mutant_is_judged_first(self) -> None:
        long = a_mutant("qty < 0", "qty <= 0", function="Basket.add")
        selection = Selection([1.0, 5.0], {FIRST.id: [0], SECOND.id: [0], long.id: [0, 1]})

        assert selection.longest_first([FIRST, SECOND, long]) == [long, FIRST, SECOND]
        assert selection.seconds(long) == 6.0

    def test_what_took_long_to_be_noticed_once_is_judged_first(self) -> None:
        """Such a mutant may have sat in a loop until its limit, whatever its tests take."""
        selection = replace(a_selection(3.0), took={SECOND.id: 47.2})

        assert selection.longest_first([FIRST, SECOND]) == [SECOND, FIRST]

    def test_what_was_noticed_soon_is_not_taken_for_a_survivor(self) -> None:
        selection = replace(a_selection(3.0), took={FIRST.id: 0.1})

        assert selection.longest_first([FIRST, SECOND]) == [SECOND, FIRST]


class TestLock:
    def test_it_is_free_again_after_use(self, tmp_path: Path) -> None:
        for _ in range(2):
            with lock.hold(tmp_path / "work", "a command"):
                pass

    def test_a_second_holder_is_told_who_holds_it(self, tmp_path: Path) -> None:
        with (
            lock.hold(tmp_path, "mutmut-dashboard run --fresh"),
            pytest.raises(UsageError, match=r"process \d+ on .*mutmut-dashboard run --fresh"),
            lock.hold(tmp_path, "another"),
        ):
            pass

    def test_it_is_released_when_the_work_fails(self, tmp_path: Path) -> None:
        with pytest.raises(LookupError), lock.hold(tmp_path, "a command"):
            raise LookupError
        with lock.hold(tmp_path, "a command"):
            pass

    @pytest.mark.parametrize("text", ["", "{", "{}", "[]"])
    def test_a_holder_that_cannot_be_read_is_not_known(self, text: str, tmp_path: Path) -> None:
        with lock.hold(tmp_path, "a command"):
            (tmp_path / "lock.json").write_text(text, encoding="utf-8")
            with pytest.raises(UsageError, match="not known"), lock.hold(tmp_path, "another"):
                pass


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc"), inner, max_size=3),
    max_leaves=6,
)


@given(st.text(max_size=5), anything)
def test_a_message_is_one_line_and_comes_out_as_it_went_in(kind: str, body: object) -> None:
    """The receiver cuts at line ends, so none may stand within a message."""
    line = encode(kind, body)

    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    if kind.isascii():
        assert decode(line) == (kind, body)


def test_half_a_surrogate_pair_becomes_a_question_mark() -> None:
    assert decode(encode("a", "x\ud800y")) == ("a", "x?y")


@pytest.mark.parametrize("failure", [None, Failure("t", "assertion", "E", "m", "")])
def test_results_and_jobs_cross_the_wire(failure: Failure | None) -> None:
    result = JobResult(3, "failed", 1.5, 0.5, 2, failure, "detail")
    job = Job(1, "m", [2, 0], 5.0, 1, 0)

    assert job_result(decode(encode("result", result))[1]) == result
    assert Job(**decode(encode("judge", job))[1]) == job


@pytest.mark.parametrize(
    ("file", "module"),
    [
        ("core/llm/x.py", "core.llm.x"),
        ("core/__init__.py", "core"),
        ("src/shop/x.py", "shop.x"),
        ("x.py", "x"),
    ],
)
def test_a_module_has_the_name_that_trampolines_expect(file: str, module: str) -> None:
    assert module_of(file) == module


def test_the_function_of_a_mutant_is_its_name_without_the_number() -> None:
    assert function_of("core.x.xǁClsǁrun__mutmut_13") == "core.x.xǁClsǁrun"


class TestStage:
    @pytest.fixture(name="tree")
    def _tree(self, tmp_path: Path) -> Path:
        return copy_of_tree("one_survivor", tmp_path)

    @staticmethod
    def _stage(tree: Path) -> Stage:
        project = load_project(tree / "mutmut_config.py")
        stage = build_stage(project, project.targets[0])
        put_in_place(stage)
        return stage

    def test_an_unchanged_tree_has_the_same_fingerprint(self, tree: Path) -> None:
        assert self._stage(tree).fingerprint == self._stage(tree).fingerprint

    def test_a_changed_test_or_source_changes_the_fingerprint(self, tree: Path) -> None:
        before = self._stage(tree).fingerprint
        (tree / "tests" / "test_rules.py").write_text("def test_nothing():\n    pass\n", encoding="utf-8")

        assert self._stage(tree).fingerprint != before

    def test_a_renamed_file_changes_the_fingerprint(self, tree: Path) -> None:
        before = self._stage(tree).fingerprint
        (tree / "tests" / "test_rules.py").rename(tree / "tests" / "test_other.py")

        assert self._stage(tree).fingerprint != before

    @pytest.mark.parametrize(
        "junk",
        [
            ".git/HEAD",
            ".mutation/x",
            "ages/__pycache__/rules.pyc",
            ".venv/pyvenv.cfg",
            "dashboard/site/mutmut-dashboard.0123456789ab.css",
            "coverage.json",
        ],
    )
    def test_what_no_test_needs_is_left_out_and_changes_no_fingerprint(self, junk: str, tree: Path) -> None:
        before = self._stage(tree).fingerprint
        (tree / junk).parent.mkdir(parents=True, exist_ok=True)
        (tree / junk).write_text("x", encoding="utf-8")
        stage = self._stage(tree)

        assert stage.fingerprint == before
        assert not (stage.folder / junk).exists()

    def test_an_empty_folder_is_copied(self, tree: Path) -> None:
        (tree / "uploads").mkdir()

        assert (self._stage(tree).folder / "uploads").is_dir()

    def test_links_that_lead_back_or_nowhere_are_left_out(self, tree: Path) -> None:
        (tree / "ages" / "back").symlink_to(tree)
        (tree / "nowhere").symlink_to(tree / "missing")
        (tree / "linked.py").symlink_to(tree / "ages" / "rules.py")
        stage = self._stage(tree)

        assert not (stage.folder / "ages" / "back").exists()
        assert not (stage.folder / "nowhere").exists()
        assert (stage.folder / "linked.py").read_bytes() == (tree / "ages" / "rules.py").read_bytes()

    def test_what_an_earlier_stage_held_is_gone(self, tree: Path) -> None:
        stage = self._stage(tree)
        (stage.folder / "stale.py").touch()

        assert not (self._stage(tree).folder / "stale.py").exists()

    def test_settings_above_the_root_reach_the_stage(self, tmp_path: Path) -> None:
        stage = self._stage(copy_of_tree("below_a_root", tmp_path))
        settings = (stage.folder / "pyproject.toml").read_text(encoding="utf-8")

        assert 'filterwarnings = ["error"]' in settings
        assert 'markers = ["quick: a marker that the suites use"]' in settings
        assert 'pythonpath = ["."]' in settings
        assert "testpaths" not in settings
        assert stage.project_path("core/first.py") == "backend/core/first.py"

    def test_a_pyproject_that_is_no_toml_is_named(self, tree: Path) -> None:
        (tree / "pyproject.toml").write_text("[tool", encoding="utf-8")

        with pytest.raises(UsageError, match=r"pyproject.toml cannot be read as TOML"):
            self._stage(tree)


def test_lock_json_names_process_host_time_and_command(tmp_path: Path) -> None:
    with lock.hold(tmp_path, "a command"):
        assert set(json.loads((tmp_path / "lock.json").read_text(encoding="utf-8"))) == {
            *("pid", "host", "since", "command"),
        }
