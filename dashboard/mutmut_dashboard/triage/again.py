"""Judging again while the page is open: one request at a time, in the background, with its state for who asks."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from mutmut_dashboard.errors import DashboardError, UsageError


@dataclass(frozen=True)
class Found:
    """What became of one mutant."""

    id: str
    outcome: str
    """killed, survived or unclear"""
    words: str


Judge = Callable[[str, Sequence[str], threading.Event], Iterator[Found]]
"""Judges mutants of a target, by id, until the event is set."""


class BusyError(UsageError):
    """Something is judged already."""


class Again:
    """Judges on a thread of its own; what it found is kept as long as the server runs."""

    def __init__(self, judge: Judge, clock: Callable[[], datetime] = datetime.now) -> None:
        self._judge, self._clock = judge, clock
        self._guard = threading.Lock()
        self._cancelled = threading.Event()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._progress: dict[str, Any] = {"running": False, "target": "", "ids": [], "done": 0, "error": ""}
        self._results: dict[str, dict[str, str]] = {}

    def start(self, target: Any, ids: Any) -> None:
        """Begin to judge.

        Raises:
            UsageError: what is asked for is no target and ids.
            BusyError: something is judged already.

        """
        if not isinstance(target, str) or not isinstance(ids, list) or not ids:
            raise UsageError('Send a JSON object with "target", a text, and "ids", a list of texts.')
        if not all(isinstance(id_, str) for id_ in ids):
            raise UsageError('Each of "ids" must be a text.')
        with self._guard:
            if self._progress["running"] or self._closed:
                raise BusyError("Other mutants are being judged again. Wait for them, or cancel that.")
            self._cancelled.clear()
            wanted = list(dict.fromkeys(ids))
            self._progress = {"running": True, "target": target, "ids": wanted, "done": 0, "error": ""}
            self._thread = threading.Thread(target=self._work, args=(target, wanted))
            self._thread.start()

    def cancel(self) -> None:
        """Call off what is going on, if anything is."""
        self._cancelled.set()

    def close(self) -> None:
        """Call it off for good and wait until its processes are gone."""
        with self._guard:
            self._closed = True
            self._cancelled.set()
        if self._thread is not None:
            self._thread.join()

    def state(self) -> dict[str, Any]:
        """Say how far it is, and all that was found."""
        with self._guard:
            return {**self._progress, "results": dict(self._results)}

    def _work(self, target: str, ids: list[str]) -> None:
        error = ""
        try:
            for found in self._judge(target, ids, self._cancelled):
                self._note(target, found)
        except DashboardError as trouble:
            error = str(trouble)
        except Exception as trouble:  # noqa: BLE001 - the page must hear of it, or it would wait for ever
            error = f"Judging again failed ({type(trouble).__name__}). `mutmut-dashboard run` says more."
        with self._guard:
            self._progress |= {"running": False, "error": error}

    def _note(self, target: str, found: Found) -> None:
        with self._guard:
            self._progress["done"] += 1
            self._results[f"{target}/{found.id}"] = {**asdict(found), "at": self._clock().strftime("%H:%M")}
