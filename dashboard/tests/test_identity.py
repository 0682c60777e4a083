"""Laws of ids and of the smallest change between a function and its mutant."""

from __future__ import annotations

import ast
import io
import tokenize
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mutmut_dashboard.identity import (
    ID_LENGTH,
    Change,
    Origin,
    assign_ids,
    find_change,
    logical_lines,
    tokens,
)

EXPRESSIONS = [
    "price * qty",
    "f(price, qty=2)",
    "'größe 🦆' + name",
    "f'{price!r:>{width}} {names[\"a\"]} {{}}'",
    "[one for one in many if one > 0]",
    "{'key': -1, **rest}",
    "lambda one, *others: one",
    "(\n        first\n        + second\n    )",
    '"""two\nlines"""',
    "not done and 0x1F <= 1_000.5e3j",
    "b'\\x00' if yes else ...",
    "rows[1:, ::2]",
]
expressions = st.sampled_from(EXPRESSIONS)
TEMPLATES = [
    "    value = {}\n",
    "\x0c    value += {}  # why\n",
    "    return {}\n",
    "    if {}:\n        go(\n            1,\n        )\n",
    "    one = 1; two = {}; three = 3\n",
    "    assert {}, \\\n        'y'\n",
    "    go(\n        0,  # nought\n        {},\n    )\n",
]
statements = st.builds(str.format, st.sampled_from(TEMPLATES), expressions) | st.sampled_from(
    ["    # a comment\n", "\n", "    '''text\n    of two lines'''\n"]
)
functions = st.lists(statements, min_size=1, max_size=5).map(
    lambda body: f"def work(x):\n{''.join(body)}    return x\n"
)


@st.composite
def functions_and_mutants(draw: st.DrawFn) -> tuple[str, str]:
    """A function, and the same with one expression put in another's place or one statement taken out."""
    before, after = draw(st.lists(statements, max_size=3)), draw(st.lists(statements, max_size=3))
    template, one, other = draw(st.tuples(st.sampled_from(TEMPLATES), expressions, expressions))
    original = template.format(one)
    mutated = draw(st.sampled_from([template.format(other), ""]))

    def function(statement: str) -> str:
        return f"def work(x):\n{''.join([*before, statement, *after])}    return x\n"

    return function(original), function(mutated)


def change_of(original: str, mutated: str) -> Change | None:
    return find_change(original, mutated, logical_lines(original))


def texts(source: str) -> list[str]:
    return [token.text for token in tokens(source)]


def offset(source: str, place: tuple[int, int]) -> int:
    lines = io.StringIO(source).readlines()
    return sum(map(len, lines[: place[0] - 1])) + place[1]


@given(functions_and_mutants())
def test_putting_the_replacement_in_place_of_the_original_gives_the_mutant(pair: tuple[str, str]) -> None:
    """source[start:end] is the original, and with the replacement there the program is the mutant's, token by token."""
    original, mutated = pair
    change = change_of(original, mutated)
    if change is None:
        assert texts(original) == texts(mutated)
        return
    start, end = offset(original, change.start), offset(original, change.end)
    assert original[start:end] == change.original
    assert texts(f"{original[:start]}{change.replacement}{original[end:]}") == texts(mutated)


@given(functions_and_mutants())
def test_a_change_is_no_larger_than_it_must_be(pair: tuple[str, str]) -> None:
    """Original and replacement neither begin nor end with the same token, unless one of them is all of the other."""
    change = change_of(*pair)
    assume(change is not None and change.original and change.replacement)
    assert change is not None
    old, new = texts(change.original), texts(change.replacement)

    shorter = min(len(old), len(new))
    assert shorter == 1 or old[0] != new[0] or old[-1] != new[-1]


@given(functions_and_mutants(), st.integers(1, 40))
def test_lines_above_do_not_change_what_an_id_is_made_of(pair: tuple[str, str], number: int) -> None:
    """The change in a function is the same wherever the function stands."""
    above = "# above\n" * number
    one, other = change_of(*pair), change_of(*(above + source for source in pair))

    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert (one.before, one.after, one.original, one.replacement) == (
            *(other.before, other.after),
            *(other.original, other.replacement),
        )
        assert other.start == (one.start[0] + number, one.start[1])


LAYOUTS = [
    ("    return price * qty\n", "    return price / qty\n"),
    ("    return  price*qty\n", "    return  price/qty\n"),
    ("    return price * qty  # to be paid\n", "    return price / qty  # to be paid\n"),
    ("    return price \\\n        * qty\n", "    return price \\\n        / qty\n"),
]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layout_and_comments_do_not_change_what_an_id_is_made_of(layout: tuple[str, str]) -> None:
    change = change_of(*(f"def total(price, qty):\n{body}" for body in layout))

    assert change is not None
    assert (change.before, change.after) == ("return price * qty", "return price / qty")
    assert (change.original, change.replacement) == ("*", "/")


def test_another_statement_makes_another_id() -> None:
    origins = [
        Origin("a.py", "f", "return a * b", "return a / b"),
        Origin("b.py", "f", "return a * b", "return a / b"),
        Origin("a.py", "C.f", "return a * b", "return a / b"),
        Origin("a.py", "f", "return a * c", "return a / c"),
        Origin("a.py", "f", "return a * b", "return a - b"),
    ]

    assert len(set(assign_ids(origins))) == len(origins)


@given(st.lists(st.builds(Origin, *[st.sampled_from(["", "a", "b\0", "ü\ud800"])] * 4), max_size=12))
def test_every_change_gets_an_id_of_its_own_and_equal_ones_are_numbered(origins: list[Origin]) -> None:
    """Ids differ, and what stands before an equal change does not move it."""
    ids = assign_ids(origins)

    assert len(set(ids)) == len(origins)
    assert all(len(one) == ID_LENGTH and int(one, 16) >= 0 for one in ids)
    for at, origin in enumerate(origins):
        rank = origins[:at].count(origin)
        assert assign_ids([origin] * (rank + 1))[rank] == ids[at]


def test_an_id_stays_as_it_is_from_version_to_version() -> None:
    assert assign_ids([Origin("a.py", "f", "return a", "return None")] * 2) == [
        "682c5cc582f7",
        "8536771e0991",
    ]


def test_equal_text_is_no_change() -> None:
    source = "def f():\n    return 1\n"

    assert change_of(source, source) is None
    assert change_of(source, "def f():\n    return 1  # one\n") is None


def test_an_f_string_is_one_token_with_all_that_is_nested_in_it() -> None:
    source = "x = f'{a + f\"{b!r:>{c}}\"} {{d}}' + e\n"

    assert texts(source) == ["x", "=", "f'{a + f\"{b!r:>{c}}\"} {{d}}'", "+", "e"]


def test_a_change_in_an_f_string_is_shown_as_the_whole_string() -> None:
    change = change_of("def f(a):\n    return f'{a + 1}'\n", "def f(a):\n    return f'{a - 1}'\n")

    assert change is not None
    assert (change.original, change.replacement) == ("f'{a + 1}'", "f'{a - 1}'")


def test_a_line_that_is_taken_out_is_a_change_to_nothing() -> None:
    change = change_of("def f(a):\n    a()\n    return a\n", "def f(a):\n    return a\n")

    assert change is not None
    assert change.original == "a()"
    assert change.replacement == ""


@given(functions)
def test_logical_lines_cover_every_statement_once_and_in_order(source: str) -> None:
    """Spans do not overlap, and each simple statement of the program lies within one."""
    spans = logical_lines(source)

    assert all(first <= last for first, last in spans)
    assert all(before[1] < after[0] for before, after in pairwise(spans))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.Assign, ast.AugAssign, ast.Return, ast.Expr, ast.Assert)):
            assert any(first <= node.lineno and (node.end_lineno or 0) <= last for first, last in spans)


@given(functions)
def test_tokens_stand_where_they_say(source: str) -> None:
    """source[start:end] of a token is its text, form feeds and wide characters notwithstanding."""
    for token in tokens(source):
        assert source[offset(source, token.start) : offset(source, token.end)] == token.text


@given(st.text(max_size=40))
def test_text_that_is_no_python_gives_tokens_all_the_same(text: str) -> None:
    """Any text at all can be split, and no token is empty."""
    assert all(token.text for token in tokens(text))


def test_the_fallback_keeps_words_with_their_places() -> None:
    with pytest.raises((tokenize.TokenError, SyntaxError)):
        list(tokenize.generate_tokens(io.StringIO("a (\n  b").readline))

    assert [(t.text, t.start, t.end) for t in tokens("a (\n  b")] == [
        ("a", (1, 0), (1, 1)),
        ("(", (1, 2), (1, 3)),
        ("b", (2, 2), (2, 3)),
    ]


@pytest.mark.parametrize(
    ("before", "after", "patched"),
    [
        ("return x in y", "return x not in y", "return x not in y"),
        ("return x is None", "return x is not None", "return x is not None"),
        ("return f(g(1), g(2))", "return f(g(2))", "return f( g(2))"),
    ],
)
def test_putting_the_replacement_in_place_gives_the_mutant(before: str, after: str, patched: str) -> None:
    """A word that is inserted brings its blank, and a first argument goes with its comma."""
    change = find_change(before + "\n", after + "\n", logical_lines(before + "\n"))

    assert change is not None
    assert before[: change.start[1]] + change.replacement + before[change.end[1] :] == patched
