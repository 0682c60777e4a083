"""Buckets of time cover it once, whatever the clocks of the zone do."""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.workflow_analytics_engine import (
    AnalyticsEngine,
    Status,
    TimeBucket,
    TimelineBucket,
    WorkflowAnalyticsEngine,
)
from tests.property_tests.analytics.analytics_strategies import (
    HOUR,
    NOON,
    SECOND,
    TICK,
    engine_at,
    machine_in,
    numbers,
    outcomes,
    refusal,
)

# Zones whose clocks moved by an hour, by half of one, over midnight, over a whole date, or sit on odd minutes.
ZONES = [
    "UTC",
    "Europe/Paris",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "America/Havana",
    "America/Sao_Paulo",
    "Africa/Cairo",
    "Pacific/Apia",
    "Asia/Kathmandu",
]
EVERY = ["minute", "hour", "day", "week", "month"]
STEP = {
    "minute": timedelta(minutes=1),
    "hour": HOUR,
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=31),
}

zones = st.sampled_from(ZONES)
units = st.sampled_from(EVERY)
moments = st.datetimes(
    datetime(2006, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    datetime(2030, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def begins(moment: datetime, every: str) -> bool:
    """Whether the clock of *moment* shows the beginning of a unit."""
    shown = (moment.second, moment.microsecond) == (0, 0)
    if every != "minute":
        shown = shown and moment.minute == 0
    if every in ("day", "week", "month"):
        shown = shown and moment.hour == 0
    if every == "week":
        shown = shown and moment.weekday() == 0
    return shown and (every != "month" or moment.day == 1)


def is_moved(moment: datetime) -> bool:
    """Whether clocks changed within the day before or after *moment*."""
    around = {(moment.astimezone(UTC) + HOUR * hours).astimezone(moment.tzinfo) for hours in (-24, 0, 24)}
    return len({one.utcoffset() for one in around}) > 1


class TestBucketize:
    @given(st.lists(st.tuples(moments, numbers), min_size=1, max_size=8), units, zones, st.data())
    def test_buckets_follow_each_other_and_keep_every_point(
        self, points: list[tuple[datetime, int | float]], every: str, zone: str, data: st.DataObject
    ) -> None:
        """Each bucket begins where the one before ends, the ends hold points, and counts add up to all points."""
        start = points[0][0]
        near = [
            (start + data.draw(st.integers(0, 40)) * STEP[every] + (at - start) % STEP[every], value)
            for at, value in points
        ]
        found = WorkflowAnalyticsEngine(tz=zone).bucketize(near, every, "count")
        assert all(
            one.end == two.start and one.end.utcoffset() == two.start.utcoffset()
            for one, two in pairwise(found)
        )
        assert all(one.start.astimezone(UTC) < one.end.astimezone(UTC) for one in found)
        assert sum(one.count for one in found) == len(points)
        assert found[0].count
        assert found[-1].count
        starts = [one.start.timestamp() for one in found]
        held = [0] * len(found)
        for at, _ in near:
            held[bisect_right(starts, at.timestamp()) - 1] += 1
        assert [one.count for one in found] == [one.value for one in found] == held

    @given(moments, units, zones)
    def test_buckets_begin_when_the_clock_shows_it(self, at: datetime, every: str, zone: str) -> None:
        """Away from a change of clocks, both ends show the beginning of the unit, and lie one unit apart."""
        (found,) = WorkflowAnalyticsEngine(tz=zone).bucketize([(at, 1)], every)
        assert found.start.astimezone(UTC) <= at < found.end.astimezone(UTC)
        for edge in (found.start, found.end):
            assert begins(edge, every) or is_moved(edge)
        if not is_moved(found.start) and not is_moved(found.end):
            least = timedelta(days=28) if every == "month" else STEP[every]
            assert least <= found.end.replace(tzinfo=UTC) - found.start.replace(tzinfo=UTC) <= STEP[every]

    @given(
        st.lists(st.tuples(st.integers(0, 3), numbers), max_size=8),
        st.sampled_from(["sum", "max", "median", "count"]),
    )
    def test_values_are_reduced_as_aggregate_does(
        self, points: list[tuple[int, int | float]], agg: str
    ) -> None:
        """The value of a bucket is the aggregate of its points, of one without points what fills it."""
        engine = WorkflowAnalyticsEngine()
        found = engine.bucketize([(hour * 3600, value) for hour, value in points], "hour", agg, fill=-7)
        hours = range(min(hour for hour, _ in points), max(hour for hour, _ in points) + 1) if points else []
        assert [one.value for one in found] == [
            engine.aggregate([value for at, value in points if at == hour], agg, default=-7) for hour in hours
        ]

    @pytest.mark.parametrize(
        ("zone", "day", "hours"),
        [
            ("Europe/Paris", date(2026, 3, 29), 23),
            ("Europe/Paris", date(2026, 10, 25), 25),
            ("Europe/Paris", date(2026, 10, 26), 24),
            ("America/New_York", date(2026, 11, 1), 25),
            ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
            ("Australia/Lord_Howe", date(2026, 10, 4), 23.5),
            ("America/Sao_Paulo", date(2018, 11, 4), 23),  # no midnight: the day begins at 01:00
            ("America/Havana", date(2026, 11, 1), 25),  # two midnights: the day begins with the first
            ("America/St_Johns", date(2010, 11, 7), 24),  # back to 23:01 at 00:01: with the second
            ("Pacific/Apia", date(2011, 12, 31), 24),  # the 30th never was
        ],
    )
    def test_days_are_as_long_as_they_were(self, zone: str, day: date, hours: float) -> None:
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone))
        before = noon.astimezone(UTC) - 26 * HOUR
        found = WorkflowAnalyticsEngine().bucketize([(before, 1), (noon, 1)], "day", tz=zone)
        assert found[-1].end.timestamp() - found[-1].start.timestamp() == hours * 3600
        assert [one.start.timestamp() for one in found[1:]] == [one.end.timestamp() for one in found[:-1]]

    @pytest.mark.parametrize(
        ("zone", "day", "minutes"),
        [
            ("Europe/Paris", date(2026, 10, 25), [60] * 25),
            ("Europe/Paris", date(2026, 3, 29), [60] * 23),
            ("Australia/Lord_Howe", date(2026, 4, 5), [60, 60, 30] + [60] * 22),
            ("Australia/Lord_Howe", date(2026, 10, 4), [60, 60, 30] + [60] * 21),
            ("Asia/Kathmandu", date(2026, 10, 4), [60] * 24),
        ],
    )
    def test_an_hour_that_comes_twice_is_two(self, zone: str, day: date, minutes: list[int]) -> None:
        first = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
        last = first.replace(hour=23, minute=59)
        found = WorkflowAnalyticsEngine(tz=zone).bucketize([(first, 1), (last, 1)], "hour")
        assert [(one.end.timestamp() - one.start.timestamp()) / 60 for one in found] == minutes

    def test_after_clocks_went_back_over_midnight_a_day_is_still_found(self) -> None:
        """At 00:01 on 7 November 2010 clocks in St. John's went back to 23:01: what then shows the 6th again is the 6th."""
        zone = ZoneInfo("America/St_Johns")
        again = datetime(2010, 11, 6, 23, 30, fold=1, tzinfo=zone)
        minute_before = datetime(2010, 11, 7, 0, 0, 30, tzinfo=zone)
        for at in (again, minute_before):
            (found,) = WorkflowAnalyticsEngine(tz=zone).bucketize([(at, 1)], "day")
            assert (found.start.isoformat(), found.end.isoformat()) == (
                "2010-11-06T00:00:00-02:30",
                "2010-11-07T00:00:00-03:30",
            )

    @pytest.mark.parametrize("every", EVERY)
    def test_the_zone_of_the_machine_does_not_matter(self, every: str) -> None:
        """Nor where it is two dates later than in the zone asked about, as in Kiritimati and on Samoa."""
        points = [(datetime(2026, 3, 2, 10, 30, tzinfo=UTC) + number * STEP[every], 1) for number in range(3)]
        engine = WorkflowAnalyticsEngine(tz="Pacific/Pago_Pago")
        found = engine.bucketize(points, every)
        with machine_in("Pacific/Kiritimati"):
            assert engine.bucketize(points, every) == found
        assert found[0].start.astimezone(UTC) <= points[0][0] < found[0].end.astimezone(UTC)

    @pytest.mark.parametrize("every", EVERY)
    def test_a_last_moment_needs_no_further_bucket(self, every: str) -> None:
        engine = WorkflowAnalyticsEngine()
        (found,) = engine.bucketize([(NOON, 1)], every)
        assert engine.bucketize([(found.end - TICK, 1)], every) == [found]
        assert engine.bucketize([(found.start, 1)], every) == [found]
        with engine:
            (whole,) = engine.timeline(window=(found.start, found.end), every=every)
        assert (whole.start, whole.end) == (found.start, found.end)

    def test_weeks_begin_on_monday_and_months_on_the_first(self) -> None:
        engine = WorkflowAnalyticsEngine()
        points = [(datetime(2024, 2, 29, 23, tzinfo=UTC), 1), (datetime(2024, 3, 31, tzinfo=UTC), 2)]
        weeks = engine.bucketize(points, "week", fill=0)
        months = engine.bucketize(points, "month")
        assert [one.start.day for one in weeks] == [26, 4, 11, 18, 25]
        assert [(one.start.month, one.end.month, one.value) for one in months] == [(2, 3, 1), (3, 4, 2)]

    def test_the_zone_of_the_engine_counts_unless_another_is_named(self) -> None:
        engine = WorkflowAnalyticsEngine(tz="Asia/Kathmandu")
        assert engine.bucketize([(NOON, 3)], "day")[0].start.isoformat() == "2026-03-01T00:00:00+05:45"
        assert engine.bucketize([(NOON, 3)], "day", tz="UTC") == [
            TimeBucket(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC), 1, 3)
        ]
        assert engine.bucketize([], "day") == []

    def test_an_empty_bucket_has_no_value_unless_it_is_a_sum_or_filled(self) -> None:
        points = [(0, 5), (7200, 6)]
        engine = WorkflowAnalyticsEngine()
        assert [one.value for one in engine.bucketize(points, "hour")] == [5, 0, 6]
        assert [one.value for one in engine.bucketize(points, "hour", "count", fill=9)] == [1, 0, 1]
        assert [one.value for one in engine.bucketize(points, "hour", "avg")] == [5.0, None, 6.0]
        assert [one.value for one in engine.bucketize(points, "hour", "avg", fill=0)] == [5.0, 0, 6.0]

    @pytest.mark.parametrize(
        ("every", "length"),
        [("minute", 60), ("hour", 3600), ("day", 86400), ("week", 604_800), ("month", 31 * 86400)],
    )
    def test_more_buckets_than_anyone_looks_at_are_refused(self, every: str, length: int) -> None:
        engine = WorkflowAnalyticsEngine()
        first = datetime(1970, 1, 1, tzinfo=UTC)
        beyond = first + timedelta(seconds=10_000 * length)
        most = engine.bucketize([(first, 1), (beyond - TICK, 1)], every)
        assert len(most) >= 10_000
        message = refusal(ValueError, lambda: engine.bucketize([(first, 1), (beyond, 1)], every))
        assert message == (
            f"every is {every!r}: that makes more than 10000 buckets, so choose a longer one or a shorter window"
        )

    def test_the_first_and_last_moments_have_their_buckets(self) -> None:
        for edge in (datetime(2, 1, 1, tzinfo=UTC), datetime(9998, 12, 31, tzinfo=UTC)):
            for every in EVERY:
                (found,) = WorkflowAnalyticsEngine().bucketize([(edge, 1)], every)
                assert found.start <= edge < found.end


class TestTimeline:
    @given(
        st.lists(st.tuples(st.integers(0, 100), st.none() | outcomes), max_size=12),
        st.integers(0, 100),
        st.integers(1, 60),
        st.sampled_from(["hour", "day", "week"]),
        zones,
        moments,
    )
    @example([(0, None)], 0, 60, "hour", "Europe/Paris", datetime(2026, 10, 24, 22, tzinfo=UTC))
    def test_buckets_part_the_window_and_conserve_counts(
        self,
        starts: list[tuple[int, str | None]],
        since: int,
        length: int,
        every: str,
        zone: str,
        at: datetime,
    ) -> None:
        """Buckets cover the window without gap or overlap, and together they count what performance counts."""
        window = (at + since * HOUR, at + (since + length) * HOUR)
        with WorkflowAnalyticsEngine(tz=zone) as engine:
            for number, (hour, status) in enumerate(starts):
                engine.start_execution("load", str(number), at + hour * HOUR)
                if status:
                    engine.finish_execution(str(number), status, at + hour * HOUR + number * (SECOND + TICK))
            found = engine.timeline(window=window, every=every)
            whole = engine.performance(window=window)
            parts = [
                engine.performance(window=(one.start.astimezone(UTC), one.end.astimezone(UTC)))
                for one in found
            ]
        assert (found[0].start, found[-1].end) == window
        for edge in (edge for one in found for edge in (one.start, one.end)):
            assert edge.utcoffset() == edge.astimezone(ZoneInfo(zone)).utcoffset()
        assert all(one.end.astimezone(UTC) == two.start.astimezone(UTC) for one, two in pairwise(found))
        assert all(one.start.astimezone(UTC) < one.end.astimezone(UTC) for one in found)
        assert all(begins(one.start, every) or is_moved(one.start) for one in found[1:])
        assert sum(one.total for one in found) == whole.total
        for one, part in zip(found, parts, strict=True):
            assert (one.total, one.by_status, one.success_rate, one.error_rate) == (
                part.total, part.by_status, part.success_rate, part.error_rate
            )  # fmt: skip
            assert one.mean_duration == (part.durations and part.durations.mean)

    def test_a_day_by_the_hour_counts_one_workflow(self) -> None:
        with engine_at(NOON + HOUR / 2, tz="Asia/Kathmandu") as engine:
            for number, (workflow, status) in enumerate(
                [("load", "succeeded"), ("load", "failed"), ("save", "failed"), ("load", "succeeded")]
            ):
                engine.start_execution(workflow, str(number), NOON)
                engine.finish_execution(str(number), status, NOON + number * SECOND)
            engine.start_execution("load", "open", NOON - HOUR)
            found = engine.timeline("load")
        assert len(found) == 25  # the first and the last are cut by the window
        assert found[-1] == TimelineBucket(
            start=datetime(2026, 3, 1, 12, 15, tzinfo=UTC),
            end=NOON + HOUR / 2 + TICK,
            total=0,
            by_status=dict.fromkeys(Status, 0),
            success_rate=None,
            error_rate=None,
            mean_duration=None,
        )
        assert found[-1].start.isoformat() == "2026-03-01T18:00:00+05:45"
        full = found[-2]
        assert (full.total, full.mean_duration) == (3, 4 / 3)
        assert full.by_status == {
            Status.RUNNING: 0, Status.SUCCEEDED: 2, Status.FAILED: 1, Status.CANCELLED: 0
        }  # fmt: skip
        assert (full.success_rate, full.error_rate) == (2 / 3, 1 / 3)
        assert [one.total for one in found[:-2]] == [0] * 22 + [1]
        assert found[-3].mean_duration is None

    def test_all_time_reaches_from_the_first_to_the_last_start(self) -> None:
        with AnalyticsEngine() as engine:
            assert engine.timeline(window=None) == []
            for number, workflow in enumerate(["load", "save", "load"]):
                engine.start_execution(workflow, str(number), NOON + number * 24 * HOUR)
            every = engine.timeline(window=None, every="day")
            assert (every[0].start, every[-1].end) == (NOON, NOON + 48 * HOUR + TICK)
            assert [one.total for one in every] == [1, 1, 1]
            (one,) = engine.timeline("save", None, "month")
            assert (one.start, one.end, one.total) == (NOON + 24 * HOUR, NOON + 24 * HOUR + TICK, 1)
            assert engine.timeline("none", None) == []
