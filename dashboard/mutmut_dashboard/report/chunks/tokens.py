"""Highlighted lines as numbers, which a data file holds in a fraction of the room."""

from __future__ import annotations

from collections.abc import Iterable

from mutmut_dashboard.report.chunks.script import utf16_length
from mutmut_dashboard.report.highlight import Line


class Tokens:
    """Numbers the classes of a data file as they come, after those it has; position 0 is "" (plain)."""

    def __init__(self, classes: Iterable[str] = ("",)) -> None:
        self._classes = {css: number for number, css in enumerate(classes)}

    @property
    def classes(self) -> list[str]:
        """Names of the classes met so far, in the order of their numbers."""
        return list(self._classes)

    def numbers_of(self, classes: Iterable[str]) -> list[int]:
        """Return the numbers here of classes that are numbered elsewhere."""
        return [self._classes.setdefault(css, len(self._classes)) for css in classes]

    def of(self, line: Line) -> list[int]:
        """Return alternating length in UTF-16 units and class; what is missing at the end is plain."""
        flat: list[int] = []
        for css, text in line:
            flat += (utf16_length(text), self._classes.setdefault(css, len(self._classes)))
        while flat and flat[-1] == 0:
            del flat[-2:]
        return flat
