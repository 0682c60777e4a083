"""The planner: what to do after a failure. One pure function, so that every case can be tried without a call."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core.llm.failures import Failure, FailureKind

COOLDOWN: Final = 5.0
"""Seconds a model is left alone when the provider does not say how long."""
QUOTA_COOLDOWN: Final = 3600.0
"""Seconds a key whose quota or credit is used up is left alone, at least."""
FIRST_BACKOFF: Final = 0.5
DOUBLINGS: Final = 4
"""The backoff grows from half a second to eight."""
LONGEST_WAIT: Final = 60.0
"""Seconds one call spends waiting in all; beyond that its caller is better served by an answer."""


class Action(StrEnum):
    """What happens after a failure."""

    RETRY = "retry"
    NEXT_KEY = "next_key"
    """The same model with another of the user's keys, each once; the next provider when there is none."""
    NEXT = "next"
    NEXT_LARGER = "next_larger"
    """Only to a model that reads more at once."""
    RAISE = "raise"


@dataclass(frozen=True, slots=True)
class Step:
    """A decision: the action, the seconds to wait first, and how the provider is left.

    `cooldown`, in seconds, is None where rest would not help: the model may be asked something else at once.
    It is for the key that was used, or for `every_key` where the model itself is at fault.
    """

    action: Action
    wait: float = 0.0
    cooldown: float | None = None
    every_key: bool = False
    retire_key: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """What the planner has to know besides the failure."""

    retries: int
    """Retries this provider has had in this call."""
    max_retries: int
    waited: float
    """Seconds this call has waited so far."""
    keys_ready: bool
    """Whether the same model could be asked at once with a key that was not asked with before."""
    others_ready: bool
    """Whether another provider further down the chain could be asked at once."""
    jitter: float
    """A random number in [0, 1]."""
    filter_falls_back: bool = False
    """Whether the user wants an answer from elsewhere when a provider withholds its own."""


def decide(failure: Failure, situation: Situation) -> Step:
    """Return what to do after `failure`.

    A key that is full, out of credit or rejected is left for the next key or provider, since waiting beside a
    free one helps nobody; a model that stumbles is retried; a request that is wrong in itself is wrong everywhere.
    """
    match failure.kind:
        case FailureKind.BAD_REQUEST:
            return Step(Action.RAISE)
        case FailureKind.CONTENT_FILTER:
            return Step(Action.NEXT if situation.filter_falls_back else Action.RAISE)
        case FailureKind.CONTEXT_LENGTH:
            return Step(Action.NEXT_LARGER)
        case FailureKind.MODEL_NOT_FOUND:
            return Step(Action.NEXT)
        case FailureKind.AUTH:
            return Step(Action.NEXT_KEY, retire_key=True)
        case FailureKind.QUOTA_EXHAUSTED:
            return Step(Action.NEXT_KEY, cooldown=max(QUOTA_COOLDOWN, failure.retry_after or QUOTA_COOLDOWN))
        case FailureKind.RATE_LIMITED:
            pause = COOLDOWN if failure.retry_after is None else failure.retry_after
            if situation.keys_ready or situation.others_ready or _worn_out(situation, pause):
                return Step(Action.NEXT_KEY, cooldown=pause)
            return Step(Action.RETRY, wait=pause)
    return _stumbled(failure, situation)


def _stumbled(failure: Failure, situation: Situation) -> Step:
    backoff = situation.jitter * FIRST_BACKOFF * 2 ** min(situation.retries, DOUBLINGS)
    wait = max(backoff, failure.retry_after or 0.0)
    if _worn_out(situation, wait):
        rest = COOLDOWN if failure.retry_after is None else failure.retry_after
        return Step(Action.NEXT, cooldown=rest, every_key=True)
    return Step(Action.RETRY, wait=wait)


def _worn_out(situation: Situation, wait: float) -> bool:
    return situation.retries >= situation.max_retries or situation.waited + wait > LONGEST_WAIT


def reads_more(window: int | None, than: int | None) -> bool:
    """Return whether one context window is larger than the other, for all that is known: None is unknown."""
    return window is not None and than is not None and window > than
