"""The dashboard in one file: everything in it, nothing beside it, and nothing of a stranger's that runs."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from typing import Any

import pytest
from browser import opened
from factories import NOW, Recorded, a_store, hostile, hostile_decisions, of_every_status
from hypothesis import given
from hypothesis import strategies as st
from sites import SURVIVORS, the_cart, the_stock
from test_page_accessibility import VIEWS, look
from trees_support import TreeRun, run_cli

from mutmut_dashboard.report import facts_of, render_single
from mutmut_dashboard.report.chunks.script import payload_of, script


def single(folder: Path, *targets: Recorded, kept: dict[str, Any] | None = None, **more: Any) -> Path:
    """Render a store of one run into one file, alone in its folder."""
    store, run_id = a_store(folder, *targets, **(kept or {}))
    file = folder / "alone" / "report.html"
    file.parent.mkdir()
    with store:
        render_single(facts_of(store, run_id, project="shop", now=NOW, **more), file)
    return file


@pytest.fixture(name="shop", scope="module")
def _shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return single(tmp_path_factory.mktemp("single"), the_cart(), the_stock())


def test_it_opens_by_itself_from_the_queue_to_a_mutant_its_source_and_the_tests(
    browser: Any, shop: Path
) -> None:
    with opened(browser, shop, "#/queue") as seen:
        seen.page.locator(".entry.selected").wait_for()
        seen.page.locator(".entry a").first.click()
        seen.page.get_by_role("heading", name="Why it survived").wait_for()
        seen.page.keyboard.press("t")
        seen.page.wait_for_function(
            "(words) => document.getElementById('progress-words').textContent === words",
            arg=f"1 of {SURVIVORS} decided",
        )
        for view, sign in (
            ("tests", ".test-table .rows .col-test a"),
            ("source/shop/cart.py?line=6", ".code-scroll, table.code"),
        ):
            seen.page.goto(f"{shop.as_uri()}#/{view}")
            seen.page.locator(sign).first.wait_for()
        assert seen.complaints == []
    assert [file.name for file in shop.parent.iterdir()] == ["report.html"]


def test_no_view_has_a_fault_for_axe_or_asks_for_another_file(browser: Any, shop: Path) -> None:
    with opened(browser, shop) as seen:
        found = {name: said for name, view in VIEWS.items() if (said := look(seen.page, view))}

        assert found == {}
        assert seen.requests == [shop.as_uri()]


def test_it_can_be_read_without_javascript(browser: Any, shop: Path) -> None:
    with opened(browser, shop, java_script_enabled=False) as seen:
        assert seen.page.locator("#survivors tbody tr:visible").count() == SURVIVORS


def test_its_policy_lets_in_its_own_script_and_style_and_nothing_else(shop: Path) -> None:
    text = shop.read_text("utf-8")
    policy = re.findall(r'Content-Security-Policy" content="([^"]*)"', text.replace("&#39;", "'"))
    style, code = (
        re.findall(r"<style>(.*?)</style>", text, re.DOTALL),
        re.findall(r"<script>(.*?)</script>", text, re.DOTALL),
    )
    hashes = [
        f"'sha256-{base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()}'"
        for part in (*style, *code)
    ]

    expected = (
        f"default-src 'none'; style-src {hashes[0]}; script-src {hashes[1]}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    assert policy == [expected]
    assert not re.findall(r'(?:src|href)="(?!#|data:|https://|[a-z]+://)[^"]', text)


def test_what_strangers_wrote_does_not_run(browser: Any, tmp_path: Path) -> None:
    recorded, sources, provenance = hostile()
    kept = {"sources": sources, "provenance": provenance}
    file = single(tmp_path, recorded, kept=kept, decisions=hostile_decisions(recorded))
    with opened(browser, file, "#/queue") as seen:
        for link in seen.page.locator(".entry > a:visible").all()[:3]:
            link.click()
            seen.page.locator(".mutant-head").first.wait_for()
        assert "pwned" not in seen.page.title().replace("document.title='pwned'", "")
        assert seen.page.locator("main img").count() == 0
        assert seen.complaints == []
        assert seen.foreign_requests == []


def test_every_survivor_is_in_the_table_that_needs_no_script(tmp_path: Path) -> None:
    text = single(tmp_path, the_cart(), the_stock()).read_text("utf-8")

    assert len(re.findall(r'<tr id="[^"]*" class="(?:survived|uncovered)">', text)) == SURVIVORS
    assert "survivors-2.html" not in text


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.lists(st.text())))
def test_a_payload_is_the_json_that_the_data_file_hands_over(payload: dict[str, object]) -> None:
    import json

    inside = payload_of(script("file", 3, payload))

    assert json.loads(inside) == payload
    assert "<" not in inside


class TestTheCommand:
    def test_writes_the_file_and_leaves_the_folder_alone(self, one_survivor: TreeRun, tmp_path: Path) -> None:
        page = one_survivor.folder / "dashboard" / "site" / "index.html"
        before = page.stat().st_mtime_ns
        outcome = run_cli(one_survivor.folder, "report", "--single-file", str(tmp_path / "all.html"))

        assert outcome.code == 0
        assert re.search(r"Dashboard in one file of \d\.\d MB: .*all\.html", outcome.out)
        assert page.stat().st_mtime_ns == before

    @pytest.mark.parametrize(("name", "said"), [("", "is a folder"), ("gone/all.html", "There is no folder")])
    def test_a_place_that_cannot_be_written_is_named(
        self, one_survivor: TreeRun, tmp_path: Path, name: str, said: str
    ) -> None:
        outcome = run_cli(one_survivor.folder, "report", "--single-file", str(tmp_path / name))

        assert (outcome.code, said in outcome.err) == (1, True)


def test_one_of_every_status_renders(tmp_path: Path) -> None:
    assert "uncovered" in single(tmp_path, of_every_status()).read_text("utf-8")
