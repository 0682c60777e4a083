"""The only module that writes to the terminal: progress, summaries, errors."""

from __future__ import annotations

import sys
import time
from collections import Counter
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from mutmut_dashboard.model import Mutant, Status, Verdict, status_of

_LOG_EVERY = 10.0
"""Seconds between two lines of progress where there is no terminal."""
_SHOWN = (Status.KILLED, Status.TIMEOUT, Status.SURVIVED, Status.UNCOVERED, Status.INVALID, Status.ERROR)


class RunProgress:
    """Shows how far a run is: a bar with counts and time left on a terminal, plain lines in a log."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._live = self._console.is_terminal
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=None),
            MofNCompleteColumn(),
            TextColumn("{task.fields[counts]}"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=self._console,
        )
        self._task = self._bar.add_task("", total=None, visible=False, counts="")
        self._target = ""
        self._total = 0
        self._counts: Counter[Status] = Counter()
        self._started = self._last_line = time.monotonic()

    def __enter__(self) -> Self:
        if self._live:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live:
            self._bar.update(self._task, visible=False)
            self._bar.stop()

    def phase(self, target: str, text: str) -> None:
        """Say which step of a target begins."""
        self.note(f"{target}: {text}")
        if self._live:
            self._bar.update(self._task, visible=False)

    def note(self, text: str) -> None:
        """Say a sentence."""
        self._console.print(text, markup=False, soft_wrap=True)

    def judging(self, target: str, total: int) -> None:
        """Start the bar of a target."""
        self._target, self._total = target, total
        self._counts.clear()
        self._started = self._last_line = time.monotonic()
        self.note(f"{target}: judging {total} mutants")
        if self._live:
            self._bar.reset(self._task, total=total, visible=True, description=target, counts="")

    def judged(self, mutant: Mutant, verdict: Verdict) -> None:
        """Count one verdict."""
        self._counts[status_of(mutant, verdict)] += 1
        if self._live:
            self._bar.update(self._task, advance=1, counts=self._tally())
            return
        now = time.monotonic()
        done = self._counts.total()
        if now - self._last_line >= _LOG_EVERY or done == self._total:
            self._last_line = now
            rate = done / max(now - self._started, 1e-9)
            left = (self._total - done) / rate
            self.note(
                f"{self._target}: {done}/{self._total}  {self._tally()}  {rate:.1f}/s, {left:.0f} s left"
            )

    def _tally(self) -> str:
        return "  ".join(f"{status} {self._counts[status]}" for status in _SHOWN if self._counts[status])


def show_table(columns: list[str], rows: list[list[str]]) -> None:
    """Print a table; the first column holds words, the others numbers."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for at, column in enumerate(columns):
        table.add_column(column, justify="left" if at == 0 else "right", overflow="fold")
    for row in rows:
        table.add_row(*row)
    Console(highlight=False, width=None if sys.stdout.isatty() else 200).print(table)


def say(text: str) -> None:
    """Print a line of result."""
    print(text, flush=True)  # noqa: T201 - the place for it


def complain(text: str) -> None:
    """Print an error."""
    print(f"mutmut-dashboard: {text}", file=sys.stderr)  # noqa: T201 - the place for it
