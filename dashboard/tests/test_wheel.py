"""The built wheel in an environment of its own: projects of all layouts and habits run by the installed program."""

from __future__ import annotations

from pathlib import Path

import pytest
from stories import PROJECTS, Installed

from mutmut_dashboard import __version__
from mutmut_dashboard.model import Status


def test_it_is_the_wheel_that_runs(installed: Installed) -> None:
    assert Path(installed.package).is_relative_to(installed.environment)
    assert installed.version.out.strip().endswith(__version__)


@pytest.mark.parametrize("name", PROJECTS)
def test_every_mutant_is_judged_and_the_page_written(name: str, installed: Installed) -> None:
    facts = installed.facts[name]

    assert installed.runs[name].code == 0, installed.runs[name].err
    assert facts.mutants
    assert not {*facts.statuses.values()} & {Status.PENDING, Status.ERROR, Status.INVALID}


@pytest.mark.parametrize("name", PROJECTS)
def test_report_says_what_run_said(name: str, installed: Installed) -> None:
    assert installed.reports[name].code == 0
    assert installed.reports[name].out == installed.runs[name].out


def test_tests_that_leave_the_folder_or_scrub_the_environment_judge_all_the_same(
    installed: Installed,
) -> None:
    facts = installed.facts["habits"]

    assert facts.kill("total", "*", "/").test.startswith(
        "tests/test_a_habits.py::test_goes_elsewhere_and_stays"
    )
    assert facts.statuses["label", "+", "-"] is Status.KILLED


def test_unittest_methods_and_parametrised_tests_are_tests(installed: Installed) -> None:
    tests = {test.id: test.outcome for test in installed.facts["habits"].tests}

    assert tests["tests/test_unittest.py::TestLabel::test_label"] == "passed"
    assert tests["tests/test_unittest.py::TestLabel::test_later"] == "skipped"
    assert {
        "tests/test_unittest.py::test_basket[two]",
        "tests/deep/test_overridden.py::test_more_has[three]",
    } <= tests.keys()
