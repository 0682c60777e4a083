"""Collect once, fork per mutant: the loop of the tests' process, and what a forked child does.

The server stays single-threaded and runs no test itself. A child activates its mutant, runs its tests in the
given order until one fails, writes one line into its pipe and leaves by `os._exit`. It leads a process group of
its own, so that whatever its tests started ends with it.
"""

from __future__ import annotations

import gc
import os
import resource
import selectors
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from mmap import mmap
from pathlib import Path
from typing import Any, NoReturn

from mutmut_dashboard.engine import hypothesis_profile, mutmut_trampoline
from mutmut_dashboard.engine.footprint import loaded_files
from mutmut_dashboard.engine.pytest_plugin import SessionPlugin
from mutmut_dashboard.engine.wire import Failure, Job, JobResult, decode, encode
from mutmut_dashboard.model import Ended

_TICK = 0.2
"""Seconds between looks at children whose pipe a grandchild keeps open."""


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
                    "at_import": _called(plugin),
                    "elsewhere": wrong,
                    "broken": _broken(plugin.plan.modules) if plugin.collection_errors else [],
                    "constants": hypothesis_profile.constants_digest(),
                    "loaded": loaded_files(Path.cwd()),
                },
            )
        )
        gc.collect()
        gc.freeze()  # what is shared now stays shared: no child's collection touches it
        _Server(plugin, control).run()


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
    received: bytearray = field(default_factory=bytearray)


class _Server:
    def __init__(self, plugin: SessionPlugin, control: socket.socket) -> None:
        self._plugin = plugin
        self._control = control
        self._selector = selectors.DefaultSelector()
        self._selector.register(control, selectors.EVENT_READ, None)
        self._children: dict[int, _Child] = {}
        self._requests = bytearray()
        self._free_marks: list[mmap] = []

    def run(self) -> None:
        try:
            while self._step():
                pass
        finally:
            for child in list(self._children.values()):
                _kill_group(child.pid)
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
            if now >= child.deadline:
                self._finish(child, Ended.WALL_LIMIT)
            elif _has_exited(child.pid):
                self._finish(child)
        return True

    def _receive(self) -> bool:
        chunk = self._control.recv(1 << 16)
        self._requests += chunk
        *lines, rest = self._requests.split(b"\n")
        self._requests = bytearray(rest)
        for line in lines:
            kind, body = decode(bytes(line))
            if kind == "preload":
                self._preload(body["modules"])
            elif kind == "judge":
                job = Job(**body)
                self._fork(job, job.wall, partial(_judge, self._plugin, job))
            else:
                self._fork(None, body["wall"], partial(_run_clean, self._plugin, body["tests"]))
        return bool(chunk)

    def _preload(self, modules: list[str]) -> None:
        """Import once what every child would import for itself."""
        for name in modules:
            with suppress(Exception):
                import_module(name)
        gc.collect()
        gc.freeze()
        self._control.sendall(encode("preloaded", {}))

    def _fork(self, job: Job | None, wall: float, work: Callable[[int], None]) -> None:
        read_end, write_end = os.pipe()
        size = len(self._plugin.plan.functions) + 1
        marks = self._free_marks.pop() if self._free_marks else mmap(-1, size)
        started = time.monotonic()
        pid = os.fork()
        if pid == 0:
            os.close(read_end)
            mutmut_trampoline.note_into(marks)
            self._become_child(job, write_end, work)
        with suppress(OSError):  # the child does the same; whoever comes first
            os.setpgid(pid, pid)
        os.close(write_end)
        os.set_blocking(read_end, False)
        child = _Child(job, pid, read_end, started, started + wall, marks)
        self._children[pid] = child
        self._selector.register(read_end, selectors.EVENT_READ, child)

    def _become_child(self, job: Job | None, out: int, work: Callable[[int], None]) -> NoReturn:
        try:
            os.setpgid(0, 0)
            self._selector.close()
            self._control.close()
            for other in self._children.values():
                os.close(other.pipe)
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            if job is not None:
                _limit(resource.RLIMIT_CPU, job.cpu, job.cpu + 1)
                if job.memory:
                    _limit(resource.RLIMIT_AS, job.memory, job.memory)
            work(out)
        except BaseException as error:  # noqa: BLE001 - whatever it is, it must not reach pytest's loop
            ended = Ended.OUT_OF_MEMORY if isinstance(error, MemoryError) else Ended.EXITED
            with suppress(BaseException):
                _write(
                    out, encode("ended", {"ended": ended, "detail": f"{type(error).__name__}: {error}"[:500]})
                )
        finally:
            os._exit(0)

    def _read(self, child: _Child) -> None:
        try:
            chunk = os.read(child.pipe, 1 << 16)
        except BlockingIOError:
            return
        child.received += chunk
        if child.received.endswith(b"\n"):
            self._finish(child)
        elif not chunk:  # it may live on without its pipe; its exit or its deadline ends it
            self._selector.unregister(child.pipe)

    def _finish(self, child: _Child, ended: Ended | None = None) -> None:
        if child.pid not in self._children:
            return
        del self._children[child.pid]
        with suppress(BlockingIOError):  # what it wrote before it was found dead
            while chunk := os.read(child.pipe, 1 << 16):
                child.received += chunk
        with suppress(KeyError):
            self._selector.unregister(child.pipe)
        os.close(child.pipe)
        complete = child.received.endswith(b"\n")
        if complete or ended is not None:
            _kill_group(child.pid)
        _, status, usage = os.wait4(child.pid, 0)
        _kill_group(child.pid)  # what its tests left running
        called = child.marks[:].hex()
        child.marks[:] = bytes(len(child.marks))
        self._free_marks.append(child.marks)
        kind, body = decode(bytes(child.received)) if complete else ("nothing", {})
        if child.job is None:
            self._control.sendall(encode("clean", body if complete else {"died": _death(status)}))
            return
        if ended is None and kind == "nothing":
            ended, body = _ended_by(status)
        self._control.sendall(
            encode("result", _result(child, ended, body, time.monotonic() - child.started, usage, called))
        )


def _result(
    child: _Child, ended: Ended | None, body: dict[str, Any], wall: float, usage: Any, called: str
) -> JobResult:
    assert child.job is not None  # noqa: S101 - the caller checked
    failure = body.get("failure")
    return JobResult(
        number=child.job.number,
        ended=ended or body["ended"],
        wall=wall,
        cpu=usage.ru_utime + usage.ru_stime,
        tests_run=body.get("tests_run", 0),
        failure=Failure(**failure) if failure and ended is None else None,
        detail=f"{child.job.wall:.1f} s" if ended is Ended.WALL_LIMIT else body.get("detail", ""),
        called=called,
    )


def _ended_by(status: int) -> tuple[Ended, dict[str, Any]]:
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        ended = Ended.CPU_LIMIT if number == signal.SIGXCPU else Ended.SIGNAL
        return ended, {"detail": _death(status)}
    return Ended.EXITED, {"detail": _death(status)}


def _death(status: int) -> str:
    if os.WIFSIGNALED(status):
        return signal.Signals(os.WTERMSIG(status)).name
    return f"exit status {os.waitstatus_to_exitcode(status)}"


def _has_exited(pid: int) -> bool:
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _kill_group(pid: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _limit(kind: int, soft: int, hard: int) -> None:
    _, most = resource.getrlimit(kind)
    if most != resource.RLIM_INFINITY:
        soft, hard = min(soft, most), min(hard, most)
    resource.setrlimit(kind, (soft, hard))


# In the child


def _judge(plugin: SessionPlugin, job: Job, out: int) -> None:
    if not plugin.plan.mutant:
        mutmut_trampoline.activate(job.mutant)
    failure = None
    run = 0
    for at, number in enumerate(job.tests):
        following = plugin.items[job.tests[at + 1]] if at + 1 < len(job.tests) else None
        run += 1
        failure = plugin.run(plugin.items[number], following)
        if failure is not None:
            break
    ended = Ended.PASSED if failure is None else Ended.FAILED
    if failure is not None and failure.exception == "MemoryError":
        ended = Ended.OUT_OF_MEMORY
    _write(out, encode("ended", {"ended": ended, "tests_run": run, "failure": failure and vars(failure)}))


def _run_clean(plugin: SessionPlugin, chosen: list[int] | None, out: int) -> None:
    mutmut_trampoline.take_marks()
    before = set(sys.modules)
    items = plugin.items if chosen is None else [plugin.items[number] for number in chosen]
    runs = plugin.run_all(items, called=partial(_called, plugin))
    body = {
        "tests": [vars(run) for run in runs],
        "space": _address_space(),
        "imported": _imported_since(before),
        "loaded": loaded_files(Path.cwd()),
    }
    _write(out, encode("clean", body))


def _called(plugin: SessionPlugin) -> list[str]:
    """Return the keys of the functions called since the last time; an empty one for what cannot be known."""
    marks = mutmut_trampoline.take_marks()
    return [key for key, mark in zip(["", *plugin.plan.functions], marks, strict=True) if mark]


def _imported_since(before: set[str]) -> list[str]:
    """Return the modules imported since that are not the project's; none if a thread lives on, which no fork keeps."""
    tasks = Path("/proc/self/task")
    alone = len(list(tasks.iterdir())) == 1 if tasks.is_dir() else threading.active_count() == 1
    here = str(Path.cwd())
    files = {
        name: getattr(sys.modules[name], "__file__", None) or here for name in sys.modules.keys() - before
    }
    return sorted(name for name, file in files.items() if alone and not file.startswith(here))


def _address_space() -> int:
    """Bytes of address space this process uses, 0 where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:
        return 0
    return pages * resource.getpagesize()


def _write(out: int, message: bytes) -> None:
    view = memoryview(message)
    while view:
        view = view[os.write(out, view) :]
