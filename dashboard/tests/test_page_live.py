"""The verdicts of a run that goes on in another terminal, on the page that shows the run before it."""

from __future__ import annotations

import json
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import Opened, opened
from factories import a_verdict
from sites import CART, the_cart
from test_page_accessibility import NARROW, WIDE, complaints
from test_page_served import served
from trees_support import TreeRun
from triage_stand_in import StandIn, a_stand_in

from mutmut_dashboard.model import Status
from mutmut_dashboard.store import Store

BY_CHANGE = {(mutant.original, mutant.replacement): f"cart/{mutant.id}" for mutant, _ in the_cart().judged}
SURVIVOR = BY_CHANGE["total < 0", "total <= 0"]
BESIDE_IT = BY_CHANGE["discount > 1", "discount >= 1"]
UNCOVERED = BY_CHANGE["return 0", "return 1"]
KILLED = BY_CHANGE["5 if", "6 if"]


@pytest.fixture(name="server")
def _server(the_shop: Path) -> Iterator[StandIn]:
    with a_stand_in(the_shop.parent) as running:
        running.newest |= {"run": 99, "total": 2878, "goes_on": True}
        yield running


@pytest.fixture(name="seen")
def _seen(browser: Any, server: StandIn) -> Iterator[Opened]:
    with opened(browser, server.address, f"#/queue?m={SURVIVOR}") as seen:
        arrive(seen)
        yield seen


def arrive(seen: Opened) -> None:
    seen.page.locator(".entry.selected").wait_for()
    seen.page.wait_for_load_state("networkidle")
    seen.page.evaluate("LiveRun.EVERY = 50")  # no test waits for the next look


def header(seen: Opened, words: str) -> Any:
    button = seen.page.get_by_role("button", name=words, exact=True)
    button.wait_for()
    return button


def heard(seen: Opened) -> None:
    """Note from now on what the live regions of the page say."""
    seen.page.evaluate(
        """() => {
          window.heard = [];
          for (const region of document.querySelectorAll("[aria-live], [role=status], [role=alert]")) {
            new MutationObserver(() => window.heard.push(region.textContent)).observe(region, { childList: true, characterData: true, subtree: true });
          }
        }"""
    )


def test_what_is_killed_now_is_marked_in_its_row_and_told_beside_it(seen: Opened, server: StandIn) -> None:
    header(seen, "run 99 begins")
    server.judged("killed", SURVIVOR)
    server.judged("survived", BESIDE_IT)
    header(seen, "run 99: 2 of 2,878, 1 changed")

    assert "total <= 0" in seen.page.locator(".entry", has_text="killed now").inner_text()
    assert seen.page.locator(".entry .badge", has_text="now").count() == 1
    band = seen.page.locator("#view-queue .live-words")
    assert band.inner_text() == "Run 99: killed now, on this page survived."
    assert seen.page.locator("#view-queue .mutant-head .status").inner_text().endswith("survived")
    seen.page.keyboard.press("j")
    assert band.inner_text() in ("Run 99: survived, as on this page.", "")
    assert seen.complaints == []


def test_the_list_of_changes_leads_to_each_of_them(seen: Opened, server: StandIn) -> None:
    server.judged("killed", SURVIVOR, UNCOVERED)
    server.judged("survived", KILLED)
    header(seen, "run 99: 3 of 2,878, 3 changed").click()
    dialog = seen.page.get_by_role("dialog", name="Run 99")
    words = dialog.inner_text()
    dialog.get_by_role("link").first.click()
    seen.page.locator("#view-mutant .live-words", has_text="survived now, on this page killed").wait_for()

    assert "Run 99 goes on: 3 of 2,878 judged, 2 of your survivors are killed now, 1 new survivor." in words
    assert [line for line in words.splitlines() if line.endswith(")")] == [
        "New survivors (1)",
        "Killed now (2)",
    ]
    assert not dialog.is_visible()
    assert seen.complaints == []


def test_a_reload_takes_up_where_it_was(seen: Opened, server: StandIn) -> None:
    server.judged("killed", SURVIVOR)
    header(seen, "run 99: 1 of 2,878, 1 changed")
    seen.page.reload()
    arrive(seen)
    header(seen, "run 99: 1 of 2,878, 1 changed")

    assert seen.page.locator(".entry", has_text="killed now").count() == 1


def test_the_next_run_begins_without_the_marks_of_the_last(seen: Opened, server: StandIn) -> None:
    server.judged("killed", SURVIVOR)
    header(seen, "run 99: 1 of 2,878, 1 changed")
    server.next_run()
    header(seen, "run 100 begins")

    assert seen.page.locator(".entry .badge", has_text="now").count() == 0
    assert seen.page.locator("#view-queue .live-words").inner_text() == ""


def test_the_source_shows_it_in_the_margin_and_marks_only_what_still_survives(
    seen: Opened, server: StandIn
) -> None:
    seen.page.evaluate(f"location.hash = '#/source/{CART}?line=6'")
    line = seen.page.locator(".code-line.selected")
    marked = line.locator("mark")
    marked.first.wait_for()
    before = marked.count()
    line.locator("button").focus()
    server.judged("killed", SURVIVOR)
    server.judged("survived", KILLED)
    header(seen, "run 99: 2 of 2,878, 2 changed")
    line.get_by_role("button", name="1 undetected, 1 judged otherwise since").wait_for()

    assert (before, marked.count()) == (2, 1)
    assert "killed now, on this page survived" in seen.page.locator(".line-panel").inner_text()
    assert seen.page.locator(".code-line", has_text="return 5").locator("mark").count() == 2
    assert line.locator("button").evaluate("(one) => one === document.activeElement")
    assert seen.complaints == []


def test_a_hundred_verdicts_are_heard_in_one_sentence(seen: Opened, server: StandIn) -> None:
    header(seen, "run 99 begins")
    heard(seen)
    server.judged("killed", SURVIVOR)
    header(seen, "run 99: 1 of 2,878, 1 changed")
    for count, key in enumerate([BESIDE_IT, UNCOVERED, *(f"cart/new{at}" for at in range(20))], 2):
        server.judged("killed", key)
        header(seen, f"run 99: {count} of 2,878, {min(count, 3)} changed")

    assert seen.page.evaluate("window.heard") == [
        "Run 99 goes on: 1 of 2,878 judged, 1 of your survivors is killed now."
    ]


def test_a_server_that_is_gone_leaves_what_was_told(seen: Opened, server: StandIn) -> None:
    server.judged("killed", SURVIVOR)
    header(seen, "run 99: 1 of 2,878, 1 changed")
    server.dead = True
    header(seen, "run 99: 1 of 2,878, 1 changed, no news")
    marked = seen.page.locator(".entry", has_text="killed now").count()
    server.dead = False
    server.judged("killed", UNCOVERED)
    header(seen, "run 99: 2 of 2,878, 2 changed")

    assert marked == 1
    assert seen.page.locator(".entry", has_text="killed now").count() == 2


@pytest.mark.parametrize(("scheme", "size"), [("light", WIDE), ("dark", NARROW)])
def test_what_is_marked_is_accessible(
    browser: Any, server: StandIn, scheme: str, size: dict[str, int]
) -> None:
    server.judged("killed", SURVIVOR, UNCOVERED)
    server.judged("timeout", BESIDE_IT)
    server.judged("survived", KILLED)
    with opened(browser, server.address, "#/queue", viewport=size, color_scheme=scheme) as seen:
        button = header(seen, "run 99: 4 of 2,878, 4 changed")
        seen.page.locator(".entry", has_text="killed now").first.wait_for()
        assert complaints(seen.page) == []
        button.click()
        assert complaints(seen.page) == []
        seen.page.keyboard.press("Escape")
        seen.page.evaluate(f"location.hash = '#/source/{CART}?line=6'")
        seen.page.locator(".line-mutants.news").first.wait_for()
        assert complaints(seen.page) == []
        assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert seen.complaints == []


def test_a_page_from_the_disk_asks_nobody(browser: Any, the_shop: Path) -> None:
    with opened(browser, the_shop.as_uri(), "#/queue") as seen:
        seen.page.locator(".entry.selected").wait_for()

        assert [url for url in seen.requests if "/api/" in url] == []
        assert seen.page.locator("#run-button").is_hidden()
        assert seen.page.locator(".live-words").count() == 0


def test_a_real_run_beside_the_real_server(
    browser: Any, skipped_with_reasons: TreeRun, tmp_path: Path
) -> None:
    project = Path(shutil.copytree(skipped_with_reasons.folder, tmp_path / "letters"))
    with (
        served(project) as address,
        opened(browser, address, "#/queue") as seen,
        Store(project / ".mutation" / "results.sqlite") as store,
    ):
        arrive(seen)
        last = store.latest_run()
        assert last is not None
        holder = {"pid": os.getppid(), "host": socket.gethostname()}
        (project / ".mutation" / "lock.json").write_text(json.dumps(holder), encoding="utf-8")
        mutants = store.mutants(last.id)
        run = store.start_run(last.provenance, last.targets, "2031-01-01T09:00:00+00:00")
        store.add_mutants(run, mutants)
        survivor = next(
            mutant
            for mutant in mutants
            if seen.page.locator(f".entry a[href*='{mutant.id}']").count() and mutant.skip_reason is None
        )
        store.add_verdict(run, survivor.target, a_verdict(survivor, Status.KILLED))
        seen.page.locator(".entry", has_text="killed now").wait_for()

        assert (
            seen.page.locator(".entry", has_text="killed now").locator(f"a[href*='{survivor.id}']").count()
            == 1
        )
        assert "1 changed" in seen.page.locator("#run-button").inner_text()
        assert seen.complaints == []
