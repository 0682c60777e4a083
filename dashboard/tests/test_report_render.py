from __future__ import annotations

import ast
import gc
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from contract import payloads_of
from factories import (
    EVIL,
    FILE,
    NOW,
    SOURCE,
    Recorded,
    a_mutant,
    a_store,
    hostile,
    hostile_decisions,
    of_every_status,
)
from jinja2 import UndefinedError

from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.files import changed_files
from mutmut_dashboard.model import Status
from mutmut_dashboard.report import pages, render_report, routes, survivors
from mutmut_dashboard.report.render import environment

REPORT = Path(pages.__file__).parents[1]
TEMPLATES = sorted((REPORT / "templates").glob("*.html"))
VOID = {"meta", "link", "br", "input", "img"}
IN_SVG = {"rect", "line", "circle", "polyline"}
STYLE = "".join(path.read_text("utf-8") for path in sorted((REPORT / "static" / "css").glob("*.css")))
ROLES = dict(re.findall(r"--([\w-]+): light-dark\((.*?)\);", STYLE))
"""Role of a colour -> its light and its dark value."""


class Read(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in IN_SVG, f"<{tag}/> means nothing in HTML"
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def ids(self) -> list[str]:
        return [attributes["id"] or "" for _, attributes in self.tags if "id" in attributes]


def site(tmp_path: Path, *targets: Recorded, out: str = "site", **kept: Any) -> Path:
    root = kept.pop("source_root", None)
    project = kept.pop("project", "shop")
    decisions = kept.pop("decisions", ())
    store, run_id = a_store(tmp_path, *targets, **kept)
    with store:
        return render_report(
            store,
            run_id,
            tmp_path / out,
            project=project,
            now=NOW,
            source_root=root,
            decisions=decisions,
        )


def files_of(folder: Path) -> dict[str, bytes]:
    """Path below the folder -> content."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def hostile_site(tmp_path: Path) -> Path:
    recorded, sources, provenance = hostile()
    decisions = hostile_decisions(recorded)
    return site(
        tmp_path,
        recorded,
        sources=sources,
        provenance=provenance,
        project=EVIL,
        detail=EVIL,
        decisions=decisions,
    )


@pytest.fixture(params=["every status", "no mutants", "no targets", "no survivors", "hostile"])
def any_page(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The page of each kind of store."""
    made = {
        "every status": lambda: site(tmp_path, of_every_status()),
        "no mutants": lambda: site(tmp_path, Recorded()),
        "no targets": lambda: site(tmp_path),
        "no survivors": lambda: site(tmp_path, Recorded([(a_mutant(), Status.KILLED)])),
        "hostile": lambda: hostile_site(tmp_path),
    }
    return made[request.param]()


class TestEveryPage:
    def test_tags_are_closed_in_order(self, any_page: Path) -> None:
        read = Read(any_page.read_text("utf-8"))
        assert read.open == []

    def test_internal_links_and_fragments_lead_somewhere(self, any_page: Path) -> None:
        read = Read(any_page.read_text("utf-8"))
        ids = set(read.ids())
        for tag, attributes in read.tags:
            for name in ("href", "src"):
                address = attributes.get(name)
                if tag in IN_SVG or address is None:
                    continue
                if address.startswith("#/"):
                    assert attributes.get("data-tab") == address[2:]
                elif address.startswith("#"):
                    assert address[1:] in ids, address
                else:
                    assert (any_page.parent / address).is_file(), address

    def test_references_between_elements_hold(self, any_page: Path) -> None:
        read = Read(any_page.read_text("utf-8"))
        ids = set(read.ids())
        for _, attributes in read.tags:
            for name in ("aria-labelledby", "for", "data-outline"):
                assert attributes.get(name) is None or attributes[name] in ids

    def test_no_id_is_given_twice(self, any_page: Path) -> None:
        ids = Counter(Read(any_page.read_text("utf-8")).ids())
        assert [name for name, count in ids.items() if count > 1] == []
        assert all(re.fullmatch(r"[\w-]+", name) for name in ids)

    def test_nothing_is_inline(self, any_page: Path) -> None:
        for tag, attributes in Read(any_page.read_text("utf-8")).tags:
            assert tag != "style"
            assert tag != "script" or attributes.get("src")
            assert not [name for name in attributes if name == "style" or name.startswith("on")]

    def test_nothing_comes_from_elsewhere(self, any_page: Path) -> None:
        for _, attributes in Read(any_page.read_text("utf-8")).tags:
            addresses = [attributes[name] or "" for name in ("href", "src", "action") if name in attributes]
            assert all(re.match(r"#|mutmut-dashboard\.|data/", address) for address in addresses)

    def test_controls_have_names(self, any_page: Path) -> None:
        text = any_page.read_text("utf-8")
        labelled = {attributes.get("for") for tag, attributes in Read(text).tags if tag == "label"}
        in_labels = set(re.findall(r"<label><input[^>]*?(?:name|id)=\"([^\"]+)\"", text))
        for tag, attributes in Read(text).tags:
            if tag == "input":
                assert (
                    attributes.get("id") in labelled
                    or {attributes.get("id"), attributes.get("name")} & in_labels
                )

    def test_the_same_store_gives_the_same_bytes(self, any_page: Path, tmp_path: Path) -> None:
        before = files_of(any_page.parent)
        from mutmut_dashboard.store import Store

        with Store(tmp_path / "results.sqlite") as store:
            evil = "pwned" in any_page.read_text("utf-8")
            again = render_report(
                store,
                1,
                tmp_path / "again",
                project=EVIL if evil else "shop",
                now=NOW,
                decisions=hostile_decisions(hostile()[0]) if evil else (),
            )
        assert files_of(again.parent) == before


@pytest.mark.parametrize("was_on", [True, False])
def test_garbage_is_looked_for_as_before_once_a_page_is_there_or_could_not_be_made(
    tmp_path: Path, was_on: bool
) -> None:
    store, run_id = a_store(tmp_path, of_every_status())
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "index.html").write_text("somebody's page")
    before = gc.isenabled()
    (gc.enable if was_on else gc.disable)()
    try:
        with store:
            render_report(store, run_id, tmp_path / "site", project="shop", now=NOW)
            assert gc.isenabled() == was_on
            with pytest.raises(UsageError):
                render_report(store, run_id, tmp_path / "taken", project="shop", now=NOW)
            assert gc.isenabled() == was_on
    finally:
        (gc.enable if before else gc.disable)()


class TestLinks:
    """Every page of a site of several pages, every address of a view."""

    @pytest.fixture(params=["every status", "hostile"])
    def pages(
        self, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> list[Path]:
        monkeypatch.setattr(survivors, "MOST_ROWS", 2)
        hostile_wanted = request.param == "hostile"
        index = hostile_site(tmp_path) if hostile_wanted else site(tmp_path, of_every_status())
        return sorted(index.parent.glob("*.html"))

    def test_links_between_pages_lead_to_what_is_there(self, pages: list[Path]) -> None:
        ids = {page.name: set(Read(page.read_text("utf-8")).ids()) for page in pages}
        assert len(pages) == 2
        for page in pages:
            for tag, attributes in Read(page.read_text("utf-8")).tags:
                address = attributes.get("href") or ""
                if tag == "a" and not address.startswith("#/"):
                    name, _, fragment = address.partition("#")
                    assert not fragment or fragment in ids[name or page.name], address
                    assert (page.parent / (name or page.name)).is_file()

    def test_every_page_is_safe_and_whole(self, pages: list[Path]) -> None:
        for page in pages:
            read = Read(page.read_text("utf-8"))
            assert read.open == []
            assert not [tag for tag, _ in read.tags if tag in ("img", "style")]
            assert sum(tag == "script" for tag, _ in read.tags) == (2 if page.name == "index.html" else 1)
            assert len(read.ids()) == len(set(read.ids()))

    def test_addresses_of_views_name_what_the_data_holds(self, pages: list[Path]) -> None:
        data = payloads_of(pages[0].parent)["index", 0]
        targets = [target["name"] for target in data["targets"]]
        keys = {
            routes.of_mutant(targets[data["files"][data["functions"]["file"][function]]["target"]], mutant)
            for mutant, function in zip(data["mutants"]["id"], data["mutants"]["function"], strict=True)
        }
        functions = {
            routes.of_function(data["files"][file]["path"], name)
            for name, file in zip(data["functions"]["name"], data["functions"]["file"], strict=True)
        }
        sources = {routes.of_source(file["path"]) for file in data["files"]}
        operators = {routes.of_operator(name) for name in data["operators"]}
        found = [
            attributes["data-route"] or ""
            for page in pages
            for _, attributes in Read(page.read_text("utf-8")).tags
            if "data-route" in attributes
        ]
        assert found
        statuses = {
            routes.of_status(target, status, every_line=False) for target in targets for status in Status
        }
        assert set(found) - keys - functions - sources - operators - statuses == {"#/costs"}


class TestHostileText:
    def test_it_stays_text(self, tmp_path: Path) -> None:
        read = Read(hostile_site(tmp_path).read_text("utf-8"))
        assert sum(tag == "script" for tag, _ in read.tags) == 2
        assert not [tag for tag, _ in read.tags if tag == "img"]
        assert EVIL in "".join(read.text)

    def test_characters_that_utf8_or_html_cannot_hold_are_shown_as_escapes(self, tmp_path: Path) -> None:
        text = hostile_site(tmp_path).read_bytes().decode("utf-8")
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\ud800-\udfff]", text)
        assert "\\ud800" in text
        assert "\\u202e" in text
        assert "\\x1b[31m" in text

    def test_long_lines_are_cut(self, tmp_path: Path) -> None:
        assert "a + " * 200 not in hostile_site(tmp_path).read_text("utf-8")


class TestTemplates:
    def test_every_template_variable_is_documented(self) -> None:
        for name, documented in _fields().values():
            assert documented, f"{name} has no description"

    def test_every_template_variable_is_used(self) -> None:
        text = "\n".join(path.read_text("utf-8") for path in TEMPLATES)
        used = set(re.findall(r"\.(\w+)", text))
        assert {name for name, _ in _fields().values()} - used == set()

    def test_a_misspelt_variable_is_an_error(self) -> None:
        with pytest.raises(UndefinedError):
            environment().from_string("{{ page.nothing }}").render(page=object())

    def test_templates_trust_no_text(self) -> None:
        for path in TEMPLATES:
            assert "|safe" not in path.read_text("utf-8").replace(" ", "")

    def test_templates_compute_nothing(self) -> None:
        for path in TEMPLATES:
            for expression in re.findall(r"{[{%].*?[%}]}", path.read_text("utf-8")):
                assert not re.search(r" [-+*/<>] |\||==", expression), f"{path.name}: {expression}"


def _fields() -> dict[str, tuple[str, bool]]:
    """Class.field -> name and whether a string follows it."""
    found = {}
    texts = [path.read_text("utf-8") for path in sorted((REPORT / "pages").glob("*.py"))]
    for node in [node for text in texts for node in ast.parse(text).body]:
        if not isinstance(node, ast.ClassDef):
            continue
        for at, statement in enumerate(node.body):
            if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                after = node.body[at + 1] if at + 1 < len(node.body) else None
                documented = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
                found[f"{node.name}.{statement.target.id}"] = (statement.target.id, documented)
    return found


class TestColours:
    """WCAG AA, in both themes, read from the style sheet itself."""

    @staticmethod
    def contrast(one: str, other: str) -> float:
        def luminance(colour: str) -> float:
            parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
            linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
            return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

        high, low = sorted((luminance(one), luminance(other)), reverse=True)
        return (high + 0.05) / (low + 0.05)

    @pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
    @pytest.mark.parametrize("ground", ["paper", "tint"])
    @pytest.mark.parametrize(
        "text",
        [
            *("ink", "quiet", "link", "killed", "timeout", "survived", "uncovered", "skipped", "pending"),
            *("syntax-word", "syntax-text", "syntax-number", "syntax-name"),
        ],
    )
    def test_text_has_a_contrast_of_four_and_a_half(self, theme: int, ground: str, text: str) -> None:
        colours = {name: value.split(", ")[theme] for name, value in ROLES.items()}
        assert self.contrast(colours[text], colours[ground]) >= 4.5

    @pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
    @pytest.mark.parametrize("ground", ["gone", "gone-mark", "new", "new-mark"])
    @pytest.mark.parametrize(
        "text", ["ink", "syntax-word", "syntax-text", "syntax-number", "syntax-name", "quiet"]
    )
    def test_changed_code_can_be_read(self, theme: int, ground: str, text: str) -> None:
        colours = {name: value.split(", ")[theme] for name, value in ROLES.items()}
        assert self.contrast(colours[text], colours[ground]) >= 4.5

    @pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
    @pytest.mark.parametrize("status", ["ink", "quiet", "killed", "timeout", "survived", "uncovered"])
    def test_the_selected_entry_and_its_sign_can_be_read(self, theme: int, status: str) -> None:
        colours = {name: value.split(", ")[theme] for name, value in ROLES.items()}
        assert self.contrast(colours[status], colours["new"]) >= 4.5

    @pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
    @pytest.mark.parametrize("shade", range(6))
    def test_names_on_the_map_can_be_read(self, theme: int, shade: int) -> None:
        # axe cannot tell what lies under a text in a drawing
        colours = {name: value.split(", ")[theme] for name, value in ROLES.items()}
        (role,) = re.findall(rf"\.on-{shade}[^{{}}]*{{ fill: var\(--([\w-]+)\)", STYLE)
        assert self.contrast(colours[role], colours[f"shade-{shade}"]) >= 4.5

    @pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
    @pytest.mark.parametrize("mark", ["killed-fill", "timeout", "survived", "uncovered-fill", "strong-line"])
    def test_marks_have_a_contrast_of_three(self, theme: int, mark: str) -> None:
        colours = {name: value.split(", ")[theme] for name, value in ROLES.items()}
        assert self.contrast(colours[mark], colours["paper"]) >= 3


class TestFolder:
    def test_a_fresh_folder_is_kept_out_of_git(self, tmp_path: Path) -> None:
        page = site(tmp_path, Recorded())
        assert (page.parent / ".gitignore").read_text() == "*\n"

    def test_a_folder_with_other_things_gets_no_gitignore(self, tmp_path: Path) -> None:
        (tmp_path / "site").mkdir()
        (tmp_path / "site" / "notes.txt").write_text("mine")
        page = site(tmp_path, Recorded())
        assert not (page.parent / ".gitignore").exists()
        assert (page.parent / "notes.txt").read_text() == "mine"

    def test_stale_assets_go_and_other_files_stay(self, tmp_path: Path) -> None:
        page = site(tmp_path, Recorded())
        stale = page.parent / "mutmut-dashboard.0123456789ab.css"
        stale.write_text("old")
        kinds = {file.name.partition(".")[0] for file in (page.parent / "data").iterdir()}
        assert len(kinds) == 6
        stale_data = [page.parent / "data" / f"{kind}.0123456789ab.js" for kind in (*kinds, "file-77")]
        for file in stale_data:
            file.write_text("old")
        (page.parent / "data" / "mine.js").write_text("not ours")
        (page.parent / "dashboard.css").write_text("not ours")
        site(tmp_path, Recorded(), name="second.sqlite")
        assert not stale.exists()
        assert [file.name for file in stale_data if file.exists()] == []
        assert (page.parent / "data" / "mine.js").exists()
        assert (page.parent / "dashboard.css").exists()

    def test_only_the_page_its_assets_and_the_gitignore_are_written(self, tmp_path: Path) -> None:
        page = site(tmp_path, Recorded())
        names = sorted(files_of(page.parent))
        assert sorted(re.sub(r"[0-9a-f]{12}", "HASH", name) for name in names) == [
            ".gitignore",
            "data/codes.HASH.js",
            "data/file-0.HASH.js",
            "data/index.HASH.js",
            "data/runs.HASH.js",
            "data/tables.HASH.js",
            "data/tests.HASH.js",
            "index.html",
            "mutmut-dashboard.HASH.css",
            "mutmut-dashboard.HASH.js",
            "mutmut-dashboard.HASH.svg",
        ]

    def test_a_page_of_another_program_is_not_overwritten(self, tmp_path: Path) -> None:
        (tmp_path / "site").mkdir()
        (tmp_path / "site" / "index.html").write_text("<p>mine")
        with pytest.raises(UsageError, match="did not write"):
            site(tmp_path, Recorded())
        assert (tmp_path / "site" / "index.html").read_text() == "<p>mine"

    def test_a_file_in_the_way_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "site").write_text("")
        with pytest.raises(UsageError, match="is a file"):
            site(tmp_path, Recorded())

    def test_a_failed_write_leaves_the_old_page_and_no_litter(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        page = site(tmp_path, Recorded())
        before = files_of(page.parent)

        def full(self: Path, target: Path) -> Path:
            raise OSError(28, "No space left on device", str(target))

        monkeypatch.setattr(Path, "replace", full)
        with pytest.raises(OSError, match="No space"):
            site(tmp_path, of_every_status(), name="second.sqlite")
        assert files_of(page.parent) == before


class TestChangedFiles:
    def test_text_that_differs_or_is_gone_has_changed(self, tmp_path: Path) -> None:
        (tmp_path / "same.py").write_text("a = 1\n")
        (tmp_path / "other.py").write_text("a = 2\n")
        texts = dict.fromkeys(("same.py", "other.py", "gone.py"), "a = 1\n")
        assert changed_files(texts, tmp_path) == {"other.py", "gone.py"}

    def test_line_ends_and_encodings_are_no_change(self, tmp_path: Path) -> None:
        (tmp_path / "windows.py").write_bytes(b"a = 1\r\n")
        (tmp_path / "latin.py").write_bytes("# -*- coding: latin-1 -*-\ns = 'é'\n".encode("latin-1"))
        texts = {"windows.py": "a = 1\n", "latin.py": "# -*- coding: latin-1 -*-\ns = 'é'\n"}
        assert changed_files(texts, tmp_path) == frozenset()

    def test_a_changed_file_says_so_on_the_page(self, tmp_path: Path) -> None:
        (tmp_path / "shop").mkdir()
        (tmp_path / FILE).write_text(SOURCE + "# later\n", "utf-8")
        page = site(tmp_path, of_every_status(), source_root=tmp_path)
        assert "changed since this run" in page.read_text("utf-8")
