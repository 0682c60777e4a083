"""Statistics of workflow runs: exact calculations on any numbers, and an embedded store of executions and metrics.

Calculations need no store and touch no file.  The store is one SQLite file, or memory, opened at the first call that needs
it.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Self

from core.analytics import alerting, buckets, calculations, queries, recording, reports, retention, transfer
from core.analytics.alert_rules import AlertRule
from core.analytics.alerting import Alert, AlertEvent, AlertState
from core.analytics.answers import (
    ErrorCount,
    Overview,
    Performance,
    Pruned,
    StepPerformance,
    TimeBucket,
    TimelineBucket,
    WorkflowOverview,
)
from core.analytics.database import Database
from core.analytics.errors import EmptyDataError, InvalidTransitionError, StoreError
from core.analytics.histogram import Histogram
from core.analytics.instants import micros_of, to_zone
from core.analytics.periods import Comparison
from core.analytics.records import Execution, Metric, Status, Step
from core.analytics.scalars import Summary
from core.analytics.service_levels import ServiceLevel
from core.analytics.trend import Trend, TrendDetail

if TYPE_CHECKING:
    import os
    from collections.abc import Callable
    from datetime import tzinfo
    from types import TracebackType

__all__ = [
    "Alert",
    "AlertEvent",
    "AlertRule",
    "AlertState",
    "AnalyticsEngine",
    "Comparison",
    "EmptyDataError",
    "ErrorCount",
    "Execution",
    "Histogram",
    "InvalidTransitionError",
    "Metric",
    "Overview",
    "Performance",
    "Pruned",
    "ServiceLevel",
    "Status",
    "Step",
    "StepPerformance",
    "StoreError",
    "Summary",
    "TimeBucket",
    "TimelineBucket",
    "Trend",
    "TrendDetail",
    "WorkflowAnalyticsEngine",
    "WorkflowOverview",
]


class WorkflowAnalyticsEngine:
    """Calculate on workflow data, record it, ask how workflows perform, and be told when they do not.

    Every method is a function of a module in ``core.analytics``, where it is described: those under *Calculations* of
    their arguments alone, the others of the engine, too.

    Args:
        db_path: The SQLite file; ``":memory:"`` keeps nothing.

        tz: The zone in which times are shown and days begin: an IANA name or a tzinfo.

        clock: Returns the seconds since 1970; called only where a time is not given.

    """

    def __init__(
        self,
        db_path: str | os.PathLike[str] = ":memory:",
        *,
        tz: str | tzinfo = "UTC",
        clock: Callable[[], float] = time.time,
    ) -> None:
        if not callable(clock):
            raise TypeError(f"clock is {clock!r}: expected a function that returns seconds since 1970")
        self.database = Database(db_path)
        self.zone = to_zone(tz)
        self._clock = clock

    def now(self) -> int:
        """Read the clock, in microseconds since 1970."""
        return micros_of(self._clock(), "clock()")

    def close(self) -> None:
        """Close the store for good; calculations still work."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    # Calculations
    aggregate = staticmethod(calculations.aggregate)
    average_execution_time = staticmethod(calculations.average_execution_time)
    compare_periods = staticmethod(calculations.compare_periods)
    compute_trend = staticmethod(calculations.compute_trend)
    create_time_series = staticmethod(calculations.create_time_series)
    detect_outliers = staticmethod(calculations.detect_outliers)
    error_rate = staticmethod(calculations.error_rate)
    exponential_moving_average = staticmethod(calculations.exponential_moving_average)
    histogram = staticmethod(calculations.histogram)
    median = staticmethod(calculations.median)
    moving_average = staticmethod(calculations.moving_average)
    percentile = staticmethod(calculations.percentile)
    percentiles = staticmethod(calculations.percentiles)
    slo = staticmethod(calculations.slo)
    success_rate = staticmethod(calculations.success_rate)
    summary = staticmethod(calculations.summary)
    throughput = staticmethod(calculations.throughput)
    trend_detail = staticmethod(calculations.trend_detail)
    bucketize = buckets.bucketize  # in the engine's zone

    # Recording
    start_execution = recording.start_execution
    finish_execution = recording.finish_execution
    record_step = recording.record_step
    record_metric = recording.record_metric
    ingest = recording.ingest

    # Asking
    performance = reports.performance
    error_breakdown = reports.error_breakdown
    overview = reports.overview
    timeline = buckets.timeline
    executions = queries.executions
    last_execution = queries.last_execution
    metrics = queries.metrics
    steps = queries.steps
    workflows = queries.workflows

    # Alerts
    add_alert = alerting.add_alert
    remove_alert = alerting.remove_alert
    alerts = alerting.alerts
    evaluate_alerts = alerting.evaluate_alerts

    # Keeping
    prune = retention.prune
    export = transfer.export
    import_ = transfer.import_


AnalyticsEngine = WorkflowAnalyticsEngine
