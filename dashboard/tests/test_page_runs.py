"""The runs in a real browser: which of them say something of the whole, and what differs between two."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from browser import opened
from factories import TESTS


def table(page: Any) -> list[list[str]]:
    """Number, score and state of each run, as they are read."""
    page.locator("table.runs").wait_for()
    rows = page.locator("table.runs tbody tr").all()
    return [[row.locator("td").nth(at).inner_text() for at in (0, 3, 6)] for row in rows]


def changes(page: Any) -> str:
    return str(page.locator(".comparison [role=status]").inner_text())


def test_runs_that_are_not_whole_are_told_in_words_with_what_they_judged(
    browser: Any, of_several_runs: Path
) -> None:
    with opened(browser, of_several_runs, "#/runs") as seen:
        assert table(seen.page) == [
            ["5", "33.3 %", "complete"],
            ["4", "n/a\nof 0 mutants judged", "failed\n2 tests fail on the original code."],
            ["3", "33.3 % to 100 %\nof 1 mutant judged", "interrupted"],
            ["2", "100 %\nof 1 mutant judged", "complete, limited to lines changed since main"],
            ["1", "33.3 %", "complete"],
        ]
        assert seen.complaints == []


def test_a_run_is_compared_with_the_last_whole_one_at_first(browser: Any, of_several_runs: Path) -> None:
    with opened(browser, of_several_runs, "#/runs") as seen:
        table(seen.page)
        assert changes(seen.page) == "1 new survivor, 1 newly killed."
        assert seen.page.locator("#run-before").input_value() == "0"


def test_the_test_that_newly_killed_a_mutant_is_named_and_led_to(browser: Any, of_several_runs: Path) -> None:
    with opened(browser, of_several_runs, "#/runs") as seen:
        table(seen.page)
        seen.page.get_by_role("link", name=TESTS[0]).click()
        seen.page.wait_for_function("location.hash.startsWith('#/tests/')")
        assert seen.page.get_by_role("heading", name="test_total").is_visible()


def test_comparing_with_a_limited_run_says_what_cannot_be_compared(
    browser: Any, of_several_runs: Path
) -> None:
    with opened(browser, of_several_runs, "#/runs?a=2&b=5") as seen:
        table(seen.page)
        assert changes(seen.page) == (
            "Every mutant that both judged fared the same. 2 mutants cannot be compared."
        )
        assert (
            "Run 2: limited to lines changed since main. Only what it judged can be compared."
            in seen.page.locator(".comparison").inner_text()
        )


def test_two_runs_are_chosen_by_keyboard_and_stay_in_the_address(browser: Any, of_several_runs: Path) -> None:
    with opened(browser, of_several_runs, "#/runs") as seen:
        table(seen.page)
        seen.page.get_by_label("From").focus()
        seen.page.keyboard.press("Tab")
        assert seen.page.evaluate("document.activeElement.id") == "run-after"
        for _ in range(4):
            seen.page.keyboard.press("ArrowDown")
        assert seen.page.evaluate("location.hash") == "#/runs?a=1&b=1"
        assert changes(seen.page) == "Every mutant that both judged fared the same."
        seen.page.reload()
        table(seen.page)
        assert seen.page.locator("#run-after").input_value() == "0"


def test_a_new_survivor_leads_to_the_mutant(browser: Any, of_several_runs: Path) -> None:
    with opened(browser, of_several_runs, "#/runs") as seen:
        table(seen.page)
        group = seen.page.locator(".comparison details", has_text="new survivor")
        group.get_by_role("link", name="price * 2").click()
        seen.page.locator("#view-mutant h2").wait_for()
        assert seen.page.evaluate("document.documentElement.dataset.showing") == "mutant"


def test_the_mutants_that_differ_are_gone_through_by_keyboard(browser: Any, of_several_runs: Path) -> None:
    with opened(browser, of_several_runs, "#/runs") as seen:
        table(seen.page)
        links = seen.page.locator(".comparison li > a")
        assert links.count() == 2
        for at in (0, 1, 1):
            seen.page.keyboard.press("j")
            assert links.nth(at).evaluate("(link) => link === document.activeElement")
        seen.page.keyboard.press("k")
        seen.page.keyboard.press("Enter")
        seen.page.locator("#view-mutant h2").wait_for()


def test_after_coming_back_the_mutants_go_on_where_the_reader_left(
    browser: Any, of_several_runs: Path
) -> None:
    with opened(browser, of_several_runs, "#/runs") as seen:
        table(seen.page)
        seen.page.keyboard.press("j")
        seen.page.keyboard.press("Enter")
        seen.page.locator("#view-mutant h2").wait_for()
        seen.page.go_back()
        seen.page.wait_for_function(
            "() => document.documentElement.dataset.showing === 'runs' && document.activeElement.id === 'content'"
        )
        seen.page.keyboard.press("j")
        assert (
            seen.page.locator(".comparison li > a")
            .nth(1)
            .evaluate("(link) => link === document.activeElement")
        )


def test_the_trend_says_which_runs_stand_beside_its_line(browser: Any, of_several_runs: Path) -> None:
    with opened(browser, of_several_runs) as seen:
        words = seen.page.locator("#trends").inner_text()
        assert "2 runs beside the line: limited, in parts, or not finished." in words
        assert len(seen.page.locator("#trends polyline").get_attribute("points").split()) == 2
        assert seen.page.locator("#trends g.aside").count() == 2
