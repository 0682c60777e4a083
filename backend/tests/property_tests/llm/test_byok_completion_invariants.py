"""Laws of a completion: what goes out as it was made, and what is told of what came back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.llm.completion import Attempt, Completion, Reply
from core.llm.failures import FailureKind
from core.llm.request import Message
from tests.property_tests.llm.llm_strategies import (
    World,
    eighths,
    failing,
    few,
    key_of,
    refusal,
)

SERVER_DOWN = failing(FailureKind.SERVER)

turns = st.lists(
    st.fixed_dictionaries({"role": st.sampled_from(["system", "user", "assistant"]), "content": st.text()})
).map(lambda messages: [*messages, {"role": "user", "content": "why"}])


@few
@given(turns, st.integers(1, 10**6), st.floats(0.001, 86400), st.sampled_from([list, tuple]))
def test_the_request_arrives_as_it_was_made(
    messages: list[dict[str, str]], max_tokens: int, timeout: float, shape: type[list[dict[str, str]]]
) -> None:
    """The provider receives the turns, the limit, the timeout and the bare model exactly as given."""
    world = World()
    world.handler().complete(shape(messages), " Anthropic/claude-X ", max_tokens=max_tokens, timeout=timeout)
    (call,) = world.calls
    assert [{"role": turn.role, "content": turn.content} for turn in call.messages] == messages
    assert (call.provider, call.model) == ("anthropic", "claude-X")
    assert (call.max_tokens, call.timeout) == (max_tokens, timeout)
    assert world.keys == [key_of("anthropic")]


def test_what_is_no_unicode_arrives_as_the_replacement_character() -> None:
    world = World()
    handler = world.handler()
    handler.complete("a\ud800b")
    handler.complete([{"role": "system", "content": "\udfff"}, {"role": "user", "content": "ok"}])
    said = [[turn.content for turn in call.messages] for call in world.calls]
    assert said == [["a\ufffdb"], ["\ufffd", "ok"]]


def test_a_prompt_is_one_user_turn() -> None:
    world = World()
    world.handler().complete(" hi ")
    assert world.calls[0].messages == (Message("user", " hi "),)


@given(st.text(), st.integers(0, 10**6), st.integers(0, 10**6), st.sampled_from(["stop", "length"]), eighths)
def test_the_completion_tells_what_came_back(
    text: str, input_tokens: int, output_tokens: int, finish: str, takes: float
) -> None:
    """A completion holds the reply, its price, and the one attempt that made it."""
    world = World(otherwise=Reply(text, finish, input_tokens, output_tokens), call_takes=takes)
    handler = world.handler()
    assert handler.complete("hi", "gpt-4o") == Completion(
        text=text,
        provider="openai",
        model="gpt-4o",
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        tokens_estimated=False,
        cost=handler.calculate_cost(input_tokens, output_tokens, "openai", "gpt-4o"),
        finish_reason=finish,
        attempts=(Attempt("openai", "gpt-4o", takes),),
        elapsed=takes,
    )


def test_elapsed_counts_every_call_and_every_wait() -> None:
    world = World({"openai": [SERVER_DOWN, SERVER_DOWN]}, call_takes=2.0)
    answer = world.handler().complete("hi")
    assert [attempt.elapsed for attempt in answer.attempts] == [2.0, 2.0, 2.0]
    assert answer.elapsed == 2.0 + 0.5 + 2.0 + 1.0 + 2.0


@given(st.text(min_size=1).filter(lambda text: bool(text.strip())), st.text())
def test_counts_a_provider_leaves_out_are_estimated(prompt: str, text: str) -> None:
    """Without reported counts, a completion holds the handler's own, with four tokens around each message
    and three for the reply; and it says so."""
    handler = World(otherwise=Reply(text, "stop")).handler()
    answer = handler.complete(prompt, "gpt-4o")
    assert answer.input_tokens == handler.count_tokens(prompt, "gpt-4o") + 4 + 3
    assert answer.output_tokens == handler.count_tokens(text, "gpt-4o")
    assert answer.tokens_estimated
    assert answer.cost == handler.calculate_cost(
        answer.input_tokens, answer.output_tokens, "openai", "gpt-4o"
    )


@pytest.mark.parametrize(("reported_in", "reported_out"), [(5, None), (None, 5), (None, None), (5, 5)])
def test_tokens_are_called_estimated_when_either_count_is_our_own(
    reported_in: int | None, reported_out: int | None
) -> None:
    answer = World(otherwise=Reply("hello", "stop", reported_in, reported_out)).handler().complete("hi")
    assert answer.tokens_estimated is (None in (reported_in, reported_out))


def test_counts_of_zero_are_reports_and_not_gaps() -> None:
    answer = World(otherwise=Reply("hello", "stop", 0, 0)).handler().complete("hi")
    assert (answer.input_tokens, answer.output_tokens, answer.cost) == (0, 0, Decimal(0))


def test_an_answer_of_unknown_price_is_kept() -> None:
    answer = World().handler().complete("hi", "gpt-99")
    assert (answer.text, answer.cost) == ("hello", None)


@pytest.mark.parametrize(
    ("messages", "error", "message"),
    [
        ("  ", ValueError, "the prompt must not be blank"),
        ([], ValueError, "messages must hold at least one message that is not a system message"),
        (
            [{"role": "system", "content": "be brief"}],
            ValueError,
            "messages must hold at least one message that is not a system message",
        ),
        (None, TypeError, "messages must be a str or a list of messages, not NoneType"),
        ({"role": "user"}, TypeError, "messages must be a str or a list of messages, not dict"),
        (["hi"], TypeError, "message 0 must be a dict of exactly role and content"),
        ([{"role": "user"}], TypeError, "message 0 must be a dict of exactly role and content"),
        (
            [{"role": "user", "content": "", "name": "x"}],
            TypeError,
            "message 0 must be a dict of exactly role and content",
        ),
        (
            [{"role": "user", "content": "hi"}, {"role": "tool", "content": "hi"}],
            ValueError,
            "message 1 has the role 'tool': choose one of system, user, assistant",
        ),
        ([{"role": "user", "content": 5}], TypeError, "the content of message 0 must be a str, not int"),
    ],
)
def test_messages_of_the_wrong_shape_are_refused(messages: Any, error: type[Exception], message: str) -> None:
    world = World()
    assert refusal(error, lambda: world.handler().complete(messages)) == message
    assert world.calls == []


@given(st.one_of(st.floats(max_value=0), st.floats(86400.5, allow_nan=False), st.just(float("nan"))))
def test_timeouts_out_of_range_are_refused(timeout: float) -> None:
    """A timeout is above zero and at most a day."""
    message = refusal(ValueError, lambda: World().handler().complete("hi", timeout=timeout))
    assert message == f"timeout must be above 0 and at most 86400 seconds, not {timeout}"


def test_a_timeout_may_be_a_day() -> None:
    world = World()
    world.handler().complete("hi", timeout=86400)
    assert world.calls[0].timeout == 86400


@given(st.one_of(st.booleans(), st.text(), st.none()))
def test_timeouts_that_are_no_numbers_are_refused(timeout: Any) -> None:
    """A timeout is an int or a float."""
    message = refusal(TypeError, lambda: World().handler().complete("hi", timeout=timeout))
    assert message == f"timeout must be a number of seconds, not {timeout!r}"


def test_closing_a_handler_closes_its_transport() -> None:
    world = World()
    world.handler().close()
    assert world.closed == 1
