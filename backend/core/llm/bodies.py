"""Bodies: a call as the JSON each dialect wants. No sampling parameters, since not every model takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.llm.request import Call, Message

Body = dict[str, Any]


def openai_body(call: Call, *, stream: bool) -> Body:
    """Return the body of a chat completion."""
    body: Body = {
        "model": call.model,
        "messages": [_turn(turn) for turn in call.messages],
        call.spec.limit_field: call.max_tokens,
    }
    if stream:
        body["stream"] = True
        if call.spec.stream_usage:
            body["stream_options"] = {"include_usage": True}
    return body


def anthropic_body(call: Call, *, stream: bool) -> Body:
    """Return the body of an Anthropic message: the system text stands apart from the turns."""
    body: Body = {
        "model": call.model,
        "messages": [_turn(turn) for turn in call.messages if turn.role != "system"],
        "max_tokens": call.max_tokens,
    }
    system = "\n\n".join(turn.content for turn in call.messages if turn.role == "system")
    if system:
        body["system"] = system
    if stream:
        body["stream"] = True
    return body


def _turn(turn: Message) -> dict[str, str]:
    return {"role": turn.role, "content": turn.content}
