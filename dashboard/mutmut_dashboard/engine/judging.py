"""From mutants to verdicts: sends each mutant with its tests to the tests' process and reads how it ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from mutmut_dashboard.config import Target
from mutmut_dashboard.engine.beside import Beside
from mutmut_dashboard.engine.jobs import Jobs
from mutmut_dashboard.engine.mutmut_adapter import function_of
from mutmut_dashboard.engine.selection import LineTests, Selection, limits
from mutmut_dashboard.engine.stage import Stage
from mutmut_dashboard.engine.tally import LIMITS, MAX_HANGS, Tally
from mutmut_dashboard.engine.wire import CleanMemory, Job, JobResult
from mutmut_dashboard.engine.workers import CleanRun, ServerDiedError, TestServer
from mutmut_dashboard.model import (
    Ended,
    ExamplesByFunction,
    FailedTest,
    FileCoverage,
    How,
    Kill,
    Mutant,
    Trace,
    Verdict,
)

CONTROLS = 20
"""No-op mutants judged in every run."""
_CONTROL_SECONDS = 2.0
"""What they take together at most, by the clean run, unless the cheapest take longer."""
_SPARE_MEMORY = 2**30
_SPARE_FACTOR = 4
_FIRST = 3
"""CPU seconds more for the first test of a child, which may load what the clean run had loaded already."""
_RESTARTS = 3
"""How often the tests' process may go away before the rest is given up."""
_IMPORT_FACTOR = 10.0
_IMPORT_FLOOR = 5.0
"""Seconds a mutant that runs at import may take until the tests are collected, above the factor times what that
takes without a mutant."""

Finding = tuple[Verdict, Sequence[FailedTest], Trace]
Recorder = Callable[[Mutant, Verdict, Sequence[FailedTest], Trace], None]


@dataclass(frozen=True)
class Thoroughness:
    """How much is run for a mutant."""

    exhaustive: bool = False
    """Every test of the suites, not just those that run the changed line."""
    matrix: bool = False
    """On after a test that fails, to learn which others do."""
    shuffle: int | None = None
    """Judge mutants in an order drawn by this seed; no verdict may depend on it, which an experiment checks."""


def memory_limit(clean: CleanMemory) -> int:
    """Bytes of address space a mutant may use: what the clean run used, and as much again four times, at least 1 GiB.

    0, no limit, where the system does not say what the clean run used. Address space is what a process can be held
    to; the room above is counted from memory that was really used, since a process may reserve much more.
    """
    return clean.space + max(_SPARE_MEMORY, _SPARE_FACTOR * clean.resident) if clean.space else 0


@dataclass(frozen=True)
class Evidence:
    """What the clean runs found, as far as it decides which tests judge a mutant."""

    clean: CleanRun
    """On the generated code."""
    coverage: Sequence[FileCoverage]
    """On the original, with the tests that run a line only by themselves."""
    sources: Mapping[str, str]
    at_import: frozenset[str]
    """mutmut's keys of the functions that ran while tests were collected."""
    noted: Mapping[str, str]
    """What the tests' process notes, in order: its keys -> names."""
    import_seconds: float = 0.0
    """Wall seconds that collecting took."""


class Judging:
    """The judging of one target's mutants after its clean runs."""

    def __init__(
        self,
        target: Target,
        stage: Stage,
        mutants: Sequence[Mutant],
        evidence: Evidence,
        log: Path,
        how: Thoroughness,
    ) -> None:
        self._target, self._stage, self._log = target, stage, log
        self._mutants = mutants
        clean = evidence.clean
        self._clean = clean.tests
        self._tests = [test.id for test in clean.tests]
        self._paths = [stage.project_path(test) for test in self._tests]
        self._memory = memory_limit(clean.memory)
        self._matrix, self._exhaustive, self._shuffle = how.matrix, how.exhaustive, how.shuffle
        self._import_limit = _IMPORT_FLOOR + _IMPORT_FACTOR * evidence.import_seconds
        self._place = {function_of(m.name): (m.file, m.function) for m in mutants if m.name}
        self._at_import = evidence.at_import & self._place.keys()
        self._noted = evidence.noted
        self._hung: frozenset[str] = frozenset()
        """Ids of mutants that met a limit in an earlier run."""
        self._cold: set[TestServer] = set()
        """Those that go on, for one mutant each."""
        everything = list(range(len(clean.tests)))
        self._by_function: dict[str, list[int]] = {key: [] for key in self._place}
        for number, test in enumerate(clean.tests):
            for key in self._by_function.keys() & set(test.called):
                self._by_function[key].append(number)
        for key in self._at_import:  # what they left behind at import may matter to any test
            self._by_function[key] = everything
        number_of = {test: number for number, test in enumerate(self._paths)}
        alone = _alone(clean, stage)
        lines = {
            c.file: LineTests(evidence.sources[c.file], c, number_of, alone.get(c.file, {}))
            for c in evidence.coverage
        }
        chosen = {m.id: self._choose(m, lines[m.file]) for m in mutants if m.name}
        self._chosen = chosen
        durations = [test.duration for test in clean.tests]
        self._selection = Selection(
            durations, dict.fromkeys(chosen, everything) if how.exhaustive else chosen
        )

    def _choose(self, mutant: Mutant, lines: LineTests) -> list[int]:
        key = function_of(mutant.name)
        by_line = None if key in self._at_import else lines.of(mutant)
        return self._by_function[key] if by_line is None else by_line

    @property
    def target(self) -> str:
        """The target's name."""
        return self._target.name

    def selected(self, mutant: Mutant) -> list[str]:
        """Ids, from the project's root, of the tests that judge a mutant."""
        return [self._paths[n] for n in self._selection.tests_by_mutant[mutant.id]]

    def narrow(self, tests: Mapping[str, frozenset[str]], before: Mapping[str, Verdict]) -> None:
        """Use what an earlier run found: the tests that are left to judge a mutant, and how the others were noticed."""
        number = {test: at for at, test in enumerate(self._paths)}
        self._hung = frozenset(id_ for id_, verdict in before.items() if verdict.ended in LIMITS)
        left = {mutant: sorted(number[test] for test in chosen) for mutant, chosen in tests.items()}
        self._selection = replace(
            self._selection,
            tests_by_mutant={**self._selection.tests_by_mutant, **left},
            hints={id_: number[v.kill.test] for id_, v in before.items() if v.kill and v.kill.test in number},
            took={id_: verdict.wall for id_, verdict in before.items()},
            lived=left.keys(),
        )

    def tests_by_key(self) -> dict[str, list[str]]:
        """Mutmut's function key -> ids in the stage of the tests that call it."""
        return {key: [self._tests[n] for n in found] for key, found in self._by_function.items()}

    def reach(self) -> dict[tuple[str, str], list[str]]:
        """(File, function) -> ids of the tests that run it, from the project's root."""
        return {self._place[key]: [self._paths[n] for n in found] for key, found in self._by_function.items()}

    def examples(self) -> ExamplesByFunction:
        """How many of its examples take each test into each function that it calls by itself."""
        found: ExamplesByFunction = {}
        for test in self._clean:
            for key, count in test.reached.items():
                if key in self._place:
                    found.setdefault(self._place[key], {})[self._stage.project_path(test.id)] = count
        return found

    def failed_control(self, server: TestServer, mutants: Sequence[Mutant], workers: int) -> str | None:
        """Judge no-op mutants on the path that these take; return what killed one, None if all survive.

        Their lists of tests are those of real mutants, spread over the cheap ones: a test that depends on its
        neighbours, on the trampolines or on the forking fails here before it can fake a kill. Only tests that judge one of
        `mutants` are run, since no other can, unless twenty times those few would take too long, and others would not; then
        one control is for them. Where every mutant is judged by every test, one control is, too.
        """
        asked = {test for mutant in mutants for test in self._selection.tests_by_mutant[mutant.id]}
        every = {m.id: self._chosen[m.id] for m in self._mutants if m.name}
        chosen = self._spread({id_: [test for test in own if test in asked] for id_, own in every.items()})
        if not chosen:
            return None
        if self._together(chosen) > _CONTROL_SECONDS:
            others = self._spread(every)
            if self._together(others) < self._together(chosen):
                chosen = [chosen[0], *others[1:]]
        jobs = iter([self._control(n, m, own) for n, (m, own) in enumerate(chosen)])
        for result in server.judge(lambda: next(jobs, None), lambda: workers, alone=workers == 1):
            if result.ended != Ended.PASSED:
                failure = result.failure
                what = (
                    f"{self._stage.project_path(failure.test)} ({failure.exception}: {failure.message})"
                    if failure
                    else ""
                )
                return what or f"{result.ended} {result.detail}".strip()
        return None

    def _spread(self, lists: Mapping[str, list[int]]) -> list[tuple[Mutant, list[int]]]:
        """Return twenty mutants with these tests, from the cheapest on, spread over the cheapest quarter of those that have any.

        Over fewer where these would take too long together.
        """
        real = sorted((m for m in self._mutants if lists.get(m.id)), key=lambda m: self._seconds(lists[m.id]))
        if not real:
            return []
        cheaper = len(real) // 4 + 1
        while True:
            places = [at * cheaper // CONTROLS for at in range(CONTROLS)]
            chosen = [(real[at], lists[real[at].id]) for at in places]
            if cheaper == 1 or self._together(chosen) <= _CONTROL_SECONDS:
                return chosen
            cheaper = max(1, cheaper * 3 // 4)

    def _together(self, controls: Sequence[tuple[Mutant, list[int]]]) -> float:
        return sum(self._seconds(own) for _, own in controls)

    def judge(self, server: TestServer, mutants: Sequence[Mutant], workers: int, record: Recorder) -> None:
        """Judge these mutants and record each verdict as it comes."""
        warm: list[Mutant] = []
        cold: list[Mutant] = []
        for mutant in mutants:
            if not self._selection.tests_by_mutant[mutant.id]:
                record(mutant, Verdict(mutant.id, Ended.NO_TESTS), (), Trace(frozenset(), frozenset()))
            elif function_of(mutant.name) in self._at_import:
                cold.append(mutant)
            else:
                warm.append(mutant)
        ordered = self._selection.longest_first(warm)
        if self._shuffle is not None:
            Random(self._shuffle).shuffle(ordered)  # noqa: S311 - no secret
        waiting = dict(enumerate(ordered))
        # Each thread waits for a process of its own; those take half of the workers until the others are judged.
        with Beside(cold, self._judge_cold, lambda mutant, found: record(mutant, *found), workers) as beside:

            def free() -> int:
                return workers - beside.go_on(workers // 2)

            try:
                with suppress(ServerDiedError):
                    self._judge_warm(server, waiting, free, record, alone=workers == 1)
                self._judge_rest(waiting, free, record, alone=workers == 1)
                beside.finish()
            except BaseException:
                for cold_server in list(self._cold):  # or leaving the block would wait for them
                    cold_server.kill()
                raise

    def _judge_warm(
        self,
        server: TestServer,
        waiting: dict[int, Mutant],
        workers: Callable[[], int],
        record: Recorder,
        *,
        alone: bool,
    ) -> None:
        jobs = Jobs(list(waiting), lambda at, number: self._tally(waiting[at], number))
        for part in server.judge(jobs.take, workers, jobs.to_leave, alone=alone):
            if (over := jobs.add(part)) is None:
                continue
            at, tally = over
            mutant = waiting.pop(at)
            self._selection.learn(mutant, tally.tried(), tally.killer())
            record(mutant, *self._found(mutant, tally))

    def _judge_rest(
        self, waiting: dict[int, Mutant], workers: Callable[[], int], record: Recorder, *, alone: bool
    ) -> None:
        # Mutants run in children, so the next server starts as clean as the first.
        for _ in range(_RESTARTS):
            if not waiting:
                return
            log = self._log / f"{self._target.name}-mutants.log"
            with suppress(ServerDiedError), self._server(log) as server:
                self._judge_warm(server, waiting, workers, record, alone=alone)
        for mutant in waiting.values():
            lost = f"the tests' process went away {_RESTARTS} times"
            record(mutant, Verdict(mutant.id, Ended.LOST, detail=lost), (), self._blind(mutant))

    def _server(self, log: Path, **more: Any) -> TestServer:
        return TestServer(self._stage, log, list(self._noted), tests=lambda: self._tests, **more)

    @contextmanager
    def _cold_server(self, log: Path, mutant: str, limit: float) -> Iterator[TestServer]:
        with self._server(log, mutant=mutant, limit=limit) as server:
            self._cold.add(server)
            try:
                yield server
            finally:
                self._cold.discard(server)

    def _judge_cold(self, mutant: Mutant) -> Finding:
        """Judge code that runs at import in a process that imports it with the mutant active."""

        def unjudged(ended: Ended, detail: str, wall: float = 0.0) -> Finding:
            return Verdict(mutant.id, ended, wall=wall, detail=detail), (), trace

        patience = self._import_limit
        log = self._log / f"{self._target.name}-import-{mutant.id}.log"
        trace = self._blind(mutant)
        try:
            with self._cold_server(log, mutant.name, patience) as server:
                found = server.collected
                called = frozenset(self._noted[key] for key in found.at_import if key in self._noted)
                trace = replace(trace, functions=called, unknown="" in found.at_import)
                if found.errors:
                    test, message = found.errors[0]
                    ended = Ended.NOT_IMPORTED if found.broken else Ended.NOT_COLLECTED
                    where = found.broken[0] if found.broken else self._stage.project_path(test)
                    return unjudged(ended, f"{where}: {_last_line(message)}")
                if found.tests != self._tests:
                    return unjudged(Ended.NOT_COLLECTED, "other tests are found with this mutant")
                jobs = Jobs([mutant], self._tally)
                for part in server.judge(jobs.take, lambda: 1, alone=True):
                    if over := jobs.add(part):
                        _, tally = over
        except TimeoutError:
            return unjudged(Ended.WALL_LIMIT, f"{patience:.0f} s at import", patience)
        except ServerDiedError:
            return unjudged(Ended.NOT_COLLECTED, "the tests' process ended while it collected")
        verdict, matrix, judged = self._found(mutant, tally)
        return verdict, matrix, replace(judged, functions=judged.functions | trace.functions, beyond=None)

    def _trace(self, mutant: Mutant, tally: Tally) -> Trace:
        unknown, *marks = tally.called()
        called = frozenset(name for name, mark in zip(self._noted.values(), marks, strict=True) if mark)
        return Trace(called, frozenset(self.selected(mutant)), bool(unknown), self._beyond(tally))

    def _beyond(self, tally: Tally) -> dict[str, frozenset[str]] | None:
        if (found := tally.beyond()) is None:
            return None
        names = ["", *self._noted.values()]
        return {self._paths[test]: frozenset(names[n] for n in own) for test, own in found.items()}

    def _blind(self, mutant: Mutant) -> Trace:
        """A trace for a process that could not say what it called: it may have been anything."""
        return Trace(frozenset(), frozenset(self.selected(mutant)), unknown=True)

    def _tally(self, mutant: Mutant, number: Callable[[], int]) -> Tally:
        def build(tests: list[int]) -> Job:
            job = self._limited(number(), mutant.name, tests)
            return replace(job, each=[self._limits_of(test) for test in tests]) if self._matrix else job

        ordered = self._selection.ordered(mutant)
        # What hung before will hang again, for as long as its limits: side by side, where there are workers.
        alone = MAX_HANGS - 1 if mutant.id in self._hung and not self._matrix else 0
        return Tally(ordered, self._tests, self._selection.duration, build, alone=alone)

    def _control(self, number: int, mutant: Mutant, asked: Sequence[int]) -> Job:
        whole = number == 0 and self._exhaustive
        tests = range(len(self._tests)) if whole else asked
        name = f"{function_of(mutant.name)}__mutmut_control"
        return self._limited(number, name, sorted(tests, key=self._selection.duration.__getitem__))

    def _limited(self, number: int, mutant: str, tests: list[int]) -> Job:
        target = self._target
        allowed = limits(self._seconds(tests), target.timeout_factor, target.timeout_floor)
        cpus = [self._limits_of(test)[1] + (not at) * _FIRST for at, test in enumerate(tests)]
        return Job(number, mutant, tests, allowed.wall, allowed.cpu + _FIRST, self._memory, cpus)

    def _seconds(self, tests: Sequence[int]) -> float:
        return sum(self._selection.duration[test] for test in tests)

    def _limits_of(self, test: int) -> tuple[float, int]:
        duration = self._selection.duration[test]
        allowed = limits(duration, self._target.timeout_factor, self._target.timeout_floor)
        return allowed.wall, allowed.cpu

    def _found(self, mutant: Mutant, tally: Tally) -> Finding:
        matrix = tally.matrix(self._stage.project_path)
        return self._verdict(mutant, tally.result()), matrix, self._trace(mutant, tally)

    def _verdict(self, mutant: Mutant, result: JobResult) -> Verdict:
        kill = None
        if result.failure is not None:
            failure = result.failure
            kill = Kill(
                test=self._stage.project_path(failure.test),
                how=How(failure.how),
                exception=failure.exception,
                message=failure.message,
                example=failure.example,
                places=tuple(self._stage.project_path(place) for place in failure.places),
                output=failure.output,
            )
        ended = Ended(result.ended)
        if ended is Ended.PASSED and not self._chosen[mutant.id]:  # tests that never get there say nothing
            ended = Ended.NO_TESTS
        return Verdict(
            mutant_id=mutant.id,
            ended=ended,
            wall=result.wall,
            cpu=result.cpu,
            tests_run=result.tests_run,
            kill=kill,
            detail=result.detail,
        )


def _alone(clean: CleanRun, stage: Stage) -> dict[str, dict[int, set[int]]]:
    """File -> line -> numbers of the tests that run it by themselves."""
    found: dict[str, dict[int, set[int]]] = {}
    for number, test in enumerate(clean.tests):
        for file, lines in test.lines.items():
            by_line = found.setdefault(stage.project_path(file), {})
            for line in lines:
                by_line.setdefault(line, set()).add(number)
    return found


def _last_line(message: str) -> str:
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    return lines[-1][:300] if lines else "no message"
