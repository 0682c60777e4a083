"""Alerts that fire, resolve and fire again."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from core.analytics.alert_rules import DURATION, EXECUTIONS, AlertRule, KnownRule, from_json, to_known_rule
from core.analytics.checks import to_id
from core.analytics.errors import InvalidTransitionError
from core.analytics.exact import decode
from core.analytics.instants import EARLIEST, MICROS_PER_SECOND, Interval, datetime_of, micros_of
from core.analytics.queries import METRICS
from core.analytics.reports import DURATIONS
from core.analytics.scalars import DEFINED_FOR_NONE, operation
from core.analytics.store import Point
from core.analytics.tallies import tally

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime

    from core.analytics.engine import Engine
    from core.analytics.exact import Number
    from core.analytics.instants import At

FIND = "SELECT rule FROM alerts WHERE alert_id = ?"
INSERT = "INSERT INTO alerts VALUES (?, ?, 0, 0, NULL)"
DELETE = "DELETE FROM alerts WHERE alert_id = ?"
EVERY = "SELECT rule, streak, firing, fired_us FROM alerts ORDER BY alert_id"
UPDATE = "UPDATE alerts SET streak = ?, firing = ?, fired_us = ? WHERE alert_id = ?"


class AlertState(StrEnum):
    """What an alert became."""

    FIRING = "firing"
    RESOLVED = "resolved"


@dataclass(frozen=True)
class AlertEvent:
    """An alert that began to fire or was resolved at *at*, when its metric had *value*; None is no data."""

    rule: AlertRule
    state: AlertState
    value: Number | None
    at: datetime


@dataclass(frozen=True)
class Alert:
    """A rule and how it stands; *fired* is when it last began to fire, if ever."""

    rule: AlertRule
    firing: bool
    fired: datetime | None


class Standing(NamedTuple):
    """How an alert stands: breaches in a row, whether it fires, and when it last began to."""

    streak: int
    firing: int
    fired_us: int | None


def add_alert(engine: Engine, rule: AlertRule) -> bool:
    """Watch *rule* from now on and tell whether that is news; alerts are kept with the records.

    Raises:
        TypeError: A field of *rule* has a wrong type.
        ValueError: A field of *rule* makes no sense.
        InvalidTransitionError: The id belongs to a different rule.

    """
    known = to_known_rule(rule)

    def add(connection: sqlite3.Connection) -> bool:
        found = connection.execute(FIND, (known.id,)).fetchone()
        if found is None:
            connection.execute(INSERT, (known.id, known.to_json()))
            return True
        if from_json(*found) != known:
            raise InvalidTransitionError(
                f"alert {known.id!r} was already added with another rule: remove it first, or choose another id"
            )
        return False

    return engine.database.run(add)


def remove_alert(engine: Engine, alert_id: str) -> bool:
    """Watch a rule no longer, and tell whether it was watched."""
    known = to_id(alert_id, "alert_id")
    return engine.database.run(lambda connection: connection.execute(DELETE, (known,)).rowcount == 1)


def alerts(engine: Engine) -> list[Alert]:
    """List all alerts and how they stand since the last evaluation, by id."""
    found = engine.database.run(lambda connection: connection.execute(EVERY).fetchall())
    return [
        Alert(
            rule=from_json(rule).to_rule(),
            firing=bool(firing),
            fired=None if fired_us is None else datetime_of(fired_us, engine.zone),
        )
        for rule, _streak, firing, fired_us in found
    ]


def evaluate_alerts(engine: Engine, now: At | None = None) -> list[AlertEvent]:
    """Look at every alert once, and return those that began to fire or were resolved, by id.

    A rule whose metric has no value, such as the mean of nothing, is not breached.

    Args:
        engine: What has been recorded.

        now: Where windows end, which include it; the clock's time if missing.

    """
    now_us = engine.now() if now is None else micros_of(now, "now")

    def evaluate(connection: sqlite3.Connection) -> list[AlertEvent]:
        events = []
        for text, *columns in connection.execute(EVERY).fetchall():
            rule, before = from_json(text), Standing(*columns)
            value = _value(connection, rule, now_us)
            after = stand(before, rule, now_us, breached=rule.is_breached_by(value))
            connection.execute(UPDATE, (*after, rule.id))
            if after.firing != before.firing:
                state = AlertState.FIRING if after.firing else AlertState.RESOLVED
                events.append(AlertEvent(rule.to_rule(), state, value, datetime_of(now_us, engine.zone)))
        return events

    return engine.database.run(evaluate)


def stand(before: Standing, rule: KnownRule, now_us: int, *, breached: bool) -> Standing:
    """Return how an alert stands after one more evaluation."""
    streak = before.streak + 1 if breached else 0
    if before.firing:
        return Standing(streak, int(breached), before.fired_us)
    has_cooled = before.fired_us is None or now_us >= before.fired_us + rule.cooldown_us
    if streak >= rule.for_points and has_cooled:
        return Standing(streak, 1, now_us)
    return Standing(streak, 0, before.fired_us)


def _value(connection: sqlite3.Connection, rule: KnownRule, now_us: int) -> Number | None:
    """Return what *rule* watches, as it is at *now_us*; None where there is nothing to tell it from."""
    interval = Interval(max(EARLIEST, now_us + 1 - rule.window_us), now_us + 1)
    scope = {**interval._asdict(), "workflow_id": rule.workflow_id, "name": rule.metric}
    if rule.metric == DURATION:
        durations = connection.execute(DURATIONS, scope)
        return _reduced(rule, [duration / MICROS_PER_SECOND for (duration,) in durations])
    if rule.metric.startswith(EXECUTIONS):
        counted = tally(connection, interval, rule.workflow_id)
        figures = {**counted._asdict(), **counted.figures()}
        value: Number | None = figures[rule.metric.removeprefix(EXECUTIONS)]
        return value
    return _reduced(rule, [decode(Point(*row).value) for row in connection.execute(METRICS, scope)])


def _reduced(rule: KnownRule, values: list[Number]) -> Number | None:
    return operation(rule.agg)(values) if values or rule.agg in DEFINED_FOR_NONE else None
