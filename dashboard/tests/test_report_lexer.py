"""The quick lexer: token by token what Pygments' own gives."""

from __future__ import annotations

import ast
import json
import re
import tokenize
import typing
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygments.lexer import RegexLexer
from pygments.lexers.python import PythonLexer
from pygments.token import Name, String

from mutmut_dashboard.report.lexer import python_lexer, quick

WORDS = (
    *(
        "def ",
        "class ",
        "f",
        "async def g(",
        "match x:",
        "case _:",
        "match = 1",
        "lazy import a",
        "lambda",
        "yield from",
    ),
    *(
        "from . import b as c",
        "import a.b, c",
        "@deco.rated",
        "print",
        "__init__",
        "self.x",
        ".print",
        "None",
        "in ",
        "not",
    ),
    *(
        "'",
        '"',
        "'''",
        '"""',
        "r'",
        "b'",
        "rb'",
        "Rf'",
        'f"""',
        "{",
        "}",
        "{x!r:>{w}}",
        "{{",
        "%(a)s %d",
        "\\N{DASH}",
        "\\x1",
        "\\",
    ),
    *(
        "0x_f",
        "1_0.5e-3j",
        "0b1",
        "1.",
        "->",
        ":=",
        "**",
        "!=",
        "?",
        "$",
        "`",
        "(",
        ")",
        "[",
        "]",
        ":",
        ",",
        ";",
        "...",
        ".",
    ),
    *(" ", "    ", "\t", "\n", "\r\n", "\f", "\\\n", "# c", "ü", "変", "💥", "\u2028", "\x00"),
)
SOURCE = st.lists(st.sampled_from(WORDS) | st.text(max_size=2), max_size=30).map("".join)


def tokens(lexer: RegexLexer, text: str) -> list[Any]:
    return list(lexer.get_tokens_unprocessed(text))


@given(SOURCE)
def test_any_text_gives_the_tokens_of_pygments(text: str) -> None:
    """Whatever the text, kinds, places and texts of all tokens are those of `PythonLexer`."""
    assert tokens(python_lexer(), text) == tokens(PythonLexer(), text)


@pytest.mark.parametrize("module", [ast, json, re, tokenize, typing], ids=lambda module: module.__name__)
def test_a_module_gives_the_tokens_of_pygments(module: ModuleType) -> None:
    text = Path(str(module.__file__)).read_text(encoding="utf-8")
    assert tokens(python_lexer(), text) == tokens(PythonLexer(), text)


def test_texts_that_are_read_by_turns_do_not_mix() -> None:
    texts = ("def f(x):\n    return 'a'\n", "class F:\n    y = 1.5  # b\n")
    turns = list(zip(*(python_lexer().get_tokens_unprocessed(text) for text in texts), strict=False))
    assert turns == list(zip(*(tokens(PythonLexer(), text) for text in texts), strict=False))


class Quoting(RegexLexer):
    """One rule needs its group: what is quoted ends with the sign it began with."""

    tokens: ClassVar[Any] = {
        "root": [(r"b+", Name), (r"(['~]).*?\1", String), (r"a", Name, "word")],
        "word": [(r"(?P<named>a)", Name.Class), (r" ", Name), (r"", Name, "#pop")],
    }


@given(st.text(st.sampled_from("a b'~"), max_size=12))
def test_rules_that_need_their_groups_have_them(text: str) -> None:
    """A lexer with such rules gives the same tokens, too."""
    assert tokens(quick(Quoting()), text) == tokens(Quoting(), text)
