"""The mutants that decisions can be about, read from the store."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from pathlib import Path

from mutmut_dashboard.function_hash import hashes_of
from mutmut_dashboard.model import Run, status_of
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
    read = {run.id: _Hashes(store, run) for run in runs.values()}
    found: dict[str, dict[str, Candidate]] = {}
    for target, run in runs.items():
        verdicts, hashes = store.verdicts(run.id, target), read[run.id]
        found[target] = {}
        for mutant in store.mutants(run.id, target):
            status = status_of(mutant, verdicts.get(mutant.id))
            # Nobody asks for the others, and parsing takes its time.
            own = hashes(f"{mutant.file}:{mutant.function}") if status in UNDETECTED else ""
            found[target][mutant.id] = Candidate(mutant, status, own, hashes)
    return found


class _Hashes:
    """The hashes of a run's functions, by `file:function`; each file is read when it is first asked for."""

    def __init__(self, store: Store, run: Run) -> None:
        self._sources = store.sources(run.id)
        self._of_file: dict[str, dict[str, str]] = {}

    def __call__(self, name: str) -> str:
        file, _, function = name.rpartition(":")
        if file not in self._of_file:
            self._of_file[file] = hashes_of(self._sources.get(file, ""))
        return self._of_file[file].get(function, "")


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
