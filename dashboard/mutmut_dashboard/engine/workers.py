"""The engine's end of the tests' process: starts it, asks for the clean run, sends mutants and takes results."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from mutmut_dashboard.engine import mutmut_adapter
from mutmut_dashboard.engine.stage import Stage, pytest_ini
from mutmut_dashboard.engine.temporary import Folder
from mutmut_dashboard.engine.wire import (
    CleanMemory,
    Job,
    JobResult,
    SessionPlan,
    TestRun,
    decode,
    encode,
    job_result,
)

_HYPOTHESIS = version("hypothesis")  # what an older one found out may be another thing
CLEAN_RUN_LIMIT = 3600.0
"""Seconds after which a clean run is given up."""
_NOT_INHERITED = ("MUTANT_UNDER_TEST", "PYTEST_DEBUG_TEMPROOT")
_AHEAD = 1
"""Jobs that wait in the tests' process, so that no worker waits for this one to record a result."""


class ServerDiedError(Exception):
    """The tests' process went away; its log says why."""


@dataclass(frozen=True)
class Collected:
    """What the tests' process found."""

    tests: list[str]
    errors: list[tuple[str, str]]
    """Test file and message."""
    at_import: frozenset[str]
    """mutmut's keys of the functions that ran while tests were collected."""
    elsewhere: dict[str, str]
    """Modules under test that were not imported from the stage -> where from."""
    broken: list[str]
    """Modules under test that cannot be imported, where tests could not be collected."""
    constants: str
    """A digest of the constants that Hypothesis draws."""
    loaded: list[str]
    """Files of the imported modules, relative to the generated code."""
    seconds: float
    """Wall seconds it took to start, import and collect."""


@dataclass(frozen=True)
class CleanRun:
    """A run of every test, by itself or all together, on unmutated generated code."""

    tests: list[TestRun]
    memory: CleanMemory
    imported: list[str]
    """Modules outside the project that tests imported on the way."""
    loaded: list[str] = field(default_factory=list)
    """Files of the imported modules, relative to the generated code."""


def session_plan(stage: Stage, role: str, folder: Path, **more: Any) -> SessionPlan:
    """Describe a session in `folder`: the stage for the original code, or its generated code."""
    return SessionPlan(
        role=role,
        suites=[suite.path for suite in stage.suites],
        pytest_args=[arg for suite in stage.suites for arg in suite.args],
        ini=str(pytest_ini(folder)),
        code=[str(folder / file) for file in stage.files],
        original=str(stage.folder),
        storage=str(stage.folder.parents[1] / "hypothesis" / _HYPOTHESIS),
        modules={mutmut_adapter.module_of(file): str(folder / file) for file in stage.files},
        kept_output=stage.kept_output,
        **more,
    )


@dataclass(frozen=True)
class Session:
    """A process that holds a pytest session, and the folder for its temporary files."""

    process: subprocess.Popen[str]
    temporary: Folder

    def end(self) -> None:
        """End it with all it started, and delete what its tests left in the folder."""
        end_process(self.process)
        self.temporary.delete()


def start_session(plan: SessionPlan, folder: Path, log: Path, control: int = -1) -> Session:
    """Start the program that holds a pytest session, in a session of its own so that Ctrl-C does not reach it."""
    log.parent.mkdir(parents=True, exist_ok=True)
    temporary = Folder()
    bytecode = not os.environ.get("PYTHONDONTWRITEBYTECODE")
    plan = replace(plan, temporary=temporary.path, bytecode=bytecode)
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "mutmut_dashboard.engine.session"],
            cwd=folder,
            env={
                **_environment(folder),
                "HYPOTHESIS_STORAGE_DIRECTORY": plan.storage,
            },
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            start_new_session=True,
            pass_fds=() if control < 0 else (control,),
        )
    assert process.stdin is not None  # noqa: S101 - asked for above
    with process.stdin:
        process.stdin.write(json.dumps(asdict(plan)))
    return Session(process, temporary)


def _environment(folder: Path) -> dict[str, str]:
    environment = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}
    tool = Path(__file__).parents[2]
    inherited = [
        str(Path.cwd() / path) for path in environment.get("PYTHONPATH", "").split(os.pathsep) if path
    ]
    environment["PYTHONPATH"] = os.pathsep.join([*mutmut_adapter.import_paths(folder), *inherited, str(tool)])
    environment["PYTHONHASHSEED"] = "0"
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    return environment


def end_process(process: subprocess.Popen[str]) -> None:
    """End a session and all it started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


class TestServer:
    """A running tests' process that forks per mutant. It collects at once, and the first call waits for that.

    `tests` gives the ids of those that the original has, none if that is not known, and is asked only then. Others do not
    count: where a suite makes a test for each function that it finds in a module, they are there because of what mutmut
    adds to it.

    Raises:
        ServerDiedError: from any call, when the process has gone.
        TimeoutError: from the first, when collecting takes longer than `limit` seconds.

    """

    __test__ = False  # pytest must not collect it

    def __init__(
        self,
        stage: Stage,
        log: Path,
        functions: Sequence[str],
        *,
        tests: Callable[[], Sequence[str]] = tuple,
        mutant: str = "",
        limit: float | None = None,
    ) -> None:
        ours, theirs = socket.socketpair()
        self._socket = ours
        self._received = bytearray()
        self._functions = functions
        self._tests = tests
        own = {"mutant": mutant, "functions": functions}
        plan = session_plan(stage, "serve", stage.generated, control=theirs.fileno(), **own)
        self._started = time.monotonic()
        self._limit = limit
        with theirs:
            self._session = start_session(plan, stage.generated, log, theirs.fileno())

    @cached_property
    def collected(self) -> Collected:
        """What it found; waits for it."""
        self._socket.settimeout(self._limit)
        with suppress(ConnectionError):  # it has gone, as will be seen when it does not answer
            self._socket.sendall(encode("tests", list(self._tests())))
        _, body = self._receive()
        self._socket.settimeout(None)
        return Collected(
            tests=body["tests"],
            errors=[(error["id"], error["message"]) for error in body["errors"]],
            at_import=frozenset(body["at_import"]),
            elsewhere=body["elsewhere"],
            broken=body["broken"],
            constants=body["constants"],
            loaded=body["loaded"],
            seconds=time.monotonic() - self._started,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Hang up and end the process with its children."""
        self._socket.close()
        with suppress(subprocess.TimeoutExpired):
            self._session.process.wait(
                timeout=2
            )  # it ends its children, which lead process groups of their own
        self._session.end()

    def kill(self) -> None:
        """End the process, from another thread than that which waits for its answer and closes it then."""
        end_process(self._session.process)

    def clean_run(
        self,
        tests: Sequence[str] | None = None,
        *,
        workers: int,
        meanwhile: Callable[[], object] | None = None,
    ) -> CleanRun:
        """Run tests, all for None, in this order once on the unmutated generated code, in forks like those that judge.

        Each by itself, `workers` at a time; without any, one after the other in one fork. `meanwhile` is called once they run.
        """
        number = {test: at for at, test in enumerate(self.collected.tests)}
        chosen = None if tests is None else [number[test] for test in tests]
        self._socket.sendall(encode("clean", {"wall": CLEAN_RUN_LIMIT, "tests": chosen, "workers": workers}))
        if meanwhile:
            meanwhile()
        _, body = self._receive()
        if "tests" not in body:
            raise ServerDiedError(f"the clean run ended by {body.get('died') or body.get('detail')}")
        return CleanRun(
            [TestRun(**run) for run in body["tests"]],
            CleanMemory(**body["memory"]),
            body["imported"],
            body["loaded"],
        )

    def preload(self, clean: CleanRun) -> None:
        """Tell the tests' process what was found without a mutant: modules that no child has to import then, and what tests call."""
        place = {key: at for at, key in enumerate(["", *self._functions])}
        called = [[place[key] for key in test.called] for test in clean.tests]
        self._socket.sendall(encode("preload", {"modules": clean.imported, "called": called}))
        self._receive()

    def judge(
        self,
        take: Callable[[], Job | None],
        workers: Callable[[], int],
        to_leave: Callable[[int], Sequence[int]] = lambda _: (),
        *,
        alone: bool = False,
    ) -> Iterator[JobResult]:
        """Judge the jobs that `take` gives, as many at a time as `workers` says besides those that only wait.

        Yields results as they come. A job is taken shortly before its turn comes, so that it can use what was learned until
        then. None ends it, if no result that is still to come leads to another job. `to_leave` is told how many workers have nothing to do,
        and gives the numbers of jobs that are to end after the test that they are in; what it left is theirs to take then.
        With `alone` a job that only waits keeps its worker, so that with one worker nothing runs side by side.
        """
        self.collected  # noqa: B018 - its message comes before any result
        sent = number = 0
        idle: set[int] = set()
        while True:
            if (now := workers()) != number:
                number = now
                self._socket.sendall(encode("workers", {"number": number, "alone": alone}))
            while sent < number + len(idle) + _AHEAD and (job := take()) is not None:
                self._socket.sendall(encode("judge", job))
                sent += 1
            if not sent:
                return
            if leaving := to_leave(number + len(idle) - sent):
                self._socket.sendall(encode("leave", {"jobs": list(leaving)}))
            kind, body = self._receive()
            if kind == "idle":  # always before the result of that job
                (idle.add if body["idle"] else idle.discard)(body["job"])
                continue
            result = job_result(body)
            sent -= 1
            idle.discard(result.number)
            yield result

    def _receive(self) -> tuple[str, Any]:
        while b"\n" not in self._received:
            try:
                chunk = self._socket.recv(1 << 20)
            except ConnectionError:
                chunk = b""
            if not chunk:
                raise ServerDiedError("the tests' process went away")
            self._received += chunk
        line, _, rest = self._received.partition(b"\n")
        self._received = bytearray(rest)
        return decode(bytes(line))
