"""One run from scratch in a process of its own, for experiments: every mutant with its status and its killer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from mutmut_dashboard.config import load_project
from mutmut_dashboard.engine import lab, lock, workers
from mutmut_dashboard.engine.stage import Stage
from mutmut_dashboard.engine.wire import SessionPlan
from mutmut_dashboard.model import Mutant, Verdict, status_of
from mutmut_dashboard.shards import Shard
from mutmut_dashboard.store import Store


@dataclass(frozen=True)
class Setting:
    """What may differ between two runs without a verdict differing, and what may not (`constants`)."""

    config: str
    target: str
    workers: int = 1
    hash_seed: int = 0
    shuffle: int | None = None
    constants: str = "original"
    """Where Hypothesis finds constants: in the "original" files, or in the "generated" ones as it would by itself."""
    exhaustive: bool = False
    matrix: bool = False
    shard: str = ""
    """The part of the mutants that is judged, all if empty."""


@dataclass(frozen=True)
class Judged:
    """What became of one mutant."""

    place: str
    status: str
    killer: str
    cpu: float
    """Seconds."""


def judge(setting: Setting, limit: float | None = None) -> dict[str, Judged]:
    """Run it and return mutant id -> what became of it.

    Raises:
        subprocess.TimeoutExpired: it took longer than `limit` seconds.

    """
    with tempfile.TemporaryDirectory(prefix="experiment-") as folder:
        output = Path(folder, "output.json")
        command = [sys.executable, __file__, json.dumps(asdict(setting)), str(output)]
        environment = {**os.environ, "PYTHONHASHSEED": str(setting.hash_seed)}
        subprocess.run(command, env=environment, check=True, timeout=limit)
        found = json.loads(output.read_text(encoding="utf-8"))
    return {mutant: Judged(**facts) for mutant, facts in found.items()}


class _Silent:
    """Progress that nobody watches."""

    def phase(self, target: str, text: str) -> None: ...

    def judging(self, target: str, total: int) -> None: ...

    def judged(self, mutant: Mutant, verdict: Verdict) -> None: ...

    def note(self, text: str) -> None: ...


def _with_generated_constants(stage: Stage, role: str, folder: Path, **more: Any) -> SessionPlan:
    return replace(_session_plan(stage, role, folder, **more), original=str(folder))


_session_plan = workers.session_plan


def main(arguments: Sequence[str]) -> None:
    """Carry out what `judge` asks for."""
    setting, output = Setting(**json.loads(arguments[0])), Path(arguments[1])
    if setting.constants == "generated":
        workers.session_plan = _with_generated_constants
    config = Path(setting.config)
    project = load_project(config)
    options = lab.Options(
        command="an experiment",
        targets=[setting.target],
        workers=setting.workers,
        fresh=True,
        exhaustive=setting.exhaustive,
        matrix=setting.matrix,
        shuffle=setting.shuffle,
        shard=Shard.parse(setting.shard),
    )
    with lock.hold(project.work, "an experiment"), Store(output.with_name("results.sqlite")) as store:
        run = lab.run(project, store, options, _Silent())
        verdicts = store.verdicts(run.id, setting.target)
        judged = [m for m in store.mutants(run.id) if not setting.shard or m.id in verdicts]
        found = {m.id: _judged(m, verdicts.get(m.id)) for m in judged}
    output.write_text(json.dumps({mutant: asdict(one) for mutant, one in found.items()}), encoding="utf-8")


def _judged(mutant: Mutant, verdict: Verdict | None) -> Judged:
    killer = verdict.kill.test if verdict and verdict.kill else ""
    place = f"{mutant.file}:{mutant.line} {mutant.original} -> {mutant.replacement}"
    return Judged(place, str(status_of(mutant, verdict)), killer, verdict.cpu if verdict else 0.0)


if __name__ == "__main__":
    main(sys.argv[1:])
