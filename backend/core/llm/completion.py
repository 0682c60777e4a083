"""A completion: what came back for a request, what it took, and every attempt made on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from core.llm.failures import FailureKind


@dataclass(frozen=True, slots=True)
class Reply:
    """A provider's answer. Token counts are None when it does not report them."""

    text: str
    finish_reason: str
    input_tokens: int | None = None
    output_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Spent:
    """What an attempt used. `cost` is in dollars, None without a known price; `estimated` tokens are our own count."""

    input_tokens: int
    output_tokens: int
    estimated: bool
    cost: Decimal | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call as it went. `failure` is None for the one that succeeded; `elapsed` is in seconds."""

    provider: str
    model: str
    elapsed: float
    failure: FailureKind | None = None
    status: int | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class Completion:
    """The answer, who gave it, what it took.

    `cost` is in dollars, None when the model has no known price. `tokens_estimated` says that the provider did
    not report the tokens, so they are our own count. `attempts` holds every call made, the successful one last.
    `elapsed` is in seconds and includes all waiting.
    """

    text: str
    provider: str
    model: str
    input_tokens: int
    output_tokens: int
    tokens_estimated: bool
    cost: Decimal | None
    finish_reason: str
    attempts: tuple[Attempt, ...]
    elapsed: float
