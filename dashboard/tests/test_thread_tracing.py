"""Threads that start at the same time while coverage.py traces and an audit hook lets others run."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from mutmut_dashboard.engine.thread_tracing import one_at_a_time

PACKAGE = Path(__file__).parents[1]
PROGRAM = """
import sys, threading, time
from contextlib import nullcontext
from mutmut_dashboard.engine.thread_tracing import one_at_a_time

seen, done = set(), []

def work():
    done.append(1)

def trace(frame, event, argument):
    seen.add(frame.f_code.co_name)
    return None

def install(frame, event, argument):
    sys.settrace(None)
    sys.settrace(trace)
    return trace(frame, event, argument)

def slow(event, arguments):
    if event == "sys.settrace":
        time.sleep(0.005)  # long enough for every other thread

sys.addaudithook(slow)
threading.settrace(install)
with one_at_a_time() if sys.argv[1] == "turns" else nullcontext():
    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
print(len(done), "work" in seen)
"""


def run(how: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE)}
    command = [sys.executable, "-c", PROGRAM, how]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=True, timeout=60
    ).stdout.strip()


def test_all_of_them_run_and_are_traced() -> None:
    assert run("turns") == "8 True"


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="later Pythons may not refuse any more")
def test_without_taking_turns_some_are_lost() -> None:
    """Where this fails, `one_at_a_time` is not needed any more."""
    done, _ = run("at once").split()
    assert int(done) < 8


def test_nothing_changes_where_no_thread_is_traced() -> None:
    before = vars(threading.Thread)["_bootstrap_inner"]
    traced = threading.gettrace()
    threading.settrace(None)
    try:
        with one_at_a_time():
            assert vars(threading.Thread)["_bootstrap_inner"] is before
    finally:
        threading.settrace(traced)
