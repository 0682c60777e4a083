"""Pygments' lexer of Python, with the rules of a state tried all at once.

Pygments tries the rules of a state one after the other, some fifty of them, each a regular expression of its own. Here one
expression made of all of them tells which comes first, and only that one is asked. What comes out is the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from pygments.lexer import RegexLexer
from pygments.lexers.python import PythonLexer

_FLAGS_IN_FRONT = re.compile(r"\(\?[aiLmsux]+\)")
_CAPTURING = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\((?!\?)", re.DOTALL)
"""An escape, a set, or a parenthesis that captures."""
_REFERENCE = re.compile(r"\\[1-9]|\(\?P=|\(\?\(")
_FLAGS = ((re.IGNORECASE, "i"), (re.MULTILINE, "m"), (re.DOTALL, "s"), (re.VERBOSE, "x"))


@cache
def python_lexer() -> RegexLexer:
    """Make Pygments' lexer of Python, quick. It keeps nothing of a text."""
    return quick(PythonLexer())


def quick(lexer: RegexLexer) -> RegexLexer:
    """Make a lexer give the same tokens in half the time; one that keeps its rules in another way stays as it is."""
    rules = getattr(lexer, "_tokens", None)
    if isinstance(rules, dict):
        its: Any = lexer
        its._tokens = _States(rules)  # noqa: SLF001 - there is no other way
    return lexer


class _States(dict[str, Any]):
    """The rules of each state, prepared when a text first has it."""

    def __init__(self, slow: dict[str, Any]) -> None:
        super().__init__()
        self._slow = slow

    def __missing__(self, name: str) -> Any:
        rules = self._slow[name]
        try:
            self[name] = _Rules(rules)
        except (re.error, ValueError, AttributeError):  # e.g. since one refers to its groups
            self[name] = rules
        return self[name]


class _Rules:
    """The rules of a state, of which only the one that matches is gone through.

    The lexer goes through them anew for each piece of text. It first asks `choose`, which never matches itself.
    """

    def __init__(self, rules: list[Any]) -> None:
        self._rules = rules
        patterns = [match.__self__ for match, *_ in rules]
        # The empty group behind an expression tells which it was, and one that captures nothing fails sooner.
        whole = re.compile("|".join(f"{_without_groups(one)}()" for one in patterns))
        if whole.groups != len(rules) or any(_REFERENCE.search(one.pattern) for one in patterns):
            raise ValueError("a rule with groups that it needs")
        self._match = whole.match

    def __iter__(self) -> Iterator[Any]:
        at = None

        def choose(text: str, start: int) -> None:
            nonlocal at
            found = self._match(text, start)
            at = found and found.lastindex

        yield choose, None, None
        if at:
            yield self._rules[at - 1]


def _without_groups(pattern: re.Pattern[str]) -> str:
    """Write an expression so that it may stand within another."""
    text = _CAPTURING.sub(lambda found: "(?:" if found[0] == "(" else found[0], pattern.pattern)
    flags = "".join(letter for flag, letter in _FLAGS if pattern.flags & flag)
    return f"(?{flags}:{_FLAGS_IN_FRONT.sub('', text, count=1)})"
