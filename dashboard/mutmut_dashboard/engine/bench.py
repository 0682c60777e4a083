"""What belongs to one target during a run: its stage, what mutmut made of it, and how long each phase took."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from mutmut_dashboard.config import Project, Target
from mutmut_dashboard.engine.inputs import inputs_of
from mutmut_dashboard.engine.mutmut_adapter import Copy
from mutmut_dashboard.engine.stage import Stage, build_stage
from mutmut_dashboard.model import TargetRecord


@dataclass
class Bench:
    """A target on its way; `record` is what the store will hold of it."""

    target: Target
    stage: Stage
    record: TargetRecord
    copies: dict[str, tuple[Copy, ...]] = field(default_factory=dict)
    """File in the stage -> where its generated code holds the original functions."""
    lines: dict[str, int] = field(default_factory=dict)
    """Mutant's id -> line on which the node begins that mutmut changes."""

    @contextmanager
    def timed(self, phase: str) -> Iterator[None]:
        """Record how long a phase takes."""
        started = time.monotonic()
        try:
            yield
        finally:
            seconds = {**self.record.seconds, phase: time.monotonic() - started}
            self.record = replace(self.record, seconds=seconds)


def prepare(project: Project, target: Target) -> Bench:
    """Copy the target's sources into a stage that is not in place yet."""
    started = time.monotonic()
    stage = build_stage(project, target)
    record = TargetRecord(
        name=target.name,
        root=target.root,
        files=tuple(stage.project_path(file) for file in stage.files),
        suites=tuple(stage.project_path(suite.path) for suite in stage.suites),
        score_floor=target.floors.mutation_score,
        coverage_floor=target.floors.coverage,
        adjusted_floor=target.floors.adjusted_score,
        low_below=target.levels.low,
        high_from=target.levels.high,
        inputs=inputs_of(project, target),
        seconds={"staging": time.monotonic() - started},
    )
    return Bench(target, stage, record)
