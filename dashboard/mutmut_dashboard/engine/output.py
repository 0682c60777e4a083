"""What tests print: passed on to the log and, in a process that judges, the end of it kept for the report."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Self

LONGEST_SECRET = 4_000
"""Characters; as many from where what is kept was cut off are not told, since half a secret is not recognised."""
_CONTINUING = bytes(range(0x80, 0xC0))
"""Bytes of UTF-8 with which no character begins."""


def end_of(text: str, most: int, before: int = 0) -> str:
    """Return the end of a text, under a line that says how much was left out; `before` is what was left out already."""
    left_out = before + max(0, len(text) - most)
    if not left_out or not most:
        return text if most else ""
    return f"… {left_out:,} character{'' if left_out == 1 else 's'} left out\n{text[-most:]}"


class Output:
    """Standard output and standard error of this process, in the order in which they were written.

    Only what goes through `sys.stdout` and `sys.stderr` is seen; what libraries and subprocesses write to the
    descriptors themselves stays in the log. Where a test has put something else in a descriptor's place, as `capfd` does, that is
    written to as ever.

    Told are the last `most` characters; more are kept, since secrets are taken out before anything is cut off.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._room = 4 * (most + LONGEST_SECRET) if most else 0
        self._kept: bytearray | None = None
        self._lost = 0
        self._passing_on = True

    @classmethod
    def of_this_process(cls, most: int) -> Self:
        """Take the place of `sys.stdout` and `sys.stderr`, before anything that writes to them is imported."""
        own = cls(most)
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
        self._kept, self._lost, self._passing_on = bytearray(), 0, passing_on

    def kept(self, clean: Callable[[str], str] = str) -> str:
        """Return the end of what was written since `keep`, cleaned."""
        if self._kept is None or not self._most:
            return ""
        whole_characters = self._kept.lstrip(_CONTINUING) if self._lost else self._kept
        text = clean(whole_characters.decode("utf-8", "replace"))
        unsafe = min(len(text), LONGEST_SECRET) if self._lost else 0
        return end_of(text[unsafe:].replace("\r\n", "\n").rstrip(), self._most, self._lost + unsafe)

    def note(self, data: bytes) -> bool:
        """Take what is written; return whether it is to be passed on."""
        if self._kept is None:
            return True
        if self._most:
            self._kept += data
            over = max(0, len(self._kept) - self._room)
            self._lost += len(self._kept[:over].translate(None, _CONTINUING))
            del self._kept[:over]
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
