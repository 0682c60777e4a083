"""Inside the tests' process: on how many valid examples Hypothesis runs a test, and which functions they reach.

Every example goes through one method of Hypothesis, whatever asks for it: a function under `@given`, a method, a
`unittest.TestCase`, a stateful machine (whose examples are whole runs of it), an `@example`. It returns where the example
is valid and raises where `assume`, a filter or the end of its choices rejects it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from pluggy import HookimplMarker

from mutmut_dashboard.engine import mutmut_trampoline
from mutmut_dashboard.engine.hypothesis_profile import in_use

_hookimpl = HookimplMarker("pytest")
"""`pytest.hookimpl`, without loading pytest into the process of the engine."""


@dataclass
class Counted:
    """What was counted of one test."""

    examples: int = 0
    """Valid ones, explicit ones among them."""
    reached: Counter[int] = field(default_factory=Counter)
    """Place of a function among the trampoline's marks -> examples that called it."""


class ExampleCounter:
    """A pytest plugin that counts, test by test."""

    def __init__(self) -> None:
        self._counted = Counted()
        self._inside = False
        self._apart: mutmut_trampoline.Apart | None = None
        """Made in the process that runs tests: forks of the one that made it would note into the same memory, side by side."""

    def take(self) -> Counted:
        """Return what was counted since the last time."""
        counted, self._counted = self._counted, Counted()
        return counted

    @_hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Generator[None, object, object]:
        """Watch the examples of a test."""
        if not in_use():
            return (yield)
        with self._watching():
            return (yield)

    @contextmanager
    def _watching(self) -> Iterator[None]:
        from hypothesis import core  # noqa: PLC0415 - pytest must be the first to import Hypothesis, or it warns

        execution: Any = getattr(core, "StateForActualGivenExecution", None)
        plain = getattr(execution, "execute_once", None)
        if plain is None:  # a Hypothesis that works in another way: then nothing is recorded
            yield
            return

        def execute_once(*args: Any, **kwargs: Any) -> Any:
            return self._run(partial(plain, *args, **kwargs), apart)

        apart = self._apart = self._apart or mutmut_trampoline.Apart()
        execution.execute_once = execute_once
        try:
            yield
        finally:
            execution.execute_once = plain
            with apart:  # what a fork called since the last example
                pass

    def _run(self, example: Callable[[], Any], apart: mutmut_trampoline.Apart) -> Any:
        if self._inside:  # an example that runs a property of its own is one example
            return example()
        self._inside = True
        try:
            with apart:
                result = example()
        finally:
            self._inside = False
        self._counted.examples += 1
        self._counted.reached.update(apart.places)
        return result
