"""Streams: server-sent events read line by line into pieces of text, and at the end into a reply.

Pure: a reader is fed lines and knows nothing of where they come from. A stream that stops without having said
that it is complete is a failure, even where the connection was closed in good order.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from typing import Any

from core.llm import failures, replies
from core.llm.completion import Reply
from core.llm.failures import Failure, FailureKind
from core.llm.replies import get


class StreamReader(ABC):
    """What both dialects share: lines in, text out, an outcome at the end."""

    _failure: Failure | None = None
    _finish: object = None
    _input_tokens: object = None
    _output_tokens: object = None

    def __init__(self) -> None:
        self._texts: list[str] = []

    def feed(self, line: str) -> str:
        """Take in one line and return the text it brings, mostly a word, often none."""
        field, _, value = line.partition(":")
        if field != "data" or self._failure is not None:
            return ""
        text = self._read(_json(value))
        self._texts.append(text)
        return text

    def outcome(self) -> Reply | Failure:
        """Return what the lines so far amount to: the whole answer, or why there is none."""
        if self._failure is not None:
            return self._failure
        if self._finish is None:
            return Failure(FailureKind.CONNECTION, "the stream ended before the answer did")
        return replies.reply_of("".join(self._texts), self._finish, self._input_tokens, self._output_tokens)

    @abstractmethod
    def _read(self, event: object) -> str:
        """Take in one event's JSON and return the text it brings."""

    def _fail(self, event: object) -> str:
        self._failure = failures.from_event(event)
        return ""


class OpenAIReader(StreamReader):
    """Chat completion chunks, as OpenAI, DeepSeek, Gemini and most other hosts send them."""

    def _read(self, event: object) -> str:
        if get(event, "error") is not None:
            return self._fail(event)
        self._finish = get(event, "choices", 0, "finish_reason") or self._finish
        self._input_tokens = _newer(get(event, "usage", "prompt_tokens"), self._input_tokens)
        self._output_tokens = _newer(get(event, "usage", "completion_tokens"), self._output_tokens)
        return _text(get(event, "choices", 0, "delta", "content"))


class AnthropicReader(StreamReader):
    """Anthropic's events: the input's tokens come first, the reason to stop and the output's tokens last."""

    def _read(self, event: object) -> str:
        if get(event, "type") == "error":
            return self._fail(event)
        self._finish = get(event, "delta", "stop_reason") or self._finish
        self._input_tokens = _newer(get(event, "message", "usage", "input_tokens"), self._input_tokens)
        self._output_tokens = _newer(get(event, "usage", "output_tokens"), self._output_tokens)
        return _text(get(event, "delta", "text"))


def _newer(value: object, old: object) -> object:
    return old if value is None else value


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _json(value: str) -> Any:
    """Return the event's JSON; None for the mark at the end of a stream, and for anything else that is none."""
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None
