"""The source view and the box that leads anywhere: filters, the map, and every jump both ways, by keyboard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from browser import opened
from factories import FILE, Recorded, a_coverage, a_kill, a_mutant, a_test, a_verdict
from sites import CART, CART_TESTS, STOCK, render, the_cart

from mutmut_dashboard.model import Status

FIRST = next(mutant for mutant, _ in the_cart().judged if mutant.replacement == "2 - discount")
NAMED = next(mutant for mutant, _ in the_cart().judged if mutant.name.endswith("_9"))
NARROW = {"width": 360, "height": 700}


def address(page: Any) -> str:
    return str(page.evaluate("decodeURIComponent(location.hash)"))


def wait_for_address(page: Any, hash_: str) -> None:
    page.wait_for_function("(hash) => decodeURIComponent(location.hash) === hash", arg=hash_)


def lines_with_mutants(page: Any) -> list[str]:
    """What the buttons in the margin say, from top to bottom."""
    found: list[str] = page.locator(".code-line button.line-mutants").evaluate_all(
        "(all) => all.map((one) => one.getAttribute('aria-label'))"
    )
    return found


def open_source(page: Any, line: int | None = None) -> None:
    page.evaluate("(hash) => { location.hash = hash; }", f"#/source/{CART}{f'?line={line}' if line else ''}")
    page.locator(".code-line").first.wait_for()


def go_to(page: Any, typed: str) -> None:
    """Type into the box and take the first place it offers."""
    page.keyboard.press("Control+k")
    page.keyboard.type(typed)
    page.locator("#palette-list [aria-selected=true]").wait_for()
    page.keyboard.press("Enter")


class TestMutantsShown:
    def test_undetected_ones_are_shown_first_and_each_status_can_be_added(
        self, browser: Any, the_shop: Path
    ) -> None:
        with opened(browser, the_shop, f"#/source/{CART}") as seen:
            seen.page.locator(".code-line").first.wait_for()
            assert lines_with_mutants(seen.page) == [
                "Line 5: 1 mutant, 1 undetected",
                "Line 6: 2 mutants, 2 undetected",
                "Line 7: 1 mutant, 1 undetected",
                "Line 8: 1 mutant, 1 undetected",
                "Line 12: 1 mutant, 1 undetected",
            ]
            seen.page.get_by_role("checkbox", name="killed").check()
            assert lines_with_mutants(seen.page)[0] == "Line 5: 2 mutants, 1 undetected"
            assert "show=ksu" in address(seen.page)
            seen.page.get_by_role("checkbox", name="survived").uncheck()
            seen.page.get_by_role("checkbox", name="uncovered").uncheck()
            assert lines_with_mutants(seen.page) == [
                "Line 5: 1 mutant, 0 undetected",
                "Line 12: 1 mutant, 0 undetected",
            ]

    def test_a_pasted_address_shows_the_same_statuses(self, browser: Any, the_shop: Path) -> None:
        with opened(browser, the_shop, f"#/source/{CART}?line=12&show=t") as seen:
            seen.page.locator(".code-line").first.wait_for()
            assert lines_with_mutants(seen.page) == ["Line 12: 1 mutant, 0 undetected"]
            assert seen.page.get_by_role("checkbox", name="timeout").is_checked()
            assert not seen.page.get_by_role("checkbox", name="survived").is_checked()
            assert seen.page.locator(".line-panel h3").inner_text() == "Line 12 in shipping"

    def test_the_map_has_a_mark_per_line_and_leads_to_the_nearest(self, browser: Any, the_shop: Path) -> None:
        with opened(browser, the_shop, f"#/source/{CART}") as seen:
            seen.page.locator(".code-line").first.wait_for()
            marks = seen.page.locator(".minimap rect")
            lines = marks.evaluate_all("(all) => all.map((one) => Number(one.dataset.line))")
            assert lines == [5, 6, 7, 8, 12]
            line, mark = seen.page.locator(".code-line").nth(5).bounding_box(), marks.nth(1).bounding_box()
            assert line["y"] < mark["y"] < mark["y"] + mark["height"] < line["y"] + line["height"]
            box = seen.page.locator(".minimap").bounding_box()
            seen.page.mouse.click(box["x"] + 5, box["y"] + box["height"] - 2)
            assert "line=12" in address(seen.page)
            seen.page.get_by_role("checkbox", name="survived").uncheck()
            assert marks.count() == 1


class TestJumps:
    def test_j_and_k_go_from_line_to_line_and_stop_at_the_ends(self, browser: Any, the_shop: Path) -> None:
        with opened(browser, the_shop, f"#/source/{CART}") as seen:
            seen.page.locator(".code-line").first.wait_for()
            visited = []
            for key in "jjjjjjkk":
                seen.page.keyboard.press(key)
                visited.append(int(seen.page.locator(".code-line.selected .no").inner_text()))
            assert visited == [5, 6, 7, 8, 12, 12, 8, 7]
            assert "first line" not in seen.page.locator("#announcements").inner_text()

    def test_from_a_line_to_its_mutant_and_back_by_keyboard(self, browser: Any, the_shop: Path) -> None:
        with opened(browser, the_shop, f"#/source/{CART}") as seen:
            seen.page.locator(".code-line").first.wait_for()
            seen.page.keyboard.press("j")
            seen.page.keyboard.press("Enter")
            assert seen.page.evaluate("document.activeElement.classList.contains('line-panel')")
            link = seen.page.locator(".line-panel .line-list a", has_text="2 - discount")
            link.focus()
            seen.page.keyboard.press("Enter")
            wait_for_address(seen.page, f"#/queue?m=cart/{FIRST.id}")
            seen.page.locator(".entry.selected", has_text="2 - discount").wait_for()
            seen.page.locator(".mutant-pane .meta a").first.focus()
            seen.page.keyboard.press("Enter")
            wait_for_address(seen.page, f"#/source/{CART}?line=5")
            assert seen.page.locator(".code-line.selected .no").inner_text() == "5"

    def test_from_a_line_to_its_function_and_back(self, browser: Any, the_shop: Path) -> None:
        with opened(browser, the_shop, f"#/source/{CART}?line=6") as seen:
            panel = seen.page.locator(".line-panel")
            panel.get_by_role("link", name="subtotal", exact=True).focus()
            seen.page.keyboard.press("Enter")
            seen.page.locator("#view-queue .entry.selected").wait_for()
            assert f"function={CART}:subtotal" in address(seen.page)
            assert set(seen.page.locator("#view-queue .entry .second-line code").all_inner_texts()) == {
                "subtotal"
            }
            go_to(seen.page, "subtotal")
            wait_for_address(seen.page, f"#/source/{CART}?line=4")
            seen.page.get_by_label("function", exact=True).select_option("shipping")
            assert "line=11" in address(seen.page)

    def test_from_a_line_to_a_test_that_runs_it_and_back(self, browser: Any, the_shop: Path) -> None:
        with opened(browser, the_shop, f"#/source/{CART}?line=12") as seen:
            seen.page.locator(".line-panel .test-list a").focus()
            seen.page.keyboard.press("Enter")
            seen.page.locator(".test-detail h2").wait_for()
            assert address(seen.page) == f"#/tests/cart/{CART_TESTS[1]}"
            seen.page.go_back()
            seen.page.locator(".code-line.selected").wait_for()
            assert seen.page.locator(".code-line.selected .no").inner_text() == "12"

    def test_all_tests_of_a_line_and_of_a_mutant_are_a_click_away(self, browser: Any, tmp_path: Path) -> None:
        tests = tuple(f"tests/test_many.py::test_{at}" for at in range(25))
        many = Recorded(
            [(a_mutant(), Status.SURVIVED)],
            tests=[a_test(test) for test in tests],
            coverage=[a_coverage(tests_by_line={8: tuple(range(25))}, tests=tests)],
            reach={(FILE, "total"): list(tests)},
        )
        with opened(browser, render(tmp_path, many), f"#/source/{FILE}?line=8") as seen:
            for host, most in ((".line-panel", 20), ("#view-mutant", 8)):
                rows = seen.page.locator(f"{host} .test-list li")
                rows.first.wait_for()
                assert rows.count() == most
                button = seen.page.locator(host).get_by_role("button", name="Show all 25")
                button.click()
                assert (rows.count(), button.count()) == (25, 0)
                assert rows.nth(most).locator("a").evaluate("(link) => link === document.activeElement")
                seen.page.evaluate(f"location.hash = '#/mutant/prices/{a_mutant().id}'")
            assert seen.complaints == []

    def test_escape_leads_from_the_line_back_to_the_code(self, browser: Any, the_shop: Path) -> None:
        with opened(browser, the_shop, f"#/source/{CART}?line=6") as seen:
            seen.page.locator(".code-line.selected").wait_for()
            seen.page.keyboard.press("Enter")
            seen.page.keyboard.press("Escape")
            assert seen.page.evaluate("document.activeElement.closest('.code-line.selected') !== null")


class TestFiles:
    def test_the_only_file_opens_at_once(self, browser: Any, of_all_kinds: Path) -> None:
        with opened(browser, of_all_kinds, "#/source") as seen:
            seen.page.locator(".code-line").first.wait_for()
            assert address(seen.page) == "#/source/shop/prices.py"

    def test_the_last_file_opens_again_and_the_list_stays_in_reach(
        self, browser: Any, the_shop: Path
    ) -> None:
        with opened(browser, the_shop, "#/source", viewport=NARROW) as seen:
            files = seen.page.locator(".file-rows .entry")
            assert files.count() == 2
            files.filter(has_text="stock").locator("a").click()
            seen.page.locator(".code-line").first.wait_for()
            seen.page.evaluate("location.hash = '#/queue'")
            seen.page.evaluate("location.hash = '#/source'")
            wait_for_address(seen.page, f"#/source/{STOCK}")
            seen.page.get_by_role("link", name="← Files").click()
            files.first.wait_for()
            assert files.count() == 2

    def test_while_no_file_is_chosen_the_weakest_and_their_functions_lead_on(
        self, browser: Any, the_decided_shop: Path
    ) -> None:
        with opened(browser, the_decided_shop, "#/source") as seen:
            start = seen.page.locator("#view-source .code-pane")
            start.locator(".start-files").wait_for()
            assert start.get_by_text("8 undecided survivors in 2 of 2 files.").is_visible()
            rows = [row.inner_text().split() for row in start.locator(".start-files > li").all()]
            assert [" ".join(row) for row in rows] == [
                f"{CART} 6 of 9 mutants subtotal 5 shipping 1",
                f"{STOCK} 2 of 4 mutants Stock.take 2",
            ]
            start.get_by_role("link", name="shipping").click()
            wait_for_address(seen.page, f"#/source/{CART}?line=12")

    def test_files_are_gone_through_and_opened_by_keyboard(self, browser: Any, the_shop: Path) -> None:
        with opened(browser, the_shop, "#/source") as seen:
            seen.page.locator(".start-files").wait_for()
            for key in ("j", "j", "j", "k", "j"):
                seen.page.keyboard.press(key)
            assert seen.page.evaluate("document.activeElement.title") == STOCK
            seen.page.keyboard.press("Enter")
            wait_for_address(seen.page, f"#/source/{STOCK}")
            seen.page.locator(".code-line").first.wait_for()
            seen.page.keyboard.press("/")
            seen.page.keyboard.press("ArrowDown")
            seen.page.keyboard.press("Enter")
            wait_for_address(seen.page, f"#/source/{CART}")

    def test_with_nothing_to_decide_the_start_says_so(self, browser: Any, tmp_path: Path) -> None:
        judged: list[Any] = [(a_mutant("qty", "1", file=file), Status.KILLED) for file in ("a.py", "b.py")]
        with opened(browser, render(tmp_path, Recorded(judged)), "#/source") as seen:
            assert seen.page.locator(".start-words").inner_text() == "No survivors."

    def test_files_are_found_by_letters_in_order_and_opened_by_enter(
        self, browser: Any, the_shop: Path
    ) -> None:
        with opened(browser, the_shop, "#/source") as seen:
            seen.page.keyboard.press("/")
            seen.page.keyboard.type("stk")
            assert seen.page.locator(".file-rows .entry").all_inner_texts()[0].startswith(STOCK)
            seen.page.keyboard.press("Enter")
            wait_for_address(seen.page, f"#/source/{STOCK}")

    def test_files_without_survivors_can_be_hidden(self, browser: Any, tmp_path: Path) -> None:
        judged = [
            (a_mutant("qty", "1", file="a.py"), Status.KILLED),
            (a_mutant("qty", "1", file="b.py"), Status.SURVIVED),
        ]
        with opened(browser, render(tmp_path, Recorded(list(judged))), "#/source") as seen:
            names = seen.page.locator(".file-rows .first-line")
            assert names.all_inner_texts() == ["b.py", "a.py", FILE]
            seen.page.get_by_label("with survivors only").check()
            assert names.all_inner_texts() == ["b.py"]
            seen.page.reload()
            names.first.wait_for()
            assert names.all_inner_texts() == ["b.py"]


class TestGoingAnywhere:
    @pytest.mark.parametrize(
        ("typed", "hash_"),
        [
            ("stock.py", f"#/source/{STOCK}"),
            ("crt.py:8", f"#/source/{CART}?line=8"),
            ("take", f"#/source/{STOCK}?line=5"),
            ("heavy costs", f"#/tests/cart/{CART_TESTS[1]}"),
            (FIRST.id[:5].upper(), f"#/queue?m=cart/{FIRST.id}"),
            ("runs", "#/runs"),
            ("mutmut show shop.cart.x_shipping__mutmut_9", f"#/mutant/cart/{NAMED.id}"),
        ],
    )
    def test_what_is_typed_leads_there(self, browser: Any, the_shop: Path, typed: str, hash_: str) -> None:
        with opened(browser, the_shop) as seen:
            seen.page.keyboard.press("p")
            seen.page.locator("#palette-list", has_text="test_heavy_costs_more").wait_for()
            seen.page.keyboard.type(typed)
            seen.page.keyboard.press("Enter")
            wait_for_address(seen.page, hash_)
            assert seen.complaints == []

    def test_arrows_choose_and_escape_leaves_the_page_as_it_was(self, browser: Any, the_shop: Path) -> None:
        with opened(browser, the_shop, "#/queue") as seen:
            seen.page.locator(".entry.selected").wait_for()
            before = address(seen.page)
            seen.page.keyboard.press("Control+k")
            box = seen.page.get_by_role("combobox", name="Go to a file, function, test or mutant")
            box.fill("cart")
            chosen = [box.get_attribute("aria-activedescendant")]
            for key in ("ArrowDown", "ArrowUp", "ArrowUp"):
                seen.page.keyboard.press(key)
                chosen.append(box.get_attribute("aria-activedescendant"))
            last = seen.page.locator("#palette-list [role=option]").count() - 1
            assert chosen == ["palette-0", "palette-1", "palette-0", f"palette-{last}"]
            seen.page.keyboard.press("Escape")
            assert not box.is_visible()
            assert address(seen.page) == before

    def test_what_nothing_is_called_is_said(self, browser: Any, the_shop: Path) -> None:
        with opened(browser, the_shop) as seen:
            seen.page.get_by_role("button", name="Go to a file, function, test or mutant").click()
            seen.page.keyboard.type("qqqqzzzz")
            assert seen.page.get_by_text("Nothing is called so.").is_visible()
            seen.page.keyboard.press("Enter")
            assert seen.page.locator("dialog.palette").is_visible()


def test_a_message_for_terminals_is_shown_in_colours_and_does_no_harm(browser: Any, tmp_path: Path) -> None:
    mutant = a_mutant()
    message = "\x1b[1;31massert\x1b[0m 1 == 2\x1b]8;;javascript:alert(1)\x07!\x1b]8;;\x07 \x1b[8mstays\x1b[2J"
    kill = a_kill(message=message, exception="AssertionError", example="\x1b[32mf(a=1)\x1b[0m")
    judged = [(mutant, a_verdict(mutant, Status.KILLED, kill=kill))]
    site = render(tmp_path, Recorded(list(judged)))
    with opened(browser, site, f"#/mutant/prices/{mutant.id}") as seen:
        shown = seen.page.locator("#view-mutant pre.diff")
        assert shown.all_inner_texts() == ["AssertionError: assert 1 == 2! stays", "f(a=1)"]
        assert seen.page.locator(".ansi-red.ansi-bold").inner_text() == "assert"
        assert seen.page.locator("#view-mutant pre a").count() == 0
        assert seen.complaints == []


def test_the_files_are_gone_through_by_keys_and_end_where_there_is_no_other(
    browser: Any, the_shop: Path
) -> None:
    with opened(browser, the_shop) as seen:
        open_source(seen.page)
        seen.page.keyboard.press("]")
        wait_for_address(seen.page, f"#/source/{STOCK}")
        seen.page.keyboard.press("]")
        last = seen.page.locator("#toast").inner_text()
        seen.page.keyboard.press("[")
        wait_for_address(seen.page, f"#/source/{CART}")
        assert last == "That was the last file."
        assert seen.complaints == []


LOOK = "(cell) => [getComputedStyle(cell).backgroundImage !== 'none', getComputedStyle(cell).borderLeftStyle]"


def test_a_line_left_out_of_coverage_is_hatched_where_no_code_leaves_the_margin_empty(
    browser: Any, tmp_path: Path
) -> None:
    mutant = a_mutant()
    site = render(
        tmp_path, Recorded([(mutant, Status.SURVIVED)], coverage=[a_coverage(missing=(), excluded=(7,))])
    )
    with opened(browser, site, f"#/source/{FILE}?line=7") as seen:
        margin = seen.page.locator(".code-line > .cov")
        margin.first.wait_for()
        assert [margin.nth(line - 1).evaluate(LOOK)[0] for line in (4, 5, 6, 7)] == [
            False,
            False,
            False,
            True,
        ]
        said = "left out of coverage by a pragma or a setting"
        assert margin.nth(6).get_attribute("title") == f"line 7: {said}"
        assert said.capitalize() in seen.page.locator(".line-panel").inner_text()
        assert f"1 line {said}" in seen.page.locator(".code-pane .meta").inner_text()
        seen.page.evaluate("(hash) => { location.hash = hash; }", f"#/mutant/prices/{mutant.id}")
        hatched = seen.page.locator("#view-mutant .code .cov.excluded")
        hatched.wait_for()
        assert hatched.evaluate(LOOK)[0]
