"""Highlights many texts and hashes their functions, in a process beside the rest where there are enough for it to pay."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from types import TracebackType
from typing import NamedTuple, Self

from mutmut_dashboard.function_hash import hashes_of
from mutmut_dashboard.report.chunks.tokens import Tokens
from mutmut_dashboard.report.highlight import highlight

ENOUGH = 500_000
"""Characters from which on there is a process for them: to start it takes as long as some ten thousand do."""
_BATCH = 50_000
"""Characters handed over at once."""


class Sheet(NamedTuple):
    """A text to be highlighted."""

    text: str
    hashed: bool = False
    """Whether its functions' hashes are wanted, too."""


class Painted(NamedTuple):
    """A highlighted text: its lines as `Tokens` writes them, and the classes that their numbers stand for."""

    lines: list[list[int]]
    classes: list[str]
    hashes: dict[str, str]
    """Qualified name of each function -> its hash, see `hashes_of`; empty where they are not wanted."""


def paint(sheet: Sheet) -> Painted:
    """Highlight one text."""
    tokens = Tokens()
    lines = [tokens.of(line) for line in highlight(sheet.text)]
    return Painted(lines, tokens.classes, hashes_of(sheet.text) if sheet.hashed else {})


class Painter:
    """Highlights texts, which are taken in their order by `each`; what is not taken is dropped."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self._sheets = sheets
        self._pool: ProcessPoolExecutor | None = None
        self._coming: list[tuple[list[Sheet], Future[list[Painted]]]] = []

    def __enter__(self) -> Self:
        if sum(len(sheet.text) for sheet in self._sheets) >= ENOUGH:
            # Not a fork: the server that renders has threads.
            self._pool = ProcessPoolExecutor(1, get_context("spawn"), initializer=_begin)
            self._coming = [(batch, _handed_over(self._pool, batch)) for batch in _batches(self._sheets)]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def each(self) -> Iterator[Painted]:
        """Yield what becomes of the texts. Where the process went away, the rest is done here."""
        if not self._pool:
            yield from map(paint, self._sheets)
        while self._coming:
            batch, coming = self._coming.pop(0)
            try:
                yield from coming.result()
            except BrokenExecutor:
                yield from map(paint, batch)


def _batches(sheets: Sequence[Sheet]) -> Iterator[list[Sheet]]:
    batch: list[Sheet] = []
    size = 0
    for sheet in sheets:
        batch.append(sheet)
        size += len(sheet.text)
        if size >= _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _handed_over(pool: ProcessPoolExecutor, batch: list[Sheet]) -> Future[list[Painted]]:
    try:
        return pool.submit(_paint_all, batch)
    except BrokenExecutor as error:  # it went away before it had everything
        failed: Future[list[Painted]] = Future()
        failed.set_exception(error)
        return failed


def _paint_all(sheets: list[Sheet]) -> list[Painted]:
    return [paint(sheet) for sheet in sheets]


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's, which ends this process
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
