"""Streams and coroutines over a real HTTP connection: text as it comes, and every way a stream can break."""

from __future__ import annotations

import asyncio
import ssl
import threading
from typing import TYPE_CHECKING, Any

import pytest

from core.llm.completion import Reply
from core.llm.errors import AllProvidersFailedError, StreamInterruptedError
from core.llm.failures import Failure, FailureKind
from core.llm.transport import SdkTransport
from tests.property_tests.llm.llm_strategies import World, key_of, listen
from tests.property_tests.llm.llm_wire import (
    EVENTS,
    KEY,
    PATHS,
    SILENCE,
    TEXT_BEGUN,
    Provider,
    Stream,
    a_call,
)

if TYPE_CHECKING:
    from core.llm.request import Call

    Item = str | Reply | Failure

WHOLE = Reply("hello", "stop", 10, 20)
BROKEN = FailureKind.CONNECTION


async def items_of(transport: SdkTransport, call: Call) -> list[Item]:
    return [item async for item in transport.astream(call, KEY)]


def both(transport: SdkTransport, call: Call) -> list[list[Item]]:
    """Return what a stream yields to a thread and to a coroutine, empty pieces left out."""
    told = [list(transport.stream(call, KEY)), asyncio.run(items_of(transport, call))]
    return [[item for item in items if item != ""] for items in told]


@pytest.mark.parametrize("provider", PATHS)
def test_a_streams_text_comes_piece_by_piece_from_every_provider(
    server: Provider, transport: SdkTransport, provider: str
) -> None:
    assert both(transport, a_call(provider)) == [["hel", "lo", WHOLE]] * 2
    assert server.paths() == [PATHS[provider]] * 2
    for seen in server.seen:
        assert seen.body["stream"] is True
        usage = None if provider == "anthropic" else {"include_usage": True}
        assert seen.body.get("stream_options") == usage
        assert seen.headers["authorization"] == "Bearer test-key-0123456789"


@pytest.mark.parametrize("provider", PATHS)
def test_a_coroutine_gets_the_whole_answer_of_every_provider(
    server: Provider, transport: SdkTransport, provider: str
) -> None:
    assert asyncio.run(transport.asend(a_call(provider), KEY)) == WHOLE
    assert server.paths() == [PATHS[provider]]
    assert "stream" not in server.seen[0].body


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
@pytest.mark.parametrize("ending", ["closed", "cut", "silent"])
def test_a_stream_that_breaks_in_the_middle_yields_its_text_and_then_a_failure(
    server: Provider, transport: SdkTransport, provider: str, ending: str
) -> None:
    server.script += [Stream(EVENTS[provider][: TEXT_BEGUN[provider]], ending)] * 2
    for items in both(transport, a_call(provider, timeout=1.0 if ending == "silent" else 60.0)):
        assert items[:-1] == ["hel", "lo"]
        assert isinstance(items[-1], Failure)
        assert items[-1].kind is (FailureKind.TIMEOUT if ending == "silent" else BROKEN)


@pytest.mark.parametrize("provider", ["openai", "anthropic", "gemini"])
def test_an_error_before_or_inside_a_stream_is_its_outcome(
    server: Provider, transport: SdkTransport, provider: str
) -> None:
    for _ in range(2):
        server.say(429, {"error": {"message": "slow down"}}, retry_after="7")
    slow = Failure(FailureKind.RATE_LIMITED, "slow down", 429, 7.0)
    assert both(transport, a_call(provider)) == [[slow]] * 2
    full = {"type": "error", "error": {"type": "overloaded_error", "message": "full"}}
    server.script += [Stream([*EVENTS[provider][: TEXT_BEGUN[provider]], full])] * 2
    overloaded = Failure(FailureKind.SERVER, "full", 500)
    assert both(transport, a_call(provider)) == [["hel", "lo", overloaded]] * 2


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_a_coroutine_gets_failures_as_outcomes(
    server: Provider, transport: SdkTransport, provider: str
) -> None:
    server.say(503, {"error": {"message": "busy"}})
    busy = Failure(FailureKind.SERVER, "busy", 503)
    assert asyncio.run(transport.asend(a_call(provider), KEY)) == busy
    server.script.append(SILENCE)
    late = Failure(FailureKind.TIMEOUT, "no answer within 0.05 s")
    assert asyncio.run(transport.asend(a_call(provider, timeout=0.05), KEY)) == late
    server.wait_for(2)
    assert len(server.seen) == 2


def test_a_body_cut_short_is_a_connection_failure(server: Provider, transport: SdkTransport) -> None:
    server.say(200, b"{}", content_length="99", connection="close")
    gone = Failure(BROKEN, "openai could not be reached, or broke off")
    assert transport.send(a_call("openai"), KEY) == gone


def test_coroutines_in_one_loop_after_another_need_no_closing(
    server: Provider, transport: SdkTransport
) -> None:
    async def several() -> list[Reply | Failure]:
        return await asyncio.gather(*(transport.asend(a_call(provider), KEY) for provider in PATHS))

    assert asyncio.run(several()) == [WHOLE] * 4
    assert asyncio.run(several()) == [WHOLE] * 4
    assert sorted(server.paths()) == sorted([*PATHS.values()] * 2)


def test_coroutines_share_one_list_of_trusted_authorities() -> None:
    transport = SdkTransport()
    one, other = transport._one_off(), transport._one_off()
    trust = transport._trust
    assert isinstance(trust, ssl.SSLContext)
    assert trust.verify_mode is ssl.CERT_REQUIRED
    for client in (one, other):
        pool: Any = client._transport
        assert pool._pool._ssl_context is trust


# -- the handler over the wire -------------------------------------------------------------------------------


def test_a_stream_falls_back_over_the_wire_until_its_first_words(
    server: Provider, transport: SdkTransport
) -> None:
    handler = World().handler(["openai", "anthropic", "gemini"], 0, transport=transport, budget=1)
    server.say(429, {"error": {"message": "slow down"}}, retry_after="30")
    server.script.append(Stream(EVENTS["anthropic"][:3], "cut"))
    stream = handler.stream("hi")
    assert list(stream) == ["hel", "lo"]
    assert stream.completion is not None
    assert (stream.completion.provider, stream.completion.output_tokens) == ("gemini", 20)
    assert [a.failure for a in stream.completion.attempts] == [FailureKind.RATE_LIMITED, BROKEN, None]
    assert handler.budget_left == 1 - (stream.completion.cost or 0)
    server.script.append(Stream(EVENTS["gemini"][:2], "cut"))
    with pytest.raises(StreamInterruptedError) as caught:
        asyncio.run(listen(handler.astream("hi", "gemini-2.5-flash")))
    assert caught.value.partial == "hel"
    assert [a.provider for a in caught.value.attempts] == ["gemini"]
    assert server.paths() == [PATHS[p] for p in ("openai", "anthropic", "gemini", "gemini")]


def test_a_listener_that_leaves_hangs_up(server: Provider, transport: SdkTransport) -> None:
    handler = World().handler(["openai"], transport=transport)
    server.script.append(Stream(EVENTS["openai"][:3], "silent"))
    with handler.stream("hi") as stream:
        assert next(stream) == "hel"
    assert handler.usage()["openai", "gpt-5-mini"].requests == 1
    assert handler.complete("hi").text == "hello"


def test_a_cancelled_task_gives_its_reservation_back(server: Provider, transport: SdkTransport) -> None:
    handler = World().handler(["openai"], transport=transport, budget=1)
    server.script.append(SILENCE)

    async def impatient() -> None:
        task = asyncio.create_task(handler.acomplete("hi"))
        while not server.seen and not task.done():  # noqa: ASYNC110  # a thread and a task: no one event tells
            await asyncio.sleep(0.01)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(impatient())
    assert handler.budget_left == 1


def test_nothing_a_bad_key_provokes_shows_it(
    server: Provider, transport: SdkTransport, caplog: pytest.LogCaptureFixture
) -> None:
    """No log of any library at any level, and no error, holds a key that providers refuse and quote."""
    caplog.set_level(0)
    handler = World().handler(["openai", "anthropic"], transport=transport)
    for provider in ("openai", "anthropic") * 2:
        server.say(401, {"error": {"message": f"Incorrect API key provided: {key_of(provider)}"}})
    with pytest.raises(AllProvidersFailedError) as caught:
        handler.complete("hi")
    handler.reset()
    with pytest.raises(AllProvidersFailedError) as again:
        asyncio.run(listen(handler.astream("hi")))
    seen = [str(caught.value), str(again.value), repr(caught.value.attempts), caplog.text]
    seen += [repr(vars(record)) for record in caplog.records]
    assert caplog.records
    for provider in ("openai", "anthropic"):
        assert not [text for text in seen if key_of(provider) in text]


def test_threads_stream_side_by_side(server: Provider, transport: SdkTransport) -> None:
    handler = World().handler(["openai"], transport=transport, budget=1, rate_limit=8)
    texts: list[str] = []
    threads = [threading.Thread(target=lambda: texts.append("".join(handler.stream("hi")))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert texts == ["hello"] * 8
    assert handler.usage()["openai", "gpt-5-mini"].requests == 8
    assert handler.remaining_requests == 0
