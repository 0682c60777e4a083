"""The costs in a real browser: every function and the slowest mutants, put in order and gone through by keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from browser import go, opened
from factories import FILE, Recorded, a_mutant, a_verdict
from sites import render

from mutmut_dashboard.model import Status

FUNCTIONS = 60
FIRST = "f59"
"""The slowest."""


@pytest.fixture(name="slow", scope="module")
def _slow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty functions, each slower than the one before; every third has two mutants, of which one is killed."""
    judged = []
    for at in range(FUNCTIONS):
        for n in range(2 if at % 3 == 0 else 1):
            mutant = a_mutant("price * qty", f"price * {at}.{n}", function=f"f{at:02}")
            status = Status.KILLED if n else Status.SURVIVED
            judged.append((mutant, a_verdict(mutant, status, wall=(at + 1) / (2 if at % 3 == 0 else 1))))
    return render(tmp_path_factory.mktemp("slow"), Recorded(list(judged)))


def names(page: Any, table: str) -> list[str]:
    """The functions that a table's rows are about."""
    rows = page.locator(f"table[data-key={table}] tbody td:first-child code")
    rows.first.wait_for()
    found: list[str] = rows.all_inner_texts()
    return found


def head(page: Any, table: str, name: str) -> Any:
    return page.locator(f"table[data-key={table}] th").get_by_role("button", name=name)


def address(page: Any) -> str:
    return str(page.evaluate("() => location.hash"))


def test_the_slowest_stand_first_and_all_others_come_when_asked_for(browser: Any, slow: Path) -> None:
    with opened(browser, slow, "#/costs") as seen:
        assert names(seen.page, "functions") == [f"f{at:02}" for at in range(59, 9, -1)]
        assert seen.page.get_by_text("The 50 slowest of 60 functions.").is_visible()
        seen.page.get_by_role("button", name="Show all 60").click()
        assert names(seen.page, "functions") == [f"f{at:02}" for at in range(59, -1, -1)]
        assert seen.page.evaluate("() => document.activeElement.textContent") == "f09"
        assert seen.page.get_by_role("button", name="Show all 60").count() == 0
        assert address(seen.page) == "#/costs?all-functions=1"
        seen.page.reload()
        assert len(names(seen.page, "functions")) == FUNCTIONS
        assert seen.complaints == []


def test_an_order_is_of_all_functions_and_stands_in_the_address(browser: Any, slow: Path) -> None:
    with opened(browser, slow, "#/costs") as seen:
        names(seen.page, "functions")
        head(seen.page, "functions", "mutants").click()
        assert names(seen.page, "functions")[:21] == [*(f"f{at:02}" for at in range(57, -1, -3)), "f59"]
        head(seen.page, "mutants", "status").click()
        said = "#/costs?sort-functions=-mutants&all-functions=1&sort-mutants=status"
        assert address(seen.page) == said
        shown = names(seen.page, "functions"), names(seen.page, "mutants")
    with opened(browser, slow, said) as seen:
        assert (names(seen.page, "functions"), names(seen.page, "mutants")) == shown
        assert (
            seen.page.locator("table[data-key=functions] th[aria-sort=descending]").inner_text() == "mutants"
        )


def test_times_are_put_in_order_as_numbers(browser: Any, slow: Path) -> None:
    with opened(browser, slow, "#/costs?sort-functions=time") as seen:
        seen.page.locator("table[data-key=functions] tbody tr").nth(FUNCTIONS - 1).wait_for()
        times = seen.page.locator("table[data-key=functions] td:nth-child(3)").all_inner_texts()
        assert times[:2] == ["1.0 s", "2.0 s"]
        assert times[-1] == "1 min 0 s"


def test_an_order_is_remembered_in_this_browser(browser: Any, slow: Path) -> None:
    with opened(browser, slow, "#/costs") as seen:
        names(seen.page, "mutants")
        head(seen.page, "mutants", "time").click()
        head(seen.page, "mutants", "time").click()
        first = names(seen.page, "mutants")[0]
        assert first != FIRST
        seen.page.goto(slow.as_uri())
        go(seen.page, "#/costs")
        assert names(seen.page, "mutants")[0] == first
        seen.page.wait_for_function("() => location.hash === '#/costs?sort-mutants=time'")


def test_the_links_are_gone_through_by_keyboard(browser: Any, slow: Path) -> None:
    with opened(browser, slow, "#/costs") as seen:
        links = seen.page.locator("#view-costs tbody a")
        names(seen.page, "functions")
        for key, at in (("j", 0), ("j", 1), ("k", 0), ("k", 0)):
            seen.page.keyboard.press(key)
            assert links.nth(at).evaluate("(link) => link === document.activeElement")
        seen.page.keyboard.press("Enter")
        seen.page.locator("#view-source .code-line").first.wait_for()
        assert address(seen.page).startswith(f"#/source/{FILE}")
