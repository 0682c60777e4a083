"""Everything an export is made from, read from the store at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from mutmut_dashboard import metrics
from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.metrics import Counts, Ratio, Score
from mutmut_dashboard.model import (
    FailedTest,
    FileCoverage,
    Mutant,
    Run,
    RunState,
    Standing,
    Status,
    TargetRecord,
    TestRecord,
    Verdict,
    Weighed,
    status_of,
)
from mutmut_dashboard.store import Store

Decisions = Mapping[tuple[str, str], tuple[str, str]]
"""(target, mutant id) -> (decision, reason), of those that apply."""

Addresses = Callable[[Mutant], str]
"""Where a page shows a mutant."""

EXCUSED = frozenset({"equivalent", "accepted"})
"""Decisions that take a survivor off the list of what is to be done."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A mutant with its verdict, the status they amount to, and what a person decided."""

    mutant: Mutant
    verdict: Verdict | None
    status: Status
    key: str
    """The mutant's id, or, where an earlier target has the same mutant, that with the target's name."""
    decision: tuple[str, str] | None = None
    address: str = ""
    """Where the page shows it; empty where the page's address is not known."""

    @property
    def undetected(self) -> bool:
        """Whether no test noticed."""
        return self.status in (Status.SURVIVED, Status.UNCOVERED)

    @property
    def excused(self) -> bool:
        """Whether a person decided that it may stay undetected."""
        return self.undetected and self.decision is not None and self.decision[0] in EXCUSED


@dataclass(frozen=True)
class TargetFacts:
    """What is recorded about one target, with its numbers."""

    record: TargetRecord
    judged: tuple[Judged, ...]
    tests: tuple[TestRecord, ...]
    reach: dict[tuple[str, str], list[str]]
    coverage: tuple[FileCoverage, ...]
    kills: dict[str, list[FailedTest]] = field(default_factory=dict)
    """Mutant id -> the tests that failed on it, the first one first."""

    def killers(self, judged: Judged) -> list[str]:
        """Return the tests that failed on a mutant, all that are known."""
        return [failed.test for failed in self.kills.get(judged.mutant.id, ()) if failed.test]

    @cached_property
    def counts(self) -> Counts:
        """How many mutants have which status."""
        return metrics.count(judged.status for judged in self.judged)

    @property
    def score(self) -> Score:
        """The mutation score."""
        return metrics.mutation_score(self.counts)

    @property
    def covered_score(self) -> Score:
        """The covered score."""
        return metrics.covered_score(self.counts)

    @property
    def excused(self) -> int:
        """How many survivors people decided may stay."""
        return sum(judged.excused for judged in self.judged)

    @property
    def adjusted_score(self) -> Score:
        """The mutation score without those."""
        return metrics.adjusted_score(self.counts, self.excused)

    @property
    def covered(self) -> Ratio:
        """Line and branch coverage."""
        return metrics.coverage(self.coverage)

    @property
    def undetected(self) -> list[Judged]:
        """Survivors and uncovered mutants, in the order of generation."""
        return [judged for judged in self.judged if judged.undetected]


@dataclass(frozen=True)
class Earlier:
    """An earlier complete run of one target, to compare with."""

    run: Run
    target: TargetFacts


@dataclass(frozen=True)
class Facts:
    """What is recorded about one run."""

    run: Run
    targets: tuple[TargetFacts, ...]
    sources: dict[str, str]
    earlier: dict[str, Earlier]
    """Target -> the newest complete run before this one that has it, if any."""
    decided: bool
    """Whether decisions were given at all: without them, nothing is known about them."""

    @property
    def judged(self) -> Iterator[Judged]:
        """Every mutant, target by target."""
        return (judged for target in self.targets for judged in target.judged)

    @cached_property
    def counts(self) -> Counts:
        """How many mutants have which status, over all targets."""
        return metrics.count(judged.status for judged in self.judged)


def nowhere(_: Mutant) -> str:
    """Say that no page is known."""
    return ""


def applying(weighed: Iterable[Weighed]) -> Decisions:
    """Choose the decisions that apply to the run they were weighed for."""
    return {
        (one.decision.target, one.decision.id): (one.decision.decision.value, one.decision.reason)
        for one in weighed
        if one.standing is Standing.APPLIES
    }


def take_facts(
    store: Store,
    number: int | None = None,
    decisions: Decisions | None = None,
    addresses: Addresses = nowhere,
) -> Facts:
    """Read one run from the store, the latest by default."""
    runs = store.runs()
    run = choose_run(runs, number)
    judge = _Judge(decisions or {}, addresses)
    targets = tuple(_target(store, run, record, judge) for record in run.targets)
    return Facts(
        run=run,
        targets=targets,
        sources=store.sources(run.id),
        earlier={
            record.name: found for record in run.targets if (found := _earlier(store, runs, run, record))
        },
        decided=decisions is not None,
    )


def choose_run(runs: list[Run], number: int | None) -> Run:
    """Find a run by its number, or the latest; `runs` are the store's, the newest first.

    Raises:
        UsageError: there is no such run, or none at all.

    """
    if not runs:
        raise UsageError("The store holds no run yet. Run `mutmut-dashboard run` first.")
    if number is None:
        return runs[0]
    for run in runs:
        if run.id == number:
            return run
    raise UsageError(
        f"The store holds no run {number}. The newest is {runs[0].id}, the oldest {runs[-1].id}."
    )


class _Judge:
    """Makes ids unique over all targets; the first target that has a mutant keeps its plain id."""

    def __init__(self, decisions: Decisions, addresses: Addresses = nowhere) -> None:
        self._decisions = decisions
        self._addresses = addresses
        self._taken: set[str] = set()

    def judged(self, mutant: Mutant, verdict: Verdict | None) -> Judged:
        return Judged(
            mutant=mutant,
            verdict=verdict,
            status=status_of(mutant, verdict),
            key=self._key(mutant),
            decision=self._decisions.get((mutant.target, mutant.id)),
            address=self._addresses(mutant),
        )

    def _key(self, mutant: Mutant) -> str:
        key = mutant.id
        while key in self._taken:
            key = f"{mutant.target}:{key}"
        self._taken.add(key)
        return key


def _target(store: Store, run: Run, record: TargetRecord, judge: _Judge) -> TargetFacts:
    verdicts = store.verdicts(run.id, record.name)
    return TargetFacts(
        record=record,
        judged=tuple(
            judge.judged(mutant, verdicts.get(mutant.id)) for mutant in store.mutants(run.id, record.name)
        ),
        tests=tuple(store.tests(run.id, record.name)),
        reach=store.reach(run.id, record.name),
        coverage=tuple(store.coverage(run.id, record.name)),
        kills=store.kills(run.id, record.name),
    )


def _earlier(store: Store, runs: list[Run], run: Run, record: TargetRecord) -> Earlier | None:
    for other in runs:
        if other.id < run.id and other.state is RunState.COMPLETE:
            for known in other.targets:
                if known.name == record.name:
                    return Earlier(other, _target(store, other, known, _Judge({})))
    return None
