"""What tests print: passed on to the log and, in a process that judges, the end of it kept for the report."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Self

MOST = 4_000
"""Characters told."""
_RAW = 4 * MOST
"""Bytes kept, more than are told: secrets are taken out before anything is cut off."""


class Output:
    """Standard output and standard error of this process, in the order in which they were written.

    Only what goes through `sys.stdout` and `sys.stderr` is seen; what libraries and subprocesses write to the
    descriptors themselves stays in the log. Where a test has put something else in a descriptor's place, as `capfd` does, that is
    written to as ever.
    """

    def __init__(self) -> None:
        self._kept: bytearray | None = None
        self._whole = True
        self._passing_on = True

    @classmethod
    def of_this_process(cls) -> Self:
        """Take the place of `sys.stdout` and `sys.stderr`, before anything that writes to them is imported."""
        own = cls()
        sys.stdout, sys.stderr = own.stream(1), own.stream(2)
        return own

    def stream(self, descriptor: int) -> io.TextIOWrapper:
        """Return a text stream on which writing is noted."""
        raw = _Stream(self, descriptor)
        # Nothing may wait in a buffer, or every fork would write it again.
        return io.TextIOWrapper(raw, encoding="utf-8", errors="backslashreplace", write_through=True)

    def keep(self, *, passing_on: bool = False) -> None:
        """Keep the end of what is written from now on; before the first call it is only passed on.

        Nothing is passed on after it unless asked for: mutants in a loop that prints would fill the disk.
        """
        self._kept, self._whole, self._passing_on = bytearray(), True, passing_on

    def kept(self, clean: Callable[[str], str] = str) -> str:
        """Return the end of what was written since `keep`, cleaned; what was left out before it is shown by an ellipsis."""
        if self._kept is None:
            return ""
        text = clean(self._kept.decode("utf-8", "replace")).replace("\r\n", "\n").rstrip()
        whole = self._whole and len(text) <= MOST
        return text if whole else f"… {text[-MOST:].lstrip(chr(0xFFFD))}"

    def note(self, data: bytes) -> bool:
        """Take what is written; return whether it is to be passed on."""
        if self._kept is None:
            return True
        self._kept += data[-_RAW:]
        if len(self._kept) > _RAW or len(data) > _RAW:
            self._whole = False
            del self._kept[:-_RAW]
        return self._passing_on


class _Stream(io.RawIOBase):
    def __init__(self, output: Output, descriptor: int) -> None:
        self._output = output
        self._descriptor = descriptor
        self._file = _file_of(descriptor)

    def write(self, data: Any, /) -> int:  # bytes or another buffer
        written = bytes(data)
        if self._output.note(written) or _file_of(self._descriptor) != self._file:
            rest = memoryview(written)
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        return len(written)

    @property
    def name(self) -> str:
        return "<stdout>" if self._descriptor == 1 else "<stderr>"

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._descriptor

    def isatty(self) -> bool:
        return False

    def close(self) -> None:
        """Stay open: the descriptor belongs to the process."""


def _file_of(descriptor: int) -> tuple[int, int] | None:
    with suppress(OSError):
        found = os.fstat(descriptor)
        return found.st_dev, found.st_ino
    return None
