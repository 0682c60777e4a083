"""axe-core finds nothing on any view: light and dark, wide and narrow, full and empty."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from browser import go, opened
from factories import Recorded, a_kill, a_mutant, a_verdict
from sites import CART, CART_TESTS, render, the_cart

from mutmut_dashboard.model import Status

AXE = (Path(__file__).parent / "schemas" / "axe.min.js").read_text("utf-8")
# Every rule at every level, but the two that WCAG's AAA asks and AA does not: contrast of seven, and no link in its sentence.
# What axe cannot decide counts, too, but for two rules: the contrast of signs and of names in drawings, which TestColours in
# test_report_render.py decides, and buttons that show a sign such as "?" or "+1" in place of a text.
RUN = """async () => {
  const found = await axe.run(document, {
    rules: { "color-contrast-enhanced": { enabled: false }, "target-size": { enabled: true } },
    resultTypes: ["violations", "incomplete"],
  });
  const undecided = found.incomplete.filter(({ id }) => !["color-contrast", "label-content-name-mismatch"].includes(id));
  return [...found.violations, ...undecided].flatMap((one) =>
    one.nodes.map((node) => `${one.id}: ${node.target.join(" ")}: ${node.failureSummary}`));
}"""
FIRST = next(mutant for mutant, _ in the_cart().judged if mutant.replacement == "2 - discount")
KILLED = the_cart().judged[0][0]
VIEWS = {
    "overview": "#/overview",
    "queue": "#/queue",
    "queue by line": "#/queue?group=line",
    "queue of other statuses": "#/queue?status=killed,survived&group=function",
    "queue with nothing to decide": "#/queue?status=killed",
    "queue with a mutant": f"#/queue?m=cart/{FIRST.id}",
    "mutant": f"#/mutant/cart/{FIRST.id}",
    "source": "#/source",
    "source of a file": f"#/source/{CART}?line=6&show=skutiep-",
    "tests": "#/tests",
    "one test": f"#/tests/cart/{CART_TESTS[0].replace('/', '%2F')}",
    "runs": "#/runs",
    "costs": "#/costs",
    "about": "#/about",
}
ODD = ("overview", "queue", "source", "tests", "runs", "costs")
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 320, "height": 640}


def complaints(page: Any) -> list[str]:
    """What axe-core says of the page as it is now."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE)
    found: list[str] = page.evaluate(RUN)
    return found


def look(page: Any, fragment: str) -> list[str]:
    """What axe-core says of a view."""
    go(page, fragment)
    return complaints(page)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_view_is_accessible(
    browser: Any, the_decided_shop: Path, scheme: str, size: dict[str, int]
) -> None:
    with opened(browser, the_decided_shop, viewport=size, color_scheme=scheme) as seen:
        found = {name: look(seen.page, fragment) for name, fragment in VIEWS.items()}
    assert {name: said for name, said in found.items() if said} == {}


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_kill_with_its_test_and_an_overview_with_all_opened_are_accessible(
    browser: Any, the_decided_shop: Path, scheme: str, size: dict[str, int]
) -> None:
    address = f"#/mutant/cart/{KILLED.id}"
    with opened(browser, the_decided_shop, address, viewport=size, color_scheme=scheme) as seen:
        seen.page.locator("#view-mutant .test-code tr.at").wait_for()
        assert complaints(seen.page) == []
        look(seen.page, "#/overview")
        seen.page.evaluate(
            "for (const one of document.querySelectorAll('#view-overview details')) one.open = true"
        )
        assert seen.page.locator("#view-overview details[open] table:visible").count()
        assert complaints(seen.page) == []


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_kill_matrix_is_accessible(
    browser: Any, the_matrix_shop: Path, scheme: str, size: dict[str, int]
) -> None:
    with opened(browser, the_matrix_shop, "#/matrix", viewport=size, color_scheme=scheme) as seen:
        seen.page.locator(".grid").wait_for()
        assert complaints(seen.page) == []
        assert look(seen.page, "#/tests") == []
        seen.page.get_by_text("What this says").click()
        assert complaints(seen.page) == []


@pytest.mark.parametrize(
    "site",
    [
        "the_changed_shop",
        "of_many_folders",
        "of_several_runs",
        "of_two_branches",
        "of_all_kinds",
        "without_survivors",
        "unfinished",
        "of_hostile_texts",
    ],
)
def test_odd_runs_are_accessible(browser: Any, request: pytest.FixtureRequest, site: str) -> None:
    with opened(browser, request.getfixturevalue(site)) as seen:
        found = {view: look(seen.page, f"#/{view}") for view in ODD}
    assert {view: said for view, said in found.items() if said} == {}


def test_a_map_of_folders_whose_names_are_cut_is_accessible(browser: Any, tmp_path: Path) -> None:
    judged = [
        (
            a_mutant(
                "qty", f"q{n}", file=f"shop/department_{n % 7}/{n}_a_name_much_too_long_for_its_place.py"
            ),
            Status.SURVIVED,
        )
        for n in range(120)
    ]
    with opened(browser, render(tmp_path, Recorded(judged))) as seen:
        names = seen.page.locator(".treemap text").all_text_contents()
        assert any(name.endswith("…") for name in names)
        assert look(seen.page, "#/overview") == []
        seen.page.locator(".treemap a:has(.cell)").first.click()
        seen.page.locator("#view-source[data-active]").wait_for()


def test_the_open_form_dialogs_and_drawer_are_accessible(browser: Any, the_shop: Path) -> None:
    with opened(browser, the_shop, "#/queue", viewport={"width": 900, "height": 700}) as seen:
        seen.page.locator(".entry.selected").wait_for()
        seen.page.keyboard.press("e")
        assert complaints(seen.page) == []
        seen.page.keyboard.press("Escape")
        seen.page.get_by_role("button", name="Filters", exact=True).click()
        assert complaints(seen.page) == []
        seen.page.keyboard.press("Escape")
        seen.page.get_by_role("button", name="decide these…").click()
        seen.page.locator("dialog.bulk").get_by_role("radio", name="accepted").check()
        assert complaints(seen.page) == []
        seen.page.keyboard.press("Escape")
        seen.page.get_by_role("button", name="export…").click()
        assert complaints(seen.page) == []
        seen.page.keyboard.press("Escape")
        seen.page.keyboard.press("Control+k")
        seen.page.keyboard.type("a")
        seen.page.locator("#palette-list b").first.wait_for()
        assert complaints(seen.page) == []
        seen.page.keyboard.press("Escape")
        seen.page.keyboard.press("b")
        seen.page.get_by_role("button", name="1 unsaved decision").click()
        assert complaints(seen.page) == []
        seen.page.keyboard.press("Escape")
        seen.page.keyboard.press("?")
        assert complaints(seen.page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_colour_of_a_terminal_can_be_read(browser: Any, tmp_path: Path, scheme: str) -> None:
    mutant = a_mutant()
    message = "".join(f"\x1b[{code}m{code} " for code in (*range(30, 38), *range(90, 98), *range(40, 48)))
    judged = [(mutant, a_verdict(mutant, Status.KILLED, kill=a_kill(message=message)))]
    site = render(tmp_path, Recorded(list(judged)))
    with opened(browser, site, f"#/mutant/prices/{mutant.id}", color_scheme=scheme) as seen:
        seen.page.locator(".ansi-blue").first.wait_for()
        assert complaints(seen.page) == []


def test_the_page_is_accessible_without_javascript_too(browser: Any, the_decided_shop: Path) -> None:
    with opened(browser, the_decided_shop) as seen:
        # axe needs scripts itself, so the page is put back into the state it has without them
        seen.page.evaluate("document.documentElement.classList.remove('js')")
        assert complaints(seen.page) == []


def test_a_label_leads_to_the_field_beside_it_and_no_id_is_given_twice(
    browser: Any, the_decided_shop: Path
) -> None:
    with opened(browser, the_decided_shop) as seen:
        for fragment in VIEWS.values():
            look(seen.page, fragment)
        ids = seen.page.evaluate("[...document.querySelectorAll('[id]')].map((one) => one.id)")
        assert [one for one in ids if ids.count(one) > 1] == []
        look(seen.page, VIEWS["mutant"])
        seen.page.locator("#view-mutant .mutant-head h2").wait_for()
        seen.page.keyboard.press("a")
        for label in ("Why is it not worth a test?", "until (may stay empty)"):
            field = seen.page.locator("#view-mutant").get_by_label(label)
            field.fill("2031-01-01")
            assert field.is_visible()


def test_a_list_without_entries_is_not_told_as_a_list(browser: Any, the_shop: Path) -> None:
    with opened(browser, the_shop, "#/queue") as seen:
        rows = seen.page.locator("#view-queue ol.rows")
        rows.locator(".entry").first.wait_for()
        search = seen.page.locator("#queue-search")
        search.fill("nothing is called so")
        seen.page.get_by_text("Nothing in the queue matches.").wait_for()
        assert rows.evaluate("(one) => one.hidden")
        search.fill("")
        rows.locator(".entry").first.wait_for()
        assert rows.is_visible()
