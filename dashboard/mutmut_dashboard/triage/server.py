"""The dashboard over HTTP, on this machine and for one person: the static page, and decisions that are saved at once."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from pathlib import Path
from secrets import compare_digest
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.model import Weighed
from mutmut_dashboard.triage.again import Again, BusyError
from mutmut_dashboard.triage.desk import Desk, read_wishes
from mutmut_dashboard.triage.file import ConflictError, UnreadableError
from mutmut_dashboard.triage.live import Live

ADDRESS = "127.0.0.1"
"""The only one that is ever bound."""
TOKEN_HEADER = "X-Triage-Token"  # noqa: S105 - a name
_PATIENCE = 3
"""Seconds given to answers under way when the server ends."""
_HEAD = re.compile(rb"<head\b[^>]*>", re.IGNORECASE)
_CLOSED = (
    "This dashboard is open to the person who started it only. Open the address that "
    "`mutmut-dashboard triage` printed, with its token; if you just did, reload the page."
)
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def listen(port: int) -> socket.socket:
    """Take a port of the loopback interface; 0 takes any free one.

    Raises:
        UsageError: it cannot be taken.

    """
    taken = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # one that was just left is free
        taken.bind((ADDRESS, port))
        taken.listen()
    except OSError as error:
        taken.close()
        raise UsageError(
            f"Port {port} of {ADDRESS} cannot be used ({error.strerror}). Name another with --port."
        ) from error
    return taken


def server_for(app: ASGIApp) -> uvicorn.Server:
    """Make a server whose `run(sockets=[...])` answers until SIGINT or SIGTERM, or until `should_exit` is set.

    What is being saved then is saved to the end. A signal is raised again when all is closed.
    """
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=_PATIENCE,
    )
    return uvicorn.Server(config)


def application(
    desk: Desk, site: Path, token: str, port: int, live: Live | None = None, again: Again | None = None
) -> ASGIApp:
    """Make the server's application for a rendered site; `token` lets in, `port` is the one it listens on.

    `live` tells of runs that go on, `again` judges mutants again when the page asks for it.
    """
    judging = _Judging(again) if again else None
    routes = [
        *(judging.routes() if judging else ()),
        Route("/api/decisions", _Decisions(desk).get, methods=["GET"]),
        Route("/api/decisions", _Decisions(desk).post, methods=["POST"]),
        Route("/api/undo", _Decisions(desk).undo, methods=["POST"]),
        *(live.routes() if live else ()),
        Mount("/", _Site(site, token)),
    ]
    return _Door(Starlette(routes=routes), token, port)


class _Door:
    """Lets in who has the token, from pages of this server only."""

    def __init__(self, app: ASGIApp, token: str, port: int) -> None:
        self._app, self._token = app, token
        self._host = f"{ADDRESS}:{port}"
        self._cookie = f"triage-{port}"  # cookies know no ports, and another project may be open, too

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        answer = self._answer(Request(scope))
        await (answer or self._app)(scope, receive, guarded)

    def _answer(self, request: Request) -> Response | None:
        """Return the refusal or the redirection, or None for who may come in."""
        headers = request.headers
        origin = headers.get("Origin", f"http://{self._host}")
        if headers.get("Host") != self._host or origin != f"http://{self._host}":
            return _refusal(request, f"This server answers pages of http://{self._host} only.")
        if request.url.path == "/" and "token" in request.query_params:
            return self._welcome(request)
        if not self._is_token(request.cookies.get(self._cookie, "")):
            return _refusal(request, _CLOSED)
        if _is_call(request) and not self._is_token(headers.get(TOKEN_HEADER, "")):
            return _refusal(request, f"The header {TOKEN_HEADER} is missing or wrong. Reload the page.")
        if request.method == "POST" and not _is_json(headers):
            return _error("Send application/json.", 415)
        return None

    def _welcome(self, request: Request) -> Response:
        if not self._is_token(request.query_params["token"]):
            return _refusal(request, _CLOSED)
        answer = RedirectResponse("/", status_code=303)
        answer.set_cookie(self._cookie, self._token, path="/", httponly=True, samesite="strict")
        return answer

    def _is_token(self, text: str) -> bool:
        return compare_digest(text.encode("utf-8", "replace"), self._token.encode())


def _is_call(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def _is_json(headers: Headers) -> bool:
    return headers.get("Content-Type", "").partition(";")[0].strip().lower() == "application/json"


def _refusal(request: Request, sentence: str) -> Response:
    return _error(sentence, 403) if _is_call(request) else PlainTextResponse(sentence, 403)


def _error(sentence: str, status: int, **more: Any) -> JSONResponse:
    return JSONResponse({"error": sentence, **more}, status)


class _Site(StaticFiles):
    """The rendered files; a page is told the token, by which it knows that it is served."""

    def __init__(self, folder: Path, token: str) -> None:
        super().__init__(directory=folder, html=True)
        self._mark = f'<meta name="triage-token" content="{token}">'.encode()

    def file_response(
        self, full_path: Any, stat_result: Any, scope: Scope, status_code: int = 200
    ) -> Response:
        path = Path(full_path)
        if path.suffix != ".html":
            return super().file_response(full_path, stat_result, scope, status_code)
        page = _HEAD.sub(lambda head: head[0] + self._mark, path.read_bytes(), count=1)
        return HTMLResponse(page, status_code)


class _Judging:
    """The calls that judge again; each answers with how far that is."""

    def __init__(self, again: Again) -> None:
        self._again = again

    def routes(self) -> list[Route]:
        return [
            Route("/api/again", self.get, methods=["GET"]),
            Route("/api/again", self.post, methods=["POST"]),
            Route("/api/again/cancel", self.cancel, methods=["POST"]),
        ]

    async def get(self, _request: Request) -> Response:
        return JSONResponse(self._again.state())

    async def post(self, request: Request) -> Response:
        body = await _body(request)
        try:
            self._again.start(body.get("target"), body.get("ids"))
        except UsageError as error:
            return _error(str(error), 409 if isinstance(error, BusyError) else 400)
        return JSONResponse(self._again.state(), 202)

    async def cancel(self, _request: Request) -> Response:
        self._again.cancel()
        return JSONResponse(self._again.state())


class _Decisions:
    """The calls that read and change decisions; each answers with what is saved then."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def get(self, _request: Request) -> Response:
        return await run_in_threadpool(self._carry_out, lambda: None)

    async def post(self, request: Request) -> Response:
        body = await _body(request)
        return await run_in_threadpool(
            self._carry_out,
            lambda: self._desk.change(_revision(body), read_wishes(body.get("changes"))),
        )

    async def undo(self, request: Request) -> Response:
        body = await _body(request)
        return await run_in_threadpool(self._carry_out, lambda: self._desk.undo(_revision(body)))

    def _carry_out(self, change: Callable[[], None]) -> Response:
        try:
            change()
            return JSONResponse(self._state())
        except UnreadableError as error:
            return _error(str(error), 409)
        except ConflictError as error:
            return _error(str(error), 409, **self._state_if_readable())
        except UsageError as error:
            return _error(str(error), 400)
        except OSError as error:
            return _error(f"The decisions could not be saved: {error}. Nothing was changed.", 500)

    def _state_if_readable(self) -> dict[str, Any]:
        try:
            return self._state()
        except UnreadableError:
            return {}

    def _state(self) -> dict[str, Any]:
        state = self._desk.state()
        return {
            "revision": state.revision,
            "who": self._desk.who,
            "decisions": [_written(one) for one in state.weighed],
        }


def _written(one: Weighed) -> dict[str, str]:
    made = one.decision
    names = ("target", "id", "decision", "reason", "who", "when", "expires")
    return {**{name: getattr(made, name) for name in names}, "standing": one.standing, "why": one.why}


async def _body(request: Request) -> dict[str, Any]:
    """Read the call's object; anything else is as good as an empty one, which is refused with a sentence."""
    try:
        body = await request.json()
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _revision(body: dict[str, Any]) -> str:
    revision = body.get("revision")
    if not isinstance(revision, str):
        raise UsageError('Send a JSON object with "revision", a text.')
    return revision
