"""The code of the tests, as it was run."""

from __future__ import annotations

from textwrap import dedent

from mutmut_dashboard.report.chunks.payloads import CodeOfTest, CodesChunk
from mutmut_dashboard.report.chunks.tokens import Tokens
from mutmut_dashboard.report.facts import Facts
from mutmut_dashboard.report.highlight import highlight, source_lines


def codes_chunk(facts: Facts) -> CodesChunk:
    """Build the list of codes; tests that one function makes, e.g. with parameters, share one."""
    codes: dict[tuple[str, int, str], int] = {}
    of = []
    for test in facts.numbers.tests:
        record = test.record
        if record is None or not record.code:
            of.append(-1)
        else:
            key = (test.id.partition("::")[0], record.line, record.code)
            of.append(codes.setdefault(key, len(codes)))
    tokens = Tokens()
    written = [_code(line, text, tokens) for _, line, text in codes]
    return CodesChunk(codes=written, classes=tokens.classes, of=of)


def _code(line: int, text: str, tokens: Tokens) -> CodeOfTest:
    lines = source_lines(dedent(text))
    highlighted = highlight("\n".join(lines))
    return CodeOfTest(line=line, text="\n".join(lines), tokens=[tokens.of(one) for one in highlighted])
