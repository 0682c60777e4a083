"""The clean runs of a target: the suites on the original and on the generated code, all of them or what a change touches."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from mutmut_dashboard.engine.baseline import Baseline, Measurement, require_passing
from mutmut_dashboard.engine.contexts import in_source, with_calls_of_lines, with_tests_alone
from mutmut_dashboard.engine.kept import (
    Footprint,
    KeptRuns,
    Moves,
    carried_arcs,
    carried_run,
    moves,
)
from mutmut_dashboard.engine.mutmut_adapter import Copy
from mutmut_dashboard.engine.pieces import Cut, Program
from mutmut_dashboard.engine.reuse import Changes, changes, dependencies
from mutmut_dashboard.engine.stage import Stage
from mutmut_dashboard.engine.surroundings import Surroundings
from mutmut_dashboard.engine.wire import TestRun
from mutmut_dashboard.engine.workers import CleanRun, Collected, ServerDiedError, TestServer
from mutmut_dashboard.errors import UsageError

_AT_TIMES = (
    "failing at times on the same code (flaky, or in need of a file, a port or a database that others use beside them: "
    "--workers 1 runs one at a time)"
)
_REPEATS = 2
"""Further clean runs where one fails that should not."""


@dataclass(frozen=True)
class Clean:
    """What the clean runs found."""

    server: TestServer
    """Goes on, for the mutants."""
    baseline: Baseline
    """On the original."""
    run: CleanRun
    """On the generated code."""
    program: Program
    calls: dict[str, frozenset[str]]
    """Test, from the project's root -> what it calls and enters, as `Surroundings.noted` names it; an empty name for what is not known."""
    ran: int
    """How many tests were run; what the others do is known from an earlier run."""
    why_all: str = ""
    """What changed so that all of them were, as was said; empty where there was nothing to compare with, or no such change."""


@dataclass(frozen=True)
class CleanRuns:
    """Carries them out. `memory` is where they are kept for the next time.

    `copies` says for each file in the stage where its generated code holds the original functions.
    """

    stage: Stage
    copies: Mapping[str, Sequence[Copy]]
    surroundings: Surroundings
    memory: Path
    log: Path
    name: str
    note: Callable[[str], None]
    workers: int
    """How many tests run at a time on the generated code."""
    earlier: KeptRuns | None = None
    """The last ones, where they may be used."""
    begun: Measurement | None = None
    """The run on the original, where it was begun; it may have been told yet only to collect."""
    meanwhile: Callable[[], object] | None = None
    """Called while suites run on the generated code."""

    @contextmanager
    def carry_out(self) -> Iterator[Clean]:
        """Run them.

        Raises:
            BaselineError: tests fail without any mutant.
            UsageError: no mutant would be judged rightly.

        """
        with ExitStack() as stack:
            log = self.log / f"{self.name}-original.log"
            measurement = self.begun or stack.enter_context(Measurement(self.stage, log))
            if self.earlier is None:
                found = self._all(stack, measurement)
            else:
                found = self._touched(stack, measurement, self.earlier)
            yield found

    @property
    def _server_log(self) -> Path:
        return self.log / f"{self.name}-mutants.log"

    def _all(self, stack: ExitStack, measurement: Measurement, server: TestServer | None = None) -> Clean:
        measurement.go()
        try:
            server = server or self._server(stack, measurement)
            sound = not server.collected.errors and not server.collected.elsewhere
            baseline = self._before_the_other(measurement)
            clean = (
                self._in_source(server.clean_run(workers=self.workers, meanwhile=self.meanwhile))
                if sound
                else None
            )
        except ServerDiedError as error:
            measurement.result()  # a suite that fails on the original explains it better
            raise self._died(error) from None
        baseline = baseline or measurement.result()
        if clean is None:
            raise UsageError(unsound(server.collected, self.stage, self._server_log))
        _require_steady(server, clean, self.stage, self._server_log)
        return self._clean(server, baseline, clean, baseline.footprint | Footprint(loaded=clean.loaded))

    def _touched(self, stack: ExitStack, measurement: Measurement, earlier: KeptRuns) -> Clean:
        """Run the tests that are not what they were, or call what is not what it was."""
        server = self._server(stack, measurement)
        foreseen = self._foreseen(measurement, earlier)  # while that collects
        try:
            collected = server.collected
        except ServerDiedError:
            return self._all(stack, measurement)
        if collected.errors or collected.elsewhere:
            return self._all(stack, measurement, server)
        footprint = earlier.footprint | Footprint(loaded=collected.loaded)
        program = self._program(collected, footprint)
        found = changes(earlier.dependencies, program)
        if found.everything:
            self.note(f"{self.name}: {found.everything} changed, so no earlier verdict stands.")
            return replace(self._all(stack, measurement, server), why_all=found.everything)
        moved = moves(earlier, self._cuts(program))
        there = measurement.collected or []
        stale = foreseen | self._stale({*there, *collected.tests}, earlier, found)
        if stale != foreseen:
            self._go(measurement, stale, earlier, moved)
        try:
            chosen = [test for test in collected.tests if test in stale]
            took = {test: run.duration for test, run in earlier.generated.items()}
            baseline = self._before_the_other(measurement)
            # So that no long one is left alone at the end.
            longest_first = sorted(chosen, key=lambda test: -took.get(test, math.inf))
            clean = self._in_source(
                server.clean_run(longest_first, workers=self.workers, meanwhile=self.meanwhile)
            )
        except ServerDiedError as error:
            measurement.result()
            raise self._died(error) from None
        baseline = baseline or measurement.result()
        _require_steady(server, clean, self.stage, self._server_log)
        merged = _together(there, earlier.measured, baseline.tests)
        carried = {test: carried_run(run, moved) for test, run in earlier.generated.items()}
        baseline = replace(baseline, tests=merged)
        clean = replace(
            clean,
            tests=_together(collected.tests, carried, clean.tests),
            memory=clean.memory.most(earlier.memory),
            imported=sorted({*clean.imported, *earlier.imported}),
        )
        footprint = footprint | baseline.footprint | Footprint(loaded=clean.loaded)
        return replace(self._clean(server, baseline, clean, footprint), ran=len(chosen))

    def _before_the_other(self, measurement: Measurement) -> Baseline | None:
        """Wait for the run on the original where nothing is to run side by side; otherwise it goes on beside the other."""
        return measurement.result() if self.workers == 1 else None

    def _foreseen(self, measurement: Measurement, earlier: KeptRuns) -> frozenset[str]:
        """Let tests run on the original as soon as they are collected there, and return them.

        Which must run is guessed: what only the generated code will show, as what runs at import, is taken to be as it was.
        """
        tests = measurement.collected
        if tests is None:
            return frozenset()
        program = self.surroundings.program(tests, earlier.footprint, {}, ())
        shared = {name: own for name, own in earlier.dependencies.shared.items() if name in program.shared}
        found = changes(replace(earlier.dependencies, shared=shared), program)
        if found.everything:
            measurement.go()
            return frozenset(tests)
        stale = self._stale(tests, earlier, found)
        self._go(measurement, stale, earlier, moves(earlier, self._cuts(program)))
        return stale

    def _go(self, measurement: Measurement, stale: Collection[str], earlier: KeptRuns, moved: Moves) -> None:
        tests = measurement.collected or []
        chosen = [test for test in tests if test in stale]
        measurement.go(chosen, carried_arcs(earlier, moved, frozenset(tests) - frozenset(stale)))

    def _stale(self, tests: Collection[str], earlier: KeptRuns, found: Changes) -> frozenset[str]:
        return frozenset(test for test in tests if self._is_stale(test, earlier, found))

    def _is_stale(self, test: str, earlier: KeptRuns, found: Changes) -> bool:
        before = earlier.generated.get(test)
        if (
            self.stage.project_path(test) not in found.same_tests
            or before is None
            or test not in earlier.measured
        ):
            return True
        called = {self.surroundings.noted.get(key, "") for key in before.called}
        return bool(called & found.functions) or ("" in called and not found.none)

    def _server(self, stack: ExitStack, measurement: Measurement) -> TestServer:
        log = self._server_log
        return stack.enter_context(
            TestServer(
                self.stage, log, list(self.surroundings.noted), tests=lambda: measurement.collected or ()
            )
        )

    def _died(self, error: ServerDiedError) -> UsageError:
        return UsageError(
            f"pytest cannot run the suites in {self.stage.generated}: {error}. See {self._server_log}."
        )

    def _program(self, collected: Collected, footprint: Footprint) -> Program:
        return self.surroundings.program(
            collected.tests, footprint, {"constants in the code": collected.constants}, collected.at_import
        )

    def _cuts(self, program: Program) -> dict[str, Cut]:
        return {file.removeprefix(self.stage.prefix): one for file, one in program.cuts.items()}

    def _clean(self, server: TestServer, baseline: Baseline, clean: CleanRun, footprint: Footprint) -> Clean:
        program = self._program(server.collected, footprint)
        prefix = self.stage.prefix
        coverage = with_tests_alone(baseline.coverage, clean.tests, prefix)
        noted = self.surroundings.noted
        keys = {name: key for key, name in noted.items()}
        tests = with_calls_of_lines(clean.tests, coverage, self.surroundings.sources(), keys, prefix)
        clean = replace(clean, tests=tests, memory=clean.memory.most(baseline.memory))
        baseline = replace(baseline, coverage=coverage, footprint=footprint)
        calls = {prefix + t.id: frozenset(noted.get(key, "") for key in t.called) for t in tests}
        return Clean(server, baseline, clean, program, calls, len(clean.tests))

    def _in_source(self, run: CleanRun) -> CleanRun:
        return replace(run, tests=in_source(run.tests, self.copies))

    def keep(self, found: Clean) -> None:
        """Keep what was found, for the next time."""
        footprint = self.surroundings.known(found.baseline.footprint)
        KeptRuns(
            fingerprint=self.surroundings.fingerprint(footprint),
            dependencies=dependencies(found.program),
            footprint=footprint,
            sources=self.surroundings.sources(),
            measured={test.id: test for test in found.baseline.tests},
            generated={test.id: test for test in found.run.tests},
            arcs=found.baseline.arcs,
            memory=found.run.memory,
            imported=found.run.imported,
        ).save(self.memory)


def _together(
    order: Collection[str], before: Mapping[str, TestRun], now: Collection[TestRun]
) -> list[TestRun]:
    ran = {test.id: test for test in now}
    return [ran.get(test) or before[test] for test in order]


def _require_steady(server: TestServer, clean: CleanRun, stage: Stage, log: Path) -> None:
    """Refuse tests that fail by themselves on mutmut's copy of the code, and say if they do so only at times or only alone."""
    failed = [test for test in clean.tests if test.outcome == "failed"]
    if not failed:
        return
    again = [server.clean_run([test.id for test in failed], workers=1) for _ in range(_REPEATS)]
    flaky = _passing(failed, again)
    require_passing(flaky, stage, _AT_TIMES, log)
    dependent = _passing(failed, [server.clean_run(workers=0)])
    require_passing(
        dependent,
        stage,
        "passing after others but failing by themselves, for they need what others leave behind",
        log,
    )
    require_passing(failed, stage, "passing on the original code but failing on mutmut's copy of it", log)


def _passing(failed: Sequence[TestRun], runs: Sequence[CleanRun]) -> list[TestRun]:
    """Return those that pass in one of the runs."""
    passing = {test.id for run in runs for test in run.tests if test.outcome != "failed"}
    return [test for test in failed if test.id in passing]


def unsound(collected: Collected, stage: Stage, log: Path) -> str:
    """Say why no mutant would be judged rightly."""
    for test, message in collected.errors:
        return (
            f"{stage.project_path(test)} can be collected from the original code but not from mutmut's generated "
            f"copy:\n{message}\nSee {log}."
        )
    module, path = next(iter(collected.elsewhere.items()))
    return (
        f"The tests import {module} from {path}, not from the stage, so no mutant would be seen. "
        "Let them import it from the target's root (the folder that is on the path), and set that as `root`."
    )
