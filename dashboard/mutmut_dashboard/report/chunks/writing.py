"""Builds the data files one after the other, since all at once would not fit into memory on a large run."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mutmut_dashboard.report.chunks.codes import codes_chunk
from mutmut_dashboard.report.chunks.file import file_chunk
from mutmut_dashboard.report.chunks.index import index_chunk
from mutmut_dashboard.report.chunks.payloads import ChunkNames
from mutmut_dashboard.report.chunks.runs import runs_chunk
from mutmut_dashboard.report.chunks.script import Kind, file_name, script
from mutmut_dashboard.report.chunks.tables import tables_chunk
from mutmut_dashboard.report.chunks.tests import tests_chunk
from mutmut_dashboard.report.facts import Facts
from mutmut_dashboard.report.parts import Counted

Write = Callable[[str, bytes], None]
"""Puts a data file where the page is; its name is relative to the page."""


def write_chunks(facts: Facts, counted: Counted, write: Write) -> str:
    """Write every data file and return the name of the index."""

    def put(kind: Kind, payload: Mapping[str, object], key: int = 0) -> str:
        content = script(kind, key, payload)
        name = file_name(kind, key, content)
        write(name, content)
        return name

    files = [put("file", file_chunk(facts, file), file.number) for file in facts.numbers.files]
    chunks = ChunkNames(
        tests=put("tests", tests_chunk(facts)),
        runs=put("runs", runs_chunk(facts)),
        codes=put("codes", codes_chunk(facts)),
        tables=put("tables", tables_chunk(counted)),
    )
    return put("index", index_chunk(facts, files, chunks))
