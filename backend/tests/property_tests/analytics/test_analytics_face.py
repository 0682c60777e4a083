"""The class that users import is made of its parts, and offers each what it needs."""

from __future__ import annotations

import inspect

import pytest

from core.analytics.engine import Engine
from core.workflow_analytics_engine import AnalyticsEngine, WorkflowAnalyticsEngine

METHODS = [
    name
    for name, member in inspect.getmembers(WorkflowAnalyticsEngine, callable)
    # Under mutmut the class also holds its variants of methods, whose names are not ASCII.
    if not name.startswith("_") and name.isascii()
]


@pytest.mark.parametrize("name", METHODS)
def test_every_method_is_described_where_users_look(name: str) -> None:
    assert inspect.getdoc(getattr(WorkflowAnalyticsEngine, name))


def test_parts_get_the_store_the_zone_and_the_clock_of_their_engine() -> None:
    needed = {name for name in vars(Engine) if not name.startswith("_")}
    engine = WorkflowAnalyticsEngine(clock=lambda: 1.5, tz="Asia/Kathmandu")
    assert needed == {"database", "zone", "now"}
    assert engine.now() == 1_500_000
    assert str(engine.zone) == "Asia/Kathmandu"
    assert AnalyticsEngine is WorkflowAnalyticsEngine


def test_engines_share_nothing() -> None:
    with AnalyticsEngine() as one, AnalyticsEngine() as two:
        one.start_execution("load", "one")
        assert one.database is not two.database
        assert two.executions() == []
