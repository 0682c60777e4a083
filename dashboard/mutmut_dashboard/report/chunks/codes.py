"""The code of the tests, as it was run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import dedent
from typing import NamedTuple

from mutmut_dashboard.report.chunks.painting import Painted
from mutmut_dashboard.report.chunks.payloads import CodeOfTest, CodesChunk
from mutmut_dashboard.report.chunks.tokens import Tokens
from mutmut_dashboard.report.facts import Facts
from mutmut_dashboard.report.highlight import source_lines


class Codes(NamedTuple):
    """The codes of all tests; tests that one function makes, e.g. with parameters, share one."""

    lines: list[int]
    """Where each begins in its file."""
    texts: list[str]
    of: list[int]
    """By test: position in these; -1 where its code was not recorded."""


def codes_of(facts: Facts) -> Codes:
    """Collect them."""
    found: dict[tuple[str, int, str], int] = {}
    of = []
    for test in facts.numbers.tests:
        record = test.record
        if record is None or not record.code:
            of.append(-1)
        else:
            key = (test.id.partition("::")[0], record.line, record.code)
            of.append(found.setdefault(key, len(found)))
    texts = ["\n".join(source_lines(dedent(text))) for _, _, text in found]
    return Codes([line for _, line, _ in found], texts, of)


def codes_chunk(codes: Codes, painted: Iterator[Painted]) -> CodesChunk:
    """Build their data file; `painted` are their texts."""
    tokens = Tokens()
    written = []
    for line, text, one in zip(codes.lines, codes.texts, painted, strict=True):
        numbers = tokens.numbers_of(one.classes)
        written.append(
            CodeOfTest(line=line, text=text, tokens=[_renumbered(own, numbers) for own in one.lines])
        )
    return CodesChunk(codes=written, classes=tokens.classes, of=codes.of)


def _renumbered(line: Sequence[int], numbers: Sequence[int]) -> list[int]:
    return [numbers[own] if at % 2 else own for at, own in enumerate(line)]
