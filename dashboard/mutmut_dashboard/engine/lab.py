"""The story of a run, top to bottom: stage, generate, clean runs, judge, record."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from mutmut_dashboard.config import Project
from mutmut_dashboard.engine import kept, mutmut_adapter
from mutmut_dashboard.engine.baseline import Measurement
from mutmut_dashboard.engine.bench import Bench, prepare
from mutmut_dashboard.engine.clean_runs import Clean, CleanRuns
from mutmut_dashboard.engine.code_of_tests import code_of_tests
from mutmut_dashboard.engine.controls import require_surviving
from mutmut_dashboard.engine.covered import left_out
from mutmut_dashboard.engine.earlier import Decided, Earlier, Found, Records
from mutmut_dashboard.engine.judging import CONTROLS, Evidence, Judging, Thoroughness
from mutmut_dashboard.engine.kept import KeptRuns
from mutmut_dashboard.engine.provenance import conditions, holds_matrix, provenance
from mutmut_dashboard.engine.reuse import dependencies
from mutmut_dashboard.engine.selection import spans_of
from mutmut_dashboard.engine.stage import discard, put_in_place, settle_generated
from mutmut_dashboard.engine.surroundings import Surroundings, beside_is_as_before
from mutmut_dashboard.engine.type_check import Rejected, TypeCheck
from mutmut_dashboard.errors import DashboardError, IncompleteError, UsageError
from mutmut_dashboard.model import (
    OUTSIDE,
    Ended,
    FailedTest,
    Mutant,
    Provenance,
    Run,
    RunState,
    Status,
    TestRecord,
    Trace,
    Verdict,
    status_of,
)
from mutmut_dashboard.scope import EVERYTHING, Scope
from mutmut_dashboard.shards import WHOLE, Shard
from mutmut_dashboard.skips import SkipRules
from mutmut_dashboard.store import Store


class Progress(Protocol):
    """Who is told how far a run is; `console` shows it."""

    def phase(self, target: str, text: str) -> None:
        """A step of a target begins."""

    def judging(self, target: str, total: int) -> None:
        """Mutants are about to be judged."""

    def judged(self, mutant: Mutant, verdict: Verdict) -> None:
        """One mutant has its verdict."""

    def note(self, text: str) -> None:
        """A sentence for the user."""


@dataclass(frozen=True)
class Options:
    """How to run: which targets (all for none), how many workers, whether earlier verdicts stand."""

    command: str
    targets: Sequence[str] = ()
    workers: int = 0
    fresh: bool = False
    exhaustive: bool = False
    """Run every test for every mutant, to check the selection of tests."""
    matrix: bool = False
    """Run all selected tests of a mutant, on after the first that fails."""
    shuffle: int | None = None
    """Judge mutants in an order drawn by this seed, for experiments."""

    shard: Shard = WHOLE
    scope: Scope = EVERYTHING

    @property
    def thoroughness(self) -> Thoroughness:
        """How much is run for a mutant."""
        return Thoroughness(exhaustive=self.exhaustive, matrix=self.matrix, shuffle=self.shuffle)


def run(
    project: Project,
    store: Store,
    options: Options,
    progress: Progress,
    generator: mutmut_adapter.Generator | None = None,
) -> Run:
    """Judge every mutant of the chosen targets and return the finished run.

    An unfinished run of the same code, tests, configuration and versions is continued; a finished one stands.
    `generator` may be one that was started before.

    Raises:
        UsageError, BaselineError: nothing was judged, and why.
        IncompleteError: it was interrupted; what was judged is in the store.

    """
    with generator or mutmut_adapter.Generator() as begun:  # comes up while it is found out what to do
        return _run(project, store, options, progress, begun)


def _run(
    project: Project,
    store: Store,
    options: Options,
    progress: Progress,
    generator: mutmut_adapter.Generator,
) -> Run:
    workers = options.workers or os.cpu_count() or 1
    for note in project.notes:
        progress.note(note)
    options.scope.check(project.root)
    benches = []
    for target in project.chosen(options.targets):
        progress.phase(target.name, "copying the sources")
        benches.append(prepare(project, target))
    stages = [(b.target, b.stage) for b in benches]
    origin = provenance(project, stages, options.command, workers, options.thoroughness)
    origin = replace(
        origin, shard="" if options.shard.is_whole else str(options.shard), scope=options.scope.words
    )
    earlier = None if options.fresh else _continued(store, origin)
    done = (RunState.COMPLETE, RunState.PART)
    if earlier is not None and earlier.state in done and waiting(store, earlier.id) == 0:
        progress.note(
            f"Nothing changed since run {earlier.id}, so its verdicts stand. --fresh judges all again."
        )
        for record, bench in zip(earlier.targets, benches, strict=True):
            discard(bench.stage)
            store.save_target(
                earlier.id, replace(bench.record, seconds=record.seconds)
            )  # floors and levels may have moved
        return store.run(earlier.id)
    for bench in benches:
        put_in_place(bench.stage)
    if earlier is not None:
        progress.note(f"Run {earlier.id} left mutants unjudged and nothing changed since, so it goes on.")
        store.resume_run(earlier.id)
    run_id = earlier.id if earlier else store.start_run(origin, [b.record for b in benches], now())
    _Lab(project, store, run_id, workers, progress, options, generator).carry_out(benches)
    return store.run(run_id)


def now() -> str:
    """Return the time as it is recorded: ISO 8601 in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _continued(store: Store, origin: Provenance) -> Run | None:
    latest = store.latest_run()
    if (
        latest is None
        or latest.state is RunState.FAILED
        or latest.provenance.fingerprint != origin.fingerprint
        or latest.provenance.shard != origin.shard
        or latest.provenance.scope != origin.scope
        or " since " in origin.scope  # the revision may be another commit by now
    ):
        return None
    states = (store.dependencies(latest.id, target.name) for target in latest.targets)
    return latest if all(state is None or beside_is_as_before(state.shared) for state in states) else None


def waiting(store: Store, run_id: int) -> int:
    """Count the mutants that belong to a run and are not judged."""
    run = store.run(run_id)
    shard = Shard.parse(run.provenance.shard)
    return sum(len(_to_judge(store, run_id, target.name, shard)) for target in run.targets)


def _to_judge(store: Store, run_id: int, target: str, shard: Shard) -> list[Mutant]:
    mutants, verdicts = store.mutants(run_id, target), store.verdicts(run_id, target)
    mine = shard.chosen(mutants)
    return [m for m in mutants if m.id in mine and _needs_judging(m, verdicts.get(m.id))]


def _needs_judging(mutant: Mutant, verdict: Verdict | None) -> bool:
    return status_of(mutant, verdict) in (Status.PENDING, Status.ERROR)


@dataclass(frozen=True)
class _Lab:
    project: Project
    store: Store
    run_id: int
    workers: int
    progress: Progress
    options: Options
    generator: mutmut_adapter.Generator
    begun: dict[tuple[str, str], Found] = field(default_factory=dict)
    """Target and mutant id -> an earlier verdict that only some tests must confirm."""
    kept: dict[str, KeptRuns | None] = field(default_factory=dict)
    """Target -> its earlier clean runs, once they were read."""

    def carry_out(self, benches: list[Bench]) -> None:
        rules = SkipRules(self.project)
        try:
            with ExitStack() as stack:
                begun = self._begin(benches[0], stack)
                # Everything waits for the generation, so until it leaves a core to spare, those tests do no more than collect.
                spare = begun.go if begun and not self._earlier(benches[0].target.name) else None
                generated = [self._generate(bench, rules, spare) for bench in benches]
                rules.require_all_matched(bench.target.name for bench in benches)
                self.options.scope.require_match([mutant for own in generated for mutant in own])
                for bench, mutants in zip(benches, generated, strict=True):
                    if not self._take_over(bench, mutants):
                        self._judge(bench, mutants, begun if bench is benches[0] else None)
        except KeyboardInterrupt:
            total = sum(len(self.options.shard.chosen(own)) for own in self._by_target(benches))
            judged = total - waiting(self.store, self.run_id)
            detail = f"Interrupted: {judged} of {total} mutants are judged. What was judged stays; run again to go on."
            self.store.end_run(self.run_id, RunState.INTERRUPTED, now(), detail)
            raise IncompleteError(detail) from None
        except DashboardError as error:
            if isinstance(error, UsageError) and self.store.forget_run(self.run_id):
                raise  # it was refused before anything was judged, so it is no part of the history
            self.store.end_run(self.run_id, RunState.FAILED, now(), str(error))
            raise
        self._finish(benches)

    def _finish(self, benches: list[Bench]) -> None:
        if self.options.shard.is_whole:
            self.store.end_run(self.run_id, RunState.COMPLETE, now(), self._limited(benches))
            return
        every = self._by_target(benches)
        mine, total = sum(len(self.options.shard.chosen(own)) for own in every), sum(map(len, every))
        detail = f"This is part {self.options.shard}, {mine} of {total} mutants. `mutmut-dashboard merge` makes one run of all parts."
        self.store.end_run(self.run_id, RunState.PART, now(), detail)

    def _limited(self, benches: list[Bench]) -> str:
        """Say how much of everything a limited run was about; nothing of one that was about all."""
        if not (words := self.options.scope.words):
            return ""
        every = [mutant for own in self._by_target(benches) for mutant in own]
        inside = sum(not (mutant.skip_reason or "").startswith(OUTSIDE) for mutant in every)
        return f"This run was limited to {words}: {inside} of {len(every)} mutants."

    def _by_target(self, benches: list[Bench]) -> list[list[Mutant]]:
        return [self.store.mutants(self.run_id, bench.target.name) for bench in benches]

    def _generate(self, bench: Bench, rules: SkipRules, spare: Callable[[], object] | None) -> list[Mutant]:
        name, stage = bench.target.name, bench.stage
        self.progress.phase(name, "generating mutants")
        with bench.timed("generation"):
            cache = self.project.work / "cache"
            files = self.generator.generate(
                stage.folder, stage.files, stage.prefix, self.workers, cache, spare
            )
            settle_generated(stage)
        bench.copies = {file.file.removeprefix(stage.prefix): file.copies for file in files}
        bench.lines = {id_: line for file in files for id_, line in file.lines.items()}
        lines = {file.file: file.source.split("\n") for file in files}
        mutants = rules.apply((replace(m, target=name) for file in files for m in file.mutants), lines)
        sources = {file.file: file.source for file in files}
        mutants = self.options.scope.apply(mutants, sources, self.project.root)
        self.store.add_sources(self.run_id, sources)
        if not self.store.mutants(self.run_id, name):
            self.store.add_mutants(self.run_id, mutants)
        if not mutants:
            self.progress.note(f"{name}: mutmut finds nothing to mutate in {', '.join(bench.record.files)}.")
        return mutants

    def _take_over(self, bench: Bench, mutants: list[Mutant]) -> bool:
        """Use all of an earlier run's verdicts on a target where nothing that they depend on has changed."""
        name = bench.target.name
        if self.options.fresh or not self.options.shard.is_whole or self.store.verdicts(self.run_id, name):
            return False
        # A type checker reads more than the tests do, and what no test runs is not known yet.
        if bench.target.type_check_command or bench.target.mutate_only_covered_lines:
            return False
        earlier = self._earlier(name)
        if earlier is None or not self._is_as_before(bench):
            return False
        for old in self.store.runs_of(name):
            if (
                self.store.fingerprint(old, name) == earlier.fingerprint
                and self.store.mutants(old, name) == mutants
                and not _to_judge(self.store, old, name, WHOLE)
                and (holds_matrix(self.store.run(old).provenance) or not self.options.matrix)
                and all(v.ended is not Ended.TYPE_ERROR for v in self.store.verdicts(old, name).values())
            ):
                self.store.copy_target(name, old, self.run_id)
                self.progress.note(f"{name}: nothing changed since run {old}, so its verdicts stand.")
                return True
        return False

    def _memory(self, name: str) -> Path:
        return self.project.work / "clean" / f"{name}.json.gz"

    def _earlier(self, name: str) -> KeptRuns | None:
        """Return what an earlier run's clean runs found, unless it is to be forgotten."""
        if name not in self.kept:
            self.kept[name] = None if self.options.fresh else kept.load(self._memory(name))
        return self.kept[name]

    def _is_as_before(self, bench: Bench) -> bool:
        """Whether nothing is changed that the verdicts of an earlier run depend on."""
        earlier = self._earlier(bench.target.name)
        return earlier is not None and (
            earlier.fingerprint == self._surroundings(bench, ()).fingerprint(earlier.footprint)
        )

    def _surroundings(self, bench: Bench, mutants: Sequence[Mutant]) -> Surroundings:
        return Surroundings(
            root=self.project.root / bench.target.root,
            stage=bench.stage,
            conditions=conditions(bench.target, exhaustive=self.options.exhaustive),
            place={mutmut_adapter.function_of(m.name): f"{m.file}:{m.function}" for m in mutants if m.name},
        )

    def _begin(self, bench: Bench, stack: ExitStack) -> Measurement | None:
        """Collect the first target's suites on the original while mutants are generated, to run them there."""
        name = bench.target.name
        if self._is_as_before(bench):
            return None
        log = self.project.work / "log" / f"{name}-original.log"
        return stack.enter_context(Measurement(bench.stage, log))

    def _judge(self, bench: Bench, mutants: list[Mutant], begun: Measurement | None) -> None:
        name, stage, log = bench.target.name, bench.stage, self.project.work / "log"
        surroundings = self._surroundings(bench, mutants)
        sources = self.store.sources(self.run_id)
        records = Records(
            self.store,
            name,
            apart_from=self.run_id,
            matrix=self.options.matrix,
            forget=self.options.fresh,
        )

        def prepare_to_decide() -> None:
            records.read_newest()
            for source in sources.values():
                spans_of(source)

        runs = CleanRuns(
            stage=stage,
            copies=bench.copies,
            surroundings=surroundings,
            memory=self._memory(name),
            log=log,
            name=name,
            note=self.progress.note,
            workers=self.workers,
            earlier=self._earlier(name),
            begun=begun,
            meanwhile=prepare_to_decide,
        )
        self.progress.phase(name, "running the suites without mutants")
        with ExitStack() as stack:
            types = self._start_type_check(bench, stack)
            with bench.timed("clean runs"):
                clean = stack.enter_context(runs.carry_out())
            evidence = Evidence(
                clean.run,
                clean.baseline.coverage,
                sources,
                clean.server.collected.at_import,
                surroundings.noted,
                clean.server.collected.seconds,
            )
            mutants = self._without_uncovered(bench, mutants, clean)
            judging = Judging(bench.target, stage, mutants, evidence, log, self.options.thoroughness)
            chosen = _to_judge(self.store, self.run_id, name, self.options.shard)
            if types:
                if types.goes_on:
                    self.progress.phase(name, "waiting for the type checker")
                with bench.timed("type check"):
                    chosen = self._without_rejected(name, chosen, types.result())
            tests = _records(bench, clean)
            decided = self._decide(
                chosen, Earlier(records, clean.program, clean.calls, tests), clean, judging
            )

            def record() -> None:
                runs.keep(clean)
                self.store.add_tests(self.run_id, tests)
                self.store.add_coverage(self.run_id, name, clean.baseline.coverage)
                self.store.add_reach(self.run_id, name, judging.reach(), judging.examples())
                fingerprint = surroundings.fingerprint(clean.baseline.footprint)
                self.store.add_dependencies(self.run_id, name, fingerprint, dependencies(clean.program))
                with self.store.together():
                    for found in decided.stand:
                        self.store.add_verdict(self.run_id, name, found.verdict, found.kills, found.trace)

            with bench.timed("controls"):
                if decided.left:
                    self.progress.phase(name, f"judging {CONTROLS} controls, mutants that change nothing")
                require_surviving(judging, decided.left, clean, self.workers, record)
            results = stack.enter_context(mutmut_adapter.Results())
            self.progress.judging(name, len(decided.left))
            try:
                with bench.timed("judging"):
                    judging.judge(clean.server, decided.left, self.workers, self._record)
            finally:
                self.store.save_target(self.run_id, bench.record)
            durations = {test.id: test.duration for test in clean.run.tests}
            verdicts = self.store.verdicts(self.run_id, name)
            results.record(stage.folder, mutants, verdicts, durations, judging.tests_by_key())

    def _without_uncovered(self, bench: Bench, mutants: list[Mutant], clean: Clean) -> list[Mutant]:
        """Leave out what `mutate_only_covered_lines` does, where the target has it set; return all mutants as they are then."""
        if not bench.target.mutate_only_covered_lines:
            return mutants
        name, sources = bench.target.name, self.store.sources(self.run_id)
        reasons = left_out(mutants, bench.lines, clean.baseline.coverage, sources)
        self.store.skip_mutants(self.run_id, name, reasons)
        return [replace(m, skip_reason=reasons.get(m.id, m.skip_reason)) for m in mutants]

    def _start_type_check(self, bench: Bench, stack: ExitStack) -> TypeCheck | None:
        command, name, work = bench.target.type_check_command, bench.target.name, self.project.work
        if not command or not _to_judge(self.store, self.run_id, name, self.options.shard):
            return None
        log, cache = work / "log" / f"{name}-type-check.log", work / "type_check" / name
        return stack.enter_context(TypeCheck(bench.stage, command, log, cache))

    def _without_rejected(self, name: str, waiting: list[Mutant], found: Rejected) -> list[Mutant]:
        """Record that the type checker rejects mutants, and return the others."""
        verdicts = found.verdicts(waiting)
        for verdict in verdicts.values():
            self.store.add_verdict(self.run_id, name, replace(verdict, judged_at=now()))
        self.progress.note(f"{name}: {found.words(len(verdicts), len(waiting))}")
        return [mutant for mutant in waiting if mutant.id not in verdicts]

    def _decide(self, waiting: list[Mutant], earlier: Earlier, clean: Clean, judging: Judging) -> Decided:
        """Tell the mutants that are left from those with an earlier verdict that stands, and say how many those are."""
        name = judging.target
        decided = earlier.decide(waiting, judging.selected)
        self.begun.update({(name, id_): found for id_, found in decided.begun.items()})
        judging.narrow(
            {id_: found.left or frozenset() for id_, found in decided.begun.items()}, decided.noticed
        )
        if decided.stand:
            self.progress.note(
                f"{name}: {len(decided.stand)} of {len(waiting)} verdicts stand, for nothing they depend on changed. "
                "--fresh judges all again."
            )
        elif waiting and earlier.why_none not in ("", clean.why_all):
            self.progress.note(f"{name}: {earlier.why_none} changed, so no earlier verdict stands.")
        return decided

    def _record(self, mutant: Mutant, verdict: Verdict, matrix: Sequence[FailedTest], trace: Trace) -> None:
        if found := self.begun.get((mutant.target, mutant.id)):
            verdict, trace = found.with_more(verdict, trace)
        verdict = replace(verdict, judged_at=now())
        self.store.add_verdict(self.run_id, mutant.target, verdict, matrix, trace)
        self.progress.judged(mutant, verdict)


def _records(bench: Bench, clean: Clean) -> list[TestRecord]:
    """Return what the clean runs tell of each test."""
    name, stage, baseline = bench.target.name, bench.stage, clean.baseline
    known = {test.id for test in baseline.tests}
    every = [*baseline.tests, *(test for test in clean.run.tests if test.id not in known)]
    # Where both ran it, reach is counted among the examples of the run on the generated code.
    examples = {test.id: test.examples for test in [*baseline.tests, *clean.run.tests]}
    codes = code_of_tests(stage.folder, examples)
    return [
        TestRecord(
            *(name, stage.project_path(t.id), t.duration, t.outcome, t.is_property),
            *(examples[t.id], *codes[t.id]),
        )
        for t in every
    ]
