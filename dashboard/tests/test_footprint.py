"""Which files of a project a process is seen to use."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1]
PROGRAM = """
import json, os, shutil, sys
from pathlib import Path
from mutmut_dashboard.engine.footprint import Footprint
footprint = Footprint(Path.cwd())
exec(sys.argv[1])
footprint.stop()
print(json.dumps([footprint.opened(), footprint.listed()]))
"""


@pytest.fixture(name="project")
def _project(tmp_path: Path) -> Path:
    """A project with a folder and two files, and beside it another tree with a folder of the same name."""
    for folder in ("project/tests", "old/tests"):
        (tmp_path / folder).mkdir(parents=True)
    for file in ("project/a.txt", "project/tests/b.txt", "old/tests/b.txt"):
        (tmp_path / file).write_text("x", encoding="utf-8")
    return tmp_path / "project"


def seen(project: Path, statement: str) -> list[list[str]]:
    """Files opened and folders listed by a statement."""
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE)}  # a hook cannot be taken away again
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, statement],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    found: list[list[str]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(
    ("statement", "opened", "listed"),
    [
        ("Path('a.txt').read_text()", ["a.txt"], []),
        ("os.close(os.open('tests/b.txt', os.O_RDONLY))", ["tests/b.txt"], []),
        ("os.listdir('tests')", [], ["tests"]),
        ("list(Path('tests').iterdir())", [], ["tests"]),
        ("os.chdir('tests'); open('b.txt').close()", ["tests/b.txt"], []),
        ("open('../old/tests/b.txt').close()", [], []),
        ("import sqlite3; sqlite3.connect('a.txt')", ["a.txt"], []),
        ("import sqlite3; sqlite3.connect(Path('tests/b.txt'))", ["tests/b.txt"], []),
        ("import sqlite3; sqlite3.connect('file:tests/%62.txt?mode=ro', uri=True)", ["tests/b.txt"], []),
        ("open('a.txt', 'w').close()", [], []),
        ("open('a.txt', 'w+b').close()", [], []),
        ("open('a.txt', 'a').close()", [], []),
        ("open('a.txt', 'r+').close()", ["a.txt"], []),
        ("open('a.txt', 'a+').close()", ["a.txt"], []),
        ("open('a.txt', 'w').close(); open('a.txt').close()", ["a.txt"], []),
        ("open('new.txt', 'x').close()", ["new.txt"], []),
        ("sys.audit('open', 'a.txt')", ["a.txt"], []),
        (
            "import importlib.metadata; sys.path.insert(0, os.path.abspath('tests')); list(importlib.metadata.distributions())",
            [],
            [],
        ),
        ("import importlib.util; importlib.util.find_spec('nothing_of_that_name')", [], []),
    ],
)
def test_what_is_opened_and_listed_of_the_project_is_noted(
    project: Path, statement: str, opened: list[str], listed: list[str]
) -> None:
    assert seen(project, statement) == [opened, listed]


def test_deleting_another_tree_does_not_count_as_using_folders_of_the_same_names(project: Path) -> None:
    assert seen(project, "shutil.rmtree('../old')") == [[], []]
    assert not (project.parent / "old").exists()


def loaded(project: Path, statement: str) -> list[str]:
    """Files of modules that are imported after a statement."""
    program = (
        "import json, sys; from pathlib import Path; from mutmut_dashboard.engine.footprint import loaded_files\n"
        f"{statement}\nprint(json.dumps(loaded_files(Path.cwd())))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(PACKAGE)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    found: list[str] = json.loads(done.stdout)
    return found


def test_modules_count_that_are_neither_installed_nor_of_this_process_only(project: Path) -> None:
    (project / "here.py").touch()
    (project.parent / "old" / "beside.py").touch()
    statement = (
        "import tempfile; made = Path(tempfile.mkdtemp(), 'made.py'); made.touch()\n"
        "sys.path[:0] = [str(Path.cwd()), str(Path('../old').resolve()), str(made.parent)]; tempfile.tempdir = str(made.parent)\n"
        "import here, beside, made, pytest, hypothesis, xml.dom, mutmut_dashboard.cli"
    )

    assert loaded(project, statement) == [str(project.parent / "old" / "beside.py"), "here.py"]
