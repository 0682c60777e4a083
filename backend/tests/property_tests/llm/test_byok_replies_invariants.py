"""Laws of replies: an answer is read whole, and one of no known shape is a failure."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.llm import replies
from core.llm.completion import Reply
from core.llm.failures import (
    Failure,
    FailureKind,
)
from tests.property_tests.llm.llm_strategies import json_values


@given(json_values)
def test_any_json_is_a_reply_or_a_failure(body: object) -> None:
    """An answer of no known shape is a failure of the server, never an exception."""
    for read in (replies.read_openai, replies.read_anthropic):
        outcome = read(body)
        assert isinstance(outcome, (Reply, Failure))
        if isinstance(outcome, Failure):
            assert outcome.kind in {FailureKind.SERVER, FailureKind.CONTENT_FILTER}


@given(st.text(), st.sampled_from(["stop", "length", "tool_calls", "new"]), st.integers(0), st.integers(0))
def test_an_openai_answer_is_read_whole(text: str, finish: str, used_in: int, used_out: int) -> None:
    """Text, finish and token counts of a chat completion arrive unchanged."""
    choice = {"message": {"content": text, "refusal": None}, "finish_reason": finish}
    usage = {"prompt_tokens": used_in, "completion_tokens": used_out}
    assert replies.read_openai({"choices": [choice, {}], "usage": usage}) == Reply(
        text, finish, used_in, used_out
    )
    assert replies.read_openai({"choices": [choice]}) == Reply(text, finish, None, None)


@given(st.lists(st.text(), min_size=1), st.integers(0), st.integers(0))
def test_an_anthropic_answer_is_read_whole(texts: list[str], used_in: int, used_out: int) -> None:
    """The text blocks of a message are joined, whatever stands between them, and its counts arrive unchanged."""
    blocks: list[dict[str, object]] = [{"type": "text", "text": text} for text in texts]
    blocks.insert(0, {"type": "thinking", "thinking": "hm"})
    usage = {"input_tokens": used_in, "output_tokens": used_out}
    body = {"content": blocks, "stop_reason": "end_turn", "usage": usage}
    assert replies.read_anthropic(body) == Reply("".join(texts), "stop", used_in, used_out)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("end_turn", "stop"),
        ("stop_sequence", "stop"),
        ("max_tokens", "length"),
        ("model_context_window_exceeded", "length"),
        ("tool_use", "tool_calls"),
        ("pause_turn", "pause_turn"),
        (None, "unknown"),
        (7, "unknown"),
    ],
)
def test_anthropics_reasons_to_stop_are_said_in_openais_words(said: object, reason: str) -> None:
    body = {"content": [{"type": "text", "text": "hi"}], "stop_reason": said}
    assert replies.read_anthropic(body) == Reply("hi", reason, None, None)


@pytest.mark.parametrize(
    ("read", "body", "failure"),
    [
        (replies.read_openai, "<html>", Failure(FailureKind.SERVER, "the answer holds no text")),
        (replies.read_openai, {"choices": []}, Failure(FailureKind.SERVER, "the answer holds no text")),
        (
            replies.read_openai,
            {"choices": [{"message": {"content": None}}]},
            Failure(FailureKind.SERVER, "the answer holds no text"),
        ),
        (
            replies.read_openai,
            {"choices": [{"message": {"content": None, "refusal": "I will not"}}]},
            Failure(FailureKind.CONTENT_FILTER, "I will not"),
        ),
        (
            replies.read_openai,
            {"choices": [{"message": {"content": "hal"}, "finish_reason": "content_filter"}]},
            Failure(FailureKind.CONTENT_FILTER, "the provider withheld its answer"),
        ),
        (replies.read_anthropic, {"content": []}, Failure(FailureKind.SERVER, "the answer holds no text")),
        (replies.read_anthropic, {"content": "hi"}, Failure(FailureKind.SERVER, "the answer holds no text")),
        (
            replies.read_anthropic,
            {"content": [], "stop_reason": "refusal"},
            Failure(FailureKind.CONTENT_FILTER, "the provider withheld its answer"),
        ),
    ],
)
def test_an_answer_without_text_is_a_failure(read: Any, body: object, failure: Failure) -> None:
    assert read(body) == failure


@given(st.one_of(st.booleans(), st.integers(max_value=-1), st.floats(allow_nan=False), st.text(), st.none()))
def test_counts_that_make_no_sense_are_left_out(count: object) -> None:
    """A token count that is no whole number of at least zero is as good as none."""
    openai = {
        "choices": [{"message": {"content": "hi"}}],
        "usage": {"prompt_tokens": count, "completion_tokens": 1},
    }
    assert replies.read_openai(openai) == Reply("hi", "unknown", None, 1)
    anthropic = {"content": [{"text": "hi"}], "usage": {"input_tokens": 1, "output_tokens": count}}
    assert replies.read_anthropic(anthropic) == Reply("hi", "unknown", 1, None)
