"""Laws of telling: the same story whole or as a stream, by thread or by coroutine, and what a break leaves."""

from __future__ import annotations

import gc
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.llm import replies
from core.llm.completion import Attempt, Reply
from core.llm.errors import (
    AllProvidersFailedError,
    BYOKError,
    NoProviderError,
    RequestRejectedError,
    StreamInterruptedError,
)
from core.llm.failures import LONGEST_RETRY_AFTER, Failure, FailureKind
from core.llm.streaming import AnthropicReader, OpenAIReader
from tests.property_tests.llm.llm_strategies import (
    DEFAULT_MODELS,
    World,
    failing,
    json_values,
    kinds,
    listen,
    priorities,
    providers,
    run_now,
    scripts,
)
from tests.property_tests.llm.llm_wire import ANTHROPIC_EVENTS, OPENAI_EVENTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.llm.byok_handler import BYOKHandler
    from core.llm.streaming import StreamReader

READERS = [OpenAIReader, AnthropicReader]


def read(reader: StreamReader, *events: object) -> list[str]:
    return [reader.feed(f"data: {json.dumps(event)}") for event in events]


# -- four ways to tell one story -----------------------------------------------------------------------------


def whole(handler: BYOKHandler, *asked: Any, **options: Any) -> object:
    return handler.complete(*asked, **options)


def as_coroutine(handler: BYOKHandler, *asked: Any, **options: Any) -> object:
    return run_now(handler.acomplete(*asked, **options))


def as_stream(handler: BYOKHandler, *asked: Any, **options: Any) -> object:
    stream = handler.stream(*asked, **options)
    assert stream.completion is None
    pieces = list(stream)
    assert stream.completion is not None
    assert stream.completion.text == "".join(pieces)
    assert "" not in pieces
    return stream.completion


def as_async_stream(handler: BYOKHandler, *asked: Any, **options: Any) -> object:
    stream = handler.astream(*asked, **options)
    assert stream.completion is None
    pieces = run_now(listen(stream))
    assert stream.completion is not None
    assert stream.completion.text == "".join(pieces)
    assert "" not in pieces
    return stream.completion


WAYS = (whole, as_coroutine, as_stream, as_async_stream)

what_is_asked = st.tuples(
    st.sampled_from(["hi", "why", [{"role": "user", "content": "how"}]]),
    st.sampled_from([None, "gpt-4o", "anthropic/claude-x", "nobodys-model"]),
)
some_options = st.fixed_dictionaries(
    {},
    optional={"max_tokens": st.integers(1, 4096), "timeout": st.integers(1, 86400), "providers": priorities},
)


@given(what_is_asked, some_options, scripts, priorities, st.integers(0, 3), st.sampled_from([0.0, 0.5]))
@example(("hi", None), {}, {"openai": [failing(FailureKind.SERVER)]}, ["openai"], 1, 0.0)  # a pause, each way
def test_a_request_goes_the_same_way_whole_or_streamed_by_thread_or_coroutine(
    asked: tuple[object, str | None],
    options: dict[str, Any],
    script: dict[str, list[Reply | Failure]],
    priority: list[str],
    max_retries: int,
    takes: float,
) -> None:
    """complete, acomplete, stream and astream make the same calls, pauses and entries, and end alike."""
    told = []
    for ask in WAYS:
        world = World(script, call_takes=takes)
        handler = world.handler(priority, max_retries)
        try:
            end: object = ask(handler, *asked, **options)
        except (NoProviderError, AllProvidersFailedError, RequestRejectedError) as error:
            end = (type(error), str(error), getattr(error, "attempts", 0), getattr(error, "retry_after", 0))
        told.append((end, world.calls, world.keys, world.slept, handler.usage(), handler.cooldowns()))
    assert told[1:] == told[:1] * 3


@pytest.mark.parametrize("ask", WAYS)
def test_what_a_request_leaves_out_is_1024_tokens_a_minute_and_the_priority(
    ask: Callable[..., object],
) -> None:
    world = World()
    ask(world.handler(["gemini", "openai"]), "hi")
    (call,) = world.calls
    assert (call.provider, call.model) == ("gemini", DEFAULT_MODELS["gemini"])
    assert (call.max_tokens, call.timeout) == (1024, 60.0)


@pytest.mark.parametrize("ask", WAYS)
def test_an_option_that_nobody_knows_is_refused_by_name(ask: Callable[..., object]) -> None:
    world = World()
    with pytest.raises(TypeError, match="unexpected keyword argument 'temperature'"):
        ask(world.handler(), "hi", temperature=1)
    assert world.calls == []


@given(scripts, priorities, st.integers(0, 3), st.lists(st.integers(1, 3), min_size=4, max_size=4))
def test_no_request_asks_a_provider_more_often_than_it_may(
    script: dict[str, list[Reply | Failure]], priority: list[str], max_retries: int, pool_sizes: list[int]
) -> None:
    """A provider is called once per key and max_retries times more at most, and nobody after an answer."""
    world = World(script, otherwise=failing(FailureKind.SERVER))
    handler = world.handler(priority, max_retries, keys=())
    sizes = dict(zip(priority, pool_sizes, strict=False))
    for provider, size in sizes.items():
        for number in range(size):
            handler.add_api_key(provider, f"key-{number}-of-{provider}")
    try:
        handler.complete("hi")
    except BYOKError as error:
        attempts: tuple[Attempt, ...] = getattr(error, "attempts", ())
        assert all(attempt.failure for attempt in attempts)
        assert len(attempts) == len(world.calls)
    for provider in priority:
        assert world.asked.count(provider) <= sizes[provider] + max_retries
    assert sum(world.slept) <= 60


@given(st.text(min_size=1), kinds, st.booleans(), priorities)
def test_a_stream_that_breaks_after_its_first_words_ends_there(
    partial: str, kind: FailureKind, in_coroutine: bool, priority: list[str]
) -> None:
    """After the first piece nobody else is asked: the error holds what arrived, and it is paid for."""
    world = World(otherwise=failing(kind, message="snap"), partial=partial)
    handler = world.handler(priority)
    pieces: list[str] = []
    first = priority[0]

    def hear() -> None:
        stream = handler.stream("hi", max_tokens=50)
        for piece in stream:
            pieces.append(piece)  # noqa: PERF402  # what came before the error is the point
        raise AssertionError("it did not break")

    async def hear_in_coroutine() -> None:
        async for piece in handler.astream("hi", max_tokens=50):
            pieces.append(piece)  # noqa: PERF401
        raise AssertionError("it did not break")

    with pytest.raises(StreamInterruptedError) as caught:
        run_now(hear_in_coroutine()) if in_coroutine else hear()
    assert "".join(pieces) == caught.value.partial == partial
    assert world.asked == [first]
    model = DEFAULT_MODELS[first]
    assert caught.value.attempts == (Attempt(first, model, 0.0, kind, 400, "snap"),)
    assert str(caught.value) == f"{first}/{model} broke off its answer ({kind}): snap"
    used = handler.usage()[first, model]
    assert (used.requests, used.failures) == (1, 1)
    assert used.output_tokens == handler.count_tokens(partial, f"{first}/{model}")
    assert used.cost == handler.calculate_cost(used.input_tokens, used.output_tokens, first)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


@given(st.integers(1, 4), st.booleans(), st.booleans())
def test_a_listener_may_leave_at_any_word(heard: int, in_coroutine: bool, collected: bool) -> None:
    """Closing a stream hangs up, gives its reservation back, and what has come so far counts as used."""
    world = World()
    handler = world.handler(["openai"], budget=1)

    def hear() -> None:
        with handler.stream("hi", "gpt-4o") as stream:
            assert [next(stream) for _ in range(heard)] == list("hello")[:heard]
            if collected:
                return
            stream.close()
            assert list(stream) == []
        assert stream.completion is None

    async def hear_in_coroutine() -> None:
        async with handler.astream("hi", "gpt-4o") as stream:
            assert [await anext(stream) for _ in range(heard)] == list("hello")[:heard]
            if collected:
                return
            await stream.aclose()
            assert [piece async for piece in stream] == []
        assert stream.completion is None

    run_now(hear_in_coroutine()) if in_coroutine else hear()
    assert world.hung_up == 1
    used = handler.usage()["openai", "gpt-4o"]
    assert used.output_tokens == handler.count_tokens("hello"[:heard], "gpt-4o")
    assert (used.requests, used.failures) == (1, 1)
    assert handler.budget_left == 1 - used.cost


def test_a_forgotten_stream_gives_its_reservation_back() -> None:
    handler = World().handler(["openai"], budget=1)
    stream = handler.stream("hi")
    next(stream)
    before = handler.budget_left
    del stream
    gc.collect()
    after = handler.budget_left
    assert before is not None
    assert after is not None
    assert before < after < 1


def test_a_stream_asks_nobody_before_it_is_read_but_checks_its_arguments_at_once() -> None:
    world = World()
    handler = world.handler()
    handler.stream("hi")
    handler.astream("hi")
    assert world.calls == []
    for ask in (handler.stream, handler.astream):
        with pytest.raises(ValueError, match="the prompt must not be blank"):
            ask(" ")


# -- what a provider streams ---------------------------------------------------------------------------------


@given(st.lists(st.text()), st.sampled_from(["stop", "length"]), st.integers(0), st.integers(0))
def test_an_openai_stream_is_its_deltas_joined(
    texts: list[str], finish: str, used_in: int, used_out: int
) -> None:
    """Each chunk's text comes at once; reason and counts come from where they were last said."""
    reader = OpenAIReader()
    deltas = [{"choices": [{"delta": {"content": text}, "finish_reason": None}]} for text in texts]
    assert read(reader, *deltas) == texts
    usage = {"prompt_tokens": used_in, "completion_tokens": used_out}
    assert read(
        reader, {"choices": [{"delta": {}, "finish_reason": finish}]}, {"choices": [], "usage": usage}
    ) == [
        "",
        "",
    ]
    assert reader.feed("data: [DONE]") == ""
    assert reader.outcome() == Reply("".join(texts), finish, used_in, used_out)


@given(st.lists(st.text()), st.integers(0), st.integers(0), st.integers(0))
def test_an_anthropic_stream_is_its_deltas_joined(
    texts: list[str], used_in: int, early: int, used_out: int
) -> None:
    """Each delta's text comes at once; the input's tokens come first and the output's last."""
    reader = AnthropicReader()
    start = {"type": "message_start", "message": {"usage": {"input_tokens": used_in, "output_tokens": early}}}
    deltas = [
        {"type": "content_block_delta", "delta": {"type": "text_delta", "text": text}} for text in texts
    ]
    end = {
        "type": "message_delta",
        "delta": {"stop_reason": "end_turn"},
        "usage": {"output_tokens": used_out},
    }
    assert read(reader, start, *deltas, end, {"type": "message_stop"}) == ["", *texts, "", ""]
    assert reader.outcome() == Reply("".join(texts), "stop", used_in, used_out)


@given(st.integers(0, 7), st.booleans())
def test_a_stream_without_its_reason_to_stop_is_broken(kept: int, anthropic: bool) -> None:
    """However a stream ends before it said why it stops, it is a failure, and never a shorter answer."""
    reader: StreamReader = AnthropicReader() if anthropic else OpenAIReader()
    events = ANTHROPIC_EVENTS if anthropic else OPENAI_EVENTS
    finishing = 7 if anthropic else 4
    read(reader, *events[:kept])
    outcome = reader.outcome()
    if kept < finishing:
        assert outcome == Failure(FailureKind.CONNECTION, "the stream ended before the answer did")
    else:
        assert isinstance(outcome, Reply)


@pytest.mark.parametrize("make", READERS)
@pytest.mark.parametrize(
    ("error", "failure"),
    [
        ({"type": "overloaded_error", "message": "full"}, Failure(FailureKind.SERVER, "full", 500)),
        ({"type": "api_error", "message": "oops"}, Failure(FailureKind.SERVER, "oops", 500)),
        ({"type": "rate_limit_error", "message": "slow"}, Failure(FailureKind.RATE_LIMITED, "slow", 429)),
        ({"type": "insufficient_quota", "message": "pay"}, Failure(FailureKind.QUOTA_EXHAUSTED, "pay", 429)),
        ({"type": "billing_error", "message": "pay"}, Failure(FailureKind.QUOTA_EXHAUSTED, "pay", 402)),
        ({"type": "authentication_error", "message": "who"}, Failure(FailureKind.AUTH, "who", 401)),
        ({"type": "permission_error", "message": "no"}, Failure(FailureKind.AUTH, "no", 403)),
        ({"type": "not_found_error", "message": "what"}, Failure(FailureKind.MODEL_NOT_FOUND, "what", 404)),
        ({"type": "request_too_large", "message": "big"}, Failure(FailureKind.BAD_REQUEST, "big", 413)),
        (
            {"type": "invalid_request_error", "message": "prompt is too long"},
            Failure(FailureKind.CONTEXT_LENGTH, "prompt is too long", 400),
        ),
        (
            {"type": "rate_limit_error", "message": "slow", "retryDelay": "7s"},
            Failure(FailureKind.RATE_LIMITED, "slow", 429, 7.0),
        ),
        (
            {"type": "rate_limit_error", "message": "slow", "retryDelay": "99999999s"},
            Failure(FailureKind.RATE_LIMITED, "slow", 429, LONGEST_RETRY_AFTER),
        ),
    ],
)
def test_an_error_inside_a_stream_is_the_failure_it_names(
    make: type[StreamReader], error: dict[str, str], failure: Failure
) -> None:
    reader = make()
    ok: dict[str, Any] = {"choices": [{"delta": {"content": "x"}}], "delta": {"text": "x"}}
    finish = {"choices": [{"finish_reason": "stop"}], "delta": {"stop_reason": "stop"}}
    assert read(reader, ok, {"type": "error", "error": error}, ok, finish) == ["x", "", "", ""]
    assert reader.outcome() == failure


@given(st.lists(st.one_of(json_values, st.text()), max_size=5), st.sampled_from(READERS))
def test_a_reader_survives_whatever_a_server_sends(events: list[object], make: type[StreamReader]) -> None:
    """Any lines give text and an outcome, never an exception; what is no event brings nothing."""
    reader = make()
    for event in events:
        assert isinstance(reader.feed(f"data: {json.dumps(event)}"), str)
        assert reader.feed(f"data: {event!r}x") == ""
    assert isinstance(reader.outcome(), (Reply, Failure))


@pytest.mark.parametrize("make", READERS)
def test_only_data_lines_are_read(make: type[StreamReader]) -> None:
    reader = make()
    data = json.dumps({"choices": [{"delta": {"content": "x"}}], "delta": {"text": "x"}})
    for line in (
        "",
        ": ping",
        "event: message",
        data,
        f"id:{data}",
        f"Data: {data}",
        "data",
        "data:",
        "data: [",
    ):
        assert reader.feed(line) == ""
    assert reader.feed(f"data:{data}") == "x"
    assert reader.feed(f"data:  {data} ") == "x"
    assert reader.feed("data: " + "[" * 100_000) == ""


@given(st.integers(0), st.integers(0))
def test_later_counts_replace_earlier_ones_and_gaps_replace_nothing(first: int, last: int) -> None:
    """Of counts that come several times the last is true; an event without counts takes none away."""
    openai, anthropic = OpenAIReader(), AnthropicReader()
    for count in (first, last):
        read(
            openai,
            {
                "choices": [{"finish_reason": "stop"}],
                "usage": {"prompt_tokens": count, "completion_tokens": count},
            },
        )
        read(anthropic, {"message": {"usage": {"input_tokens": count}}, "usage": {"output_tokens": count}})
    read(openai, {"choices": [], "usage": None})
    read(anthropic, {"delta": {"stop_reason": "end_turn"}})
    assert openai.outcome() == Reply("", "stop", last, last)
    assert anthropic.outcome() == Reply("", "stop", last, last)


def test_a_stream_that_a_filter_stops_is_withheld() -> None:
    reader = OpenAIReader()
    read(reader, {"choices": [{"delta": {"content": "h"}, "finish_reason": "content_filter"}]})
    assert reader.outcome() == Failure(FailureKind.CONTENT_FILTER, "the provider withheld its answer")
    assert replies.reply_of("hi", "stop", None, None) == Reply("hi", "stop")


@given(providers)
def test_a_stream_falls_back_before_its_first_word(first: str) -> None:
    """A stream that fails before any text goes on like any request, retries and rests included."""
    world = World({first: [failing(FailureKind.RATE_LIMITED)]})
    handler = world.handler([first, *(p for p in DEFAULT_MODELS if p != first)])
    stream = handler.stream("hi")
    assert "".join(stream) == "hello"
    assert stream.completion is not None
    assert [attempt.failure for attempt in stream.completion.attempts] == [FailureKind.RATE_LIMITED, None]
    assert not handler.is_available(first)
