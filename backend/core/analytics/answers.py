"""What queries answer with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from core.analytics.exact import Number
    from core.analytics.records import Status
    from core.analytics.scalars import Summary


@dataclass(frozen=True)
class StepPerformance:
    """All steps of one name; durations in seconds."""

    name: str
    count: int
    failed: int
    total_duration: float
    mean_duration: float
    max_duration: float


@dataclass(frozen=True)
class ErrorCount:
    """How often executions failed with one *error*, None being those without a message."""

    error: str | None
    count: int
    share: float
    """Its part of all failures asked for."""
    workflow_ids: tuple[str, ...]
    first_seen: datetime
    last_seen: datetime
    """When the first and the last of these executions started."""


@dataclass(frozen=True)
class Performance:
    """How the executions fared that started in ``since <= started < until``.

    Attributes:
        by_status: A count for every status, 0 included.
        success_rate: Succeeded among succeeded and failed; None when there are neither.
        error_rate: The other part of 1.
        durations: Seconds from start to finish of all finished executions; None when there are none.
        unique_users: How many different users started them.
        steps: What was spent on each step that started in the same time, the most time first.
        top_errors: The most frequent errors, at most five.

    """

    workflow_id: str | None
    since: datetime | None
    until: datetime | None
    total: int
    by_status: Mapping[Status, int]
    success_rate: float | None
    error_rate: float | None
    durations: Summary | None
    unique_users: int
    steps: tuple[StepPerformance, ...]
    top_errors: tuple[ErrorCount, ...]


@dataclass(frozen=True)
class TimelineBucket:
    """The executions that started in ``start <= started < end``, as in :class:`Performance`."""

    start: datetime
    end: datetime
    total: int
    by_status: Mapping[Status, int]
    success_rate: float | None
    error_rate: float | None
    mean_duration: float | None


@dataclass(frozen=True)
class TimeBucket:
    """The points in ``start <= at < end``, reduced to one *value*."""

    start: datetime
    end: datetime
    count: int
    value: Number | None


@dataclass(frozen=True)
class WorkflowOverview:
    """One workflow in an overview."""

    workflow_id: str
    total: int
    by_status: Mapping[Status, int]
    success_rate: float | None
    error_rate: float | None
    mean_duration: float | None
    last_started: datetime


@dataclass(frozen=True)
class Overview:
    """All workflows that had an execution start in the window, the busiest first."""

    since: datetime | None
    until: datetime | None
    total: int
    by_status: Mapping[Status, int]
    success_rate: float | None
    error_rate: float | None
    unique_users: int
    workflows: tuple[WorkflowOverview, ...]


@dataclass(frozen=True)
class Pruned:
    """How much was forgotten."""

    executions: int
    steps: int
    metrics: int
