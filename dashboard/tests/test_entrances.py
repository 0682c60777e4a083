"""Lines noted only while code under test goes on are the lines noted by tracing everything."""

from __future__ import annotations

import asyncio
import importlib
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

import coverage
import pytest
from forks import told_by_a_fork

from mutmut_dashboard.engine.entrances import Entrances, entrances

SOURCE = """\
def plain(x):
    if x:
        return 1
    return 2

def outer(x):
    return plain(x) + 1

def adder(x):
    def add(y):
        return x + y
    return add

def keyed(rows):
    return sorted(rows, key=lambda row:
        -row)

def numbers(n):
    for at in range(n):
        yield at
    yield -1

def later(n):
    return (
        at + 1
        for at in range(n)
    )

async def waits(x):
    await x
    return 7

def fails(x):
    raise ValueError(
        x)

def made():
    class Made:
        def late(self):
            return 5
    return Made()

class Shop:
    @classmethod
    def open(cls):
        return cls()
"""
TRACED = sys.version_info < (3, 12)
needs_turns = pytest.mark.skipif(not TRACED, reason="from 3.12 on lines are noted throughout")


def calls_at_a_distance(shop: Any) -> None:
    kept = shop.adder(1)
    shop.plain(0)
    kept(2)


def steps_in_between(shop: Any) -> None:
    steps = shop.numbers(1)
    next(steps)
    shop.plain(1)
    list(steps)


def awaited(shop: Any) -> None:
    async def both() -> None:
        await shop.waits(asyncio.sleep(0))

    asyncio.run(both())


def failing(shop: Any) -> None:
    with pytest.raises(ValueError, match="3"):
        shop.fails(3)
    shop.plain(1)


def in_a_thread(shop: Any) -> None:
    thread = threading.Thread(target=shop.outer, args=(0,))
    thread.start()
    thread.join()


STORIES: dict[str, Callable[[Any], object]] = {
    "a call": lambda shop: shop.plain(1),
    "one within another": lambda shop: shop.outer(0),
    "a function that was made, called after others": calls_at_a_distance,
    "a function that is called at once": lambda shop: shop.keyed([1, 2]),
    "a generator": steps_in_between,
    "a generator that an expression makes": lambda shop: list(shop.later(2)),
    "a coroutine": awaited,
    "a failure": failing,
    "a class made within": lambda shop: shop.made().late(),
    "a class method": lambda shop: shop.open(),
    "a thread": in_a_thread,
    "nothing": lambda shop: None,
}


class Shop:
    """The module's functions, each behind an entrance, if there is one."""

    def __init__(self, module: ModuleType, at: Entrances | None) -> None:
        self._module = module
        self._at = at

    def __getattr__(self, name: str) -> Any:
        function = getattr(self._module.Shop if name == "open" else self._module, name)
        if (at := self._at) is None:
            return function

        def call(*args: Any) -> Any:
            return at(function)(*args)  # in the thread that calls

        return call


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    (tmp_path / "entered_shop.py").write_text(SOURCE, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield importlib.import_module("entered_shop")
    del sys.modules["entered_shop"]


def noted(module: ModuleType, story: Callable[[Any], object], *, turns: bool) -> list[int]:
    """The lines of the module that a story runs, noted in a fork."""
    file = str(module.__file__)

    def lines() -> list[int]:
        measurement = coverage.Coverage(data_file=None, include=[file], messages=False)
        measurement.set_option("run:disable_warnings", ["no-data-collected"])
        measurement.start()
        at = entrances(sys.gettrace()) if turns else None
        if at is not None:
            at.close()
        story(Shop(module, at))
        measurement.stop()
        return sorted(measurement.get_data().lines(file) or ())

    found: list[int] = told_by_a_fork(lines)
    return found


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_the_same_lines_are_noted(module: ModuleType, story: Callable[[Any], object]) -> None:
    assert noted(module, story, turns=True) == noted(module, story, turns=False)


def test_the_stories_run_every_line_of_a_body(module: ModuleType) -> None:
    """So that what is compared above is not nothing."""
    found = {line for story in STORIES.values() for line in noted(module, story, turns=False)}
    heads = {1, 6, 9, 14, 18, 23, 29, 33, 37, 43, 44, 45}
    bodies = {at for at, line in enumerate(SOURCE.splitlines(), 1) if line.strip()} - heads
    assert bodies - found <= {22, 24, 27, 28}, "lines without code of their own"


class Trace:
    """Stands for coverage.py's trace function and notes nothing."""

    def __call__(self, frame: FrameType, event: str, argument: object) -> None:
        return None


@needs_turns
class TestTurns:
    @pytest.fixture
    def at(self) -> Iterator[Entrances]:
        before = sys.gettrace()
        at = Entrances(Trace())
        at.close()
        yield at
        sys.settrace(before)

    def test_the_trace_function_is_there_within_a_call_and_not_outside(self, at: Entrances) -> None:
        seen: list[bool] = []

        def look() -> None:
            seen.append(sys.gettrace() is not None)

        look()
        at(look)()
        look()
        assert seen == [False, True, False]

    def test_it_goes_when_what_outlived_a_call_is_gone(self, at: Entrances) -> None:
        def maker() -> Callable[[], int]:
            return lambda: 1

        def other() -> None:
            pass

        kept = at(maker)()
        assert sys.gettrace() is not None
        at(other)()
        assert sys.gettrace() is not None
        assert kept() == 1
        del kept
        at(other)()
        assert sys.gettrace() is None

    def test_a_test_that_traces_by_itself_keeps_its_trace_function(self, at: Entrances) -> None:
        own = Trace()
        sys.settrace(own)
        at(len)("x")
        assert sys.gettrace() is own

    def test_a_trace_function_that_the_code_itself_puts_there_stays(self, at: Entrances) -> None:
        own = Trace()
        at(sys.settrace)(own)
        assert sys.gettrace() is own

    def test_another_thread_is_let_be(self, at: Entrances) -> None:
        found: list[object] = []
        thread = threading.Thread(target=lambda: found.append(at(len)))
        thread.start()
        thread.join()
        assert found == [len]


def test_where_turns_are_slow_or_would_miss_lines_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert entrances(Trace()) is None
    quick = type("CTracer", (), {})()
    assert (entrances(quick) is not None) == TRACED
    monkeypatch.setattr(sys, "version_info", (3, 12))
    assert entrances(quick) is None
