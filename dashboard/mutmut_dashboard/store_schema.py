"""The tables of the store, version by version: a new file takes every step, an old one those it lacks.

A step is never changed once released, so whatever wrote a file, it ends with the same tables.
"""

from __future__ import annotations

import sqlite3

APPLICATION_ID = 0x4D75_7444  # "MutD": a foreign SQLite file is told apart from ours

_STEPS = (
    """
CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    started_at TEXT NOT NULL,
    finished_at TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL,
    detail TEXT NOT NULL DEFAULT '',
    fingerprint TEXT NOT NULL,
    provenance TEXT NOT NULL
);
CREATE TABLE target (
    run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (run_id, name)
);
CREATE TABLE source (
    run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    file TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (run_id, file)
);
CREATE TABLE mutant (
    run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    position INTEGER NOT NULL,
    id TEXT NOT NULL,
    target TEXT NOT NULL,
    name TEXT NOT NULL,
    file TEXT NOT NULL,
    function TEXT NOT NULL,
    line INTEGER NOT NULL,
    "column" INTEGER NOT NULL,
    end_line INTEGER NOT NULL,
    end_column INTEGER NOT NULL,
    operator TEXT NOT NULL,
    original TEXT NOT NULL,
    replacement TEXT NOT NULL,
    diff TEXT NOT NULL,
    skip_reason TEXT,
    PRIMARY KEY (run_id, target, id)
);
CREATE TABLE verdict (
    run_id INTEGER NOT NULL,
    target TEXT NOT NULL,
    mutant_id TEXT NOT NULL,
    ended TEXT NOT NULL,
    wall REAL NOT NULL,
    cpu REAL NOT NULL,
    tests_run INTEGER NOT NULL,
    detail TEXT NOT NULL,
    judged_at TEXT NOT NULL,
    kill_test TEXT,
    kill_how TEXT,
    kill_exception TEXT,
    kill_message TEXT,
    kill_example TEXT,
    PRIMARY KEY (run_id, target, mutant_id),
    FOREIGN KEY (run_id, target, mutant_id) REFERENCES mutant (run_id, target, id) ON DELETE CASCADE
);
CREATE TABLE test (
    run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    target TEXT NOT NULL,
    id TEXT NOT NULL,
    duration REAL NOT NULL,
    outcome TEXT NOT NULL,
    PRIMARY KEY (run_id, target, id)
);
CREATE TABLE reach (
    run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    target TEXT NOT NULL,
    file TEXT NOT NULL,
    function TEXT NOT NULL,
    tests TEXT NOT NULL,
    PRIMARY KEY (run_id, target, file, function)
);
CREATE TABLE coverage (
    run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    target TEXT NOT NULL,
    file TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (run_id, target, file)
);
""",
    # 2: every failing test of a mutant, and which tests are properties
    """
CREATE TABLE kill (
    run_id INTEGER NOT NULL,
    target TEXT NOT NULL,
    mutant_id TEXT NOT NULL,
    test TEXT NOT NULL,
    how TEXT NOT NULL,
    PRIMARY KEY (run_id, target, mutant_id, test),
    FOREIGN KEY (run_id, target, mutant_id) REFERENCES mutant (run_id, target, id) ON DELETE CASCADE
) WITHOUT ROWID;
ALTER TABLE test ADD COLUMN is_property INTEGER NOT NULL DEFAULT 0;
ALTER TABLE test ADD COLUMN examples INTEGER NOT NULL DEFAULT 0;
""",
    # 3: what verdicts depend on, so that they can be used again
    """
CREATE TABLE dependencies (
    run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    target TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (run_id, target)
);
CREATE TABLE trace (
    run_id INTEGER NOT NULL,
    target TEXT NOT NULL,
    mutant_id TEXT NOT NULL,
    unknown INTEGER NOT NULL,
    functions BLOB NOT NULL,
    tests BLOB NOT NULL,
    PRIMARY KEY (run_id, target, mutant_id),
    FOREIGN KEY (run_id, target, mutant_id) REFERENCES mutant (run_id, target, id) ON DELETE CASCADE
) WITHOUT ROWID;
""",
    # 4: on which Python a mutant of a merged run ended how, where they differ
    """
CREATE TABLE judged_on (
    run_id INTEGER NOT NULL,
    target TEXT NOT NULL,
    mutant_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    python TEXT NOT NULL,
    ended TEXT,
    PRIMARY KEY (run_id, target, mutant_id, position),
    FOREIGN KEY (run_id, target, mutant_id) REFERENCES mutant (run_id, target, id) ON DELETE CASCADE
) WITHOUT ROWID;
""",
    # 5: how many of a test's examples reach a function
    """
ALTER TABLE reach ADD COLUMN examples TEXT NOT NULL DEFAULT '';
""",
    # 6: what a survivor's tests called beyond what they call without it
    """
ALTER TABLE trace ADD COLUMN beyond TEXT;
""",
    # 7: where a test failed and what it said, and the code of tests
    """
ALTER TABLE verdict ADD COLUMN kill_places TEXT;
ALTER TABLE verdict ADD COLUMN kill_output TEXT;
ALTER TABLE test ADD COLUMN line INTEGER NOT NULL DEFAULT 0;
ALTER TABLE test ADD COLUMN code TEXT NOT NULL DEFAULT '';
""",
    # 8: how many mutants of a run are not left out, counted without reading them: asked again and again while it goes on
    """
CREATE INDEX mutant_to_judge ON mutant (run_id, skip_reason) WHERE skip_reason IS NULL;
""",
)

SCHEMA_VERSION = len(_STEPS)


class NewerSchemaError(Exception):
    """The file was written by a newer version of this program."""

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


class DamagedError(Exception):
    """The file was a store; part of it is gone or overwritten."""


def prepare(db: sqlite3.Connection, size: int) -> None:
    """Make a new file, of `size` bytes, a store, or bring an older one up to date; one that is neither is only read.

    `db` must be in autocommit mode (`isolation_level=None`).

    Raises:
        sqlite3.DatabaseError: the file is no SQLite file, or another program's.
        NewerSchemaError: this program does not know its tables.
        DamagedError: it was cut off, or something was written into it.

    """
    if _starts_like_one(db, size) and (damage := _damage(db, size)):
        raise DamagedError(damage)
    version = pragma(db, "user_version")
    if version == 0 and not _has_tables(db):
        db.execute("PRAGMA journal_mode = WAL")
    elif pragma(db, "application_id") != APPLICATION_ID or version == 0:
        raise sqlite3.DatabaseError("it was made by another program")
    if version > SCHEMA_VERSION:
        raise NewerSchemaError(version)
    if version < SCHEMA_VERSION:
        _upgrade(db)
    # WAL survives a killed process; NORMAL may lose the last verdicts in a power cut, never corrupt the file.
    db.execute("PRAGMA synchronous = NORMAL")
    db.execute("PRAGMA foreign_keys = ON")


def _starts_like_one(db: sqlite3.Connection, size: int) -> bool:
    try:
        return size > 1 and pragma(db, "application_id") == APPLICATION_ID
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_CORRUPT:  # its header promises more than there is
            raise DamagedError(str(error)) from error
        raise


def _damage(db: sqlite3.Connection, size: int) -> str:
    """Say what is wrong with the file's pages; a log beside it may hold some of them."""
    page = pragma(db, "page_size")
    if size % page:  # SQLite takes what is missing of a page for zeros
        return f"its last page has {size % page} of {page} bytes"
    try:
        (found,) = db.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        return str(error)
    return "" if found == "ok" else " ".join(str(found).split())


def _upgrade(db: sqlite3.Connection) -> None:
    db.execute("BEGIN IMMEDIATE")
    try:
        for step in _STEPS[pragma(db, "user_version") :]:  # another process may have been first
            for statement in step.split(";"):
                db.execute(statement)
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def _has_tables(db: sqlite3.Connection) -> bool:
    return db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is not None


def pragma(db: sqlite3.Connection, name: str) -> int:
    """Return the value of a setting of the file that is a number."""
    value: int = db.execute(f"PRAGMA {name}").fetchone()[0]
    return value
