"""Inside the tests' process: makes mutmut's trampolines note which functions are called, in memory that outlives it.

Each trampoline keeps its variants in a dictionary. `install` hands it a stand-in for that dictionary, which marks the
function's place in `calls` whenever the original is looked up, as every call does first. The marks lie in memory shared
with the parent where a fork asked for it, so that a child that is killed leaves them behind.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from mmap import mmap
from types import FunctionType
from typing import Any, Self

from mutmut.mutation import trampoline
from mutmut.mutation.trampoline_templates import mangle_function_name

UNKNOWN = 0
"""The place for calls that no function's place can stand for: unknown functions, and programs that were started."""

_CALLED = b"\x01"
_ORIGINAL = "_mutmut_orig"
"""What mutmut calls the variant that is no mutant."""
_POSITION = 4
"""Bytes of a position."""
_active = ""
_size = 1
_marks: bytearray | mmap = bytearray(1)
_listener: Callable[[FunctionType], object] | None = None
_made: list[dict[str, Any]] = []
"""The variants of every trampoline."""


def install(functions: Sequence[str]) -> None:
    """Take part in every trampoline made from now on; `functions` are mutmut's keys, whose places begin at 1."""
    global _marks, _size  # noqa: PLW0603 - looked up in every call
    _size = len(functions) + 1
    _marks = bytearray(_size)
    place = {key: at for at, key in enumerate(functions, 1)}
    plain = trampoline.wrap_in_trampoline

    def wrap(variants: dict[str, Any], is_classmethod: bool = False) -> Callable[[Any], Any]:
        def decorate(function: Any) -> Any:
            watched: Any = _Watched(variants, place.get(_key(function), UNKNOWN))
            _made.append(variants)
            return plain(watched, is_classmethod)(function)

        return decorate

    vars(trampoline)["wrap_in_trampoline"] = wrap
    # mutmut looks into os.environ twice in every call; nothing else can change what is active here.
    vars(trampoline)["get_mutant_under_test"] = lambda: _active
    _watch_programs()


def activate(mutant_name: str) -> None:
    """Make the trampolines of this process run that mutant; "" runs the original."""
    global _active  # noqa: PLW0603 - looked up in every call
    _active = mutant_name
    trampoline.set_mutant_under_test(mutant_name)  # for programs that tests start


def originals() -> list[FunctionType]:
    """Return the functions that the trampolines made so far call without a mutant."""
    return [_function(variants[_ORIGINAL]) for variants in _made if _ORIGINAL in variants]


def tell(listener: Callable[[FunctionType], object]) -> None:
    """Tell it, from now on, each original function that is about to be called."""
    global _listener  # noqa: PLW0603 - looked up in every call
    _listener = listener


def note_into(marks: bytearray | mmap) -> None:
    """Keep the marks there from now on."""
    global _marks  # noqa: PLW0603 - looked up in every call
    _marks = marks


def note_alone() -> None:
    """Keep the marks of this process and its forks apart from now on: others share those made so far. At first there are none."""
    note_into(mmap(-1, _size))


def twice_the_marks() -> mmap:
    """Return memory for `note_into`, `set_aside` and `begin`: what was called since the last time and before it, and a position."""
    return mmap(-1, 2 * _size + _POSITION)


def begin(position: int) -> None:
    """Note which test of a job begins, so that it is known even of a child that is killed in it."""
    _marks[2 * _size :] = position.to_bytes(_POSITION, "little")


def read_all(marks: mmap) -> tuple[bytes, int]:
    """Return what was called in all, and the position of the test that began last; clear both."""
    size = (len(marks) - _POSITION) // 2
    called = either(marks[:size], marks[size : 2 * size])
    position = int.from_bytes(marks[2 * size :], "little")
    marks[:] = bytes(len(marks))
    return called, position


def set_aside() -> bytes:
    """Return a byte per place as `take_marks` does, and keep the marks in the second half of the memory noted into."""
    now = bytes(_marks[:_size])
    _marks[_size : 2 * _size] = either(now, bytes(_marks[_size : 2 * _size]))
    _marks[:_size] = bytes(_size)
    return now


def either(one: bytes, other: bytes) -> bytes:
    """Return the marks that one of two has."""
    both = int.from_bytes(one, "little") | int.from_bytes(other, "little")
    return both.to_bytes(len(one), "little")


def take_marks() -> bytes:
    """Return a byte per place, 1 where something was called since the last time."""
    taken = bytes(_marks)
    _marks[:] = bytes(len(taken))
    return taken


class Apart:
    """Notes what is called within by itself; what was called before and afterwards is noted as ever. Not to be nested.

    Nothing is lost whatever happens within: the marks outside get those made here, by forks of this process as well.
    What a fork calls after it was left counts for the next time.
    """

    def __init__(self) -> None:
        self._own = mmap(-1, _size)
        self.places: list[int] = []
        """Those of the functions that were called, known once it is left."""

    def __enter__(self) -> Self:
        self._outside = _marks
        note_into(self._own)
        return self

    def __exit__(self, *_: object) -> None:
        note_into(self._outside)
        self.places = []
        at = self._own.find(_CALLED)
        while at >= 0:
            self._own[at], self._outside[at] = 0, 1
            if at != UNKNOWN:
                self.places.append(at)
            at = self._own.find(_CALLED, at + 1)


class _Watched:
    """The variants of one function, as its trampoline looks them up."""

    __slots__ = ("_place", "_variants", "get")

    def __init__(self, variants: dict[str, Any], place: int) -> None:
        self._variants = variants
        self._place = place
        self.get = variants.get

    def __getitem__(self, name: str) -> Any:
        _marks[self._place] = 1
        function = self._variants[name]
        if _listener is not None:
            _listener(_function(function))
        return function


def _function(variant: Any) -> FunctionType:
    """Return the function of a variant; that of a class method is bound."""
    found: FunctionType = getattr(variant, "__func__", variant)
    return found


def _key(function: Any) -> str:
    *outer, name = function.__qualname__.split(".")
    mangled = mangle_function_name(name=name, class_name=outer[-1] if outer else None)
    return f"{function.__module__}.{mangled}"


def _watch_programs() -> None:
    # A started program may run code under test that no trampoline of this process sees. A fork's trampolines are
    # these, and mark the same memory where it is shared.
    for owner, name in (
        (subprocess.Popen, "__init__"),
        (os, "system"),
        (os, "posix_spawn"),
        (os, "posix_spawnp"),
    ):
        setattr(owner, name, _marking(getattr(owner, name)))


def _marking(start: Callable[..., Any]) -> Callable[..., Any]:
    def marking(*args: Any, **kwargs: Any) -> Any:
        _marks[UNKNOWN] = 1
        return start(*args, **kwargs)

    return marking
