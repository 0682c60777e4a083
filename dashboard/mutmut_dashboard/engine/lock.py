"""One run at a time: a file lock that names its holder."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from mutmut_dashboard.errors import UsageError


@contextmanager
def hold(work: Path, command: str) -> Iterator[None]:
    """Hold the lock of a working folder, which is made if it is missing.

    The system releases the lock when the process ends, however it ends.

    Raises:
        UsageError: another process holds it; the message says which.

    """
    work.mkdir(parents=True, exist_ok=True)
    holder = work / "lock.json"
    lock = FileLock(work / "lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise UsageError(
            f"Another run is going on in {work}: {_describe(holder)}. Wait for it, or end it and try again."
        ) from None
    try:
        me = {
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "since": datetime.now(UTC).isoformat(timespec="seconds"),
            "command": command,
        }
        holder.write_text(json.dumps(me), encoding="utf-8")
        yield
    finally:
        lock.release()


def is_held(work: Path) -> bool:
    """Tell whether another process on this machine works in a folder.

    Read from what the holder wrote, for trying the lock would refuse a run that starts at this very moment.
    """
    try:
        me = json.loads((work / "lock.json").read_text(encoding="utf-8"))
        if me["host"] != socket.gethostname() or me["pid"] == os.getpid():
            return False
        os.kill(me["pid"], 0)
    except PermissionError:
        return True  # it lives, and is another user's
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return True


def _describe(holder: Path) -> str:
    try:
        me = json.loads(holder.read_text(encoding="utf-8"))
        return f"process {me['pid']} on {me['host']}, since {me['since']} ({me['command']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "its holder is not known yet"
