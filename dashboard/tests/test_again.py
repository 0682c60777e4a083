"""Judging again: what the protocol promises, what the engine judges, and that nothing of it stays behind."""

from __future__ import annotations

import os
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from browser import opened
from factories import SOURCE, a_mutant
from test_page_accessibility import complaints
from test_page_served import served
from test_triage_server import PAGE, TOKEN, Served
from trees_support import PATIENCE, TreeRun, facts_of, run_cli

from mutmut_dashboard.config import load_project
from mutmut_dashboard.engine import lock
from mutmut_dashboard.engine.again import Again as Judged
from mutmut_dashboard.engine.again import CancelledError, judge_again, moved
from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.model import Ended, Status
from mutmut_dashboard.store import Store
from mutmut_dashboard.triage.again import Again, BusyError, Found
from mutmut_dashboard.triage.candidates import CurrentCandidates
from mutmut_dashboard.triage.desk import Desk
from mutmut_dashboard.triage.file import TriageFile
from mutmut_dashboard.triage.server import application, listen, server_for


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def waiting(_target: str, ids: Sequence[str], cancelled: threading.Event) -> Iterator[Found]:
    yield Found(ids[0], "killed", "killed now by test_x")
    cancelled.wait()


def test_one_request_at_a_time_with_progress_until_it_is_closed() -> None:
    again = Again(waiting, lambda: datetime(2030, 5, 17, 12, 4))  # noqa: DTZ001 - the reader's own clock
    again.start("prices", ["a", "b"])
    until(lambda: again.state()["done"] == 1)
    with pytest.raises(BusyError, match="are being judged"):
        again.start("prices", ["b"])
    assert again.state()["results"]["prices/a"]["at"] == "12:04"

    again.close()

    assert not again.state()["running"]
    with pytest.raises(BusyError):
        again.start("prices", ["b"])


def test_trouble_is_one_sentence() -> None:
    def judge(_target: str, _ids: Sequence[str], _cancelled: threading.Event) -> Iterator[Found]:
        raise UsageError("Another run is going on.")

    again = Again(judge)
    again.start("prices", ["a"])
    until(lambda: not again.state()["running"])
    assert again.state()["error"] == "Another run is going on."


def test_the_calls_need_the_token_and_refuse_a_second_request(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(PAGE, "utf-8")
    candidates = CurrentCandidates(tmp_path / "results.sqlite", [])
    desk = Desk(TriageFile(tmp_path, tmp_path), candidates, "Ada", lambda: date(2030, 5, 17))
    again = Again(waiting)
    with listen(0) as taken:
        port = taken.getsockname()[1]
        server = server_for(application(desk, tmp_path, TOKEN, port, again=again))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]})
        thread.start()
        site, wish = Served(tmp_path, port), {"target": "prices", "ids": ["a", "b"]}
        try:
            assert site.ask("POST", "/api/again", wish, X_Triage_Token=None).status == 403
            assert site.ask("POST", "/api/again", wish, Origin="http://elsewhere.example").status == 403
            assert site.ask("POST", "/api/again", {"ids": 3}).status == 400
            assert site.ask("POST", "/api/again", wish).status == 202
            busy = site.ask("POST", "/api/again", wish)
            assert (busy.status, "cancel" in busy.json["error"]) == (409, True)
            assert site.ask("POST", "/api/again/cancel", {}).status == 200
            until(lambda: not site.get("/api/again").json["running"])
        finally:
            again.close()
            server.should_exit = True
            thread.join(PATIENCE)


def test_a_mutant_moves_along_with_its_function_and_is_lost_with_it() -> None:
    mutant = a_mutant()
    below = moved(SOURCE, f"# new\n{SOURCE}", mutant)

    assert below is not None
    assert below.line == mutant.line + 1
    assert moved(SOURCE, SOURCE.replace("price", "cost"), mutant) is None


@pytest.fixture(name="letters")
def _letters(skipped_with_reasons: TreeRun, tmp_path: Path) -> Path:
    """A project that was run, with survivors in `greet`, that a test may change."""
    return Path(shutil.copytree(skipped_with_reasons.folder, tmp_path / "letters"))


def a_survivor(project: Path) -> str:
    return facts_of(project).of("greet", Status.SURVIVED)[0].id


def judged(project: Path, id_: str, cancelled: threading.Event | None = None) -> Judged:
    (one,) = judge_again(
        load_project(project / "mutmut_config.py"), "letters", [id_], cancelled or threading.Event()
    )
    return one


def add_test(project: Path, body: str) -> None:
    tests = project / "test_letters.py"
    tests.write_text(f"{tests.read_text('utf-8')}\n\ndef test_new():\n    {body}\n", "utf-8")


def endless(project: Path) -> Path:
    """Add a test that never ends; the file returned is there, with its process id, once it runs."""
    mark = project.with_name("mark")
    written = f"pathlib.Path({str(mark) + '.new'!r})"
    add_test(
        project,
        f"import os, pathlib, time; {written}.write_text(str(os.getpid())); "
        f"{written}.rename({str(mark)!r}); time.sleep(600)",
    )
    return mark


def is_gone(mark: Path) -> bool:
    try:
        os.kill(int(mark.read_text()), 0)
    except ProcessLookupError:
        return True
    return False


def test_a_test_that_fails_without_the_mutant_kills_nothing(letters: Path) -> None:
    add_test(letters, "assert letters.greet('Bo') == 'nonsense'")

    one = judged(letters, a_survivor(letters))

    assert one.verdict is None
    assert one.trouble == "test_letters.py::test_new fails without the mutant, too. Correct it first."


def test_what_no_test_reached_is_asked_of_all_tests_once_a_helper_changed(letters: Path) -> None:
    source = letters / "letters.py"
    source.write_text(f"{source.read_text('utf-8')}\n\ndef seal():\n    return 1\n", "utf-8")
    helper = letters / "helper.py"
    helper.write_text("def holds():\n    return True\n")
    add_test(letters, "import helper; assert helper.holds()")
    assert run_cli(letters, "run", "--no-page").code == 0
    (mutant,) = facts_of(letters).of("seal", Status.UNCOVERED)

    before = judged(letters, mutant.id).verdict
    helper.write_text("import letters\n\ndef holds():\n    return letters.seal() == 1\n")
    verdict = judged(letters, mutant.id).verdict

    assert before is not None
    assert (before.ended, before.tests_run) == (Ended.PASSED, 0)
    assert verdict is not None
    assert verdict.kill is not None
    assert verdict.kill.test == "test_letters.py::test_new"


def test_while_another_run_goes_on_nothing_is_judged_and_its_holder_is_named(letters: Path) -> None:
    with (
        lock.hold(letters / ".mutation", "run --fresh"),
        pytest.raises(UsageError, match=rf"process {os.getpid()} on .*\(run --fresh\)"),
    ):
        judged(letters, a_survivor(letters))


def test_what_is_called_off_leaves_no_process_and_no_file(letters: Path) -> None:
    mark, cancelled = endless(letters), threading.Event()
    id_ = a_survivor(letters)
    with ThreadPoolExecutor() as pool:
        judging = pool.submit(judged, letters, id_, cancelled)
        until(mark.exists)
        cancelled.set()
        with pytest.raises(CancelledError):
            judging.result(PATIENCE)

    assert is_gone(mark)
    assert list((letters / ".mutation" / "again").iterdir()) == []


def test_ctrl_c_ends_the_server_and_what_it_judges(letters: Path) -> None:
    mark, id_ = endless(letters), a_survivor(letters)
    with served(letters) as address:
        ((port, token),) = re.findall(r":(\d+)/\?token=(.*)", address)
        mine = {"X_Triage_Token": token, "Cookie": f"triage-{port}={token}"}
        wish = {"target": "letters", "ids": [id_]}
        assert Served(letters, int(port)).ask("POST", "/api/again", wish, **mine).status == 202
        until(mark.exists)

    assert is_gone(mark)


def test_a_test_just_written_kills_on_the_page(browser: Any, letters: Path, tmp_path: Path) -> None:
    project = letters
    store_path = project / ".mutation" / "results.sqlite"
    with served(project) as address, opened(browser, address) as seen:
        page = seen.page
        page.keyboard.press("g")
        page.keyboard.press("q")
        page.locator(".entry.selected").wait_for()
        page.keyboard.press("r")
        page.get_by_text("still survives").first.wait_for()
        tests, source = project / "test_letters.py", (project / "letters.py").read_text("utf-8")
        stricter = f"import inspect, letters\n    assert inspect.getsource(letters) == {source!r}"
        tests.write_text(f"{tests.read_text('utf-8')}\n\ndef test_new():\n    {stricter}\n", "utf-8")
        page.get_by_role("button", name="Judge this mutant again").click()
        page.get_by_text("killed now by test_letters.py::test_new, AssertionError").first.wait_for()
        assert "killed now by" in page.locator("#announcements").inner_text()
        assert complaints(page) == []
        page.set_viewport_size({"width": 320, "height": 700})
        page.locator(".entry.selected > a").click()
        page.get_by_role("button", name="Judge this mutant again").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        page.screenshot(path=os.environ.get("SHOT", str(tmp_path / "shot.png")))
        assert seen.complaints == []
    with Store(store_path) as store:
        assert len(store.runs()) == 1
