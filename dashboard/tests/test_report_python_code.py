"""Highlighting in the page: the classes that Pygments gives, but where Pygments is known to err."""

from __future__ import annotations

import ast
import builtins
import enum
import inspect
import itertools
import json
import keyword
import random
import re
import tokenize
import typing
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from page_scripts import ask_script
from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, String

from mutmut_dashboard.report import excerpt, overview, ranking

CLASSES: tuple[tuple[Any, str], ...] = (
    (Comment, "c"),
    (String.Doc, "c"),
    (String, "s"),
    (Number, "n"),
    (Keyword, "k"),
    (Operator.Word, "k"),
    (Name.Function, "f"),
    (Name.Class, "f"),
    (Name.Decorator, "d"),
    (Name.Builtin, "b"),
)
PLAIN = "-"
WORDS = (
    *("def ", "class ", "f", "async def g(", "match x:", "case _:", "match = 1", "type X = ", "lambda", "yield from", "@deco.rated", "print", "__init__", "self.x"),
    *("None", "in ", "not", "'", '"', "'''", '"""', "r'", "b'", "rb'", "Rf'", 'f"""', "f'", "{", "}", "{x!r:>{w}}", "{{", "{x != y}", "%(a)s", "\\N{DASH}", "\\x1", "\\"),
    *("0x_f", "1_0.5e-3j", "1.", "->", ":=", "!=", "?", "$", "(", ")", "[", "]", ":", ",", ";", "...", " ", "    ", "\t", "\n", "\f", "\\\n", "# c", "ü", "変", "💥", "\u2028", "\x00", "\ud800"),
)  # fmt: skip
UNNAMED_BY_PYGMENTS = {"ascii", "exec", "anext"}
NOT_IN_PROGRAMS = {"copyright", "credits", "exit", "quit", "license", "help"}
"""What `site` adds for the prompt."""


def lines_of(texts: list[str]) -> list[list[list[dict[str, str]]]]:
    """Each text's lines as the script's pieces."""
    told: list[list[list[dict[str, str]]]] = ask_script(
        "python_code.js", "given.map((text) => PythonCode.lines(text))", texts
    )
    return told


def letters(lines: list[list[dict[str, str]]]) -> str:
    """A letter for each character of a text."""
    return "\n".join("".join((p["css"] or PLAIN) * len(p["text"]) for p in line) for line in lines)


def is_known(kind: Any, text: str, word: str, ours: str) -> bool:
    """Whether Pygments is known to be wrong, or less exact, about such a token."""
    return any(
        (
            kind in String.Doc and ours == "s",  # any string in three quotes that begins a line
            kind in String.Affix and ours == "c",  # what stands before a docstring is no part of it
            kind in Name.Function.Magic,  # wherever it stands, not where it is defined
            kind in String.Interpol and text == "=",  # of `f"{x=}"`
            kind in Keyword and text == "_",
            kind is Name and ours == "b" and word in UNNAMED_BY_PYGMENTS,
        )
    )


@pytest.mark.parametrize(
    "module",
    [ast, enum, inspect, json.decoder, re, tokenize, typing, excerpt, overview, ranking],
    ids=lambda module: module.__name__,
)
def test_a_module_has_the_classes_that_pygments_gives(module: ModuleType) -> None:
    text = Path(str(module.__file__)).read_text("utf-8")
    (lines,) = lines_of([text])
    ours = letters(lines)
    assert len(ours) == len(text)
    wrong = []
    for start, kind, token in PythonLexer().get_tokens_unprocessed(text):
        expected = next((css for one, css in CLASSES if kind in one), PLAIN)
        for at, sign in enumerate(token, start):
            known = sign.isspace() or ours[at] == expected or is_known(kind, sign, token, ours[at])
            if not known:
                wrong.append((text.count("\n", 0, at) + 1, token, str(kind), ours[at]))
                break
    assert wrong == []


def test_joined_pieces_are_the_text_whatever_it_is() -> None:
    chance = random.Random(11)
    texts = ["".join(chance.choices(WORDS, k=chance.randrange(40))) for _ in range(1500)]
    for text, lines in zip(texts, lines_of(texts), strict=True):
        assert "\n".join("".join(piece["text"] for piece in line) for line in lines) == text
        for line in lines:
            assert all(piece["text"] for piece in line)
            assert all(one["css"] != next_["css"] for one, next_ in itertools.pairwise(line))


def test_every_keyword_and_every_builtin_is_known() -> None:
    names = [name for name in dir(builtins) if name.islower() and name not in NOT_IN_PROGRAMS]
    names = [name for name in names if name == "__import__" or not name.startswith("_")]
    words = [*keyword.kwlist, *names]
    told = [letters(lines)[0] for lines in lines_of(words)]
    assert dict(zip(words, told, strict=True)) == {
        **dict.fromkeys(keyword.kwlist, "k"),
        **dict.fromkeys(names, "b"),
    }
