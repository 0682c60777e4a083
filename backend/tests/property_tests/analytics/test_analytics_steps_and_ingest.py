"""Steps belong to executions, and many records at once are recorded as one by one, or not at all."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analytics.schema import VERSION_1
from core.workflow_analytics_engine import (
    AnalyticsEngine,
    ErrorCount,
    Execution,
    InvalidTransitionError,
    Metric,
    Overview,
    Status,
    Step,
    StepPerformance,
    WorkflowOverview,
)
from tests.property_tests.analytics.analytics_strategies import (
    HOUR,
    NOON,
    SECOND,
    TICK,
    engine_at,
    moments,
    numbers,
    outcomes,
    refusal,
    tags,
    texts,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

RUN = Execution("one", "load", Status.SUCCEEDED, NOON, NOON + SECOND, "eve", {"a": "1"}, "odd")
STEP = Step("one", "read", Status.FAILED, NOON, NOON + SECOND, "late", "s")
POINT = Metric("size", 2**70, NOON, "load", {"a": "1"}, "m")


def having(record: Any, **fields: Any) -> Any:
    """Change fields of a record, to whatever type."""
    return replace(record, **fields)


class TestSteps:
    @given(texts, moments, st.integers(0, 10**9), outcomes, st.none() | texts, st.none() | texts)
    def test_a_step_comes_back_as_given(
        self, name: str, end: datetime, micros: int, status: str, error: str | None, step_id: str | None
    ) -> None:
        """Name, outcome, exact duration, error and id are read back unchanged, whatever characters they hold."""
        with AnalyticsEngine() as engine:
            engine.start_execution("load", "one", end - micros * TICK)
            assert (
                engine.record_step("one", name, micros / 10**6, status, end, error, step_id=step_id) is True
            )
            (found,) = engine.steps("one")
        assert found == Step("one", name, Status(status), end - micros * TICK, end, error, step_id)
        assert type(found.status) is Status
        assert found.duration == micros / 10**6

    def test_a_step_ends_now_and_succeeds_unless_told_otherwise(self) -> None:
        with engine_at(tz="Asia/Kathmandu") as engine:
            engine.start_execution("load", "one", NOON - HOUR)
            engine.record_step("one", "read", 1.5)
            (found,) = engine.steps("one")
            assert found.started.isoformat() == "2026-03-01T17:44:58.500000+05:45"
            assert found.finished.isoformat() == "2026-03-01T17:45:00+05:45"
            assert engine.steps("one") == [Step("one", "read", Status.SUCCEEDED, NOON - 1.5 * SECOND, NOON)]
            assert engine.steps("two") == []

    def test_steps_come_in_the_order_in_which_they_started(self) -> None:
        with engine_at() as engine:
            engine.start_execution("load", "one", NOON - HOUR)
            engine.start_execution("load", "two", NOON - HOUR)
            for name, duration in [("c", 1), ("a", 3), ("b", 2), ("d", 2)]:
                engine.record_step("one", name, duration)
            engine.record_step("two", "e", 1)
            assert [step.name for step in engine.steps("one")] == ["a", "b", "d", "c"]

    def test_a_step_needs_an_execution_that_has_begun(self) -> None:
        with engine_at() as engine:
            unknown = refusal(InvalidTransitionError, lambda: engine.record_step("one", "read", 1))
            engine.start_execution("load", "one", NOON - SECOND)
            early = refusal(InvalidTransitionError, lambda: engine.record_step("one", "read", 1.000002))
            assert engine.record_step("one", "read", 1) is True
            engine.finish_execution("one", "succeeded")
            assert engine.record_step("one", "tidy", 1, at=NOON + SECOND) is True
        assert unknown == "execution 'one' is unknown: start it before recording steps of it"
        assert early == (
            "step 'read' would start 2 µs before its execution 'one': pass the right duration and at="
        )

    def test_a_step_with_an_id_counts_once(self) -> None:
        with engine_at() as engine:
            for name in ("one", "two"):
                engine.start_execution("load", name, NOON - HOUR)
            assert engine.record_step("one", "read", 1, "failed", NOON, "late", step_id="s") is True
            assert engine.record_step("one", "read", 1, "failed", NOON, "late", step_id="s") is False
            assert engine.record_step("one", "read", 1, "failed", NOON, "late") is True
            assert engine.record_step("one", "read", 1, "failed", NOON, "late") is True
            others: list[Callable[[], object]] = [
                lambda: engine.record_step("two", "read", 1, "failed", NOON, "late", step_id="s"),
                lambda: engine.record_step("one", "write", 1, "failed", NOON, "late", step_id="s"),
                lambda: engine.record_step("one", "read", 2, "failed", NOON, "late", step_id="s"),
                lambda: engine.record_step("one", "read", 1, "cancelled", NOON, "late", step_id="s"),
                lambda: engine.record_step("one", "read", 1, "failed", NOON, None, step_id="s"),
            ]
            for other in others:
                assert refusal(InvalidTransitionError, other) == (
                    "step 's' was already recorded differently: give every step its own id"
                )
            assert len(engine.steps("one")) == 3

    def test_performance_counts_the_steps_of_the_window_the_most_time_first(self) -> None:
        with engine_at() as engine:
            engine.start_execution("load", "one", NOON - 48 * HOUR)
            engine.start_execution("save", "two", NOON - 48 * HOUR)
            engine.record_step("one", "old", 9, at=NOON - 30 * HOUR)
            for name, duration, status in [
                ("b", 1.5, "failed"), ("b", 2.25, "succeeded"), ("a", 0, "succeeded"), ("c", 7.000001, "cancelled"),
                ("d", 0, "failed"),
            ]:  # fmt: skip
                engine.record_step("one", name, duration, status)
            engine.record_step("two", "b", 0.25)
            assert engine.performance().steps == (
                StepPerformance("c", 1, 0, 7.000001, 7.000001, 7.000001),
                StepPerformance("b", 3, 1, 4.0, 4 / 3, 2.25),
                StepPerformance("a", 1, 0, 0.0, 0.0, 0.0),
                StepPerformance("d", 1, 1, 0.0, 0.0, 0.0),
            )
            assert engine.performance("save").steps == (StepPerformance("b", 1, 0, 0.25, 0.25, 0.25),)
            assert engine.performance("none").steps == ()


class TestRecords:
    def test_a_duration_needs_zones(self) -> None:
        naive = NOON.replace(tzinfo=None)
        for record, name in [
            (having(RUN, started=naive), "started"),
            (having(STEP, finished=naive), "finished"),
        ]:
            assert refusal(ValueError, lambda record=record: record.duration) == (  # type: ignore[misc]
                f"{name} is 2026-03-01T12:00:00, which has no zone: attach one, for example tzinfo=datetime.UTC"
            )
        assert replace(RUN, finished=None).duration is None


class TestErrors:
    def test_errors_are_counted_the_most_frequent_first(self) -> None:
        with engine_at() as engine:
            for number, (workflow, error) in enumerate(
                [("load", "late"), ("save", "late"), ("load", "odd"), ("load", None), ("load", "late")]
            ):
                engine.start_execution(workflow, str(number), NOON - number * HOUR)
                engine.finish_execution(str(number), "failed", error=error)
            engine.start_execution("load", "old", NOON - 25 * HOUR)
            engine.finish_execution("old", "failed", error="late")
            engine.start_execution("load", "good", NOON)
            engine.finish_execution("good", "succeeded", error="late")
            found = engine.error_breakdown()
            assert found == [
                ErrorCount("late", 3, 0.6, ("load", "save"), NOON - 4 * HOUR, NOON),
                ErrorCount(None, 1, 0.2, ("load",), NOON - 3 * HOUR, NOON - 3 * HOUR),
                ErrorCount("odd", 1, 0.2, ("load",), NOON - 2 * HOUR, NOON - 2 * HOUR),
            ]
            assert engine.error_breakdown(limit=2) == found[:2]
            assert engine.performance().top_errors == tuple(found)
            assert engine.error_breakdown("save", "2h") == [
                ErrorCount("late", 1, 1.0, ("save",), NOON - HOUR, NOON - HOUR)
            ]
            assert engine.error_breakdown("none") == []

    def test_performance_names_five_errors_and_the_breakdown_twenty(self) -> None:
        with engine_at(tz="Asia/Kathmandu") as engine:
            for number in range(21):
                engine.start_execution("load", str(number), NOON)
                engine.finish_execution(str(number), "failed", error=f"{number:02}")
            assert [one.error for one in engine.performance().top_errors] == ["00", "01", "02", "03", "04"]
            assert [one.error for one in engine.error_breakdown()] == [f"{number:02}" for number in range(20)]
            (first,) = engine.error_breakdown(limit=1)
            top = engine.performance().top_errors[0]
        for shown in (first.first_seen, first.last_seen, top.first_seen, top.last_seen):
            assert shown.isoformat() == "2026-03-01T17:45:00+05:45"


class TestOverview:
    def test_workflows_are_summed_up_the_busiest_first(self) -> None:
        with engine_at(tz="Asia/Kathmandu") as engine:
            assert engine.workflows() == []
            assert engine.last_execution() is None
            for number, (workflow, user, hours, status) in enumerate(
                [
                    ("save", "eve", 3, "succeeded"),
                    ("load", "eve", 2, "failed"),
                    ("load", "bob", 1, "succeeded"),
                    ("load", None, 30, "failed"),
                    ("free", None, 1, None),
                ]
            ):
                engine.start_execution(workflow, str(number), NOON - hours * HOUR, user)
                if status:
                    engine.finish_execution(str(number), status, NOON - hours * HOUR + (number + 1) * SECOND)
            found, last, last_save = engine.overview(), engine.last_execution(), engine.last_execution("save")
            assert engine.workflows() == ["free", "load", "save"]
            assert engine.last_execution("none") is None
            assert engine.overview(None).total == 5
        count = dict.fromkeys(Status, 0)
        assert found == Overview(
            since=NOON - 24 * HOUR + TICK,
            until=NOON + TICK,
            total=4,
            by_status={**count, Status.RUNNING: 1, Status.SUCCEEDED: 2, Status.FAILED: 1},
            success_rate=2 / 3,
            error_rate=1 / 3,
            unique_users=2,
            workflows=(
                WorkflowOverview(
                    "load", 2, {**count, Status.SUCCEEDED: 1, Status.FAILED: 1}, 0.5, 0.5, 2.5, NOON - HOUR
                ),
                WorkflowOverview("free", 1, {**count, Status.RUNNING: 1}, None, None, None, NOON - HOUR),
                WorkflowOverview("save", 1, {**count, Status.SUCCEEDED: 1}, 1.0, 0.0, 1.0, NOON - 3 * HOUR),
            ),
        )
        assert last is not None
        assert last_save is not None
        assert (last.execution_id, last_save.execution_id) == ("2", "0")
        shown = (found.since, found.until, found.workflows[0].last_started, last.started)
        assert {moment and moment.isoformat()[-6:] for moment in shown} == {"+05:45"}


class TestIngest:
    @given(st.data())
    def test_records_at_once_are_records_one_by_one(self, data: st.DataObject) -> None:
        """Ingesting whole records leaves what starting, finishing, stepping and measuring leave."""
        ends = st.none() | st.integers(0, 10**6)
        drawn = data.draw(
            st.lists(
                st.tuples(moments, ends, st.none() | texts, tags, outcomes, st.none() | texts), max_size=5
            )
        )
        points = data.draw(st.lists(st.tuples(texts, numbers, moments, st.none() | texts, tags), max_size=4))
        runs = [
            Execution(
                execution_id=str(number),
                workflow_id="load",
                status=Status.RUNNING if micros is None else Status(status),
                started=at,
                finished=None if micros is None else at + micros * TICK,
                user_id=user,
                tags=tagged,
                error=None if micros is None else error,
            )
            for number, (at, micros, user, tagged, status, error) in enumerate(drawn)
        ]
        steps = [
            Step(run.execution_id, "read", Status.SUCCEEDED, run.started, run.started + SECOND)
            for run in runs
        ]
        metrics = [Metric(*point) for point in points]
        with AnalyticsEngine() as at_once, AnalyticsEngine() as singly:
            assert at_once.ingest([*runs, *steps, *metrics]) == len(runs) + len(steps) + len(metrics)
            for run in runs:
                singly.start_execution("load", run.execution_id, run.started, run.user_id, run.tags)
                if run.finished is not None:
                    singly.finish_execution(run.execution_id, run.status, run.finished, run.error)
                singly.record_step(run.execution_id, "read", 1, at=run.started + SECOND)
            for point in metrics:
                singly.record_metric(point.name, point.value, point.at, point.workflow_id, point.tags)
            assert at_once.executions() == singly.executions()
            assert sorted(at_once.executions(), key=lambda one: one.execution_id) == runs
            assert at_once.export() == singly.export()

    def test_a_repeated_record_is_no_news(self) -> None:
        with AnalyticsEngine() as engine:
            assert engine.ingest([RUN, STEP, POINT]) == 3
            assert engine.ingest(one for one in (RUN, STEP, POINT)) == 0
            assert engine.ingest([]) == 0
            assert (engine.executions(), engine.steps("one"), engine.metrics("size")) == (
                [RUN],
                [STEP],
                [POINT],
            )

    def test_a_whole_execution_finishes_one_that_runs_and_a_late_start_changes_nothing(self) -> None:
        running = replace(RUN, status=Status.RUNNING, finished=None, error=None)
        with AnalyticsEngine() as engine:
            assert engine.ingest([running, running]) == 1
            assert engine.executions() == [running]
            assert engine.ingest([RUN, running]) == 1
            assert engine.executions() == [RUN]

    @pytest.mark.parametrize(
        ("record", "kind", "message"),
        [
            (having(RUN, workflow_id="save"), InvalidTransitionError,
             ("records[1]: execution 'one' was already started differently, in workflow 'load': "
             "give every execution its own id")),
            (having(RUN, started=NOON - TICK), InvalidTransitionError,
             ("records[1]: execution 'one' was already started differently, in workflow 'load': "
             "give every execution its own id")),
            (having(RUN, error="other"), InvalidTransitionError,
             "records[1]: execution 'one' has already finished, as succeeded"),
            (having(RUN, status=Status.FAILED), InvalidTransitionError,
             "records[1]: execution 'one' has already finished, as succeeded"),
            (having(RUN, finished=NOON - TICK), InvalidTransitionError,
             "records[1]: execution 'one' would finish 1 µs before its start: pass at= with the right time"),
            (having(STEP, error=None), InvalidTransitionError,
             "records[1]: step 's' was already recorded differently: give every step its own id"),
            (having(STEP, finished=NOON - TICK), InvalidTransitionError,
             "records[1]: step 'read' would finish 1 µs before its start: pass at= with the right time"),
            (having(STEP, execution_id="two"), InvalidTransitionError,
             "records[1]: execution 'two' is unknown: start it before recording steps of it"),
            (having(POINT, at=NOON + TICK), InvalidTransitionError,
             "records[1]: metric 'm' was already recorded differently: give every measurement its own id"),
            (having(RUN, status=Status.RUNNING), ValueError,
             "records[1]: status is 'running', but finished is 2026-03-01 12:00:01+00:00: only what runs has no end"),
            (having(RUN, finished=None), ValueError,
             "records[1]: status is 'succeeded', but finished is None: only what runs has no end"),
            (having(RUN, status="done"), ValueError,
             "records[1]: status is 'done': choose one of running, succeeded, failed, cancelled"),
            (having(RUN, execution_id=5), TypeError, "records[1]: execution_id is 5: expected str, not int"),
            (having(RUN, workflow_id=5), TypeError, "records[1]: workflow_id is 5: expected str, not int"),
            (having(RUN, user_id=5), TypeError, "records[1]: user_id is 5: expected str, not int"),
            (having(RUN, tags=5), TypeError, "records[1]: tags is 5: expected a mapping, not int"),
            (having(RUN, error=5), TypeError, "records[1]: error is 5: expected str or None, not int"),
            (having(RUN, started=NOON.replace(tzinfo=None)), ValueError,
             ("records[1]: started is 2026-03-01T12:00:00, which has no zone: "
              "attach one, for example tzinfo=datetime.UTC")),
            (having(RUN, finished=NOON.replace(tzinfo=None)), ValueError,
             ("records[1]: finished is 2026-03-01T12:00:00, which has no zone: "
              "attach one, for example tzinfo=datetime.UTC")),
            (having(STEP, execution_id=5), TypeError, "records[1]: execution_id is 5: expected str, not int"),
            (having(STEP, name=""), ValueError, "records[1]: name is '': it must not be blank"),
            (having(STEP, step_id=5), TypeError, "records[1]: step_id is 5: expected str, not int"),
            (having(STEP, status="running"), ValueError,
             "records[1]: status is 'running': choose one of succeeded, failed, cancelled"),
            (having(STEP, started=1e18), ValueError,
             "records[1]: started is 1e+18: it must lie in the years 2 to 9998"),
            (having(STEP, finished=1e18), ValueError,
             "records[1]: finished is 1e+18: it must lie in the years 2 to 9998"),
            (having(STEP, error=5), TypeError, "records[1]: error is 5: expected str or None, not int"),
            (having(POINT, metric_id=5), TypeError, "records[1]: metric_id is 5: expected str, not int"),
            (having(POINT, name=5), TypeError, "records[1]: name is 5: expected str, not int"),
            (having(POINT, value="x"), TypeError,
             "records[1]: value is 'x': expected int, float, Decimal or Fraction, not str"),
            (having(POINT, at=1e18), ValueError, "records[1]: at is 1e+18: it must lie in the years 2 to 9998"),
            (having(POINT, workflow_id=5), TypeError, "records[1]: workflow_id is 5: expected str, not int"),
            (having(POINT, tags=5), TypeError, "records[1]: tags is 5: expected a mapping, not int"),
            (5, TypeError, "records[1]: expected Execution, Step or Metric, not int"),
        ],
        ids=range(33),
    )  # fmt: skip
    def test_one_bad_record_names_itself_and_leaves_nothing(
        self, record: Execution, kind: type[Exception], message: str
    ) -> None:
        news = replace(RUN, execution_id="news")
        with AnalyticsEngine() as engine:
            engine.ingest([RUN, STEP, POINT])
            before = engine.export()
            assert refusal(kind, lambda: engine.ingest([news, record])) == message
            assert engine.export() == before


class TestUpgrade:
    def test_a_file_of_the_first_version_is_upgraded_with_all_it_holds(self, tmp_path: Path) -> None:
        path = tmp_path / "old.db"
        with closing(sqlite3.connect(path)) as connection:
            for statement in VERSION_1:
                connection.execute(statement)
            connection.execute(
                "INSERT INTO executions VALUES ('one', 'load', 'failed', 1000000, 3000000, NULL, '{}', 'late')"
            )
            connection.execute("PRAGMA user_version = 1")
            connection.commit()
        for _ in range(2):
            with AnalyticsEngine(path) as engine:
                (found,) = engine.executions()
                assert (found.duration, found.error, found.status) == (2.0, "late", Status.FAILED)
                assert engine.record_step("one", "read", 1, at=3, step_id="s") in (True, False)
                assert len(engine.steps("one")) == 1
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA user_version").fetchone() == (2,)
