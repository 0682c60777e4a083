"""The queue in a browser: what comes first, in which order, and how a list is taken along."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from browser import opened
from factories import FILE, NOW, Recorded, a_mutant, a_store, a_target, a_verdict, hostile, weighed
from sites import SURVIVORS, of_cart, render, the_cart

from mutmut_dashboard.exports import export
from mutmut_dashboard.exports.spreadsheet import unguard
from mutmut_dashboard.model import Choice, Status
from mutmut_dashboard.report import render_report

SARIF = json.loads(
    (Path(__file__).parent / "schemas" / "sarif-schema-2.1.0.json").read_text(encoding="utf-8")
)
LONG = " + ".join(f"term_{n}" for n in range(60))


def changes(page: Any) -> list[str]:
    """The changes in the list, from top to bottom."""
    found: list[str] = page.locator("#view-queue .entry .change").all_inner_texts()
    return found


def ready(page: Any) -> None:
    page.locator("#view-queue .entry.selected").wait_for()


def decided_head(page: Any) -> Any:
    return page.locator("#view-queue .decided-head button")


def take(page: Any, kind: str, folder: Path) -> str:
    """The text of a downloaded list."""
    page.get_by_role("button", name="export…").click()
    page.get_by_role("radio", name=kind).check()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download", exact=True).click()
    file = folder / waiting.value.suggested_filename
    waiting.value.save_as(file)
    page.keyboard.press("Escape")
    return str(file.read_bytes(), "utf-8")


@pytest.fixture(name="priced")
def _priced(tmp_path: Path) -> Path:
    """Four survivors: one that is decided, one that a spreadsheet would compute, one whose change is long."""
    mutants = [
        a_mutant("price * qty", replacement) for replacement in ("=1+cmd|' /C calc'!A0", "a | b", LONG, "qty")
    ]
    judged = [
        (mutant, a_verdict(mutant, Status.SURVIVED, wall=wall))
        for mutant, wall in zip(mutants, (0.5, 0.125, 3.0, 1.5), strict=True)
    ]
    decisions = [weighed(mutants[3], Choice.ACCEPTED, reason="=SUM(A1), see #1 | @you")]
    return render(tmp_path, Recorded(list(judged)), decisions=decisions)


def test_a_reason_that_is_cut_off_can_be_read(browser: Any, the_decided_shop: Path) -> None:
    with opened(browser, the_decided_shop, "#/queue") as seen:
        ready(seen.page)
        shown = seen.page.locator("#view-queue .entry .reason-words")
        titles = [one.get_attribute("title") for one in shown.all()]
        assert titles
        assert titles == shown.all_text_contents()


def test_who_searches_for_a_name_of_mutmut_is_told_where_it_is_found(
    browser: Any, the_decided_shop: Path
) -> None:
    with opened(browser, the_decided_shop, "#/queue") as seen:
        ready(seen.page)
        words = seen.page.get_by_text("mutmut's own names are found by go to (Ctrl-K).")
        seen.page.locator("#queue-search").fill("nowhere")
        seen.page.get_by_text("Nothing in the queue matches.").wait_for()
        assert words.count() == 0
        seen.page.locator("#queue-search").fill("shop.prices.x_total__mutmut_77")
        words.wait_for()


def test_every_number_of_a_test_is_on_paper_and_no_control(browser: Any, the_decided_shop: Path) -> None:
    with opened(browser, the_decided_shop, "#/tests") as seen:
        numbers = seen.page.locator("#view-tests .rows > *:first-child .right:visible")
        numbers.first.wait_for()
        on_screen = numbers.count()
        seen.page.set_viewport_size({"width": 720, "height": 1000})
        seen.page.emulate_media(media="print")
        assert numbers.count() == on_screen
        seen.page.emulate_media(media="screen")
        seen.page.evaluate("() => { location.hash = '#/source/shop/cart.py'; }")
        seen.page.locator("#view-source .code-lines > *").first.wait_for()
        seen.page.emulate_media(media="print")
        assert seen.page.locator("#view-source :is(input, select):visible").count() == 0


def test_rows_that_are_not_printed_are_counted_on_paper(browser: Any, the_decided_shop: Path) -> None:
    with opened(browser, the_decided_shop, "#/tests") as seen:
        left = seen.page.locator("#view-tests .virtual + .paper-only")
        seen.page.evaluate("() => { VirtualList.MOST_PRINTED = 1; }")
        seen.page.locator("#view-tests .virtual > *").first.wait_for()
        assert left.count() == 0
        seen.page.emulate_media(media="print")
        left.wait_for()
        assert re.fullmatch(r"\d+ more rows? not printed: filter the list to print them.", left.inner_text())
        seen.page.emulate_media(media="screen")
        left.wait_for(state="detached")


class TestOrder:
    def test_what_is_decided_is_folded_at_the_end_and_opens_there(
        self, browser: Any, the_decided_shop: Path
    ) -> None:
        with opened(browser, the_decided_shop, "#/queue?group=line") as seen:
            ready(seen.page)
            assert decided_head(seen.page).inner_text().startswith("Decided (1)")
            assert "count=1 → count=2" not in changes(seen.page)
            seen.page.keyboard.press("t")
            assert decided_head(seen.page).inner_text().startswith("Decided (2)")
            decided_head(seen.page).click()
            assert changes(seen.page)[-1] == "count=1 → count=2"
            assert len(changes(seen.page)) == SURVIVORS

    def test_going_through_the_queue_meets_only_what_is_undecided(
        self, browser: Any, the_decided_shop: Path
    ) -> None:
        with opened(browser, the_decided_shop, "#/queue") as seen:
            ready(seen.page)
            met = set()
            for _ in range(SURVIVORS - 1):
                met.add(seen.page.locator(".decide .choice[aria-pressed=true]").inner_text())
                seen.page.keyboard.press("b")
            assert met == {"o open"}
            assert seen.page.get_by_text("Everything shown is decided.").is_visible()
            assert seen.page.evaluate("() => document.activeElement.className") == "empty"
            seen.page.keyboard.press("u")
            ready(seen.page)
            assert len(changes(seen.page)) == 1

    def test_a_filter_by_decision_reaches_what_is_decided(self, browser: Any, the_decided_shop: Path) -> None:
        with opened(browser, the_decided_shop, "#/queue?decision=equivalent") as seen:
            ready(seen.page)
            assert changes(seen.page) == ["count=1 → count=2"]
            assert decided_head(seen.page).count() == 0

    def test_the_address_of_a_decided_mutant_shows_it_in_the_list(
        self, browser: Any, the_decided_shop: Path
    ) -> None:
        with opened(browser, the_decided_shop, "#/queue?decision=equivalent") as seen:
            ready(seen.page)
            key = seen.page.evaluate("new URLSearchParams(location.hash.split('?')[1]).get('m')")
            seen.page.evaluate("(key) => { location.hash = `#/queue?m=${key}`; }", key)
            seen.page.locator(".entry.selected", has_text="count=2").wait_for()
            assert decided_head(seen.page).get_attribute("aria-expanded") == "true"

    def test_deciding_all_that_is_shown_leaves_what_is_decided_alone(
        self, browser: Any, the_decided_shop: Path
    ) -> None:
        with opened(browser, the_decided_shop, "#/queue") as seen:
            ready(seen.page)
            seen.page.get_by_role("button", name="decide these…").click()
            title = seen.page.locator("#bulk-title")
            assert title.inner_text() == f"Decide {SURVIVORS - 1} mutants"

    def test_by_cost_the_slowest_comes_first_and_says_so(self, browser: Any, priced: Path) -> None:
        with opened(browser, priced, "#/queue?decision=open,accepted") as seen:
            ready(seen.page)
            seen.page.keyboard.press("x")
            seen.page.get_by_label("by", exact=True).select_option("cost")
            lines = seen.page.locator("#view-queue .entry .second-line").all_inner_texts()
            assert [line.rsplit(" · ", 1)[1] for line in lines] == ["3.0 s", "1.5 s", "0.5 s", "0.1 s"]
            seen.page.get_by_text("How this is ordered").click()
            note = seen.page.locator(".order-note p").first
            assert note.inner_text().startswith("By cost: what took longest to judge first.")
            seen.page.emulate_media(media="print")
            seen.page.get_by_text("Decision: open, accepted · by cost").wait_for()
            seen.page.emulate_media(media="screen")
            seen.page.get_by_label("by", exact=True).select_option("")
            assert note.inner_text().startswith("Survivors first, by weight")

    def test_by_change_what_is_changed_alike_is_decided_at_once_in_every_file(
        self, browser: Any, tmp_path: Path
    ) -> None:
        alike = [a_mutant("qty < 0", "qty <= 0", file=file) for file in ("shop/a.py", "shop/b.py")]
        mutants = [a_mutant("price * qty", "price / qty", file="shop/a.py"), *alike]
        site = render(tmp_path, Recorded([(mutant, Status.SURVIVED) for mutant in mutants]))
        with opened(browser, site, "#/queue?group=change") as seen:
            ready(seen.page)
            heads = seen.page.locator("#view-queue .group-head .fold-group")
            assert [" ".join(text.split()) for text in heads.all_inner_texts()] == [
                *("qty < 0 → qty <= 0 2 mutants", "price * qty → price / qty 1 mutant")
            ]
            seen.page.get_by_role("button", name="Decide all 2 mutants of qty < 0 → qty <= 0").click()
            seen.page.get_by_role("button", name="Decide", exact=True).click()
            assert seen.page.locator("#progress-words").inner_text() == "2 of 3 decided"
            assert "group=change" in seen.page.evaluate("location.hash")
            assert seen.complaints == []

    def test_printing_leaves_the_focus_where_it_is(self, browser: Any, the_decided_shop: Path) -> None:
        with opened(browser, the_decided_shop, "#/queue?group=function") as seen:
            ready(seen.page)
            seen.page.keyboard.press("j")
            where = "document.activeElement.outerHTML"
            on_row = seen.page.evaluate(where)
            assert "aria-current" in on_row
            self.print_and_go_on(seen.page)
            assert seen.page.evaluate(where) == on_row
            seen.page.locator("#view-queue .entry a").last.focus()
            on_last = seen.page.evaluate(where)
            assert on_last != on_row
            self.print_and_go_on(seen.page)
            assert seen.page.evaluate(where) == on_last

    def print_and_go_on(self, page: Any) -> None:
        for media, there in (("print", 1), ("screen", 0)):
            page.emulate_media(media=media)
            page.wait_for_function(
                "(there) => Boolean(document.querySelector('.on-paper')) === Boolean(there)", arg=there
            )

    def test_costs_name_the_slowest_functions_and_mutants(self, browser: Any, priced: Path) -> None:
        with opened(browser, priced) as seen:
            seen.page.keyboard.press("g")
            seen.page.keyboard.press("c")
            tables = seen.page.locator("#view-costs table")
            tables.first.wait_for()
            assert tables.nth(0).locator("tbody tr").first.locator("td").all_inner_texts()[1:] == [
                *("4", "5.1 s", "100.0 %")
            ]
            assert tables.nth(1).locator("tbody td:nth-child(3)").all_inner_texts() == [
                *("3.0 s", "1.5 s", "0.5 s", "0.1 s")
            ]


class TestExport:
    def test_csv_holds_every_change_in_full_and_no_formula(
        self, browser: Any, priced: Path, tmp_path: Path
    ) -> None:
        with opened(browser, priced, "#/queue?group=cost") as seen:
            ready(seen.page)
            text = take(seen.page, "CSV", tmp_path)
            assert seen.complaints == []
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        assert not [cell for row in rows for cell in row.values() if cell[:1] in ("=", "+", "@")]
        assert [unguard(row["replacement"]) for row in rows] == [LONG, "=1+cmd|' /C calc'!A0", "a | b", "qty"]
        assert [(row["decision"], unguard(row["decision_reason"])) for row in rows[-2:]] == [
            ("open", ""),
            ("accepted", "=SUM(A1), see #1 | @you"),
        ]
        assert [row["address"] for row in rows] == [
            f"{priced.resolve().as_uri()}#/mutant/{row['target']}/{row['id']}" for row in rows
        ]

    def test_an_exported_address_leads_to_its_mutant(
        self, browser: Any, priced: Path, tmp_path: Path
    ) -> None:
        with opened(browser, priced, "#/queue") as seen:
            ready(seen.page)
            one = json.loads(take(seen.page, "JSON", tmp_path))["mutants"][1]
            seen.page.goto("about:blank")
            seen.page.goto(one["address"])
            seen.page.locator("#view-mutant .mutant-head").get_by_text(one["id"]).wait_for()
            assert seen.complaints == []

    def test_a_list_holds_what_the_filters_show_and_nothing_else(
        self, browser: Any, priced: Path, tmp_path: Path
    ) -> None:
        with opened(browser, priced, "#/queue?decision=accepted") as seen:
            ready(seen.page)
            read = json.loads(take(seen.page, "JSON", tmp_path))
        assert [one["replacement"] for one in read["mutants"]] == ["qty"]
        assert (read["all"], read["run"]["id"]) == (4, 1)
        assert read["address"].startswith(f"{priced.resolve().as_uri()}#/queue?decision=accepted")

    def test_code_scanning_gets_the_same_alerts_as_by_the_command(self, browser: Any, tmp_path: Path) -> None:
        recorded, sources, provenance = hostile()
        shared = [a_mutant("qty < 0", "qty <= 0", target=name, file=FILE) for name in ("one", "two")]
        twice = [
            Recorded([(mutant, Status.SURVIVED)], target=a_target(name=mutant.target), tests=[])
            for mutant in shared
        ]
        store, run_id = a_store(tmp_path, recorded, *twice, sources=sources, provenance=provenance)
        with store:
            render_report(store, run_id, tmp_path / "site", project="shop", now=NOW)
            (wanted,) = json.loads(export(store, "sarif", run_id, None))["runs"]
        with opened(browser, tmp_path / "site" / "index.html", "#/queue") as seen:
            ready(seen.page)
            log = json.loads(take(seen.page, "SARIF", tmp_path))
        jsonschema.Draft7Validator(SARIF).validate(log)
        (found,) = log["runs"]

        def alerts(run: Any) -> list[tuple[str, ...]]:
            return sorted(
                (
                    *(one["partialFingerprints"]["primaryLocationLineHash"], one["ruleId"], one["level"]),
                    one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
                    str(one["locations"][0]["physicalLocation"]["region"]["startLine"]),
                )
                for one in run["results"]
            )

        assert alerts(found) == alerts(wanted)
        assert found["automationDetails"] == wanted["automationDetails"] == {"id": "mutmut-dashboard/"}
        successful = [run["invocations"][0]["executionSuccessful"] for run in (found, wanted)]
        assert successful[0] == successful[1]
        rules = [rule["id"] for rule in found["tool"]["driver"]["rules"]]
        assert [rules[one["ruleIndex"]] for one in found["results"]] == [
            one["ruleId"] for one in found["results"]
        ]

    def test_code_scanning_is_told_which_alerts_are_excused(
        self, browser: Any, priced: Path, tmp_path: Path
    ) -> None:
        with opened(browser, priced, "#/queue") as seen:
            ready(seen.page)
            seen.page.keyboard.press("a")
            seen.page.keyboard.type("a draft that nobody saved")
            seen.page.keyboard.press("Enter")
            (run,) = json.loads(take(seen.page, "SARIF", tmp_path))["runs"]
        assert sum(one["properties"]["decision"] == "accepted" for one in run["results"]) == 2
        excused = [one["suppressions"] for one in run["results"] if one["suppressions"]]
        assert excused == [
            [{"kind": "external", "status": "accepted", "justification": "accepted: =SUM(A1), see #1 | @you"}]
        ]

    def test_a_narrowed_list_does_not_pass_for_the_whole_to_code_scanning(
        self, browser: Any, unfinished: Path, tmp_path: Path
    ) -> None:
        with opened(browser, unfinished, "#/queue") as seen:
            ready(seen.page)
            note = seen.page.get_by_text("This is not the whole list.")
            seen.page.get_by_role("button", name="export…").click()
            assert note.is_hidden()
            seen.page.keyboard.press("Escape")
            (whole,) = json.loads(take(seen.page, "SARIF", tmp_path))["runs"]
            one = whole["results"][0]["partialFingerprints"]["mutantId/v1"]
            seen.page.locator("#queue-search").fill(one)
            seen.page.locator("#view-queue .shown", has_text="1 of 3 shown").wait_for()
            seen.page.get_by_role("button", name="export…").click()
            assert note.is_visible()
            seen.page.keyboard.press("Escape")
            log = json.loads(take(seen.page, "SARIF", tmp_path))
        jsonschema.Draft7Validator(SARIF).validate(log)
        (part,) = log["runs"]
        assert [run["automationDetails"]["id"] for run in (whole, part)] == [
            *("mutmut-dashboard/", "mutmut-dashboard/filtered/")
        ]
        assert [len(run["results"]) for run in (whole, part)] == [3, 1]
        assert part["invocations"] == [{"executionSuccessful": False}]

    def test_a_table_for_an_issue_can_be_copied(self, browser: Any, priced: Path) -> None:
        with opened(browser, priced, "#/queue", permissions=["clipboard-read", "clipboard-write"]) as seen:
            ready(seen.page)
            seen.page.get_by_role("button", name="export…").click()
            seen.page.get_by_role("radio", name="Markdown").check()
            seen.page.get_by_role("button", name="Copy", exact=True).click()
            seen.page.get_by_text("Copied.").wait_for()
            copied = seen.page.evaluate("navigator.clipboard.readText()")
        rows = [line for line in copied.splitlines() if line.startswith("| [`")]
        assert {line.count(" | ") for line in rows} == {6}
        assert len(rows) == 4
        assert all(f"](<{priced.resolve().as_uri()}#/mutant/" in row for row in rows)


def test_an_empty_queue_says_so_and_offers_nothing_to_decide(browser: Any, without_survivors: Path) -> None:
    with opened(browser, without_survivors, "#/queue") as seen:
        assert seen.page.locator("#view-queue").get_by_text("No survivors.").is_visible()
        assert seen.page.locator("#view-queue button:visible").count() == 0


def test_a_survivor_in_the_shadow_of_another_is_folded_under_it_and_both_say_so(
    browser: Any, tmp_path: Path
) -> None:
    cart = the_cart()
    whole = of_cart("sum(prices) * (1 - discount)", "None", operator="assignment")
    site = render(tmp_path, replace(cart, judged=[*cart.judged, (whole, Status.SURVIVED)]))
    with opened(browser, site, "#/queue") as seen:
        entry = seen.page.locator(".entry", has_text="sum(prices)")
        entry.get_by_role("button", name="1 more mutant on line 5").click()
        shadowed = seen.page.locator(".entry.under")
        badge = shadowed.locator(".badge.shadowed").inner_text().strip()
        shadowed.get_by_role("link").click()
        part = seen.page.locator(".part", has=seen.page.get_by_role("heading", name="In the shadow of"))
        part.get_by_role("link").first.click()
        seen.page.get_by_role("heading", name="Shadows 1 other").wait_for()

        assert badge == "shadowed"
        assert seen.complaints == []
    assert "In the shadow of No." in site.read_text(encoding="utf-8")


def boxes(page: Any) -> dict[str, str]:
    """What the filter by status offers, with its counts."""
    field = page.locator(".facets fieldset", has=page.locator("legend", has_text="Status"))
    rows = [label.inner_text().split() for label in field.locator("label").all()]
    return {row[0]: " ".join(row[1:]) for row in rows}


def said(page: Any, selector: str) -> str:
    text: str = page.locator(f"#view-queue {selector}").first.inner_text()
    return text


class TestOtherStatuses:
    def test_they_are_offered_with_their_counts_and_listed_only_where_chosen(
        self, browser: Any, the_decided_shop: Path
    ) -> None:
        with opened(browser, the_decided_shop, "#/queue") as seen:
            ready(seen.page)
            assert boxes(seen.page) == {"survived": "8", "uncovered": "1", "killed": "3", "timeout": "1"}
            assert said(seen.page, ".shown") == "9 mutants"
            seen.page.get_by_role("checkbox", name="killed").check()
            seen.page.locator(".entry", has_text="5 if").wait_for()
            assert said(seen.page, ".shown") == "3 of all 13 mutants"
            assert said(seen.page, ".progress") == "1 of 9 decided"
            assert "status=killed" in seen.page.url
            seen.page.get_by_role("checkbox", name="shop/stock.py").check()
            assert changes(seen.page) == ["self.counts[name] - count → self.counts[name] + count"]
            assert boxes(seen.page) == {"survived": "3", "uncovered": "0", "killed": "1", "timeout": "0"}
            seen.page.get_by_role("checkbox", name="killed").uncheck()
            assert said(seen.page, ".shown") == "3 of 9 shown"
            assert seen.complaints == []

    def test_filters_narrow_their_counts_while_they_are_not_chosen(
        self, browser: Any, the_decided_shop: Path
    ) -> None:
        with opened(browser, the_decided_shop, "#/queue") as seen:
            ready(seen.page)
            seen.page.locator("#queue-search").fill("stock.py")
            seen.page.get_by_role("checkbox", name="killed 1").wait_for()
            assert boxes(seen.page) == {"survived": "3", "uncovered": "0", "killed": "1", "timeout": "0"}

    def test_the_keys_lead_through_them_and_nothing_is_decided(
        self, browser: Any, the_decided_shop: Path
    ) -> None:
        with opened(browser, the_decided_shop, "#/queue?status=killed") as seen:
            ready(seen.page)
            met = []
            for _ in range(3):
                met.append(seen.page.locator("#view-queue .mutant-head h2").inner_text())
                seen.page.keyboard.press("j")
            assert met == ["✓ killed subtotal", "✓ killed shipping", "✓ killed Stock.take"]
            assert seen.page.locator("#view-queue .choices").is_hidden()
            assert seen.page.get_by_role("button", name="decide these…").is_disabled()
            seen.page.keyboard.press("t")
            seen.page.locator("#toast", has_text="Only what no test detects").wait_for()
            assert said(seen.page, ".progress") == "1 of 9 decided"

    def test_deciding_all_touches_undetected_ones_only(self, browser: Any, the_decided_shop: Path) -> None:
        address = "#/queue?status=killed,survived&function=shop/stock.py:Stock.take&group=function"
        with opened(browser, the_decided_shop, address) as seen:
            ready(seen.page)
            for name in ("decide undetected…", "Decide undetected: 2 mutants of Stock.take"):
                seen.page.get_by_role("button", name=name).click()
                assert seen.page.get_by_role("heading", name="Decide 2 mutants").is_visible()
                seen.page.get_by_role("button", name="Cancel").click()
            seen.page.get_by_role("button", name="decide undetected…").click()
            seen.page.get_by_role("button", name="Decide", exact=True).click()
            seen.page.locator(".progress", has_text="3 of 9 decided").wait_for()
            assert seen.page.locator(".entry .badge.todo").count() == 0
            assert seen.page.locator(".entry .badge.killed").count() == 1

    def test_deciding_goes_on_to_what_is_undecided_before_what_is_killed(
        self, browser: Any, the_decided_shop: Path
    ) -> None:
        address = "#/queue?status=killed,survived&target=stock"
        with opened(browser, the_decided_shop, address) as seen:
            ready(seen.page)
            first = seen.page.url
            seen.page.keyboard.press("j")
            seen.page.keyboard.press("b")
            seen.page.locator(".progress", has_text="2 of 9 decided").wait_for()
            assert said(seen.page, ".mutant-head h2") == "● survived Stock.take"
            assert seen.page.url.startswith(first)

    def test_a_test_narrows_them_too(self, browser: Any, the_decided_shop: Path) -> None:
        with opened(
            browser, the_decided_shop, "#/queue?test=cart/tests/test_cart.py::test_subtotal_adds"
        ) as seen:
            ready(seen.page)
            seen.page.get_by_role("checkbox", name="killed").check()
            seen.page.locator(".shown", has_text="1 of all 13 mutants").wait_for()
            seen.page.locator(".entry .change").wait_for()  # its words come by another file
            assert changes(seen.page) == ["sum(prices) * (1 - discount) → sum(prices) / (1 - discount)"]
            facet = seen.page.locator("fieldset", has=seen.page.locator("legend", has_text="Test"))
            assert facet.get_by_role("checkbox", checked=True).count() == 1

    def test_the_list_says_why_one_was_not_judged(self, browser: Any, of_all_kinds: Path) -> None:
        with opened(browser, of_all_kinds, "#/queue?status=skipped,error") as seen:
            seen.page.locator(".reason-words", has_text="messages are not promised").wait_for()
            assert [text.strip() for text in seen.page.locator(".entry .badge").all_inner_texts()] == [
                *("skipped", "error")
            ]

    def test_an_export_holds_them_with_their_status(
        self, browser: Any, of_all_kinds: Path, tmp_path: Path
    ) -> None:
        with opened(browser, of_all_kinds, "#/queue?status=killed,survived,skipped") as seen:
            ready(seen.page)
            read = json.loads(take(seen.page, "JSON", tmp_path))
            (run,) = json.loads(take(seen.page, "SARIF", tmp_path))["runs"]
            seen.page.get_by_role("button", name="export…").click()
            words = seen.page.get_by_text("SARIF holds the undetected ones only: 2 of 4.")
            assert words.is_visible()
        rows = {one["status"]: one for one in read["mutants"]}
        assert [one["status"] for one in read["mutants"]] == ["survived", "survived", "skipped", "killed"]
        assert read["all"] == len(Status) + 1
        assert (rows["skipped"]["reason"], rows["skipped"]["decision"]) == ("messages are not promised", "")
        assert (rows["killed"]["original"], rows["killed"]["replacement"]) == ("price * qty", "price / qty")
        assert [one["properties"]["status"] for one in run["results"]] == ["survived"] * 2
        assert run["automationDetails"]["id"] == "mutmut-dashboard/filtered/"

    def test_code_scanning_is_offered_nothing_where_all_is_detected(
        self, browser: Any, of_all_kinds: Path
    ) -> None:
        with opened(browser, of_all_kinds, "#/queue?status=killed") as seen:
            ready(seen.page)
            seen.page.get_by_role("button", name="export…").click()
            assert seen.page.get_by_role("radio", name="SARIF").is_disabled()
            assert seen.page.get_by_text("None of these is undetected").is_visible()
            with seen.page.expect_download() as started:
                seen.page.get_by_role("button", name="Download").click()
            assert started.value.suggested_filename == "mutants.csv"

    def test_without_survivors_the_others_are_still_there(
        self, browser: Any, without_survivors: Path
    ) -> None:
        with opened(browser, without_survivors, "#/queue") as seen:
            seen.page.get_by_role("checkbox", name="killed").check()
            ready(seen.page)
            assert said(seen.page, ".shown") == "1 mutant"


class TestTyping:
    """What waits until the reader pauses."""

    def test_choices_that_change_their_names_filter_by_the_new_ones(
        self, browser: Any, of_three_thousand: Path
    ) -> None:
        with opened(browser, of_three_thousand, "#/queue") as seen:
            ready(seen.page)
            facet = seen.page.locator(".facets fieldset:has([data-choice^=operator])")
            first = facet.get_by_role("checkbox").first
            was, element = first.input_value(), first.element_handle()
            seen.page.locator("#queue-search").fill("operator-2")
            facet.get_by_role("checkbox", name="operator-2000-").wait_for()
            assert element.evaluate("(box) => box.isConnected")
            assert first.input_value() != was
            first.check()
            wanted = first.input_value()
            assert seen.page.locator("#view-queue .shown").inner_text() == "1 of 300 shown"
            assert wanted in seen.page.locator("#view-queue .entry .second-line").inner_text()
            assert f"operator={wanted}" in seen.page.evaluate("() => location.hash")

    def test_the_focus_stays_with_a_choice_whose_place_changes(
        self, browser: Any, of_three_thousand: Path
    ) -> None:
        with opened(browser, of_three_thousand, "#/queue") as seen:
            ready(seen.page)
            facet = seen.page.locator(".facets fieldset:has([data-choice^=function])")
            box = facet.get_by_role("checkbox").nth(3)
            wanted = box.input_value()
            box.focus()
            seen.page.keyboard.press("Space")
            assert facet.get_by_role("checkbox").first.input_value() == wanted
            assert seen.page.evaluate("() => document.activeElement.value") == wanted

    def test_the_words_come_into_the_address_unless_the_reader_went_elsewhere(
        self, browser: Any, the_decided_shop: Path
    ) -> None:
        with opened(browser, the_decided_shop, "#/queue") as seen:
            ready(seen.page)
            seen.page.locator("#queue-search").fill("total")
            seen.page.wait_for_function("() => location.hash.includes('q=total')")
            seen.page.evaluate(
                """() => {
                    const box = document.getElementById("queue-search");
                    box.value = "take";
                    box.dispatchEvent(new Event("input", { bubbles: true }));
                    location.hash = "#/tests";
                }"""
            )
            seen.page.wait_for_timeout(400)
            assert seen.page.evaluate("() => location.hash") == "#/tests"
            assert seen.complaints == []

    def test_all_around_is_drawn_after_a_pause(self, browser: Any, of_three_thousand: Path) -> None:
        with opened(browser, of_three_thousand, "#/queue?group=operator") as seen:
            ready(seen.page)
            drawn = "() => document.querySelectorAll('#view-queue .rows > *').length"
            at_once = seen.page.evaluate(
                f"""() => {{
                    const box = document.getElementById("queue-search");
                    box.value = "operator";
                    box.dispatchEvent(new Event("input", {{ bubbles: true }}));
                    return ({drawn})();
                }}"""
            )
            assert at_once > 10
            seen.page.wait_for_function(f"(before) => ({drawn})() > before", arg=at_once)
            seen.page.locator("#view-queue .mutant-pane .parts > *").first.wait_for()
