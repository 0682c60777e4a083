"""A small server that speaks as `mutmut-dashboard triage` does: static files, and decisions kept in memory."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "not-so-secret"


@dataclass
class StandIn:
    """What it keeps, and how it is told to misbehave."""

    folder: Path
    address: str = ""
    decisions: dict[str, dict[str, str]] = field(default_factory=dict)
    """By target/id."""
    past: list[dict[str, dict[str, str]]] = field(default_factory=list)
    revision: int = 1
    conflict: str = ""
    """What it answers with 409, once."""
    newest: dict[str, Any] = field(
        default_factory=lambda: {
            "run": 0,
            "began": "2031-01-01T09:00:00+00:00",
            "ended": False,
            "judged": 0,
            "total": 0,
            "goes_on": False,
        }
    )
    """What it says of the newest run."""
    verdicts: list[tuple[str, str, str]] = field(default_factory=list)
    """Target, id and status of each mutant that this run judged, in their order."""
    rendered: int = 0
    """How often it was asked for a new page."""
    again: dict[str, Any] = field(
        default_factory=lambda: {
            "running": False,
            "target": "",
            "ids": [],
            "done": 0,
            "error": "",
            "results": {},
        }
    )
    """What it says of judging again."""
    refusal: str = ""
    """Its error for whoever wants something judged again."""
    dead: bool = False
    """Whether it closes connections to its API without an answer."""

    def state(self, error: str = "") -> dict[str, Any]:
        body: dict[str, Any] = {
            "revision": str(self.revision),
            "who": "Ada",
            "decisions": list(self.decisions.values()),
        }
        return {**body, "error": error} if error else body

    def decide(self, changes: list[dict[str, str]]) -> None:
        self.past.append(dict(self.decisions))
        self.revision += 1
        for change in changes:
            key = f"{change['target']}/{change['id']}"
            if change["decision"] == "open":
                self.decisions.pop(key, None)
            else:
                self.decisions[key] = {
                    **change,
                    "who": "Ada",
                    "when": "2030-05-17",
                    "standing": "applies",
                    "why": "",
                }

    def judged_again(self, id_: str, outcome: str, words: str) -> None:
        """Have one of what is judged again be judged; the last of them ends it."""
        found = {"id": id_, "outcome": outcome, "words": words, "at": "12:04"}
        results = {**self.again["results"], f"{self.again['target']}/{id_}": found}
        done = self.again["done"] + 1
        running = done < len(self.again["ids"])
        self.again = {**self.again, "results": results, "done": done, "running": running}

    def judged(self, status: str, *keys: str) -> None:
        """Have the run judge mutants, each given as `target/id`."""
        self.verdicts += [(*key.rsplit("/", 1), status) for key in keys]  # type: ignore[misc]
        self.newest |= {"judged": len({of[:2] for of in self.verdicts})}

    def next_run(self) -> None:
        """End the run, without an end, and begin another."""
        self.verdicts = []
        self.newest |= {"run": self.newest["run"] + 1, "judged": 0}

    def told(self, after: str) -> dict[str, Any]:
        """What it says of the newest run and of its verdicts after a cursor."""
        run, _, row = after.partition(" ")
        anew = run != str(self.newest["run"])
        found: dict[str, dict[str, list[str]]] = {}
        for target, id_, status in self.verdicts[0 if anew else int(row) :]:
            found.setdefault(target, {}).setdefault(status, []).append(id_)
        cursor = f"{self.newest['run']} {len(self.verdicts)}"
        return {**self.newest, "verdicts": found, "anew": anew, "more": False, "cursor": cursor}

    def undo(self) -> None:
        self.revision += 1
        self.decisions = self.past.pop()


class _Handler(BaseHTTPRequestHandler):
    kept: StandIn

    def do_GET(self) -> None:
        if self.path == "/api/decisions":
            self._api(lambda _: self.kept.state())
            return
        if self.path.startswith("/api/run?"):
            asked = parse_qs(urlsplit(self.path).query)
            self._api(lambda _: self.kept.told(asked.get("after", [""])[0]))
            return
        if self.path == "/api/again":
            self._api(lambda _: self.kept.again)
            return
        path = self.kept.folder / (self.path.partition("?")[0].lstrip("/") or "index.html")
        content = path.read_bytes() if path.is_file() else b""
        if path.name == "index.html":
            meta = f'<meta name="triage-token" content="{TOKEN}">'.encode()
            content = content.replace(b"<head>", b"<head>" + meta, 1)
        kind = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}.get(
            path.suffix, "text/html"
        )
        self._answer(200 if content else 404, content, kind)

    def do_POST(self) -> None:
        self._api(self._change)

    def _change(self, body: dict[str, Any]) -> dict[str, Any]:
        if self.path == "/api/page":
            self.kept.rendered += 1
            return {}
        if self.path == "/api/again":
            self.kept.again = {**self.kept.again, **body, "running": True, "done": 0, "error": ""}
            return self.kept.again
        if self.path == "/api/again/cancel":
            self.kept.again |= {"running": False, "error": "Judging again was cancelled."}
            return self.kept.again
        if self.path == "/api/undo":
            self.kept.undo()
        else:
            self.kept.decide(body["changes"])
        return self.kept.state()

    def _api(self, act: Any) -> None:
        if self.kept.dead:
            self.close_connection = True
            self.connection.close()
            return
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
        status, answer = 200, {}
        if self.headers["X-Triage-Token"] != TOKEN:
            status, answer = 403, {"error": "wrong token"}
        elif body and self.path == "/api/again":
            status, answer = (409, {"error": self.kept.refusal}) if self.kept.refusal else (200, act(body))
        elif body and (self.kept.conflict or body["revision"] != str(self.kept.revision)):
            status, answer = 409, self.kept.state(self.kept.conflict or "someone else changed it")
            self.kept.conflict = ""
        else:
            answer = act(body)
        self._answer(status, json.dumps(answer).encode(), "application/json")

    def _answer(self, status: int, content: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the standard library's name
        """Say nothing."""


@contextmanager
def a_stand_in(folder: Path) -> Iterator[StandIn]:
    """Serve a site on a free port of the loopback interface."""
    kept = StandIn(folder)
    handler = type("Handler", (_Handler,), {"kept": kept})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        kept.address = f"http://127.0.0.1:{server.server_address[1]}/"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield kept
        finally:
            server.shutdown()
            thread.join()
