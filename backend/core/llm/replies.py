"""Replies: a provider's answer, read from its JSON with nothing taken for granted."""

from __future__ import annotations

from typing import Any, Final

from core.llm.completion import Reply
from core.llm.failures import Failure, FailureKind

_FINISHES: Final = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "refusal": "content_filter",
    "tool_use": "tool_calls",
}
"""Anthropic's reasons to stop, in OpenAI's words."""


def read_openai(body: object) -> Reply | Failure:
    """Return the reply in a chat completion's JSON."""
    choice = get(body, "choices", 0)
    refusal = get(choice, "message", "refusal")
    if refusal:
        return Failure(FailureKind.CONTENT_FILTER, str(refusal))
    return reply_of(
        get(choice, "message", "content"),
        get(choice, "finish_reason"),
        get(body, "usage", "prompt_tokens"),
        get(body, "usage", "completion_tokens"),
    )


def read_anthropic(body: object) -> Reply | Failure:
    """Return the reply in an Anthropic message's JSON: its text blocks, joined."""
    blocks = get(body, "content")
    texts = [get(block, "text") for block in blocks] if isinstance(blocks, list) else []
    said = [text for text in texts if isinstance(text, str)]
    return reply_of(
        "".join(said) if said else None,
        get(body, "stop_reason"),
        get(body, "usage", "input_tokens"),
        get(body, "usage", "output_tokens"),
    )


def reply_of(text: object, finish: object, input_tokens: object, output_tokens: object) -> Reply | Failure:
    """Return the reply these parts make, whatever the provider put in their place."""
    reason = _FINISHES.get(finish, finish) if isinstance(finish, str) else "unknown"
    if reason == "content_filter":
        return Failure(FailureKind.CONTENT_FILTER, "the provider withheld its answer")
    if not isinstance(text, str):
        return Failure(FailureKind.SERVER, "the answer holds no text")
    return Reply(text, reason, _count(input_tokens), _count(output_tokens))


def _count(value: object) -> int | None:
    return value if type(value) is int and value >= 0 else None


def get(body: object, *path: str | int) -> Any:
    """Return what lies at `path` in JSON data, None when any part of the way is missing."""
    for step in path:
        if isinstance(step, str):
            body = body.get(step) if isinstance(body, dict) else None
        else:
            body = body[step] if isinstance(body, list) and step < len(body) else None
    return body
