"""The overview in a real browser: the table of folders and files."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browser import go, opened
from factories import SOURCE, Recorded, a_mutant
from sites import render

from mutmut_dashboard import metrics
from mutmut_dashboard.model import Mutant, Status

TREE = "table[data-tree]"


def files(page: Any) -> list[str]:
    """What stands in the table of files, row by row, as it is seen."""
    rows = page.locator("table[data-key^=files-] tbody tr:visible th code")
    return [str(row.text_content()) for row in rows.all()]


class TestLevels:
    """Of five files, one has a score of 100 %, the others of 80, 60, 40 and 20 %."""

    def test_a_score_has_a_sign_and_a_word_beside_it(self, browser: Any, of_many_folders: Path) -> None:
        with opened(browser, of_many_folders) as seen:
            cells = seen.page.locator("table[data-key^=files-] tr:not(.folder) td[data-label=score]")
            assert sorted(str(words) for words in cells.all_text_contents()) == [
                *("high 100 %", "high 80.0 %", "low 20.0 %", "low 40.0 %", "medium 60.0 %"),
            ]
            sign = "(cell) => getComputedStyle(cell.querySelector('.level'), '::before').content[1]"
            assert {(cell.text_content().split()[0], cell.evaluate(sign)) for cell in cells.all()} == {
                *(("high", "\u25b2"), ("medium", "\u25c6"), ("low", "\u25bc")),
            }
            band = seen.page.locator(".band .level")
            assert band.all_inner_texts() == ["medium", "medium", "medium"]

    @pytest.mark.parametrize("width", [1400, 360])
    def test_levels_stand_in_the_line_of_their_score(
        self, browser: Any, of_many_folders: Path, width: int
    ) -> None:
        with opened(browser, of_many_folders, viewport={"width": width, "height": 900}) as seen:
            cells = seen.page.locator("table[data-key^=files-] td[data-label=score]:visible")
            assert all(cell.bounding_box()["height"] < 40 for cell in cells.all())
            assert all(
                level.bounding_box()["height"] < 24 for level in seen.page.locator(".level:visible").all()
            )

    def test_beside_the_table_stands_which_scores_are_low(self, browser: Any, of_many_folders: Path) -> None:
        with opened(browser, of_many_folders) as seen:
            words = seen.page.locator("section.modules .formula li").last.inner_text()
            said = seen.page.locator(".modules details[open] .formula").first.inner_text()
            assert "low below 60 %, medium from 60 % to below 80 %, high from 80 %" in said
            assert "low" not in words  # the kinds of change are those of all targets


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


def test_decisions_made_on_the_page_are_said_not_to_be_counted(browser: Any, the_decided_shop: Path) -> None:
    with opened(browser, the_decided_shop, "#/overview") as seen:
        late = seen.page.locator("#view-overview .late-decisions")
        assert late.is_hidden()
        go(seen.page, "#/queue")
        seen.page.locator("#view-queue .entry.selected").wait_for()
        seen.page.keyboard.press("t")
        go(seen.page, "#/overview")
        assert late.inner_text().startswith(
            "1 decision made since this page was: its scores, map and tables do not count it yet."
        )
        go(seen.page, "#/queue")
        seen.page.keyboard.press("u")
        go(seen.page, "#/overview")
        late.wait_for(state="hidden")


def test_a_kind_of_change_leads_to_its_slice_of_the_queue(browser: Any, the_shop: Path) -> None:
    with opened(browser, the_shop) as seen:
        seen.page.get_by_text("Kinds of change").click()
        seen.page.locator(".operators").get_by_role("link", name="comparison swap").click()
        seen.page.locator("#view-queue .entry").first.wait_for()
        assert seen.page.get_by_label("comparison swap").is_checked()
        assert seen.page.locator("#view-queue .shown").first.inner_text() == "4 of 9 shown"


def address(page: Any) -> str:
    return str(page.evaluate("location.hash"))


def order(page: Any, table: str = TREE) -> list[str]:
    """What each head says of the order, as far as it says anything."""
    said = page.locator(f"{table} thead th").evaluate_all(
        "(heads) => heads.map((head) => `${head.textContent} ${head.ariaSort}`)"
    )
    return [one for one in said if not one.endswith(" none")]


def head(page: Any, name: str, table: str = TREE) -> Any:
    return page.locator(f"{table} th button", has_text=re.compile(f"^{name}$"))


def fold(page: Any, name: str) -> None:
    page.get_by_role("button", name=name).click()


CHANGES: dict[str, Callable[[Any], object]] = {
    "sort-files-prices=-undecided": lambda page: head(page, "undecided").click(),
    "sort-files-prices=file": lambda page: head(page, "File").click(),
    "flat-files-prices=1": lambda page: page.get_by_label("as one list").check(),
    "weak-files-prices=1": lambda page: page.get_by_label("only with undetected mutants").check(),
    "find-files-prices=web%20py": lambda page: page.get_by_role("searchbox").fill("web py"),
    "fold-files-prices=app/web/": lambda page: fold(page, "web/"),
    "open-files-prices=0": lambda page: page.get_by_role("heading", name="Files of prices").click(),
    "open-operators=1": lambda page: page.get_by_text("Kinds of change").click(),
    "open-map=1": lambda page: page.get_by_text("All functions as a table, with scores and coverage").click(),
}
"""What the address says of a table -> what a reader does for it."""


def many_files(folder: Path, count: int) -> Path:
    """A site of files that all lie in the project's root, of which every other one has a survivor."""
    names = [f"file_{n}.py" for n in range(count)]
    judged: list[tuple[Mutant, Status | None]] = [
        (a_mutant(file=name), Status.SURVIVED if at % 2 else Status.KILLED) for at, name in enumerate(names)
    ]
    return render(folder, Recorded(judged, coverage=[]), sources=dict.fromkeys(names, SOURCE))


class TestFilesWithoutFolders:
    def test_ten_of_them_are_searched_and_narrowed_but_are_one_list_anyway(
        self, browser: Any, tmp_path: Path
    ) -> None:
        with opened(browser, many_files(tmp_path, 10)) as seen:
            assert len(files(seen.page)) == 10
            assert seen.page.get_by_label("as one list").count() == 0
            seen.page.get_by_label("only with undetected mutants").check()
            assert len(files(seen.page)) == 5
            seen.page.get_by_role("searchbox").fill("_3")
            assert files(seen.page) == ["file_3.py"]
            said = address(seen.page)
            assert said == "#/overview?weak-files-prices=1&find-files-prices=_3"
            assert seen.page.locator("[data-tree-said]").inner_text().startswith("1 of 10 files")
            seen.page.get_by_role("searchbox").fill("")
            head(seen.page, "File").click()
            head(seen.page, "File").click()
            assert files(seen.page)[0] == "file_9.py"
            assert seen.complaints == []

    def test_a_few_are_not(self, browser: Any, tmp_path: Path) -> None:
        with opened(browser, many_files(tmp_path, 9)) as seen:
            assert len(files(seen.page)) == 9
            assert seen.page.get_by_role("searchbox").count() == 0


@pytest.mark.parametrize("media", ["screen", "print"])
def test_formulas_of_the_columns_can_be_read(browser: Any, of_many_folders: Path, media: str) -> None:
    with opened(browser, of_many_folders, viewport={"width": 320, "height": 640}) as seen:
        seen.page.emulate_media(media=media)
        said = seen.page.locator("details:has(table[data-key^=files-]) > .formula").inner_text()
        assert seen.page.locator("details:has(table[data-key^=files-]) > .formula").is_visible()
        for label, formula in {
            "score": metrics.MUTATION_SCORE_FORMULA,
            "adjusted": metrics.ADJUSTED_SCORE_FORMULA,
            "covered": metrics.COVERED_SCORE_FORMULA,
            "lines": metrics.LINE_COVERAGE_FORMULA,
        }.items():
            assert f"{label} = {formula}" in said


class TestCounts:
    def test_undetected_mutants_lead_to_the_queue_with_just_them(
        self, browser: Any, the_decided_shop: Path
    ) -> None:
        with opened(browser, the_decided_shop) as seen:
            band = seen.page.locator(".band", has=seen.page.get_by_role("heading", name="cart"))
            band.get_by_role("link", name="5 survived").click()
            seen.page.locator("#view-queue .entry").first.wait_for()
            assert seen.page.locator("#view-queue .shown").first.inner_text() == "5 of 9 shown"
            assert address(seen.page).startswith("#/queue?status=survived&target=cart")

    def test_where_changed_lines_are_told_apart_they_lead_to_all_of_them(
        self, browser: Any, the_changed_shop: Path
    ) -> None:
        with opened(browser, the_changed_shop) as seen:
            seen.page.get_by_role("link", name="5 survived").click()
            seen.page.locator("#view-queue .entry").first.wait_for()
            assert seen.page.locator("#view-queue .shown").first.inner_text() == "5 of 9 shown"

    def test_any_status_leads_to_the_queue_with_just_its_mutants(
        self, browser: Any, of_all_kinds: Path
    ) -> None:
        with opened(browser, of_all_kinds) as seen:
            counts = [link.inner_text() for link in seen.page.locator(".labels a").all()]
            shown = {}
            for said in counts:
                seen.page.get_by_role("link", name=said, exact=True).click()
                seen.page.locator("#view-queue .entry").first.wait_for()
                shown[said] = set(seen.page.locator("#view-queue .entry .status .sr").all_inner_texts())
                seen.page.go_back()
                seen.page.locator(".labels a").first.wait_for()
            assert seen.complaints == []
        assert len(counts) == len(Status)
        assert shown == {said: {said.split()[1]} for said in counts}

    def test_without_scripts_timeouts_lead_to_their_list(self, browser: Any, the_shop: Path) -> None:
        with opened(browser, the_shop, java_script_enabled=False) as seen:
            seen.page.get_by_role("link", name="1 timeout").click()
            assert seen.page.url.endswith("#timeouts")
            assert "1 mutant timed out" in seen.page.locator("li:target").inner_text()

    def test_without_scripts_what_the_page_does_not_list_leads_nowhere(
        self, browser: Any, the_shop: Path
    ) -> None:
        with opened(browser, the_shop, java_script_enabled=False) as seen:
            linked = seen.page.locator(".labels a:visible").all_inner_texts()
            said = seen.page.locator(".labels").first.inner_text()
        assert linked == ["1 timeout", "5 survived", "1 uncovered", "3 survived"]
        assert "2 killed" in said


class TestOrder:
    def test_a_third_click_brings_back_the_order_rows_came_in(
        self, browser: Any, of_many_folders: Path
    ) -> None:
        with opened(browser, of_many_folders) as seen:
            came = files(seen.page)
            orders = []
            for _ in range(3):
                head(seen.page, "undetected").click()
                orders.append(order(seen.page))
            assert orders == [["undetected descending"], ["undetected ascending"], []]
            assert files(seen.page) == came
            assert address(seen.page) == "#/overview"
            seen.page.reload()
            head(seen.page, "undetected").wait_for()
            assert order(seen.page) == []

    def test_of_one_project_is_not_that_of_another(
        self, browser: Any, of_many_folders: Path, tmp_path: Path
    ) -> None:
        names = ["app/one.py", "app/two.py"]
        other = render(
            tmp_path,
            Recorded([(a_mutant(file=name), Status.SURVIVED) for name in names]),
            sources=dict.fromkeys(names, SOURCE),
            project="another",
        )
        table = "table[data-key=files-prices]"
        with opened(browser, of_many_folders) as seen:
            head(seen.page, "score").click()
            seen.page.goto(other.as_uri())
            head(seen.page, "score", table).wait_for()
            assert order(seen.page, table) == []
            head(seen.page, "lines", table).click()
            seen.page.goto(of_many_folders.as_uri())
            seen.page.wait_for_function("() => location.hash === '#/overview?sort-files-prices=-score'")
            assert order(seen.page) == ["score descending"]

    def test_without_its_data_nothing_is_remembered(
        self, browser: Any, of_many_folders: Path, tmp_path: Path
    ) -> None:
        site = shutil.copytree(of_many_folders.parent, tmp_path / "site")
        shutil.rmtree(site / "data")
        with opened(browser, site / "index.html") as seen:
            head(seen.page, "score").click()
            assert order(seen.page) == ["score descending"]
            assert not seen.page.evaluate("Object.keys(localStorage).some((key) => key.includes('sort:'))")


def test_an_address_that_names_a_table_leads_to_it_at_first_but_not_again(
    browser: Any, of_many_folders: Path
) -> None:
    said = "#/overview?sort-files-prices=-score&find-files-prices=stock"
    in_sight = """() => {
        const { top } = document.querySelector("table[data-tree]").closest("details").getBoundingClientRect();
        return scrollY > 0 && top >= 0 && top < innerHeight / 2;
    }"""
    with opened(browser, of_many_folders, said, viewport={"width": 1400, "height": 500}) as seen:
        seen.page.wait_for_function(in_sight)
        go(seen.page, "#/about")
        seen.page.locator("#about").wait_for()
        go(seen.page, said)
        seen.page.locator("#overview").wait_for()
        assert seen.page.evaluate("scrollY") == 0
    with opened(browser, of_many_folders, viewport={"width": 1400, "height": 500}) as seen:
        assert seen.page.evaluate("scrollY") == 0


class TestAddress:
    @pytest.mark.parametrize("said", CHANGES)
    def test_a_change_stands_in_it_and_is_there_for_another_reader(
        self, browser: Any, of_many_folders: Path, said: str
    ) -> None:
        with opened(browser, of_many_folders) as seen:
            bare = files(seen.page)
            CHANGES[said](seen.page)
            seen.page.wait_for_function("() => location.hash")
            assert address(seen.page) == f"#/overview?{said}"
            rows, sorted_so = files(seen.page), order(seen.page)
        assert said.startswith("open-") or (rows, sorted_so) != (bare, [])
        with opened(browser, of_many_folders, f"#/overview?{said}") as seen:
            assert files(seen.page) == rows
            assert order(seen.page) == sorted_so
            assert address(seen.page) == f"#/overview?{said}"
            assert seen.complaints == []

    def test_of_a_large_table_it_names_the_folders_that_were_opened(
        self, browser: Any, tmp_path: Path
    ) -> None:
        names = [f"a/b{n},/{name}.py" for n in range(21) for name in "xy"]
        judged: list[tuple[Mutant, Status | None]] = [
            (a_mutant(file=name), Status.SURVIVED) for name in names
        ]
        site = render(tmp_path, Recorded(judged), sources=dict.fromkeys(names, SOURCE))
        with opened(browser, site) as seen:
            bare = files(seen.page)
            fold(seen.page, "b3,/")
            said = address(seen.page)
            assert said == "#/overview?fold-files-prices=a/b3%252C/"
        with opened(browser, site, said) as seen:
            assert set(files(seen.page)) - set(bare) == {"a/b3,/x.py", "a/b3,/y.py"}
            assert address(seen.page) == said

    def test_several_changes_stand_beside_each_other(self, browser: Any, of_many_folders: Path) -> None:
        fragment = "#/overview?sort-map=function&open-map=1&sort-files-prices=-score&weak-files-prices=1"
        with opened(browser, of_many_folders, fragment) as seen:
            assert order(seen.page, ".map table") == ["Function ascending"]
            assert seen.page.locator(".map details").get_attribute("open") is not None
            assert order(seen.page) == ["score descending"]
            assert seen.page.get_by_label("only with undetected mutants").is_checked()
            assert address(seen.page) == fragment

    def test_what_is_as_the_page_shows_it_is_not_said(self, browser: Any, of_many_folders: Path) -> None:
        with opened(browser, of_many_folders) as seen:
            assert address(seen.page) == ""
            fold(seen.page, "web/")
            fold(seen.page, "web/")
            assert address(seen.page) == "#/overview"
            seen.page.get_by_label("as one list").check()
            seen.page.get_by_label("as one list").uncheck()
            assert address(seen.page) == "#/overview"

    def test_one_that_says_something_resets_the_rest(self, browser: Any, of_many_folders: Path) -> None:
        first = "#/overview?sort-files-prices=-score&weak-files-prices=1&find-files-prices=x&open-operators=1"
        with opened(browser, of_many_folders) as seen:
            every = files(seen.page)
            seen.page.evaluate("(hash) => { location.hash = hash; }", first)
            seen.page.wait_for_function("() => document.querySelector('#kinds-of-change').open")
            seen.page.evaluate("location.hash = '#/overview?open-map=1'")
            seen.page.wait_for_function("() => document.querySelector('.map details').open")
            assert order(seen.page) == []
            assert files(seen.page) == every
            assert not seen.page.get_by_label("only with undetected mutants").is_checked()
            assert seen.page.get_by_role("searchbox").input_value() == ""
            assert seen.page.locator("#kinds-of-change").get_attribute("open") is None

    def test_one_that_says_nothing_leaves_all_as_it_was_and_says_it_then(
        self, browser: Any, of_many_folders: Path
    ) -> None:
        with opened(browser, of_many_folders) as seen:
            seen.page.get_by_label("as one list").check()
            left = address(seen.page)
            for key in "gqgo":
                seen.page.keyboard.press(key)
            seen.page.wait_for_function("(wanted) => location.hash === wanted", arg=left)
            assert "app/" not in files(seen.page)

    def test_it_wins_over_the_order_that_the_browser_remembers(
        self, browser: Any, of_many_folders: Path
    ) -> None:
        with opened(browser, of_many_folders) as seen:
            head(seen.page, "undecided").click()
            seen.page.goto("about:blank")
            seen.page.goto(of_many_folders.as_uri())
            seen.page.wait_for_function("() => location.hash === '#/overview?sort-files-prices=-undecided'")
            assert order(seen.page) == ["undecided descending"]
            seen.page.goto("about:blank")
            seen.page.goto(f"{of_many_folders.as_uri()}#/overview?open-map=1")
            head(seen.page, "undecided").wait_for()
            assert order(seen.page) == []

    def test_a_plain_table_goes_back_to_the_order_it_came_in(self, browser: Any, the_shop: Path) -> None:
        def rows() -> list[str]:
            return list(seen.page.locator(".operators tbody th").all_text_contents())

        with opened(browser, the_shop, "#/overview?open-operators=1") as seen:
            came = rows()
            head(seen.page, "Operator", ".operators table").click()
            assert rows() == sorted(came) != came
            seen.page.evaluate("location.hash = '#/overview?open-operators=1'")
            seen.page.wait_for_function("() => document.querySelector('.operators th').ariaSort === 'none'")
            assert rows() == came

    def test_a_name_of_a_target_may_hold_anything(self, browser: Any, of_hostile_texts: Path) -> None:
        with opened(browser, of_hostile_texts) as seen:
            head(seen.page, "undecided", ".modules:not(.operators) table").click()
            said = address(seen.page)
            assert said.startswith("#/overview?sort-files-")
        with opened(browser, of_hostile_texts, said) as seen:
            assert order(seen.page, ".modules:not(.operators) table") == ["undecided descending"]
            assert address(seen.page) == said

    def test_a_plain_fragment_stays_and_opens_what_it_names(
        self, browser: Any, of_many_folders: Path
    ) -> None:
        with opened(browser, of_many_folders) as seen:
            head(seen.page, "score").click()
            seen.page.evaluate(
                "document.querySelector('#kinds-of-change').addEventListener('toggle', () => { document.title = 'opened'; })"
            )
            seen.page.evaluate("location.hash = '#kinds-of-change'")
            seen.page.wait_for_function("() => document.title === 'opened'")
            assert address(seen.page) == "#kinds-of-change"
            seen.page.evaluate("location.hash = '#honesty'")
            seen.page.wait_for_function("() => scrollY > 0")
            assert address(seen.page) == "#honesty"
            seen.page.get_by_role("link", name="Overview").first.click()
            seen.page.wait_for_function(
                "() => location.hash === '#/overview?sort-files-prices=-score&open-operators=1'"
            )

    def test_without_its_data_the_plain_page_has_it_too(
        self, browser: Any, of_many_folders: Path, tmp_path: Path
    ) -> None:
        site = shutil.copytree(of_many_folders.parent, tmp_path / "site")
        shutil.rmtree(site / "data")
        with opened(browser, site / "index.html", "#/overview?weak-files-prices=1") as seen:
            seen.page.locator("#toast:visible").wait_for()
            assert "app/web/views/cart.py" not in files(seen.page)
            seen.page.get_by_label("as one list").check()
            assert address(seen.page) == "#/overview?flat-files-prices=1&weak-files-prices=1"


def test_the_links_are_gone_through_by_keyboard(browser: Any, the_shop: Path) -> None:
    """First those to begin with, then those of the tables that are open: neither the map's nor any in a folded table."""
    with opened(browser, the_shop) as seen:
        for _ in range(9):
            seen.page.keyboard.press("j")
        focused = "document.activeElement.textContent"
        assert seen.page.evaluate(focused) == "shop/stock.py"
        assert seen.page.locator("#announcements").inner_text() == "That was the last link."
        seen.page.keyboard.press("k")
        assert seen.page.evaluate(focused) == "shop/cart.py"
        seen.page.keyboard.press("k")
        worst = seen.page.locator(".worst li a").all_text_contents()
        assert seen.page.evaluate(focused) == worst[-1]
        for _ in worst:
            seen.page.keyboard.press("k")
        assert seen.page.evaluate(focused) == worst[0]
        assert seen.page.locator("#announcements").inner_text() == "That was the first link."
        seen.page.keyboard.press("Enter")
        seen.page.wait_for_function("() => location.hash.startsWith('#/queue?function=')")


def test_the_links_go_on_where_the_reader_left(browser: Any, the_shop: Path) -> None:
    focused = "document.activeElement.textContent"
    with opened(browser, the_shop) as seen:
        worst = seen.page.locator(".worst li a").all_text_contents()
        seen.page.keyboard.press("j")
        seen.page.keyboard.press("j")
        assert seen.page.evaluate(focused) == worst[1]
        seen.page.keyboard.press("Enter")
        seen.page.locator("#view-queue .entry").first.wait_for()
        seen.page.go_back()
        seen.page.wait_for_function("() => document.activeElement.id === 'content'")
        seen.page.keyboard.press("j")
        assert seen.page.evaluate(focused) == worst[2]


def test_the_end_of_the_links_is_seen(browser: Any, the_shop: Path) -> None:
    with opened(browser, the_shop) as seen:
        seen.page.keyboard.press("k")
        assert seen.page.locator("#toast:visible").inner_text() == "That was the first link."


def test_enter_in_the_search_leads_to_the_first_file_found(browser: Any, of_many_folders: Path) -> None:
    with opened(browser, of_many_folders) as seen:
        seen.page.get_by_role("searchbox").fill("stock")
        seen.page.keyboard.press("Enter")
        assert seen.page.evaluate("document.activeElement.textContent") == "app/web/views/stock.py"


def test_a_class_leads_to_the_survivors_of_all_its_methods(browser: Any, tmp_path: Path) -> None:
    functions = ("Basket.add", "Basket.sum", "Order.pay", "total")
    judged = [
        (a_mutant("price * qty", f"price * {n}", function=name), Status.SURVIVED)
        for n, name in enumerate(functions)
    ]
    with opened(browser, render(tmp_path, Recorded(list(judged)))) as seen:
        seen.page.locator("summary", has_text="Classes").click()
        table = seen.page.locator("section.classes table")
        assert table.locator("tbody th").all_inner_texts() == ["Basket", "Order", "outside of classes"]
        table.get_by_role("button", name="functions").click()
        table.get_by_role("button", name="functions").click()
        assert table.locator("tbody th").first.inner_text() != "Basket"
        table.get_by_role("link", name="Basket").click()
        seen.page.locator("#view-queue .entry.selected").wait_for()
        assert seen.page.locator("#view-queue .shown").inner_text() == "2 of 4 shown"
        assert "prices.py:Basket.add,shop/prices.py:Basket.sum" in seen.page.evaluate("location.hash")
        assert seen.complaints == []


@pytest.fixture(scope="module")
def of_many_classes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of 230 classes with one method each; the later ones have a survivor that is never run."""
    judged: list[tuple[Mutant, Status | None]] = [
        (a_mutant(function=f"K{n:03}.f"), Status.UNCOVERED if n > 99 else Status.KILLED) for n in range(230)
    ]
    return render(tmp_path_factory.mktemp("classes"), Recorded(judged, coverage=[]))


def rows(page: Any, table: str) -> list[str]:
    found = page.locator(f"table[data-key={table}] tbody th code").all_text_contents()
    return [str(name).removesuffix(".f") for name in found]


class TestLongTables:
    @pytest.mark.parametrize(
        ("table", "title"),
        [("map", "All functions as a table, with scores and coverage"), ("classes", "Classes")],
    )
    def test_what_the_page_leaves_out_comes_when_asked_for_and_its_address_says_so(
        self, browser: Any, of_many_classes: Path, table: str, title: str
    ) -> None:
        with opened(browser, of_many_classes) as seen:
            seen.page.get_by_text(title, exact=True).click()
            first = rows(seen.page, table)
            assert len(first) == 200
            details = seen.page.locator("details", has=seen.page.locator(f"table[data-key={table}]"))
            details.get_by_role("button", name="Show all").click()
            seen.page.wait_for_function("() => document.activeElement.matches('tbody a')")
            every = rows(seen.page, table)
            assert every[:200] == first
            assert len(set(every)) == (230 if table == "classes" else 232)
            assert details.get_by_role("button", name="Show all").count() == 0
            levels = seen.page.locator(f"table[data-key={table}] td[data-label=score] .level .sr")
            assert levels.all_text_contents() == ["low"] * 130 + ["high"] * 100
            said = address(seen.page)
            assert said == f"#/overview?all-{table}=1&open-{table}=1"
            assert seen.complaints == []
        with opened(browser, of_many_classes, said) as seen:
            seen.page.wait_for_function(
                "(table) => document.querySelectorAll(`table[data-key=${table}] tbody tr`).length > 200",
                arg=table,
            )
            assert rows(seen.page, table) == every

    def test_an_order_is_that_of_all_rows(self, browser: Any, of_many_classes: Path) -> None:
        with opened(browser, of_many_classes) as seen:
            seen.page.get_by_text("Classes", exact=True).click()
            head(seen.page, "Class", "table[data-key=classes]").click()
            seen.page.wait_for_function("() => !document.querySelector('.classes [data-rest]')")
            assert rows(seen.page, "classes") == [f"K{n:03}" for n in range(230)]
            head(seen.page, "undetected", "table[data-key=classes]").click()
            assert rows(seen.page, "classes") == [f"K{n:03}" for n in (*range(100, 230), *range(100))]

    def test_a_row_that_came_later_is_like_the_others(self, browser: Any, of_many_classes: Path) -> None:
        with opened(browser, of_many_classes, "#/overview?all-classes=1&open-classes=1") as seen:
            seen.page.wait_for_function("() => !document.querySelector('.classes [data-rest]')")
            shapes = seen.page.locator("table[data-key=classes] tbody tr").evaluate_all(
                "(rows) => rows.map((row) => row.outerHTML.replace(/ data-route=\"[^\"]*\"/, '').replace(/K\\d+/g, '').replace(/\\s+</g, '<'))"
            )
            assert shapes[199] == shapes[200]

    def test_the_function_of_a_row_that_came_later_is_where_its_link_leads(
        self, browser: Any, tmp_path: Path
    ) -> None:
        judged: list[tuple[Mutant, Status | None]] = [
            (a_mutant(function=f"f{n:03}"), Status.SURVIVED) for n in range(205)
        ]
        site = render(tmp_path, Recorded(judged, coverage=[]))
        with opened(browser, site, "#/overview?all-map=1&open-map=1") as seen:
            seen.page.locator("table[data-key=map]").get_by_role("link", name="f204", exact=True).click()
            seen.page.locator("#view-queue .entry").first.wait_for()
            assert seen.page.locator("#view-queue .shown").first.inner_text() == "1 of 205 shown"

    def test_without_javascript_the_page_says_how_many_it_leaves_out(
        self, browser: Any, of_many_classes: Path
    ) -> None:
        with opened(browser, of_many_classes, java_script_enabled=False) as seen:
            seen.page.get_by_text("Classes", exact=True).click()
            assert seen.page.locator(".classes [data-rest]").inner_text() == (
                "30 more rows: the tables of files count them, too."
            )
