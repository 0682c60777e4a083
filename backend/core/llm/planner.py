"""The planner: what to do after a failure. One pure function, so that every case can be tried without a call."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core.llm.failures import Failure, FailureKind

COOLDOWN: Final = 5.0
"""Seconds a provider is left alone when it does not say how long."""
QUOTA_COOLDOWN: Final = 3600.0
"""Seconds a provider whose quota or credit is used up is left alone, at least."""
FIRST_BACKOFF: Final = 0.5
DOUBLINGS: Final = 4
"""The backoff grows from half a second to eight."""
LONGEST_WAIT: Final = 60.0
"""Seconds one call spends waiting in all; beyond that its caller is better served by an answer."""


class Action(StrEnum):
    """What happens after a failure."""

    RETRY = "retry"
    NEXT = "next"
    NEXT_LARGER = "next_larger"
    """Only to a model that reads more at once."""
    RAISE = "raise"


@dataclass(frozen=True, slots=True)
class Step:
    """A decision: the action, the seconds to wait first, and how the provider is left.

    `cooldown` is None where rest would not help: the provider may be asked something else at once.
    """

    action: Action
    wait: float = 0.0
    cooldown: float | None = None
    retire_key: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """What the planner has to know besides the failure."""

    retries: int
    """Retries this provider has had in this call."""
    max_retries: int
    waited: float
    """Seconds this call has waited so far."""
    others_ready: bool
    """Whether another provider further down the chain could be asked at once."""
    jitter: float
    """A random number in [0, 1]."""


_SETTLED: Final = {
    FailureKind.AUTH: Step(Action.NEXT, retire_key=True),
    FailureKind.MODEL_NOT_FOUND: Step(Action.NEXT),
    FailureKind.CONTEXT_LENGTH: Step(Action.NEXT_LARGER),
    FailureKind.CONTENT_FILTER: Step(Action.RAISE),
    FailureKind.BAD_REQUEST: Step(Action.RAISE),
}


def decide(failure: Failure, situation: Situation) -> Step:
    """Return what to do after `failure`.

    A provider that is full is left at once if another is ready, since waiting beside a free provider helps
    nobody; one that stumbles is retried; one that is out of credit or rejects the key is left; a request
    that is wrong in itself is wrong everywhere.
    """
    if failure.kind in _SETTLED:
        return _SETTLED[failure.kind]
    if failure.kind is FailureKind.QUOTA_EXHAUSTED:
        return Step(Action.NEXT, cooldown=max(QUOTA_COOLDOWN, failure.retry_after or QUOTA_COOLDOWN))
    if failure.kind is FailureKind.RATE_LIMITED:
        pause = COOLDOWN if failure.retry_after is None else failure.retry_after
        if situation.others_ready:
            return Step(Action.NEXT, cooldown=pause)
        return _retry_or_leave(situation, wait=pause, cooldown=pause)
    backoff = situation.jitter * FIRST_BACKOFF * 2 ** min(situation.retries, DOUBLINGS)
    if failure.retry_after is None:
        return _retry_or_leave(situation, wait=backoff, cooldown=COOLDOWN)
    return _retry_or_leave(situation, wait=max(backoff, failure.retry_after), cooldown=failure.retry_after)


def reads_more(window: int | None, than: int | None) -> bool:
    """Return whether one context window is larger than the other, for all that is known: None is unknown."""
    return window is not None and than is not None and window > than


def _retry_or_leave(situation: Situation, *, wait: float, cooldown: float) -> Step:
    if situation.retries < situation.max_retries and situation.waited + wait <= LONGEST_WAIT:
        return Step(Action.RETRY, wait=wait)
    return Step(Action.NEXT, cooldown=cooldown)
