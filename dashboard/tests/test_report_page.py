"""The page as a reader meets it: in a real browser, from the disk, without a network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from browser import a_browser, opened
from factories import (
    EVIL,
    NOW,
    Recorded,
    a_mutant,
    a_store,
    hostile,
    hostile_decisions,
    of_every_status,
    weighed,
)

from mutmut_dashboard.model import Choice, Status, Weighed
from mutmut_dashboard.report import render_report


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with a_browser() as running:
        yield running


def render(
    folder: Path, *targets: Recorded, project: str = "shop", decisions: Sequence[Weighed] = (), **kept: Any
) -> Path:
    store, run_id = a_store(folder, *targets, **kept)
    with store:
        return render_report(store, run_id, folder / "site", project=project, now=NOW, decisions=decisions)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with one mutant of every status."""
    return render(tmp_path_factory.mktemp("every"), of_every_status())


@pytest.fixture(scope="module")
def hostile_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page in which every text is hostile."""
    recorded, sources, provenance = hostile()
    folder = tmp_path_factory.mktemp("hostile")
    return render(
        folder,
        recorded,
        sources=sources,
        provenance=provenance,
        project=EVIL,
        decisions=hostile_decisions(recorded),
    )


@pytest.fixture(scope="module")
def large_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """3,000 mutants with 300 survivors."""
    judged = [
        (
            a_mutant("price * qty", f"price * {n}", function=f"f{n % 90}", operator=f"operator-{n}-"),
            Status.SURVIVED if n % 10 == 0 else Status.KILLED,
        )
        for n in range(3000)
    ]
    return render(tmp_path_factory.mktemp("large"), Recorded(judged))


def shown(page: Any) -> int:
    return int(page.locator(".mutant:visible").count())


def focused(page: Any) -> str:
    return str(page.evaluate("document.activeElement.id"))


def paper(page: Any) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


class TestOpening:
    def test_the_page_opens_from_the_disk_without_complaint_or_network(
        self, browser: Any, page: Path
    ) -> None:
        with opened(browser, page) as seen:
            assert seen.page.title() == "shop · mutation testing"
            assert seen.complaints == []
            assert seen.foreign_requests == []

    def test_its_content_security_policy_lets_style_and_script_in(self, browser: Any, page: Path) -> None:
        with opened(browser, page) as seen:
            assert seen.page.evaluate("getComputedStyle(document.body).marginTop") == "0px"
            assert seen.page.locator("[data-action=theme]").is_visible()

    def test_its_content_security_policy_keeps_inline_script_out(self, browser: Any, page: Path) -> None:
        with opened(browser, page) as seen:
            seen.page.evaluate(
                "() => { const s = document.createElement('script'); s.textContent = 'document.title = 1'; "
                "document.body.append(s); }"
            )
            assert seen.page.title() == "shop · mutation testing"
            assert any("Content Security Policy" in said for said in seen.complaints)

    @pytest.mark.parametrize("width", [320, 480, 768, 1000, 1280, 1400, 1920])
    @pytest.mark.parametrize("kind", ["page", "hostile_page"])
    def test_nothing_scrolls_sideways(
        self, browser: Any, request: pytest.FixtureRequest, kind: str, width: int
    ) -> None:
        path = request.getfixturevalue(kind)
        with opened(browser, path, viewport={"width": width, "height": 800}) as seen:
            seen.page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
            assert seen.page.evaluate("document.documentElement.scrollWidth") <= width

    def test_the_header_is_at_most_48_pixels_high(self, browser: Any, page: Path) -> None:
        with opened(browser, page) as seen:
            assert seen.page.locator("header").bounding_box()["height"] <= 48

    def test_hostile_text_does_not_run(self, browser: Any, hostile_page: Path) -> None:
        with opened(browser, hostile_page) as seen:
            seen.page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
            assert seen.page.title().endswith("· mutation testing")
            assert seen.page.title().startswith("</script>")
            assert seen.complaints == []
            assert seen.foreign_requests == []

    def test_three_thousand_mutants_open_within_two_seconds(self, browser: Any, large_page: Path) -> None:
        with opened(browser, large_page) as seen:
            loaded = seen.page.evaluate(
                "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
            )
            assert loaded < 2000
            assert shown(seen.page) == 300


class TestWithoutJavaScript:
    def test_everything_can_be_read_and_no_dead_control_is_shown(self, browser: Any, page: Path) -> None:
        with opened(browser, page, java_script_enabled=False) as seen:
            assert seen.page.locator(".mutant:visible").count() == 3
            assert seen.page.locator("button:visible, input:visible, dialog:visible").count() == 0
            seen.page.locator("#detected summary").first.click()
            assert seen.page.get_by_text("AssertionError: assert 2.0 == 8").is_visible()

    def test_links_to_a_mutant_work(self, browser: Any, page: Path) -> None:
        with opened(browser, page, java_script_enabled=False) as seen:
            seen.page.locator(".worst a").first.click()
            assert "#function-" in seen.page.url


class TestFilter:
    def test_words_narrow_the_list_and_the_count_says_so(self, browser: Any, page: Path) -> None:
        with opened(browser, page) as seen:
            assert seen.page.locator("#shown").inner_text() == "3 of 3 shown"
            seen.page.locator("#filter").fill("basket")
            assert shown(seen.page) == 1
            assert seen.page.locator("#shown").inner_text() == "1 of 3 shown"
            assert seen.page.locator("#shown").get_attribute("aria-live") == "polite"
            assert seen.page.locator(".function:visible").count() == 1

    def test_a_status_can_be_left_out(self, browser: Any, page: Path) -> None:
        with opened(browser, page) as seen:
            seen.page.get_by_role("checkbox", name="survived").uncheck()
            assert seen.page.locator(".mutant:visible .status").first.inner_text() == "○ uncovered"
            assert shown(seen.page) == 1

    def test_decisions_can_be_left_out(self, browser: Any, tmp_path: Path) -> None:
        recorded = of_every_status()
        survivors = [mutant for mutant, status in recorded.judged if status is Status.SURVIVED]
        decided = [weighed(survivors[0], Choice.TODO), weighed(survivors[1], Choice.EQUIVALENT)]
        with opened(browser, render(tmp_path, recorded, decisions=decided)) as seen:
            assert shown(seen.page) == 3
            seen.page.get_by_role("checkbox", name="open").uncheck()
            assert shown(seen.page) == 2
            seen.page.get_by_role("checkbox", name="equivalent").uncheck()
            assert seen.page.locator(".mutant:visible .ruling b").inner_text() == "todo"
            assert seen.page.locator("#shown").inner_text() == "1 of 3 shown"

    def test_nothing_found_is_said(self, browser: Any, page: Path) -> None:
        with opened(browser, page) as seen:
            seen.page.locator("#filter").fill("no such thing")
            assert shown(seen.page) == 0
            assert seen.page.get_by_text("No survivor matches the filter.").is_visible()

    def test_slash_goes_to_the_filter_and_escape_empties_it(self, browser: Any, page: Path) -> None:
        with opened(browser, page) as seen:
            seen.page.keyboard.press("/")
            assert focused(seen.page) == "filter"
            seen.page.keyboard.type("basket j k")
            assert seen.page.locator("#filter").input_value() == "basket j k"
            seen.page.keyboard.press("Escape")
            assert shown(seen.page) == 3

    def test_three_hundred_survivors_are_filtered_at_once(self, browser: Any, large_page: Path) -> None:
        with opened(browser, large_page) as seen:
            spent = seen.page.evaluate(
                "() => { const box = document.getElementById('filter'); box.value = 'price operator-110-'; "
                "const began = performance.now(); box.dispatchEvent(new Event('input', { bubbles: true })); "
                "return performance.now() - began; }"
            )
            assert shown(seen.page) == 1
            assert spent < 200


class TestKeys:
    def test_j_and_k_step_through_what_is_shown(self, browser: Any, page: Path) -> None:
        with opened(browser, page) as seen:
            ids = seen.page.locator(".mutant").evaluate_all("all => all.map((one) => one.id)")
            seen.page.keyboard.press("j")
            assert focused(seen.page) == ids[0]
            seen.page.keyboard.press("j")
            assert focused(seen.page) == ids[1]
            assert seen.page.url.endswith(f"#{ids[1]}")
            seen.page.keyboard.press("k")
            assert focused(seen.page) == ids[0]

    def test_j_leaves_out_what_is_filtered_away(self, browser: Any, page: Path) -> None:
        with opened(browser, page) as seen:
            seen.page.get_by_role("checkbox", name="survived").uncheck()
            seen.page.keyboard.press("j")
            assert seen.page.evaluate("document.activeElement.dataset.status") == "uncovered"

    def test_what_has_focus_is_not_behind_the_header(self, browser: Any, large_page: Path) -> None:
        with opened(browser, large_page) as seen:
            for _ in range(5):
                seen.page.keyboard.press("j")
            seen.page.wait_for_timeout(100)
            top = seen.page.evaluate("document.activeElement.getBoundingClientRect().top")
            assert 48 <= top < 120

    def test_a_question_mark_opens_and_closes_the_help(self, browser: Any, page: Path) -> None:
        with opened(browser, page) as seen:
            seen.page.keyboard.press("?")
            assert seen.page.locator("#help").is_visible()
            seen.page.keyboard.press("?")
            assert not seen.page.locator("#help").is_visible()

    def test_single_keys_can_be_switched_off_and_stay_off(self, browser: Any, page: Path) -> None:
        with opened(browser, page) as seen:
            seen.page.keyboard.press("?")
            seen.page.get_by_label("Single-key shortcuts").uncheck()
            seen.page.get_by_role("button", name="Close").click()
            seen.page.keyboard.press("j")
            assert "mutant" not in focused(seen.page)
            seen.page.reload()
            seen.page.keyboard.press("j")
            assert "mutant" not in focused(seen.page)


class TestPlaces:
    def test_the_address_of_a_mutant_opens_it(self, browser: Any, page: Path) -> None:
        with opened(browser, page) as seen:
            name = seen.page.locator(".mutant").last.get_attribute("id")
        with opened(browser, page, f"#{name}") as seen:
            assert focused(seen.page) == name

    def test_the_address_of_a_killed_mutant_unfolds_its_list(self, browser: Any, page: Path) -> None:
        with opened(browser, page) as seen:
            name = seen.page.locator("#detected tbody tr").first.get_attribute("id")
        with opened(browser, page, f"#{name}") as seen:
            assert seen.page.locator(f"#{name}").is_visible()

    def test_an_address_that_leads_nowhere_does_no_harm(self, browser: Any, page: Path) -> None:
        with opened(browser, page, "#%E0%A4%A") as seen:
            assert seen.complaints == []

    def test_a_link_to_what_the_filter_hides_shows_it(self, browser: Any, page: Path) -> None:
        with opened(browser, page) as seen:
            seen.page.get_by_role("checkbox", name="survived").uncheck()
            seen.page.locator(".worst a").last.click()
            assert shown(seen.page) == 3


class TestColours:
    def test_the_button_goes_through_system_light_and_dark_and_is_remembered(
        self, browser: Any, page: Path
    ) -> None:
        with opened(browser, page, color_scheme="light") as seen:
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

    def test_the_system_decides_unless_the_reader_does(self, browser: Any, page: Path) -> None:
        with opened(browser, page, color_scheme="dark") as dark, opened(browser, page) as light:
            assert paper(dark.page) != paper(light.page)

    def test_print_is_light_and_complete(self, browser: Any, page: Path) -> None:
        with opened(browser, page, color_scheme="dark") as seen:
            seen.page.emulate_media(media="print")
            assert paper(seen.page) == "rgb(253, 253, 251)"
            assert shown(seen.page) == 3
            assert not seen.page.locator("nav").first.is_visible()


def test_copy_buttons_copy_what_they_say(browser: Any, page: Path) -> None:
    with opened(browser, page, permissions=["clipboard-read", "clipboard-write"]) as seen:
        seen.page.locator(".honesty .copy").click()
        seen.page.get_by_text("copied").wait_for()
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
