"""Where a reader is: addresses say what is shown, and going back or on does not lose the place."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from browser import opened
from factories import Recorded, a_mutant, a_verdict
from sites import CART, CART_TESTS, render, the_shop

from mutmut_dashboard.model import Status
from mutmut_dashboard.report import survivors


def address(page: Any) -> str:
    return str(page.evaluate("location.hash"))


def tag_of_focus(page: Any) -> str:
    return str(page.evaluate("document.activeElement.tagName"))


def test_what_is_ticked_in_the_source_goes_along_and_stands_in_the_address(
    browser: Any, the_shop: Path
) -> None:
    with opened(browser, the_shop, f"#/source/{CART}") as seen:
        seen.page.locator(".code-line").first.wait_for()
        seen.page.locator(".statuses-shown input").nth(2).check()
        seen.page.keyboard.press("]")
        seen.page.get_by_role("heading", name="shop/stock.py").wait_for()
        seen.page.wait_for_function("() => location.hash.includes('show=ksu')")
        assert seen.page.locator(".statuses-shown input").nth(2).is_checked()


def test_the_order_of_the_tests_stays_and_stands_in_the_address(browser: Any, the_shop: Path) -> None:
    with opened(browser, the_shop, "#/tests") as seen:
        seen.page.get_by_role("button", name="Time").click()
        sorted_so = address(seen.page)
        seen.page.keyboard.press("g")
        seen.page.keyboard.press("q")
        seen.page.keyboard.press("g")
        seen.page.keyboard.press("t")
        seen.page.wait_for_function("(wanted) => location.hash === wanted", arg=sorted_so)
        assert "sort=" in sorted_so


def test_going_back_leads_to_where_the_overview_was_left(browser: Any, the_shop: Path) -> None:
    with opened(browser, the_shop, viewport={"width": 1000, "height": 400}) as seen:
        seen.page.evaluate("scrollTo(0, 500)")
        seen.page.wait_for_function("() => history.state?.down === 500")
        seen.page.keyboard.press("g")
        seen.page.keyboard.press("q")
        seen.page.locator(".entry.selected").wait_for()
        seen.page.go_back()
        seen.page.wait_for_function("() => scrollY === 500")


def test_going_back_to_the_queue_goes_on_at_its_row(browser: Any, the_shop: Path) -> None:
    with opened(browser, the_shop, "#/queue") as seen:
        seen.page.locator(".entry.selected").wait_for()
        seen.page.keyboard.press("j")
        left = address(seen.page)
        seen.page.keyboard.press("g")
        seen.page.keyboard.press("o")
        seen.page.locator("#view-queue").wait_for(state="hidden")
        seen.page.go_back()
        seen.page.locator(".entry.selected a:focus").wait_for()
        assert address(seen.page) == left


def test_reading_goes_on_from_mutant_to_mutant(browser: Any, the_shop: Path) -> None:
    with opened(browser, the_shop, "#/queue") as seen:
        seen.page.locator(".entry.selected").wait_for()
        seen.page.keyboard.press("Enter")
        for _ in range(3):
            seen.page.keyboard.press("j")
            seen.page.wait_for_load_state("networkidle")
            assert tag_of_focus(seen.page) == "H2"


def test_a_search_that_is_given_up_leads_back_to_the_mutant_it_began_at(browser: Any, the_shop: Path) -> None:
    with opened(browser, the_shop, "#/queue") as seen:
        seen.page.locator(".entry.selected").wait_for()
        for _ in range(3):
            seen.page.keyboard.press("j")
        left = address(seen.page)
        seen.page.keyboard.press("/")
        seen.page.keyboard.type("no such thing")
        seen.page.keyboard.press("Escape")
        assert address(seen.page) == left
        assert seen.page.locator(".entry.selected a:focus").count() == 1


def test_the_filter_by_test_counts_what_each_ran(browser: Any, the_shop: Path) -> None:
    with opened(browser, the_shop, "#/queue") as seen:
        choice = seen.page.locator(".facets label", has_text=CART_TESTS[0].partition("::")[2])
        assert choice.locator(".number").inner_text() == "4"
        seen.page.locator(".facets label", has_text="comparison swap").click()
        assert choice.locator(".number").inner_text() == "2"
        choice.click()
        seen.page.wait_for_function("() => location.hash.includes('test=')")
        seen.page.get_by_text(re.compile("^Run by")).wait_for()
        assert seen.page.locator(".entry").count() == 1
        assert choice.locator("input").is_checked()
        seen.page.get_by_role("button", name="Any: Test").click()
        seen.page.wait_for_function("() => !location.hash.includes('test=')")
        assert seen.complaints == []


def test_where_no_tests_were_recorded_nothing_is_said_about_them(browser: Any, tmp_path: Path) -> None:
    mutant = a_mutant()
    site = render(
        tmp_path, Recorded([(mutant, a_verdict(mutant, Status.SURVIVED))], tests=[], coverage=[], reach={})
    )
    with opened(browser, site, "#/queue") as seen:
        pane = seen.page.locator(".mutant-pane")
        pane.get_by_text("Which tests run it was not recorded.").first.wait_for()
        assert "No test calls" not in pane.inner_text()


def test_a_kind_of_change_leads_to_what_it_does(browser: Any, the_shop: Path) -> None:
    with opened(browser, the_shop, "#/queue") as seen:
        seen.page.locator(".mutant-head").get_by_role("link", name="comparison swap").click()
        row = seen.page.locator("#operator-comparison-swap")
        row.get_by_text("comparison swap").wait_for()
        assert row.evaluate("(row) => row.matches(':target')")


def test_whatever_its_name_an_operator_leads_to_its_own_row(browser: Any, of_hostile_texts: Path) -> None:
    with opened(browser, of_hostile_texts, "#/queue") as seen:
        link = seen.page.locator(".mutant-head a[href^='#operator-']")
        name = link.inner_text()
        link.click()
        row = seen.page.locator(".operators tr:target th")
        row.wait_for()
        assert row.inner_text().startswith(name[:10])


def test_a_table_keeps_its_order_over_a_reload(browser: Any, the_shop: Path) -> None:
    with opened(browser, the_shop) as seen:
        head = seen.page.locator("table[data-key^=files-] th", has_text="undecided").first
        head.get_by_role("button").click()
        assert head.get_attribute("aria-sort") == "descending"
        seen.page.reload()
        head.get_by_role("button").wait_for()
        assert head.get_attribute("aria-sort") == "descending"


def test_the_files_are_searched_and_what_is_found_is_added_up(browser: Any, of_many_folders: Path) -> None:
    with opened(browser, of_many_folders) as seen:
        rows = seen.page.locator("table[data-tree] tbody tr:visible")
        everything = rows.count()
        search = seen.page.get_by_role("searchbox", name=re.compile("Search the files")).first
        search.fill("PRICES")
        said = seen.page.locator("[data-tree-said]").first.inner_text()
        found = re.fullmatch(r"(\d+) of \d+ files: (\d+) mutants?, (\d+) undetected", said)
        assert found is not None
        assert rows.count() == int(found[1]) < everything
        numbers = [row.locator("td").all_inner_texts()[:2] for row in rows.all()]
        assert [sum(int(row[at]) for row in numbers) for at in (0, 1)] == [int(found[2]), int(found[3])]
        search.fill("")
        assert rows.count() == everything


def test_lines_that_no_test_runs_are_gone_through_when_asked_for(browser: Any, the_shop: Path) -> None:
    with opened(browser, the_shop, f"#/source/{CART}?show=~") as seen:
        seen.page.locator(".code-line").first.wait_for()
        seen.page.keyboard.press("j")
        seen.page.wait_for_function("() => location.hash.includes('line=6')")  # a branch of it is not taken
        seen.page.keyboard.press("j")
        seen.page.wait_for_function("() => location.hash.includes('line=7')")  # never run
        seen.page.keyboard.press("j")
        assert address(seen.page) == f"#/source/{CART}?line=7&show=~"


def test_a_mutant_on_a_further_page_of_survivors_is_opened_on_the_first_page(
    browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(survivors, "MOST_ROWS", 2)
    first = the_shop(tmp_path)
    with opened(browser, first.with_name("survivors-2.html")) as seen:
        link = seen.page.locator(".survivors a.id").first
        id_ = link.inner_text()
        link.click()
        seen.page.locator("#view-mutant h2").wait_for()
        assert seen.page.url.startswith(f"{first.as_uri()}#/mutant/")
        assert id_ in seen.page.locator("#view-mutant .mutant-head").inner_text()
        assert seen.complaints == []
