"""Whatever is recorded, in whatever order, the store holds what a dict would hold."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from core.workflow_analytics_engine import AnalyticsEngine, InvalidTransitionError, Pruned, Status

if TYPE_CHECKING:
    from collections.abc import Callable

numbers = (
    st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from([2**63, -(2**63), 10**400])
)


class Known(NamedTuple):
    """What the model remembers of an execution; *ended* is None while it runs."""

    workflow: str
    began: int
    user: str | None
    status: Status = Status.RUNNING
    ended: int | None = None
    error: str | None = None


class Taken(NamedTuple):
    """What the model remembers of a step."""

    execution: str
    workflow: str
    name: str
    began: int
    duration: int
    status: Status


ids = st.sampled_from(["a", "b", "c", "d"])
workflows = st.sampled_from(["load", "train"])


class StoreMachine(RuleBasedStateMachine):
    """Any order of recording leaves what a dict would hold, at one point of time per second."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1_000
        self.known: dict[str, Known] = {}
        self.points: list[tuple[int, int | float]] = []
        self.taken: list[Taken] = []
        self.engine = AnalyticsEngine(clock=lambda: float(self.now))

    def teardown(self) -> None:
        self.engine.close()

    def refuses(self, call: Callable[[], object]) -> None:
        with pytest.raises(InvalidTransitionError):
            call()

    @rule(seconds=st.integers(1, 100))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds

    @rule(execution_id=ids, workflow=workflows, user=st.none() | st.sampled_from(["eve", "bob"]))
    def start(self, execution_id: str, workflow: str, user: str | None) -> None:
        old = self.known.get(execution_id)
        if old is not None and (old.workflow, old.user) != (workflow, user):
            self.refuses(lambda: self.engine.start_execution(workflow, execution_id, user_id=user))
            return
        assert self.engine.start_execution(workflow, execution_id, user_id=user) is (old is None)
        self.known.setdefault(execution_id, Known(workflow, self.now, user))

    @rule(
        execution_id=ids,
        status=st.sampled_from(["succeeded", "failed", "cancelled"]),
        late=st.integers(-50, 50),
    )
    def finish(self, execution_id: str, status: str, late: int) -> None:
        old, end = self.known.get(execution_id), self.now + late
        if old is None or old.ended is not None or end < old.began:
            self.refuses(lambda: self.engine.finish_execution(execution_id, status, at=end))
            return
        self.engine.finish_execution(execution_id, status, at=end, error=status)
        self.known[execution_id] = old._replace(status=Status(status), ended=end, error=status)

    @rule(value=numbers, early=st.integers(0, 3))
    def measure(self, value: float, early: int) -> None:
        assert self.engine.record_metric("size", value, at=self.now - early) is True
        self.points.append((self.now - early, value))

    @rule(
        execution_id=ids,
        name=st.sampled_from(["read", "write"]),
        duration=st.integers(0, 120),
        failed=st.booleans(),
    )
    def step(self, execution_id: str, name: str, duration: int, failed: bool) -> None:
        status = Status.FAILED if failed else Status.SUCCEEDED
        old = self.known.get(execution_id)
        if old is None or self.now - duration < old.began:
            self.refuses(lambda: self.engine.record_step(execution_id, name, duration, status))
            return
        assert self.engine.record_step(execution_id, name, duration, status) is True
        self.taken.append(Taken(execution_id, old.workflow, name, self.now - duration, duration, status))

    @rule(ago=st.integers(0, 200))
    def prune(self, ago: int) -> None:
        cutoff = self.now - ago
        old = {name for name, one in self.known.items() if one.ended is not None and one.ended < cutoff}
        steps = [one for one in self.taken if one.execution in old]
        points = [point for point in self.points if point[0] < cutoff]
        assert self.engine.prune(cutoff) == Pruned(len(old), len(steps), len(points))
        self.known = {name: one for name, one in self.known.items() if name not in old}
        self.taken = [one for one in self.taken if one.execution not in old]
        self.points = [point for point in self.points if point[0] >= cutoff]

    @rule()
    def move(self) -> None:
        """Go on in another store, into which all records were carried."""
        other = AnalyticsEngine(clock=lambda: float(self.now))
        assert other.import_(self.engine.export()) == len(self.known) + len(self.taken) + len(self.points)
        self.engine.close()
        self.engine = other

    @invariant()
    def steps_are_those_of_the_model(self) -> None:
        for name in self.known:
            found = [
                (one.name, one.started.timestamp(), one.duration, one.status)
                for one in self.engine.steps(name)
            ]
            model = [one for one in self.taken if one.execution == name]
            model.sort(key=lambda one: one.began)
            assert found == [(one.name, one.began, one.duration, one.status) for one in model]

    @invariant()
    def executions_are_those_of_the_model(self) -> None:
        found = self.engine.executions()
        assert [one.execution_id for one in found] == sorted(
            self.known, key=lambda name: (-self.known[name].began, name)
        )
        for one in found:
            model = self.known[one.execution_id]
            assert (one.workflow_id, one.user_id, one.status, one.error) == (
                model.workflow, model.user, model.status, model.error
            )  # fmt: skip
            assert one.started.timestamp() == model.began
            assert (one.finished and one.finished.timestamp()) == model.ended
            assert one.duration == (None if model.ended is None else model.ended - model.began)

    @invariant()
    def metrics_are_those_of_the_model(self) -> None:
        found = [(point.at.timestamp(), point.value) for point in self.engine.metrics("size")]
        assert found == sorted(self.points, key=lambda point: point[0])
        assert [type(value) for _, value in found] == [
            type(value) for _, value in sorted(self.points, key=lambda p: p[0])
        ]

    @precondition(lambda self: self.known)
    @rule(workflow=st.none() | workflows, back=st.integers(1, 120))
    def performance(self, workflow: str | None, back: int) -> None:
        asked = self.engine.performance(workflow, timedelta(seconds=back))
        model = [
            one
            for one in self.known.values()
            if workflow in (None, one.workflow) and one.began > self.now - back
        ]
        assert asked.total == len(model)
        assert asked.by_status == {status: sum(one.status == status for one in model) for status in Status}
        assert asked.unique_users == len({one.user for one in model} - {None})
        times = [one.ended - one.began for one in model if one.ended is not None]
        assert asked.durations == self.engine.summary(times, default=None)
        good, bad = asked.by_status[Status.SUCCEEDED], asked.by_status[Status.FAILED]
        taken = [
            one for one in self.taken if workflow in (None, one.workflow) and one.began > self.now - back
        ]
        assert {one.name: (one.count, one.failed, one.total_duration) for one in asked.steps} == {
            name: (
                sum(one.name == name for one in taken),
                sum(one.name == name and one.status is Status.FAILED for one in taken),
                sum(one.duration for one in taken if one.name == name),
            )
            for name in {one.name for one in taken}
        }
        assert asked.success_rate == self.engine.success_rate(good, bad, default=None)
        assert asked.error_rate == self.engine.success_rate(bad, good, default=None)


TestStoreAgainstADict = StoreMachine.TestCase
TestStoreAgainstADict.settings = settings(max_examples=50, stateful_step_count=30)
