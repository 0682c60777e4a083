"""Triage on the page, by keyboard: deciding, undoing, keeping drafts, and taking them into triage.toml for real."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest
from browser import opened
from sites import SURVIVORS
from trees_support import TreeRun, run_cli


def selected(page: Any) -> str:
    """The change that is being read."""
    return str(page.locator(".entry.selected .change").inner_text())


def progress(page: Any) -> str:
    return str(page.locator("#progress-words").inner_text())


def drafts(page: Any) -> dict[str, Any]:
    """What the browser keeps, by target/id."""
    kept: dict[str, Any] = page.evaluate(
        "() => JSON.parse(Object.entries(localStorage).find(([k]) => k.includes('drafts:'))?.[1] ?? '{}')"
    )
    return kept


def test_a_whole_triage_without_the_mouse(browser: Any, the_shop: Path) -> None:
    with opened(browser, the_shop) as seen:
        keys = seen.page.keyboard
        keys.press("g")
        keys.press("q")
        seen.page.locator(".entry.selected").wait_for()
        first = selected(seen.page)
        keys.press("j")
        second = selected(seen.page)
        assert second != first
        keys.press("k")
        keys.press("t")
        assert (progress(seen.page), selected(seen.page)) == (f"1 of {SURVIVORS} decided", second)
        keys.press("e")
        keys.type("both give the same")
        keys.press("Enter")
        assert progress(seen.page) == f"2 of {SURVIVORS} decided"
        keys.press("a")
        keys.type("only a label")
        keys.press("Enter")
        keys.press("b")
        assert progress(seen.page) == f"4 of {SURVIVORS} decided"
        keys.press("u")
        assert progress(seen.page) == f"3 of {SURVIVORS} decided"
        assert seen.page.locator("#drafts-button").inner_text() == "3 unsaved"
        choices = sorted((one["choice"], one["reason"]) for one in drafts(seen.page).values())
        assert choices == [("accepted", "only a label"), ("equivalent", "both give the same"), ("todo", "")]
        assert seen.complaints == []


def test_what_is_undone_from_another_view_leaves_the_reader_there(browser: Any, the_shop: Path) -> None:
    with opened(browser, the_shop, "#/queue") as seen:
        seen.page.locator(".entry.selected").wait_for()
        for key in ("t", "g", "o", "u"):
            seen.page.keyboard.press(key)
        seen.page.locator("#toast", has_text="Taken back: 1 decision.").wait_for()
        assert seen.page.evaluate("location.hash") == "#/overview"
        assert not seen.page.evaluate("document.activeElement.closest('#view-queue') !== null")
        assert drafts(seen.page) == {}
        seen.page.keyboard.press("g")
        seen.page.keyboard.press("q")
        seen.page.locator(".entry.selected").wait_for()
        assert progress(seen.page) == f"0 of {SURVIVORS} decided"
        assert seen.page.locator("#view-queue .decided-head").count() == 0


def test_drafts_survive_a_reload(browser: Any, the_shop: Path) -> None:
    with opened(browser, the_shop, "#/queue") as seen:
        seen.page.locator(".entry.selected").wait_for()
        seen.page.keyboard.press("b")
        seen.page.reload()
        seen.page.locator(".entry.selected").wait_for()
        assert progress(seen.page) == f"1 of {SURVIVORS} decided"
        assert seen.page.locator("#drafts-button").inner_text() == "1 unsaved"
        assert seen.page.locator("#queue-count").inner_text() == str(SURVIVORS - 1)


def test_an_empty_reason_keeps_nothing_and_escape_leaves_the_form(browser: Any, the_shop: Path) -> None:
    with opened(browser, the_shop, "#/queue") as seen:
        seen.page.locator(".entry.selected").wait_for()
        seen.page.keyboard.press("e")
        seen.page.keyboard.type("   ")
        seen.page.keyboard.press("Enter")
        assert seen.page.locator("form.reason").is_visible()
        seen.page.keyboard.press("Escape")
        assert not seen.page.locator("form.reason").is_visible()
        assert drafts(seen.page) == {}


def test_after_a_reason_was_left_enter_decides_nothing(browser: Any, the_shop: Path) -> None:
    with opened(browser, the_shop, "#/queue") as seen:
        seen.page.locator(".entry.selected a").focus()
        for key in ("a", "Escape", "Enter"):
            seen.page.keyboard.press(key)
        assert drafts(seen.page) == {}
        assert seen.page.evaluate("document.activeElement.tagName") == "H2"


@pytest.mark.parametrize("key", ["t", "e"])
def test_on_a_narrow_screen_the_row_that_is_looked_at_is_decided(
    browser: Any, the_shop: Path, key: str
) -> None:
    with opened(browser, the_shop, "#/queue", viewport={"width": 320, "height": 700}) as seen:
        seen.page.locator(".entry.selected").wait_for()
        seen.page.keyboard.press("j")
        seen.page.keyboard.press("j")
        wanted = seen.page.locator(".entry a:focus").get_attribute("href")
        seen.page.keyboard.press(key)
        if key == "e":
            seen.page.keyboard.type("both give the same")
            seen.page.keyboard.press("Enter")
        (decided,) = drafts(seen.page)
        assert wanted is not None
        assert wanted.endswith(f"m={decided}")


def test_what_was_decided_before_a_reload_can_be_taken_back(browser: Any, the_shop: Path) -> None:
    with opened(browser, the_shop, "#/queue") as seen:
        seen.page.locator(".entry.selected").wait_for()
        seen.page.keyboard.press("t")
        seen.page.keyboard.press("b")
        seen.page.reload()
        seen.page.locator(".entry.selected").wait_for()
        seen.page.keyboard.press("u")
        assert [one["choice"] for one in drafts(seen.page).values()] == ["todo"]
        seen.page.keyboard.press("u")
        assert drafts(seen.page) == {}


def test_reasons_given_lately_are_offered(browser: Any, the_shop: Path) -> None:
    with opened(browser, the_shop, "#/queue") as seen:
        seen.page.locator(".entry.selected").wait_for()
        seen.page.keyboard.press("e")
        seen.page.keyboard.type("rounding hides it")
        seen.page.keyboard.press("Enter")
        seen.page.keyboard.press("e")
        seen.page.get_by_role("button", name="rounding hides it").click()
        assert seen.page.locator("form.reason:visible input[type=text]").input_value() == "rounding hides it"


def test_many_are_decided_at_once_with_one_reason_and_taken_back_at_once(
    browser: Any, the_shop: Path
) -> None:
    with opened(browser, the_shop, "#/queue?operator=comparison%20swap") as seen:
        seen.page.get_by_role("button", name="decide these…").click()
        seen.page.get_by_role("radio", name="equivalent").check()
        seen.page.get_by_label("Why can no test tell the difference?").fill("the edge is never met")
        seen.page.keyboard.press("Enter")
        assert progress(seen.page) == f"4 of {SURVIVORS} decided"
        assert {one["reason"] for one in drafts(seen.page).values()} == {"the edge is never met"}
        seen.page.keyboard.press("u")
        assert progress(seen.page) == f"0 of {SURVIVORS} decided"


def test_many_are_accepted_until_a_day_for_a_reason_given_lately(browser: Any, the_shop: Path) -> None:
    with opened(browser, the_shop, "#/queue?operator=comparison%20swap") as seen:
        seen.page.locator(".entry.selected").wait_for()
        seen.page.keyboard.press("e")
        seen.page.keyboard.type("the edge is never met")
        seen.page.keyboard.press("Enter")
        seen.page.get_by_role("button", name="decide these…").click()
        dialog = seen.page.locator("dialog.bulk")
        until = dialog.get_by_label("until (may stay empty)")
        for choice in ("todo", "equivalent", "bug"):
            dialog.get_by_role("radio", name=choice).check()
            assert until.is_hidden()
        dialog.get_by_role("radio", name="open").check()
        assert dialog.locator("input[type=text]").is_hidden()
        dialog.get_by_role("radio", name="accepted").check()
        dialog.get_by_role("button", name="the edge is never met").click()
        until.fill("2031-01-31")
        dialog.get_by_role("button", name="Decide", exact=True).click()
        kept = [(one["choice"], one["reason"], one["expires"]) for one in drafts(seen.page).values()]
        assert sorted(kept) == [
            *[("accepted", "the edge is never met", "2031-01-31")] * 3,
            ("equivalent", "the edge is never met", ""),
        ]
        seen.page.evaluate("() => { location.hash = '#/queue'; }")
        seen.page.locator(".entry.selected").wait_for()
        seen.page.get_by_role("button", name="decide these…").click()
        assert dialog.locator("input[type=text]").input_value() == ""
        assert seen.complaints == []


def test_deciding_what_is_filtered_for_goes_on_to_the_next(browser: Any, the_shop: Path) -> None:
    with opened(browser, the_shop, "#/queue?decision=open") as seen:
        seen.page.locator(".entry.selected").wait_for()
        seen.page.keyboard.press("j")
        second = selected(seen.page)
        seen.page.keyboard.press("k")
        seen.page.keyboard.press("t")
        assert selected(seen.page) == second
        assert seen.page.locator(".shown").first.inner_text() == f"{SURVIVORS - 1} of {SURVIVORS} shown"


def test_a_stale_decision_shows_its_old_reason_and_leaves_the_mutant_open(
    browser: Any, the_decided_shop: Path
) -> None:
    with opened(browser, the_decided_shop, "#/queue?q=None") as seen:
        ruling = seen.page.locator(".decide .ruling")
        ruling.get_by_text("only a cache").wait_for()
        assert "stale: the function has changed" in ruling.inner_text()
        assert seen.page.locator(".choice[aria-pressed=true]").inner_text() == "o open"
        assert progress(seen.page) == f"1 of {SURVIVORS} decided"


def test_keys_do_nothing_while_they_are_off_or_something_is_typed(browser: Any, the_shop: Path) -> None:
    with opened(browser, the_shop, "#/queue") as seen:
        seen.page.locator(".entry.selected").wait_for()
        seen.page.keyboard.press("/")
        seen.page.keyboard.type("tb")
        assert seen.page.locator("#queue-search").input_value() == "tb"
        seen.page.keyboard.press("Escape")
        assert seen.page.locator("#queue-search").input_value() == ""
        seen.page.keyboard.press("?")
        seen.page.get_by_label("Single-key shortcuts").uncheck()
        seen.page.get_by_role("button", name="Close").click()
        seen.page.keyboard.press("t")
        seen.page.reload()
        seen.page.locator(".entry.selected").wait_for()
        seen.page.keyboard.press("t")
        assert drafts(seen.page) == {}


@pytest.fixture(name="project")
def _project(skipped_with_reasons: TreeRun, tmp_path: Path) -> Path:
    """A project of its own with a real run, whose decisions may be changed."""
    return Path(shutil.copytree(skipped_with_reasons.folder, tmp_path / "letters"))


def test_downloaded_drafts_are_merged_by_decide_import(browser: Any, project: Path, tmp_path: Path) -> None:
    with opened(browser, project / "dashboard" / "site" / "index.html", "#/queue") as seen:
        seen.page.locator(".entry.selected").wait_for()
        count = int(seen.page.locator("#queue-count").inner_text())
        seen.page.keyboard.press("e")
        seen.page.keyboard.type('it\'s "the same" \\ 100 %')
        seen.page.keyboard.press("Enter")
        seen.page.keyboard.press("t")
        seen.page.locator("#drafts-button").click()
        seen.page.get_by_label("Your name, for triage.toml").fill("Ada Lovelace")
        with seen.page.expect_download() as waiting:
            seen.page.get_by_role("button", name="Download triage-drafts.toml").click()
        file = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(file)
        assert seen.complaints == []
    merged = run_cli(project, "decide", "--import", str(file))
    assert merged.code == 0, merged.err
    entries = tomllib.loads((project / "triage.toml").read_text("utf-8"))["decisions"]
    assert sorted((one["decision"], one.get("reason", ""), one["who"]) for one in entries) == [
        ("equivalent", 'it\'s "the same" \\ 100 %', "Ada Lovelace"),
        ("todo", "", "Ada Lovelace"),
    ]
    assert run_cli(project, "report").code == 0
    with opened(browser, project / "dashboard" / "site" / "index.html", "#/queue") as seen:
        seen.page.locator(".entry.selected").wait_for()
        assert progress(seen.page) == f"2 of {count} decided"
        assert not seen.page.locator("#drafts-button").is_visible()
