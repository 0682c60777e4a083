"""The code of the tests, as it was run."""

from __future__ import annotations

from textwrap import dedent

from mutmut_dashboard.report.chunks.payloads import CodeOfTest, CodesChunk
from mutmut_dashboard.report.facts import Facts
from mutmut_dashboard.report.text import source_lines


def codes_chunk(facts: Facts) -> CodesChunk:
    """Build their data file; tests that one function makes, e.g. with parameters, share one."""
    found: dict[tuple[str, int, str], int] = {}
    of = []
    for test in facts.numbers.tests:
        record = test.record
        if record is None or not record.code:
            of.append(-1)
        else:
            key = (test.id.partition("::")[0], record.line, record.code)
            of.append(found.setdefault(key, len(found)))
    codes = [CodeOfTest(line=line, text="\n".join(source_lines(dedent(text)))) for _, line, text in found]
    return CodesChunk(codes=codes, of=of)
