"""Where a change stands, in UTF-16 code units, which is how JavaScript and SARIF count columns."""

from __future__ import annotations

from dataclasses import dataclass

from mutmut_dashboard.model import Mutant


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a source file. Lines and columns are 1-based, the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int
    exact: bool
    """Whether the source holds the mutant's original text just there."""
    replacement: str
    """What to put there: the mutant's text, with a space where two words would become one."""


class Source:
    """One file's text by lines. Only a line feed ends a line, as in the model; a carriage return before it stays."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")

    def place(self, mutant: Mutant) -> Place:
        """Convert a mutant's positions; where the file has no such line, columns are taken as they are."""
        return Place(
            line=mutant.line,
            column=self._utf16(mutant.line, mutant.column),
            end_line=mutant.end_line,
            end_column=self._utf16(mutant.end_line, mutant.end_column),
            exact=self.between(mutant) == mutant.original,
            replacement=self._spaced(mutant),
        )

    def _spaced(self, mutant: Mutant) -> str:
        # `in` becomes `not in` by `not` before `in`: tokens are recorded without the blanks around them.
        before = self._character(mutant.line, mutant.column - 2)
        after = self._character(mutant.end_line, mutant.end_column - 1)
        text = mutant.replacement
        if not text:
            return " " if _is_word(before) and _is_word(after) else ""
        left = " " if _is_word(before) and _is_word(text[0]) else ""
        right = " " if _is_word(text[-1]) and _is_word(after) else ""
        return f"{left}{text}{right}"

    def _character(self, line: int, at: int) -> str:
        inside = 0 < line <= len(self._lines) and 0 <= at < len(self._lines[line - 1])
        return self._lines[line - 1][at] if inside else ""

    def _utf16(self, line: int, column: int) -> int:
        if not 0 < line <= len(self._lines):
            return column
        return utf16_column(self._lines[line - 1], column)

    def between(self, mutant: Mutant) -> str | None:
        """Return the text between a mutant's positions; None where the file has no such place."""
        if not 0 < mutant.line <= mutant.end_line <= len(self._lines):
            return None
        lines = self._lines[mutant.line - 1 : mutant.end_line]
        ends = (mutant.column - 1, mutant.end_column - 1)
        if not (0 <= ends[0] <= len(lines[0]) and 0 <= ends[1] <= len(lines[-1])):
            return None
        if len(lines) == 1:
            return lines[0][ends[0] : ends[1]]
        return "\n".join((lines[0][ends[0] :], *lines[1:-1], lines[-1][: ends[1]]))


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def utf16_column(line: str, column: int) -> int:
    """Convert a 1-based column from characters to UTF-16 code units; those past U+FFFF take two."""
    return column + sum(character > "\uffff" for character in line[: column - 1])


def character_column(line: str, column: int) -> int:
    """Convert a 1-based column from UTF-16 code units to characters."""
    left, at = column - 1, 0
    while left > 0:
        left -= 2 if line[at : at + 1] > "\uffff" else 1
        at += 1
    return at + 1
