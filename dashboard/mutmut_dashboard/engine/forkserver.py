"""Collect once, fork per mutant: the loop of the tests' process.

The server stays single-threaded and runs no test itself. A child runs its tests, writes lines into its pipe and
leaves by `os._exit`. It leads a process group of its own, so that whatever its tests started ends with it.
"""

from __future__ import annotations

import gc
import os
import selectors
import signal
import socket
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from importlib import import_module
from mmap import mmap
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from mutmut_dashboard.engine import huge_pages, hypothesis_profile, mutmut_trampoline
from mutmut_dashboard.engine.alone import run_clean
from mutmut_dashboard.engine.child import (
    called_names,
    has_exited,
    how_it_died,
    judge,
    judge_all,
    kill_group,
    run_child,
)
from mutmut_dashboard.engine.footprint import loaded_files
from mutmut_dashboard.engine.idle import Watch, cpu_seconds, works
from mutmut_dashboard.engine.line_marks import Plain, mark_stretches
from mutmut_dashboard.engine.pytest_plugin import SessionPlugin
from mutmut_dashboard.engine.temporary import anything_in, discard
from mutmut_dashboard.engine.wire import Failure, Job, JobResult, decode, encode
from mutmut_dashboard.model import Ended

if TYPE_CHECKING:
    import pytest

_PATIENCE = 3.0
"""Wall seconds that a starved child gets at a time."""
_TICK = 0.2
"""Seconds between looks at children whose pipe a grandchild keeps open, and at which of them only wait."""
_IDLE = 4
"""Children for each of several workers that may wait at a time without holding it."""


def serve(plugin: SessionPlugin) -> None:
    """Answer the engine until it hangs up."""
    with socket.socket(fileno=plugin.plan.control) as control:
        wrong = {
            name: getattr(sys.modules[name], "__file__", None) or "nowhere"
            for name, path in plugin.plan.modules.items()
            if name in sys.modules and getattr(sys.modules[name], "__file__", None) != path
        }
        control.sendall(
            encode(
                "collected",
                {
                    "tests": [item.nodeid for item in plugin.items],
                    "errors": [{"id": e.id, "message": e.message} for e in plugin.collection_errors],
                    "at_import": called_names(plugin),
                    "elsewhere": wrong,
                    "broken": _broken(plugin.plan.modules) if plugin.collection_errors else [],
                    "constants": hypothesis_profile.constants_digest(),
                    "loaded": loaded_files(Path.cwd()),
                },
            )
        )
        _place(plugin.items)
        # What is judged at import is judged once, and by all there is.
        plain = {} if plugin.plan.mutant else mark_stretches()
        _settle()
        _Server(plugin, control, plain).run()


def _place(items: Iterable[pytest.Item]) -> None:
    """Have pytest find where each test stands, which every child would do again for the tests that it runs."""
    for item in items:
        with suppress(Exception):  # of a collector of the project's own; it says so again when the test runs
            item.location  # noqa: B018 - it keeps it


def _settle() -> None:
    """Make what is shared with children stay shared: no child's collection touches it."""
    gc.collect()
    gc.freeze()
    huge_pages.collapse()


def _broken(modules: Iterable[str]) -> list[str]:
    """Return the modules under test that cannot be imported."""
    broken = []
    for name in modules:
        try:
            import_module(name)
        except BaseException:  # noqa: BLE001 - a mutant may raise anything, SystemExit too
            broken.append(name)
    return broken


@dataclass
class _Child:
    job: Job | None
    pid: int
    pipe: int
    started: float
    deadline: float
    marks: mmap
    files: str
    """Its folder for temporary files; empty where it has none of its own."""
    watch: Watch
    """Whether it only waits, as for a thread that has died or for time to pass."""
    tests: list[dict[str, str] | None] = field(default_factory=list)
    """Of a kill matrix: how each test that is over failed, None where it passed."""
    last: dict[str, Any] | None = None
    """Its final message."""
    _received: bytearray = field(default_factory=bytearray)
    _seen: tuple[float, float] = (0.0, 0.0)
    """When it was last looked at, and the CPU seconds it had used by then."""

    def is_starved(self, now: float) -> bool:
        """Whether it works on and only lacks processors, since the machine is busy; then it gets more time.

        What goes on like this meets its CPU limit in the end; what sleeps or waits does not pass for starved.
        """
        since, before = self._seen if self._seen[0] else (self.started, 0.0)
        used = cpu_seconds(self.pid)
        self._seen = (now, used)
        self.deadline = now + (_PATIENCE if self.job is not None else 0.0)
        return self.job is not None and works(used - before, now - since)

    def take(self, chunk: bytes) -> None:
        """Read what it wrote; each test of a kill matrix may take its own time."""
        self._received += chunk
        *lines, rest = self._received.split(b"\n")
        self._received = bytearray(rest)
        for line in lines:
            kind, body = decode(bytes(line))
            if kind != "test":
                self.last = body
                continue
            self.tests.append(body)
            if self.job is not None and len(self.tests) < len(self.job.each):
                self.deadline = time.monotonic() + self.job.each[len(self.tests)][0]


class _Server:
    def __init__(self, plugin: SessionPlugin, control: socket.socket, plain: Plain) -> None:
        self._plugin = plugin
        self._plain = plain
        self._control = control
        self._selector = selectors.DefaultSelector()
        self._selector.register(control, selectors.EVENT_READ, None)
        self._children: dict[int, _Child] = {}
        self._waiting: deque[Job] = deque()
        self._workers = 1
        self._alone = True
        """Whether nothing runs side by side, not even with what only waits."""
        self._all_tests = False
        """Whether the clean run that was asked for is one of all tests."""
        self._requests = bytearray()
        self._free_marks: list[mmap] = []
        self._forks = 0
        self._makes_files = True
        """Whether tests make temporary files, so that each mutant has a folder of its own; not if none did when all were run."""

    def run(self) -> None:
        try:
            while self._step():
                pass
        finally:
            for child in list(self._children.values()):
                kill_group(child.pid)
                os.waitpid(child.pid, 0)

    def _step(self) -> bool:
        for key, _ in self._selector.select(_TICK if self._children else None):
            if key.data is None:
                if not self._receive():
                    return False
            else:
                self._read(key.data)
        now = time.monotonic()
        for child in list(self._children.values()):
            if now >= child.deadline and not child.is_starved(now):
                self._finish(child, Ended.WALL_LIMIT)
            elif has_exited(child.pid):
                self._finish(child)
            elif not self._alone and child.job is not None and child.watch.look(now):
                told = {"job": child.job.number, "idle": child.watch.idle}
                self._control.sendall(encode("idle", told))
        self._judge_waiting()
        return True

    def _receive(self) -> bool:
        chunk = self._control.recv(1 << 16)
        self._requests += chunk
        *lines, rest = self._requests.split(b"\n")
        self._requests = bytearray(rest)
        for line in lines:
            kind, body = decode(bytes(line))
            if kind == "preload":
                self._plugin.known = body["called"]
                self._preload(body["modules"])
            elif kind == "workers":
                self._workers, self._alone = body["number"], body["alone"]
            elif kind == "judge":
                self._waiting.append(Job(**body))
            elif kind == "leave":
                self._judge_waiting()  # it may have come with the job itself
                for child in self._children.values():
                    if child.job is not None and child.job.number in body["jobs"]:
                        mutmut_trampoline.leave_rest(child.marks)
            else:
                files = f"{self._plugin.plan.temporary}{os.sep}{self._forks + 1}"
                work = partial(run_clean, self._plugin, self._plain, body["tests"], body["workers"], files)
                self._all_tests = body["tests"] is None
                self._fork(None, body["wall"], work)
        return bool(chunk)

    def _judge_waiting(self) -> None:
        while self._waiting and self._has_room():
            job = self._waiting.popleft()
            work = partial(judge_all if job.each else judge, self._plugin, job)
            self._fork(job, job.each[0][0] if job.each else job.wall, work)

    def _has_room(self) -> bool:
        """Whether a worker is free, as it is while its mutant only waits."""
        idle = sum(child.watch.idle for child in self._children.values())
        return len(self._children) - min(idle, _IDLE * self._workers) < self._workers

    def _preload(self, modules: list[str]) -> None:
        """Import once what every child would import for itself."""
        for name in modules:
            with suppress(Exception):
                import_module(name)
        hypothesis_profile.take_over(self._plugin.items, self._plugin.original)
        _settle()
        self._control.sendall(encode("preloaded", {}))

    def _fork(self, job: Job | None, wall: float, work: Callable[[int], None]) -> None:
        read_end, write_end = os.pipe()
        marks = self._free_marks.pop() if self._free_marks else mutmut_trampoline.twice_the_marks()
        self._forks += 1
        own = job is None or self._makes_files
        files = f"{self._plugin.plan.temporary}{os.sep}{self._forks}" if own else ""
        started = time.monotonic()
        pid = os.fork()
        if pid == 0:
            os.close(read_end)
            mutmut_trampoline.note_into(marks)
            self._become_child(job, write_end, work, files)
        with suppress(OSError):  # the child does the same; whoever comes first
            os.setpgid(pid, pid)
        os.close(write_end)
        os.set_blocking(read_end, False)
        watch = Watch(pid, started)
        child = _Child(job, pid, read_end, started, started + wall, marks, files, watch)
        self._children[pid] = child
        self._selector.register(read_end, selectors.EVENT_READ, child)

    def _become_child(self, job: Job | None, out: int, work: Callable[[int], None], files: str) -> NoReturn:
        self._selector.close()
        self._control.close()
        for other in self._children.values():
            os.close(other.pipe)
        run_child(job, out, work, files)

    def _read(self, child: _Child) -> None:
        try:
            chunk = os.read(child.pipe, 1 << 16)
        except BlockingIOError:
            return
        child.take(chunk)
        if child.last is not None:
            self._finish(child)
        elif not chunk:  # it may live on without its pipe; its exit or its deadline ends it
            self._selector.unregister(child.pipe)

    def _finish(self, child: _Child, ended: Ended | None = None) -> None:
        if child.pid not in self._children:
            return
        del self._children[child.pid]
        with suppress(BlockingIOError):  # what it wrote before it was found dead
            while chunk := os.read(child.pipe, 1 << 16):
                child.take(chunk)
        with suppress(KeyError):
            self._selector.unregister(child.pipe)
        os.close(child.pipe)
        if child.last is not None or ended is not None:
            kill_group(child.pid)
        if not self._alone:  # the next one begins while this one's memory is given back
            self._judge_waiting()
        _, status, usage = os.wait4(child.pid, 0)
        kill_group(child.pid)  # what its tests left running
        called, begun = mutmut_trampoline.read_all(child.marks)
        self._free_marks.append(child.marks)
        body = child.last
        if child.job is None:
            self._control.sendall(encode("clean", body or {"died": how_it_died(status)}))
            self._tidy(child)
            return
        if ended is not None:
            allowed = child.job.each[len(child.tests)][0] if child.job.each else child.job.wall
            body = {"ended": ended, "detail": f"{allowed:.1f} s"}
        elif body is None:
            body = _ended_by(status)
        wall = time.monotonic() - child.started
        result = _result(child, child.job, body, wall, usage.ru_utime + usage.ru_stime)
        result = replace(result, called=called.hex(), tests_run=result.tests_run or begun + 1)
        self._control.sendall(encode("result", result))
        self._tidy(child)

    def _tidy(self, child: _Child) -> None:
        """Delete the temporary files of a child; only after its result is sent, which must not wait for that."""
        if not child.files:
            return
        folders = [child.files]
        if child.job is None:
            files = Path(child.files)
            folders += [str(path) for path in files.parent.glob(f"{files.name}.*")]
            if self._all_tests:
                self._makes_files = anything_in(folders)
        for folder in folders:
            discard(folder)


def _result(child: _Child, job: Job, body: dict[str, Any], wall: float, cpu: float) -> JobResult:
    first = body.get("failure") or next(filter(None, child.tests), None)
    broke_off = body["ended"] != Ended.PASSED and len(child.tests) < len(job.tests)
    return JobResult(
        number=job.number,
        ended=body["ended"],
        wall=wall,
        cpu=cpu,
        tests_run=len(child.tests) + broke_off if job.each else body.get("tests_run", 0),
        failure=Failure(**first) if first else None,
        detail=body.get("detail", ""),
        beyond=body.get("beyond"),
        failed=[(failure["test"], failure["how"]) for failure in child.tests if failure],
    )


def _ended_by(status: int) -> dict[str, Any]:
    ended = Ended.EXITED
    if os.WIFSIGNALED(status):
        ended = Ended.CPU_LIMIT if os.WTERMSIG(status) == signal.SIGXCPU else Ended.SIGNAL
    return {"ended": ended, "detail": how_it_died(status)}
