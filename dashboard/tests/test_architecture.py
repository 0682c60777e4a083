"""The walls of the house: who imports whom, who prints, and the map in DESIGN.md."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "dashboard" / "mutmut_dashboard"
NAME = "mutmut_dashboard"
FLOORS = [
    {"__main__"},
    {"cli"},
    {"commands_serve"},
    {"commands_report", "commands_export", "commands_import", "commands_merge"},
    {"commands_triage"},
    {"engine", "report", "exports", "triage"},
    {
        "console",
        "summary",
        "store",
        "store_progress",
        "store_reuse",
        "store_rows",
        "store_schema",
        "skips",
        "gate",
        "changes",
        "scope",
        "shards",
        "versions",
    },
    {"config"},
    {"mutmut_settings", "editor"},
    {"metrics", "identity", "errors", "files", "function_hash", "short_form", "redaction"},
    {"model"},
]
"""From the roof to the ground: a room imports from the floors below its own."""
MUTMUT_DOORS = {
    *(
        "engine.mutmut_adapter",
        "engine.mutmut_generation",
        "engine.mutmut_results",
        "engine.mutmut_trampoline",
        "engine.mutmut_type_check",
    ),
}
PRINTERS = {
    "console": "it is the place for it",
    "engine.mutmut_generation": "a process of its own, whose parent reads its last line",
}


def module_name(path: Path) -> str:
    return (
        ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix("__init__").removesuffix(".")
    )


MODULES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}
MODULES_WITH_NAMES = {name: path for name, path in MODULES.items() if name}


def imported(path: Path) -> set[str]:
    """Every module a file imports, inside functions too; `from a import b` counts as a and a.b."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            found |= {str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def own_imports(path: Path) -> set[str]:
    names = {name.removeprefix(f"{NAME}.") for name in imported(path) if name.startswith(f"{NAME}.")}
    return {name for name in names if name in MODULES}


def floor_of(name: str) -> int:
    room = name.partition(".")[0]
    return next(at for at, floor in enumerate(FLOORS) if room in floor)


def test_every_module_has_its_floor() -> None:
    rooms = {name.partition(".")[0] for name in MODULES_WITH_NAMES}

    assert rooms == set().union(*FLOORS)


@pytest.mark.parametrize("name", MODULES_WITH_NAMES)
def test_imports_go_down(name: str) -> None:
    room = name.partition(".")[0]
    for other in own_imports(MODULES[name]):
        other_room = other.partition(".")[0]
        same_room = other_room == room
        same_floor_downstairs = {room, other_room} <= next(floor for floor in FLOORS if "store" in floor)
        assert same_room or floor_of(other) > floor_of(name) or same_floor_downstairs, f"imports {other}"


@pytest.mark.parametrize(("room", "other"), [("engine", "report"), ("report", "engine")])
def test_engine_and_report_meet_in_the_store_only(room: str, other: str) -> None:
    for name, path in MODULES.items():
        if name.startswith(room):
            assert not {i for i in own_imports(path) if i.partition(".")[0] == other}, name


def test_exports_are_made_from_the_store_and_the_numbers_only() -> None:
    for name, path in MODULES.items():
        if name.startswith("exports"):
            rooms = {i.partition(".")[0] for i in own_imports(path)}
            assert rooms <= {"exports", "store", "model", "metrics", "identity", "errors", "files"}, name


@pytest.mark.parametrize("name", ["model", "metrics", "identity"])
def test_the_ground_floor_is_pure(name: str) -> None:
    foreign = {i.partition(".")[0] for i in imported(MODULES[name])} - {NAME}

    assert not foreign & {
        "pathlib",
        "os",
        "sys",
        "sqlite3",
        "subprocess",
        "time",
        "datetime",
        "mutmut",
        "pytest",
    }


@pytest.mark.parametrize("name", MODULES)
def test_only_the_door_knows_mutmut(name: str) -> None:
    knows = {i for i in imported(MODULES[name]) if i.partition(".")[0] == "mutmut"}

    assert bool(knows) <= (name in MUTMUT_DOORS)


def test_the_store_and_the_summary_know_nothing_of_html_or_of_running() -> None:
    foreign = set().union(*(imported(MODULES[name]) for name in ("store", "summary", "skips", "config")))

    assert not {i.partition(".")[0] for i in foreign} & {
        "jinja2",
        "pygments",
        "subprocess",
        "pytest",
        "rich",
        "click",
    }


@pytest.mark.parametrize("name", MODULES)
def test_only_the_console_prints_or_exits(name: str) -> None:
    calls = list(ast.walk(ast.parse(MODULES[name].read_text(encoding="utf-8"))))
    printed = [n for n in calls if isinstance(n, ast.Call) and ast.unparse(n.func) in ("print", "click.echo")]
    exits = [
        n for n in calls if isinstance(n, ast.Call) and ast.unparse(n.func) in ("sys.exit", "exit", "quit")
    ]

    assert not printed or name in PRINTERS
    assert not exits or name in {
        *("__main__", "engine.session", "engine.mutmut_generation", "engine.mutmut_results"),
        "engine.mutmut_type_check",
    }


def test_a_command_comes_up_without_what_renders() -> None:
    """It would take a quarter of the start, and most commands render nothing."""
    code = f"import sys, {NAME}.cli; print(*sys.modules.keys() & {{'jinja2', '{NAME}.report.render'}})"
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE.parent)}

    loaded = subprocess.run([sys.executable, "-c", code], env=environment, check=True, capture_output=True)

    assert loaded.stdout.split() == []


@pytest.mark.parametrize("folder", [PACKAGE, ROOT / "dashboard" / "tests"], ids=["package", "tests"])
def test_the_dashboard_never_imports_the_code_under_test(folder: Path) -> None:
    for path in folder.rglob("*.py"):
        if not path.is_relative_to(folder / "trees"):
            assert "core" not in {i.partition(".")[0] for i in imported(path)}, path


@pytest.mark.parametrize("name", MODULES)
def test_a_module_says_in_one_sentence_what_it_holds(name: str) -> None:
    sentence = first_sentence(MODULES[name])

    assert sentence.endswith((".", ":", "?", "!"))
    assert sentence[0].isupper() or sentence.startswith(("`", "mutmut"))


@pytest.mark.parametrize("name", MODULES)
def test_no_module_has_more_than_500_lines(name: str) -> None:
    assert len(MODULES[name].read_text(encoding="utf-8").splitlines()) <= 500


def first_sentence(path: Path) -> str:
    """What a module's docstring says up to its first period, colons and the like apart."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring, f"{path} has no docstring"
    paragraph = " ".join(docstring.partition("\n\n")[0].split())
    return re.split(r"(?<=[.?!])\s", paragraph, maxsplit=1)[0]


class TestMapInDesign:
    """Lines of the form "- `path/from/root.py` · first sentence", in any section."""

    @pytest.fixture(name="lines")
    def _lines(self) -> list[tuple[str, str]]:
        design = (ROOT / "DESIGN.md").read_text(encoding="utf-8")
        return re.findall(r"^- `((?:dashboard|backend)/[^`]+\.py)` · (.+)$", design, re.MULTILINE)

    @pytest.fixture(name="modules")
    def _modules(self) -> dict[str, Path]:
        paths = [*PACKAGE.rglob("*.py"), *(ROOT / "backend" / "core").rglob("*.py")]
        return {
            path.relative_to(ROOT).as_posix(): path
            for path in paths
            if path.read_text(encoding="utf-8").strip()
        }

    def test_has_one_line_per_module(self, lines: list[tuple[str, str]], modules: dict[str, Path]) -> None:
        assert sorted(path for path, _ in lines) == sorted(modules)

    def test_says_what_the_module_itself_says(
        self, lines: list[tuple[str, str]], modules: dict[str, Path]
    ) -> None:
        said = {path: text.strip() for path, text in lines}

        assert said == {path: first_sentence(modules[path]) for path in said if path in modules}
