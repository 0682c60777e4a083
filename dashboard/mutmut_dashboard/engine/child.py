"""What a forked child does: takes its limits, runs its tests, writes what came of them, and leaves."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

from mutmut_dashboard.engine import mutmut_trampoline, temporary
from mutmut_dashboard.engine.pytest_plugin import SessionPlugin
from mutmut_dashboard.engine.wire import Failure, Job, encode
from mutmut_dashboard.model import Ended

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None  # loaded once, before any fork

PASSED = encode("test", None)
"""Written after each test of a kill matrix that passes."""


def run_child(job: Job | None, out: int, work: Callable[[int], None], temporary_files: str = "") -> NoReturn:
    """Do the child's work and leave; nothing gets out of here, whatever the tests do.

    `temporary_files` is a folder of its own for them; "" for that of the process it was forked from.
    """
    try:
        if temporary_files:
            temporary.use(temporary_files)
        os.setpgid(0, 0)
        end_with_parent()  # nobody else would end it if the server died
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if job is not None and job.memory:
            _limit(resource.RLIMIT_AS, job.memory, job.memory)
        work(out)
    except BaseException as error:  # noqa: BLE001 - whatever it is, it must not reach pytest's loop
        ended = Ended.OUT_OF_MEMORY if isinstance(error, MemoryError) else Ended.EXITED
        with suppress(BaseException):
            write(out, encode("ended", {"ended": ended, "detail": f"{type(error).__name__}: {error}"[:500]}))
    finally:
        os._exit(0)


def end_with_parent() -> None:
    """Have the system end this process when the one that started it ends, however that happens; only Linux can."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def judge(plugin: SessionPlugin, job: Job, out: int) -> None:
    """Run a mutant's tests until one fails."""
    _activate(plugin, job)
    failure = None
    run = 0
    beyond: list[tuple[int, list[int]]] = []
    while run < len(job.tests) and not _leaves(plugin, job, run):
        run += 1
        # What a test of its own kind may take, so that a loop is not given the time of all tests that would follow.
        allowed = int(time.process_time()) + 1 + job.cpus[run - 1]
        _limit(resource.RLIMIT_CPU, min(allowed, job.cpu), job.cpu + 1)
        mutmut_trampoline.begin(run - 1)
        failure = _run(plugin, job, run - 1)
        if failure is not None:
            break
        if more := _beyond(plugin, job.tests[run - 1]):
            beyond.append((run - 1, more))
    body: dict[str, object] = {"ended": _ended(failure) if failure else Ended.PASSED, "tests_run": run}
    if plugin.known is not None:
        body["beyond"] = beyond
    if failure is not None and body["ended"] is Ended.FAILED:
        body["failure"] = vars(failure)
    elif failure is not None:
        body["detail"] = f"in {failure.test}"
    write(out, encode("ended", body))


def _leaves(plugin: SessionPlugin, job: Job, run: int) -> bool:
    """Whether others are to run the tests that follow, after so many."""
    return run > 0 and mutmut_trampoline.rest_is_left() and plugin.can_leave(plugin.items[job.tests[run - 1]])


def _beyond(plugin: SessionPlugin, test: int) -> list[int]:
    """Return the places of what was called since the last time, without what the test is known to call."""
    marks = bytearray(mutmut_trampoline.set_aside())
    for place in plugin.known[test] if plugin.known is not None else ():
        marks[place] = 0
    return [place for place, mark in enumerate(marks) if mark] if any(marks) else []


def judge_all(plugin: SessionPlugin, job: Job, out: int) -> None:
    """Run all of a mutant's tests, each within limits of its own, and say after each how it went."""
    _activate(plugin, job)
    for at, (_, cpu) in enumerate(job.each):
        if _leaves(plugin, job, at):
            write(out, encode("ended", {"ended": Ended.PASSED}))
            return
        used = int(time.process_time()) + 1
        _limit(resource.RLIMIT_CPU, used + cpu, resource.RLIM_INFINITY)
        failure = _run(plugin, job, at)
        if failure is not None and _ended(failure) is Ended.OUT_OF_MEMORY:
            break  # the next tests would fail for want of memory, too
        write(out, encode("test", vars(failure)) if failure else PASSED)
    else:
        write(out, encode("ended", {"ended": Ended.PASSED}))
        return
    write(out, encode("ended", {"ended": Ended.OUT_OF_MEMORY}))


def _activate(plugin: SessionPlugin, job: Job) -> None:
    if not plugin.plan.mutant:
        mutmut_trampoline.activate(job.mutant)


def _run(plugin: SessionPlugin, job: Job, at: int) -> Failure | None:
    following = plugin.items[job.tests[at + 1]] if at + 1 < len(job.tests) else None
    plugin.output.keep()
    return plugin.run(plugin.items[job.tests[at]], following)


def _ended(failure: Failure) -> Ended:
    return Ended.OUT_OF_MEMORY if failure.exception == "MemoryError" else Ended.FAILED


def called_names(plugin: SessionPlugin) -> list[str]:
    """Return the keys of the functions called since the last time; an empty one for what cannot be known."""
    marks = mutmut_trampoline.take_marks()
    return [key for key, mark in zip(["", *plugin.plan.functions], marks, strict=True) if mark]


def _limit(kind: int, soft: int, hard: int) -> None:
    _, most = resource.getrlimit(kind)
    if most != resource.RLIM_INFINITY:
        soft, hard = min(soft, most), most if hard == resource.RLIM_INFINITY else min(hard, most)
    resource.setrlimit(kind, (soft, hard))


def write(out: int, message: bytes) -> None:
    """Write all of a message into a pipe."""
    view = memoryview(message)
    while view:
        view = view[os.write(out, view) :]


def how_it_died(status: int) -> str:
    """Say how a process ended, from what `wait` returned."""
    if os.WIFSIGNALED(status):
        return signal.Signals(os.WTERMSIG(status)).name
    return f"exit status {os.waitstatus_to_exitcode(status)}"


def has_exited(pid: int) -> bool:
    """Tell whether a child has ended, without collecting it."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def kill_group(pid: int) -> None:
    """End a process group that a child leads."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
