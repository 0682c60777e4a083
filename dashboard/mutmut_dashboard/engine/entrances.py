"""Inside the process that measures: lines are noted only while code under test goes on, for tracing doubles the time of all else.

What a property does, most of all, is to draw examples, and CPython takes notice of every line of that. So the trace function is
there from where a test calls a function under test to where the outermost such call returns. A generator, a coroutine or a
function made within may outlive the call and go on later; then the trace function stays. Whether one does is told by the
references to its code.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from threading import get_ident
from types import CodeType
from typing import Any

_AT_REST = 5
"""References to code that nothing runs: by what made it, by two collections here, by a variable, and by the call that counts."""
_GOES_ON = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR

_NONE = 0
"""A number that no thread has."""
_PATIENCE = 1000
"""Calls in a row after which something was left, until it is taken for something that stays."""

Function = Callable[..., Any]


def entrances(trace: object, turns: AbstractContextManager[object] | None = None) -> Entrances | None:
    """Return what turns a trace function on and off; None where that is not quick, or where it would miss what it must see.

    From 3.12 on every turn makes the interpreter prepare all code anew. Of coverage.py's trace functions only the one in C
    bears frames whose beginning it has not seen. `turns` is what threads take when they install theirs.
    """
    quick = sys.version_info < (3, 12) and type(trace).__name__ == "CTracer"
    return Entrances(trace, turns) if quick else None


class Entrances:
    """Stands at functions; called with each that is about to be called, it returns what to call instead."""

    def __init__(self, trace: Any, turns: AbstractContextManager[object] | None = None) -> None:
        self._trace = trace
        self._turns = turns or nullcontext()
        self._inside = False
        self._thread = get_ident()
        self._made_by: dict[Function, tuple[CodeType, ...]] = {}
        """Function -> code that may go on after it has returned."""
        self._made: set[CodeType] = set()
        """Such code of the functions called since nothing of the kind was left."""
        self._left = 0
        """How many calls in a row have left something of the kind."""
        self.when_open: Callable[[], object] = _begin
        """Called when every line is noted from then on, so that nobody needs to come in this way."""

    def close(self) -> None:
        """Note no lines until the next call, in the thread that asks for it; others are traced throughout."""
        self._thread = get_ident()
        self._turn(None)

    def open(self) -> None:
        """Note every line from now on.

        Raises:
            RuntimeError: it is another thread that asks, and the one that is watched cannot be told.

        """
        if get_ident() != self._thread:
            raise RuntimeError("only a thread itself can trace what it runs")
        self._thread = _NONE
        sys.settrace(self._trace)
        self.when_open()

    def __call__(self, function: Function) -> Function:
        """Return what to call."""
        if get_ident() != self._thread:
            return function
        made = self._made_by.get(function)
        if made is None:
            made = self._made_by[function] = tuple(_goes_on(function))
        self._made.update(made)
        if self._inside:
            return function
        return lambda *args, **kwargs: self._run(function, args, kwargs)

    def _run(self, function: Function, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if (other := sys.gettrace()) is not None and other is not self._trace:  # a test traces by itself
            return function(*args, **kwargs)
        self._inside = True
        self._turn(self._trace)
        try:
            return function(*args, **kwargs)
        finally:
            self._inside = False
            # What the code itself has put there meanwhile is not ours to take away.
            if sys.gettrace() is self._trace and self._thread != _NONE:
                self._leave()

    def _leave(self) -> None:
        if not self._anything_left():
            self._left = 0
            self._made.clear()
            self._turn(None)
            return
        self._left += 1
        if self._left == _PATIENCE:
            self.open()

    def _turn(self, trace: Any) -> None:
        with self._turns:
            sys.settrace(trace)
            _begin()  # on the first call coverage.py's trace function installs itself anew, in C

    def _anything_left(self) -> bool:
        return any(sys.getrefcount(code) > _AT_REST for code in self._made)


def _goes_on(function: Function) -> Iterator[CodeType]:
    code = getattr(function, "__code__", None)
    if isinstance(code, CodeType):
        if code.co_flags & _GOES_ON:
            yield code
        yield from _within(code)


def _within(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _within(constant)


def _begin() -> None:
    pass
