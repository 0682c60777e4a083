"""A completion: what is asked, what comes back, and every attempt made on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.llm import arguments, tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from decimal import Decimal

    from core.llm.catalogue import ProviderSpec
    from core.llm.failures import FailureKind

ROLES: Final = ("system", "user", "assistant")
MESSAGE_OVERHEAD: Final = 4
"""Tokens a provider adds around each message, about."""
REPLY_OVERHEAD: Final = 3
"""Tokens it adds to start the reply, about."""


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Call:
    """One call to one provider. `timeout`: seconds it may stay silent."""

    spec: ProviderSpec
    model: str
    messages: tuple[Message, ...]
    max_tokens: int
    timeout: float

    @property
    def provider(self) -> str:
        """The provider's id."""
        return self.spec.id

    def input_tokens(self) -> int:
        """Return how many tokens its messages are, about."""
        return self._input(lambda text: tokens.count(text, self.spec, self.model))

    def most_input_tokens(self) -> int:
        """Return how many tokens its messages can be at most."""
        if tokens.is_exact(self.spec, self.model):
            return self.input_tokens()
        return self._input(tokens.size)

    def _input(self, measure: Callable[[str], int]) -> int:
        return REPLY_OVERHEAD + sum(measure(turn.content) + MESSAGE_OVERHEAD for turn in self.messages)


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


def conversation(messages: str | Sequence[Mapping[str, str]]) -> tuple[Message, ...]:
    """Return `messages` as turns. A str is a single user's turn; else each is {"role": …, "content": …}."""
    if isinstance(messages, str):
        arguments.words("the prompt", messages)
        return (Message("user", tokens.clean(messages)),)
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
    content = arguments.string(f"the content of message {index}", message["content"])
    return Message(role, tokens.clean(content))
