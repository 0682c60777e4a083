"""What trampolines note: which functions were called, in all, and within one example."""

from __future__ import annotations

import asyncio
import ctypes.util
import multiprocessing
import os
import platform
import signal
import subprocess
from collections.abc import Callable
from contextlib import suppress

import pytest
from forks import told_by_a_fork
from hypothesis import given, settings
from hypothesis import strategies as st

from mutmut_dashboard.engine import mutmut_trampoline
from mutmut_dashboard.engine.examples import ExampleCounter
from mutmut_dashboard.engine.mutmut_trampoline import UNKNOWN, Apart

FUNCTIONS = 6
calls = st.lists(st.integers(UNKNOWN, FUNCTIONS))


@pytest.fixture(autouse=True)
def _own_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutmut_trampoline.noted, "marks", bytearray(FUNCTIONS + 1))
    monkeypatch.setattr(mutmut_trampoline, "_size", FUNCTIONS + 1)
    monkeypatch.setattr(mutmut_trampoline, "_last", FUNCTIONS)


def call(*places: int) -> None:
    for place in places:
        mutmut_trampoline.Watched({"original": print}, place, {})["original"]


def taken() -> set[int]:
    return {place for place, mark in enumerate(mutmut_trampoline.take_marks()) if mark}


@given(calls, st.lists(calls), calls)
def test_each_stretch_apart_knows_its_own_calls_and_all_are_known_in_the_end(
    before: list[int], stretches: list[list[int]], after: list[int]
) -> None:
    call(*before)
    apart, found = Apart(), []
    for stretch in stretches:
        with apart:
            call(*stretch)
        found.append(set(apart.places))
    call(*after)

    assert found == [set(stretch) - {UNKNOWN} for stretch in stretches]
    assert taken() == {*before, *after}.union(*stretches)


def test_each_test_of_a_job_knows_its_own_calls_and_all_outlive_a_child_that_is_killed() -> None:
    marks = mutmut_trampoline.twice_the_marks()
    pid = os.fork()
    if pid == 0:
        try:
            mutmut_trampoline.note_into(marks)
            call(1, 2)
            first = mutmut_trampoline.set_aside()
            mutmut_trampoline.begin(1)
            call(2, 4)
            second = mutmut_trampoline.set_aside()
            mutmut_trampoline.begin(300)
            call(5)
            if (first, second) == (bytes([0, 1, 1, 0, 0, 0, 0]), bytes([0, 0, 1, 0, 1, 0, 0])):
                os.kill(os.getpid(), signal.SIGKILL)
        finally:
            os._exit(1)  # a child that fails must not go on as a second test run
    _, status = os.waitpid(pid, 0)

    assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL
    assert mutmut_trampoline.read_all(marks) == (bytes([0, 1, 1, 0, 1, 1, 0]), 300)
    assert not any(marks[:])


def test_what_ends_a_stretch_loses_no_call() -> None:
    with suppress(KeyError), Apart():
        call(3)
        raise KeyError

    call(1)
    assert taken() == {1, 3}


def test_what_a_fork_calls_within_a_stretch_is_known_here() -> None:
    apart = Apart()
    with apart:
        pid = os.fork()
        if pid == 0:
            call(4)
            os._exit(0)
        os.waitpid(pid, 0)

    assert apart.places == [4]
    assert taken() == {4}


def _becomes_another_program(become: Callable[[], object]) -> None:
    pid = os.fork()
    if pid == 0:
        try:
            become()
        finally:
            os._exit(1)
    os.waitpid(pid, 0)


def _of_a_fresh_interpreter() -> None:
    process = multiprocessing.get_context("spawn").Process(target=print)
    process.start()
    process.join()


STARTS: dict[str, Callable[[], object]] = {
    "a program": lambda: subprocess.run(["true"], check=True),
    "a shell": lambda: os.system("true"),
    "one that asyncio starts": lambda: asyncio.run(asyncio.create_subprocess_exec("true")),
    "one without a shell": lambda: os.waitpid(os.posix_spawnp("true", ["true"], os.environ), 0),
    "one in a fork": lambda: _becomes_another_program(lambda: os.execvp("true", ["true"])),
    "one with an environment": lambda: _becomes_another_program(
        lambda: os.execvpe("true", ["true"], os.environ)
    ),
    "one of multiprocessing": _of_a_fresh_interpreter,
}
QUESTIONS: dict[str, Callable[[], object]] = {
    "without a fork": lambda: exec(
        "run(['/bin/true'], close_fds=False)", {"__name__": "platform", "run": subprocess.run}
    ),
    "the processor": platform.processor,
    "a library": lambda: ctypes.util.find_library("no such library"),
    "nothing": lambda: None,
}


def is_unknown_after(work: Callable[[], object]) -> bool:
    def watched() -> bool:
        mutmut_trampoline._watch_programs()
        mutmut_trampoline.note_alone()
        vars(platform)["_uname_cache"] = None  # so that it is asked for
        work()
        return bool(mutmut_trampoline.noted.marks[UNKNOWN])

    return bool(told_by_a_fork(watched))


@pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)
def test_what_a_program_calls_that_a_test_starts_is_not_known(start: Callable[[], object]) -> None:
    assert is_unknown_after(start)


@pytest.mark.parametrize("ask", QUESTIONS.values(), ids=QUESTIONS)
def test_a_program_that_tells_of_the_system_calls_nothing(ask: Callable[[], object]) -> None:
    assert not is_unknown_after(ask)


def reached(counter: ExampleCounter, example: Callable[[], object]) -> dict[int, int]:
    """Have a property run once with examples counted; return the places that it reached."""

    @settings(max_examples=1, database=None)
    @given(st.just(None))
    def run(_nothing: None) -> None:
        example()

    hook = counter.pytest_runtest_call()
    next(hook)
    run()
    with suppress(StopIteration):
        hook.send(None)
    return dict(counter.take().reached)


def test_forks_that_count_examples_side_by_side_do_not_count_those_of_each_other() -> None:
    counter = ExampleCounter()
    (told, tell), (may_end, let_end) = os.pipe(), os.pipe()

    def long_example() -> None:
        call(4)
        os.write(tell, b"!")
        os.read(may_end, 1)

    pid = os.fork()
    if pid == 0:
        try:
            reached(counter, long_example)
        finally:
            os._exit(0)  # a child that fails must not go on as a second test run
    os.close(tell)
    try:
        assert os.read(told, 1) == b"!"
        found = reached(counter, lambda: call(1))
    finally:
        os.write(let_end, b"!")
        os.waitpid(pid, 0)
        for end in (told, may_end, let_end):
            os.close(end)

    assert found == {1: 1}
