"""Generating the mutants of several files side by side, by real mutmut."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from trees_support import Outcome, copy_of_tree, run_cli

from mutmut_dashboard.engine.mutmut_adapter import Generated, Generator
from mutmut_dashboard.errors import UsageError

SHORT = "def fee(amount):\n    return amount + 2\n"
LONG = "".join(f"def fee_{number}(amount):\n    return amount + {number}\n" for number in range(40))


def generate(
    folder: Path, files: dict[str, str], workers: int = 2, spare: Callable[[], object] | None = None
) -> Sequence[Generated]:
    for name, source in files.items():
        (folder / name).write_text(source, encoding="utf-8")
    settings = f"[tool.mutmut]\nsource_paths = {sorted(files)}\n"
    (folder / "pyproject.toml").write_text(settings, encoding="utf-8")
    with Generator() as generator:
        return generator.generate(folder, list(files), "", workers, folder / "cache", spare)


@pytest.mark.parametrize("workers", [1, 2, 3])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_it_is_said_once_that_a_worker_has_nothing_left_to_do(
    tmp_path: Path, count: int, workers: int
) -> None:
    said: list[int] = []

    generate(tmp_path, {f"shop{n}.py": SHORT for n in range(count)}, workers, lambda: said.append(1))

    assert said == [1]


def test_files_come_back_in_the_order_in_which_they_were_asked_for(tmp_path: Path) -> None:
    made = generate(tmp_path, {"b.py": SHORT, "c.py": LONG, "a.py": SHORT})

    assert [(one.file, one.source) for one in made] == [("b.py", SHORT), ("c.py", LONG), ("a.py", SHORT)]


def test_a_file_that_does_not_parse_is_named_whichever_it_is(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"b\.py, line 1 does not parse"):
        generate(tmp_path, {"a.py": SHORT, "b.py": "def fee(:\n", "c.py": LONG})


NOTING = """\
import sys

def note(event, arguments):
    if event == "subprocess.Popen":
        with open({log!r}, "a", encoding="utf-8") as log:
            print(*arguments[1], file=log)

sys.addaudithook(note)
"""
REFUSING = """\
import sys

def refuse(event, _arguments):
    if event == "subprocess.Popen":
        raise BlockingIOError(11, "Resource temporarily unavailable")

sys.addaudithook(refuse)
"""


def run_with(customization: str, folder: Path, *arguments: str) -> Outcome:
    """Run the command line in a project, in an interpreter that begins with this."""
    (folder / "first").mkdir()
    (folder / "first" / "sitecustomize.py").write_text(customization, encoding="utf-8")
    return run_cli(copy_of_tree("one_survivor", folder), *arguments, PYTHONPATH=str(folder / "first"))


def started_by(folder: Path, *arguments: str) -> list[str]:
    """Return the programs that the command line starts in a project, in their order."""
    log = folder / "started.txt"
    assert run_with(NOTING.format(log=str(log)), folder, *arguments).code == 0
    return log.read_text(encoding="utf-8").splitlines() if log.exists() else []


def test_a_run_starts_generation_before_all_else_and_once(tmp_path: Path) -> None:
    started = started_by(tmp_path, "run", "--no-page")

    assert [at for at, one in enumerate(started) if "mutmut_generation" in one] == [0]
    assert len(started) > 1


def test_help_starts_nothing(tmp_path: Path) -> None:
    assert started_by(tmp_path, "run", "--help") == []


def test_where_no_process_can_be_started_it_is_said_in_a_sentence(tmp_path: Path) -> None:
    ended = run_with(REFUSING, tmp_path, "run", "--no-page")

    assert ended.code == 1
    assert "Resource temporarily unavailable" in ended.err
    assert "Traceback" not in ended.err


def test_matchers_that_come_up_without_types_match_and_leave_the_types_to_others() -> None:
    # Each in a process of its own: a module is imported once.
    asks = """
import typing
from typing import Literal, Optional, Sequence, Union

{first}
import libcst, libcst.matchers as m

call = libcst.parse_expression("dict(a=None)")
print(m.matches(call.func, m.Name("dict")), m.matches(call, m.FunctionDef() | m.Call()), m.matches(call, m.Lambda()))
print(len(vars(m)), [Literal, Optional, Sequence, Union] == [getattr(typing, name) for name in {names}])
"""
    names = ["Literal", "Optional", "Sequence", "Union"]
    told = [
        subprocess.run(
            [sys.executable, "-c", asks.format(first=first, names=names)],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for first in ("", "import mutmut_dashboard.engine.quick_matchers")
    ]

    assert told[0] == told[1]
    assert told[0].startswith("True True False")
    assert told[0].endswith("True\n")


def test_much_that_mutmut_says_on_the_way_does_not_hold_it_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Python then says more than a pipe holds, before and after it was told what to do.
    monkeypatch.setenv("PYTHONVERBOSE", "2")

    [made] = generate(tmp_path, {"shop.py": SHORT})

    assert made.mutants
