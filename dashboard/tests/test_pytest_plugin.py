"""Inside the tests' process: how a test failed, in which words, and the profile every Hypothesis test gets."""

from __future__ import annotations

import unittest
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import FailedHealthCheck, Flaky
from hypothesis.stateful import RuleBasedStateMachine, rule

from mutmut_dashboard.engine import hypothesis_profile
from mutmut_dashboard.engine.pytest_plugin import describe_failure, how_it_failed, places, pytest_arguments
from mutmut_dashboard.engine.wire import SessionPlan
from mutmut_dashboard.model import How

CODE = "/project/shop/prices.py"
HELPER = "/lib/json/decoder.py"
TEST = "/project/tests/test_prices.py"


def raised_through(*places: str, error: str = "AssertionError('no')") -> BaseException:
    """An error with a traceback through these files, the innermost last."""
    names: dict[str, Any] = {"pytest": pytest}
    call = f"raise {error}"
    for at, file in enumerate(reversed(places)):
        exec(compile(f"def f{at}():\n    {call}\n", file, "exec"), names)
        call = f"f{at}()"
    try:
        exec(compile(call, "<above>", "exec"), names)
    except BaseException as caught:  # noqa: BLE001 - whatever was asked for
        return caught
    raise LookupError


@pytest.mark.parametrize(
    ("places", "error", "how"),
    [
        ([TEST], "AssertionError()", How.ASSERTION),
        ([TEST], "pytest.fail.Exception('x')", How.ASSERTION),
        ([TEST, HELPER], "AssertionError()", How.ASSERTION),
        ([TEST, CODE], "AssertionError()", How.EXCEPTION),
        ([TEST, CODE], "KeyError()", How.EXCEPTION),
        ([TEST, CODE, HELPER], "ValueError()", How.EXCEPTION),
        ([TEST], "KeyError()", How.OTHER_EXCEPTION),
        ([TEST, HELPER], "ValueError()", How.OTHER_EXCEPTION),
        ([TEST, CODE, TEST], "KeyError()", How.OTHER_EXCEPTION),
        ([TEST, CODE, TEST], "AssertionError()", How.ASSERTION),
        ([TEST, CODE, "/project/conftest.py"], "KeyError()", How.OTHER_EXCEPTION),
        ([TEST, CODE], "SystemExit(0)", How.EXCEPTION),
    ],
)
def test_the_innermost_frame_of_code_or_test_decides_how_it_failed(
    places: list[str], error: str, how: How
) -> None:
    assert how_it_failed(raised_through(*places, error=error), [CODE]) is how


@pytest.mark.parametrize("error", [FailedHealthCheck("slow"), Flaky("flaky")], ids=lambda e: type(e).__name__)
def test_a_complaint_of_hypothesis_itself_is_suspicious(error: Exception) -> None:
    assert how_it_failed(error, [CODE]) is How.SUSPICIOUS


def a_plan(**more: Any) -> SessionPlan:
    facts: dict[str, Any] = {
        "role": "serve",
        "suites": ["tests"],
        "pytest_args": ["-x"],
        "ini": "pyproject.toml",
        "code": [CODE],
        "original": "/stage",
        "modules": {},
        "kept_output": 100,
    }
    return SessionPlan(**{**facts, **more})


REPORT: Any = SimpleNamespace(nodeid="tests/test_prices.py::test_it", longrepr="[XPASS(strict)] reason")


def test_places_are_those_of_the_projects_files_outside_the_code_the_outermost_first() -> None:
    error = raised_through(TEST, "/project/tests/helpers.py", CODE, HELPER, "/projects/other.py")

    assert places(error, [CODE], "/project") == ["tests/test_prices.py:2", "tests/helpers.py:2"]
    assert places(raised_through(*[TEST] * 20), [CODE], "/project") == ["tests/test_prices.py:2"] * 8
    assert places(None, [CODE], "/project") == []


class TestDescribeFailure:
    def test_it_names_test_exception_and_message(self) -> None:
        failure = describe_failure(
            REPORT, raised_through(TEST, error="AssertionError('3 is not 4')"), a_plan()
        )

        assert (failure.test, failure.exception) == (REPORT.nodeid, "AssertionError")
        assert failure.message == "3 is not 4"
        assert failure.how is How.ASSERTION

    def test_the_example_is_what_hypothesis_noted_without_the_advice_to_reproduce(self) -> None:
        error = raised_through(TEST)
        error.add_note("Failing test case: test_it(\n    x=0,\n)")
        error.add_note("You can reproduce this example by ...")

        assert describe_failure(REPORT, error, a_plan()).example == "Failing test case: test_it(\n    x=0,\n)"

    def test_an_exception_whose_str_fails_is_described_all_the_same(self) -> None:
        class BrokenError(Exception):
            def __str__(self) -> str:
                raise ZeroDivisionError

        message = describe_failure(REPORT, BrokenError(), a_plan()).message
        assert message == "<str() of this BrokenError raised ZeroDivisionError>"

    def test_a_strict_xfail_that_passes_is_an_assertion(self) -> None:
        failure = describe_failure(REPORT, None, a_plan())

        assert failure.how is How.ASSERTION
        assert failure.message == "[XPASS(strict)] reason"

    def test_long_messages_are_cut(self) -> None:
        assert len(describe_failure(REPORT, ValueError("x" * 10_000), a_plan()).message) == 4_000


def test_pytest_starts_with_the_projects_settings_and_a_cache_of_its_own(tmp_path: Path) -> None:
    arguments = pytest_arguments(a_plan(temporary="/tmp/mine"), tmp_path)

    assert arguments[:2] == ["-c", "pyproject.toml"]
    assert "cache_dir=/tmp/mine/pytest-cache" in arguments
    assert arguments[-3:] == ["-x", "--capture=no", "tests"]


class TestHypothesisProfile:
    @pytest.fixture(autouse=True)
    def _own_profile_stays(self) -> Iterator[None]:
        name = settings.get_current_profile_name()
        yield
        settings.load_profile(name)

    @staticmethod
    def _imposed(test: Callable[..., object], cls: type | None = None) -> settings:
        hypothesis_profile.impose([SimpleNamespace(obj=test, cls=cls)])
        found: settings = vars(getattr(test, "__func__", test))["_hypothesis_internal_use_settings"]
        return found

    @staticmethod
    def _is_ours(found: settings) -> bool:
        return (
            found.derandomize
            and found.database is None
            and found.deadline is None
            and Phase.shrink not in found.phases
            and Phase.explain not in found.phases
            and Phase.generate in found.phases
            and HealthCheck.too_slow in found.suppress_health_check
        )

    def test_it_is_the_default_after_loading(self) -> None:
        hypothesis_profile.load()

        assert self._is_ours(settings())
        assert settings.get_current_profile_name() == hypothesis_profile.NAME

    def test_it_keeps_what_the_projects_own_profile_chose_besides(self) -> None:
        settings.register_profile("own", max_examples=7, suppress_health_check=[HealthCheck.filter_too_much])
        settings.load_profile("own")
        hypothesis_profile.load()

        assert settings().max_examples == 7
        assert HealthCheck.filter_too_much in settings().suppress_health_check

    def test_it_reaches_a_test_with_settings_of_its_own_and_leaves_its_budget(self) -> None:
        @given(st.integers())
        @settings(max_examples=13, deadline=1, derandomize=False, phases=[Phase.generate, Phase.shrink])
        def test(_x: int) -> None: ...

        found = self._imposed(test)
        assert self._is_ours(found)
        assert found.max_examples == 13

    def test_it_reaches_a_method(self) -> None:
        class TestIt:
            @settings(max_examples=5, deadline=1)
            @given(st.integers())
            def test(self, _x: int) -> None: ...

        found = self._imposed(TestIt().test, TestIt)
        assert self._is_ours(found)
        assert found.max_examples == 5

    def test_it_reaches_a_stateful_machine(self) -> None:
        class Machine(RuleBasedStateMachine):
            @rule()
            def step(self) -> None: ...

        case: Any = Machine.TestCase
        case.settings = settings(max_examples=3, stateful_step_count=4, deadline=1)
        hypothesis_profile.impose([SimpleNamespace(obj=case("runTest").runTest, cls=case)])

        assert self._is_ours(case.settings)
        assert (case.settings.max_examples, case.settings.stateful_step_count) == (3, 4)

    def test_it_leaves_tests_without_hypothesis_alone(self) -> None:
        class TestIt(unittest.TestCase):
            settings = "not Hypothesis's"

            def test(self) -> None: ...

        hypothesis_profile.impose([SimpleNamespace(obj=TestIt("test").test, cls=TestIt), SimpleNamespace()])

        assert TestIt.settings == "not Hypothesis's"

    def test_its_description_says_what_it_does(self) -> None:
        described = hypothesis_profile.describe()

        assert described["derandomize"] == "yes"
        assert described["database"] == "none"
        assert "too_slow" in described["health checks off"]
