"""A provider on this machine: a real HTTP server that speaks the four providers' formats from a script."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from core.llm.catalogue import PROVIDERS
from core.llm.request import Call, Message
from core.llm.secret import Secret

KEY = Secret("test-key-0123456789")
PATHS = {
    "openai": "/openai/chat/completions",
    "anthropic": "/anthropic/v1/messages",
    "deepseek": "/deepseek/chat/completions",
    "gemini": "/gemini/chat/completions",
}
OPENAI_ANSWER = {
    "choices": [{"message": {"role": "assistant", "content": "hello"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 10, "completion_tokens": 20},
}
ANTHROPIC_ANSWER = {
    "content": [{"type": "text", "text": "hel"}, {"type": "text", "text": "lo"}],
    "stop_reason": "end_turn",
    "usage": {"input_tokens": 10, "output_tokens": 20},
}
OPENAI_EVENTS: list[object] = [
    {"choices": [{"delta": {"role": "assistant", "content": ""}, "finish_reason": None}]},
    {"choices": [{"delta": {"content": "hel"}, "finish_reason": None}]},
    {"choices": [{"delta": {"content": "lo"}, "finish_reason": None}]},
    {"choices": [{"delta": {}, "finish_reason": "stop"}]},
    {"choices": [], "usage": {"prompt_tokens": 10, "completion_tokens": 20}},
]
ANTHROPIC_EVENTS: list[object] = [
    {"type": "message_start", "message": {"usage": {"input_tokens": 10, "output_tokens": 1}}},
    {"type": "content_block_start", "content_block": {"type": "text", "text": ""}},
    {"type": "ping"},
    {"type": "content_block_delta", "delta": {"type": "text_delta", "text": "hel"}},
    {"type": "content_block_delta", "delta": {"type": "text_delta", "text": "lo"}},
    {"type": "content_block_stop"},
    {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 20}},
    {"type": "message_stop"},
]
EVENTS = {
    "openai": OPENAI_EVENTS,
    "anthropic": ANTHROPIC_EVENTS,
    "deepseek": OPENAI_EVENTS,
    "gemini": OPENAI_EVENTS,
}
TEXT_BEGUN = {provider: (5 if provider == "anthropic" else 3) for provider in PATHS}
"""How many events of a stream it takes until the whole text "hello" has come."""


class Seen(NamedTuple):
    """A request as the server saw it."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]


class Answer(NamedTuple):
    """A whole response."""

    status: int
    headers: dict[str, str]
    body: object


class Stream(NamedTuple):
    """A stream of events; `ending` is "done", or how it breaks: "closed" in good order, "cut", or "silent"."""

    events: list[object]
    ending: str = "done"


SILENCE = Stream([], "silent")


class Provider(ThreadingHTTPServer):
    """A server that answers from a script, and in the usual way when that is at its end."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.script: list[Answer | Stream] = []
        self.seen: list[Seen] = []
        self.arrival = threading.Condition()
        self.released = threading.Event()

    def base_urls(self) -> dict[str, str]:
        return {provider: f"http://127.0.0.1:{self.server_port}/{provider}" for provider in PATHS}

    def say(self, status: int, body: object, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.script.append(Answer(status, named, body))

    def wait_for(self, requests: int) -> None:
        """Return once so many have arrived: a client in a hurry may be done before this machine's server is."""
        with self.arrival:
            assert self.arrival.wait_for(lambda: len(self.seen) >= requests, timeout=30)

    def paths(self) -> list[str]:
        return [seen.path for seen in self.seen]


class Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet per answer; two would wait for each other
    server: Provider

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        step = self.server.script.pop(0) if self.server.script else self.usual(streaming="stream" in body)
        with self.server.arrival:
            self.server.seen.append(Seen(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            self.server.arrival.notify_all()
        if isinstance(step, Stream):
            self.stream(step)
        else:
            self.answer(step)

    def usual(self, *, streaming: bool) -> Answer | Stream:
        provider = self.path.split("/")[1]
        if streaming:
            return Stream(EVENTS.get(provider, OPENAI_EVENTS))
        return Answer(200, {}, ANTHROPIC_ANSWER if provider == "anthropic" else OPENAI_ANSWER)

    def answer(self, step: Answer) -> None:
        data = step.body if isinstance(step.body, bytes) else json.dumps(step.body).encode()
        self.send_response(step.status)
        usual = {"content-type": "application/json", "content-length": str(len(data))}
        for name, value in (usual | step.headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def stream(self, step: Stream) -> None:
        self.close_connection = True
        if step.events:
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            if step.ending == "cut":
                self.send_header("content-length", "1000000")
            self.end_headers()
            for event in step.events:
                kind = f"event: {event['type']}\n" if isinstance(event, dict) and "type" in event else ""
                self.wfile.write(f"{kind}data: {json.dumps(event)}\n\n".encode())
            if step.ending == "done":
                self.wfile.write(b"data: [DONE]\n\n")
            self.wfile.flush()
        if step.ending == "silent":
            self.server.released.wait(10)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


def a_call(provider: str, *turns: tuple[str, str], model: str = "some-model", timeout: float = 5.0) -> Call:
    messages = tuple(Message(*turn) for turn in turns or [("user", "hi")])
    return Call(PROVIDERS[provider], model, messages, 77, timeout)
