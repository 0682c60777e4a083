"""Judging again from the page, with a server that says when each mutant is judged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import Opened, opened
from sites import CART
from test_page_accessibility import complaints
from triage_stand_in import StandIn, a_stand_in


@pytest.fixture(name="server")
def _server(the_shop: Path) -> Iterator[StandIn]:
    with a_stand_in(the_shop.parent) as running:
        yield running


@pytest.fixture(name="seen")
def _seen(browser: Any, server: StandIn) -> Iterator[Opened]:
    with opened(browser, server.address, "#/queue?function=shop/cart.py:subtotal") as seen:
        seen.page.locator(".entry.selected").wait_for()
        seen.page.wait_for_load_state("networkidle")
        yield seen


def press(seen: Opened, key: str) -> None:
    with seen.page.expect_response("**/api/again"):
        seen.page.keyboard.press(key)


def says(seen: Opened, words: str, view: str = "queue") -> None:
    seen.page.locator(f"#view-{view} .again > .again-words", has_text=words).wait_for()


def test_f_judges_the_functions_undetected_mutants_and_the_queue_tells_the_killed(
    seen: Opened, server: StandIn
) -> None:
    press(seen, "f")
    asked = server.again["ids"]
    says(seen, "Judging again: 0 of 5 judged.")
    server.judged_again(asked[0], "killed", "killed now by test_x")
    says(seen, "Judging again: 1 of 5 judged.")
    for id_ in asked[1:]:
        server.judged_again(id_, "survived", "still survives: 3 tests ran")
    says(seen, "5 of 5 judged again: 1 killed now.")

    assert (server.again["target"], len(set(asked))) == ("cart", 5)
    assert seen.page.locator(".entry", has_text="killed now").count() == 1
    assert "1 killed now" in seen.page.locator("#announcements").inner_text()
    assert complaints(seen.page) == []
    assert seen.complaints == []


def test_m_judges_the_files_from_the_queue_and_from_the_source(seen: Opened, server: StandIn) -> None:
    press(seen, "m")
    from_the_queue = server.again["ids"]
    server.again |= {"running": False}
    seen.page.evaluate(f"location.hash = '#/source/{CART}'")
    seen.page.get_by_role("button", name="Judge this file again").wait_for()
    press(seen, "m")
    says(seen, "Judging again: 0 of 6 judged.", "source")

    assert len(from_the_queue) == 6
    assert server.again["ids"] == from_the_queue


def test_the_line_that_is_looked_at_tells_what_became_of_its_mutants(seen: Opened, server: StandIn) -> None:
    seen.page.evaluate(f"location.hash = '#/source/{CART}?line=12'")
    panel = seen.page.locator(".line-panel")
    panel.get_by_text("weight < 20").wait_for()
    press(seen, "m")
    for id_ in list(server.again["ids"]):
        server.judged_again(id_, "killed", "killed now by test_x, AssertionError")
    says(seen, "6 of 6 judged again: 6 killed now.", "source")

    assert "Judged again at 12:04: killed now by test_x, AssertionError." in panel.inner_text()
    assert complaints(seen.page) == []


def test_what_goes_on_is_taken_up_after_a_reload_and_can_be_called_off(seen: Opened, server: StandIn) -> None:
    press(seen, "f")
    seen.page.reload()
    says(seen, "Judging again: 0 of 5 judged.")
    server.judged_again(server.again["ids"][0], "killed", "killed now by test_x")
    says(seen, "Judging again: 1 of 5 judged.")
    seen.page.get_by_role("button", name="Cancel judging").click()
    says(seen, "1 of 5 judged. Judging again was cancelled.")

    seen.page.get_by_role("button", name="Cancel judging").wait_for(state="hidden")
    assert seen.page.locator(".entry", has_text="killed now").count() == 1


def test_one_mutants_end_is_not_told_of_the_next(seen: Opened, server: StandIn) -> None:
    press(seen, "r")
    server.judged_again(server.again["ids"][0], "survived", "still survives: 3 tests ran")
    says(seen, "Judged again at 12:04: still survives: 3 tests ran.")
    seen.page.keyboard.press("j")

    assert seen.page.locator("#view-queue .again > .again-words").inner_text() == ""
    seen.page.keyboard.press("k")
    says(seen, "still survives")


def test_a_refusal_is_told_in_the_servers_words(seen: Opened, server: StandIn) -> None:
    server.refusal = "Other mutants are being judged again."
    press(seen, "m")
    says(seen, "Other mutants are being judged again.")
    server.dead = True
    seen.page.keyboard.press("r")
    says(seen, "The server does not answer.")


def test_a_page_from_the_disk_offers_nothing_to_judge(browser: Any, the_shop: Path) -> None:
    with opened(browser, the_shop.as_uri(), f"#/source/{CART}") as seen:
        seen.page.locator(".code-line").first.wait_for()
        seen.page.keyboard.press("m")

        assert seen.page.get_by_role("button", name="Judge").count() == 0
        assert seen.complaints == []
