"""What is recorded comes back, survives the process, and never changes its past."""

from __future__ import annotations

import itertools
import math
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.workflow_analytics_engine import (
    Execution,
    InvalidTransitionError,
    Metric,
    Status,
    StoreError,
    WorkflowAnalyticsEngine,
)
from tests.property_tests.analytics.analytics_strategies import (
    NOON,
    SECOND,
    TICK,
    engine_at,
    moments,
    tags,
    texts,
)

if TYPE_CHECKING:
    from pathlib import Path

numbers = st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)

EXTREMES = [2**63 - 1, -(2**63) + 1, 2**63, -(2**63), 10**5000, -(10**5000), 5e-324, -0.0]


class TestRecording:
    @given(texts, texts, moments, st.none() | texts, tags)
    def test_a_start_comes_back_as_given(
        self, workflow: str, name: str, at: datetime, user: str | None, tags: dict[str, str]
    ) -> None:
        """Ids, instant, user and tags of a start are read back unchanged, whatever characters they hold."""
        with WorkflowAnalyticsEngine() as engine:
            assert engine.start_execution(workflow, name, at, user, tags) is True
            assert engine.executions() == [
                Execution(
                    execution_id=name,
                    workflow_id=workflow,
                    status=Status.RUNNING,
                    started=at,
                    finished=None,
                    user_id=user,
                    tags=tags,
                    error=None,
                )
            ]

    @given(
        moments,
        st.integers(0, 10**9),
        st.sampled_from(["succeeded", "failed", "cancelled"]),
        st.none() | st.text(),
    )
    def test_a_finish_comes_back_with_its_duration(
        self, at: datetime, micros: int, status: str, error: str | None
    ) -> None:
        """The duration is the exact time between the two instants, in seconds."""
        with WorkflowAnalyticsEngine() as engine:
            engine.start_execution("load", "one", at)
            engine.finish_execution("one", status, at + micros * TICK, error)
            (found,) = engine.executions()
        assert type(found.status) is Status
        assert (found.status, found.finished, found.error) == (status, at + micros * TICK, error or None)
        assert found.duration == micros / 1_000_000

    @given(texts, numbers, moments, st.none() | texts, tags)
    def test_a_metric_comes_back_with_its_type(
        self, name: str, value: float, at: datetime, workflow: str | None, tags: dict[str, str]
    ) -> None:
        """Ints of any size and floats are restored exactly, each as what it was."""
        with WorkflowAnalyticsEngine() as engine:
            assert engine.record_metric(name, value, at, workflow, tags) is True
            (found,) = engine.metrics(name)
        assert found == Metric(name=name, value=value, at=at, workflow_id=workflow, tags=tags)
        assert type(found.value) is type(value)

    @pytest.mark.parametrize("value", EXTREMES, ids=range(len(EXTREMES)))
    def test_extreme_metrics_survive(self, value: float) -> None:
        with WorkflowAnalyticsEngine() as engine:
            engine.record_metric("size", value)
            (found,) = engine.metrics("size")
        assert found.value == value
        assert type(found.value) is type(value)

    def test_a_decimal_metric_is_kept_as_its_number(self) -> None:
        with WorkflowAnalyticsEngine() as engine:
            engine.record_metric("price", Decimal("0.25"), at=2)
            engine.record_metric("price", Fraction(6, 3), at=1)
            assert [point.value for point in engine.metrics("price")] == [2, 0.25]

    @given(st.integers(-(10**15), 10**15), st.integers(1, 100))
    def test_seconds_and_datetimes_name_the_same_instant(self, micros: int, parts: int) -> None:
        """Seconds since 1970 are rounded to the nearest microsecond, halves to the even one."""
        at = datetime(1970, 1, 1, tzinfo=UTC) + micros * TICK
        nearly = Fraction(micros, 10**6) + Fraction(1, 2 * 10**6 + parts)
        with WorkflowAnalyticsEngine() as engine:
            engine.start_execution("load", "datetime", at)
            assert engine.start_execution("load", "datetime", Decimal(micros) / 10**6) is False
            engine.start_execution("load", "float", float(nearly))
            found = {one.execution_id: one.started for one in engine.executions()}
        assert found["datetime"] == at
        assert (
            abs(Fraction(float(nearly)) * 10**6 - (found["float"] - datetime(1970, 1, 1, tzinfo=UTC)) // TICK)
            <= 0.5
        )

    @pytest.mark.parametrize("edge", [datetime(2, 1, 1, tzinfo=UTC), datetime(9998, 12, 31, tzinfo=UTC)])
    def test_the_first_and_last_instant_show_in_every_zone(self, edge: datetime) -> None:
        step = TICK if edge.year == 2 else -TICK
        for hours in (-23, 23):
            with WorkflowAnalyticsEngine(tz=timezone(timedelta(hours=hours))) as engine:
                assert engine.record_metric("edge", 1, at=edge)
                assert engine.metrics("edge")[0].at == edge
                assert engine.metrics(
                    "edge", window=(edge, edge + TICK) if step == TICK else (edge - TICK, edge)
                ) == (engine.metrics("edge") if step == TICK else [])
                with pytest.raises(ValueError, match=r"it must lie in the years 2 to 9998$"):
                    engine.record_metric("edge", 1, at=edge - step)

    def test_the_clock_is_read_only_where_a_time_is_missing(self) -> None:
        readings = iter([100.5, 150.0, 200.25, 300.125])
        with WorkflowAnalyticsEngine(clock=lambda: next(readings)) as engine:
            engine.start_execution("load", "given", at=7)
            engine.record_metric("size", 1, at=7)
            engine.finish_execution("given", "failed", at=7)
            engine.start_execution("load", "clock")
            engine.start_execution("load", "clock")
            engine.finish_execution("clock", "failed")
            engine.record_metric("size", 2)
            assert engine.metrics("size", window=None)[1].at.timestamp() == 300.125
            clocked = engine.executions()[0]
        assert (clocked.started.timestamp(), clocked.duration) == (100.5, 99.75)
        with WorkflowAnalyticsEngine() as engine:
            before = datetime.now(UTC)
            engine.start_execution("load", "now")
            assert before - SECOND < engine.executions()[0].started < datetime.now(UTC) + SECOND


class TestTransitions:
    def test_repeating_a_start_is_no_news(self) -> None:
        with engine_at() as engine:
            assert engine.start_execution("load", "one", NOON, "eve", {"a": "1", "b": "2"}) is True
            assert engine.start_execution("load", "one", None, "eve", {"b": "2", "a": "1"}) is False
            engine.finish_execution("one", "succeeded")
            assert engine.start_execution("load", "one", NOON, "eve", {"a": "1", "b": "2"}) is False
            assert [one.status for one in engine.executions()] == ["succeeded"]

    @pytest.mark.parametrize(
        "other",
        [
            ("save", "one", NOON, "eve", {"a": "1"}),
            ("load", "one", NOON + TICK, "eve", {"a": "1"}),
            ("load", "one", NOON, None, {"a": "1"}),
            ("load", "one", NOON, "eve", None),
        ],
    )
    def test_an_id_is_not_started_twice_differently(
        self, other: tuple[str, str, datetime, str | None, dict[str, str] | None]
    ) -> None:
        with engine_at() as engine:
            engine.start_execution("load", "one", NOON, "eve", {"a": "1"})
            with pytest.raises(InvalidTransitionError) as refused:
                engine.start_execution(*other)
            assert len(engine.executions()) == 1
        assert str(refused.value) == (
            "execution 'one' was already started differently, in workflow 'load': give every execution its own id"
        )

    def test_a_finish_needs_a_start_an_open_end_and_time_to_pass(self) -> None:
        with engine_at() as engine:
            with pytest.raises(InvalidTransitionError) as unknown:
                engine.finish_execution("one", "failed")
            engine.start_execution("load", "one")
            with pytest.raises(InvalidTransitionError) as early:
                engine.finish_execution("one", "failed", NOON - 3 * TICK)
            assert engine.executions()[0].status is Status.RUNNING
            engine.finish_execution("one", "failed", NOON)
            with pytest.raises(InvalidTransitionError) as again:
                engine.finish_execution("one", "succeeded", NOON)
            assert engine.executions()[0].status is Status.FAILED
        assert str(unknown.value) == "execution 'one' is unknown: start it before finishing it"
        assert (
            str(early.value)
            == "execution 'one' would finish 3 µs before its start: pass at= with the right time"
        )
        assert str(again.value) == "execution 'one' has already finished, as failed"

    def test_a_metric_with_an_id_counts_once(self) -> None:
        with engine_at() as engine:
            assert engine.record_metric("size", 2**70, NOON, "load", {"a": "1"}, metric_id="m") is True
            assert engine.record_metric("size", 2**70, None, "load", {"a": "1"}, metric_id="m") is False
            assert engine.record_metric("size", 2**70, NOON, "load", {"a": "1"}, metric_id="m") is False
            assert engine.record_metric("size", 2**70, NOON, "load", {"a": "1"}) is True
            assert engine.record_metric("size", 2**70, NOON, "load", {"a": "1"}) is True
            assert len(engine.metrics("size")) == 3

    def test_what_is_repeated_without_a_time_keeps_its_first(self) -> None:
        with WorkflowAnalyticsEngine(clock=itertools.count(1).__next__) as engine:
            assert [engine.record_metric("size", 1, metric_id="m") for _ in range(2)] == [True, False]
            assert [engine.start_execution("load", "one") for _ in range(2)] == [True, False]
            assert [point.at.timestamp() for point in engine.metrics("size")] == [1]
            assert [one.started.timestamp() for one in engine.executions()] == [3]

    @pytest.mark.parametrize(
        "other",
        [
            ("size", 2, NOON, "load", {"a": "1"}),
            ("length", 1, NOON, "load", {"a": "1"}),
            ("size", 1, NOON + TICK, "load", {"a": "1"}),
            ("size", 1, NOON, None, {"a": "1"}),
            ("size", 1, NOON, "load", None),
        ],
    )
    def test_a_metric_id_is_not_used_twice_differently(
        self, other: tuple[str, int, datetime, str | None, dict[str, str] | None]
    ) -> None:
        with engine_at() as engine:
            engine.record_metric("size", 1, NOON, "load", {"a": "1"}, metric_id="m")
            with pytest.raises(InvalidTransitionError) as refused:
                engine.record_metric(*other, metric_id="m")
        assert str(refused.value) == (
            "metric 'm' was already recorded differently: give every measurement its own id"
        )

    def test_an_odd_error_text_never_hides_a_failure(self) -> None:
        with engine_at() as engine:
            engine.start_execution("load", "one")
            engine.finish_execution("one", "failed", error="bad byte \udcff, é")
            assert engine.executions()[0].error == "bad byte \\udcff, é"


class TestFile:
    def test_nothing_is_written_before_it_must_be(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        with WorkflowAnalyticsEngine() as memory, WorkflowAnalyticsEngine(tmp_path / "later.db") as engine:
            memory.start_execution("load", "one")
            engine.aggregate([1], "sum")
            assert list(tmp_path.iterdir()) == []
            engine.executions()
            assert (tmp_path / "later.db").exists()

    def test_a_file_remembers(self, tmp_path: Path) -> None:
        path = tmp_path / "runs.db"
        with engine_at(path=path) as engine:
            engine.start_execution("load", "one")
            engine.record_metric("size", 2**64)
        with engine_at(path=str(path)) as engine:
            assert [one.execution_id for one in engine.executions()] == ["one"]
            assert [point.value for point in engine.metrics("size")] == [2**64]
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA user_version").fetchone() == (2,)
            assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)

    def test_only_what_sqlite_cannot_hold_is_stored_as_text(self, tmp_path: Path) -> None:
        path = tmp_path / "runs.db"
        with engine_at(path=path) as engine:
            for value in (2**63 - 1, -(2**63) + 1, 2**63, -(2**63), 0.5):
                engine.record_metric("size", value)
        with closing(sqlite3.connect(path)) as connection:
            kinds = connection.execute("SELECT typeof(value) FROM metrics ORDER BY number").fetchall()
        assert kinds == [("integer",), ("integer",), ("text",), ("text",), ("real",)]

    def test_two_engines_share_a_file(self, tmp_path: Path) -> None:
        path = tmp_path / "runs.db"
        with engine_at(path=path) as one, engine_at(path=path) as two:
            one.start_execution("load", "one")
            two.finish_execution("one", "succeeded")
            two.start_execution("load", "two")
            assert [found.status for found in one.executions()] == ["succeeded", "running"]

    def test_a_file_of_a_later_version_is_left_alone(self, tmp_path: Path) -> None:
        path = tmp_path / "later.db"
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA user_version = 3")
        before = path.read_bytes()
        with engine_at(path=path) as engine, pytest.raises(StoreError) as refused:
            engine.executions()
        assert str(refused.value) == f"{path} has schema version 3, this engine knows 2: upgrade the engine"
        assert path.read_bytes() == before

    def test_a_file_of_another_program_is_left_alone(self, tmp_path: Path) -> None:
        path = tmp_path / "other.db"
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE theirs (x)")
        before = path.read_bytes()
        with engine_at(path=path) as engine, pytest.raises(StoreError) as refused:
            engine.executions()
        assert str(refused.value) == f"{path} is another program's database: give a new file"
        assert path.read_bytes() == before

    def test_a_file_that_is_no_database_is_reported_and_closed(self, tmp_path: Path) -> None:
        path = tmp_path / "notes.txt"
        path.write_text("not a database " * 100)
        with engine_at(path=path) as engine, pytest.raises(sqlite3.DatabaseError, match="not a database"):
            engine.executions()

    def test_a_closed_engine_still_calculates_but_records_no_more(self) -> None:
        engine = engine_at()
        engine.start_execution("load", "one")
        with engine as entered:
            assert entered is engine
        engine.close()
        assert engine.aggregate([1, 2], "sum") == 3
        with pytest.raises(StoreError, match=r"^the engine is closed: create a new one to go on recording$"):
            engine.executions()

    def test_an_engine_that_was_never_used_closes(self) -> None:
        with engine_at():
            pass

    def test_a_failed_call_leaves_nothing_behind_and_blocks_nobody(self) -> None:
        readings = iter([None, 5.0])
        with WorkflowAnalyticsEngine(clock=lambda: next(readings)) as engine:  # type: ignore[arg-type,return-value]
            with pytest.raises(TypeError, match=r"^clock\(\) is None"):
                engine.start_execution("load", "one")
            assert engine.executions() == []
            assert engine.start_execution("load", "one") is True

    def test_threads_take_turns(self) -> None:
        with engine_at() as engine:
            threads = [
                threading.Thread(target=lambda: [engine.record_metric("m", number) for number in range(50)])
                for _ in range(4)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            values = [point.value for point in engine.metrics("m")]
        assert sorted(values) == sorted([*range(50)] * 4)

    def test_the_summary_of_what_was_stored_is_that_of_what_was_given(self) -> None:
        given = [1, 2.5, 2**64, -3, math.pi]
        with engine_at() as engine:
            for value in given:
                engine.record_metric("m", value)
            assert engine.summary(point.value for point in engine.metrics("m")) == engine.summary(given)
