"""The mutants that decisions can be about, read from the store."""

from __future__ import annotations

from collections.abc import Iterable

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
