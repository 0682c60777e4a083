"""The real SDKs against a real HTTP server on this machine: what goes over the wire, and what comes of answers."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from typing import Any

import anthropic  # noqa: F401  # imported here once, so that no test pays for it
import httpx2
import openai  # noqa: F401
import pytest

import core.llm
from core.llm.bodies import openai_body
from core.llm.catalogue import ProviderSpec
from core.llm.completion import Reply
from core.llm.errors import AllProvidersFailedError, RequestRejectedError
from core.llm.failures import Failure, FailureKind
from core.llm.transport import SdkTransport
from tests.property_tests.llm.llm_strategies import NOON, World, key_of, refusal
from tests.property_tests.llm.llm_wire import KEY, PATHS, SILENCE, Provider, a_call

TURNS = (
    ("system", "be brief"),
    ("user", "hi"),
    ("assistant", "yes?"),
    ("system", "in French"),
    ("user", "why"),
)


@pytest.mark.parametrize(
    ("provider", "limit_field"),
    [("openai", "max_completion_tokens"), ("deepseek", "max_tokens"), ("gemini", "max_tokens")],
)
def test_an_openai_request_is_one_post_with_key_turns_and_limit(
    server: Provider, transport: SdkTransport, provider: str, limit_field: str
) -> None:
    assert transport.send(a_call(provider, *TURNS), KEY) == Reply("hello", "stop", 10, 20)
    (seen,) = server.seen
    assert seen.path == PATHS[provider]
    assert seen.headers["authorization"] == "Bearer test-key-0123456789"
    assert seen.body == {
        "model": "some-model",
        "messages": [{"role": role, "content": content} for role, content in TURNS],
        limit_field: 77,
    }


def test_an_anthropic_request_holds_the_system_text_apart(server: Provider, transport: SdkTransport) -> None:
    assert transport.send(a_call("anthropic", *TURNS), KEY) == Reply("hello", "stop", 10, 20)
    (seen,) = server.seen
    assert seen.path == PATHS["anthropic"]
    assert seen.headers["authorization"] == "Bearer test-key-0123456789"
    assert "anthropic-version" in seen.headers
    assert seen.body == {
        "model": "some-model",
        "system": "be brief\n\nin French",
        "messages": [{"role": role, "content": content} for role, content in TURNS if role != "system"],
        "max_tokens": 77,
    }


def test_an_anthropic_request_without_system_text_has_no_such_field(
    server: Provider, transport: SdkTransport
) -> None:
    transport.send(a_call("anthropic"), KEY)
    assert set(server.seen[0].body) == {"model", "messages", "max_tokens"}


def test_the_users_openai_organization_is_told_to_openai_alone(
    server: Provider, transport: SdkTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org-1")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "project-1")
    for provider in ("openai", "deepseek", "gemini"):
        transport.send(a_call(provider), KEY)
    told = [(s.headers.get("openai-organization"), s.headers.get("openai-project")) for s in server.seen]
    assert told == [("org-1", "project-1"), (None, None), (None, None)]


@pytest.mark.parametrize(
    ("provider", "url"),
    [
        ("openai", "https://api.openai.com/v1/chat/completions"),
        ("anthropic", "https://api.anthropic.com/v1/messages"),
        ("deepseek", "https://api.deepseek.com/chat/completions"),
        ("gemini", "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions"),
    ],
)
def test_each_provider_is_reached_at_its_own_address(
    monkeypatch: pytest.MonkeyPatch, provider: str, url: str
) -> None:
    for variable in ("OPENAI_BASE_URL", "ANTHROPIC_BASE_URL"):
        monkeypatch.setenv(variable, "https://elsewhere.example")
    reached: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        reached.append(str(request.url))
        return httpx2.Response(404, json={"error": {"message": "nobody here"}})

    transport = SdkTransport()
    transport._pool = httpx2.Client(transport=httpx2.MockTransport(answer))
    outcome = transport.send(a_call(provider), KEY)
    assert outcome == Failure(FailureKind.MODEL_NOT_FOUND, "nobody here", 404)
    assert reached == [url]


@pytest.mark.parametrize("provider", ["openai", "anthropic", "gemini"])
@pytest.mark.parametrize(
    ("status", "headers", "body", "failure"),
    [
        (
            429,
            {"retry_after": "7"},
            {"error": {"message": "slow down"}},
            Failure(FailureKind.RATE_LIMITED, "slow down", 429, 7.0),
        ),
        (
            429,
            {"retry_after": "Sun, 22 Nov 2026 12:01:30 GMT"},
            {"error": {"code": "insufficient_quota", "message": "pay"}},
            Failure(FailureKind.QUOTA_EXHAUSTED, "pay", 429, 90.0),
        ),
        (
            429,
            {},
            [{"error": {"message": "slow down", "details": [{"retryDelay": "34s"}]}}],
            Failure(FailureKind.RATE_LIMITED, "slow down", 429, 34.0),
        ),
        (401, {}, {"error": {"message": "bad key"}}, Failure(FailureKind.AUTH, "bad key", 401)),
        (
            529,
            {},
            {"error": {"type": "overloaded_error", "message": "full"}},
            Failure(FailureKind.SERVER, "full", 529),
        ),
        (
            500,
            {"x_should_retry": "true"},
            {"error": {"message": "oops"}},
            Failure(FailureKind.SERVER, "oops", 500),
        ),
        (502, {"content_type": "text/html"}, b"bad gateway", Failure(FailureKind.SERVER, "bad gateway", 502)),
        (
            400,
            {},
            {"error": {"message": "no such field"}},
            Failure(FailureKind.BAD_REQUEST, "no such field", 400),
        ),
        (
            307,
            {"location": "/openai/elsewhere"},
            {},
            Failure(FailureKind.BAD_REQUEST, "HTTP status 307", 307),
        ),
        (200, {}, b"{not json", Failure(FailureKind.SERVER, "the answer holds no text")),
        (200, {}, b"\xff\xfe", Failure(FailureKind.SERVER, "the answer holds no text")),
        (200, {}, b"[" * 100_000, Failure(FailureKind.SERVER, "the answer holds no text")),
        (
            200,
            {"content_type": "text/html"},
            b"<html>",
            Failure(FailureKind.SERVER, "the answer holds no text"),
        ),
        (
            200,
            {},
            {"choices": None, "content": None},
            Failure(FailureKind.SERVER, "the answer holds no text"),
        ),
    ],
)
def test_every_answer_is_an_outcome_after_one_request(
    server: Provider,
    transport: SdkTransport,
    provider: str,
    status: int,
    headers: dict[str, str],
    body: object,
    failure: Failure,
) -> None:
    server.say(status, body, **headers)
    assert transport.send(a_call(provider), KEY) == failure
    assert server.paths() == [PATHS[provider]]


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_a_server_that_says_nothing_is_a_timeout(
    server: Provider, transport: SdkTransport, provider: str
) -> None:
    server.script.append(SILENCE)
    outcome = transport.send(a_call(provider, timeout=0.05), KEY)
    assert outcome == Failure(FailureKind.TIMEOUT, "no answer within 0.05 s")
    server.wait_for(1)
    assert server.paths() == [PATHS[provider]]


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_a_server_that_is_not_there_is_a_connection_failure(server: Provider, provider: str) -> None:
    with Provider() as gone:
        urls = gone.base_urls()
    with closing(SdkTransport(urls)) as transport:
        outcome = transport.send(a_call(provider), KEY)
    assert outcome == Failure(FailureKind.CONNECTION, f"{provider} could not be reached, or broke off")


def test_connections_are_kept_until_closed(server: Provider, transport: SdkTransport) -> None:
    transport.close()
    transport.send(a_call("openai"), KEY)
    pool = transport._pool
    transport.send(a_call("anthropic"), KEY)
    assert pool is not None
    assert transport._pool is pool
    transport.close()
    assert pool.is_closed
    assert isinstance(transport.send(a_call("openai"), KEY), Reply)


@pytest.mark.parametrize(("asks", "options"), [(True, {"include_usage": True}), (False, None)])
def test_a_host_that_refuses_to_count_in_streams_is_not_asked_to(asks: bool, options: object) -> None:
    spec = ProviderSpec("groq", "https://host", "m", stream_usage=asks)
    body = openai_body(replace(a_call("openai"), spec=spec), stream=True)
    assert body.get("stream_options") == options
    assert body["stream"] is True


def test_a_transport_that_was_never_used_can_be_closed() -> None:
    transport = SdkTransport()
    transport.close()
    assert transport._pool is None


def test_a_transport_keeps_no_key(server: Provider, transport: SdkTransport) -> None:
    for provider in PATHS:
        transport.send(a_call(provider), KEY)
    pool = transport._pool
    assert pool is not None
    assert KEY.reveal() not in repr(vars(transport)) + repr(vars(pool)) + repr(pool.headers)


# -- the handler over the wire -------------------------------------------------------------------------------


def test_complete_falls_back_over_the_wire_and_honours_every_rest(
    server: Provider, transport: SdkTransport
) -> None:
    world = World()
    handler = world.handler(transport=transport)
    server.say(429, {"error": {"message": "slow down"}}, retry_after="30")
    server.say(401, {"error": {"message": f"bad key {key_of('anthropic')}"}})
    server.say(503, {"error": {"message": "busy"}})
    answer = handler.complete("hi")
    assert (answer.text, answer.provider, answer.input_tokens, answer.output_tokens) == (
        "hello",
        "deepseek",
        10,
        20,
    )
    assert server.paths() == [PATHS[p] for p in ("openai", "anthropic", "deepseek", "deepseek")]
    assert [(a.provider, a.failure, a.status, a.message) for a in answer.attempts] == [
        ("openai", FailureKind.RATE_LIMITED, 429, "slow down"),
        ("anthropic", FailureKind.AUTH, 401, "bad key ***"),
        ("deepseek", FailureKind.SERVER, 503, "busy"),
        ("deepseek", None, None, ""),
    ]
    assert world.slept == [0.5]
    world.now += 30
    assert handler.complete("hi").provider == "openai"
    assert handler.complete("hi", "claude-sonnet-5").provider == "openai"
    assert server.seen[-1].headers["authorization"] == f"Bearer {key_of('openai')}"


def test_complete_raises_without_a_trace_of_key_or_sdk(server: Provider, transport: SdkTransport) -> None:
    handler = World().handler(["openai", "anthropic"], 0, transport=transport)
    server.say(500, {"error": {"message": f"with Bearer {key_of('openai')}"}})
    server.say(500, {"error": {"message": f"with {key_of('anthropic')}"}})
    with pytest.raises(AllProvidersFailedError) as caught:
        handler.complete("hi")
    assert str(caught.value) == (
        "every provider failed: openai/gpt-5-mini server: with ***;"
        " anthropic/claude-sonnet-5 server: with ***; try again in 5 s"
    )
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


def test_complete_stops_at_a_bad_request_over_the_wire(server: Provider, transport: SdkTransport) -> None:
    server.say(400, {"error": {"message": "no such field"}})
    handler = World().handler(transport=transport)
    assert refusal(RequestRejectedError, handler.complete, "hi", "gpt-4o") == (
        "openai/gpt-4o refused the request (bad_request): no such field"
    )
    assert server.paths() == [PATHS["openai"]]


def test_a_handlers_own_transport_reads_dates_by_the_handlers_wall_clock(server: Provider) -> None:
    handler = World().handler(["openai"], transport=None, wall_clock=lambda: NOON - 10)
    transport: Any = handler._transport
    transport._base_urls.update(server.base_urls())
    server.say(429, {}, retry_after="Sun, 22 Nov 2026 12:02:00 GMT")
    with pytest.raises(AllProvidersFailedError) as caught:
        handler.complete("hi")
    handler.close()
    assert caught.value.retry_after == 130


def test_importing_and_building_loads_no_sdk_no_prices_and_no_vocabulary() -> None:
    code = (
        "import sys; from core.llm.byok_handler import BYOKHandler; BYOKHandler().select_provider('gpt-4o');"
        "print([m for m in ('openai', 'anthropic', 'genai_prices', 'splintr', 'httpx2') if m in sys.modules])"
    )
    root = str(core.llm.__path__[0]).removesuffix("core/llm")
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
