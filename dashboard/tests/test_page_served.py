"""The page when it is served by `mutmut-dashboard triage`: decisions are saved at once, and nothing is lost when that fails."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import Opened, opened
from sites import SURVIVORS
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
    seen.page.keyboard.press("k")
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
