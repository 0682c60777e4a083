"""The SQLite file: opened when first needed, one transaction per call, closed once."""

from __future__ import annotations

import os
import sqlite3
import threading
from typing import TYPE_CHECKING, TypeVar

from core.analytics.errors import StoreError
from core.analytics.schema import SCHEMA_VERSION, upgrade_from

if TYPE_CHECKING:
    from collections.abc import Callable

R = TypeVar("R")


BEGIN = "BEGIN IMMEDIATE"
COMMIT = "COMMIT"
ROLLBACK = "ROLLBACK"
READ_VERSION = "PRAGMA user_version"
COUNT_TABLES = "SELECT count(*) FROM sqlite_master"

# Readers of the file then do not wait for its writer; in memory this changes nothing.
WRITE_AHEAD = "PRAGMA journal_mode = WAL"


class Database:
    """One connection to *path*; calls from several threads take turns."""

    _closed = False

    def __init__(self, path: str | os.PathLike[str]) -> None:
        if not isinstance(path, (str, os.PathLike)):
            raise TypeError(f"db_path is {path!r}: expected str or a path, not {type(path).__name__}")
        self._path = os.fspath(path)
        if not self._path:
            raise ValueError('db_path is empty: give a file, or ":memory:" to keep nothing')
        self._connection: sqlite3.Connection | None = None
        self._turn = threading.Lock()

    def run(self, work: Callable[[sqlite3.Connection], R]) -> R:
        """Do *work* as one transaction: as a whole, or not at all."""
        with self._turn:
            connection = self._open()
            connection.execute(BEGIN)
            try:
                result = work(connection)
            except BaseException:
                connection.execute(ROLLBACK)
                raise
            connection.execute(COMMIT)
            return result

    def close(self) -> None:
        """Give the file back; closing twice does nothing more."""
        with self._turn:
            self._closed = True
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _open(self) -> sqlite3.Connection:
        if self._closed:
            raise StoreError("the engine is closed: create a new one to go on recording")
        if self._connection is None:
            self._connection = _connect(self._path)
        return self._connection


def _connect(path: str) -> sqlite3.Connection:
    # Transactions are begun by hand, and the lock above replaces sqlite3's check of threads.
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        _prepare(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, path: str) -> None:
    """Bring the file to the latest schema, and refuse one that is not ours."""
    connection.execute(BEGIN)
    (version,) = connection.execute(READ_VERSION).fetchone()
    if version > SCHEMA_VERSION:
        raise StoreError(
            f"{path} has schema version {version}, this engine knows {SCHEMA_VERSION}: upgrade the engine"
        )
    if version == 0:
        _refuse_foreign(connection, path)
    for statement in upgrade_from(version):
        connection.execute(statement)
    connection.execute(COMMIT)
    try:
        connection.execute(WRITE_AHEAD)
    except sqlite3.OperationalError:  # pragma: no cover - only where several open a new file at once
        return  # SQLite waits for nobody here; the mode is the file's, so one of them will have set it


def _refuse_foreign(connection: sqlite3.Connection, path: str) -> None:
    (tables,) = connection.execute(COUNT_TABLES).fetchone()
    if tables:
        raise StoreError(f"{path} is another program's database: give a new file")
