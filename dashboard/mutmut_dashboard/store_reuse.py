"""The part of the store that says what verdicts depend on, and that copies a target nothing changed in.

Traces are sets of functions and tests; they are kept as bits, in the order in which the run's dependencies name them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from functools import cache, partial

from mutmut_dashboard.model import Dependencies, Trace

Places = Mapping[str, int]
"""Name -> the place of its bit."""
_COPIED = ("verdict", "kill", "test", "reach", "coverage", "dependencies", "trace")


def add_dependencies(
    db: sqlite3.Connection, run_id: int, target: str, fingerprint: str, found: Dependencies
) -> None:
    """Record the state of the project that a target's verdicts belong to; `fingerprint` is of all of it."""
    db.execute(
        "INSERT OR REPLACE INTO dependencies VALUES (?, ?, ?, ?)",
        (run_id, target, fingerprint, json.dumps(asdict(found))),
    )


def dependencies(db: sqlite3.Connection, run_id: int, target: str) -> Dependencies | None:
    """Read that state; None where none is recorded."""
    row = db.execute(
        "SELECT record FROM dependencies WHERE run_id = ? AND target = ?", (run_id, target)
    ).fetchone()
    return Dependencies(**json.loads(row[0])) if row else None


def fingerprint(db: sqlite3.Connection, run_id: int, target: str) -> str:
    """Return the fingerprint of a target as it was judged; empty where none is recorded."""
    row = db.execute(
        "SELECT fingerprint FROM dependencies WHERE run_id = ? AND target = ?", (run_id, target)
    ).fetchone()
    return row[0] if row else ""


def runs_of(db: sqlite3.Connection, target: str) -> list[int]:
    """Return the runs whose verdicts on a target may be used again, the newest first."""
    rows = db.execute("SELECT run_id FROM dependencies WHERE target = ? ORDER BY run_id DESC", (target,))
    return [row[0] for row in rows]


def add_trace(
    db: sqlite3.Connection,
    key: tuple[int, str, str],
    trace: Trace,
    places: tuple[Places, Places],
) -> None:
    """Record what the judging of a mutant met; `places` are those of all functions and of all tests."""
    functions, tests = places
    db.execute(
        "INSERT OR REPLACE INTO trace VALUES (?, ?, ?, ?, ?, ?, ?)",
        (*key, trace.unknown, _bits(trace.functions, functions), _bits(trace.tests, tests), _beyond(trace)),
    )


def traces(db: sqlite3.Connection, run_id: int, target: str) -> dict[str, Trace]:
    """Mutant id -> what its judging met."""
    found = dependencies(db, run_id, target)
    if found is None:
        return {}
    functions = cache(partial(_names, order=list(found.functions)))  # many mutants meet the same
    tests = cache(partial(_names, order=list(found.tests)))
    rows = db.execute(
        "SELECT mutant_id, unknown, functions, tests, beyond FROM trace WHERE run_id = ? AND target = ?",
        (run_id, target),
    )
    return {
        mutant_id: Trace(
            functions(called),
            tests(ran),
            bool(unknown),
            None if beyond is None else {test: frozenset(own) for test, own in json.loads(beyond).items()},
        )
        for mutant_id, unknown, called, ran, beyond in rows
    }


def _beyond(trace: Trace) -> str | None:
    if trace.beyond is None:
        return None
    return json.dumps({test: sorted(own) for test, own in sorted(trace.beyond.items())})


def copy_target(db: sqlite3.Connection, target: str, old: int, new: int) -> None:
    """Give a run what an earlier one found about a target's mutants, which must be the same."""
    for table in _COPIED:
        columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})") if row[1] != "run_id"]
        names = ", ".join(f'"{column}"' for column in columns)
        db.execute(
            f"INSERT INTO {table} (run_id, {names}) SELECT ?, {names} FROM {table} "  # noqa: S608 - constants
            "WHERE run_id = ? AND target = ?",
            (new, old, target),
        )


def places_of(names: Iterable[str]) -> Places:
    """Number names in their order."""
    return {name: place for place, name in enumerate(names)}


def _bits(names: Iterable[str], places: Places) -> bytes:
    bits = bytearray((len(places) + 7) // 8)
    for name in names:
        place = places[name]
        bits[place >> 3] |= 1 << (place & 7)
    return bytes(bits)


def _names(bits: bytes, order: Sequence[str]) -> frozenset[str]:
    set_bits = ((byte, 8 * at) for at, byte in enumerate(bits) if byte)
    return frozenset(order[first + bit] for byte, first in set_bits for bit in range(8) if byte >> bit & 1)
