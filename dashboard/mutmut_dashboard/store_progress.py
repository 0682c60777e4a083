"""How far the newest run is and what its newest verdicts are, read while another process writes it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.model import Ended, RunState, status_of_facts

MOST = 2000
"""Verdicts told at once; who wants the rest asks again."""
JUDGED = "SELECT count(*) FROM verdict WHERE run_id = ?"
TO_JUDGE = "SELECT count(*) FROM mutant WHERE run_id = ? AND skip_reason IS NULL"
_PATIENCE = 1.0
"""Seconds that a store may be locked for."""
_DIGITS = 18
"""Of the largest row number that is believed to come from here; SQLite's own go to 2**63."""

ByStatus = dict[str, list[str]]
"""Status -> ids of mutants."""


class UnreadableNowError(UsageError):
    """The store cannot be read at this moment; what was read of it before may well stand."""


@dataclass(frozen=True)
class RunProgress:
    """The newest run as it stands, and its verdicts since the last ones that were told."""

    run: int = 0
    """Its number, 0 where there is none."""
    began: str = ""
    """When it was started: in another store, another run may have the same number."""
    ended: bool = False
    """Whether its last verdict is in: complete, or a part that was asked for."""
    judged: int = 0
    total: int = 0
    """Mutants that are not left out; it grows while targets are generated."""
    verdicts: dict[str, ByStatus] = field(default_factory=dict)
    """By target; each mutant at most once. One that is judged once more is told once more."""
    anew: bool = True
    """Whether they begin with the first: what was told before is not about this run."""
    more: bool = False
    """Whether there were more than may be told at once."""
    cursor: str = ""
    """What to ask with next time."""


def look(path: Path, shown: str = "", after: str = "") -> RunProgress:
    """Count the newest run's mutants and read the verdicts that came after `after`, the cursor of an earlier look.

    A cursor of another run, or none, begins anew. Of the run `shown`, as `number@began`, no verdict is read.

    Raises:
        UnreadableNowError: the store is locked, or is no store at this moment.

    """
    if not path.is_file():
        return RunProgress()
    try:
        with closing(
            sqlite3.connect(_read_only(path), uri=True, timeout=_PATIENCE, isolation_level=None)
        ) as db:
            db.execute("BEGIN")  # all that is told is of one moment
            return _look(db, shown, after)
    except (sqlite3.Error, ValueError) as error:
        raise UnreadableNowError(f"{path} cannot be read now: {error}") from error


def _read_only(path: Path) -> str:
    return f"{path.absolute().as_uri()}?mode=ro"


def _look(db: sqlite3.Connection, shown: str, after: str) -> RunProgress:
    newest = db.execute("SELECT id, started_at, state FROM run ORDER BY id DESC LIMIT 1").fetchone()
    if newest is None:
        return RunProgress()
    run, began, state = newest
    name = f"{run}@{began}"
    judged, total = _number(db, JUDGED, run), _number(db, TO_JUDGE, run)
    ended = state in (RunState.COMPLETE, RunState.PART)
    if name == shown:
        return RunProgress(run, began, ended, judged, total)
    row = _row_of(after, name)
    last, verdicts, more = _verdicts(db, run, _before_first(db, run) if row is None else row)
    return RunProgress(run, began, ended, judged, total, verdicts, row is None, more, f"{last}@{name}")


def _number(db: sqlite3.Connection, query: str, run: int) -> int:
    found: int | None = db.execute(query, (run,)).fetchone()[0]
    return found or 0


def _before_first(db: sqlite3.Connection, run: int) -> int:
    return _number(db, "SELECT min(rowid) - 1 FROM verdict WHERE run_id = ?", run)


def _row_of(cursor: str, name: str) -> int | None:
    """Return the row that a cursor of the run stands at, None for any other text."""
    row, _, of = cursor.partition("@")
    return int(row) if of == name and row.isascii() and row.isdecimal() and len(row) <= _DIGITS else None


def _verdicts(db: sqlite3.Connection, run: int, row: int) -> tuple[int, dict[str, ByStatus], bool]:
    """Read on from a row: rows are numbered in the order in which they are written, a replaced one anew."""
    rows = db.execute(
        # by its row number and not, as the sign in front of it says, by an index of the run, which would have to be sorted
        "SELECT rowid, target, mutant_id, ended FROM verdict WHERE rowid > ? AND +run_id = ? ORDER BY rowid LIMIT ?",
        (row, run, MOST + 1),
    ).fetchall()
    found: dict[str, ByStatus] = {}
    for _, target, mutant, ended in rows[:MOST]:
        status = status_of_facts(None, Ended(ended)).value
        found.setdefault(target, {}).setdefault(status, []).append(mutant)
    return (rows[:MOST][-1][0] if rows else row), found, len(rows) > MOST
