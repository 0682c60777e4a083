"""Which comment is said to keep mutmut from mutating a line."""

from __future__ import annotations

from pathlib import Path

import pytest

from mutmut_dashboard.engine.mutmut_adapter import Generator
from mutmut_dashboard.engine.pragmas import reason
from mutmut_dashboard.errors import UsageError

_OWN_LINE = """\
def fee(amount):
    return amount + 1  # pragma: no mutate
"""
_SUITE = """\
def fee(amount):  # pragma: no mutate block
    if amount:

        return amount + 1
    return 0
"""
_REST = """\
def fee(amount):
    first = amount - 1
    # pragma: no mutate block
    if first:
        first += 2
    return first + 1
"""
_SELECTION = """\
def fee(amount):
    # pragma: no mutate start, the bank's formula
    first = amount * 3
    # pragma: no mutate end
    # pragma: no mutate start
    second = amount * 4
    # pragma: no mutate end
    return first + second
"""
_NEIGHBOURS = """\
class Bank:  # pragma: no mutate block
    def fee(self):  # pragma: no mutate block
        return 1

    def tax(self):
        return 2
"""


@pytest.mark.parametrize(
    ("source", "line", "said"),
    [
        (_OWN_LINE, 2, "`# pragma: no mutate` in line 2"),
        (_SUITE, 4, "`# pragma: no mutate block` in line 1"),
        (_REST, 5, "`# pragma: no mutate block` in line 3"),
        (_REST, 6, "`# pragma: no mutate block` in line 3"),
        (_SELECTION, 3, "`# pragma: no mutate start, the bank's formula` in line 2"),
        (_SELECTION, 6, "`# pragma: no mutate start` in line 5"),
        (_NEIGHBOURS, 3, "`# pragma: no mutate block` in line 2"),
        (_NEIGHBOURS, 6, "`# pragma: no mutate block` in line 1"),
    ],
)
def test_the_comment_that_holds_for_a_line_is_quoted_with_its_place(
    source: str, line: int, said: str
) -> None:
    assert reason(source.split("\n"), line, line) == f"{said} keeps mutmut from mutating it"


def test_a_pragma_inside_of_a_statement_of_several_lines_is_found() -> None:
    lines = ["fee = total(", "    1,  # pragma: no mutate", ")"]

    assert "in line 2" in reason(lines, 1, 3)


def test_a_line_that_no_comment_explains_is_not_given_a_wrong_one() -> None:
    closed = "# pragma: no mutate start\na = 1\n# pragma: no mutate end\nb = 2"

    assert reason(closed.split("\n"), 4, 4) == "a pragma keeps mutmut from mutating it"


class TestGeneration:
    """mutmut itself agrees on what is left out."""

    @pytest.mark.parametrize("source", [_OWN_LINE, _SUITE, _REST, _SELECTION, _NEIGHBOURS])
    def test_everything_that_a_pragma_leaves_out_names_its_comment(self, tmp_path: Path, source: str) -> None:
        left_out = [r for r in _reasons(tmp_path, source) if r]

        assert left_out
        assert all(said.startswith("`# pragma: no mutate") for said in left_out)

    def test_a_pattern_is_named_and_counts_from_the_next_generation_on(self, tmp_path: Path) -> None:
        source = "def fee(amount):\n    log(amount + 1)\n    return amount + 2\n"
        before = _reasons(tmp_path, source)
        after = _reasons(tmp_path, source, 'do_not_mutate_patterns = ["^ *log"]')

        assert set(before) == {None}
        assert set(after) == {
            None,
            "the pattern `^ *log` of do_not_mutate_patterns keeps mutmut from mutating it",
        }

    def test_an_end_without_a_start_is_an_error_that_names_the_line(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match=r"no mutate end at shop\.py, line 2 without a"):
            _reasons(tmp_path, "def fee(amount):\n    # pragma: no mutate end\n    return amount + 2\n")


def _reasons(folder: Path, source: str, settings: str = "") -> list[str | None]:
    """What the generator says of each mutant of a file, with what was generated before still in the cache."""
    (folder / "shop.py").write_text(source, encoding="utf-8")
    text = f'[tool.mutmut]\nsource_paths = ["shop.py"]\n{settings}\n'
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    with Generator() as generator:
        [made] = generator.generate(folder, ["shop.py"], "", 1, folder / "cache")
    return [mutant.skip_reason for mutant in made.mutants]
