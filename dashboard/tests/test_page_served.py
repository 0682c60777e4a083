"""The page when it is served by `mutmut-dashboard triage`: decisions are saved at once, and nothing is lost when that fails."""

from __future__ import annotations

import shutil
import signal
import subprocess
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from browser import Opened, opened
from sites import SURVIVORS
from test_page_accessibility import look
from trees_support import PATIENCE, TreeRun, clean_environment, command_line
from triage_stand_in import StandIn, a_stand_in


@pytest.fixture(name="server")
def _server(the_shop: Path) -> Iterator[StandIn]:
    with a_stand_in(the_shop.parent) as running:
        yield running


@pytest.fixture(name="seen")
def _seen(browser: Any, server: StandIn) -> Iterator[Opened]:
    with opened(browser, server.address, "#/queue") as seen:
        seen.page.locator(".entry.selected").wait_for()
        seen.page.wait_for_load_state("networkidle")
        yield seen


def progress(seen: Opened, decided: int) -> None:
    seen.page.wait_for_function(
        "(words) => document.getElementById('progress-words').textContent === words",
        arg=f"{decided} of {SURVIVORS} decided",
    )


def test_a_decision_is_saved_at_once_and_leaves_no_draft(seen: Opened, server: StandIn) -> None:
    seen.page.keyboard.press("e")
    seen.page.keyboard.type("both give the same")
    with seen.page.expect_response("**/api/decisions"):
        seen.page.keyboard.press("Enter")
    progress(seen, 1)
    (kept,) = server.decisions.values()
    assert (kept["decision"], kept["reason"]) == ("equivalent", "both give the same")
    seen.page.locator("#drafts-button").wait_for(state="hidden")
    assert seen.complaints == []


def test_decisions_of_another_are_shown(seen: Opened, server: StandIn) -> None:
    with seen.page.expect_response("**/api/decisions"):
        seen.page.keyboard.press("t")
    progress(seen, 1)
    seen.page.reload()
    progress(seen, 1)


def test_open_takes_the_decision_away_and_undo_brings_it_back(seen: Opened, server: StandIn) -> None:
    with seen.page.expect_response("**/api/decisions"):
        seen.page.keyboard.press("t")
    seen.page.locator("#drafts-button").wait_for(state="hidden")
    seen.page.get_by_role("button", name="Decided (1)").click()  # at the end of the list now
    seen.page.locator(".decided-head + li a").click()
    with seen.page.expect_response("**/api/decisions"):
        seen.page.keyboard.press("o")
    progress(seen, 0)
    seen.page.locator("#drafts-button").wait_for(state="hidden")
    assert server.decisions == {}
    with seen.page.expect_response("**/api/undo"):
        seen.page.keyboard.press("u")
    progress(seen, 1)
    assert len(server.decisions) == 1


def test_a_conflict_is_said_and_the_decision_kept_as_a_draft(seen: Opened, server: StandIn) -> None:
    server.conflict = "Bob decided it meanwhile."
    seen.page.keyboard.press("t")
    seen.page.get_by_text("Not saved: Bob decided it meanwhile.").last.wait_for()
    assert server.decisions == {}
    assert seen.page.locator("#drafts-button").inner_text() == "1 unsaved"


def test_a_server_that_is_gone_loses_nothing_and_gets_it_later(seen: Opened, server: StandIn) -> None:
    server.dead = True
    seen.page.keyboard.press("t")
    seen.page.get_by_text("the server does not answer").last.wait_for()
    assert seen.page.locator("#drafts-button").inner_text() == "1 unsaved"
    server.dead = False
    seen.page.locator("#drafts-button").click()
    with seen.page.expect_response("**/api/decisions"):
        seen.page.get_by_role("button", name="Send again").click()
    seen.page.locator("#drafts-button").wait_for(state="hidden")
    assert [one["decision"] for one in server.decisions.values()] == ["todo"]


@contextmanager
def served(project: Path) -> Iterator[str]:
    """The address printed by `mutmut-dashboard triage`, which is ended as Ctrl-C does."""
    process = subprocess.Popen(
        command_line("triage", "--no-open", "--who", "Grace"),
        cwd=project,
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip().removeprefix("Triage: ")
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)
        assert process.returncode == 0
    finally:
        process.kill()
        process.communicate()


def test_a_run_that_goes_on_is_counted_in_the_header_and_shown_when_it_has_ended(
    seen: Opened, server: StandIn
) -> None:
    button = seen.page.locator("#run-button")
    assert button.is_hidden()
    server.newest |= {"run": 99, "judged": 41, "total": 1200, "goes_on": True}
    seen.page.get_by_role("button", name="run 99: 41 of 1,200").click()
    told = seen.page.get_by_role("dialog", name="Run 99").inner_text()
    seen.page.keyboard.press("Escape")
    server.newest |= {"judged": 1200, "ended": True, "goes_on": False}
    show = seen.page.get_by_role("button", name="show run 99")
    show.wait_for()
    with seen.page.expect_navigation():
        show.click()

    assert "Run 99 goes on: 41 of 1,200 judged." in told
    assert server.rendered == 1
    assert seen.complaints == []


def test_no_mutant_served_on_a_narrow_screen_has_a_fault_for_axe(
    browser: Any, skipped_with_reasons: TreeRun, tmp_path: Path
) -> None:
    project = Path(shutil.copytree(skipped_with_reasons.folder, tmp_path / "letters"))
    narrow = {"width": 320, "height": 700}
    with served(project) as address, opened(browser, address, "#/queue", viewport=narrow) as seen:
        seen.page.locator(".entry > a").first.wait_for()
        mutants = [link.get_attribute("href") for link in seen.page.locator(".entry > a").all()]

        assert {mutant: said for mutant in mutants if (said := look(seen.page, str(mutant)))} == {}


def test_the_real_server_keeps_what_is_decided_in_triage_toml(
    browser: Any, skipped_with_reasons: TreeRun, tmp_path: Path
) -> None:
    project = Path(shutil.copytree(skipped_with_reasons.folder, tmp_path / "letters"))
    with served(project) as address, opened(browser, address) as seen:
        seen.page.keyboard.press("g")
        seen.page.keyboard.press("q")
        seen.page.locator(".entry.selected").wait_for()
        seen.page.keyboard.press("e")
        seen.page.keyboard.type("both sort alike")
        with seen.page.expect_response("**/api/decisions"):
            seen.page.keyboard.press("Enter")
        seen.page.locator("#drafts-button").wait_for(state="hidden")
        with seen.page.expect_response("**/api/decisions"):
            seen.page.keyboard.press("b")
        seen.page.locator("#drafts-button").wait_for(state="hidden")
        with seen.page.expect_response("**/api/undo"):
            seen.page.keyboard.press("u")
        assert seen.complaints == []
    (entry,) = tomllib.loads((project / "triage.toml").read_text("utf-8"))["decisions"]
    assert (entry["decision"], entry["reason"], entry["who"]) == ("equivalent", "both sort alike", "Grace")
