"""Comparisons of numbers that fail: explained as by pytest, and nobody is asked who has nothing to say."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from trees_support import run_command

SUITE = """\
import pytest

def twice(number):
    return number + 1

@pytest.mark.parametrize(("one", "other"), [
    (1, 2), (1.5, 1), (True, False), (None, 0), ("a", "b"), ([1, 2], [1, 3]), ({1: 2}, {1: 3}), (1, "1"),
])
def test_equal(one, other):
    assert one == other

def test_called():
    assert twice(2) == 4, "said"

def test_greater():
    assert twice(2) > 3

def test_within():
    assert 0 < twice(2) < 3

def test_near():
    assert twice(2) == pytest.approx(4)
"""
PLUGIN = """\
from mutmut_dashboard.engine.quick_assertions import explain_numbers

def pytest_runtestloop(session):
    if {quick}:
        explain_numbers(session.config)

    def asked(name, _implementations, about):
        if name == "pytest_assertrepr_compare":
            print("asked of", type(about["left"]).__name__, type(about["right"]).__name__)

    session.config.pluginmanager.add_hookcall_monitoring(asked, lambda *_: None)
"""
CONFTEST = 'def pytest_assertrepr_compare(left, right):\n    return [f"{left} is no {right}"]\n'
NUMBERS = {"int", "float", "bool", "NoneType"}


def said(folder: Path, *, quick: bool) -> tuple[list[str], set[tuple[str, str]]]:
    """Return what pytest says of the suite that fails, and the types of operands about which plugins were asked."""
    (folder / "test_it.py").write_text(SUITE, encoding="utf-8")
    (folder / "watching.py").write_text(PLUGIN.format(quick=quick), encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-s",
        "-p",
        "watching",
        "-p",
        "no:randomly",
        "test_it.py",
    ]
    lines = run_command(folder, command).out.splitlines()
    asked = {(found[1], found[2]) for line in lines if (found := re.search(r"asked of (\w+) (\w+)$", line))}
    return [line for line in lines if line.startswith(("E  ", "FAILED"))], asked


def test_what_is_said_is_the_same(tmp_path: Path) -> None:
    slow, quick = (said(tmp_path, quick=quick)[0] for quick in (False, True))

    assert "E       AssertionError: said" in slow
    assert sum(line.startswith("FAILED") for line in slow) == 12
    assert quick == slow


def test_nobody_is_asked_about_two_numbers(tmp_path: Path) -> None:
    _, asked = said(tmp_path, quick=True)

    assert ("str", "str") in asked
    assert ("int", "str") in asked
    assert not {pair for pair in asked if NUMBERS.issuperset(pair)} - {
        ("int", "int")
    }  # of a chain, pytest picks which


@pytest.mark.parametrize("quick", [True, False])
def test_a_conftest_that_explains_comparisons_is_asked_about_all(tmp_path: Path, *, quick: bool) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST, encoding="utf-8")

    explained, asked = said(tmp_path, quick=quick)

    assert any("1.5 is no 1" in line for line in explained)
    assert ("float", "int") in asked
