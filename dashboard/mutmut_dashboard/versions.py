"""Runs of the same code on several Python versions made one: what any of them detects is detected."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.model import (
    NOT_COVERED,
    ExamplesByFunction,
    FailedTest,
    JudgedOn,
    Mutant,
    Provenance,
    Run,
    RunState,
    Status,
    TargetRecord,
    TestRecord,
    Verdict,
    status_of,
)
from mutmut_dashboard.store import Store

_WEIGHT = (Status.KILLED, Status.TIMEOUT, Status.ERROR, Status.PENDING, Status.SURVIVED, Status.UNCOVERED)
"""Of different verdicts on one mutant the first of these counts: a mutant survives only where nothing detects it, and
where one version could not judge it, nobody knows."""


@dataclass(frozen=True)
class Version:
    """The latest run of a store, judged by one Python version; `name` is what messages call it."""

    name: str
    store: Store
    run: Run

    @property
    def python(self) -> str:
        """The Python version."""
        return self.run.provenance.python


def version_of(name: str, store: Store) -> Version:
    """Look at a store.

    Raises:
        UsageError: it holds no run, or none that is whole and complete.

    """
    run = store.latest_run()
    if run is None:
        raise UsageError(f"{name} holds no run. Give the results of `mutmut-dashboard run`.")
    made = run.provenance
    if made.interpreters:
        raise UsageError(
            f"{name} is merged from runs on Python {', '.join(made.interpreters)} already. Give those runs' own stores."
        )
    if made.shard:
        raise UsageError(
            f"{name} holds part {made.shard} of a run. Merge the parts first, without --versions, then the whole runs."
        )
    if made.scope:
        raise UsageError(
            f"{name} holds a run that was limited to {made.scope}. Run again without that limit."
        )
    if run.state is not RunState.COMPLETE:
        raise UsageError(f"{name} holds a run that is not complete ({run.state}). Run it again first.")
    return Version(name, store, run)


def merge(versions: Sequence[Version], into: Path, command: str) -> Run:
    """Write one run in which a mutant survives only if it survived on every version.

    A verdict is that of the newest version that reached it, its time that of all together. Tests and which functions
    they run are those of all versions; where these know the same, and for coverage, the newest counts.

    Raises:
        UsageError: they did not judge the same with the same tests; the message names what differs. Nothing is written.

    """
    newest_first = sorted(versions, key=_age, reverse=True)
    _require_different_versions(newest_first)
    for other in newest_first[1:]:
        _require_same_code(newest_first[0], other)
    newest = newest_first[0]
    names = [target.name for target in newest.run.targets]
    mutants = {name: _mutants(name, newest_first) for name in names}
    for other in newest_first[1:]:
        _require_same_mutants(newest, other, mutants)
    with Store(into) as store:
        run_id = store.start_run(
            _origin(newest_first, command),
            [_target(name, newest_first) for name in names],
            min(version.run.started_at for version in versions),
        )
        store.add_sources(run_id, newest.store.sources(newest.run.id))
        for name in names:
            store.add_mutants(run_id, mutants[name])
            store.add_tests(run_id, _tests(name, newest_first))
            store.add_reach(run_id, name, _reach(name, newest_first), _examples(name, newest_first))
            store.add_coverage(run_id, name, newest.store.coverage(newest.run.id, name))
            _add_verdicts(store, run_id, name, mutants[name], newest_first)
        store.end_run(run_id, RunState.COMPLETE, max(version.run.finished_at for version in versions))
        return store.run(run_id)


def _age(version: Version) -> tuple[list[int], str]:
    return [int(part) for part in re.findall(r"\d+", version.python)], version.python


def _mutants(target: str, newest_first: Sequence[Version]) -> list[Mutant]:
    """Return those of the newest version; what tests come to on any version is not left out for being uncovered on others."""
    newest, *others = newest_first
    covered = {
        mutant.id
        for version in others
        for mutant in version.store.mutants(version.run.id, target)
        if mutant.skip_reason is None
    }
    return [
        replace(mutant, skip_reason=None) if mutant.id in covered and _not_covered(mutant) else mutant
        for mutant in newest.store.mutants(newest.run.id, target)
    ]


def _not_covered(mutant: Mutant) -> bool:
    return (mutant.skip_reason or "").startswith(NOT_COVERED)


def _add_verdicts(
    store: Store, run_id: int, target: str, mutants: Iterable[Mutant], newest_first: Sequence[Version]
) -> None:
    verdicts = [version.store.verdicts(version.run.id, target) for version in newest_first]
    left_out = [
        {m.id for m in version.store.mutants(version.run.id, target) if _not_covered(m)}
        for version in newest_first
    ]
    kills = [version.store.kills(version.run.id, target) for version in newest_first]
    differing = {}
    for mutant in mutants:
        judging = [at for at, own in enumerate(left_out) if mutant.id not in own]
        if not judging:
            continue
        own = [verdicts[at].get(mutant.id) for at in judging]
        decisive = _decisive(mutant, own)
        if decisive is not None:
            store.add_verdict(run_id, target, decisive, _failed(mutant.id, kills))
        if len({status_of(mutant, verdict) for verdict in own}) > 1:
            differing[mutant.id] = [
                JudgedOn(newest_first[at].python, verdict.ended if verdict else None)
                for at, verdict in reversed(list(zip(judging, own, strict=True)))
            ]
    store.add_judged_on(run_id, target, differing)


def _decisive(mutant: Mutant, verdicts: Sequence[Verdict | None]) -> Verdict | None:
    """Choose the verdict that counts; None where one is missing that could detect what no other does."""

    def weight(verdict: Verdict | None) -> int:
        status = status_of(mutant, verdict)
        return _WEIGHT.index(status) if status in _WEIGHT else len(_WEIGHT)

    found = min(verdicts, key=weight)
    if found is None:
        return None
    every = [verdict for verdict in verdicts if verdict is not None]
    return replace(
        found,
        wall=sum(verdict.wall for verdict in every),
        cpu=sum(verdict.cpu for verdict in every),
        tests_run=max(verdict.tests_run for verdict in every),
    )


def _failed(mutant_id: str, kills: Iterable[Mapping[str, list[FailedTest]]]) -> list[FailedTest]:
    found: dict[str, FailedTest] = {}
    for known in kills:
        for failed in known.get(mutant_id, ()):
            found.setdefault(failed.test, failed)
    return list(found.values())


def _tests(target: str, newest_first: Iterable[Version]) -> list[TestRecord]:
    found: dict[str, TestRecord] = {}
    for version in newest_first:
        for test in version.store.tests(version.run.id, target):
            found.setdefault(test.id, test)
    return list(found.values())


def _reach(target: str, newest_first: Iterable[Version]) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], dict[str, None]] = {}
    for version in newest_first:
        for function, tests in version.store.reach(version.run.id, target).items():
            found.setdefault(function, {}).update(dict.fromkeys(tests))
    return {function: list(tests) for function, tests in found.items()}


def _examples(target: str, newest_first: Iterable[Version]) -> ExamplesByFunction:
    """Take a test's counts from the version whose record of the test counts, for both are of the same examples."""
    known: set[str] = set()
    found: ExamplesByFunction = {}
    for version in newest_first:
        for function, counted in version.store.examples(version.run.id, target).items():
            found.setdefault(function, {}).update({t: n for t, n in counted.items() if t not in known})
        known.update(test.id for test in version.store.tests(version.run.id, target))
    return found


def _target(name: str, newest_first: Sequence[Version]) -> TargetRecord:
    records = [record for version in newest_first for record in version.run.targets if record.name == name]
    phases = dict.fromkeys(phase for record in records for phase in record.seconds)
    return replace(
        records[0],
        seconds={phase: sum(record.seconds.get(phase, 0.0) for record in records) for phase in phases},
    )


def _origin(newest_first: Sequence[Version], command: str) -> Provenance:
    oldest_first = [version.run.provenance for version in reversed(newest_first)]
    prints = "\0".join(sorted(made.fingerprint for made in oldest_first))
    return replace(
        newest_first[0].run.provenance,
        command=command,
        dirty=any(made.dirty for made in oldest_first),
        fingerprint=hashlib.sha256(prints.encode()).hexdigest(),
        python=", ".join(made.python for made in oldest_first),
        versions=_packages(oldest_first),
        interpreters={made.python: made.platform for made in oldest_first},
    )


def _packages(oldest_first: Sequence[Provenance]) -> dict[str, str]:
    found = {}
    for package in sorted({name for made in oldest_first for name in made.versions}):
        known = {made.python: made.versions.get(package, "not installed") for made in oldest_first}
        if len(set(known.values())) == 1:
            found[package] = next(iter(known.values()))
        else:
            found[package] = ", ".join(f"{version} on {python}" for python, version in known.items())
    return found


def _require_different_versions(versions: Sequence[Version]) -> None:
    if len(versions) < 2:
        raise UsageError(
            "One run alone is merged already. Give the stores of runs on two Python versions or more."
        )
    first_by: dict[str, Version] = {}
    for version in versions:
        other = first_by.setdefault(version.python, version)
        if other is not version:
            raise UsageError(
                f"{other.name} and {version.name} were both judged on Python {version.python}. Leave one of them out."
            )


def _require_same_code(one: Version, other: Version) -> None:
    for what in _differences(one, other):
        raise UsageError(
            f"{one.name} and {other.name} did not judge the same: {what}. Run both on the same code, tests and "
            "configuration."
        )


def _differences(one: Version, other: Version) -> Iterator[str]:
    mine, theirs = one.run, other.run
    names, other_names = [t.name for t in mine.targets], [t.name for t in theirs.targets]
    if set(names) != set(other_names):
        yield f"one has the targets {', '.join(names)}, the other {', '.join(other_names)}"
        return
    sources, other_sources = one.store.sources(mine.id), other.store.sources(theirs.id)
    if file := _first_difference(sources, other_sources):
        yield f"{file} is not the same in both"
    records = {record.name: record for record in theirs.targets}
    for record in mine.targets:
        if file := _first_difference(record.inputs, records[record.name].inputs):
            yield f"{file}, which decides verdicts on {record.name}, is not the same in both"
    profile, other_profile = mine.provenance.profile, theirs.provenance.profile
    if name := _first_difference(profile, other_profile):
        yield f'"{name}" is {profile.get(name, "missing")} in one and {other_profile.get(name, "missing")} in the other'


def _first_difference(one: Mapping[str, str], other: Mapping[str, str]) -> str:
    return next((name for name in sorted(one.keys() | other.keys()) if one.get(name) != other.get(name)), "")


def _require_same_mutants(one: Version, other: Version, mutants: Mapping[str, Sequence[Mutant]]) -> None:
    for target, expected in mutants.items():
        known = {m.id: _rule(m) for m in other.store.mutants(other.run.id, target)}
        mine = {m.id: _rule(m) for m in expected}
        differing = sorted(
            id_
            for id_ in mine.keys() | known.keys()
            if (id_ in mine, mine.get(id_)) != (id_ in known, known.get(id_))
        )
        if differing:
            raise UsageError(
                f"{one.name} and {other.name} do not hold the same mutants of {target}: {differing[0]} is in one only, "
                f"or skipped in one only{f', and {len(differing) - 1} more' if differing[1:] else ''}. A rule or a hook "
                "that looks at the Python version does that; leave it out."
            )


def _rule(mutant: Mutant) -> str | None:
    """Return why a mutant is skipped whatever the tests cover."""
    return None if _not_covered(mutant) else mutant.skip_reason
