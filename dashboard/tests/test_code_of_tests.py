"""The code of tests, found by their ids."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from mutmut_dashboard.engine.code_of_tests import code_of_tests

SOURCE = """\
import pytest
from elsewhere import Shared


@pytest.mark.parametrize(
    "n", [1, 2]
)
def test_plain(n):
    assert n


class Base:
    def test_own(self):
        assert "base"

    def test_other(self):
        assert "other"


class TestIt(Base):
    def test_own(self):
        assert "own"

    class TestInner:
        async def test_deep(self): ...


class TestFar(Shared):
    pass


class Machine:
    def step(self): ...


TestMachine = Machine.TestCase
TestNothing = Machine.Other
"""
LINES = SOURCE.split("\n")


@pytest.mark.parametrize(
    ("test", "first", "last"),
    [
        ("test_plain[1]", "@pytest.mark.parametrize(", "    assert n"),
        ("test_plain[a::b-2]", "@pytest.mark.parametrize(", "    assert n"),
        ("TestIt::test_own", "    def test_own(self):", '        assert "own"'),
        ("TestIt::test_other", "    def test_other(self):", '        assert "other"'),
        ("TestIt::TestInner::test_deep", *["        async def test_deep(self): ..."] * 2),
        ("TestMachine::runTest", "class Machine:", "    def step(self): ..."),
    ],
)
def test_it_is_found_with_its_decorators_and_its_line(
    tmp_path: Path, test: str, first: str, last: str
) -> None:
    (tmp_path / "test_it.py").write_text(SOURCE, encoding="utf-8")
    line, code = code_of_tests(tmp_path, [f"test_it.py::{test}"])[f"test_it.py::{test}"]

    lines = code.split("\n")
    assert (lines[0], lines[-1]) == (first, last)
    assert LINES[line - 1 : line - 1 + len(lines)] == lines


@pytest.mark.parametrize(
    "test",
    ["test_it.py::TestFar::test_shared", "test_it.py::TestNothing::runTest", "gone.py::test_x", "data.txt"],
)
def test_of_what_is_not_written_there_nothing_is_said(tmp_path: Path, test: str) -> None:
    (tmp_path / "test_it.py").write_text(SOURCE, encoding="utf-8")
    assert code_of_tests(tmp_path, [test]) == {test: (0, "")}


@pytest.mark.parametrize("content", ["def test_x(:\n", "# coding: nonsense\n", "\x00"])
def test_a_file_that_cannot_be_read_as_python_has_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "t.py").write_text(content, encoding="utf-8")
    assert code_of_tests(tmp_path, ["t.py::test_x"]) == {"t.py::test_x": (0, "")}


def test_a_file_is_read_in_the_encoding_it_names(tmp_path: Path) -> None:
    text = dedent("""\
        # coding: latin-1
        def test_x():
            assert "\u00fc"
    """)
    (tmp_path / "t.py").write_bytes(text.encode("latin-1"))
    assert code_of_tests(tmp_path, ["t.py::test_x"])["t.py::test_x"] == (
        2,
        'def test_x():\n    assert "\u00fc"',
    )
