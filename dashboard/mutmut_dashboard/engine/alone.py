"""Inside the tests' process: the clean run on the generated code, each test in a fork of its own.

So each is measured as it runs when it is the first to judge a mutant: a test that finds a cache filled by an earlier one
would not be seen to run the lines that fill it.
"""

from __future__ import annotations

import gc
import os
import select
import sys
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mutmut_dashboard.engine import hypothesis_profile, mutmut_trampoline
from mutmut_dashboard.engine.child import called_names, has_exited, how_it_died, kill_group, run_child, write
from mutmut_dashboard.engine.footprint import loaded_files
from mutmut_dashboard.engine.line_marks import LineMarks, Plain
from mutmut_dashboard.engine.pytest_plugin import SessionPlugin
from mutmut_dashboard.engine.wire import CleanMemory, TestRun, decode, encode

if TYPE_CHECKING:
    import pytest

_TICK = 200
"""Milliseconds between looks at a child whose pipe a grandchild keeps open."""


def run_clean(
    plugin: SessionPlugin, plain: Plain, chosen: list[int] | None, workers: int, files: str, out: int
) -> None:
    """Run tests, all for None, without a mutant, and note what judging needs to know.

    Each in a fork of this process, `workers` at a time; without any, one after the other in this process itself, as in
    the clean run on the original. `plain` are the functions that mark their stretches. `files`, a dot and a number is the folder for each fork's temporary files.
    """
    items = plugin.items if chosen is None else [plugin.items[number] for number in chosen]
    here = Path.cwd()  # a test may go elsewhere
    if not workers:
        write(out, encode("clean", _measured(plugin, items, list(sys.modules), here)))
        return
    lines = LineMarks(plugin.plan.code, here, plain)
    mutmut_trampoline.tell(lines)
    plugin.count_examples()
    before = list(sys.modules)
    _settle()
    tests: dict[str, dict[str, Any]] = {}
    imported: set[str] = set()
    loaded = set(loaded_files(here))
    memory = CleanMemory()

    def measured(item: pytest.Item) -> dict[str, Any]:
        return _measured(plugin, [item], before, here, lines)

    for found in _in_forks(items, workers, measured, files):
        tests |= {test["id"]: test for test in found["tests"]}
        memory = memory.most(CleanMemory(**found["memory"]))
        loaded.update(found["loaded"])
        if new := set(found["imported"]) - imported:
            imported |= new
            _import(new, plugin)
            before = list(sys.modules)
    body = {
        "tests": [tests[item.nodeid] for item in items],
        "memory": vars(memory),
        "imported": sorted(imported),
        "loaded": sorted(loaded),
    }
    write(out, encode("clean", body))


def _measured(
    plugin: SessionPlugin,
    items: Sequence[pytest.Item],
    before: Sequence[str],
    here: Path,
    lines: LineMarks | None = None,
) -> dict[str, Any]:
    mutmut_trampoline.note_alone()  # not where the forks beside this one note theirs
    runs = plugin.run_all(items, called=partial(called_names, plugin))
    if lines is not None:
        runs = [replace(run, lines=lines.take()) for run in runs]
    new = _added_to(before)
    return {
        "tests": [vars(run) for run in runs],
        "memory": vars(used_memory()),
        "imported": _kept(new, str(here)) if new else [],
        "loaded": loaded_files(here) if new else [],
    }


def _added_to(before: Sequence[str]) -> set[str]:
    """Return the modules that were imported since. Where none was, no name is looked at: each fork would copy where it stands."""
    if len(sys.modules) == len(before) and next(reversed(sys.modules)) == before[-1]:
        return set()
    return sys.modules.keys() - before


@dataclass
class _Fork:
    test: str
    pid: int
    pipe: int
    received: bytearray = field(default_factory=bytearray)

    def read(self) -> bool:
        """Read what is there; return whether that is all there will be."""
        with suppress(BlockingIOError):
            while chunk := os.read(self.pipe, 1 << 16):
                self.received += chunk
            return True
        return self.received.endswith(b"\n")

    def end(self) -> dict[str, Any]:
        """End it, with what its test left running, and return what it found."""
        os.close(self.pipe)
        if self.received.endswith(b"\n"):
            kill_group(self.pid)
        _, status = os.waitpid(self.pid, 0)
        kill_group(self.pid)
        whole = self.received.endswith(b"\n")
        kind, body = decode(bytes(self.received)) if whole else ("ended", {"detail": how_it_died(status)})
        if kind == "measured":
            found: dict[str, Any] = body
            return found
        died = TestRun(self.test, 0.0, "failed", f"its process ended by {body['detail']}")
        return {"tests": [vars(died)], "memory": vars(CleanMemory()), "imported": [], "loaded": []}


def _in_forks(
    items: Sequence[pytest.Item],
    workers: int,
    measured: Callable[[pytest.Item], dict[str, Any]],
    files: str,
) -> Iterator[dict[str, Any]]:
    waiting = list(reversed(items))
    running: dict[int, _Fork] = {}
    over: list[_Fork] = []
    ready = select.poll()
    while waiting or running or over:
        while waiting and len(running) < workers and not (over and workers == 1):
            fork = _fork(waiting.pop(), measured, f"{files}.{len(waiting)}")
            running[fork.pipe] = fork
            ready.register(fork.pipe, select.POLLIN)
        while over:  # only now: the next ones run while the memory of these is given back
            yield over.pop().end()
        told = {pipe for pipe, _ in ready.poll(_TICK if running else 0)}
        for pipe, fork in list(running.items()):
            if pipe in told:
                done = fork.read()
            elif done := has_exited(fork.pid):  # a grandchild may keep its pipe
                fork.read()
            if done:
                ready.unregister(pipe)
                del running[pipe]
                over.append(fork)


def _fork(item: pytest.Item, measured: Callable[[pytest.Item], dict[str, Any]], files: str) -> _Fork:
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read_end)
        run_child(None, write_end, lambda out: write(out, encode("measured", measured(item))), files)
    with suppress(OSError):  # the child does the same; whoever comes first
        os.setpgid(pid, pid)
    os.close(write_end)
    os.set_blocking(read_end, False)
    return _Fork(item.nodeid, pid, read_end)


def _import(modules: Collection[str], plugin: SessionPlugin) -> None:
    """Import what a test imported on the way, as the process that forks per mutant will, so that no other test has to."""
    for name in sorted(modules):
        with suppress(Exception):
            import_module(name)
    hypothesis_profile.take_over(plugin.items, plugin.original)
    _settle()


def _settle() -> None:
    gc.collect()
    gc.freeze()


def _kept(new: Collection[str], here: str) -> list[str]:
    """Return the new modules that are not the project's; none if a thread lives on, which no fork keeps."""
    tasks = Path("/proc/self/task")
    alone = len(list(tasks.iterdir())) == 1 if tasks.is_dir() else threading.active_count() == 1
    files = {name: getattr(sys.modules[name], "__file__", None) or here for name in new}
    return sorted(name for name, file in files.items() if alone and not file.startswith(here))


def used_memory() -> CleanMemory:
    """Return the most memory this process has used; nothing where the system does not say."""
    try:
        with open("/proc/self/status", encoding="ascii", errors="replace") as file:  # noqa: PTH123 - as in `temporary.use`
            status = file.read()
    except OSError:
        return CleanMemory()
    sizes = dict(line.split(":", 1) for line in status.splitlines() if line.startswith("Vm"))
    space, resident = (int(sizes[name].split()[0]) * 1024 for name in ("VmPeak", "VmHWM"))
    return CleanMemory(space, resident)
