"""How functions are cut into stretches: by where one statement may lead elsewhere, and no line is lost."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from mutmut_dashboard.engine.stretches import Stretch, stretches, whole_function

BACKEND = Path(__file__).parents[2] / "backend" / "core"


def cut(source: str) -> list[Stretch]:
    function = ast.parse(source).body[0]
    assert isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
    return stretches(function, source.split("\n"))


def shown(source: str) -> dict[str, str]:
    """Name of each stretch -> its lines."""
    lines = source.split("\n")
    return {one.name: " / ".join(lines[n - 1].strip() for n in one.lines) for one in cut(source)}


def test_a_function_that_leads_nowhere_is_one() -> None:
    assert shown("@cached\ndef f(x):\n    # Why.\n    y = x\n    return y") == {
        "": "@cached / def f(x): / # Why. / y = x / return y"
    }


def test_a_block_is_one_and_what_follows_it_is_another() -> None:
    source = "def f(x):\n    y = 1\n    while x:\n        y = 2\n    else:\n        y = 3\n    # Why.\n    return y"

    assert shown(source) == {
        "": "def f(x): / y = 1 / while x: / else:",
        "0.body.0": "y = 2",
        "0.else.0": "y = 3",
        "1": "# Why. / return y",
    }


def test_blocks_within_blocks_have_names_of_their_own() -> None:
    source = (
        "async def f(x):\n    try:\n        if x:\n            a()\n        b()\n    except A:\n        c()\n"
        "    except B:\n        match x:\n            case 1:\n                d()\n            case _:\n                e()\n"
        "    finally:\n        g()"
    )

    assert list(shown(source)) == [
        *("", "0.body.0", "0.body.0.body.0", "0.body.1", "0.except0.0", "0.except1.0"),
        *("0.except1.0.case0.0", "0.except1.0.case1.0", "0.finally.0"),
    ]


def test_what_stands_on_the_line_that_leads_to_it_is_of_the_same() -> None:
    assert shown("def f(x):\n    if x: return 1\n    else: return 2\n    return 3") == {
        "": "def f(x): / if x: return 1 / else: return 2",
        "1": "return 3",
    }


def test_functions_and_classes_within_are_not_cut() -> None:
    source = "def f(x):\n    @wraps\n    def g(y):\n        if y:\n            return 1\n    class H:\n        if x:\n            a = 1\n    return g"

    assert list(shown(source)) == [""]


def test_each_says_whether_something_follows_in_its_block() -> None:
    source = "def f(x):\n    if x:\n        a()\n    for y in x:\n        b()"

    assert {one.name: one.is_last for one in cut(source)} == {
        "": False,
        "0.body.0": True,
        "1": True,
        "1.body.0": True,
    }


@pytest.mark.parametrize("path", sorted(BACKEND.rglob("*.py")), ids=lambda path: path.stem)
def test_each_line_of_a_function_is_of_exactly_one(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            begin = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            found = stretches(node, source.split("\n"))

            assert sorted(line for one in found for line in one.lines) == [
                *range(begin, (node.end_lineno or 0) + 1)
            ]
            assert len({one.name for one in found}) == len(found)


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("f", "f"),
        ("a@b/c.py:A.f", "a@b/c.py:A.f"),
        ("a@b/c.py:A.f@0.body.1", "a@b/c.py:A.f"),
        ("core.x_f@1", "core.x_f"),
    ],
)
def test_the_name_of_a_stretch_tells_its_function(name: str, function: str) -> None:
    assert whole_function(name) == function
