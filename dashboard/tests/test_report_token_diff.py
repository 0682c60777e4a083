"""What differs between two texts: the laws of it, and that the page marks the same with scripts and without."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from page_scripts import ask_script

from mutmut_dashboard.report.token_diff import MOST_PAIRS, Stretch, compare

TOKENS = (
    *("price", "qty", "größe", "x", "12", "None", " ", " ", "\n    ", "**", "//=", "<=", "=="),
    *("-", "(", ")", ",", '"', "é", "\u00b2", "🐍", "not"),
)
CODE = st.lists(st.sampled_from(TOKENS), max_size=24).map("".join)


def parts(text: str, stretches: Sequence[Stretch]) -> list[str]:
    return [text[start:end] for start, end in stretches]


def rest(text: str, stretches: Sequence[Stretch]) -> str:
    """The text without the stretches and without blanks."""
    kept = [text[at] for at in range(len(text)) if not any(start <= at < end for start, end in stretches)]
    return "".join("".join(kept).split())


@given(CODE, CODE)
def test_what_is_not_marked_is_the_same_on_both_sides(one: str, other: str) -> None:
    left, right = compare(one, other)
    assert rest(one, left) == rest(other, right)


@given(CODE, CODE)
def test_stretches_are_in_order_apart_and_within_the_text(one: str, other: str) -> None:
    for text, stretches in zip((one, other), compare(one, other), strict=True):
        ends = [column for stretch in stretches for column in stretch]
        assert ends == sorted(ends)
        assert len(set(ends)) == len(ends)
        assert all(0 <= column <= len(text) for column in ends)


@given(CODE)
def test_nothing_differs_between_a_text_and_itself(text: str) -> None:
    assert compare(text, text) == ((), ())


@pytest.mark.parametrize(
    ("one", "other", "gone", "come"),
    [
        ("total <= 0 or n", "total < 0 or n", ["<="], ["<"]),
        ("f(a, b=2, c)", "f(a, c)", ["b=2, "], []),
        ("not ready", "ready", ["not "], []),
        ("self.total", "None", ["self.total"], ["None"]),
        ("", "pass", [], ["pass"]),
    ],
)
def test_whole_tokens_are_marked(one: str, other: str, gone: list[str], come: list[str]) -> None:
    left, right = compare(one, other)
    assert (parts(one, left), parts(other, right)) == (gone, come)


def test_the_script_marks_the_same() -> None:
    chance = random.Random(7)
    texts = ["".join(chance.choices(TOKENS, k=chance.randrange(24))) for _ in range(600)]
    long = " ".join(str(at) for at in range(MOST_PAIRS // 100))
    pairs = [*zip(texts[::2], texts[1::2], strict=True), (f"a {long} b", f"c {long[::-1]} b")]
    marked = ask_script(
        "token_diff.js",
        "given.map((pair) => TokenDiff.compare(...pair).map((side, at) => side.map(([start, end]) => pair[at].slice(start, end))))",
        pairs,
    )
    told = [[parts(text, found) for text, found in zip(pair, compare(*pair), strict=True)] for pair in pairs]
    assert told == marked
