"""Statistics of workflow runs: exact calculations on any numbers, and an embedded store of executions and metrics.

Calculations need no store and touch no file.  The store is one SQLite file, or memory, opened at the first call that needs
it.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Self

from core.analytics import histogram as histograms
from core.analytics import queries, scalars, series, store, trend
from core.analytics.database import Database
from core.analytics.errors import (
    REQUIRED,
    EmptyDataError,
    InvalidTransitionError,
    StoreError,
    default_for_none,
)
from core.analytics.exact import elements, to_choice, to_count, to_number, to_numbers
from core.analytics.histogram import Histogram
from core.analytics.instants import micros_of, to_interval, to_zone
from core.analytics.ranks import METHODS, at_rank, median, to_rank
from core.analytics.records import (
    Execution,
    Metric,
    Performance,
    Status,
    to_error,
    to_id,
    to_optional_id,
    to_outcome,
    to_status,
    to_tags,
)
from core.analytics.scalars import Summary
from core.analytics.trend import Trend

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Mapping
    from datetime import tzinfo
    from types import TracebackType

    from core.analytics.errors import D, Required
    from core.analytics.exact import Number, Real
    from core.analytics.instants import At, Window
    from core.analytics.series import T

__all__ = [
    "AnalyticsEngine",
    "EmptyDataError",
    "Execution",
    "Histogram",
    "InvalidTransitionError",
    "Metric",
    "Performance",
    "Status",
    "StoreError",
    "Summary",
    "Trend",
    "WorkflowAnalyticsEngine",
]


class WorkflowAnalyticsEngine:
    """Calculate on workflow data, record it, and ask how workflows perform.

    Values are finite ints, floats, Decimals or Fractions in any iterable.  Everything else is refused with the index of
    the first offender: a wrong type, bool included, by TypeError; NaN or an infinity by ValueError.  Results are exact
    before one final rounding to a float, or to an int where floats are too coarse or too small.

    Args:
        db_path: The SQLite file; ``":memory:"`` keeps nothing.

        tz: The zone in which times are shown: an IANA name or a tzinfo.

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
        self._database = Database(db_path)
        self._zone = to_zone(tz)
        self._clock = clock

    def close(self) -> None:
        """Close the store for good; calculations still work."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _now(self) -> int:
        return micros_of(self._clock(), "clock()")

    # Calculations

    def aggregate(self, values: Iterable[Real], op: str, *, default: D | Required = REQUIRED) -> Number | D:
        """Reduce *values* to one number.

        Args:
            values: Any finite numbers.

            op: "sum", "count", "avg" or "mean", "min", "max", "median", "range", the population's "stdev" or
                "variance", or a percentile such as "p95" or "p99.9".

            default: Returned for no values.  A sum or count of none is 0 in any case.

        Raises:
            TypeError: *op* is not a str.
            ValueError: No such *op*.
            EmptyDataError: No values, and no default.

        """
        calculate = scalars.operation(op)
        numbers = to_numbers(values)
        if numbers or op in scalars.DEFINED_FOR_NONE:
            return calculate(numbers)
        return default_for_none(default, op)

    def percentile(
        self, values: Iterable[Real], p: Real, *, method: str = "linear", default: D | Required = REQUIRED
    ) -> Number | D:
        """Return the value below which *p* percent of *values* lie (Hyndman & Fan 1996, type 7).

        Args:
            values: Any finite numbers.

            p: 0 gives the minimum, 100 the maximum.

            method: Between two values go "linear", or take the "lower", the "higher" or the "nearest" one (of two
                equally near, the one at the even place, counted from 0).

            default: Returned for no values.

        Raises:
            ValueError: *p* is outside 0 to 100, or no such *method*.
            EmptyDataError: No values, and no default.

        """
        rank, chosen = to_rank(p), to_choice(method, "method", METHODS)
        ordered = sorted(to_numbers(values))
        return at_rank(ordered, rank, chosen) if ordered else default_for_none(default, "percentile")

    def percentiles(self, values: Iterable[Real], ps: Iterable[Real]) -> list[Number]:
        """Return the percentile for each of *ps*, in their order, sorting *values* once.

        Raises:
            EmptyDataError: No values.

        """
        ranks = [to_rank(p, "ps", index) for index, p in enumerate(elements(ps, "ps"))]
        ordered = sorted(to_numbers(values))
        if not ordered:
            raise EmptyDataError("percentiles of no values are undefined: pass at least one value")
        return [at_rank(ordered, rank) for rank in ranks]

    def median(self, values: Iterable[Real], *, default: D | Required = REQUIRED) -> Number | D:
        """Return the 50th percentile of *values*.

        Raises:
            EmptyDataError: No values, and no default.

        """
        ordered = sorted(to_numbers(values))
        return median(ordered) if ordered else default_for_none(default, "median")

    def summary(self, values: Iterable[Real], *, default: D | Required = REQUIRED) -> Summary | D:
        """Describe *values* by count, sum, mean, min, max, median, p90, p95, p99 and population stdev.

        Raises:
            EmptyDataError: No values, and no default.

        """
        numbers = to_numbers(values)
        return scalars.summarize(numbers) if numbers else default_for_none(default, "summary")

    def average_execution_time(
        self, times: Iterable[Real], *, default: D | Required = REQUIRED
    ) -> Number | D:
        """Return the mean of *times*, durations in one unit of your choice.

        Raises:
            ValueError: A duration is negative.
            EmptyDataError: No times, and no default.

        """
        numbers = to_numbers(times, "times")
        for index, number in enumerate(numbers):
            if number < 0:
                raise ValueError(f"times[{index}] is {number}: a duration cannot be negative")
        return scalars.mean(numbers) if numbers else default_for_none(default, "average execution time")

    def success_rate(self, successes: int, failures: int, *, default: D | Required = REQUIRED) -> float | D:
        """Return successes / (successes + failures), between 0.0 and 1.0.

        Raises:
            TypeError: A count is not an int.
            ValueError: A count is negative.
            EmptyDataError: Both are 0, and no default.

        """
        rate = scalars.share(to_count(successes, "successes", 0), to_count(failures, "failures", 0))
        return default_for_none(default, "success rate") if rate is None else rate

    def create_time_series(self, timestamps: Iterable[T]) -> list[T]:
        """Return the same objects sorted by instant: aware datetimes, or numbers.

        Raises:
            TypeError: Datetimes mixed with numbers.
            ValueError: A datetime without a zone.

        """
        return series.in_time_order(timestamps)

    def moving_average(self, values: Iterable[Real], window: int) -> list[Number]:
        """Return the mean of every *window* neighbours: ``len(values) - window + 1`` means, or none if that is negative.

        Raises:
            TypeError: *window* is not an int.
            ValueError: *window* is below 1.

        """
        return series.moving_means(to_numbers(values), to_count(window, "window", 1))

    def compute_trend(self, values: Iterable[Real]) -> Trend:
        """Tell whether *values* are increasing, decreasing or stable.

        Counts the pairs that rise minus the pairs that fall (Mann-Kendall).  It is a trend when that surplus is at least
        half of all pairs, or so large that chance alone would give it less than once in twenty.  Fewer than three values
        are stable.
        """
        return trend.direction(to_numbers(values))

    def histogram(
        self,
        values: Iterable[Real],
        num_buckets: int,
        *,
        range: tuple[Real, Real] | None = None,  # noqa: A002 - the name numpy made familiar
    ) -> Histogram:
        """Count *values* in *num_buckets* equal buckets from their minimum to their maximum, or over *range*.

        Values outside *range* are counted as underflow and overflow.  When all values are equal, bucket 0 holds them.

        Raises:
            TypeError: *num_buckets* is not an int.
            ValueError: *num_buckets* is below 1, or *range* does not ascend.
            EmptyDataError: No values, and no *range*.

        """
        buckets = to_count(num_buckets, "num_buckets", 1)
        numbers = to_numbers(values)
        if range is not None:
            return histograms.count_into_buckets(numbers, buckets, *histograms.to_bounds(range))
        if not numbers:
            raise EmptyDataError("histogram of no values has no edges: pass at least one value, or range=")
        return histograms.count_into_buckets(numbers, buckets, min(numbers), max(numbers))

    # Recording

    def start_execution(
        self,
        workflow_id: str,
        execution_id: str,
        at: At | None = None,
        user_id: str | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> bool:
        """Record that an execution began, and tell whether that is news: repeating a start changes nothing.

        Args:
            workflow_id: What is executed.

            execution_id: Unique among all executions.

            at: An aware datetime or seconds since 1970; now if missing.

            user_id: On whose behalf.

            tags: Anything else worth keeping.

        Raises:
            InvalidTransitionError: The id was started before with other particulars.

        """
        start = store.Start(
            execution_id=to_id(execution_id, "execution_id"),
            workflow_id=to_id(workflow_id, "workflow_id"),
            started_us=None if at is None else micros_of(at, "at"),
            user_id=to_optional_id(user_id, "user_id"),
            tags=to_tags(tags),
        )
        return self._database.run(lambda connection: store.start_execution(connection, start, self._now))

    def finish_execution(
        self, execution_id: str, status: str, at: At | None = None, error: str | None = None
    ) -> None:
        """Record that an execution ended as "succeeded", "failed" or "cancelled".

        Raises:
            InvalidTransitionError: It is unknown, has finished already, or would finish before its start.

        """
        finish = store.Finish(
            execution_id=to_id(execution_id, "execution_id"),
            status=to_outcome(status),
            finished_us=self._now() if at is None else micros_of(at, "at"),
            error=to_error(error),
        )
        self._database.run(lambda connection: store.finish_execution(connection, finish))

    def record_metric(
        self,
        name: str,
        value: Real,
        at: At | None = None,
        workflow_id: str | None = None,
        tags: Mapping[str, str] | None = None,
        *,
        metric_id: str | None = None,
    ) -> bool:
        """Record one measurement and tell whether it is news: one with a *metric_id* counts once, however often sent.

        Raises:
            InvalidTransitionError: The *metric_id* was recorded before with other particulars.

        """
        point = store.Point(
            metric_id=to_optional_id(metric_id, "metric_id"),
            name=to_id(name, "name"),
            value=store.encode(to_number(value, "value")),
            at_us=None if at is None else micros_of(at, "at"),
            workflow_id=to_optional_id(workflow_id, "workflow_id"),
            tags=to_tags(tags),
        )
        return self._database.run(lambda connection: store.record_metric(connection, point, self._now))

    # Asking.  A *window* reaches back from now ("30s", "15m", "24h", "7d", "4w", or a timedelta), or is a pair
    # (since, until) without its end, or None for all time.

    def performance(self, workflow_id: str | None = None, window: Window = "24h") -> Performance:
        """Sum up the executions that started in *window*, of one workflow or of all.

        Raises:
            ValueError: *window* cannot be read, or holds no time.

        """
        chosen = to_optional_id(workflow_id, "workflow_id")
        interval = to_interval(window, self._now)
        return self._database.run(
            lambda connection: queries.performance(connection, self._zone, interval, workflow_id=chosen)
        )

    def executions(
        self,
        workflow_id: str | None = None,
        window: Window = None,
        *,
        status: str | None = None,
        limit: int = 100,
        offset: int = 0,
    ) -> list[Execution]:
        """List executions that started in *window*, the newest first, *limit* of them after skipping *offset*."""
        filters = queries.Filters(
            workflow_id=to_optional_id(workflow_id, "workflow_id"),
            status=to_status(status),
            limit=to_count(limit, "limit", 1),
            offset=to_count(offset, "offset", 0),
        )
        interval = to_interval(window, self._now)
        return self._database.run(
            lambda connection: queries.executions(connection, self._zone, interval, filters)
        )

    def metrics(self, name: str, workflow_id: str | None = None, window: Window = None) -> list[Metric]:
        """List the measurements called *name* in *window*, the oldest first."""
        known, chosen = to_id(name, "name"), to_optional_id(workflow_id, "workflow_id")
        interval = to_interval(window, self._now)
        return self._database.run(
            lambda connection: queries.metrics(
                connection, self._zone, interval, name=known, workflow_id=chosen
            )
        )


AnalyticsEngine = WorkflowAnalyticsEngine
