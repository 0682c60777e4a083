"""The mutants that decisions can be about, read from the store."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from pathlib import Path

from mutmut_dashboard.function_hash import hashes_of
from mutmut_dashboard.model import Mutant, Run, Status, status_of
from mutmut_dashboard.store import Store
from mutmut_dashboard.triage.standing import UNDETECTED, Candidate, Candidates


def newest_runs(store: Store, targets: Iterable[str]) -> dict[str, Run]:
    """Target -> the newest run that holds it; targets that were never run are missing."""
    wanted = set(targets)
    found: dict[str, Run] = {}
    for run in store.runs():
        for record in run.targets:
            if record.name in wanted:
                found.setdefault(record.name, run)
    return found


def candidates_of(store: Store, runs: dict[str, Run]) -> Candidates:
    """Read the mutants of each target from its run."""
    sources: dict[int, dict[str, str]] = {}
    hashes: dict[tuple[int, str], dict[str, str]] = {}

    def function_hash(run: Run, mutant: Mutant, status: Status) -> str:
        if status not in UNDETECTED:  # nobody asks, and parsing takes its time
            return ""
        if run.id not in sources:
            sources[run.id] = store.sources(run.id)
        place = run.id, mutant.file
        if place not in hashes:
            hashes[place] = hashes_of(sources[run.id].get(mutant.file, ""))
        return hashes[place].get(mutant.function, "")

    found: dict[str, dict[str, Candidate]] = {}
    for target, run in runs.items():
        verdicts = store.verdicts(run.id, target)
        found[target] = {}
        for mutant in store.mutants(run.id, target):
            status = status_of(mutant, verdicts.get(mutant.id))
            found[target][mutant.id] = Candidate(mutant, status, function_hash(run, mutant, status))
    return found


def candidates_of_run(store: Store, run: Run) -> Candidates:
    """Read the mutants of one run."""
    return candidates_of(store, {record.name: run for record in run.targets})


class CurrentCandidates:
    """The mutants of the newest runs whenever asked, read again only after the store changed."""

    def __init__(self, path: Path, targets: Sequence[str]) -> None:
        self._path, self._targets = path, targets
        self._guard = threading.Lock()
        self._read: tuple[object, Candidates] | None = None

    def __call__(self) -> Candidates:
        """Read them, from any thread."""
        with self._guard:
            stamp = [_stamp(self._path), _stamp(self._path.with_name(f"{self._path.name}-wal"))]
            if self._read is None or self._read[0] != stamp:
                with Store(self._path) as store:
                    self._read = stamp, candidates_of(store, newest_runs(store, self._targets))
            return self._read[1]


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_size
