"""A page that tells lines changed since a git revision from all others: what it shows first, and the way to the rest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from browser import opened
from sites import CART, SURVIVORS
from trees_support import git, run_cli


def queue(page: Any) -> list[str]:
    page.locator(".entry .change").first.wait_for()
    return [str(row.text_content()) for row in page.locator(".entry .change").all()]


def shown(page: Any) -> str:
    return str(page.locator("#view-queue .tool-line .shown").inner_text())


class TestOverview:
    def test_the_score_of_changed_lines_stands_beside_the_whole(
        self, browser: Any, the_changed_shop: Path
    ) -> None:
        with opened(browser, the_changed_shop) as seen:
            band = seen.page.locator(".band", has_text="cart").first
            assert "on lines changed since main 60.0 %" in band.inner_text()
            assert "(killed 2 + timeout 1) / 5" in band.inner_text()
            other = seen.page.locator(".band", has_text="stock").first
            assert "No mutant stands on a changed line." in other.inner_text()
            band.get_by_role("link", name="on lines changed since main").click()
            assert len(queue(seen.page)) == 2


class TestQueue:
    def test_only_changed_lines_are_shown_at_first_and_the_base_is_named(
        self, browser: Any, the_changed_shop: Path
    ) -> None:
        with opened(browser, the_changed_shop, "#/queue") as seen:
            assert sorted(queue(seen.page)) == ["1 - discount → 2 - discount", "weight <= 20 → weight < 20"]
            chip = seen.page.get_by_text("Only lines changed since main")
            assert chip.is_visible()
            seen.page.get_by_role("button", name="every line").click()
            assert shown(seen.page) == f"{SURVIVORS} mutants"
            assert not chip.is_visible()
            seen.page.reload()
            queue(seen.page)
            assert shown(seen.page) == f"{SURVIVORS} mutants"
            seen.page.get_by_label("unchanged").check()
            assert shown(seen.page) == f"{SURVIVORS - 2} of {SURVIVORS} shown"
            assert seen.complaints == []

    def test_a_page_without_a_base_has_no_such_filter(self, browser: Any, the_shop: Path) -> None:
        with opened(browser, the_shop, "#/queue") as seen:
            queue(seen.page)
            assert shown(seen.page) == f"{SURVIVORS} mutants"
            assert seen.page.get_by_label("unchanged").count() == 0


class TestSource:
    def test_mutants_of_other_lines_are_shown_when_asked_for(
        self, browser: Any, the_changed_shop: Path
    ) -> None:
        with opened(browser, the_changed_shop, f"#/source/{CART}") as seen:
            marked = seen.page.locator("#view-source button.line-mutants")
            marked.first.wait_for()
            assert marked.count() == 2
            seen.page.get_by_label("only lines changed since main").uncheck()
            assert marked.count() == 5
            seen.page.reload()
            marked.first.wait_for()
            assert marked.count() == 5


class TestAsAUserDoes:
    @pytest.fixture(name="project")
    def _project(self, skipped_with_reasons: Any, tmp_path: Path) -> Path:
        import shutil

        return Path(shutil.copytree(skipped_with_reasons.folder, tmp_path / "letters"))

    def test_report_since_compares_with_git_and_names_a_revision_that_is_not_there(
        self, project: Path
    ) -> None:
        git(project, "init", "-q", "-b", "main")
        git(project, "add", ".")
        git(project, "commit", "-qm", "start")
        page = project / "dashboard" / "site" / "index.html"
        assert run_cli(project, "report", "--since", "main").code == 0
        assert "No mutant stands on a changed line." in page.read_text("utf-8")
        nowhere = run_cli(project, "report", "--since", "nowhere")
        assert (nowhere.code, "git knows no revision 'nowhere'" in nowhere.err) == (1, True)
        served = run_cli(project, "triage", "--no-open", "--since", "nowhere")
        assert (served.code, "git knows no revision 'nowhere'" in served.err) == (1, True)
