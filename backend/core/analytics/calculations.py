"""Every calculation on plain numbers: checks first, then one exact answer.

Values are finite ints, floats, Decimals or Fractions in any iterable.  Everything else is refused with the index of the
first offender: a wrong type, bool included, by TypeError; NaN or an infinity by ValueError.  Results are exact before one
final rounding to a float, or to an int where floats are too coarse or too small.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.analytics import histogram as histograms
from core.analytics import outliers, periods, scalars, series, service_levels, trend
from core.analytics.errors import REQUIRED, EmptyDataError, default_for_none
from core.analytics.exact import (
    as_written,
    elements,
    to_choice,
    to_count,
    to_duration,
    to_durations,
    to_number,
    to_numbers,
    to_share,
)
from core.analytics.ranks import METHODS, at_rank, in_order, to_rank
from core.analytics.ranks import median as middle

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.analytics.errors import D, Required
    from core.analytics.exact import Number, Real
    from core.analytics.histogram import Histogram
    from core.analytics.periods import Comparison
    from core.analytics.scalars import Summary
    from core.analytics.series import T
    from core.analytics.service_levels import ServiceLevel
    from core.analytics.trend import Trend, TrendDetail


def aggregate(values: Iterable[Real], op: str, *, default: D | Required = REQUIRED) -> Number | D:
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
    values: Iterable[Real], p: Real, *, method: str = "linear", default: D | Required = REQUIRED
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
    ordered = in_order(to_numbers(values))
    return at_rank(ordered, rank, chosen) if ordered else default_for_none(default, "percentile")


def percentiles(values: Iterable[Real], ps: Iterable[Real]) -> list[Number]:
    """Return the percentile for each of *ps*, in their order, sorting *values* once.

    Raises:
        EmptyDataError: No values.

    """
    ranks = [to_rank(p, "ps", index) for index, p in enumerate(elements(ps, "ps"))]
    ordered = in_order(to_numbers(values))
    if not ordered:
        raise EmptyDataError("percentiles of no values are undefined: pass at least one value")
    return [at_rank(ordered, rank) for rank in ranks]


def median(values: Iterable[Real], *, default: D | Required = REQUIRED) -> Number | D:
    """Return the 50th percentile of *values*.

    Raises:
        EmptyDataError: No values, and no default.

    """
    ordered = in_order(to_numbers(values))
    return middle(ordered) if ordered else default_for_none(default, "median")


def summary(values: Iterable[Real], *, default: D | Required = REQUIRED) -> Summary | D:
    """Describe *values* by count, sum, mean, min, max, median, p90, p95, p99 and population stdev.

    Raises:
        EmptyDataError: No values, and no default.

    """
    numbers = to_numbers(values)
    return scalars.summarize(numbers) if numbers else default_for_none(default, "summary")


def average_execution_time(times: Iterable[Real], *, default: D | Required = REQUIRED) -> Number | D:
    """Return the mean of *times*, durations in one unit of your choice.

    Raises:
        ValueError: A duration is negative.
        EmptyDataError: No times, and no default.

    """
    numbers = to_durations(times, "times")
    return scalars.mean(numbers) if numbers else default_for_none(default, "average execution time")


def success_rate(successes: int, failures: int, *, default: D | Required = REQUIRED) -> float | D:
    """Return successes / (successes + failures), between 0.0 and 1.0.

    Raises:
        TypeError: A count is not an int.
        ValueError: A count is negative.
        EmptyDataError: Both are 0, and no default.

    """
    rate = service_levels.share(to_count(successes, "successes", 0), to_count(failures, "failures", 0))
    return default_for_none(default, "success rate") if rate is None else rate


def error_rate(successes: int, failures: int, *, default: D | Required = REQUIRED) -> float | D:
    """Return failures / (successes + failures), the rest of the success rate.

    Raises:
        TypeError: A count is not an int.
        ValueError: A count is negative.
        EmptyDataError: Both are 0, and no default.

    """
    failed = to_count(failures, "failures", 0)
    rate = service_levels.share(failed, to_count(successes, "successes", 0))
    return default_for_none(default, "error rate") if rate is None else rate


def throughput(count: int, seconds: Real) -> Number:
    """Return how many of *count* passed per second.

    Raises:
        TypeError: *count* is not an int.
        ValueError: *count* is negative, or *seconds* are not more than 0.

    """
    number, length = to_count(count, "count", 0), to_number(seconds, "seconds")
    if length <= 0:
        raise ValueError(f"seconds is {length}: it must be longer than zero")
    return service_levels.per_second(number, length)


def slo(durations: Iterable[Real], threshold: Real, target: Real) -> ServiceLevel:
    """Tell whether the share of *durations* of at most *threshold* reaches *target*, and what is left of the error budget.

    Args:
        durations: In the unit of *threshold*.

        threshold: The longest duration that is good.

        target: The promised share, above 0 and at most 1, read as it is written: one miss in a hundred spends all that
            0.99 allows.

    Raises:
        ValueError: A duration or the threshold is negative, or *target* is no such share.
        EmptyDataError: No durations.

    """
    limit, share = to_duration(threshold, "threshold"), to_share(target, "target")
    numbers = to_durations(durations, "durations")
    if not numbers:
        raise EmptyDataError("slo of no durations is undefined: pass at least one")
    return service_levels.judge(numbers, limit, share)


def compare_periods(current: Iterable[Real], previous: Iterable[Real], op: str = "mean") -> Comparison:
    """Reduce the values of two periods by *op*, as :func:`aggregate` does, and compare the results.

    Raises:
        ValueError: No such *op*.
        EmptyDataError: A period has no values, and *op* is neither "sum" nor "count".

    """
    calculate = scalars.operation(op)
    sides = []
    for name, values in (("current", current), ("previous", previous)):
        numbers = to_numbers(values, name)
        if not numbers and op not in scalars.DEFINED_FOR_NONE:
            raise EmptyDataError(f"{name} has no values, so it has no {op}: pass at least one value")
        sides.append(calculate(numbers))
    return periods.compare(*sides)


def detect_outliers(values: Iterable[Real], k: Real = 3.5) -> list[int]:
    """Return the places of values more than *k* robust deviations from the median, in ascending order.

    A robust deviation is 1.4826 times the median absolute deviation.  Where more than half of the values are equal it is
    0, and every other value is an outlier.

    Raises:
        ValueError: *k* is negative.

    """
    distance = as_written(k, "k")
    if distance < 0:
        raise ValueError(f"k is {k}: it must be at least 0")
    numbers = to_numbers(values)
    return outliers.outliers(numbers, distance) if numbers else []


def create_time_series(timestamps: Iterable[T]) -> list[T]:
    """Return the same objects sorted by instant: aware datetimes, or numbers.

    Raises:
        TypeError: Datetimes mixed with numbers.
        ValueError: A datetime without a zone.

    """
    return series.in_time_order(timestamps)


def moving_average(values: Iterable[Real], window: int) -> list[Number]:
    """Return the mean of every *window* neighbours: ``len(values) - window + 1`` means, or none if that is negative.

    Raises:
        TypeError: *window* is not an int.
        ValueError: *window* is below 1.

    """
    return series.moving_means(to_numbers(values), to_count(window, "window", 1))


def exponential_moving_average(values: Iterable[Real], alpha: Real) -> list[Number]:
    """Return one average per value, each *alpha* of the way from the average before it to the value.

    Args:
        values: Any finite numbers; the first average is the first value.

        alpha: Above 0 and at most 1, read as it is written; 1 forgets at once.

    Raises:
        ValueError: *alpha* is no such share.

    """
    weight = to_share(alpha, "alpha")
    return series.smoothed(to_numbers(values), weight)


def compute_trend(values: Iterable[Real]) -> Trend:
    """Tell whether *values* are increasing, decreasing or stable.

    Counts the pairs that rise minus the pairs that fall (Mann-Kendall).  It is a trend when that surplus is at least
    half of all pairs, or so large that chance alone would give it less than once in twenty.  Fewer than three values
    are stable.
    """
    return trend.direction(to_numbers(values))


def trend_detail(values: Iterable[Real]) -> TrendDetail:
    """Return the trend with its score, its p-value and the median slope per place (Theil-Sen).

    Time and memory grow with the square of the number of values.
    """
    return trend.detail(to_numbers(values))


def histogram(
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
