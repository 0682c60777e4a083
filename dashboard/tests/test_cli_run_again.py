"""A second run: nothing changed, `--fresh`, crashes tried again, and going on after Ctrl-C or kill -9."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from stories import Below, Crashed, Filled, Killed, Repeated, Stopped, Verified
from trees_support import TreeRun, copy_of_tree, facts_of, run_cli

from mutmut_dashboard.model import Ended, How, Mutant, RunState, Status, Verdict


class TestRepeated:
    def test_with_nothing_changed_no_mutant_is_judged_again(self, repeated: Repeated) -> None:
        first, again, _ = repeated.facts

        assert repeated.again.code == 0
        assert "Nothing changed since run 1" in repeated.again.err
        assert "judging" not in repeated.again.err
        assert again == first

    def test_fresh_judges_every_mutant_again(self, repeated: Repeated) -> None:
        first, _, fresh = repeated.facts

        assert repeated.fresh.code == 0
        assert fresh.run.id == first.run.id + 1
        assert fresh.verdicts.keys() == first.verdicts.keys()
        assert "judging 6 mutants" in repeated.fresh.err

    def test_workers_hash_seed_and_time_zone_change_no_verdict(self, repeated: Repeated) -> None:
        first, _, fresh = repeated.facts

        assert fresh.statuses == first.statuses
        assert fresh.mutants == first.mutants
        assert fresh.run.provenance.fingerprint == first.run.provenance.fingerprint
        assert (first.run.provenance.workers, fresh.run.provenance.workers) == (2, 1)
        assert {key: v.ended for key, v in fresh.verdicts.items()} == {
            key: v.ended for key, v in first.verdicts.items()
        }

    def test_nothing_is_written_into_the_users_tree(self, repeated: Repeated) -> None:
        assert repeated.after == repeated.before

    def test_class_based_given_tests_kill_and_let_live(self, repeated: Repeated) -> None:
        facts = repeated.facts[0]

        assert facts.having(Status.SURVIVED) == {("clamp", "<", "<="), ("clamp", ">", ">=")}
        assert (
            facts.kill("tenfold", "10", "11").test
            == "test_stacks.py::TestTenfold::test_tenfold_ends_in_nought"
        )

    def test_a_stateful_machine_kills_with_its_own_error_and_example(self, repeated: Repeated) -> None:
        facts = repeated.facts[0]
        in_code, asserted = (
            facts.kill("Stack.__init__", "[]", "None"),
            facts.kill("Stack.push", "item", "None"),
        )

        assert (in_code.how, in_code.exception) == (How.EXCEPTION, "TypeError")
        assert (asserted.how, asserted.exception) == (How.ASSERTION, "AssertionError")
        assert "StackMachine()" in asserted.example
        assert "state.push(item=" in asserted.example

    def test_properties_are_told_from_plain_tests_and_their_examples_counted(
        self, repeated: Repeated, one_survivor: TreeRun
    ) -> None:
        tests = [*repeated.facts[0].tests, *one_survivor.facts.tests]
        found = {test.id.rpartition("::")[2]: (test.is_property, test.examples) for test in tests}

        assert found == {
            "test_clamp_stays_inside": (True, 20),
            "test_clamp_keeps_what_is_inside": (True, 3),  # there are only three
            "test_tenfold_ends_in_nought": (True, 10),
            "runTest": (True, 10),
            "test_a_child_may_not_enter": (False, 0),
            "test_a_grown_up_may_enter": (False, 0),
            "test_years_left_and_age_add_up": (True, 65),
        }

    def test_the_same_examples_reach_the_same_functions_however_many_workers_there_are(
        self, repeated: Repeated
    ) -> None:
        first, again, alone = (facts.examples for facts in repeated.facts)

        assert first
        assert first == again == alone

    def test_mutmut_results_names_the_survivors(self, repeated: Repeated) -> None:
        facts = repeated.facts[2]
        survivors = {m.name for m in facts.mutants if facts.status(m) is Status.SURVIVED}
        listed = dict(line.strip().split(": ") for line in repeated.mutmut_results.out.splitlines())

        assert repeated.mutmut_results.code == 0
        assert listed == dict.fromkeys(survivors, "survived")

    def test_mutmut_show_prints_the_recorded_change(self, repeated: Repeated) -> None:
        by_name = {m.name: m for m in repeated.facts[2].mutants}
        for name, shown in repeated.mutmut_show.items():
            assert shown.code == 0
            for line in by_name[name].diff.splitlines():
                if line.startswith(("+", "-")):
                    assert line in shown.out.splitlines()

    def test_report_renders_again_without_running_anything(self, repeated: Repeated) -> None:
        assert repeated.reported.code == 0
        assert repeated.reported.err == ""
        assert repeated.reported.out == repeated.fresh.out
        assert repeated.page_time[0] < repeated.page_time[1]


class TestCrashed:
    def test_a_run_with_unjudged_mutants_ends_with_3_and_says_how_many(self, crashed: Crashed) -> None:
        assert crashed.first.code == 3
        assert "12 mutants could not be judged" in crashed.first.err
        assert "Traceback" not in crashed.first.err
        assert "25.0 % to 100 %" in crashed.first.out

    def test_a_signal_is_an_error_with_its_name(self, crashed: Crashed) -> None:
        assert self._ends(crashed, "by_signal") == {(Ended.SIGNAL, "SIGSEGV")}
        assert {crashed.facts.status(m) for m in self._judged(crashed, "by_signal")} == {Status.ERROR}

    def test_leaving_by_os_exit_0_is_an_error_and_no_survivor(self, crashed: Crashed) -> None:
        assert self._ends(crashed, "by_exit") == {(Ended.EXITED, "exit status 0")}
        assert {crashed.facts.status(m) for m in self._judged(crashed, "by_exit")} == {Status.ERROR}

    def test_running_out_of_memory_is_an_error_and_no_kill(self, crashed: Crashed) -> None:
        assert {ended for ended, _ in self._ends(crashed, "by_memory")} == {Ended.OUT_OF_MEMORY}

    def test_sys_exit_in_the_code_is_a_kill(self, crashed: Crashed) -> None:
        assert {ended for ended, _ in self._ends(crashed, "by_sys_exit")} == {Ended.FAILED}
        assert crashed.facts.kill("by_sys_exit", "+", "-").exception == "SystemExit"

    def test_the_next_run_judges_just_those_that_could_not_be_judged(self, crashed: Crashed) -> None:
        kept = {m.id for m in crashed.facts.of("by_sys_exit", Status.KILLED)}

        assert crashed.again.code == 3
        assert "judging 12 mutants" in crashed.again.err
        assert crashed.facts_again.run.id == crashed.facts.run.id
        assert {key: crashed.facts_again.verdicts[key] for key in kept} == {
            key: crashed.facts.verdicts[key] for key in kept
        }

    @staticmethod
    def _judged(crashed: Crashed, function: str) -> list[Mutant]:
        return [m for m in crashed.facts.of(function) if m.skip_reason is None]

    def _ends(self, crashed: Crashed, function: str) -> set[tuple[Ended, str]]:
        verdicts: Iterator[Verdict] = (crashed.facts.verdicts[m.id] for m in self._judged(crashed, function))
        return {(verdict.ended, verdict.detail) for verdict in verdicts}


class TestStopped:
    @pytest.fixture(params=["stopped_by_ctrl_c", "stopped_by_kill"])
    def stopped(
        self, request: pytest.FixtureRequest, stopped_by_ctrl_c: Stopped, stopped_by_kill: Stopped
    ) -> Stopped:
        return {"stopped_by_ctrl_c": stopped_by_ctrl_c, "stopped_by_kill": stopped_by_kill}[request.param]

    def test_what_was_judged_is_kept(self, stopped: Stopped) -> None:
        assert stopped.facts.having(Status.KILLED) == {
            ("quick", "*", "/"),
            ("quick", "2", "3"),
            ("quick", "+", "-"),
            ("quick", "1", "2"),
        }
        assert stopped.facts.having(Status.PENDING) == {("held", "not", "")}

    def test_the_next_run_judges_only_the_rest_and_completes(self, stopped: Stopped) -> None:
        kept, final = stopped.facts, stopped.facts_again

        assert stopped.again.code == 0
        assert "judging 1 mutants" in stopped.again.err
        assert final.run.id == kept.run.id
        assert final.run.state is RunState.COMPLETE
        assert {key: final.verdicts[key] for key in kept.verdicts} == kept.verdicts
        assert final.having(Status.KILLED) == set(final.statuses)

    @pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="asks /proc which processes are left")
    def test_no_process_is_left_behind(self, stopped: Stopped) -> None:
        assert stopped.left_behind == []

    def test_a_second_run_meanwhile_is_refused_and_names_the_holder(self, stopped: Stopped) -> None:
        assert stopped.meanwhile.code == 1
        assert "Another run is going on" in stopped.meanwhile.err
        assert f"process {stopped.pid} on {os.uname().nodename}" in stopped.meanwhile.err
        assert "mutmut-dashboard run --workers 2" in stopped.meanwhile.err
        assert "Traceback" not in stopped.meanwhile.err

    def test_ctrl_c_ends_with_3_and_says_how_far_it_came(self, stopped_by_ctrl_c: Stopped) -> None:
        assert stopped_by_ctrl_c.code == 3
        assert "Interrupted: 4 of 5 mutants are judged" in stopped_by_ctrl_c.err
        assert "run again to go on" in stopped_by_ctrl_c.err
        assert "Traceback" not in stopped_by_ctrl_c.err
        assert stopped_by_ctrl_c.facts.run.state is RunState.INTERRUPTED

    def test_kill_leaves_a_run_that_still_counts_as_running(self, stopped_by_kill: Stopped) -> None:
        assert stopped_by_kill.code == -9
        assert stopped_by_kill.facts.run.state is RunState.RUNNING


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="asks /proc who is whose child")
class TestKilled:
    def test_a_mutant_whose_process_is_killed_is_an_error_and_no_kill(self, killed: Killed) -> None:
        verdict = killed.facts_of_child.verdict("held", "not", "")

        assert killed.child.code == 3
        assert (verdict.ended, verdict.detail) == (Ended.SIGNAL, "SIGKILL")
        assert killed.facts_of_child.statuses["held", "not", ""] is Status.ERROR
        assert len(killed.facts_of_child.having(Status.KILLED)) == 4

    def test_when_the_tests_process_is_killed_another_takes_over(self, killed: Killed) -> None:
        before, after = killed.facts_of_child, killed.facts_of_server

        assert killed.server.code == 0, killed.server.err
        assert "Traceback" not in killed.server.err
        assert after.run.state is RunState.COMPLETE
        assert after.having(Status.KILLED) == set(after.statuses)
        for change in before.having(Status.KILLED):
            assert after.verdict(*change) == before.verdict(*change)

    def test_a_child_does_not_outlive_the_tests_process(self, killed: Killed) -> None:
        assert killed.orphans == []

    def test_the_suites_on_the_original_do_not_outlive_the_run(self, killed_early: list[int]) -> None:
        assert killed_early == []


class TestFilled:
    def test_a_full_disk_ends_with_3_and_a_sentence(self, filled: Filled) -> None:
        assert filled.full.code == 3
        assert "The disk is full" in filled.full.err
        assert "Traceback" not in filled.full.err

    def test_with_room_again_the_run_goes_on_and_keeps_what_was_judged(self, filled: Filled) -> None:
        assert filled.again.code == 0, filled.again.err
        assert filled.facts_again.run.id == filled.facts.run.id
        assert filled.facts.verdicts.items() <= filled.facts_again.verdicts.items()
        assert filled.facts_again.having(Status.KILLED) == set(filled.facts_again.statuses)


class TestTwoTargetsBelowARoot:
    def test_paths_are_told_from_the_projects_root(self, below_a_root: Below) -> None:
        facts = below_a_root.facts

        assert below_a_root.outcome.code == 0, below_a_root.outcome.err
        assert {m.file for m in facts.mutants} == {"backend/core/first.py", "backend/core/second.py"}
        assert {test.id for test in facts.tests} == {
            "backend/tests/first/test_first.py::test_add",
            "backend/tests/test_second.py::test_twice",
            "backend/tests/test_second.py::test_sign",
        }
        assert facts.kill("add", "+", "-").test == "backend/tests/first/test_first.py::test_add"
        assert [target.suites for target in facts.run.targets] == [
            ("backend/tests/first",),
            ("backend/tests/test_second.py",),
        ]

    def test_code_that_no_test_calls_is_uncovered(self, below_a_root: Below) -> None:
        facts = below_a_root.facts

        assert facts.having(Status.UNCOVERED) >= {("unused", "-", "+"), ("unused", "1", "2")}
        assert facts.verdict("unused", "-", "+").ended is Ended.NO_TESTS
        assert facts.verdict("unused", "-", "+").tests_run == 0

    def test_a_target_keeps_its_floors(self, below_a_root: Below) -> None:
        first, second = below_a_root.facts.run.targets

        assert (first.score_floor, first.coverage_floor) == (70, 90)
        assert (second.score_floor, second.coverage_floor) == (0, 100)

    def test_target_judges_that_target_only(self, below_a_root: Below) -> None:
        assert below_a_root.one.code == 0
        assert {m.target for m in below_a_root.facts_of_one.mutants} == {"second"}
        assert "first:" not in below_a_root.one.out

    def test_coverage_ends_with_2_where_a_floor_is_not_met(self, below_a_root: Below) -> None:
        covered = below_a_root.covered

        assert covered.code == 2
        assert "first: coverage is 75.0 %, its floor is 90 %" in covered.err
        assert "more lines or branches must run" in covered.err
        assert (below_a_root.folder / "backend" / "reports" / "coverage.json").is_file()


class TestVerify:
    def test_a_verdict_that_holds_ends_with_0(self, verified: Verified) -> None:
        mutant = verified.facts.by_change["total", "1", "2"]

        assert verified.right.code == 0, verified.right.err
        assert verified.right.out.splitlines() == [
            f"{mutant.id} fees.py:12  recorded killed, patched killed by test_fees.py::test_total_adds_the_fee: agrees"
        ]

    def test_a_verdict_that_does_not_hold_ends_with_2(self, verified: Verified) -> None:
        assert verified.tampered.code == 2
        assert f"{verified.tampered_id} fees.py:8  recorded survived, patched killed" in verified.tampered.out
        assert "DIFFERS" in verified.tampered.out
        assert "1 verdict" in verified.tampered.err

    def test_an_id_that_no_mutant_has_ends_with_1(self, verified: Verified) -> None:
        assert verified.unknown.code == 1
        assert '"none" names no single mutant of the last run' in verified.unknown.err
        assert "Traceback" not in verified.unknown.err


def test_a_new_file_of_tests_leaves_the_verdicts_standing(tmp_path: Path) -> None:
    tree = copy_of_tree("errands", tmp_path)
    first = run_cli(tree, "run", "--no-page")
    suite = "from errands import total\n\n\ndef test_nothing_costs_nothing():\n    assert total([]) == 0\n"
    (tree / "tests" / "test_more.py").write_text(suite, encoding="utf-8")
    second = run_cli(tree, "run", "--no-page")

    assert (first.code, second.code) == (0, 0), first.err + second.err
    # The others lived, and are asked by the new test, or no test reaches them.
    assert "69 of 76 verdicts stand" in second.err


def test_a_package_beside_the_project_that_is_edited_takes_the_verdicts_with_it(tmp_path: Path) -> None:
    tree = copy_of_tree("errands", tmp_path)
    beside = tmp_path / "beside"
    beside.mkdir()
    (beside / "weights.py").write_text("HEAVY = 30\n", encoding="utf-8")
    conftest = f"import sys\n\nimport pytest\n\nsys.path.append({str(beside)!r})\n\nimport weights\n\n\n"
    fixture = "@pytest.fixture\ndef heavy():\n    return weights.HEAVY\n"
    (tree / "tests" / "conftest.py").write_text(conftest + fixture, encoding="utf-8")
    run_cli(tree, "run", "--no-page")
    same = run_cli(tree, "run", "--no-page")
    (beside / "weights.py").write_text("HEAVY = 21\n", encoding="utf-8")
    edited = run_cli(tree, "run", "--no-page")

    assert "its verdicts stand" in same.err
    assert f"{beside / 'weights.py'} changed, so no earlier verdict stands" in edited.err
    assert edited.code == 0


def test_survivors_of_two_targets_are_each_judged_by_the_tests_that_an_edit_concerns(tmp_path: Path) -> None:
    names = ("first", "second")
    code = "def is_same(one):\n    return one == one\n\n\ndef told(one):\n    return {told}\n"
    suite = (
        "from {name} import is_same, told\n\n\ndef test_both():\n    is_same(told(1))\n\n\n"
        "def test_one():\n    is_same(2)\n"
    )
    targets = [f"Target(name={n!r}, modules=['{n}.py'], suites=['test_{n}.py'])" for n in names]
    config = f"from mutmut_dashboard.config import Target\n\nTARGETS = [{', '.join(targets)}]\n"
    (tmp_path / "mutmut_config.py").write_text(config, encoding="utf-8")
    for name in names:
        (tmp_path / f"{name}.py").write_text(code.format(told="str(one)"), encoding="utf-8")
        (tmp_path / f"test_{name}.py").write_text(suite.format(name=name), encoding="utf-8")
    first = run_cli(tmp_path, "run", "--no-page")
    for name in names:
        (tmp_path / f"{name}.py").write_text(code.format(told="repr(one)"), encoding="utf-8")
    second = run_cli(tmp_path, "run", "--no-page")

    assert (first.code, second.code) == (0, 0), first.err + second.err
    verdicts = {
        (m.target, m.function): facts.verdicts[m.id] for facts in [facts_of(tmp_path)] for m in facts.mutants
    }
    for name in names:
        assert (verdicts[name, "is_same"].ended, verdicts[name, "is_same"].tests_run) == (Ended.PASSED, 2)


@pytest.mark.parametrize(
    "own", ["", "gc.set_threshold(500, 5, 5)"], ids=["Python's own", "the project's own"]
)
def test_garbage_is_collected_as_ever_while_tests_run(tmp_path: Path, own: str) -> None:
    """It is not while they are collected."""
    tree = copy_of_tree("one_survivor", tmp_path)
    (tree / "tests" / "conftest.py").write_text(f"import gc\n\n{own}\n", encoding="utf-8")
    asked = [sys.executable, "-c", f"import gc\n{own}\nprint(gc.get_threshold())"]
    usual = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    suite = f"import gc\n\nfrom ages import rules\n\n\ndef test_garbage():\n    assert rules.may_enter(18)\n    assert gc.get_threshold() == {usual}\n"
    (tree / "tests" / "test_garbage.py").write_text(suite, encoding="utf-8")

    outcome = run_cli(tree, "run", "--no-page")

    assert outcome.code == 0, outcome.err


class TestATestForEachFunctionThatAModuleHolds:
    """mutmut's copy of the module holds more: what is there because of those says nothing about the project."""

    SUITE = """\
import inspect

import ages.rules
import pytest

FUNCTIONS = [name for name, one in vars(ages.rules).items() if inspect.isfunction(one)]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_name_is_short(name):
    assert len(name) < 12
    assert ages.rules.years_left(60) == 5
"""

    @pytest.fixture(name="tree")
    def _tree(self, tmp_path: Path) -> Path:
        tree = copy_of_tree("one_survivor", tmp_path)
        (tree / "tests" / "test_names.py").write_text(self.SUITE, encoding="utf-8")
        return tree

    def test_only_the_tests_of_the_original_judge_now_and_after_an_edit(self, tree: Path) -> None:
        code = tree / "ages" / "rules.py"
        first, before = run_cli(tree, "run", "--no-page"), facts_of(tree)
        code.write_text(code.read_text(encoding="utf-8").replace("age > 17", "17 < age"), encoding="utf-8")
        second, after = run_cli(tree, "run", "--no-page"), facts_of(tree)

        assert first.code == 0, first.err
        assert second.code == 0, second.err
        names = ["test_a_name_is_short[may_enter]", "test_a_name_is_short[years_left]"]
        for facts in (before, after):
            assert [t.id.partition("::")[2] for t in facts.tests if "test_names.py" in t.id] == names
        assert "2 of 4 verdicts stand" in second.err

    def test_one_whose_case_is_named_after_its_path_judges_all_the_same(self, tmp_path: Path) -> None:
        tree = copy_of_tree("one_survivor", tmp_path)
        suite = """\
import ages.rules
import pytest


@pytest.mark.parametrize("folder", [__file__.split("/")[-3]])
def test_in_a_folder(folder):
    assert ages.rules.may_enter(18)
    assert ages.rules.years_left(60) == 5
"""
        (tree / "tests" / "test_rules.py").write_text(suite, encoding="utf-8")
        outcome, facts = run_cli(tree, "run", "--no-page"), facts_of(tree)
        again = run_cli(tree, "run", "--fresh", "--no-page")

        assert (outcome.code, again.code) == (0, 0), outcome.err + again.err
        kills = [verdict.kill for verdict in facts.verdicts.values() if verdict.kill]
        assert kills
        assert {kill.test for kill in kills} <= {test.id for test in facts.tests}

    def test_they_do_where_a_mutant_runs_at_import(self, tree: Path) -> None:
        code = tree / "ages" / "rules.py"
        code.write_text(code.read_text(encoding="utf-8") + "\n\nLEFT = years_left(60)\n", encoding="utf-8")
        outcome, facts = run_cli(tree, "run", "--no-page"), facts_of(tree)

        assert outcome.code == 0, outcome.err
        assert {facts.status(m) for m in facts.mutants if m.function == "years_left"} == {Status.KILLED}


class TestOpening:
    def test_report_opens_the_page_it_wrote(self, one_survivor: TreeRun, tmp_path: Path) -> None:
        tree = Path(shutil.copytree(one_survivor.folder, tmp_path / "tree"))
        browser = tmp_path / "browser"
        browser.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/opened\n', encoding="utf-8")
        browser.chmod(0o755)
        assert run_cli(tree, "report", "--open", BROWSER=f"{browser} %s").code == 0
        page = tree / "dashboard" / "site" / "index.html"
        assert (tmp_path / "opened").read_text(encoding="utf-8").strip() == page.resolve().as_uri()

    def test_without_a_browser_it_says_so(self, one_survivor: TreeRun, tmp_path: Path) -> None:
        tree = Path(shutil.copytree(one_survivor.folder, tmp_path / "tree"))
        outcome = run_cli(tree, "report", "--open", BROWSER="/nowhere/browser %s", PATH="")
        assert outcome.code == 0
        assert "No browser could be started." in outcome.out
