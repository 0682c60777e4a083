"""A request: what a user asks for, checked once, and the call it becomes at each provider."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypedDict

from core.llm import arguments, tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.llm.catalogue import ProviderSpec

ROLES: Final = ("system", "user", "assistant")
MAX_TOKENS: Final = 1024
"""The longest answer where the user does not say."""
TIMEOUT: Final = 60.0
"""Seconds a provider may stay silent where the user does not say."""
MESSAGE_OVERHEAD: Final = 4
"""Tokens a provider adds around each message, about."""
REPLY_OVERHEAD: Final = 3
"""Tokens it adds to start the reply, about."""

Messages = str | Sequence[Mapping[str, str]]
"""A prompt, or turns: {"role": one of `ROLES`, "content": …} each."""


class Options(TypedDict, total=False):
    """What may be said about a request besides its messages and its model; `BYOKHandler.complete` explains them."""

    max_tokens: int
    timeout: float
    providers: Sequence[str] | None


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
class Request:
    """What a user asks for, whoever is asked. `timeout`: seconds a provider may stay silent."""

    messages: tuple[Message, ...]
    max_tokens: int
    timeout: float

    def at(self, spec: ProviderSpec, model: str) -> Call:
        """Return the call that asks this of `model` at one provider."""
        return Call(spec, model, self.messages, self.max_tokens, self.timeout)


def to_request(messages: Messages, max_tokens: int = MAX_TOKENS, timeout: float = TIMEOUT) -> Request:
    """Return these as a request.

    Raises:
        TypeError: an argument is of the wrong type.
        ValueError: the prompt is blank, nobody but the system speaks, or a number is out of range.

    """
    return Request(
        _conversation(messages),
        arguments.whole_number("max_tokens", max_tokens, least=1),
        arguments.seconds("timeout", timeout, most=arguments.DAY),
    )


def _conversation(messages: Messages) -> tuple[Message, ...]:
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
