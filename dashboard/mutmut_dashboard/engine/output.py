"""What tests print: passed on to the log and, in a process that judges, the end of it kept for the report."""

from __future__ import annotations

import io
import os
import sys
from typing import Any, Self

MOST = 4_000
"""Bytes kept."""


class Output:
    """Standard output and standard error of this process, in the order in which they were written.

    Only what goes through `sys.stdout` and `sys.stderr` is seen; what libraries and subprocesses write to the
    descriptors themselves stays in the log.
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

    def kept(self) -> str:
        """Return the end of what was written since `keep`; what was left out before it is shown by an ellipsis."""
        if self._kept is None:
            return ""
        text = self._kept.decode("utf-8", "replace").replace("\r\n", "\n").rstrip()
        return text if self._whole else f"… {text.lstrip(chr(0xFFFD))}"

    def note(self, data: bytes) -> bool:
        """Take what is written; return whether it is to be passed on."""
        if self._kept is None:
            return True
        self._kept += data[-MOST:]
        if len(self._kept) > MOST or len(data) > MOST:
            self._whole = False
            del self._kept[:-MOST]
        return self._passing_on


class _Stream(io.RawIOBase):
    def __init__(self, output: Output, descriptor: int) -> None:
        self._output = output
        self._descriptor = descriptor

    def write(self, data: Any, /) -> int:  # bytes or another buffer
        written = bytes(data)
        if self._output.note(written):
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
