"""Threads taken over by coverage.py one after the other, since two at once would be one too many.

CPython (`_PyEval_SetTrace`) refuses a trace function while another one is being installed, and an audit hook written in Python,
as the footprint's is, makes room for that: other threads may run meanwhile. The refused thread ends before it has begun.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from types import FrameType
from typing import Any


@contextmanager
def one_at_a_time() -> Iterator[AbstractContextManager[object]]:
    """Within it, threads that start take turns in installing the trace function that `threading.settrace` was given.

    Yields what to enter for a turn. Nothing changes where there is no such function, as on Pythons on which coverage.py does not trace.
    """
    install = threading.gettrace()
    if install is None:
        yield nullcontext()
        return
    turns = _Turns()

    def installed(frame: FrameType, event: Any, argument: Any) -> Any:
        with turns:
            return install(frame, event, argument)

    def begun(thread: threading.Thread) -> None:
        # A test may trace by itself, and then without a turn; a thread that is not traced is better than one that never begins.
        with turns, suppress(RuntimeError):
            sys.settrace(installed)
        begin(thread)

    begin = threading.Thread._bootstrap_inner  # type: ignore[attr-defined]  # noqa: SLF001 - nothing public is early enough
    threading.settrace(None)
    threading.Thread._bootstrap_inner = begun  # type: ignore[attr-defined]  # noqa: SLF001
    try:
        yield turns
    finally:
        threading.Thread._bootstrap_inner = begin  # type: ignore[attr-defined]  # noqa: SLF001


class _Turns:
    def __init__(self) -> None:
        self.lock = threading.RLock()
        os.register_at_fork(after_in_child=self._begin_anew)

    def __enter__(self) -> None:
        self.lock.acquire()

    def __exit__(self, *_: object) -> None:
        self.lock.release()

    def _begin_anew(self) -> None:
        self.lock = threading.RLock()  # whoever held it is not in the child
