"""What is exported comes back, and what is old is forgotten."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.workflow_analytics_engine import (
    AnalyticsEngine,
    Execution,
    InvalidTransitionError,
    Metric,
    Pruned,
    Status,
    Step,
)
from tests.property_tests.analytics.analytics_strategies import (
    EDGES,
    HOUR,
    NOON,
    SECOND,
    TICK,
    engine_at,
    machine_in,
    moments,
    numbers,
    outcomes,
    refusal,
    tags,
    texts,
)

FORMATS = ["json", "csv"]
HEADER = (
    "kind,execution_id,workflow_id,name,status,started,finished,at,value,user_id,tags,error,step_id,metric_id"
)
# Text that spreadsheets, CSV or a careless reader would change.
odd_texts = texts | st.sampled_from(
    ["=1+1", "+1", "-1", "@x", "\tx", "'", "''x", 'a"b', "a,b", "a\r\nb", "\rx", "NULL", "0x1F"]
)


@st.composite
def records(draw: st.DrawFn) -> list[Execution | Step | Metric]:
    """Draw executions, their steps and metrics, with whatever text and numbers there may be."""
    names = draw(st.lists(odd_texts, max_size=4, unique=True))
    maybe = st.none() | odd_texts
    runs = []
    for name in names:
        start, micros, status = draw(moments), draw(st.integers(0, 10**6)), draw(st.none() | outcomes)
        runs.append(
            Execution(
                execution_id=name,
                workflow_id=draw(odd_texts),
                status=Status(status or "running"),
                started=start,
                finished=start + micros * TICK if status else None,
                user_id=draw(maybe),
                tags=draw(tags),
                error=draw(maybe),
            )
        )
    steps = [
        Step(
            run.execution_id,
            draw(odd_texts),
            Status.FAILED,
            run.started,
            run.started + SECOND,
            draw(maybe),
            step_id,
        )
        for run, step_id in zip(runs, draw(st.lists(odd_texts, max_size=4, unique=True)), strict=False)
    ]
    points = [
        Metric(draw(odd_texts), draw(numbers), draw(moments), draw(maybe), draw(tags), metric_id)
        for metric_id in draw(st.lists(odd_texts, max_size=4, unique=True))
    ]
    return [*runs, *steps, *points]


class TestTransfer:
    @given(records(), st.sampled_from(FORMATS))
    def test_an_import_of_an_export_is_the_same_store(
        self, given_records: list[Execution | Step | Metric], fmt: str
    ) -> None:
        """Both formats bring every record back, ints beyond 63 bits and odd text included, and twice is as once."""
        with AnalyticsEngine() as first, AnalyticsEngine() as second:
            first.ingest(given_records)
            text = first.export(fmt)
            assert second.import_(text, fmt) == len(given_records)
            assert second.export(fmt) == text
            assert second.import_(text, fmt) == 0
            assert first.import_(text, fmt) == 0
            assert second.executions() == first.executions()
            for one in given_records:
                if isinstance(one, Execution):
                    assert second.steps(one.execution_id) == first.steps(one.execution_id)
                if isinstance(one, Metric):
                    kept = {point.metric_id: point for point in second.metrics(one.name)}[one.metric_id]
                    assert kept == one
                    assert type(kept.value) is type(one.value)

    def test_json_is_written_to_be_read(self) -> None:
        with engine_at() as engine:
            assert json.loads(engine.export()) == {"format": "workflow-analytics 1", "records": []}
            engine.start_execution("load", "one", NOON, tags={"a": "1"})
            engine.finish_execution("one", "failed", NOON + TICK, "late")
            engine.record_step("one", "read", 0, at=NOON)
            engine.record_metric("size", -(2**63), NOON)
            with machine_in("Asia/Kathmandu"):
                written = engine.export("json")
        assert written.startswith(
            '{\n "format": "workflow-analytics 1",\n "records": [\n  {\n   "kind": "execution",'
        )
        assert json.loads(written)["records"] == [
            {
                "kind": "execution", "execution_id": "one", "workflow_id": "load", "status": "failed",
                "started": "2026-03-01T12:00:00+00:00", "finished": "2026-03-01T12:00:00.000001+00:00",
                "tags": {"a": "1"}, "error": "late",
            },
            {
                "kind": "step", "execution_id": "one", "name": "read", "status": "succeeded",
                "started": "2026-03-01T12:00:00+00:00", "finished": "2026-03-01T12:00:00+00:00",
            },
            {"kind": "metric", "name": "size", "at": "2026-03-01T12:00:00+00:00", "value": "-0x8000000000000000"},
        ]  # fmt: skip

    def test_csv_has_a_header_and_guards_against_formulas(self) -> None:
        with engine_at() as engine:
            assert engine.export("csv") == HEADER + "\r\n"
            engine.start_execution("=load", "'one", NOON, tags={"a": "1"})
            engine.record_metric("-size", -5, NOON)
            first, second = csv.DictReader(io.StringIO(engine.export("csv"), newline=""))
        assert (first["kind"], first["workflow_id"], first["execution_id"]) == (
            "execution",
            "'=load",
            "''one",
        )
        assert (first["tags"], first["value"], first["status"]) == ('{"a": "1"}', "", "running")
        assert (second["kind"], second["name"], second["value"]) == ("metric", "'-size", "-5")

    @pytest.mark.parametrize("fmt", FORMATS)
    def test_numbers_of_any_size_come_back(self, fmt: str) -> None:
        with engine_at() as first, engine_at() as second:
            for value in EDGES:
                first.record_metric("size", value)
            assert second.import_(first.export(fmt), fmt) == len(EDGES)
            found = [point.value for point in second.metrics("size")]
        assert found == EDGES
        assert list(map(type, found)) == list(map(type, EDGES))

    @pytest.mark.parametrize("ending", ["\r\n", "\n", "\r"])
    def test_lines_of_csv_may_end_in_any_way(self, ending: str) -> None:
        with engine_at() as first, engine_at() as second:
            first.start_execution("load", "one", tags={"number": "0x1F"})
            first.start_execution("load", "two")
            text = first.export("csv")
            assert "\r\nexecution,one,load,,running,2026-03-01T12:00:00+00:00,,,,," in text
            assert second.import_(text.replace("\r\n", ending), "csv") == 2
            assert second.executions() == first.executions()

    def test_records_are_exported_executions_first_in_order_of_time(self) -> None:
        with engine_at() as engine:
            engine.record_metric("b", 1)
            engine.record_metric("a", 1)
            for name, hours in [("c", 1), ("b", 2), ("a", 1)]:
                engine.start_execution("load", name, NOON - hours * HOUR)
            engine.record_step("a", "z", 1)
            engine.record_step("a", "y", 1)
            found = json.loads(engine.export())["records"]
        assert [one.get("execution_id", "") + one.get("name", "") for one in found] == [
            "b",
            "a",
            "c",
            "az",
            "ay",
            "b",
            "a",
        ]

    @pytest.mark.parametrize(
        ("text", "fmt", "message"),
        [
            ("{", "json", "text is no JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
            ("[]", "json",
             "text is not what export writes: an object with format 'workflow-analytics 1' and a list of records"),
            ('{"format": "x", "records": []}', "json",
             "text is not what export writes: an object with format 'workflow-analytics 1' and a list of records"),
            ('{"format": "workflow-analytics 1", "records": {}}', "json",
             "text is not what export writes: an object with format 'workflow-analytics 1' and a list of records"),
            ("", "csv", f"text has no header as export writes it: the first line must be {HEADER}"),
            ("kind,name", "csv", f"text has no header as export writes it: the first line must be {HEADER}"),
            (f"{HEADER}\nmetric", "csv", "records[0] has not 14 cells: write them as the header names them"),
            (f"{HEADER}\nmetric{',' * 14}", "csv", "records[0] has not 14 cells: write them as the header names them"),
            (f"{HEADER}\nmetric,,,m,,,,2026-03-01T12:00:00+00:00,x,,,,,", "csv",
             "records[0].value is no JSON: Expecting value: line 1 column 1 (char 0)"),
            (f"{HEADER}\nmetric,,,m,,,,2026-03-01T12:00:00+00:00,1,,{{,,,", "csv",
             "records[0].tags is no JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
            (f"{HEADER}\nmetric,,,m,,,,2026-03-01T12:00:00+00:00,0xyz,,,,,", "csv",
             "records[0].value is '0xyz': it cannot be read back"),
            (f"{HEADER}\nmetric,,,m,,,,2026-03-01T12:00:00+00:00,NaN,,,,,", "csv",
             "records[0]: value is nan: only finite numbers count, so drop or replace it first"),
            (f"{HEADER}\nmetric,,,m,,,,2026-03-01T12:00:00+00:00,'5,,,,,", "csv",
             "records[0].value is no JSON: Expecting value: line 1 column 1 (char 0)"),
            (f"{HEADER}\nmetric,,,m,,,,noon,1,,,,,", "csv", "records[0].at is 'noon': it cannot be read back"),
        ],
        ids=range(14),
    )  # fmt: skip
    def test_text_that_is_no_export_is_refused(self, text: str, fmt: str, message: str) -> None:
        with AnalyticsEngine() as engine:
            assert refusal(ValueError, lambda: engine.import_(text, fmt)) == message

    @pytest.mark.parametrize(
        ("fields", "kind", "message"),
        [
            (5, ValueError, "records[1] has no known kind: choose one of execution, step, metric"),
            ({}, ValueError, "records[1] has no known kind: choose one of execution, step, metric"),
            ({"kind": ["step"]}, ValueError, "records[1] has no known kind: choose one of execution, step, metric"),
            ({"kind": "metric", "name": "m"}, ValueError,
             "records[1] is no metric: missing 2 required positional arguments: 'value' and 'at'"),
            ({"kind": "metric", "name": "m", "value": 1, "at": "2026-03-01T12:00Z", "size": 1}, ValueError,
             "records[1] is no metric: got an unexpected keyword argument 'size'"),
            ({"kind": "metric", "name": "m", "value": 1, "at": 5}, ValueError,
             "records[1].at is 5: it cannot be read back"),
            ({"kind": "metric", "name": "m", "value": 1, "at": "2026-03-01T12:00"}, ValueError,
             ("records[1]: at is 2026-03-01T12:00:00, which has no zone: "
              "attach one, for example tzinfo=datetime.UTC")),
            ({"kind": "metric", "name": "m", "value": [1], "at": "2026-03-01T12:00Z"}, TypeError,
             "records[1]: value is [1]: expected int, float, Decimal or Fraction, not list"),
            ({"kind": "step", "execution_id": "one", "name": "n", "status": "failed", "started": "noon"}, ValueError,
             "records[1].started is 'noon': it cannot be read back"),
            ({"kind": "step", "execution_id": "one", "name": "n", "status": "failed", "finished": "noon"}, ValueError,
             "records[1].finished is 'noon': it cannot be read back"),
            ({"kind": "execution", "execution_id": "one", "workflow_id": "save", "status": "running",
              "started": "2026-03-01T12:00Z"}, InvalidTransitionError,
             ("records[1]: execution 'one' was already started differently, in workflow 'load': "
             "give every execution its own id")),
        ],
        ids=range(11),
    )  # fmt: skip
    def test_a_record_that_cannot_be_read_back_is_named_and_nothing_is_recorded(
        self, fields: Any, kind: type[Exception], message: str
    ) -> None:
        good = {"kind": "execution", "execution_id": "one", "workflow_id": "load", "status": "running",
                "started": "2026-03-01T12:00Z"}  # fmt: skip
        text = json.dumps({"format": "workflow-analytics 1", "records": [good, fields]})
        with AnalyticsEngine() as engine:
            assert refusal(kind, lambda: engine.import_(text)) == message
            assert engine.executions() == []
            assert engine.import_(json.dumps({"format": "workflow-analytics 1", "records": [good]})) == 1

    def test_json_nested_beyond_reason_is_refused(self) -> None:
        with AnalyticsEngine() as engine:
            message = refusal(ValueError, lambda: engine.import_("[" * 200_000))
        assert message.startswith("text is no JSON: maximum recursion depth exceeded")

    def test_formats_and_texts_are_checked(self) -> None:
        with AnalyticsEngine() as engine:
            for call in (lambda: engine.export("xml"), lambda: engine.import_("", "xml")):
                assert refusal(ValueError, call) == "fmt is 'xml': choose one of json, csv"
            assert refusal(TypeError, lambda: engine.import_(b"x" * 100)) == (  # type: ignore[arg-type]
                "text is bytes: expected str"
            )


class TestPrune:
    @given(
        st.lists(st.tuples(st.integers(0, 20), st.none() | st.integers(0, 20)), max_size=10),
        st.lists(st.integers(0, 40), max_size=6),
        st.integers(0, 45),
    )
    def test_what_finished_or_was_measured_before_is_forgotten(
        self, runs: list[tuple[int, int | None]], points: list[int], cutoff: int
    ) -> None:
        """What remains is what a filter leaves: running executions, later finishes with their steps, later metrics."""
        with AnalyticsEngine(clock=lambda: 50.0) as engine:
            for number, (start, length) in enumerate(runs):
                engine.start_execution("load", str(number), start)
                engine.record_step(str(number), "read", 0, at=start)
                if length is not None:
                    engine.finish_execution(str(number), "failed", start + length)
            for at in points:
                engine.record_metric("size", at, at)
            kept = [
                str(number)
                for number, (start, length) in enumerate(runs)
                if length is None or start + length >= cutoff
            ]
            gone = len(runs) - len(kept)
            pruned = engine.prune((50 - cutoff) * SECOND if cutoff % 2 else cutoff)
            assert pruned == Pruned(gone, gone, sum(at < cutoff for at in points))
            assert sorted(one.execution_id for one in engine.executions()) == sorted(kept)
            assert all(
                bool(engine.steps(str(number))) == (str(number) in kept) for number in range(len(runs))
            )
            assert [point.value for point in engine.metrics("size")] == sorted(
                at for at in points if at >= cutoff
            )
            assert engine.prune(cutoff) == Pruned(0, 0, 0)

    def test_a_length_reaches_back_from_now(self) -> None:
        with engine_at() as engine:
            for days in (89, 90, 91):
                engine.record_metric("age", days, NOON - timedelta(days=days))
            assert engine.prune("90d") == Pruned(0, 0, 1)
            assert [point.value for point in engine.metrics("age")] == [90, 89]
            assert engine.prune(NOON - timedelta(days=89)) == Pruned(0, 0, 1)
            assert engine.prune(timedelta(0)) == Pruned(0, 0, 1)

    @pytest.mark.parametrize(
        ("older_than", "kind", "message"),
        [
            ("old", ValueError, "older_than is 'old': write a length such as 30s, 15m, 24h, 7d or 4w"),
            (-TICK, ValueError, "older_than is -1 day, 23:59:59.999999: it must not be negative"),
            (None, TypeError, "older_than is None: expected int, float, Decimal or Fraction, not NoneType"),
            (datetime(2026, 3, 1), ValueError,  # noqa: DTZ001 - what it is about
             ("older_than is 2026-03-01T00:00:00, which has no zone: "
              "attach one, for example tzinfo=datetime.UTC")),
        ],
        ids=range(4),
    )  # fmt: skip
    def test_a_limit_that_cannot_be_read_is_refused(
        self, older_than: Any, kind: type[Exception], message: str
    ) -> None:
        with engine_at() as engine:
            assert refusal(kind, lambda: engine.prune(older_than)) == message
