"""The overview in a real browser: the table of folders and files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from browser import opened


def files(page: Any) -> list[str]:
    """What stands in the table of files, row by row, as it is seen."""
    rows = page.locator("table.modules tbody tr:visible th code")
    return [str(row.text_content()) for row in rows.all()]


class TestFolders:
    def test_a_folder_folds_and_unfolds_by_keyboard(self, browser: Any, of_many_folders: Path) -> None:
        with opened(browser, of_many_folders) as seen:
            every = files(seen.page)
            web = seen.page.get_by_role("button", name="web/")
            web.press("ArrowLeft")
            assert web.get_attribute("aria-expanded") == "false"
            assert files(seen.page) == ["app/", "web/", "app/setup.py", "lib/deep/down/one.py"]
            seen.page.get_by_role("button", name="app/").press("Enter")
            assert files(seen.page) == ["app/", "lib/deep/down/one.py"]
            seen.page.get_by_role("button", name="app/").press("Enter")
            assert files(seen.page) == ["app/", "web/", "app/setup.py", "lib/deep/down/one.py"]
            web.press("ArrowRight")
            assert files(seen.page) == every
            assert seen.complaints == []

    def test_sorting_keeps_files_in_their_folders(self, browser: Any, of_many_folders: Path) -> None:
        with opened(browser, of_many_folders) as seen:
            seen.page.locator("table.modules").get_by_role("button", name="undetected").click()
            assert files(seen.page) == [
                *("app/", "web/", "app/web/forms.py", "views/", "app/web/views/stock.py"),
                *("app/web/views/cart.py", "app/setup.py", "lib/deep/down/one.py"),
            ]

    def test_as_one_list_the_weakest_file_of_all_can_come_first(
        self, browser: Any, of_many_folders: Path
    ) -> None:
        with opened(browser, of_many_folders) as seen:
            seen.page.get_by_label("as one list").check()
            seen.page.locator("table.modules").get_by_role("button", name="score").click()
            seen.page.locator("table.modules").get_by_role("button", name="score").click()
            assert files(seen.page)[0] == "lib/deep/down/one.py"
            assert files(seen.page)[-1] == "app/web/views/cart.py"
            seen.page.get_by_label("as one list").uncheck()
            assert files(seen.page)[0] == "lib/deep/down/one.py"
            assert "app/" in files(seen.page)

    def test_files_without_undetected_mutants_can_be_hidden(
        self, browser: Any, of_many_folders: Path
    ) -> None:
        with opened(browser, of_many_folders) as seen:
            seen.page.get_by_label("only with undetected mutants").check()
            assert "app/web/views/cart.py" not in files(seen.page)
            assert len(files(seen.page)) == 7

    def test_without_javascript_every_folder_and_file_is_there(
        self, browser: Any, of_many_folders: Path
    ) -> None:
        with opened(browser, of_many_folders, java_script_enabled=False) as seen:
            assert len(files(seen.page)) == 8
            assert not seen.page.get_by_label("as one list").is_visible()


def test_a_kind_of_change_leads_to_its_slice_of_the_queue(browser: Any, the_shop: Path) -> None:
    with opened(browser, the_shop) as seen:
        seen.page.get_by_text("Kinds of change").click()
        seen.page.locator(".operators").get_by_role("link", name="comparison swap").click()
        seen.page.locator("#view-queue .entry").first.wait_for()
        assert seen.page.get_by_label("comparison swap").is_checked()
        assert seen.page.locator("#view-queue .shown").first.inner_text() == "4 of 9 shown"
