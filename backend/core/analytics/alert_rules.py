"""What an alert watches, and what makes it fire."""

from __future__ import annotations

import json
import operator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from core.analytics.checks import to_id, to_optional_id
from core.analytics.exact import decode, encode, to_choice, to_count, to_number
from core.analytics.instants import MICROSECOND, to_length
from core.analytics.scalars import operation

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.analytics.exact import Number, Real

COMPARISONS: dict[str, Callable[[Number, Number], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
}

EXECUTIONS = "executions."
"""What metrics of executions begin with; any other name is that of a recorded metric."""

COUNTS = ("total", "running", "succeeded", "failed", "cancelled", "success_rate", "error_rate")
DURATION = f"{EXECUTIONS}duration"
OF_EXECUTIONS = (*(f"{EXECUTIONS}{count}" for count in COUNTS), DURATION)


@dataclass(frozen=True)
class AlertRule:
    """Fire when a value of the last *window* compares to *threshold*.

    Attributes:
        id: Unique among all rules.
        metric: ``executions.total``, ``.running``, ``.succeeded``, ``.failed``, ``.cancelled``, ``.success_rate``,
            ``.error_rate`` or ``.duration`` (in seconds, of finished ones), of executions that started in the window;
            or the name of a recorded metric.
        op: ``>``, ``>=``, ``<``, ``<=``, ``==`` or ``!=``.
        threshold: Any number, 0 included.
        window: How far to look back: text such as "1h", or a timedelta.
        workflow_id: One workflow, or all.
        agg: How durations, or the values of a recorded metric, become one value: what ``aggregate`` accepts.
        for_points: How many evaluations in a row must breach before it fires.
        cooldown: How long after firing it does not fire again, as *window*, or a timedelta of 0.

    """

    id: str
    metric: str
    op: str
    threshold: Real
    window: str | timedelta = "1h"
    workflow_id: str | None = None
    agg: str = "avg"
    for_points: int = 1
    cooldown: str | timedelta = timedelta(0)


class KnownRule(NamedTuple):
    """A rule as it is stored, checked: lengths in microseconds, a threshold beyond 63 bits as text."""

    id: str
    metric: str
    op: str
    threshold: int | float | str
    window_us: int
    workflow_id: str | None
    agg: str
    for_points: int
    cooldown_us: int

    def is_breached_by(self, value: Number | None) -> bool:
        """Compare; where there is no value nothing is breached."""
        return value is not None and COMPARISONS[self.op](value, decode(self.threshold))

    def to_json(self) -> str:
        """Write it down."""
        return json.dumps(self)

    def to_rule(self) -> AlertRule:
        """Show it as users know it."""
        return AlertRule(
            id=self.id,
            metric=self.metric,
            op=self.op,
            threshold=decode(self.threshold),
            window=self.window_us * MICROSECOND,
            workflow_id=self.workflow_id,
            agg=self.agg,
            for_points=self.for_points,
            cooldown=self.cooldown_us * MICROSECOND,
        )


def to_known_rule(rule: object) -> KnownRule:
    """Check *rule*.

    Raises:
        TypeError: No rule, or a field of a wrong type.
        ValueError: A field that makes no sense.

    """
    if not isinstance(rule, AlertRule):
        raise TypeError(f"rule is {rule!r}: expected AlertRule, not {type(rule).__name__}")
    operation(rule.agg)
    return KnownRule(
        id=to_id(rule.id, "id"),
        metric=_to_metric(rule.metric),
        op=to_choice(rule.op, "op", tuple(COMPARISONS)),
        threshold=encode(to_number(rule.threshold, "threshold")),
        window_us=_to_length(rule.window, "window", 1),
        workflow_id=to_optional_id(rule.workflow_id, "workflow_id"),
        agg=rule.agg,
        for_points=to_count(rule.for_points, "for_points", 1),
        cooldown_us=_to_length(rule.cooldown, "cooldown", 0),
    )


def from_json(text: str) -> KnownRule:
    """Undo :meth:`KnownRule.to_json`."""
    return KnownRule(*json.loads(text))


def _to_metric(metric: object) -> str:
    name = to_id(metric, "metric")
    return to_choice(name, "metric", OF_EXECUTIONS) if name.startswith(EXECUTIONS) else name


def _to_length(length: object, name: str, least: int) -> int:
    micros = to_length(length, name)
    if micros < least:
        raise ValueError(
            f"{name} is {length}: it must be {'longer than zero' if least else 'zero or longer'}"
        )
    return micros
