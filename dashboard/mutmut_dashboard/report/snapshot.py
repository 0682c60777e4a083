"""Everything a page is made from, read from the store at once."""

from __future__ import annotations

from dataclasses import dataclass, field

from mutmut_dashboard.metrics import Counts, count
from mutmut_dashboard.model import (
    ExamplesByFunction,
    FailedTest,
    FileCoverage,
    JudgedOn,
    Mutant,
    Run,
    Status,
    TargetRecord,
    TestRecord,
    Verdict,
    status_of,
)
from mutmut_dashboard.store import Store

_AFTER_A_FAILURE = "after a failure"
"""The entry of a run's profile that tells a kill matrix."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A mutant with its verdict and the status they amount to."""

    mutant: Mutant
    verdict: Verdict | None
    status: Status


@dataclass(frozen=True, slots=True)
class TargetData:
    """What is recorded about one target."""

    record: TargetRecord
    judged: tuple[Judged, ...]
    tests: tuple[TestRecord, ...]
    reach: dict[tuple[str, str], list[str]]
    coverage: tuple[FileCoverage, ...]
    kills: dict[str, list[FailedTest]] = field(default_factory=dict)
    """Mutant id -> the tests known to fail on it: all with a kill matrix, else the first."""
    judged_on: dict[str, list[JudgedOn]] = field(default_factory=dict)
    """Mutant id -> how it fared on each Python version, where the run is merged of several and they differ."""
    examples: ExamplesByFunction = field(default_factory=dict)

    @property
    def counts(self) -> Counts:
        """How many mutants have which status."""
        return count(judged.status for judged in self.judged)

    @property
    def coverage_of(self) -> dict[str, FileCoverage]:
        """File -> its coverage."""
        return {file.file: file for file in self.coverage}

    def having(self, *statuses: Status) -> list[Judged]:
        """The mutants with one of the statuses, in the order of generation."""
        return [judged for judged in self.judged if judged.status in statuses]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is recorded about one run."""

    run: Run
    sources: dict[str, str]
    targets: tuple[TargetData, ...]

    @property
    def matrix(self) -> bool:
        """Whether every selected test was run for every mutant, not just up to the first that failed."""
        return self.run.provenance.profile.get(_AFTER_A_FAILURE, "").startswith("the other tests")

    @property
    def counts(self) -> Counts:
        """How many mutants have which status, over all targets."""
        return count(judged.status for target in self.targets for judged in target.judged)


def take_snapshot(store: Store, run_id: int) -> Snapshot:
    """Read one run from the store."""
    run = store.run(run_id)
    return Snapshot(
        run, store.sources(run_id), tuple(_target(store, run_id, record) for record in run.targets)
    )


def _target(store: Store, run_id: int, record: TargetRecord) -> TargetData:
    verdicts = store.verdicts(run_id, record.name)
    judged = []
    for mutant in store.mutants(run_id, record.name):
        verdict = verdicts.get(mutant.id)
        judged.append(Judged(mutant, verdict, status_of(mutant, verdict)))
    return TargetData(
        record=record,
        judged=tuple(judged),
        tests=tuple(store.tests(run_id, record.name)),
        reach=store.reach(run_id, record.name),
        coverage=tuple(store.coverage(run_id, record.name)),
        kills=store.kills(run_id, record.name),
        judged_on=store.judged_on(run_id, record.name),
        examples=store.examples(run_id, record.name),
    )
