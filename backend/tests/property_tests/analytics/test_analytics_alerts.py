"""Alerts fire when they should, say so once, resolve, and fire again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from core.workflow_analytics_engine import (
    Alert,
    AlertEvent,
    AlertRule,
    AlertState,
    AnalyticsEngine,
    InvalidTransitionError,
)
from tests.property_tests.analytics.analytics_strategies import (
    HOUR,
    NOON,
    SECOND,
    TICK,
    engine_at,
    numbers,
    refusal,
    texts,
)

if TYPE_CHECKING:
    from pathlib import Path

FIRING, RESOLVED = AlertState.FIRING, AlertState.RESOLVED
DEEP = AlertRule("deep", "queue", ">", 5, window="1h", agg="max")

COMPARED = {
    ">": lambda value, threshold: value > threshold,
    ">=": lambda value, threshold: value >= threshold,
    "<": lambda value, threshold: value < threshold,
    "<=": lambda value, threshold: value <= threshold,
    "==": lambda value, threshold: value == threshold,
    "!=": lambda value, threshold: value != threshold,
}


def states(events: list[AlertEvent]) -> list[AlertState]:
    return [event.state for event in events]


class TestLife:
    def test_an_alert_fires_resolves_and_fires_again(self) -> None:
        with engine_at(tz="Asia/Kathmandu") as engine:
            engine.add_alert(DEEP)
            assert engine.alerts() == [Alert(replace(DEEP, window=HOUR), firing=False, fired=None)]
            engine.record_metric("queue", 9, NOON)
            (fired,) = engine.evaluate_alerts()
            assert fired == AlertEvent(replace(DEEP, window=HOUR), FIRING, 9, NOON)
            assert fired.at.isoformat() == "2026-03-01T17:45:00+05:45"
            assert engine.evaluate_alerts(NOON + SECOND) == []
            (alert,) = engine.alerts()
            assert (alert.firing, alert.fired) == (True, NOON)
            assert alert.fired is not None
            assert alert.fired.isoformat() == "2026-03-01T17:45:00+05:45"
            (resolved,) = engine.evaluate_alerts(NOON + HOUR)
            assert (resolved.state, resolved.value, resolved.at) == (RESOLVED, None, NOON + HOUR)
            assert engine.evaluate_alerts(NOON + HOUR + SECOND) == []
            engine.record_metric("queue", 6, NOON + 2 * HOUR)
            assert states(engine.evaluate_alerts(NOON + 2 * HOUR)) == [FIRING]
            assert [one.fired for one in engine.alerts()] == [NOON + 2 * HOUR]

    @given(st.sampled_from(sorted(COMPARED)), numbers, numbers)
    def test_the_comparison_is_the_one_asked_for(self, op: str, threshold: float, value: float) -> None:
        """An alert fires exactly when the value compares to the threshold, 0 and ints of any size included."""
        with engine_at() as engine:
            engine.add_alert(AlertRule("one", "queue", op, threshold))
            engine.record_metric("queue", value)
            events = engine.evaluate_alerts()
            assert states(events) == [FIRING] * COMPARED[op](value, threshold)
            assert [event.value for event in events] == [value] * len(events)
            assert engine.alerts()[0].rule.threshold == threshold

    @pytest.mark.parametrize(
        ("op", "value", "fires"),
        [(">", 0, False), (">", 1, True), (">=", 0, True), ("<=", 0, True), ("==", 0, True)],
    )
    def test_a_threshold_of_zero_is_a_threshold(self, op: str, value: int, fires: bool) -> None:
        with engine_at() as engine:
            engine.add_alert(AlertRule("zero", "queue", op, 0))
            engine.record_metric("queue", value)
            assert bool(engine.evaluate_alerts()) is fires

    @given(st.integers(1, 4), st.lists(st.booleans(), max_size=12))
    def test_it_takes_as_many_breaches_in_a_row_as_the_rule_says(
        self, for_points: int, breaches: list[bool]
    ) -> None:
        """It fires at the last of *for_points* breaches in a row, and is resolved by the first point without one."""
        fires, streak, expected = False, 0, []
        for breach in breaches:
            streak = streak + 1 if breach else 0
            now = breach if fires else streak >= for_points
            expected.append([] if now == fires else [FIRING if now else RESOLVED])
            fires = now
        with AnalyticsEngine() as engine:
            engine.add_alert(
                AlertRule("one", "queue", ">", 0, window=SECOND, agg="sum", for_points=for_points)
            )
            found = []
            for second, breach in enumerate(breaches):
                engine.record_metric("queue", int(breach), at=second)
                found.append(states(engine.evaluate_alerts(second)))
        assert found == expected

    def test_after_firing_it_stays_quiet_for_the_cooldown(self) -> None:
        with AnalyticsEngine() as engine:
            engine.add_alert(AlertRule("one", "queue", ">", 0, "1s", agg="sum", cooldown="10s"))
            seen = {}
            for second in range(25):
                if second != 3:
                    engine.record_metric("queue", 1 if second < 20 else 0, at=second)
                seen[second] = states(engine.evaluate_alerts(second))
        assert {second: found for second, found in seen.items() if found} == {
            0: [FIRING], 3: [RESOLVED], 10: [FIRING], 20: [RESOLVED]
        }  # fmt: skip

    def test_breaches_during_the_cooldown_count_as_a_row(self) -> None:
        with AnalyticsEngine() as engine:
            engine.add_alert(
                AlertRule(
                    "one", "queue", ">", 0, "1s", agg="sum", for_points=3, cooldown=timedelta(seconds=4)
                )
            )
            seen = []
            for second in range(12):
                engine.record_metric("queue", int(second != 3), at=second)
                seen += [(second, event.state) for event in engine.evaluate_alerts(second)]
        assert seen == [(2, FIRING), (3, RESOLVED), (6, FIRING)]

    def test_the_state_outlives_the_process(self, tmp_path: Path) -> None:
        path = tmp_path / "alerts.db"
        with engine_at(path=path) as engine:
            engine.add_alert(replace(DEEP, threshold=2**70, for_points=2))
            engine.record_metric("queue", 2**71)
            assert engine.evaluate_alerts() == []
        with engine_at(path=path) as engine:
            assert engine.add_alert(replace(DEEP, threshold=2**70, for_points=2, window=HOUR)) is False
            assert states(engine.evaluate_alerts()) == [FIRING]
        with engine_at(path=path) as engine:
            assert engine.evaluate_alerts() == []
            assert engine.alerts()[0].firing is True


class TestWatching:
    @pytest.fixture(name="engine")
    def _engine(self) -> Any:
        with engine_at() as engine:
            for number, (workflow, minutes, seconds, status) in enumerate(
                [
                    ("load", 10, 4, "succeeded"),
                    ("load", 20, 8, "failed"),
                    ("load", 30, 3, "cancelled"),
                    ("load", 59, 1, "succeeded"),
                    ("load", 61, 100, "failed"),
                    ("save", 5, 50, "failed"),
                    ("load", 1, None, None),
                ]
            ):
                start = NOON - timedelta(minutes=minutes)
                engine.start_execution(workflow, str(number), start)
                if status and seconds:
                    engine.finish_execution(str(number), status, start + seconds * SECOND)
            yield engine

    @pytest.mark.parametrize(
        ("metric", "agg", "value"),
        [
            ("executions.total", "avg", 5),
            ("executions.running", "avg", 1),
            ("executions.succeeded", "avg", 2),
            ("executions.failed", "avg", 1),
            ("executions.cancelled", "avg", 1),
            ("executions.success_rate", "avg", 2 / 3),
            ("executions.error_rate", "avg", 1 / 3),
            ("executions.duration", "avg", 4.0),
            ("executions.duration", "max", 8.0),
            ("executions.duration", "count", 4),
        ],
    )
    def test_executions_of_the_window_are_watched(
        self, engine: AnalyticsEngine, metric: str, agg: str, value: float
    ) -> None:
        engine.add_alert(AlertRule("one", metric, "==", value, workflow_id="load", agg=agg))
        engine.add_alert(AlertRule("two", metric, "!=", -1, agg=agg))
        found = engine.evaluate_alerts()
        assert [(event.rule.id, event.value == value) for event in found] == [
            ("one", True),
            ("two", metric in ("executions.running", "executions.succeeded", "executions.cancelled")),
        ]

    @pytest.mark.parametrize(("agg", "value"), [("avg", 2.0), ("sum", 6), ("p50", 2), ("count", 3)])
    def test_a_recorded_metric_is_reduced_as_aggregate_does(
        self, engine: AnalyticsEngine, agg: str, value: float
    ) -> None:
        for minutes, size, workflow in [
            (60, 9, "load"),
            (59, 1, "load"),
            (1, 2, "load"),
            (0, 3, "load"),
            (2, 7, None),
        ]:
            engine.record_metric("size", size, NOON - timedelta(minutes=minutes), workflow)
        engine.record_metric("size", 9, NOON + TICK, "load")
        engine.record_metric("other", 9, NOON, "load")
        engine.add_alert(AlertRule("one", "size", "!=", -1, workflow_id="load", agg=agg))
        assert [event.value for event in engine.evaluate_alerts()] == [value]

    @pytest.mark.parametrize(
        ("metric", "agg", "fires"),
        [
            ("executions.error_rate", "avg", False),
            ("executions.duration", "avg", False),
            ("size", "max", False),
            ("executions.total", "avg", True),
            ("executions.duration", "count", True),
            ("size", "sum", True),
        ],
    )
    def test_without_data_only_a_count_or_a_sum_is_a_value(self, metric: str, agg: str, fires: bool) -> None:
        with AnalyticsEngine() as engine:
            engine.add_alert(AlertRule("one", metric, "!=", -1, agg=agg))
            found = engine.evaluate_alerts(NOON)
        assert [event.value for event in found] == [0] * fires

    @pytest.mark.parametrize(
        ("at", "fires"),
        [(NOON - HOUR, False), (NOON - HOUR + TICK, True), (NOON, True), (NOON + TICK, False)],
    )
    def test_a_window_includes_now_and_not_what_is_as_old_as_it_is_long(
        self, at: datetime, fires: bool
    ) -> None:
        with engine_at() as engine:
            engine.add_alert(replace(DEEP, op=">=", threshold=0))
            engine.add_alert(AlertRule("load", "executions.total", ">", 0))
            engine.record_metric("queue", 0, at)
            engine.start_execution("load", "one", at)
            assert states(engine.evaluate_alerts()) == [FIRING] * 2 * fires

    def test_a_window_longer_than_history_starts_with_it(self) -> None:
        with engine_at(datetime(3, 1, 1, tzinfo=NOON.tzinfo)) as engine:
            engine.add_alert(AlertRule("one", "executions.total", "==", 0, "9999w"))
            assert states(engine.evaluate_alerts()) == [FIRING]

    def test_alerts_are_looked_at_in_the_order_of_their_ids(self) -> None:
        with engine_at() as engine:
            for name in ("b", "a", "c"):
                engine.add_alert(AlertRule(name, "executions.total", "==", 0))
            assert [event.rule.id for event in engine.evaluate_alerts()] == ["a", "b", "c"]
            assert [alert.rule.id for alert in engine.alerts()] == ["a", "b", "c"]
            assert engine.remove_alert("b") is True
            assert engine.remove_alert("b") is False
            assert [alert.rule.id for alert in engine.alerts()] == ["a", "c"]


class TestRules:
    @given(
        texts,
        texts.filter(lambda name: not name.startswith("executions.")),
        st.sampled_from(sorted(COMPARED)),
        numbers,
        st.timedeltas(TICK, timedelta(days=9000)),
        st.none() | texts,
        st.integers(1, 10**9),
        st.timedeltas(timedelta(0), timedelta(days=9000)),
    )
    def test_a_rule_comes_back_as_given(
        self,
        name: str,
        metric: str,
        op: str,
        threshold: float,
        window: timedelta,
        workflow: str | None,
        for_points: int,
        cooldown: timedelta,
    ) -> None:
        """Every field is read back unchanged, and adding the same rule again is no news."""
        given_rule = AlertRule(name, metric, op, threshold, window, workflow, "p99.5", for_points, cooldown)
        with engine_at() as engine:
            assert engine.add_alert(given_rule) is True
            assert engine.add_alert(given_rule) is False
            assert engine.alerts() == [Alert(given_rule, firing=False, fired=None)]
            assert type(engine.alerts()[0].rule.threshold) is type(threshold)

    def test_an_id_belongs_to_one_rule(self) -> None:
        with engine_at() as engine:
            engine.add_alert(DEEP)
            engine.record_metric("queue", 9)
            engine.evaluate_alerts()
            message = refusal(InvalidTransitionError, lambda: engine.add_alert(replace(DEEP, threshold=6)))
            assert message == (
                "alert 'deep' was already added with another rule: remove it first, or choose another id"
            )
            assert engine.alerts()[0].firing is True
            engine.remove_alert("deep")
            assert engine.add_alert(replace(DEEP, threshold=6)) is True
            assert engine.alerts()[0].firing is False

    @pytest.mark.parametrize(
        ("fields", "kind", "message"),
        [
            ({"id": 5}, TypeError, "id is 5: expected str, not int"),
            ({"id": " "}, ValueError, "id is ' ': it must not be blank"),
            ({"metric": ""}, ValueError, "metric is '': it must not be blank"),
            ({"metric": "executions.speed"}, ValueError,
             ("metric is 'executions.speed': choose one of executions.total, executions.running, "
             "executions.succeeded, executions.failed, executions.cancelled, executions.success_rate, "
             "executions.error_rate, executions.duration")),
            ({"op": "=>"}, ValueError, "op is '=>': choose one of >, >=, <, <=, ==, !="),
            ({"threshold": float("nan")}, ValueError,
             "threshold is nan: only finite numbers count, so drop or replace it first"),
            ({"threshold": "5"}, TypeError, "threshold is '5': expected int, float, Decimal or Fraction, not str"),
            ({"window": "day"}, ValueError, "window is 'day': write a length such as 30s, 15m, 24h, 7d or 4w"),
            ({"window": 5}, TypeError, "window is 5: expected str or timedelta"),
            ({"window": timedelta(0)}, ValueError, "window is 0:00:00: it must be longer than zero"),
            ({"cooldown": -TICK}, ValueError, "cooldown is -1 day, 23:59:59.999999: it must be zero or longer"),
            ({"cooldown": None}, TypeError, "cooldown is None: expected str or timedelta"),
            ({"workflow_id": 5}, TypeError, "workflow_id is 5: expected str, not int"),
            ({"agg": "mode"}, ValueError,
             ("op is 'mode': choose one of sum, count, avg, mean, min, max, median, stdev, variance, range, "
             "or a percentile such as p95 or p99.9")),
            ({"for_points": 0}, ValueError, "for_points is 0: it must be at least 1"),
            ({"for_points": 1.5}, TypeError, "for_points is 1.5: expected int, not float"),
        ],
        ids=range(16),
    )  # fmt: skip
    def test_a_rule_that_makes_no_sense_is_refused(
        self, fields: dict[str, Any], kind: type[Exception], message: str
    ) -> None:
        with engine_at() as engine:
            assert refusal(kind, lambda: engine.add_alert(replace(DEEP, **fields))) == message
            assert engine.alerts() == []

    def test_what_is_no_rule_is_refused(self) -> None:
        with engine_at() as engine:
            message = refusal(TypeError, lambda: engine.add_alert({"id": "x"}))  # type: ignore[arg-type]
            assert message == "rule is {'id': 'x'}: expected AlertRule, not dict"
            assert (
                refusal(ValueError, lambda: engine.remove_alert("")) == "alert_id is '': it must not be blank"
            )
            assert refusal(TypeError, lambda: engine.evaluate_alerts("now")) == (  # type: ignore[arg-type]
                "now is 'now': expected int, float, Decimal or Fraction, not str"
            )


class AlertMachine(RuleBasedStateMachine):
    """Whatever is measured and watched in any order, alerts stand as a model of a few lines says."""

    alerts: Bundle[str] = Bundle("alerts")

    def __init__(self) -> None:
        super().__init__()
        self.now = 1_000
        self.points: list[tuple[int, int]] = []
        self.watched: dict[str, AlertRule] = {}
        self.streaks: dict[str, int] = {}
        self.fired: dict[str, int] = {}
        self.firing: set[str] = set()
        self.engine = AnalyticsEngine(clock=lambda: float(self.now))

    def teardown(self) -> None:
        self.engine.close()

    @rule(
        target=alerts,
        threshold=st.integers(-2, 2),
        op=st.sampled_from([">", "<", "=="]),
        window=st.integers(1, 4),
        for_points=st.integers(1, 2),
        cooldown=st.integers(0, 4),
    )
    def watch(self, threshold: int, op: str, window: int, for_points: int, cooldown: int) -> Any:
        if len(self.watched) == 3:
            return multiple()
        name = f"alert-{self.now}-{len(self.watched)}"
        given_rule = AlertRule(
            name,
            "queue",
            op,
            threshold,
            window * SECOND,
            agg="max",
            for_points=for_points,
            cooldown=cooldown * SECOND,
        )
        assert self.engine.add_alert(given_rule) is (name not in self.watched)
        self.watched[name] = given_rule
        return name

    @rule(name=consumes(alerts))
    def forget(self, name: str) -> None:
        assert self.engine.remove_alert(name) is True
        del self.watched[name]
        for known in (self.streaks, self.fired):
            known.pop(name, None)
        self.firing.discard(name)
        self.now += 1

    @rule(value=st.integers(-3, 3))
    def measure(self, value: int) -> None:
        self.engine.record_metric("queue", value)
        self.points.append((self.now, value))

    @rule(seconds=st.integers(1, 3))
    def look(self, seconds: int) -> None:
        self.now += seconds
        expected = []
        for name, one in sorted(self.watched.items()):
            assert isinstance(one.window, timedelta)
            assert isinstance(one.cooldown, timedelta)
            values = [value for at, value in self.points if at > self.now - one.window.total_seconds()]
            breached = bool(values) and COMPARED[one.op](max(values), one.threshold)
            self.streaks[name] = self.streaks.get(name, 0) + 1 if breached else 0
            if name in self.firing and not breached:
                self.firing.remove(name)
                expected.append((name, RESOLVED))
            elif name not in self.firing and self.streaks[name] >= one.for_points:
                if name in self.fired and self.now - self.fired[name] < one.cooldown.total_seconds():
                    continue
                self.firing.add(name)
                self.fired[name] = self.now
                expected.append((name, FIRING))
        assert [(event.rule.id, event.state) for event in self.engine.evaluate_alerts()] == expected

    @invariant()
    def alerts_stand_as_in_the_model(self) -> None:
        assert [
            (one.rule, one.firing, one.fired and one.fired.timestamp()) for one in self.engine.alerts()
        ] == [(one, name in self.firing, self.fired.get(name)) for name, one in sorted(self.watched.items())]


TestAlertsAgainstAModel = AlertMachine.TestCase
