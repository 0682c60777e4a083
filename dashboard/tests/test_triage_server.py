"""The triage server as a browser and as an attacker meet it, over real HTTP on the loopback interface."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from factories import FILE, SOURCE, Recorded, a_mutant, a_provenance, a_store, a_target, a_verdict
from trees_support import PATIENCE, TreeRun, clean_environment, command_line, run_cli

from mutmut_dashboard import store_progress
from mutmut_dashboard.engine import lock
from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.model import Mutant, RunState, Status
from mutmut_dashboard.store import Store
from mutmut_dashboard.triage.candidates import CurrentCandidates
from mutmut_dashboard.triage.desk import Desk
from mutmut_dashboard.triage.file import TriageFile
from mutmut_dashboard.triage.live import Live
from mutmut_dashboard.triage.server import ADDRESS, application, listen, server_for

TOKEN = "a-token-of-this-test"
BEGAN = "2030-05-18T09:00:00+00:00"
SURVIVOR = a_mutant()
OTHER = a_mutant("price * qty", "price + qty")
KILLED = a_mutant("qty < 0", "qty <= 0")
PAGE = "<!doctype html><html><head><meta charset=utf-8><title>x</title></head><body></body></html>"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Served:
    """A running server; requests are a good browser's unless told otherwise (None leaves a header out)."""

    folder: Path
    port: int

    def ask(self, method: str, path: str, body: Any = None, **headers: str | None) -> Answer:
        good: dict[str, str | None] = {
            "Host": f"{ADDRESS}:{self.port}",
            "Cookie": f"triage-{self.port}={TOKEN}",
            "X-Triage-Token": TOKEN,
            "Content-Type": "application/json",
            "Origin": f"http://{ADDRESS}:{self.port}",
        }
        sent = {**good, **{name.replace("_", "-"): text for name, text in headers.items()}}
        connection = http.client.HTTPConnection(ADDRESS, self.port, timeout=PATIENCE)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, text in sent.items():
                if text is not None:
                    connection.putheader(name, text)
            content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
            connection.putheader("Content-Length", str(len(content)))
            connection.endheaders(content)
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def get(self, path: str = "/api/decisions", **headers: str | None) -> Answer:
        return self.ask("GET", path, **headers)

    def change(self, *changes: dict[str, str], revision: str | None = None, **headers: str | None) -> Answer:
        known = self.get().json["revision"] if revision is None else revision
        return self.ask("POST", "/api/decisions", {"revision": known, "changes": changes}, **headers)

    @property
    def triage(self) -> Path:
        return self.folder / "triage.toml"


def a_change(**overrides: str) -> dict[str, str]:
    return {
        "target": "prices",
        "id": SURVIVOR.id,
        "decision": "todo",
        "reason": "",
        "expires": "",
        **overrides,
    }


@pytest.fixture(scope="module", name="running")
def _running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    store, _ = a_store(
        folder,
        Recorded([(SURVIVOR, Status.SURVIVED), (OTHER, Status.UNCOVERED), (KILLED, Status.KILLED)]),
        sources={FILE: SOURCE},
    )
    store.close()
    site = folder / "site"
    (site / "more").mkdir(parents=True)
    (site / "index.html").write_text(PAGE, encoding="utf-8")
    (site / "page.js").write_text("1;", encoding="utf-8")
    (folder / "secret.txt").write_text("secret", encoding="utf-8")
    (site / "link.txt").symlink_to(folder / "secret.txt")
    candidates = CurrentCandidates(folder / "results.sqlite", ["prices"])
    desk = Desk(TriageFile(folder, folder / ".mutation"), candidates, "Ada", lambda: date(2030, 5, 17))
    with listen(0) as taken:
        port = taken.getsockname()[1]
        live = Live(
            look=partial(store_progress.look, folder / "live.sqlite"),
            is_going_on=partial(lock.is_held, folder / ".mutation"),
            render=partial(_render, site),
        )
        server = server_for(application(desk, site, TOKEN, port, live))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]})
        thread.start()
        yield Served(folder, port)
        server.should_exit = True
        thread.join(PATIENCE)
        assert not thread.is_alive()


def _render(site: Path) -> None:
    if not (site / "index.html").is_file():
        raise UsageError("there is no folder for it")
    (site / "rendered").touch()


@pytest.fixture(name="served")
def _served(running: Served) -> Served:
    """The server with no decision made yet."""
    running.triage.unlink(missing_ok=True)
    shutil.rmtree(running.folder / ".mutation", ignore_errors=True)
    return running


class TestTheDoor:
    def test_the_printed_address_gives_a_cookie_and_leads_to_the_page(self, served: Served) -> None:
        answer = served.get(f"/?token={TOKEN}", Cookie=None, X_Triage_Token=None, Origin=None)

        assert (answer.status, answer.headers["location"]) == (303, "/")
        cookie = answer.headers["set-cookie"]
        assert f"triage-{served.port}={TOKEN}" in cookie
        assert "HttpOnly" in cookie
        assert "samesite=strict" in cookie.lower()

    @pytest.mark.parametrize(
        "path", ["/", "/index.html", "/page.js", "/nothing", "/api/decisions", "/?token=wrong"]
    )
    def test_without_the_cookie_everything_is_closed(self, served: Served, path: str) -> None:
        answer = served.get(path, Cookie=None)

        assert answer.status == 403
        assert b"with its token" in answer.body
        assert TOKEN.encode() not in answer.body

    @pytest.mark.parametrize(
        "headers",
        [
            {"Host": "evil.example"},
            {"Host": "localhost"},
            {"Origin": "http://evil.example"},
            {"Origin": "null"},
            {"Origin": f"http://{ADDRESS}:1"},
            {"Cookie": "triage-1=" + TOKEN},
            {"X_Triage_Token": None},
            {"X_Triage_Token": "wrong"},
            {"X_Triage_Token": TOKEN[:-1]},
        ],
    )
    def test_who_is_not_this_page_changes_nothing(
        self, served: Served, headers: dict[str, str | None]
    ) -> None:
        answer = served.change(a_change(), **headers)

        assert answer.status in (400, 403)
        assert not served.triage.exists()

    def test_a_request_that_names_no_host_changes_nothing(self, served: Served) -> None:
        with suppress(ConnectionError):  # the answer may be lost: the door closes before the body was read
            assert served.change(a_change(), Host=None).status == 400

        assert not served.triage.exists()

    def test_a_form_of_another_site_is_not_read(self, served: Served) -> None:
        assert served.change(a_change(), Content_Type="text/plain").status == 415
        assert not served.triage.exists()

    @pytest.mark.parametrize("path", ["/", "/page.js", "/api/decisions", "/nothing", "/?token=wrong"])
    def test_nothing_is_kept_framed_or_told_to_others(self, served: Served, path: str) -> None:
        headers = served.get(path).headers

        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]

    def test_only_the_loopback_interface_is_bound(self) -> None:
        with listen(0) as taken:
            assert taken.getsockname()[0] == "127.0.0.1"

    def test_a_taken_port_is_named(self) -> None:
        with listen(0) as taken, pytest.raises(UsageError, match=rf"Port {taken.getsockname()[1]} .*--port"):
            listen(taken.getsockname()[1])


class TestTheSite:
    @pytest.mark.parametrize("path", ["/", "/index.html"])
    def test_the_page_is_told_the_token_and_else_as_it_was_rendered(self, served: Served, path: str) -> None:
        page = served.get(path).body.decode()
        mark = f'<meta name="triage-token" content="{TOKEN}">'

        assert page.replace(mark, "") == PAGE
        assert page.index("<head>") < page.index(mark) < page.index("</head>")

    def test_other_files_are_as_they_lie_there(self, served: Served) -> None:
        answer = served.get("/page.js")

        assert answer.body == b"1;"
        assert "javascript" in answer.headers["content-type"]

    @pytest.mark.parametrize(
        "path",
        [
            *("/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "//etc/passwd", "/%2Fetc/passwd"),
            *("/link.txt", "/more", "/more/", "/a%00b", "/" + "a" * 5000, "/..%5csecret.txt", "/%ff"),
        ],
    )
    def test_there_is_no_way_out_and_no_listing(self, served: Served, path: str) -> None:
        answer = served.get(path)

        assert answer.status == 404
        assert b"secret" not in answer.body.replace(path.encode(), b"")

    def test_the_site_cannot_be_written(self, served: Served) -> None:
        assert served.ask("PUT", "/page.js", b"2;").status == 405
        assert served.get("/page.js").body == b"1;"


class TestDecisions:
    def test_a_fresh_project_has_none(self, served: Served) -> None:
        answer = served.get()

        assert answer.status == 200
        assert answer.json == {"revision": answer.json["revision"], "who": "Ada", "decisions": []}

    def test_a_change_is_in_the_file_when_it_is_answered(self, served: Served) -> None:
        answer = served.change(a_change(decision="accepted", reason="rare", expires="2031-01-01"))

        assert answer.status == 200
        assert answer.json == served.get().json
        assert answer.json["decisions"] == [
            {
                "target": "prices",
                "id": SURVIVOR.id,
                "decision": "accepted",
                "reason": "rare",
                "who": "Ada",
                "when": "2030-05-17",
                "expires": "2031-01-01",
                "standing": "applies",
                "why": "",
            }
        ]
        assert f'id = "{SURVIVOR.id}"' in served.triage.read_text(encoding="utf-8")

    def test_open_takes_the_entry_away_and_undo_brings_it_back(self, served: Served) -> None:
        served.change(a_change())
        opened = served.change(a_change(decision="open"))
        undone = served.ask("POST", "/api/undo", {"revision": opened.json["revision"]})

        assert opened.json["decisions"] == []
        assert [one["decision"] for one in undone.json["decisions"]] == ["todo"]

    def test_two_tabs_do_not_lose_each_others_work(self, served: Served) -> None:
        both_saw = served.get().json["revision"]
        served.change(a_change(), revision=both_saw)

        merged = served.change(a_change(id=OTHER.id), revision=both_saw)
        refused = served.change(a_change(decision="bug"), revision=both_saw)

        assert {one["id"] for one in merged.json["decisions"]} == {SURVIVOR.id, OTHER.id}
        assert refused.status == 409
        assert SURVIVOR.id in refused.json.pop("error")
        assert refused.json["revision"] == merged.json["revision"]
        assert refused.json["decisions"] == merged.json["decisions"] == served.get().json["decisions"]

    def test_a_file_an_editor_broke_is_a_sentence_with_its_line_and_stays(self, served: Served) -> None:
        seen = served.get().json["revision"]
        served.triage.write_text("\n[[decisions]\n", encoding="utf-8")

        for answer in (
            served.get(),
            served.change(a_change(), revision=seen),
            served.ask("POST", "/api/undo", {"revision": seen}),
        ):
            assert answer.status in (400, 409)
        assert "triage.toml, line 2" in served.get().json["error"]
        assert served.triage.read_text(encoding="utf-8") == "\n[[decisions]\n"

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ([a_change(decision="equivalent")], "needs a reason"),
            ([a_change(decision="maybe")], '"maybe" is no decision'),
            ([a_change(id=KILLED.id)], "is killed"),
            ([a_change(id="none")], 'no mutant "none"'),
            ([a_change(expires="2001-01-01")], "is past already"),
            ([], "at least one change"),
        ],
    )
    def test_what_is_invalid_is_a_sentence(
        self, served: Served, changes: list[dict[str, str]], words: str
    ) -> None:
        answer = served.change(*changes)

        assert (answer.status, list(answer.json)) == (400, ["error"])
        assert words in answer.json["error"]
        assert not served.triage.exists()

    @pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"changes": []}', b"\xff", b"[" * 5000])
    @pytest.mark.parametrize("path", ["/api/decisions", "/api/undo"])
    def test_what_is_no_call_is_a_sentence(self, served: Served, path: str, body: bytes) -> None:
        answer = served.ask("POST", path, body)

        assert answer.status == 400
        assert "revision" in answer.json["error"]

    def test_any_text_may_be_a_reason(self, served: Served) -> None:
        reason = "żółć\n\"quoted\" \\ ''' \u202e \ud800 \x00 </script>"

        answer = served.change(a_change(reason=reason))

        assert answer.status == 200
        assert answer.json["decisions"][0]["reason"] == reason.replace("\ud800", "\\ud800")

    def test_a_disk_that_cannot_be_written_is_a_sentence(
        self, served: Served, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_: Any) -> None:
            raise OSError(28, "No space left on device")

        revision = served.get().json["revision"]
        monkeypatch.setattr("mutmut_dashboard.triage.file.write_whole", full)

        answer = served.change(a_change(), revision=revision)

        assert answer.status == 500
        assert "No space left on device" in answer.json["error"]


@dataclass
class Running:
    """A run that is written beside the server, and a page that asks for its verdicts."""

    served: Served
    store: Store
    run: int
    cursor: str = ""

    @property
    def name(self) -> str:
        return f"{self.run}@{BEGAN}"

    def look(self, **asked: str) -> Any:
        """What the server tells after what it told last."""
        answer = self.served.get(f"/api/run?{urlencode({'after': self.cursor, **asked})}")
        assert answer.status == 200
        self.cursor = answer.json["cursor"]
        return answer.json

    def judge(self, mutant: Mutant, status: Status) -> None:
        self.store.add_verdict(self.run, "prices", a_verdict(mutant, status))


@pytest.fixture(name="going_on")
def _going_on(served: Served) -> Iterator[Running]:
    holder = served.folder / ".mutation" / "lock.json"
    holder.parent.mkdir()
    holder.write_text(json.dumps({"pid": os.getppid(), "host": socket.gethostname()}), encoding="utf-8")
    with Store(served.folder / "live.sqlite") as store:
        run = store.start_run(a_provenance(), [a_target()], BEGAN)
        store.add_mutants(run, [SURVIVOR, OTHER, KILLED, a_mutant("a", "b", skip_reason="wording")])
        yield Running(served, store, run)
    for path in served.folder.glob("live.sqlite*"):
        path.unlink()


class TestLive:
    def test_a_run_is_counted_while_it_is_written_and_goes_on_while_its_process_lives(
        self, served: Served, going_on: Running
    ) -> None:
        before = going_on.look()
        going_on.judge(SURVIVOR, Status.SURVIVED)
        going_on.judge(KILLED, Status.KILLED)
        during = going_on.look()
        going_on.store.end_run(going_on.run, RunState.COMPLETE, "2030-05-18T09:01:00+00:00")
        (served.folder / ".mutation" / "lock.json").unlink()
        after = going_on.look()

        assert (before["run"], before["judged"], before["total"]) == (going_on.run, 0, 3)
        assert (during["judged"], during["ended"], during["goes_on"]) == (2, False, True)
        assert (after["ended"], after["goes_on"]) == (True, False)

    def test_each_verdict_is_told_once_by_target_and_status(self, going_on: Running) -> None:
        going_on.judge(SURVIVOR, Status.KILLED)
        going_on.judge(OTHER, Status.UNCOVERED)
        first = going_on.look()
        going_on.judge(KILLED, Status.KILLED)
        second, third = going_on.look(), going_on.look()

        assert first["verdicts"] == {"prices": {"killed": [SURVIVOR.id], "uncovered": [OTHER.id]}}
        assert second["verdicts"] == {"prices": {"killed": [KILLED.id]}}
        assert third["verdicts"] == {}
        assert [one["anew"] for one in (first, second, third)] == [True, False, False]

    def test_a_mutant_that_is_judged_once_more_is_told_once_more(self, going_on: Running) -> None:
        going_on.judge(SURVIVOR, Status.ERROR)
        going_on.judge(KILLED, Status.KILLED)
        going_on.look()
        going_on.judge(SURVIVOR, Status.KILLED)

        assert going_on.look()["verdicts"] == {"prices": {"killed": [SURVIVOR.id]}}

    def test_one_answer_tells_so_many_and_the_next_the_rest(
        self, going_on: Running, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(store_progress, "MOST", 2)
        for mutant in (SURVIVOR, OTHER, KILLED):
            going_on.judge(mutant, Status.KILLED)
        first, second = going_on.look(), going_on.look()

        assert (first["verdicts"], first["more"]) == ({"prices": {"killed": [SURVIVOR.id, OTHER.id]}}, True)
        assert (second["verdicts"], second["more"]) == ({"prices": {"killed": [KILLED.id]}}, False)

    def test_of_the_run_that_the_page_shows_no_verdict_is_told(self, going_on: Running) -> None:
        going_on.judge(SURVIVOR, Status.KILLED)

        assert (going_on.look(shown=going_on.name)["verdicts"], going_on.cursor) == ({}, "")

    def test_the_next_run_is_told_from_its_first_verdict_and_without_those_before(
        self, going_on: Running
    ) -> None:
        going_on.judge(SURVIVOR, Status.KILLED)
        going_on.look()
        last, going_on.run = going_on.run, going_on.store.start_run(a_provenance(), [a_target()], BEGAN)
        going_on.store.add_mutants(going_on.run, [OTHER])
        going_on.judge(OTHER, Status.SURVIVED)
        going_on.store.add_verdict(last, "prices", a_verdict(KILLED, Status.KILLED))
        found = going_on.look()

        assert (found["anew"], found["verdicts"]) == (True, {"prices": {"survived": [OTHER.id]}})

    @pytest.mark.parametrize(
        "after", ["1", "@", "x@RUN", "-1@RUN", f"{'9' * 30}@RUN", "\u0663@RUN", "1@RUN "]
    )
    def test_a_cursor_that_is_none_has_all_told_anew(self, going_on: Running, after: str) -> None:
        going_on.judge(SURVIVOR, Status.KILLED)
        found = going_on.look(after=after.replace("RUN", going_on.name))

        assert (found["anew"], found["verdicts"]) == (True, {"prices": {"killed": [SURVIVOR.id]}})

    def test_another_store_in_its_place_is_told_anew(self, served: Served, going_on: Running) -> None:
        going_on.judge(SURVIVOR, Status.KILLED)
        going_on.look()
        with Store(served.folder / "other.sqlite") as other:
            run = other.start_run(a_provenance(), [a_target()], "2031-01-01T09:00:00+00:00")
            other.add_mutants(run, [SURVIVOR, OTHER])
            other.add_verdict(run, "prices", a_verdict(OTHER, Status.SURVIVED))
        going_on.store.close()
        (served.folder / "other.sqlite").replace(served.folder / "live.sqlite")
        found = going_on.look()

        assert (found["run"], found["anew"]) == (going_on.run, True)
        assert found["verdicts"] == {"prices": {"survived": [OTHER.id]}}

    def test_a_store_that_cannot_be_read_now_is_a_sentence_and_no_run_without_verdicts(
        self, served: Served, going_on: Running
    ) -> None:
        going_on.store.close()
        whole = (served.folder / "live.sqlite").read_bytes()
        (served.folder / "live.sqlite").write_bytes(whole[: len(whole) // 2])
        damaged = served.get("/api/run")
        (served.folder / "live.sqlite").write_bytes(b"")
        empty = served.get("/api/run")

        assert (damaged.status, empty.status) == (503, 503)
        assert "cannot be read now" in damaged.json["error"]

    def test_a_locked_store_is_waited_for_no_longer_than_a_moment(
        self, served: Served, going_on: Running, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(store_progress, "_PATIENCE", 0.0)
        going_on.store.close()
        with closing(sqlite3.connect(served.folder / "live.sqlite", isolation_level=None)) as db:
            db.execute("PRAGMA locking_mode = EXCLUSIVE")
            db.execute("BEGIN EXCLUSIVE")
            locked = served.get("/api/run")
            db.execute("ROLLBACK")
        free = served.get("/api/run")

        assert (locked.status, free.status) == (503, 200)
        assert "locked" in locked.json["error"]

    def test_neither_count_reads_the_mutants_themselves(self, served: Served, going_on: Running) -> None:
        with closing(sqlite3.connect(served.folder / "live.sqlite")) as db:
            plans = [
                db.execute(f"EXPLAIN QUERY PLAN {query}", (1,)).fetchone()[3]
                for query in (store_progress.JUDGED, store_progress.TO_JUDGE)
            ]

        assert ["COVERING INDEX" in plan for plan in plans] == [True, True]

    def test_the_page_is_made_again_when_asked_and_a_failure_is_a_sentence(self, served: Served) -> None:
        made = served.ask("POST", "/api/page", {})
        (served.folder / "site" / "index.html").rename(served.folder / "away.html")
        failed = served.ask("POST", "/api/page", {})
        (served.folder / "away.html").rename(served.folder / "site" / "index.html")

        assert (made.status, (served.folder / "site" / "rendered").is_file()) == (200, True)
        expected = {"error": "The page could not be made again: there is no folder for it"}
        assert (failed.status, failed.json) == (500, expected)

    def test_nobody_without_the_token_has_it_made(self, served: Served) -> None:
        assert served.ask("POST", "/api/page", {}, X_Triage_Token=None).status == 403

    def test_a_store_that_is_not_there_has_no_run(self, tmp_path: Path) -> None:
        assert store_progress.look(tmp_path / "results.sqlite").run == 0


class TestTheCommand:
    def test_serves_saves_and_ends_with_ctrl_c(self, one_survivor: TreeRun, tmp_path: Path) -> None:
        tree = Path(shutil.copytree(one_survivor.folder, tmp_path / "tree"))
        shutil.rmtree(tree / "dashboard")
        survivor = next(
            m for m in one_survivor.facts.mutants if one_survivor.facts.status(m) is Status.SURVIVED
        )
        process = subprocess.Popen(
            command_line("triage", "--no-open", "--who", "Grace"),
            cwd=tree,
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip().removeprefix("Triage: ")
            base, _, token = address.partition("/?token=")
            port = int(base.rpartition(":")[2])
            served = Served(tree, port)
            mine = {"Cookie": f"triage-{port}={token}", "X_Triage_Token": token}
            revision = served.get(**mine).json["revision"]
            change = {"target": "ages", "id": survivor.id, "decision": "equivalent", "reason": "asked before"}
            body = {"revision": revision, "changes": [change]}
            saved = served.ask("POST", "/api/decisions", body, **mine)
            index = served.get("/", **mine).body.decode()
            idle = socket.create_connection((ADDRESS, port))  # a tab that is still open
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=PATIENCE)
            idle.close()
        finally:
            process.kill()
            process.wait()

        assert saved.json["decisions"][0]["who"] == "Grace"
        assert f'content="{token}"' in index
        assert (process.returncode, err) == (0, "")
        assert "Closed." in out
        page = (tree / "dashboard" / "site" / "index.html").read_text(encoding="utf-8")
        assert "asked before" in page
        assert token not in page
        assert "adjusted 100 %" in run_cli(tree, "check").out

    def test_opens_the_users_browser_at_the_printed_address(
        self, one_survivor: TreeRun, tmp_path: Path
    ) -> None:
        tree = Path(shutil.copytree(one_survivor.folder, tmp_path / "tree"))
        opened = tmp_path / "opened"
        os.mkfifo(opened)
        browser = tmp_path / "browser"
        browser.write_text(f'#!/bin/sh\necho "$1" > {opened}\n', encoding="utf-8")
        browser.chmod(0o755)
        process = subprocess.Popen(
            command_line("triage", "--who", "Grace"),
            cwd=tree,
            env=clean_environment(BROWSER=f"{browser} %s"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        try:
            assert process.stdout is not None
            printed = process.stdout.readline().strip()
            with opened.open(encoding="utf-8") as pipe:
                assert printed == f"Triage: {pipe.read().strip()}"
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 0
        finally:
            process.kill()
            process.communicate()

    def test_needs_a_run(self, tmp_path: Path) -> None:
        (tmp_path / "a.py").write_text("x = 1\n")
        (tmp_path / "mutmut_config.py").write_text(
            "from mutmut_dashboard.config import Target\n"
            "TARGETS = [Target(name='a', modules=['a.py'], suites=['.'])]\n"
        )

        outcome = run_cli(tmp_path, "triage", "--no-open")

        assert outcome.code == 1
        assert "no result" in outcome.err
