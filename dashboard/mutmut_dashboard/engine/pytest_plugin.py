"""Inside the tests' process: collects once, runs chosen tests, and says what failed and how."""

from __future__ import annotations

import gc
import os
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from mutmut_dashboard.engine import hypothesis_profile
from mutmut_dashboard.engine.examples import Counted, ExampleCounter
from mutmut_dashboard.engine.output import Output, end_of
from mutmut_dashboard.engine.quick_assertions import explain_numbers
from mutmut_dashboard.engine.stretches import whole_function
from mutmut_dashboard.engine.wire import Failure, SessionPlan, TestRun, receive
from mutmut_dashboard.model import How
from mutmut_dashboard.redaction import Redaction

_MAX_TEXT = 4_000
"""Characters kept of a message or an example."""
_HYPOTHESIS = ("hypothesis.", "hypothesis_temporary_module_")
"""What names of its modules begin with."""
_OPTIONS = {
    **dict.fromkeys(("lf", "failedfirst", "newfirst", "cacheclear", "stepwise", "stepwise_skip"), False),
    "randomly_reorganize": False,
    "randomly_seed": 0,
}
"""Of pytest and pytest-randomly: no order or choice of tests that hangs on chance or on the run before, and the same seeds."""
_XDIST = {"dist": "no", "tx": [], "numprocesses": 0}
"""Of pytest-xdist: no process but this one and its forks."""
_CACHE = "pytest-cache"
"""Folder for what tests and plugins let pytest keep from run to run."""
_NOT_HERE = ("random_order", "pytest_forked")
"""Plugins that shuffle the tests, or run each in a fork of its own, as is done here already."""
_WHILE_COLLECTING = (50_000, 20, 100)
"""For `gc.set_threshold`: what is imported stays, and looking for garbage in it takes a fourteenth of the time. Tests run as ever."""
_MAX_PLACES = 8
"""Innermost places kept of where a test failed."""


class SessionPlugin:
    """Takes over pytest's loop: hands the collected tests to `run`, which decides what to run when."""

    # ruff: noqa: D102 - hooks are documented by pytest

    def __init__(self, plan: SessionPlan, run: Callable[[SessionPlugin], None], output: Output) -> None:
        self.plan = plan
        self.output = output
        self.items: list[pytest.Item] = []
        self.collection_errors: list[TestRun] = []
        self.known: list[list[int]] | None = None
        """By test, the places of what it calls and enters without a mutant, once the engine has said so."""
        self._run = run
        self._thresholds = gc.get_threshold()
        self._folder = str(Path.cwd())  # a test may go elsewhere
        self._failure: tuple[pytest.TestReport, BaseException | None] | None = None
        self._raised: dict[int, BaseException | None] = {}
        """By identity of the report."""
        self._outcome = "passed"
        self._clean: Callable[[str], str] = str
        self._counter: ExampleCounter | None = None
        self._temporary: str | None = None
        """Where `tempfile` put files when pytest's cache was sent there."""

    @property
    def original(self) -> Path:
        """The folder that holds the original files."""
        return Path(self.plan.original)

    # Hooks

    @pytest.hookimpl(wrapper=True)
    def pytest_load_initial_conftests(self, early_config: pytest.Config) -> Generator[None, object, object]:
        early_config.known_args_namespace.no_cov = (
            True  # pytest-cov would measure here, too, and looks before `pytest_configure`
        )
        gc.set_threshold(*_WHILE_COLLECTING)
        return (yield)

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        config.option.basetemp = (
            None  # which is deleted by every process that comes to use it, and they go on side by side
        )
        options = {**_OPTIONS, **(_XDIST if config.pluginmanager.has_plugin("xdist") else {})}
        for name in vars(config.option).keys() & options.keys():
            setattr(config.option, name, options[name])
        for name in filter(config.pluginmanager.has_plugin, _NOT_HERE):
            config.pluginmanager.unregister(name=name)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.collection_errors.append(
                TestRun(report.nodeid, 0.0, "failed", str(report.longrepr)[-_MAX_TEXT:])
            )

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self) -> None:
        hypothesis_profile.hold_constants()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        sys.dont_write_bytecode = True
        if gc.get_threshold() == _WHILE_COLLECTING:  # else the project has set its own
            gc.set_threshold(*self._thresholds)
        self.items = self._those_that_count(session.items)
        self._clean = Redaction(os.environ)  # with what a conftest loaded
        self._keep_cache_apart(session.config)
        hypothesis_profile.take_over(self.items, self.original)
        # With a reporter there, Hypothesis imports libcst in every child that fails, to write a patch nobody reads.
        if self.plan.role == "serve":
            session.config.pluginmanager.unregister(name="terminalreporter")
            explain_numbers(session.config)
        self._run(self)
        if not hypothesis_profile.in_use():  # its summary would load all of it, to say nothing
            session.config.pluginmanager.unregister(name="hypothesispytest")
        return True

    def _those_that_count(self, items: list[pytest.Item]) -> list[pytest.Item]:
        """Leave out tests that the original has not, but not where what pytest calls a case differs, as with a path in its name."""
        if self.plan.role != "serve":
            return items
        _, original = receive(self.plan.control)
        if not original:  # which tests it has is not known
            return items
        known = set(original)
        renamed = {_function_of(test) for test in known.difference(item.nodeid for item in items)}
        return [item for item in items if item.nodeid in known or _function_of(item.nodeid) in renamed]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        if call.excinfo is not None and self.plan.role == "serve":
            # Only the exception itself is recorded; formatting it is half of a failing test's work.
            vars(item).update(repr_failure=_unformatted, _repr_failure_py=_unformatted)
        report = yield
        # Only now: pytest's own hook puts in what a unittest.TestCase, e.g. a stateful machine, failed with.
        self._raised[id(report)] = call.excinfo.value if call.excinfo is not None else None
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and self._failure is None:
            # Whoever runs a test again if it fails tells of all its reports only then.
            self._failure = (report, self._raised.get(id(report)))
        elif report.skipped:
            self._outcome = "skipped"

    # Running

    def run(self, item: pytest.Item, nextitem: pytest.Item | None) -> Failure | None:
        """Run one test by pytest's own protocol; return how it failed, or None."""
        if tempfile.tempdir != self._temporary:
            self._keep_cache_apart(item.config)
        self._failure = None
        self._raised.clear()
        self._outcome = "passed"
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=nextitem)
        failed: tuple[pytest.TestReport, BaseException | None] | None = self._failure  # a hook set it
        if failed is None:
            return None
        report, error = failed
        found = describe_failure(report, error, self.plan, self._clean)
        return replace(found, places=places(error, self.plan.code, self._folder), output=self._said(report))

    def _keep_cache_apart(self, config: pytest.Config) -> None:
        """No fork finds what another has put into pytest's cache."""
        self._temporary = tempfile.tempdir
        if (cache := getattr(config, "cache", None)) is not None:
            cache._cachedir = Path(tempfile.gettempdir(), _CACHE)  # noqa: SLF001

    @staticmethod
    def can_leave(item: pytest.Item) -> bool:
        """Whether the tests after this one can run elsewhere, since nothing that outlasts a test is to be taken down after the last.

        What a fixture finds then counts as a failure, of whichever test is last.
        """
        try:
            stack = item.session._setupstate.stack  # noqa: SLF001 - nobody else knows what is set up
            return all(
                _takes_nothing_down(later) for finalizers, _ in stack.values() for later in finalizers[1:]
            )
        except AttributeError:  # a pytest that does it otherwise
            return False

    def _said(self, report: pytest.TestReport) -> str:
        """Return the end of what a test printed, and of what it logged."""
        sections = [
            (str(title), self._clean(str(text)).strip()) for title, text in getattr(report, "sections", ())
        ]
        logged = end_of(
            "\n\n".join(f"{title}\n{text}" for title, text in sections if text), self.plan.kept_output
        )
        return "\n\n".join(filter(None, [self.output.kept(self._clean), logged]))

    def count_examples(self) -> ExampleCounter:
        """Have the examples of tests counted from now on, in this process and its forks."""
        if self._counter is None:
            self._counter = ExampleCounter()
            for item in self.items[:1]:
                item.config.pluginmanager.register(self._counter)
        return self._counter

    def run_all(
        self,
        items: Sequence[pytest.Item],
        called: Callable[[], list[str]] = list,
        before: Callable[[str], object] = str,
    ) -> list[TestRun]:
        """Run every one of these tests, to the end. `called` returns the functions run since the last time."""
        runs = []
        counter = self.count_examples()
        for at, item in enumerate(items):
            before(item.nodeid)
            started = time.perf_counter()
            failure = self.run(item, items[at + 1] if at + 1 < len(items) else None)
            duration = time.perf_counter() - started
            message = f"{failure.exception}: {failure.message}" if failure else ""
            counted, functions = counter.take(), called()
            runs.append(
                TestRun(
                    item.nodeid,
                    duration,
                    "failed" if failure else self._outcome,
                    message,
                    called=functions,
                    is_property=hypothesis_profile.is_property(item),
                    examples=counted.examples,
                    reached=self._reached(functions, counted),
                )
            )
        return runs

    def _reached(self, called: Sequence[str], counted: Counted) -> dict[str, int]:
        if not counted.examples:
            return {}
        found = {self.plan.functions[place - 1]: examples for place, examples in counted.reached.items()}
        return {key: found.get(key, 0) for key in called if key and key == whole_function(key)}


def _takes_nothing_down(finalizer: object) -> bool:
    """Whether a finalizer is that of a fixture which has nothing to take down, and neither has any that depends on it."""
    fixture = getattr(getattr(finalizer, "func", None), "__self__", None)
    if not isinstance(fixture, pytest.FixtureDef):
        return False
    # The first tells plugins that it is over.
    return all(map(_takes_nothing_down, fixture._finalizers[1:]))  # noqa: SLF001


def _function_of(test: str) -> str:
    return test.partition("[")[0]


def _unformatted(excinfo: pytest.ExceptionInfo[BaseException], **_: object) -> str:
    return excinfo.typename


def describe_failure(
    report: pytest.TestReport,
    error: BaseException | None,
    plan: SessionPlan,
    clean: Callable[[str], str] = str,
) -> Failure:
    """Say which test failed, how, and on which example; `clean` takes secrets out, before anything is cut off."""
    if error is None:  # e.g. a strict xfail that passed
        said = clean(str(report.longrepr))[:_MAX_TEXT]
        return Failure(report.nodeid, How.ASSERTION, "Failed", said, "")
    notes = [note for note in getattr(error, "__notes__", []) if isinstance(note, str)]
    example = "\n".join(note for note in notes if not note.startswith("You can reproduce"))
    return Failure(
        test=report.nodeid,
        how=how_it_failed(error, plan.code),
        exception=type(error).__name__,
        message=clean(_text_of(error))[:_MAX_TEXT],
        example=clean(example)[:_MAX_TEXT],
    )


def _text_of(error: BaseException) -> str:
    try:
        return str(error)
    except Exception as broken:  # noqa: BLE001 - a mutant may break an exception's own __str__
        return f"<str() of this {type(error).__name__} raised {type(broken).__name__}>"


def how_it_failed(error: BaseException, code: Sequence[str]) -> How:
    """Tell a test's assertion from an exception in the code under test, and both from Hypothesis's own complaints."""
    if type(error).__module__.partition(".")[0] == "hypothesis":
        return How.SUSPICIOUS
    inside = _raised_in(error, set(code))
    asserted = isinstance(error, AssertionError | pytest.fail.Exception)
    if asserted and not inside:
        return How.ASSERTION
    return How.EXCEPTION if inside else How.OTHER_EXCEPTION


def _raised_in(error: BaseException, code: set[str]) -> bool:
    # The innermost frame that is the code's or a test's decides: a TypeError from the standard library belongs to
    # whoever called it. Tests are the files beside the code that are not under test.
    inside = False
    trace = error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file in code:
            inside = True
        elif os.path.basename(file).startswith(("test_", "conftest")) or file.endswith("_test.py"):  # noqa: PTH119 - Path is slow
            inside = False
        trace = trace.tb_next
    return inside


def places(error: BaseException | None, code: Sequence[str], folder: str) -> list[str]:
    """Return where an error came by in files below `folder` that are not `code`, as `file:line`, outermost first."""
    found: list[str] = []
    trace = error.__traceback__ if error else None
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        # Hypothesis wraps a test in a function of its own and gives that the test's file.
        wrapper = str(trace.tb_frame.f_globals.get("__name__")).startswith(_HYPOTHESIS)
        ours = file.startswith(f"{folder}{os.sep}") and file not in code and not wrapper
        if ours and trace.tb_lineno is not None:
            found.append(f"{file[len(folder) + 1 :]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return found[-_MAX_PLACES:]


def pytest_arguments(plan: SessionPlan, folder: Path) -> list[str]:
    """Return the command line for a session: the project's settings, without what would disturb judging."""
    arguments = ["-c", plan.ini, f"--rootdir={folder}", "--tb=native", "-q"]
    arguments += ["-o", f"cache_dir={Path(plan.temporary, _CACHE)}"]
    # Whatever the project asks for: forks would share the file that pytest captures into.
    return [*arguments, *plan.pytest_args, "--capture=no", *plan.suites]
