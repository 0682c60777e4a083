"""What the store takes and hands back."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from core.analytics.instants import MICROS_PER_SECOND, micros_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from core.analytics.exact import Number


class Status(StrEnum):
    """Where an execution stands, or how a step ended."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


OUTCOMES = (Status.SUCCEEDED, Status.FAILED, Status.CANCELLED)
"""The statuses in which an execution or a step may finish."""


@dataclass(frozen=True)
class Execution:
    """One run of a workflow; what is read back has its times in the engine's zone."""

    execution_id: str
    workflow_id: str
    status: Status
    started: datetime
    finished: datetime | None = None
    user_id: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    error: str | None = None

    @property
    def duration(self) -> float | None:
        """Seconds from start to finish; None while it runs."""
        return None if self.finished is None else _seconds_between(self.started, self.finished)


@dataclass(frozen=True)
class Step:
    """One step that an execution took; with a *step_id* it counts once, however often sent."""

    execution_id: str
    name: str
    status: Status
    started: datetime
    finished: datetime
    error: str | None = None
    step_id: str | None = None

    @property
    def duration(self) -> float:
        """Seconds from start to finish."""
        return _seconds_between(self.started, self.finished)


@dataclass(frozen=True)
class Metric:
    """One recorded measurement; with a *metric_id* it counts once, however often sent."""

    name: str
    value: Number
    at: datetime
    workflow_id: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    metric_id: str | None = None


Record: TypeAlias = Execution | Step | Metric


def _seconds_between(started: datetime, finished: datetime) -> float:
    # By instant: datetimes of one zone subtract by their clock faces, which an autumn night shows twice.
    return (micros_of(finished, "finished") - micros_of(started, "started")) / MICROS_PER_SECOND
