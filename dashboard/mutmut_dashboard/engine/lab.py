"""The story of a run, top to bottom: stage, generate, clean runs, judge, record."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from mutmut_dashboard.config import Project, Target
from mutmut_dashboard.engine import clean_memory, mutmut_adapter
from mutmut_dashboard.engine.baseline import Baseline
from mutmut_dashboard.engine.clean_runs import Clean, CleanRuns
from mutmut_dashboard.engine.earlier import Earlier, Found
from mutmut_dashboard.engine.judging import CONTROLS, Evidence, Judging
from mutmut_dashboard.engine.provenance import conditions, provenance
from mutmut_dashboard.engine.reuse import dependencies
from mutmut_dashboard.engine.stage import Stage, build_stage
from mutmut_dashboard.engine.surroundings import Surroundings
from mutmut_dashboard.engine.workers import CleanRun, TestServer
from mutmut_dashboard.errors import DashboardError, IncompleteError
from mutmut_dashboard.model import (
    Mutant,
    Provenance,
    Run,
    RunState,
    Status,
    TargetRecord,
    TestRecord,
    Trace,
    Verdict,
    status_of,
)
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

    config: Path
    command: str
    targets: Sequence[str] = ()
    workers: int = 0
    fresh: bool = False
    exhaustive: bool = False
    """Run every test for every mutant, to check the selection of tests."""


def run(project: Project, store: Store, options: Options, progress: Progress) -> Run:
    """Judge every mutant of the chosen targets and return the finished run.

    An unfinished run of the same code, tests, configuration and versions is continued; a finished one stands.

    Raises:
        UsageError, BaselineError: nothing was judged, and why.
        IncompleteError: it was interrupted; what was judged is in the store.

    """
    workers = options.workers or os.cpu_count() or 1
    for note in project.notes:
        progress.note(note)
    benches = [_prepare(project, target, progress) for target in project.chosen(options.targets)]
    stages = [(b.target, b.stage) for b in benches]
    origin = provenance(
        project, stages, options.command, options.config, workers, exhaustive=options.exhaustive
    )
    earlier = None if options.fresh else _continued(store, origin)
    if earlier is not None and earlier.state is RunState.COMPLETE and _waiting(store, earlier.id) == 0:
        progress.note(
            f"Nothing changed since run {earlier.id}, so its verdicts stand. --fresh judges all again."
        )
        for record, bench in zip(earlier.targets, benches, strict=True):
            store.save_target(
                earlier.id, replace(bench.record, seconds=record.seconds)
            )  # floors may have moved
        return store.run(earlier.id)
    if earlier is not None:
        progress.note(f"Run {earlier.id} left mutants unjudged and nothing changed since, so it goes on.")
        store.resume_run(earlier.id)
    run_id = earlier.id if earlier else store.start_run(origin, [b.record for b in benches], now())
    _Lab(project, store, run_id, workers, progress, options).carry_out(benches)
    return store.run(run_id)


def now() -> str:
    """Return the time as it is recorded: ISO 8601 in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass
class _Bench:
    """What belongs to one target during a run."""

    target: Target
    stage: Stage
    record: TargetRecord

    @contextmanager
    def timed(self, phase: str) -> Iterator[None]:
        started = time.monotonic()
        try:
            yield
        finally:
            seconds = {**self.record.seconds, phase: time.monotonic() - started}
            self.record = replace(self.record, seconds=seconds)


def _prepare(project: Project, target: Target, progress: Progress) -> _Bench:
    started = time.monotonic()
    progress.phase(target.name, "copying the sources")
    stage = build_stage(project, target)
    record = TargetRecord(
        name=target.name,
        root=target.root,
        files=tuple(stage.project_path(file) for file in stage.files),
        suites=tuple(stage.project_path(suite.path) for suite in stage.suites),
        score_floor=target.floors.mutation_score,
        coverage_floor=target.floors.coverage,
        seconds={"staging": time.monotonic() - started},
    )
    return _Bench(target, stage, record)


def _continued(store: Store, origin: Provenance) -> Run | None:
    latest = store.latest_run()
    if (
        latest is None
        or latest.state is RunState.FAILED
        or latest.provenance.fingerprint != origin.fingerprint
    ):
        return None
    return latest


def _waiting(store: Store, run_id: int) -> int:
    return sum(sum(_waiting_in(store, run_id, target.name)) for target in store.run(run_id).targets)


def _waiting_in(store: Store, run_id: int, target: str) -> Iterator[bool]:
    verdicts = store.verdicts(run_id, target)
    return (_needs_judging(m, verdicts.get(m.id)) for m in store.mutants(run_id, target))


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
    begun: dict[tuple[str, str], Found] = field(default_factory=dict)
    """Target and mutant id -> an earlier verdict that only some tests must confirm."""

    def carry_out(self, benches: list[_Bench]) -> None:
        rules = SkipRules(self.project)
        try:
            generated = [self._generate(bench, rules) for bench in benches]
            rules.require_all_matched(bench.target.name for bench in benches)
            for bench, mutants in zip(benches, generated, strict=True):
                if not self._take_over(bench, mutants):
                    self._judge(bench, mutants)
        except KeyboardInterrupt:
            total = len(self.store.mutants(self.run_id))
            judged = total - _waiting(self.store, self.run_id)
            detail = f"Interrupted: {judged} of {total} mutants are judged. What was judged stays; run again to go on."
            self.store.end_run(self.run_id, RunState.INTERRUPTED, now(), detail)
            raise IncompleteError(detail) from None
        except DashboardError as error:
            self.store.end_run(self.run_id, RunState.FAILED, now(), str(error))
            raise
        self.store.end_run(self.run_id, RunState.COMPLETE, now())

    def _generate(self, bench: _Bench, rules: SkipRules) -> list[Mutant]:
        name, stage = bench.target.name, bench.stage
        self.progress.phase(name, "generating mutants")
        with bench.timed("generation"):
            cache = self.project.work / "cache"
            files = mutmut_adapter.generate(stage.folder, stage.files, stage.prefix, self.workers, cache)
        lines = {file.file: file.source.split("\n") for file in files}
        mutants = rules.apply((replace(m, target=name) for file in files for m in file.mutants), lines)
        self.store.add_sources(self.run_id, {file.file: file.source for file in files})
        if not self.store.mutants(self.run_id, name):
            self.store.add_mutants(self.run_id, mutants)
        if not mutants:
            self.progress.note(f"{name}: mutmut finds nothing to mutate in {', '.join(bench.record.files)}.")
        return mutants

    def _take_over(self, bench: _Bench, mutants: list[Mutant]) -> bool:
        """Use all of an earlier run's verdicts on a target where nothing that they depend on has changed."""
        name = bench.target.name
        if self.options.fresh or self.store.verdicts(self.run_id, name):
            return False
        kept = clean_memory.load(self._memory(name))
        if kept is None or kept.fingerprint != self._surroundings(bench, ()).fingerprint(kept.footprint):
            return False
        for old in self.store.runs_of(name):
            if (
                self.store.fingerprint(old, name) == kept.fingerprint
                and self.store.mutants(old, name) == mutants
                and not any(_waiting_in(self.store, old, name))
            ):
                self.store.copy_target(name, old, self.run_id)
                self.progress.note(f"{name}: nothing changed since run {old}, so its verdicts stand.")
                return True
        return False

    def _memory(self, name: str) -> Path:
        return self.project.work / "clean" / f"{name}.json.gz"

    def _surroundings(self, bench: _Bench, mutants: Sequence[Mutant]) -> Surroundings:
        return Surroundings(
            root=self.project.root / bench.target.root,
            stage=bench.stage,
            conditions=conditions(bench.target, exhaustive=self.options.exhaustive),
            place={mutmut_adapter.function_of(m.name): f"{m.file}:{m.function}" for m in mutants if m.name},
        )

    def _judge(self, bench: _Bench, mutants: list[Mutant]) -> None:
        name, stage, log = bench.target.name, bench.stage, self.project.work / "log"
        surroundings = self._surroundings(bench, mutants)
        functions = sorted(surroundings.place)
        runs = CleanRuns(stage, functions, surroundings, self._memory(name), log, name, self.progress.note)
        self.progress.phase(name, "running the suites without mutants")
        with ExitStack() as stack:
            with bench.timed("clean runs"):
                clean = stack.enter_context(runs.carry_out(fresh=self.options.fresh))
            self._record_baseline(bench, clean.baseline)
            evidence = Evidence(
                clean.run,
                clean.baseline.coverage,
                self.store.sources(self.run_id),
                clean.server.collected.at_import,
            )
            judging = Judging(bench.target, stage, mutants, evidence, log, exhaustive=self.options.exhaustive)
            self.store.add_reach(self.run_id, name, judging.reach())
            fingerprint = surroundings.fingerprint(clean.baseline.footprint)
            self.store.add_dependencies(self.run_id, name, fingerprint, dependencies(clean.program))
            earlier = self.store.verdicts(self.run_id, name)
            waiting = [m for m in mutants if _needs_judging(m, earlier.get(m.id))]
            if not self.options.fresh:
                waiting = self._reuse(name, waiting, clean, judging)
            if waiting:
                with bench.timed("controls"):
                    self._require_controls_survive(judging, clean.server, clean.run, name)
            self.progress.judging(name, len(waiting))
            try:
                with bench.timed("judging"):
                    judging.judge(clean.server, waiting, self.workers, self._record)
            finally:
                self.store.save_target(self.run_id, bench.record)
        durations = {test.id: test.duration for test in clean.run.tests}
        verdicts = self.store.verdicts(self.run_id, name)
        mutmut_adapter.record_results(stage.folder, mutants, verdicts, durations, judging.tests_by_key())

    def _reuse(self, name: str, waiting: list[Mutant], clean: Clean, judging: Judging) -> list[Mutant]:
        """Record the earlier verdicts that stand, and return the mutants that are left."""
        earlier = Earlier(self.store, name, clean.program, apart_from=self.run_id)
        left: list[Mutant] = []
        killers: dict[str, str] = {}
        for mutant in waiting:
            selected = judging.selected(mutant)  # none: it will be found uncovered, which costs nothing
            found = earlier.of(mutant, selected) if selected else None
            if found is not None and found.left is not None and not found.left:
                self.store.add_verdict(self.run_id, name, found.verdict, found.kills, found.trace)
                continue
            left.append(mutant)
            if found is not None and found.left:
                self.begun[name, mutant.id] = found
            elif found is not None and found.verdict.kill is not None:
                killers[mutant.id] = found.verdict.kill.test
        judging.narrow({key[1]: found.left or frozenset() for key, found in self.begun.items()}, killers)
        if stand := len(waiting) - len(left):
            self.progress.note(
                f"{name}: {stand} of {len(waiting)} verdicts stand, for nothing they depend on changed. "
                "--fresh judges all again."
            )
        return left

    def _require_controls_survive(
        self, judging: Judging, server: TestServer, clean: CleanRun, name: str
    ) -> None:
        self.progress.phase(name, f"judging {CONTROLS} controls, mutants that change nothing")
        server.preload(clean.imported)
        if killer := judging.failed_control(server, self.workers):
            raise IncompleteError(
                f"{name}: a control, a mutant that changes nothing, did not survive: {killer}. Kills by this test "
                "would say nothing, so no mutant was judged. It may depend on the order of tests, on state that an "
                "earlier test leaves behind, or on which modules are imported; make it pass alone and in any order."
            )

    def _record_baseline(self, bench: _Bench, baseline: Baseline) -> None:
        name, stage = bench.target.name, bench.stage
        tests = [
            TestRecord(name, stage.project_path(t.id), t.duration, t.outcome, t.is_property, t.examples)
            for t in baseline.tests
        ]
        self.store.add_tests(self.run_id, tests)
        self.store.add_coverage(self.run_id, name, baseline.coverage)

    def _record(self, mutant: Mutant, verdict: Verdict, trace: Trace) -> None:
        if found := self.begun.get((mutant.target, mutant.id)):
            verdict, trace = found.with_more(verdict, trace)
        self.store.add_verdict(self.run_id, mutant.target, replace(verdict, judged_at=now()), trace=trace)
        self.progress.judged(mutant, verdict)
