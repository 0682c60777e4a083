"""What is asked of the store is answered from exactly the window, workflow and page asked for."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.workflow_analytics_engine import (
    ErrorCount,
    Performance,
    Status,
    StepPerformance,
    Summary,
    WorkflowAnalyticsEngine,
)
from tests.property_tests.analytics.analytics_strategies import NOON, SECOND, TICK, engine_at


class TestAsking:
    def test_performance_sums_up(self) -> None:
        with engine_at() as engine:
            for number, (workflow, user, seconds, status) in enumerate(
                [
                    ("load", "eve", 2, "succeeded"),
                    ("load", "bob", 3, "succeeded"),
                    ("load", "eve", 4.5, "failed"),
                    ("load", None, 1, "cancelled"),
                    ("save", "joe", 9, "failed"),
                ]
            ):
                engine.start_execution(workflow, str(number), NOON - SECOND, user)
                engine.finish_execution(
                    str(number), status, NOON - SECOND + timedelta(seconds=seconds), "late"
                )
            engine.record_step("0", "read", 0.75, at=NOON)
            engine.start_execution("load", "open", NOON)
            load, every, none = engine.performance("load"), engine.performance(), engine.performance("none")
        summary = Summary(
            count=4, sum=10.5, mean=2.625, min=1, max=4.5, median=2.5, p90=4.05, p95=4.275, p99=4.455,
            stdev=1.2930100540985752,
        )  # fmt: skip
        assert load == Performance(
            workflow_id="load",
            since=NOON - timedelta(hours=24) + TICK,
            until=NOON + TICK,
            total=5,
            by_status={Status.RUNNING: 1, Status.SUCCEEDED: 2, Status.FAILED: 1, Status.CANCELLED: 1},
            success_rate=2 / 3,
            error_rate=1 / 3,
            durations=summary,
            unique_users=2,
            steps=(StepPerformance("read", 1, 0, 0.75, 0.75, 0.75),),
            top_errors=(ErrorCount("late", 1, 1.0, ("load",), NOON - SECOND, NOON - SECOND),),
        )
        assert (every.workflow_id, every.total, every.unique_users, every.success_rate) == (None, 6, 3, 0.5)
        assert (none.total, none.success_rate, none.error_rate, none.durations) == (0, None, None, None)
        assert set(none.by_status) == set(Status)

    @given(
        st.lists(st.integers(0, 40), unique=True),
        st.lists(st.integers(0, 40), min_size=2, max_size=4, unique=True),
    )
    def test_adjoining_windows_count_every_execution_once(self, starts: list[int], cuts: list[int]) -> None:
        """What started between the first and the last cut is in exactly one of the windows between cuts."""
        cuts.sort()
        with WorkflowAnalyticsEngine() as engine:
            for start in starts:
                engine.start_execution("load", str(start), start)
                engine.record_metric("size", start, start)
            whole = engine.executions(window=(cuts[0], cuts[-1]))
            parts = [engine.executions(window=window) for window in pairwise(cuts)]
            measured = [
                point.value for window in pairwise(cuts) for point in engine.metrics("size", window=window)
            ]
            assert engine.performance(window=(cuts[0], cuts[-1])).total == len(whole)
        expected = sorted(start for start in starts if cuts[0] <= start < cuts[-1])
        assert sorted(int(one.execution_id) for part in parts for one in part) == expected
        assert [int(one.execution_id) for one in whole] == expected[::-1]
        assert measured == expected

    @pytest.mark.parametrize(
        ("window", "length"),
        [
            ("30s", 30 * SECOND),
            ("15m", timedelta(minutes=15)),
            ("24h", timedelta(hours=24)),
            ("7d", timedelta(days=7)),
            ("4w", timedelta(weeks=4)),
            ("999999s", 999_999 * SECOND),
            (timedelta(microseconds=1), TICK),
            ((NOON - SECOND, NOON + TICK), SECOND + TICK),
            ((NOON.timestamp() - 1, NOON + TICK), SECOND + TICK),
        ],
    )
    def test_a_length_reaches_back_from_now_and_includes_it(
        self, window: str | timedelta | tuple[datetime, datetime], length: timedelta
    ) -> None:
        first = NOON + TICK - length
        with engine_at() as engine:
            for number, at in enumerate([first - TICK, first, NOON, NOON + TICK]):
                engine.record_metric("m", number, at)
                engine.start_execution("load", str(number), at)
            asked = engine.performance(window=window)
            found = [point.value for point in engine.metrics("m", window=window)]
            assert {one.execution_id for one in engine.executions(window=window)} == {
                str(value) for value in found
            }
        assert found == [1, 2]
        assert (asked.since, asked.until, asked.total) == (first, NOON + TICK, 2)

    @pytest.mark.parametrize(
        "window", ["1000000s", "day", "", "1", "h", "1H", "-1h", "1.5h", " 1h", "1h ", "01h"]
    )
    def test_a_window_that_cannot_be_read_is_refused(self, window: str) -> None:
        with (
            engine_at() as engine,
            pytest.raises(ValueError, match=r"^window is '.*': write a length such as 30s"),
        ):
            engine.performance(window=window)

    def test_a_window_longer_than_history_starts_with_it(self) -> None:
        with engine_at() as engine:
            asked = engine.performance(window="999999w")
            everything = engine.performance(window=None)
        assert asked.since == datetime(2, 1, 1, tzinfo=UTC)
        assert (everything.since, everything.until) == (None, None)

    def test_windows_stay_exact_in_far_years(self) -> None:
        far = datetime(9000, 1, 1, tzinfo=UTC)
        with engine_at(far) as engine:
            asked = engine.performance(window=3 * TICK)
        assert (asked.since, asked.until) == (far - 2 * TICK, far + TICK)

    def test_executions_come_newest_first_in_pages(self) -> None:
        with engine_at() as engine:
            for number in range(105):
                engine.start_execution(f"w{number % 2}", f"{number:03}", number // 2)
            engine.finish_execution("104", "failed", 60)
            engine.finish_execution("001", "succeeded", 60)
            names = [one.execution_id for one in engine.executions()]
            every = [one.execution_id for one in engine.executions(limit=200)]
            assert names == every[:100]
            assert every == sorted(every, key=lambda name: (-(int(name) // 2), name))
            assert [one.execution_id for one in engine.executions(limit=3, offset=4)] == every[4:7]
            assert [one.execution_id for one in engine.executions("w1", limit=2)] == ["103", "101"]
            assert [one.execution_id for one in engine.executions(status="failed")] == ["104"]
            assert len(engine.executions("w0", status="running", limit=200)) == 52

    def test_metrics_are_chosen_by_name_and_workflow_in_order_of_recording(self) -> None:
        with engine_at() as engine:
            for number, (name, workflow) in enumerate(
                [("a", "w"), ("a", "v"), ("b", "w"), ("a", None), ("a", "w")]
            ):
                engine.record_metric(name, number, NOON, workflow)
            assert [point.value for point in engine.metrics("a")] == [0, 1, 3, 4]
            assert [point.value for point in engine.metrics("a", "w")] == [0, 4]
            assert [point.value for point in engine.metrics("a", window=(NOON - SECOND, NOON))] == []

    def test_times_are_shown_in_the_zone_of_the_engine(self) -> None:
        nepal = timezone(timedelta(hours=5, minutes=45))
        with WorkflowAnalyticsEngine(tz=nepal) as engine:
            engine.start_execution("load", "one", NOON)
            engine.finish_execution("one", "failed", NOON)
            engine.record_metric("m", 1, NOON)
            asked = engine.performance(window=(NOON, NOON + SECOND))
            (found,), (point,) = engine.executions(), engine.metrics("m")
        for shown in (found.started, found.finished, point.at, asked.since):
            assert shown is not None
            assert shown.isoformat() == "2026-03-01T17:45:00+05:45"
        assert asked.until is not None
        assert asked.until.isoformat() == "2026-03-01T17:45:01+05:45"

    @pytest.mark.skipif("Europe/Paris" not in zoneinfo.available_timezones(), reason="no zone database")
    def test_a_zone_may_be_named(self) -> None:
        with WorkflowAnalyticsEngine(tz="Europe/Paris") as engine:
            engine.record_metric("m", 1, NOON)
            assert engine.metrics("m")[0].at.isoformat() == "2026-03-01T13:00:00+01:00"

    def test_utc_needs_no_zone_database(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("core.analytics.instants.ZoneInfo", None)
        with WorkflowAnalyticsEngine() as engine:
            engine.record_metric("m", 1, NOON)
            assert engine.metrics("m")[0].at.tzinfo is UTC
