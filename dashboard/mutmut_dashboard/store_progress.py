"""How far the newest run is, counted by the database, while another process writes it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from mutmut_dashboard.model import Ended, RunState

_UNDETECTED = (Ended.PASSED, Ended.NO_TESTS)


@dataclass(frozen=True)
class RunProgress:
    """The newest run as it stands."""

    run: int
    """Its number, 0 where there is none."""
    ended: bool
    """Whether its last verdict is in: complete, or a part that was asked for."""
    judged: int
    total: int
    """Mutants that are not left out; it grows while targets are generated."""
    undetected: int


def look(path: Path) -> RunProgress:
    """Count; a store that cannot be read now counts as one without runs."""
    nothing = RunProgress(0, ended=False, judged=0, total=0, undetected=0)
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
            newest = db.execute("SELECT id, state FROM run ORDER BY id DESC LIMIT 1").fetchone()
            if newest is None:
                return nothing
            run, state = newest
            total = db.execute(
                "SELECT count(*) FROM mutant WHERE run_id = ? AND skip_reason IS NULL", (run,)
            ).fetchone()[0]
            by_end = dict(
                db.execute("SELECT ended, count(*) FROM verdict WHERE run_id = ? GROUP BY ended", (run,))
            )
    except sqlite3.Error:
        return nothing
    return RunProgress(
        run,
        state in (RunState.COMPLETE, RunState.PART),
        sum(by_end.values()),
        total,
        sum(by_end.get(one.value, 0) for one in _UNDETECTED),
    )
