"""Which processes only wait: what a mutant's worker is free for, and what meets the wall limit."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from mutmut_dashboard.engine.idle import Watch, works

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the system does not say it elsewhere")

WAITS = "print(flush=True); input()"
WORKS = "print(flush=True)\nwhile True: pass"
WAITS_FOR_ONE_THAT_WORKS = f"""
import subprocess, sys
subprocess.run([sys.executable, "-c", {WORKS!r}])
"""


LONG = 1000.0
"""Seconds in which what a process uses while it starts is as good as nothing."""


@contextmanager
def running(code: str) -> Iterator[int]:
    """A process that has come to where it stays, by its number."""
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        process_group=0,
    ) as process:
        assert process.stdout
        process.stdout.readline()
        yield process.pid
        os.killpg(process.pid, signal.SIGKILL)


def is_idle(pid: int) -> bool:
    watch = Watch(pid, 0.0)
    watch.look(LONG)
    return watch.idle


def test_a_process_that_waits_for_something_from_outside_is_idle() -> None:
    with running(WAITS) as pid:
        while not is_idle(pid):  # it has said so, and is about to
            pass


def test_one_that_computes_is_not() -> None:
    with running(WORKS) as pid:
        assert not is_idle(pid)


def test_one_that_waits_for_a_process_of_its_own_is_not() -> None:
    """Its test goes on there."""
    with running(WAITS_FOR_ONE_THAT_WORKS) as pid:
        assert not any(is_idle(pid) for _ in range(100))


def test_one_that_has_ended_is_not() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()

        assert not is_idle(process.pid)


def test_it_says_when_that_changed_and_looks_no_more_often_than_it_can_tell() -> None:
    with running(WAITS) as pid:
        while not is_idle(pid):
            pass
        watch = Watch(pid, 0.0)

        assert [watch.look(at) for at in (0.1, LONG, LONG + 0.1, 2 * LONG)] == [False, True, False, False]
        assert watch.idle


@pytest.mark.parametrize(
    ("used", "wall", "is_work"), [(0.0, 1.0, False), (0.04, 1.0, False), (0.2, 1.0, True)]
)
def test_work_is_what_uses_a_share_of_a_processor(used: float, wall: float, is_work: bool) -> None:
    assert works(used, wall) is is_work
