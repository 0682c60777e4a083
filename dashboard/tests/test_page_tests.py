"""The tests in a real browser: sorted and narrowed, one of them in full, and the kill matrix of a function."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from browser import opened
from factories import Recorded, a_kill, a_mutant, a_test, a_verdict
from sites import CART_TEST, CART_TESTS, STOCK, STOCK_TESTS, render

from mutmut_dashboard.model import Status


def names(page: Any) -> list[str]:
    page.locator(".test-table .col-test a").first.wait_for()
    rows = page.locator(".test-table .rows .col-test a")
    return [str(text) for text in rows.all_inner_texts()]


def short(*tests: str) -> list[str]:
    return [test.partition("::")[2] for test in tests]


class TestTable:
    def test_it_is_sorted_by_time_the_longest_first_and_stays_so_in_the_address(
        self, browser: Any, the_shop: Path
    ) -> None:
        with opened(browser, the_shop, "#/tests") as seen:
            names(seen.page)
            head = seen.page.locator(".col-seconds[role=columnheader]")
            head.get_by_role("button").press("Enter")
            assert names(seen.page)[0] == short(CART_TESTS[1])[0]
            assert head.get_attribute("aria-sort") == "descending"
            assert seen.page.evaluate("document.activeElement.dataset.sort") == "seconds"
            seen.page.reload()
            assert names(seen.page)[0] == short(CART_TESTS[1])[0]
            head.get_by_role("button").click()
            assert names(seen.page)[-1] == short(CART_TESTS[1])[0]

    def test_it_is_narrowed_by_words_and_by_what_is_remarked(self, browser: Any, the_shop: Path) -> None:
        with opened(browser, the_shop, "#/tests") as seen:
            names(seen.page)
            seen.page.get_by_label("Search tests").fill("stock nothing")
            assert names(seen.page) == short(STOCK_TESTS[1])
            seen.page.get_by_label("Tests shown").select_option("did not pass")
            assert seen.page.get_by_text("No test matches.").is_visible()

    def test_it_says_where_the_time_goes(self, browser: Any, the_shop: Path) -> None:
        with opened(browser, the_shop, "#/tests") as seen:
            names(seen.page)
            words = seen.page.locator("#view-tests .shown").first.inner_text()
            assert "1.9 s together on the original; half of it in 1 test." in words

    def test_a_test_is_opened_read_and_left_by_keyboard(self, browser: Any, the_shop: Path) -> None:
        with opened(browser, the_shop, "#/tests") as seen:
            first, second = names(seen.page)[:2]
            for key in ("j", "j", "k", "j", "Enter"):
                seen.page.keyboard.press(key)
            heading = seen.page.locator(".test-detail h2")
            heading.wait_for()
            assert heading.inner_text() == second != first
            assert seen.page.evaluate("document.activeElement.tagName") == "H2"
            seen.page.keyboard.press("Escape")
            assert seen.page.evaluate("document.activeElement.innerText") == second
            assert seen.complaints == []


class TestOneTest:
    def test_it_shows_its_code_and_the_line_on_which_that_begins(self, browser: Any, the_shop: Path) -> None:
        with opened(browser, the_shop, f"#/tests/cart/{CART_TESTS[0]}") as seen:
            code = seen.page.locator(".test-detail .test-code")
            code.wait_for()
            assert code.locator(".src").all_inner_texts() == CART_TEST.split("\n")
            assert code.locator(".no").first.inner_text() == "7"
            assert "tests/test_cart.py:7" in seen.page.locator(".test-detail .meta").inner_text()
            assert seen.complaints == []

    def test_one_whose_code_is_not_recorded_shows_none(self, browser: Any, the_shop: Path) -> None:
        with opened(browser, the_shop, f"#/tests/cart/{CART_TESTS[1]}") as seen:
            seen.page.locator(".test-detail h2").wait_for()
            seen.page.wait_for_function("() => Data.codes !== undefined")
            assert seen.page.locator(".test-detail .test-code").count() == 0
            assert seen.page.locator(".test-detail .tall").is_hidden()

    def test_with_a_kill_matrix_it_passed_on_what_it_did_not_kill(
        self, browser: Any, the_shop: Path, the_matrix_shop: Path
    ) -> None:
        for site, words in (
            (the_shop, " it ran and was not first to kill)"),
            (the_matrix_shop, "(of 2 it ran and passed on)"),
        ):
            with opened(browser, site, f"#/tests/stock/{STOCK_TESTS[0]}") as seen:
                seen.page.locator(".test-detail h2").wait_for()
                assert words in seen.page.locator(".test-detail").inner_text()


class TestKiller:
    def test_a_killed_mutant_shows_where_its_test_failed_and_what_that_said(
        self, browser: Any, the_shop: Path
    ) -> None:
        with opened(browser, the_shop, "#/source/shop/cart.py?show=k&line=5") as seen:
            seen.page.locator(".line-panel a[href^='#/mutant/']").first.click()
            parts = seen.page.locator("#view-mutant .parts")
            code = parts.locator(".test-code")
            code.wait_for()
            assert code.locator("tr.at .src").all_text_contents() == [
                "failed here:     checked(subtotal(bought), 8)"
            ]
            words = parts.inner_text()
            assert "Failed at tests/test_cart.py:9 copy → tests/conftest.py:12 copy" in words
            assert parts.get_by_role("button", name="Copy: tests/conftest.py:12").is_visible()
            assert "WARNING no discount" in words
            assert parts.locator(".ansi-red").inner_text() == "the cart holds 2"
            assert seen.complaints == []

    @pytest.fixture(name="long")
    def _long(self, tmp_path: Path) -> tuple[Path, str]:
        """A mutant killed at line 80 of a test of 120 lines that printed 400 lines."""
        mutant = a_mutant()
        code = "\n".join(["def test_a():", *(f"    step({n})" for n in range(119))])
        kill = a_kill(
            test="tests/test_a.py::test_a",
            places=("tests/test_a.py:80", "tests/helpers.py:200"),
            output="\n".join(f"{n}" for n in range(400)),
        )
        recorded = Recorded(
            [(mutant, a_verdict(mutant, Status.KILLED, kill=kill))],
            tests=[a_test("tests/test_a.py::test_a", line=1, code=code)],
        )
        return render(tmp_path, recorded), f"#/mutant/prices/{mutant.id}"

    def test_the_line_at_which_a_long_test_failed_is_in_sight(
        self, browser: Any, long: tuple[Path, str]
    ) -> None:
        with opened(browser, *long) as seen:
            row = seen.page.locator("#view-mutant .test-code tr.at")
            row.wait_for()
            share = row.evaluate("""(row) => {
              const frame = row.closest(".tall").getBoundingClientRect();
              return (row.getBoundingClientRect().top - frame.top) / frame.height;
            }""")
            assert 0.25 < share < 0.4
            assert seen.page.evaluate("scrollY") == 0
            assert seen.complaints == []

    def test_long_output_has_a_frame_that_shows_its_end(self, browser: Any, long: tuple[Path, str]) -> None:
        with opened(browser, *long) as seen:
            output = seen.page.get_by_role("region", name="What it printed and logged")
            output.wait_for()
            rest = "(one) => one.scrollHeight - one.clientHeight - one.scrollTop"
            assert output.evaluate("(one) => one.clientHeight") < 500
            assert output.evaluate(rest) < 2
            assert output.evaluate("(one) => one.scrollTop") > 1000
            assert output.get_attribute("tabindex") == "0"

    def test_it_is_taken_along_by_mutmut_s_name(self, browser: Any, long: tuple[Path, str]) -> None:
        with opened(browser, *long) as seen:
            commands = seen.page.locator("#view-mutant .commands code")
            commands.first.wait_for()
            found = [text for text in commands.all_inner_texts() if text.startswith("mutmut ")]
            names = {text.split(" ", 2)[2] for text in found}
            assert [text.split(" ")[1] for text in found] == ["show", "run", "apply"]
            assert len(names) == 1
            copied = seen.page.locator(f"#view-mutant [data-copy='mutmut apply {names.pop()}']")
            assert copied.is_visible()


class TestSmallestSet:
    def test_its_tests_and_the_others_are_a_click_apart_and_have_an_address(
        self, browser: Any, the_matrix_shop: Path
    ) -> None:
        with opened(browser, the_matrix_shop, "#/tests") as seen:
            names(seen.page)
            words = seen.page.locator(".cover").inner_text()
            assert words.startswith("1 of 2 tests kills the same mutants, in 0.1 s of 0.2 s.")
            seen.page.get_by_role("link", name="the other one").click()
            seen.page.get_by_text("1 of 2 shown").wait_for()
            assert names(seen.page) == short(STOCK_TESTS[1])
            seen.page.reload()
            assert names(seen.page) == short(STOCK_TESTS[1])
            seen.page.get_by_label("Tests shown").select_option("in the smallest set")
            assert names(seen.page) == short(STOCK_TESTS[0])
            seen.page.get_by_text("What this says").click()
            assert "may guard what no mutant shows" in seen.page.locator(".cover").inner_text()
            assert seen.complaints == []

    def test_without_a_kill_matrix_nothing_is_said_of_it(self, browser: Any, the_shop: Path) -> None:
        with opened(browser, the_shop, "#/tests") as seen:
            names(seen.page)
            assert not seen.page.locator(".cover").is_visible()
            assert "set" not in seen.page.get_by_label("Tests shown").inner_text()


class TestMatrix:
    def test_its_links_are_gone_through_by_keyboard(self, browser: Any, the_matrix_shop: Path) -> None:
        with opened(browser, the_matrix_shop, "#/matrix") as seen:
            links = seen.page.locator("#view-matrix .grid a")
            links.first.wait_for()
            mutants = seen.page.locator("#view-matrix .grid thead a").count()
            for at in (*range(mutants), mutants):
                seen.page.keyboard.press("j")
                assert links.nth(at).evaluate("(link) => link === document.activeElement")
            seen.page.keyboard.press("k")
            seen.page.keyboard.press("Enter")
            seen.page.locator("#view-mutant h2").wait_for()

    def test_it_shows_which_tests_notice_which_mutants(self, browser: Any, the_matrix_shop: Path) -> None:
        with opened(browser, the_matrix_shop, "#/tests") as seen:
            seen.page.get_by_role("link", name="Kill matrix of a function").click()
            seen.page.locator(".grid").wait_for()
            rows = [row.inner_text().split() for row in seen.page.locator(".grid tbody tr").all()]
            assert [" ".join(row) for row in rows] == [
                "test_taking_leaves_less 2 1 ✓ notices it, alone ✓ notices it · passes · passes",
                "test_nothing_is_negative redundant here 1 0 · passes ✓ notices it · passes · passes",
            ]
            assert seen.page.locator(".grid tfoot").inner_text().split()[-4:] == ["1", "2", "0", "0"]
            words = seen.page.locator(".matrix-grid [role=status]").inner_text()
            assert words.startswith(
                "2 tests ran 4 mutants: 1 noticed by one test alone, 2 by none. 1 test is redundant here"
            )
            assert seen.complaints == []

    def test_a_function_has_an_address_and_one_that_is_not_there_is_named(
        self, browser: Any, the_matrix_shop: Path
    ) -> None:
        with opened(browser, the_matrix_shop, f"#/matrix?file={STOCK}&function=Stock.take") as seen:
            seen.page.locator(".grid").wait_for()
            seen.page.evaluate("location.hash = '#/matrix?file=a.py&function=gone'")
            seen.page.get_by_text("This run knows no function gone in a.py.").wait_for()

    def test_large_ones_are_cut_with_words_and_counted_whole(
        self, browser: Any, the_matrix_shop: Path
    ) -> None:
        with opened(browser, the_matrix_shop) as seen:
            seen.page.evaluate(
                "MatrixView.MOST_TESTS = 1; MatrixView.MOST_MUTANTS = 2; location.hash = '#/matrix'"
            )
            seen.page.locator(".grid").wait_for()
            text = seen.page.locator(".matrix-grid").inner_text()
            assert (
                "Drawn: 1 test, those that notice most first, and the first 2 mutants. Counts are of all."
                in text
            )
            assert seen.page.locator(".grid tbody tr").count() == 1

    def test_a_run_without_one_says_how_to_record_it(self, browser: Any, the_shop: Path) -> None:
        with opened(browser, the_shop, "#/matrix") as seen:
            seen.page.get_by_text("mutmut-dashboard run --matrix").wait_for()
