"""The runs in a real browser: which of them say something of the whole, and what differs between two."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from browser import opened
from factories import TESTS
from sites import LONG_BRANCH


def table(page: Any) -> list[list[str]]:
    """Number, score and state of each run, as they are read."""
    page.locator("table.runs").wait_for()
    rows = page.locator("table.runs tbody tr:visible").all()
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
        assert len(seen.page.locator("#trends polygon").get_attribute("points").split()) == 2 * 2
        assert seen.page.locator("#trends g.aside").count() == 2


def chosen(page: Any) -> list[str]:
    """The two runs that are compared, as their choices read."""
    return [
        str(page.locator(f"#{which} option:checked").inner_text()) for which in ("run-before", "run-after")
    ]


def test_the_branch_of_a_run_is_in_the_table_the_choices_and_above_what_changed(
    browser: Any, of_two_branches: Path
) -> None:
    with opened(browser, of_two_branches, "#/runs") as seen:
        table(seen.page)
        assert seen.page.locator("table.runs .branch").all_inner_texts() == [
            *(LONG_BRANCH, "main", LONG_BRANCH, "main", ""),
        ]
        assert [words.split(" \u00b7 ")[1] for words in chosen(seen.page)] == [
            f"{LONG_BRANCH[:27]}\u2026",
            f"{LONG_BRANCH[:27]}\u2026",
        ]
        words = seen.page.locator(".comparison .between").inner_text()
        assert words == f"From run 3 on {LONG_BRANCH} to run 5 on {LONG_BRANCH}."
        assert changes(seen.page) == "1 newly killed."
        assert seen.complaints == []


def test_runs_of_one_branch_are_shown_alone_and_the_address_says_so(
    browser: Any, of_two_branches: Path
) -> None:
    with opened(browser, of_two_branches, "#/runs") as seen:
        table(seen.page)
        branch = seen.page.get_by_label("Branch")
        assert branch.locator("option").all_inner_texts() == [
            *("all, 5 runs", f"{LONG_BRANCH}, 2 runs", "main, 2 runs"),
        ]
        branch.select_option("main, 2 runs")
        assert [number for number, *_ in table(seen.page)] == ["4", "2"]
        assert seen.page.evaluate("location.hash") == "#/runs?branch=main"
        assert seen.page.locator("#run-after option").count() == 2
        assert changes(seen.page) == "1 newly killed."
        branch.focus()
        seen.page.reload()
        assert [number for number, *_ in table(seen.page)] == ["4", "2"]
        seen.page.locator("#run-before").select_option(label=chosen(seen.page)[1])
        assert seen.page.evaluate("location.hash") == "#/runs?branch=main&a=4&b=4"
        seen.page.get_by_label("Branch").select_option("all, 5 runs")
        assert len(table(seen.page)) == 5


def test_a_run_of_another_branch_that_the_address_names_stays_chosen(
    browser: Any, of_two_branches: Path
) -> None:
    with opened(browser, of_two_branches, "#/runs?branch=main&a=1&b=4") as seen:
        table(seen.page)
        assert [words.split(" \u00b7 ")[-1] for words in chosen(seen.page)] == ["run 1", "run 4"]
        assert seen.page.locator(".comparison .between").inner_text() == "From run 1 to run 4 on main."


def test_without_two_branches_there_is_nothing_to_choose(browser: Any, of_several_runs: Path) -> None:
    with opened(browser, of_several_runs, "#/runs?branch=main") as seen:
        assert len(table(seen.page)) == 5
        assert seen.page.get_by_label("Branch").count() == 0
        assert seen.page.locator("table.runs thead").get_by_text("Branch").count() == 0
        assert seen.page.locator(".between").count() == 0


def test_a_long_branch_leaves_the_header_one_line(browser: Any, of_two_branches: Path) -> None:
    with opened(browser, of_two_branches) as seen:
        header = seen.page.locator("header.top")
        assert header.bounding_box()["height"] == 48
        assert header.get_by_title(f"branch {LONG_BRANCH}").is_visible()
        assert header.get_by_text("1 min 6 s").is_visible()
        assert f"branch\n{LONG_BRANCH}" in seen.page.locator("#honesty").inner_text()


def test_mutants_that_had_another_status_are_led_to_and_say_so(browser: Any, of_several_runs: Path) -> None:
    with opened(browser, of_several_runs, "#/overview") as seen:
        said = seen.page.locator("#varied")
        assert said.inner_text().startswith(
            "2 mutants had another status in an earlier run; now 1 killed and 1 survived."
        )
        said.get_by_role("link").click()
        rows = seen.page.locator("#view-queue .entry")
        rows.first.wait_for()
        assert [
            words.split("varied")[0].strip() for words in rows.locator(".second-line").all_inner_texts()
        ] == [
            "new",
            "killed",
        ]
        assert seen.page.get_by_role("checkbox", name="changed 2").is_checked()
        seen.page.get_by_role("button", name="Any: Over the runs").click()
        assert seen.page.locator("#view-queue .shown").inner_text() == "3 mutants"
        assert "runs=" not in seen.page.evaluate("() => location.hash")
        assert seen.complaints == []


def test_without_scripts_they_are_counted_and_marked(browser: Any, of_several_runs: Path) -> None:
    with opened(browser, of_several_runs, java_script_enabled=False) as seen:
        assert seen.page.locator("#varied").is_visible()
        assert seen.page.locator("#varied a").is_hidden()
        marks = seen.page.locator("table.survivors tbody tr", has_text="varied")
        assert marks.locator(".id").count() == 1


def test_runs_are_put_in_order_and_the_address_says_so(browser: Any, of_several_runs: Path) -> None:
    def numbers(page: Any) -> list[str]:
        return [row[0] for row in table(page)]

    with opened(browser, of_several_runs, "#/runs") as seen:
        assert numbers(seen.page) == ["5", "4", "3", "2", "1"]
        heads = seen.page.locator("table.runs th")
        heads.get_by_role("button", name="Score").click()
        assert numbers(seen.page) == ["2", "5", "3", "1", "4"]
        assert seen.page.evaluate("() => location.hash") == "#/runs?sort-runs=-score"
        seen.page.get_by_label("From").select_option("1")
        said = "#/runs?a=2&b=5&sort-runs=-score"
        assert seen.page.evaluate("() => location.hash") == said
        heads.get_by_role("button", name=re.compile("^Run ")).click()
        assert numbers(seen.page) == ["1", "2", "3", "4", "5"]
    with opened(browser, of_several_runs, said) as seen:
        assert numbers(seen.page) == ["2", "5", "3", "1", "4"]
        assert seen.page.locator("#run-before").input_value() == "1"
        seen.page.evaluate("() => { location.hash = '#/costs'; }")
        seen.page.locator("#view-costs h1").wait_for()
        seen.page.evaluate("() => { location.hash = '#/runs'; }")
        seen.page.wait_for_function("() => location.hash === '#/runs?sort-runs=-score'")
        assert numbers(seen.page) == ["2", "5", "3", "1", "4"]
        assert seen.complaints == []


@pytest.mark.parametrize("width", [320, 360, 1400])
def test_the_trend_s_labels_are_large_enough_and_stand_inside_of_it(
    browser: Any, of_several_runs: Path, width: int
) -> None:
    with opened(browser, of_several_runs, viewport={"width": width, "height": 900}) as seen:
        labels = seen.page.locator("#trends text")
        assert labels.count() == 7
        drawing = seen.page.locator("#trends svg").bounding_box()
        scale = drawing["width"] / 320
        assert (
            labels.evaluate_all(
                "(all) => Math.min(...all.map((one) => parseFloat(getComputedStyle(one).fontSize)))"
            )
            * scale
            >= 11
        )
        for box in (label.bounding_box() for label in labels.all()):
            assert drawing["x"] <= box["x"]
            assert box["x"] + box["width"] <= drawing["x"] + drawing["width"] + 8
