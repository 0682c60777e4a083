"""The tests of one mutant, shared out where workers have nothing else to do: real runs over one long survivor."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from trees_support import facts_of, run_cli

from mutmut_dashboard.model import Ended

CODE = "def is_same(one):\n    return one == one\n"
SETTINGS = '[tool.mutmut]\nsource_paths = ["kind.py"]\ntests_dir = ["tests"]\n'
TESTS = 6
SUITE = """\
import os
import time

import pytest
from kind import is_same

{fixture}

@pytest.mark.parametrize("number", range(6))
def test_it_says_nothing_of_this({asked}number):
    end = time.process_time() + 0.05
    while time.process_time() < end:
        is_same(number)
    with open({log!r}, "a", encoding="utf-8") as log:
        log.write(f"{{os.environ.get('MUTANT_UNDER_TEST') or 'none'}} {{number}} {{os.getpid()}}\\n")
"""
TAKEN_DOWN = """\
@pytest.fixture(scope="module")
def lent():
    yield 1
    open({log!r}, "a", encoding="utf-8").close()
"""
KEPT = """\
@pytest.fixture(scope="module")
def lent(tmp_path_factory):
    return tmp_path_factory
"""


def run_of_one_survivor(folder: Path, fixture: str = "", *arguments: str) -> list[tuple[str, str]]:
    """Return which test of the mutant ran in which process, as number and process."""
    tree, log = folder / "tree", str(folder / "log")
    (tree / "tests").mkdir(parents=True)
    asked = "lent, " if fixture else ""
    suite = SUITE.format(fixture=fixture.format(log=log), asked=asked, log=log)
    for name, text in {"kind.py": CODE, "pyproject.toml": SETTINGS, "tests/test_kind.py": suite}.items():
        (tree / name).write_text(text, encoding="utf-8")

    outcome = run_cli(tree, "run", "--no-page", *arguments)

    assert outcome.code == 0, outcome.err
    [(mutant, verdict)] = [(m, v) for m in facts_of(tree).mutants for v in [facts_of(tree).verdicts[m.id]]]
    assert (verdict.ended, verdict.tests_run) == (Ended.PASSED, TESTS)
    said = [line.split() for line in Path(log).read_text(encoding="utf-8").splitlines()]
    ran = [(number, process) for name, number, process in said if name == mutant.name]
    assert Counter(number for number, _ in ran) == Counter(map(str, range(TESTS)))
    return ran


@pytest.mark.parametrize("fixture", ["", KEPT], ids=["no fixture", "one with nothing to take down"])
def test_they_are_shared_with_a_worker_that_has_nothing_to_do(tmp_path: Path, fixture: str) -> None:
    ran = run_of_one_survivor(tmp_path, fixture, "--workers", "2")

    assert len({process for _, process in ran}) > 1


def test_one_worker_shares_with_nobody(tmp_path: Path) -> None:
    ran = run_of_one_survivor(tmp_path, "", "--workers", "1")

    assert len({process for _, process in ran}) == 1


def test_tests_stay_together_whose_fixture_is_taken_down_after_the_last(tmp_path: Path) -> None:
    """What it finds then would be a failure of the last test."""
    ran = run_of_one_survivor(tmp_path, TAKEN_DOWN, "--workers", "2")

    assert len({process for _, process in ran}) == 1


def test_a_kill_matrix_is_shared_too(tmp_path: Path) -> None:
    ran = run_of_one_survivor(tmp_path, "", "--workers", "2", "--matrix")

    assert len({process for _, process in ran}) > 1
