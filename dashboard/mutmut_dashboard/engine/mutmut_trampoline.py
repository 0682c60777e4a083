"""Inside the tests' process: makes mutmut's trampolines note which functions are called, in memory that outlives it.

Each trampoline keeps its variants in a dictionary. `install` hands it a stand-in for that dictionary, which marks the
function's place whenever the original is looked up, as every call does first, and the places of all its stretches until it is
known to mark those itself. The marks lie in memory shared with the parent where a fork asked for it, so that a child that is
killed leaves them behind.
"""

from __future__ import annotations

import _posixsubprocess
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from mmap import mmap
from types import FrameType, FunctionType
from typing import Any, Self

from mutmut.mutation import trampoline
from mutmut.mutation.trampoline_templates import mangle_function_name

from mutmut_dashboard.engine.stretches import SEPARATOR, whole_function

UNKNOWN = 0
"""The place for calls that no function's place can stand for: unknown functions, and programs that were started."""

_CALLED = b"\x01"
_ORIGINAL = "_mutmut_orig"
"""What mutmut calls the variant that is no mutant."""
_ASK_THE_SYSTEM = frozenset({"ctypes.util", "distro", "distro.distro", "platform", "uuid"})
"""Modules that start `uname`, `ldconfig`, `ifconfig` and the like."""
_POSITION = 4
"""Bytes of a position."""
_active = ""
_size = 1
_last = 0
"""The last place of a function; those of stretches follow."""
_listener: Callable[[FunctionType], object] | None = None


class _Noted:
    """Holds the marks that are set now; code that marks itself has it among its constants."""

    __slots__ = ("marks",)

    def __init__(self) -> None:
        self.marks: bytearray | mmap = bytearray(1)


noted = _Noted()


def install(keys: Sequence[str]) -> None:
    """Take part in every trampoline made from now on; `keys`, whose places begin at 1, are mutmut's of functions, then those of stretches."""
    global _size, _last  # noqa: PLW0603 - looked up in every call
    _size = len(keys) + 1
    noted.marks = bytearray(_size)
    place: dict[str, int] = {}
    within: dict[str, dict[str, int]] = {}
    for at, key in enumerate(keys, 1):
        function = whole_function(key)
        if function == key:
            place[key] = _last = at
        else:
            within.setdefault(function, {})[key.partition(SEPARATOR)[2]] = at
    plain = trampoline.wrap_in_trampoline

    def wrap(variants: dict[str, Any], is_classmethod: bool = False) -> Callable[[Any], Any]:
        def decorate(function: Any) -> Any:
            key = _key(function)
            watched: Any = Watched(variants, place.get(key, UNKNOWN), within.get(key, {}))
            _made.append(watched)
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


def originals() -> dict[FunctionType, Watched]:
    """Return the functions that the trampolines made so far call without a mutant, and what watches each."""
    return {_function(own[_ORIGINAL]): watched for watched in _made if _ORIGINAL in (own := watched.variants)}


def tell(listener: Callable[[FunctionType], object]) -> None:
    """Tell it, from now on, each original function that is about to be called."""
    global _listener  # noqa: PLW0603 - looked up in every call
    _listener = listener


def note_into(marks: bytearray | mmap) -> None:
    """Keep the marks there from now on."""
    noted.marks = marks


def note_alone() -> None:
    """Keep the marks of this process and its forks apart from now on: others share those made so far. At first there are none."""
    note_into(mmap(-1, _size))


def twice_the_marks() -> mmap:
    """Return memory for `note_into`, `set_aside`, `begin` and `leave_rest`.

    It holds what was called since the last time and before it, a position, and whether the rest is left.
    """
    return mmap(-1, 2 * _size + _POSITION + 1)


def begin(position: int) -> None:
    """Note which test of a job begins, so that it is known even of a child that is killed in it."""
    noted.marks[2 * _size : 2 * _size + _POSITION] = position.to_bytes(_POSITION, "little")


def leave_rest(marks: mmap) -> None:
    """Ask a child that notes into this to run no further test."""
    marks[-1] = 1


def rest_is_left() -> bool:
    """Whether this process was asked to run no further test."""
    return bool(noted.marks[-1])


def read_all(marks: mmap) -> tuple[bytes, int]:
    """Return what was called in all, and the position of the test that began last; clear both."""
    size = (len(marks) - _POSITION - 1) // 2
    called = either(marks[:size], marks[size : 2 * size])
    position = int.from_bytes(marks[2 * size : 2 * size + _POSITION], "little")
    marks[:] = bytes(len(marks))
    return called, position


def set_aside() -> bytes:
    """Return a byte per place as `take_marks` does, and keep the marks in the second half of the memory noted into."""
    marks = noted.marks
    now = bytes(marks[:_size])
    marks[_size : 2 * _size] = either(now, bytes(marks[_size : 2 * _size]))
    marks[:_size] = bytes(_size)
    return now


def either(one: bytes, other: bytes) -> bytes:
    """Return the marks that one of two has."""
    both = int.from_bytes(one, "little") | int.from_bytes(other, "little")
    return both.to_bytes(len(one), "little")


def take_marks() -> bytes:
    """Return a byte per place, 1 where something was called since the last time."""
    taken = bytes(noted.marks)
    noted.marks[:] = bytes(len(taken))
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
        self._outside = noted.marks
        note_into(self._own)
        return self

    def __exit__(self, *_: object) -> None:
        note_into(self._outside)
        self.places = []
        at = self._own.find(_CALLED)
        while at >= 0:
            self._own[at], self._outside[at] = 0, 1
            if UNKNOWN < at <= _last:
                self.places.append(at)
            at = self._own.find(_CALLED, at + 1)


class Watched:
    """The variants of one function, as its trampoline looks them up."""

    __slots__ = ("_place", "_within", "get", "stretches", "variants")

    def __init__(self, variants: dict[str, Any], place: int, stretches: Mapping[str, int]) -> None:
        self.variants = variants
        self._place = place
        self._within = tuple(stretches.values())
        self.stretches = stretches
        """Name of each but the first -> its place."""
        self.get = variants.get

    def marks_stretches(self) -> None:
        """Take notice that the original marks those itself from now on."""
        self._within = ()

    def __getitem__(self, name: str) -> Any:
        marks = noted.marks
        marks[self._place] = 1
        for place in self._within:
            marks[place] = 1
        function = self.variants[name]
        if _listener is not None:
            _listener(_function(function))
        return function


_made: list[Watched] = []
"""What watches each trampoline."""


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
        (os, "execv"),
        (os, "execve"),
        (_posixsubprocess, "fork_exec"),  # as multiprocessing does, without Popen
    ):
        setattr(owner, name, _marking(getattr(owner, name)))


def _marking(start: Callable[..., Any]) -> Callable[..., Any]:
    def marking(*args: Any, **kwargs: Any) -> Any:
        if not _asks_the_system(sys._getframe(1)):  # noqa: SLF001 - the way to the caller
            noted.marks[UNKNOWN] = 1
        return start(*args, **kwargs)

    return marking


def _asks_the_system(caller: FrameType | None) -> bool:
    """Whether a program is one of the system, started to learn about it: clients of web services tell what they run on."""
    # `Popen` may call `posix_spawn`, which is watched, too.
    while caller is not None and caller.f_globals.get("__name__") in {subprocess.__name__, __name__}:
        caller = caller.f_back
    return caller is not None and caller.f_globals.get("__name__") in _ASK_THE_SYSTEM
