"""The page where room or colours are few: on a small screen, on paper, and in forced colours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from browser import opened

PHONE = {"width": 320, "height": 640}
A4 = {"width": 718, "height": 1000}
"""A sheet without its margins."""


def overflow(page: Any) -> int:
    """How much of the page is only seen by scrolling sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


class TestSmallScreen:
    def test_every_head_of_an_open_table_can_be_reached_and_sorts(
        self, browser: Any, of_many_folders: Path
    ) -> None:
        fragment = "#/overview?open-map=1&open-operators=1"
        with opened(browser, of_many_folders, fragment, viewport=PHONE) as seen:
            heads = seen.page.locator("button.sort")
            assert heads.count() == 23
            for button in heads.all():
                box = button.bounding_box()
                assert box is not None
                assert box["width"] >= 24
                assert box["height"] >= 24
                assert 0 <= box["x"] <= PHONE["width"] - box["width"]
            assert overflow(seen.page) == 0
            table = seen.page.locator("table[data-tree]")
            table.get_by_role("button", name="undetected").click()
            assert table.locator("tbody th code").all_text_contents()[:2] == ["app/", "web/"]
            assert table.locator("th[aria-sort=descending]").inner_text() == "undetected"

    def test_a_test_says_what_the_list_is_sorted_by(self, browser: Any, the_shop: Path) -> None:
        with opened(browser, the_shop, "#/tests", viewport=PHONE) as seen:
            row = seen.page.locator(".rows .table-row").first
            row.wait_for()
            assert row.locator(".right:visible").count() == 1
            seen.page.locator(".heads").get_by_role("button", name="Ran").click()
            assert row.locator(".col-ran").is_visible()
            assert seen.page.locator(".heads button:visible").count() == 7
            assert overflow(seen.page) == 0

    @pytest.mark.parametrize("width", [660, 740, 800])
    def test_names_of_files_are_readable_beside_their_numbers(
        self, browser: Any, of_many_folders: Path, width: int
    ) -> None:
        with opened(browser, of_many_folders, viewport={"width": width, "height": 700}) as seen:
            name = seen.page.locator("table[data-tree] tbody th").last.bounding_box()
            assert name is not None
            assert name["width"] > 120
            assert overflow(seen.page) == 0


def test_on_paper_names_of_files_are_readable_and_no_sign_offers_to_sort(
    browser: Any, of_many_folders: Path
) -> None:
    with opened(browser, of_many_folders, viewport=A4) as seen:
        seen.page.emulate_media(media="print")
        name = seen.page.locator("table[data-tree] tbody th").last.bounding_box()
        assert name is not None
        assert name["width"] > 120
        assert overflow(seen.page) == 0
        signs = seen.page.locator("button.sort").evaluate_all(
            "(buttons) => buttons.map((button) => getComputedStyle(button, '::after').content)"
        )
        assert set(signs) == {"none"}


class TestForcedColours:
    def test_lines_of_code_differ_by_coverage(self, browser: Any, the_shop: Path) -> None:
        with opened(browser, the_shop, "#/source/shop/cart.py") as seen:
            seen.page.emulate_media(forced_colors="active")
            seen.page.locator(".code-line .cov.run").first.wait_for()
            seen.page.locator(".code-scroll").evaluate(
                """(box) => {
                    const line = box.querySelector(".code-line .cov.run").cloneNode();
                    line.className = "cov excluded";
                    box.querySelector(".code-line").append(line);
                }"""
            )
            looks = {
                state: seen.page.locator(f".code-line .cov{selector}").first.evaluate(
                    "(bar) => { const { borderLeftColor, backgroundImage } = getComputedStyle(bar);"
                    " return [borderLeftColor, backgroundImage]; }"
                )
                for state, selector in {"none": ":not(.run, .partial, .missed, .excluded)"}.items()
                | {state: f".{state}" for state in ("run", "excluded")}.items()
            }
            assert looks["none"] == ["rgba(0, 0, 0, 0)", "none"]
            assert looks["run"][0] != "rgba(0, 0, 0, 0)"
            assert looks["excluded"][0] == "rgba(0, 0, 0, 0)"
            assert "gradient" in looks["excluded"][1]

    def test_only_the_view_that_is_shown_has_its_line(self, browser: Any, the_shop: Path) -> None:
        with opened(browser, the_shop) as seen:
            seen.page.emulate_media(forced_colors="active")
            line = "(link) => getComputedStyle(link).borderBottomColor"
            ground = seen.page.evaluate("() => getComputedStyle(document.body).backgroundColor")
            tabs = seen.page.locator(".top nav a")
            assert [
                tab.evaluate(line) == ground for tab in tabs.all() if tab.get_attribute("aria-current")
            ] == [False]
            assert all(
                tab.evaluate(line) == ground for tab in tabs.all() if not tab.get_attribute("aria-current")
            )
