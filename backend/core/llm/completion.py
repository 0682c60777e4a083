"""A completion: what is asked, what comes back, and every attempt made on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.llm import arguments

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from core.llm.failures import FailureKind

ROLES: Final = ("system", "user", "assistant")
MESSAGE_OVERHEAD: Final = 4
"""Tokens a provider adds around each message, about."""


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Call:
    """One call to one provider. `timeout` is in seconds."""

    provider: str
    model: str
    messages: tuple[Message, ...]
    max_tokens: int
    timeout: float


@dataclass(frozen=True, slots=True)
class Reply:
    """A provider's answer. Token counts are None when it does not report them."""

    text: str
    finish_reason: str
    input_tokens: int | None = None
    output_tokens: int | None = None


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

    `cost` is in dollars, None when the model has no known price. `attempts` holds every call made, the
    successful one last. `elapsed` is in seconds and includes all waiting.
    """

    text: str
    provider: str
    model: str
    input_tokens: int
    output_tokens: int
    cost: Decimal | None
    finish_reason: str
    attempts: tuple[Attempt, ...]
    elapsed: float


def conversation(messages: str | Sequence[Mapping[str, str]]) -> tuple[Message, ...]:
    """Return `messages` as turns. A str is a single user's turn; else each is {"role": …, "content": …}."""
    if isinstance(messages, str):
        arguments.words("the prompt", messages)
        return (Message("user", messages),)
    if not isinstance(messages, (list, tuple)):
        raise TypeError(f"messages must be a str or a list of messages, not {type(messages).__name__}")
    turns = tuple(_turn(index, message) for index, message in enumerate(messages))
    if all(turn.role == "system" for turn in turns):
        raise ValueError("messages must hold at least one message that is not a system message")
    return turns


def _turn(index: int, message: object) -> Message:
    if not isinstance(message, dict) or set(message) != {"role", "content"}:
        raise TypeError(f"message {index} must be a dict of exactly role and content")
    role = message["role"]
    if role not in ROLES:
        raise ValueError(f"message {index} has the role {role!r}: choose one of {', '.join(ROLES)}")
    return Message(role, arguments.string(f"the content of message {index}", message["content"]))
