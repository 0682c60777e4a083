"""The page as a reader meets it: in a real browser, from the disk, without a network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from browser import a_browser, go, opened
from factories import Recorded, a_mutant
from sites import CART, STOCK, SURVIVORS, render, the_cart, the_stock

from mutmut_dashboard.model import Status
from mutmut_dashboard.report import survivors

ALL_VIEWS = ("overview", "queue", "source", "tests", "runs", "about", "costs", "matrix")
SURVIVOR = next(mutant for mutant, _ in the_cart().judged if mutant.replacement == "2 - discount")
STOCKED = next(mutant for mutant, _ in the_stock().judged if mutant.replacement == "left <= 0")
KILLED = next(mutant for mutant, _ in the_cart().judged if mutant.replacement == "6 if")


def paper(page: Any) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def showing(page: Any) -> str:
    return str(page.evaluate("document.documentElement.dataset.showing"))


class TestOpening:
    def test_every_view_opens_from_the_disk_without_complaint_or_network(
        self, browser: Any, the_shop: Path
    ) -> None:
        with opened(browser, the_shop) as seen:
            assert seen.page.title() == "shop · mutation testing"
            for view in ALL_VIEWS:
                go(seen.page, f"#/{view}")
                assert showing(seen.page) == view
                assert seen.page.locator("main [data-view]:visible").count() == 1
            assert seen.complaints == []
            assert seen.foreign_requests == []

    def test_its_content_security_policy_keeps_inline_script_and_style_out(
        self, browser: Any, the_shop: Path
    ) -> None:
        with opened(browser, the_shop) as seen:
            seen.page.evaluate(
                "() => { const s = document.createElement('script'); s.textContent = 'document.title = 1'; "
                "const t = document.createElement('style'); t.textContent = 'body { display: none }'; "
                "document.body.append(s, t); }"
            )
            assert seen.page.title() == "shop · mutation testing"
            assert seen.page.locator("body").is_visible()
            assert sum("Content Security Policy" in said for said in seen.complaints) == 2

    @pytest.mark.parametrize("width", [320, 800, 1280])
    @pytest.mark.parametrize("site", ["the_decided_shop", "of_hostile_texts"])
    def test_nothing_scrolls_sideways(
        self, browser: Any, request: pytest.FixtureRequest, site: str, width: int
    ) -> None:
        fragments = [
            *(f"#/{view}" for view in ALL_VIEWS),
            f"#/mutant/cart/{SURVIVOR.id}",
            f"#/source/{CART}?line=6",
        ]
        with opened(browser, request.getfixturevalue(site), viewport={"width": width, "height": 800}) as seen:
            wide = {}
            for fragment in fragments:
                go(seen.page, fragment)
                seen.page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
                wide[fragment] = seen.page.evaluate("document.documentElement.scrollWidth")
            assert {name: found for name, found in wide.items() if found > width} == {}

    @pytest.mark.parametrize("width", [320, 641, 700, 760, 960])
    def test_a_header_with_a_draft_fits_and_names_project_and_warnings(
        self, browser: Any, unfinished: Path, width: int
    ) -> None:
        with opened(browser, unfinished, "#/queue", viewport={"width": width, "height": 700}) as seen:
            seen.page.locator(".entry").first.wait_for()
            seen.page.keyboard.press("t")
            seen.page.locator("#drafts-button").wait_for()
            assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
            for part in (".project", ".facts-line .warning", "[data-action=help]"):
                box = seen.page.locator(part).first.bounding_box()
                assert box["width"] > 10
                assert box["x"] + box["width"] <= width
            name = seen.page.locator(".project")
            assert name.evaluate("(own) => own.scrollWidth <= own.clientWidth")

    def test_the_header_is_at_most_48_pixels_high(self, browser: Any, the_shop: Path) -> None:
        with opened(browser, the_shop) as seen:
            assert seen.page.locator("header.top").bounding_box()["height"] <= 48

    def test_the_name_of_the_project_is_whole_on_a_narrow_screen(self, browser: Any, tmp_path: Path) -> None:
        site = render(tmp_path, Recorded([(a_mutant(), Status.KILLED)]), project="mutmut-dashboard")
        with opened(browser, site, viewport={"width": 320, "height": 640}) as seen:
            name = seen.page.locator(".project")
            assert name.evaluate("(own) => own.scrollWidth <= own.clientWidth")
            line = name.evaluate("(own) => parseFloat(getComputedStyle(own).lineHeight)")
            assert name.bounding_box()["height"] < 1.5 * line

    def test_hostile_text_does_not_run_in_any_view(self, browser: Any, of_hostile_texts: Path) -> None:
        with opened(browser, of_hostile_texts) as seen:
            for view in ALL_VIEWS:
                go(seen.page, f"#/{view}")
                for link in seen.page.locator(".entry > a:visible").all()[:3]:
                    link.click()
                    seen.page.wait_for_load_state("networkidle")
            assert "pwned" not in seen.page.title().replace("document.title='pwned'", "")
            assert seen.page.locator("main img").count() == 0
            assert seen.complaints == []
            assert seen.foreign_requests == []

    def test_a_page_without_its_data_shows_what_it_has_and_says_so(
        self, browser: Any, the_shop: Path, tmp_path: Path
    ) -> None:
        alone = tmp_path / "index.html"
        alone.write_bytes(the_shop.read_bytes())
        for asset in the_shop.parent.glob("mutmut-dashboard.*"):
            (tmp_path / asset.name).write_bytes(asset.read_bytes())
        with opened(browser, alone) as seen:
            assert "data folder beside this page cannot be read" in seen.page.locator("#toast").inner_text()
            assert seen.page.locator("#survivors tbody tr:visible").count() == SURVIVORS


class TestWithoutJavaScript:
    def test_everything_can_be_read_and_no_dead_control_is_shown(self, browser: Any, the_shop: Path) -> None:
        with opened(browser, the_shop, java_script_enabled=False) as seen:
            assert seen.page.locator("#survivors tbody tr:visible").count() == SURVIVORS
            assert seen.page.locator("button:visible, input:visible, dialog:visible").count() == 0
            assert seen.page.locator("header nav a:visible").all_inner_texts()[0] == "Overview"
            assert seen.page.locator("section.view:visible").count() == 0


class TestPlaces:
    def test_the_address_of_a_mutant_opens_it_alone(self, browser: Any, the_shop: Path) -> None:
        with opened(browser, the_shop, f"#/mutant/cart/{KILLED.id}") as seen:
            seen.page.get_by_text("Killed by").wait_for()
            assert seen.page.locator("#view-mutant h2").inner_text() == "✓ killed shipping"

    @pytest.mark.parametrize(
        "fragment",
        ["#%E0%A4%A", "#/nowhere", "#/queue?%E0%A4%A=1", "#nothing", "#/queue?m=cart/none", "#/runs?a=9&b=x"],
    )
    def test_an_address_that_leads_nowhere_does_no_harm(
        self, browser: Any, the_shop: Path, fragment: str
    ) -> None:
        with opened(browser, the_shop, fragment) as seen:
            seen.page.wait_for_load_state("networkidle")
            assert seen.page.locator("main [data-view]:visible").count() == 1
            assert seen.complaints == []

    @pytest.mark.parametrize(
        ("fragment", "words"),
        [
            ("#/mutant/cart/000000000000", "This run has no mutant cart/000000000000."),
            ("#/mutant/cart.x_subtotal__mutmut_99", "This run has no mutant cart.x_subtotal__mutmut_99."),
            ("#/source/shop/gone.py", "This run knows no file shop/gone.py."),
            ("#/tests/cart/gone", "This run knows no test cart/gone."),
        ],
    )
    def test_what_a_run_does_not_know_is_said(
        self, browser: Any, the_shop: Path, fragment: str, words: str
    ) -> None:
        with opened(browser, the_shop, fragment) as seen:
            alert = seen.page.locator("main [role=alert]:visible")
            alert.wait_for()
            assert words in alert.inner_text()

    def test_a_plain_fragment_leads_to_its_view(self, browser: Any, of_all_kinds: Path) -> None:
        with opened(browser, of_all_kinds, "#unjudged") as seen:
            assert showing(seen.page) == "overview"
            assert seen.page.locator("#unjudged").is_visible()


class TestColours:
    def test_the_button_goes_through_system_light_and_dark_and_is_remembered(
        self, browser: Any, the_shop: Path
    ) -> None:
        with opened(browser, the_shop, color_scheme="light") as seen:
            light = paper(seen.page)
            button = seen.page.locator("[data-action=theme]")
            button.click()
            assert (button.inner_text(), paper(seen.page)) == ("light", light)
            button.click()
            assert button.inner_text() == "dark"
            assert paper(seen.page) != light
            seen.page.reload()
            assert button.inner_text() == "dark"
            assert paper(seen.page) != light

    def test_the_system_decides_unless_the_reader_does(self, browser: Any, the_shop: Path) -> None:
        with opened(browser, the_shop, color_scheme="dark") as dark, opened(browser, the_shop) as light:
            assert paper(dark.page) != paper(light.page)


class TestPrinting:
    def test_paper_says_which_run_it_shows_however_narrow_it_is(self, browser: Any, the_shop: Path) -> None:
        with opened(browser, the_shop, "#/queue", viewport={"width": 600, "height": 800}) as seen:
            facts = [seen.page.get_by_text(words, exact=True) for words in ("0123456789", "13 mutants")]
            assert [fact.is_visible() for fact in facts] == [False, False]
            seen.page.emulate_media(media="print")
            assert [fact.is_visible() for fact in facts] == [True, True]

    def test_print_is_light_and_holds_the_whole_list(self, browser: Any, of_three_thousand: Path) -> None:
        with opened(browser, of_three_thousand, "#/queue", color_scheme="dark") as seen:
            seen.page.locator(".entry").first.wait_for()
            drawn = seen.page.locator(".entry").count()
            seen.page.emulate_media(media="print")
            seen.page.wait_for_function("() => document.querySelectorAll('.entry').length === 300")
            assert drawn < 60
            assert paper(seen.page) == "rgb(253, 253, 251)"
            assert not seen.page.locator("header nav").first.is_visible()
            seen.page.emulate_media(media="screen")
            seen.page.wait_for_function("() => document.querySelectorAll('.entry').length < 60")

    @pytest.mark.parametrize("size", [(1400, 900), (700, 900)], ids=["wide", "reading a mutant on one pane"])
    def test_the_queue_on_paper_is_the_list_as_filtered_with_each_change_and_decision(
        self, browser: Any, the_decided_shop: Path, size: tuple[int, int]
    ) -> None:
        width, height = size
        address = f"#/queue?file={STOCK}&m=stock/{STOCKED.id}"
        with opened(browser, the_decided_shop, address, viewport={"width": width, "height": height}) as seen:
            seen.page.locator(".mutant-pane .code").wait_for()
            entries = seen.page.locator("#view-queue .entry")
            assert seen.page.locator(".on-paper").count() == 0
            seen.page.emulate_media(media="print")
            seen.page.locator(".on-paper").nth(2).wait_for()
            assert [" ".join(line.split()) for line in entries.locator(".diff .new").all_inner_texts()] == [
                "+ self.counts[name] = None",
                "+ if left <= 0:",
                "+ def take(self, name, count=2):",
            ]
            stale, undecided, decided = (entry.inner_text() for entry in entries.all())
            assert "Stock.take" in stale
            assert f"{STOCK}:9" in stale
            assert "stale: the function has changed" in stale
            assert "Not decided yet." in undecided
            assert "equivalent nobody takes two" in " ".join(decided.split())
            assert not seen.page.locator("#view-queue .mutant-pane").is_visible()
            assert seen.page.get_by_text(f"File: {STOCK}", exact=True).is_visible()
            seen.page.emulate_media(media="screen")
            seen.page.wait_for_function("() => !document.querySelector('.on-paper')")
            assert seen.complaints == []

    def test_a_draft_is_on_paper_and_a_change_that_another_page_holds_is_said_to_be_there(
        self, browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(survivors, "MOST_ROWS", 1)
        first, second = (a_mutant("price * qty", f"price * {n}") for n in range(2))
        site = render(tmp_path, Recorded([(first, Status.SURVIVED), (second, Status.SURVIVED)]))
        with opened(browser, site, "#/queue") as seen:
            seen.page.locator(".entry.selected").wait_for()
            seen.page.keyboard.press("b")
            seen.page.emulate_media(media="print")
            seen.page.locator(".on-paper").nth(1).wait_for()
            said = seen.page.locator(".on-paper").all_inner_texts()
            assert "a further page of survivors" in said[0]
            assert "bug" in said[1]
            assert "price * 0" in said[1]


def test_copy_buttons_copy_what_they_say(browser: Any, the_shop: Path) -> None:
    with opened(browser, the_shop, permissions=["clipboard-read", "clipboard-write"]) as seen:
        button = seen.page.locator(".honesty .copy")
        button.click()
        seen.page.wait_for_function("(b) => b.textContent === 'copied'", arg=button.element_handle())
        assert seen.page.evaluate("navigator.clipboard.readText()") == "mutmut-dashboard run prices"


@pytest.mark.parametrize("required", [True, False])
def test_without_chromium_tests_are_skipped_unless_a_browser_is_required(
    monkeypatch: pytest.MonkeyPatch, required: bool
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("MUTMUT_DASHBOARD_REQUIRE_BROWSER", "1" if required else "0")
    outcome = pytest.fail.Exception if required else pytest.skip.Exception
    with pytest.raises(outcome, match="PATH"), a_browser():
        pass
