"""Inside the process that measures: each function under test leads through an entrance, so that it is known when one is called and returns.

A function stays the object that it is, so who has it by name, as a decorator does or a test that imported it, comes in that way,
too. Only its code is exchanged, for code that asks the entrance what to call.
"""

from __future__ import annotations

import gc
import inspect
import os
import sys
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from functools import cache, partial
from types import AsyncGeneratorType, CodeType, CoroutineType, FunctionType, GeneratorType
from typing import Any

from mutmut_dashboard.engine.entrances import Entrances, entrances

_KIND = (
    inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR | inspect.CO_ITERABLE_COROUTINE
)
"""Flags of code that say what a call makes; on the Pythons that have entrances, they only say so to who asks."""
_ENTER = "the entrance"


class StandIns:
    """From when it is made on, lines of some files are noted only while a function of theirs goes on, where that is possible."""

    def __init__(
        self, trace: object, files: Collection[str], turns: AbstractContextManager[object] | None = None
    ) -> None:
        self.doubtful = ""
        """Why lines may have been missed; empty where none were."""
        self._at = entrances(trace, turns)
        self._is_under_test = _within(files)
        everything = gc.get_objects()
        functions = [
            one for one in everything if type(one) is FunctionType and self._is_under_test(one.__code__)
        ]
        if self._at is None or any(map(self._is_under_test, _on_the_way(everything))):
            self._at = None
            return
        pairs = [(function, _exchange(function, self._at)) for function in functions]
        self._at.when_open = partial(_change_back, pairs)
        sys.addaudithook(self._hook)
        self._at.close()

    @property
    def stand(self) -> bool:
        """Whether they stand in for anything: not where turning the trace function on and off is slow.

        Nor where code under test is on its way already.
        """
        return self._at is not None

    def _hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Trace everything once a file under test is executed anew, as by an import in the middle of a test."""
        if event != "exec" or self._at is None or not isinstance(code := arguments[0], CodeType):
            return
        if self._is_under_test(code):
            try:
                self._at.open()
            except RuntimeError:
                self.doubtful = f"{code.co_filename} was executed in a thread"


def _within(files: Collection[str]) -> Callable[[CodeType], bool]:
    wanted = {os.path.realpath(file) for file in files}
    is_wanted = cache(lambda file: os.path.realpath(file) in wanted)
    return lambda code: is_wanted(code.co_filename)


def _on_the_way(everything: Collection[object]) -> list[CodeType]:
    """Return the code of generators and coroutines that were begun, or made and not begun."""
    return [
        *(one.gi_code for one in everything if type(one) is GeneratorType),
        *(one.cr_code for one in everything if type(one) is CoroutineType),
        *(one.ag_code for one in everything if type(one) is AsyncGeneratorType),
    ]


def _exchange(function: FunctionType, at: Entrances) -> FunctionType:
    """Put a stand-in's code into a function, and return one with its own."""
    code = function.__code__
    own = FunctionType(
        code, function.__globals__, function.__name__, function.__defaults__, function.__closure__
    )
    own.__kwdefaults__, own.__qualname__ = function.__kwdefaults__, function.__qualname__
    own.__annotations__ = function.__annotations__
    enter = partial(at, own)
    stand_in = _stand_in.__code__
    function.__code__ = stand_in.replace(
        co_flags=stand_in.co_flags | code.co_flags & _KIND,
        co_name=code.co_name,
        co_qualname=code.co_qualname,
        co_freevars=code.co_freevars,
        co_consts=tuple(enter if one == _ENTER else one for one in stand_in.co_consts),
    )
    if not hasattr(function, "__wrapped__"):
        function.__wrapped__ = own  # type: ignore[attr-defined]  # its signature and source are found by that
    return own


def _change_back(pairs: Collection[tuple[FunctionType, FunctionType]]) -> None:
    for function, own in pairs:  # not their code, whose references say what goes on
        function.__code__ = own.__code__


def _stand_in(*args: Any, **kwargs: Any) -> Any:
    enter: Any = "the entrance"
    return enter()(*args, **kwargs)
