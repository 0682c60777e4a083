"""Which processes only wait: what a mutant's worker is free for, and what meets the wall limit."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from trees_support import facts_of, run_cli

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


CODE = """\
def start(number):
    return number + 1

def first(number):
    return number - 1

def second(number):
    return number * 2
"""
SUITE = """\
import os
import re
import time
from pathlib import Path

from shop import first, second, start

NOTES = Path({notes!r})


def is_of(function):
    return re.search(rf"x_{{function}}__mutmut_[0-9]+$", os.environ.get("MUTANT_UNDER_TEST") or "") is not None


def wait_for(name):
    deadline = time.monotonic() + 12
    while not (NOTES / name).exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    return (NOTES / name).exists()


if is_of("start"):
    wait_for("first is over")
STARTED = start(1)


def test_first():
    time.sleep(0.1)  # so that it is the longest, whose mutants are judged first
    if is_of("first"):
        met = wait_for("second was judged")
        (NOTES / ("first is over" if met else "first waited in vain")).touch()
    assert first(3) == 2


def test_second():
    if is_of("second"):
        (NOTES / "second was judged").touch()
    assert second(3) == 6


def test_start():
    assert STARTED == 2
"""


def test_others_are_judged_beside_one_that_waits_while_another_is_judged_at_import(tmp_path: Path) -> None:
    tree, notes = tmp_path / "tree", tmp_path / "notes"
    for folder in (tree / "tests", notes):
        folder.mkdir(parents=True)
    settings = '[tool.mutmut]\nsource_paths = ["shop.py"]\ntests_dir = ["tests"]\n'
    texts = {
        "shop.py": CODE,
        "pyproject.toml": settings,
        "tests/test_shop.py": SUITE.format(notes=str(notes)),
    }
    for name, text in texts.items():
        (tree / name).write_text(text, encoding="utf-8")

    outcome = run_cli(tree, "run", "--no-page", "--workers", "2")

    assert outcome.code == 0, outcome.err
    assert {note.name for note in notes.iterdir()} == {"second was judged", "first is over"}
    assert {str(status) for status in facts_of(tree).statuses.values()} == {"killed"}
