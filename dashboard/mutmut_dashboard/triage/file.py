"""`triage.toml` on the disk: read, written as a whole or not at all, one change at a time, and the last one taken back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.files import write_whole
from mutmut_dashboard.triage.decisions import Decisions, Entry, Key

NAME = "triage.toml"
_PATIENCE = 20.0
"""Seconds to wait for another change, each of which takes a moment."""
_REMEMBERED = 100
"""Changes that can be taken back."""


class UnreadableError(UsageError):
    """The file holds a mistake; the message says where."""


class ConflictError(UsageError):
    """Somebody else changed the same at the same time."""


def read_decisions(path: Path) -> Decisions:
    """Read a file of decisions; one that is not there holds none.

    Raises:
        UnreadableError: it cannot be read.

    """
    return _parsed(_content(path), path.name)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UnreadableError(f"{path.name} cannot be read: {error}.") from error


def _parsed(content: bytes | None, name: str) -> Decisions:
    if content is None:
        return Decisions()
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
        return Decisions.read(text, name)
    except UnicodeDecodeError as error:
        raise UnreadableError(f"{name} cannot be read: {error}. It must be a text file in UTF-8.") from error
    except UsageError as error:
        raise UnreadableError(str(error)) from error


class TriageFile:
    """The decisions of a project, and a journal of the last changes in its working folder.

    The journal holds, for each change, the entries it touched as they were before and after. Taking a change back
    puts the old ones in their places again, but only where nobody touched them since.
    """

    def __init__(self, root: Path, work: Path) -> None:
        self.path = root / NAME
        self._journal = work / "triage-journal.json"
        self._lock = work / "triage.lock"

    def read(self) -> Decisions:
        """Read it."""
        return read_decisions(self.path)

    def read_with_revision(self) -> tuple[Decisions, str]:
        """Read it, and a hash of its bytes."""
        content = _content(self.path)
        revision = hashlib.blake2b(content or b"", digest_size=16).hexdigest()
        return _parsed(content, self.path.name), revision

    def change(self, change: Callable[[Decisions], Decisions], what: str) -> Decisions:
        """Read, change and write while nobody else does; `what` is how undoing will call it."""
        with self._held():
            content = _content(self.path)
            before = _parsed(content, self.path.name)
            after = change(before)
            touched = _touched(before, after)
            if touched:
                self._require_untouched(content)
                # The file first: a journal without its change would only make one undo fail, visibly.
                write_whole(self.path, str(after).encode())
                self._remember(
                    {"what": what, "at": datetime.now(UTC).isoformat("T", "seconds"), "entries": touched}
                )
            return after

    def undo(self, agreed: Callable[[Decisions, Sequence[Key]], None] | None = None) -> str:
        """Take the last change back, and say which it was.

        `agreed` is shown the decisions and the entries that will change, and may refuse by raising.

        Raises:
            UsageError: there is none.
            ConflictError: its entries were changed since.

        """
        with self._held():
            changes = self._changes()
            if not changes:
                raise UsageError("There is no change to take back. git knows the older ones.")
            last = changes.pop()
            content = _content(self.path)
            decisions = _parsed(content, self.path.name)
            if agreed:
                agreed(decisions, [(target, id_) for target, id_, *_ in last["entries"]])
            now = decisions.by_key
            restored: dict[Key, Entry | None] = {}
            for target, id_, before, after in last["entries"]:
                entry = now.get((target, id_))
                if (entry.text if entry else None) != after:
                    raise ConflictError(
                        f"Cannot take back '{last['what']}': {NAME} was edited since, at mutant {id_}. "
                        "Decide it anew, or edit the file."
                    )
                restored[target, id_] = before and Decisions.read(before, "the journal").entries[0]
            self._require_untouched(content)
            write_whole(self.path, str(decisions.with_entries(restored)).encode())
            self._write_journal(changes)
            return str(last["what"])

    def _require_untouched(self, content: bytes | None) -> None:
        """Refuse to write over what an editor, which knows no lock, saved a moment ago."""
        if _content(self.path) != content:
            raise ConflictError(f"{NAME} was saved by another program at the same moment. Try again.")

    def _remember(self, change: dict[str, Any]) -> None:
        self._write_journal([*self._changes(), change][-_REMEMBERED:])

    def _changes(self) -> list[dict[str, Any]]:
        try:
            changes: list[dict[str, Any]] = json.loads(self._journal.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return []
        return changes

    def _write_journal(self, changes: list[dict[str, Any]]) -> None:
        write_whole(self._journal, (json.dumps(changes, indent=1) + "\n").encode())

    @contextmanager
    def _held(self) -> Iterator[None]:
        self._lock.parent.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self._lock, timeout=_PATIENCE):
                yield
        except Timeout as error:
            raise ConflictError(
                f"Another process has been changing {NAME} for {_PATIENCE:g} s. Try again."
            ) from error


def _touched(before: Decisions, after: Decisions) -> list[tuple[str, str, str | None, str | None]]:
    old, new = before.by_key, after.by_key
    texts = [(key, _text(old.get(key)), _text(new.get(key))) for key in sorted({*old, *new})]
    return [(*key, was, is_) for key, was, is_ in texts if was != is_]


def _text(entry: Entry | None) -> str | None:
    return entry.text if entry else None
