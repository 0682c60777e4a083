"""What became of each mutant over the recorded runs: a letter per run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from mutmut_dashboard.metrics import Counts, counts_of, coverage, percent
from mutmut_dashboard.model import OUTSIDE, Ended, Mutant, Run, RunState, Status, status_of_facts
from mutmut_dashboard.store import Store

MOST_RUNS = 30
"""Runs that are looked back on; earlier ones are in the store still."""
ABSENT = "."
LETTER: dict[Status, str] = {
    Status.KILLED: "k",
    Status.TIMEOUT: "t",
    Status.SURVIVED: "s",
    Status.UNCOVERED: "u",
    Status.SKIPPED: "-",
    Status.INVALID: "i",
    Status.ERROR: "e",
    Status.PENDING: "p",
}
DETECTED = frozenset("kt")
UNDETECTED = frozenset("su")
UNKNOWN = frozenset("ep")
"""Letters of a mutant that has no verdict, so nothing can be said of a change."""

Key = tuple[str, str]
"""Target and id."""
_Outcome = tuple[str | None, Ended | None]
"""Why a mutant was left out, and how its judging ended."""


@dataclass(frozen=True)
class History:
    """The runs up to the one shown, oldest first, and the letters of every mutant that was in any of them."""

    runs: tuple[Run, ...]
    letters: dict[Key, str]
    counts: tuple[dict[str, Counts], ...]
    """Per run: target -> how many mutants had which status."""
    coverage: tuple[dict[str, str], ...]
    """Per run: target -> its coverage in percent."""
    varying: tuple[tuple[Mutant, str], ...]
    """Mutants that did not fare the same in all runs that judged their target, as the newest of them has it; by place."""

    @cached_property
    def varied(self) -> frozenset[Key]:
        """Those of the varying mutants that had several statuses; the others only came or went with the code."""
        judged = judged_runs(self.counts)
        return frozenset(
            (mutant.target, mutant.id)
            for mutant, own in self.varying
            if len(_told(own, judged[mutant.target]) - {ABSENT}) > 1
        )

    @cached_property
    def before(self) -> dict[str, int]:
        """Target -> position of the run to compare the last one with: the newest earlier one that judged all of it.

        One of the same branch, where there is one; where there is none at all, one that judged some of it.
        """
        best: dict[str, tuple[int, int]] = {}
        for at, (run, counts) in enumerate(zip(self.runs[:-1], self.counts, strict=False)):
            fit = _likeness(run, self.runs[-1]), at
            best.update({name: max(fit, best.get(name, fit)) for name, own in counts.items() if own.valid})
        return {name: at for name, (_, at) in best.items()}


def _likeness(run: Run, last: Run) -> int:
    """How well an earlier run serves to compare the last one with."""
    if not is_whole(run):
        return 0
    branch = last.provenance.branch
    return 2 if branch and run.provenance.branch == branch else 1


def is_whole(run: Run) -> bool:
    """Whether a run came to its end and was about every mutant."""
    return run.state is RunState.COMPLETE and not run.provenance.scope and not run.provenance.shard


def aside(run: Run) -> str:
    """Say why a run's numbers are not those of all mutants; empty for a whole one."""
    if run.provenance.scope:
        return f"limited to {run.provenance.scope}"
    if run.provenance.shard:
        return f"part {run.provenance.shard} of a run"
    return "" if run.state is RunState.COMPLETE else str(run.state)


def read_history(store: Store, run_id: int) -> History:
    """Read the runs from the store; at most `MOST_RUNS`, the last of them is `run_id`."""
    runs = [run for run in store.runs() if run.id <= run_id][:MOST_RUNS][::-1]
    columns: dict[Key, list[str]] = {}
    counts: list[dict[str, Counts]] = []
    for at, run in enumerate(runs):
        tallies: dict[str, Counter[_Outcome]] = {record.name: Counter() for record in run.targets}
        for target, mutant_id, skip_reason, ended in store.outcomes(run.id):
            column = columns.get((target, mutant_id))
            if column is None:
                column = columns[target, mutant_id] = [ABSENT] * len(runs)
            column[at] = _letter(skip_reason, ended)
            tallies[target][skip_reason, ended] += 1
        counts.append({name: _counts(tally) for name, tally in tallies.items()})
    letters = {key: "".join(column) for key, column in columns.items()}
    return History(
        runs=tuple(runs),
        letters=letters,
        counts=tuple(counts),
        coverage=tuple(_coverage(store, run) for run in runs),
        varying=tuple(_varying(store, runs, counts, letters)),
    )


@lru_cache(maxsize=4096)  # there are a handful of them, and a run may have a hundred thousand mutants
def _letter(skip_reason: str | None, ended: Ended | None) -> str:
    # What a run was not about was not judged by it: it is neither left out for good nor gone.
    outside = (skip_reason or "").startswith(OUTSIDE)
    return LETTER[Status.PENDING if outside else status_of_facts(skip_reason, ended)]


def _counts(tally: Mapping[_Outcome, int]) -> Counts:
    statuses: Counter[Status] = Counter()
    for outcome, times in tally.items():
        statuses[status_of_facts(*outcome)] += times
    return counts_of(statuses)


def _coverage(store: Store, run: Run) -> dict[str, str]:
    return {record.name: percent(coverage(store.coverage(run.id, record.name))) for record in run.targets}


def judged_runs(counts: Sequence[Mapping[str, Counts]]) -> Mapping[str, Sequence[int]]:
    """Return target -> positions of the runs that judged any of it."""
    targets = {target for run in counts for target in run}
    return {
        target: [at for at, run in enumerate(counts) if target in run and run[target].valid]
        for target in targets
    }


def _told(own: str, judged: Iterable[int]) -> set[str]:
    """What runs have to say of a mutant."""
    return {own[at] for at in judged} - UNKNOWN


def _varying(
    store: Store, runs: Sequence[Run], counts: Sequence[Mapping[str, Counts]], letters: Mapping[Key, str]
) -> list[tuple[Mutant, str]]:
    judged = judged_runs(counts)
    found = []
    for (target, mutant_id), own in letters.items():
        if len(_told(own, judged[target])) > 1:
            newest = len(own.rstrip(ABSENT)) - 1
            found.append((store.mutant(runs[newest].id, target, mutant_id), own))
    return sorted(found, key=lambda item: (item[0].target, item[0].file, item[0].line, item[0].id))
