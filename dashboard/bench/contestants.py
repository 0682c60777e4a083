"""Those that are compared: this program and mutmut's own run loop, each run from scratch and to a limit."""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tomlkit
from cpu_by_role import Watch

from mutmut_dashboard import console
from mutmut_dashboard.config import Project, suites_of
from mutmut_dashboard.engine.stage import GENERATED
from mutmut_dashboard.model import Status, status_of
from mutmut_dashboard.store import Store

# mutmut's exit codes, as its `stats.py` reads them; but a child that ends with 255 met an error of its own, which
# mutmut shows as a timeout.
MUTMUT_STATUS: dict[int | None, str] = {
    **dict.fromkeys((1, 3), Status.KILLED),
    0: Status.SURVIVED,
    **dict.fromkeys((5, 33), Status.UNCOVERED),
    34: Status.SKIPPED,
    **dict.fromkeys((36, 24, -24, 152), Status.TIMEOUT),
    255: "timeout by exit 255",
    None: Status.PENDING,
}
_NOT_JUDGED = (Status.SKIPPED, Status.UNCOVERED, Status.PENDING)

_PROFILE_PLUGIN = """
from pathlib import Path
import pytest
from mutmut_dashboard.engine import hypothesis_profile

@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    hypothesis_profile.take_over(items, Path({original!r}))
"""


def run_before(project: Project, target: str) -> None:
    """Let pytest collect the suites once, as it has wherever mutation testing begins: byte code is cached then.

    This program's sessions write none, so it would pay in each of them for what mutmut pays once.
    """
    suites = [s.path for s in suites_of(next(one for one in project.targets if one.name == target))]
    command = [sys.executable, "-m", "pytest", "-q", "--collect-only", "-p", "no:cacheprovider", *suites]
    subprocess.run(command, cwd=project.root, env=_environment(), stdout=subprocess.DEVNULL, check=True)


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


@dataclass(frozen=True)
class Outcome:
    """One run. Seconds, mutants, and mutmut's name -> status."""

    who: str
    wall: float
    cpu: float
    judging: float
    """Seconds from the first mutant to the last."""
    statuses: Mapping[str, str]
    stopped: bool = False
    """Whether it met its limit."""
    phases: Mapping[str, float] = field(default_factory=dict)
    """Wall seconds."""
    roles: Mapping[str, float] = field(default_factory=dict)
    """CPU seconds by what they went to."""

    def judged_names(self) -> set[str]:
        """Mutants that tests were run for."""
        return {name for name, status in self.statuses.items() if status not in _NOT_JUDGED}

    @property
    def judged(self) -> int:
        """How many they are."""
        return len(self.judged_names())

    @property
    def rate(self) -> float:
        """Mutants judged per second of judging."""
        return self.judged / self.judging


def ours(
    project: Project,
    target: str,
    workers: int,
    part: Sequence[str] = (),
    *,
    option: str = "",
    limit: float | None = None,
) -> Outcome:
    """Run this program from scratch, from the command to the verdicts, on all mutants or on a part."""
    options = [*part, *([option] if option else [])]
    shutil.rmtree(project.work / "cache", ignore_errors=True)
    command = [sys.executable, "-m", "mutmut_dashboard", "run", "--fresh", "--target", target, *options]
    done = timed([*command, "--workers", str(workers), "--no-page"], project.root, limit)
    with Store(project.work / "results.sqlite") as store:
        run = store.latest_run()
        if run is None:
            sys.exit(f"The run left no result:\n{done.output}")
        verdicts = store.verdicts(run.id, target)
        statuses = {
            m.name: str(status_of(m, verdicts.get(m.id))) for m in store.mutants(run.id, target) if m.name
        }
    phases = dict(run.targets[0].seconds)
    phases["start and record"] = done.wall - sum(phases.values())
    who = f"mutmut-dashboard {option}".strip()
    judging = phases.get("judging", done.wall)
    return Outcome(who, done.wall, done.cpu, judging, statuses, done.stopped, phases, done.roles)


def mutmut(
    project: Project,
    target: str,
    workers: int,
    scratch: Path,
    names: Sequence[str] = (),
    *,
    profile: bool = False,
    limit: float | None = None,
) -> Outcome:
    """Run plain mutmut from scratch on a copy of the stage that `ours` left, on all mutants or those named."""
    stage = scratch / target
    made = project.work / "stage" / target
    shutil.copytree(made, stage, ignore=shutil.ignore_patterns(GENERATED, "baseline*"))
    environment = _environment()
    if profile:
        environment["PYTHONPATH"] = str(_profile_for(stage, scratch))
    script = Path(sys.executable).with_name("mutmut")
    command = [str(script), "run", "--max-children", str(workers), *names]
    done = timed(command, stage, limit, environment)
    codes: dict[str, int | None] = {}
    for meta in (stage / GENERATED).rglob("*.meta"):
        codes |= json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
    statuses = {name: str(MUTMUT_STATUS.get(code, Status.ERROR)) for name, code in codes.items()}
    judged = sum(status not in (Status.UNCOVERED, Status.PENDING) for status in statuses.values())
    rates = re.findall(r"([\d.]+) mutations/second", done.output)
    judging = judged / float(rates[-1]) if rates and float(rates[-1]) else done.wall
    who = "mutmut run, our profile" if profile else "mutmut run"
    return Outcome(who, done.wall, done.cpu, judging, statuses, done.stopped)


def _profile_for(stage: Path, scratch: Path) -> Path:
    """Have mutmut's pytest put our Hypothesis profile over the tests; return the folder of the plugin that does."""
    folder = scratch / "plugin"
    folder.mkdir()
    plugin = _PROFILE_PLUGIN.format(original=str(stage))
    (folder / "judging_profile.py").write_text(plugin, encoding="utf-8")
    path = stage / "pyproject.toml"
    document = tomlkit.parse(path.read_text(encoding="utf-8"))
    settings: Any = document["tool"]
    settings["mutmut"]["pytest_add_cli_args"] = [
        *settings["mutmut"].get("pytest_add_cli_args", []),
        *("-p", "judging_profile"),
    ]
    path.write_text(tomlkit.dumps(document), encoding="utf-8")
    return folder


def _without_spinner(output: str) -> str:
    """Leave out mutmut's progress, thousands of lines that begin with a Braille sign."""
    return "\n".join(line for line in output.splitlines() if not re.match(r"[\u2800-\u28ff]", line))


@dataclass(frozen=True)
class Timed:
    """A command that ended: wall seconds, CPU seconds of the whole tree, what it printed, whether it was stopped."""

    wall: float
    cpu: float
    output: str
    stopped: bool
    roles: Mapping[str, float]
    """CPU seconds by what they went to, of this program's processes."""


def timed(
    command: Sequence[str], folder: Path, limit: float | None, environment: Mapping[str, str] | None = None
) -> Timed:
    """Run to the end, or to the limit in seconds: then it is interrupted, and killed if that does not help."""
    console.say(f"... {' '.join([Path(command[0]).name, *command[1:7]])}")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    stopped = False
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment or _environment(),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        watch = Watch(process.pid)
        try:
            process.wait(limit)
        except subprocess.TimeoutExpired:
            stopped = True
            process.send_signal(signal.SIGINT)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        finally:
            if process.returncode is None:  # Ctrl-C: a group of its own does not hear it
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            roles = watch.stop()
        wall = time.monotonic() - started
        log.seek(0)
        output = log.read()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode and not stopped:
        sys.exit(
            f"{' '.join(command[:4])} ended with {process.returncode}:\n{_without_spinner(output)[-6000:]}"
        )
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Timed(wall, cpu, output, stopped, roles)
