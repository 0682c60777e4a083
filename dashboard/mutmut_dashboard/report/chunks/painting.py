"""Highlights many texts, in a process beside the rest of the work where there is so much of them that it pays."""

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

from mutmut_dashboard.report.chunks.tokens import Tokens
from mutmut_dashboard.report.highlight import highlight

ENOUGH = 500_000
"""Characters from which on there is a process for them: to start it takes as long as some ten thousand do."""
_BATCH = 50_000
"""Characters handed over at once."""


class Painted(NamedTuple):
    """A highlighted text: its lines as `Tokens` writes them, and the classes that their numbers stand for."""

    lines: list[list[int]]
    classes: list[str]


def paint(text: str) -> Painted:
    """Highlight one text."""
    tokens = Tokens()
    lines = [tokens.of(line) for line in highlight(text)]
    return Painted(lines, tokens.classes)


class Painter:
    """Highlights texts, which are taken in their order by `each`; what is not taken is dropped."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._pool: ProcessPoolExecutor | None = None
        self._coming: list[tuple[list[str], Future[list[Painted]]]] = []

    def __enter__(self) -> Self:
        if sum(map(len, self._texts)) >= ENOUGH:
            # Not a fork: the server that renders has threads.
            self._pool = ProcessPoolExecutor(1, get_context("spawn"), initializer=_begin)
            self._coming = [(batch, self._pool.submit(_paint_all, batch)) for batch in _batches(self._texts)]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def each(self) -> Iterator[Painted]:
        """Yield what becomes of the texts. Where the process went away, the rest is done here."""
        if not self._pool:
            yield from map(paint, self._texts)
        while self._coming:
            batch, coming = self._coming.pop(0)
            try:
                yield from coming.result()
            except BrokenExecutor:
                yield from map(paint, batch)


def _batches(texts: Sequence[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for text in texts:
        batch.append(text)
        size += len(text)
        if size >= _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _paint_all(texts: list[str]) -> list[Painted]:
    return [paint(text) for text in texts]


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's, which ends this process
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
