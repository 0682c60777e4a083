"""A part of a run: which mutants belong to it on every machine, and how all parts become one run again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.model import Mutant, Run, RunState, TargetRecord, status_of
from mutmut_dashboard.store import Store


@dataclass(frozen=True)
class Shard:
    """Part `number` of `of` equal parts; 1/1 is the whole."""

    number: int = 1
    of: int = 1

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2/4`; an empty text is the whole.

        Raises:
            UsageError: it is no such part.

        """
        match = re.fullmatch(r"([1-9]\d{0,3})/([1-9]\d{0,3})", text)
        if text and (not match or int(match[1]) > int(match[2])):
            raise UsageError(f'"{text}" is no part of a run. Write e.g. 2/4, the second of four.')
        return cls(int(match[1]), int(match[2])) if match else cls()

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    @property
    def is_whole(self) -> bool:
        """Whether every mutant belongs to it."""
        return self.of == 1

    def chosen(self, mutants: Iterable[Mutant]) -> set[str]:
        """Return the ids that belong to it, of all mutants of one target.

        They are dealt out in the order of a hash of their ids: evenly, mixing cheap and dear ones, and the same way
        wherever the same mutants are made.
        """
        dealt = sorted((_digest(mutant.id), mutant.id) for mutant in mutants if mutant.skip_reason is None)
        return {id_ for _, id_ in dealt[self.number - 1 :: self.of]}


WHOLE = Shard()


def _digest(id_: str) -> bytes:
    return hashlib.blake2b(id_.encode(), digest_size=8).digest()


@dataclass(frozen=True)
class Part:
    """The latest run of a store, to be merged; `name` is what messages call it."""

    name: str
    store: Store
    run: Run

    @property
    def shard(self) -> Shard:
        """Which part it is."""
        return Shard.parse(self.run.provenance.shard)


def part_of(name: str, store: Store) -> Part:
    """Look at a store.

    Raises:
        UsageError: it holds no part of a run, or one that did not come to an end.

    """
    run = store.latest_run()
    if run is None:
        raise UsageError(f"{name} holds no run. Give the results of `mutmut-dashboard run --shard`.")
    part = Part(name, store, run)
    if part.shard.is_whole:
        raise UsageError(
            f"{name} holds a whole run, no part of one, so there is nothing to merge. Leave it out, or merge "
            "whole runs of the same code on several Python versions with --versions."
        )
    if run.state is not RunState.PART:
        raise UsageError(
            f"{name}: part {part.shard} did not come to its end ({run.state}). Run it again first."
        )
    return part


def merge(parts: Sequence[Part], into: Path, command: str) -> Run:
    """Write one complete run that has the verdicts of all parts.

    Tests, coverage and reach are those of the first part: the same code gives the same. Times are those of the part
    that took longest, since parts run side by side.

    Raises:
        UsageError: they are not just the parts of one run; the message names which do not fit. Nothing is written.

    """
    _require_one_run(parts)
    first = min(parts, key=lambda part: part.shard.number)
    mutants = {target.name: first.store.mutants(first.run.id, target.name) for target in first.run.targets}
    for part in parts:
        _require_same_mutants(part, first, mutants)
    origin = replace(first.run.provenance, shard="", command=command)
    targets = [_merged_target(target, parts) for target in first.run.targets]
    with Store(into) as store:
        run_id = store.start_run(origin, targets, min(part.run.started_at for part in parts))
        store.add_sources(run_id, first.store.sources(first.run.id))
        for target in first.run.targets:
            name = target.name
            store.add_mutants(run_id, mutants[name])
            store.add_tests(run_id, first.store.tests(first.run.id, name))
            examples = first.store.examples(first.run.id, name)
            store.add_reach(run_id, name, first.store.reach(first.run.id, name), examples)
            store.add_coverage(run_id, name, first.store.coverage(first.run.id, name))
            if found := first.store.dependencies(first.run.id, name):
                store.add_dependencies(run_id, name, first.store.fingerprint(first.run.id, name), found)
            for part in parts:
                _copy_verdicts(part, mutants[name], name, store, run_id)
        store.end_run(run_id, RunState.COMPLETE, max(part.run.finished_at for part in parts))
        return store.run(run_id)


def _copy_verdicts(part: Part, mutants: list[Mutant], target: str, into: Store, run_id: int) -> None:
    mine = part.shard.chosen(mutants)
    kills, traces = part.store.kills(part.run.id, target), part.store.traces(part.run.id, target)
    for id_, verdict in part.store.verdicts(part.run.id, target).items():
        if id_ in mine:
            into.add_verdict(run_id, target, verdict, kills.get(id_, ()), traces.get(id_))


def _merged_target(target: TargetRecord, parts: Sequence[Part]) -> TargetRecord:
    records = [record for part in parts for record in part.run.targets if record.name == target.name]
    phases = dict.fromkeys(phase for record in records for phase in record.seconds)
    longest = {phase: max(record.seconds.get(phase, 0.0) for record in records) for phase in phases}
    return replace(target, seconds=longest)


def _require_one_run(parts: Sequence[Part]) -> None:
    first = parts[0]
    for part in parts:
        if part.shard.of != first.shard.of:
            raise UsageError(
                f"{part.name} is part {part.shard} and {first.name} is part {first.shard}: not of the same division. "
                "Merge parts with the same number after the slash."
            )
        if part.run.provenance.fingerprint != first.run.provenance.fingerprint:
            raise UsageError(
                f"{part.name} judged something else than {first.name}{_difference(part.run, first.run)}. "
                "Run all parts on the same code, tests, configuration and versions."
            )
    by_number: dict[int, Part] = {}
    for part in parts:
        other = by_number.setdefault(part.shard.number, part)
        if other is not part:
            raise UsageError(
                f"{other.name} and {part.name} are both part {part.shard}. Leave one of them out."
            )
    missing = [str(Shard(n, first.shard.of)) for n in range(1, first.shard.of + 1) if n not in by_number]
    if missing:
        raise UsageError(f"These parts are missing: {', '.join(missing)}. Give their stores, too.")


def _difference(one: Run, other: Run) -> str:
    """Say what is known of how two runs differ."""
    facts: Mapping[str, tuple[object, object]] = {
        "commits": (one.provenance.commit, other.provenance.commit),
        "Python": (one.provenance.python, other.provenance.python),
        "versions": (one.provenance.versions, other.provenance.versions),
        "targets": ([t.name for t in one.targets], [t.name for t in other.targets]),
    }
    found = [f"{name} {mine} and {theirs}" for name, (mine, theirs) in facts.items() if mine != theirs]
    return f" ({'; '.join(found)})" if found else ""


def _require_same_mutants(part: Part, first: Part, mutants: Mapping[str, list[Mutant]]) -> None:
    for target, expected in mutants.items():
        verdicts = part.store.verdicts(part.run.id, target)
        if part.store.mutants(part.run.id, target) != expected:
            raise UsageError(
                f"{part.name} and {first.name} hold different mutants of {target}. Run both again."
            )
        mine = part.shard.chosen(expected)
        lacking = sum(status_of(m, verdicts.get(m.id)).value == "pending" for m in expected if m.id in mine)
        if lacking:
            raise UsageError(
                f"{part.name}: {lacking} mutants of part {part.shard} are not judged. Run that part again."
            )
