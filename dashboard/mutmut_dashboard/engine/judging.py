"""From mutants to verdicts: sends each mutant with its tests to the tests' process and reads how it ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from mutmut_dashboard.config import Target
from mutmut_dashboard.engine.mutmut_adapter import function_of
from mutmut_dashboard.engine.selection import LineTests, Selection, limits
from mutmut_dashboard.engine.stage import Stage
from mutmut_dashboard.engine.wire import Job, JobResult
from mutmut_dashboard.engine.workers import CleanRun, ServerDiedError, TestServer
from mutmut_dashboard.model import Ended, FileCoverage, How, Kill, Mutant, Trace, Verdict

CONTROLS = 20
"""No-op mutants judged in every run."""
_SPARE_MEMORY = 4 * 2**30
"""Bytes a mutant may use above what the clean run used."""
_RESTARTS = 3
"""How often the tests' process may go away before the rest is given up."""
_IMPORT_FACTOR = 20.0
_IMPORT_FLOOR = 30.0

Recorder = Callable[[Mutant, Verdict, Trace], None]


@dataclass(frozen=True)
class Evidence:
    """What the clean runs found, as far as it decides which tests judge a mutant."""

    clean: CleanRun
    """On the generated code."""
    coverage: Sequence[FileCoverage]
    """On the original."""
    sources: Mapping[str, str]
    at_import: frozenset[str]
    """mutmut's keys of the functions that ran while tests were collected."""


class Judging:
    """The judging of one target's mutants after its clean runs."""

    def __init__(
        self,
        target: Target,
        stage: Stage,
        mutants: Sequence[Mutant],
        evidence: Evidence,
        log: Path,
        *,
        exhaustive: bool,
    ) -> None:
        self._target, self._stage, self._log = target, stage, log
        self._mutants = mutants
        clean = evidence.clean
        self._tests = [test.id for test in clean.tests]
        self._memory = clean.memory + _SPARE_MEMORY if clean.memory else 0
        self._place = {function_of(m.name): (m.file, m.function) for m in mutants if m.name}
        self._at_import = evidence.at_import & self._place.keys()
        self._functions = sorted(self._place)
        everything = list(range(len(clean.tests)))
        self._by_function: dict[str, list[int]] = {key: [] for key in self._place}
        for number, test in enumerate(clean.tests):
            for key in self._by_function.keys() & set(test.called):
                self._by_function[key].append(number)
        for key in self._at_import:  # what they left behind at import may matter to any test
            self._by_function[key] = everything
        number_of = {stage.project_path(test): number for number, test in enumerate(self._tests)}
        lines = {c.file: LineTests(evidence.sources[c.file], c, number_of) for c in evidence.coverage}
        chosen = {m.id: self._chosen(m, lines[m.file]) for m in mutants if m.name}
        self._unreached = {mutant_id for mutant_id, tests in chosen.items() if not tests}
        durations = [test.duration for test in clean.tests]
        self._selection = Selection(durations, dict.fromkeys(chosen, everything) if exhaustive else chosen)

    def _chosen(self, mutant: Mutant, lines: LineTests) -> list[int]:
        key = function_of(mutant.name)
        by_line = None if key in self._at_import else lines.of(mutant)
        return self._by_function[key] if by_line is None else by_line

    def selected(self, mutant: Mutant) -> list[str]:
        """Ids, from the project's root, of the tests that judge a mutant."""
        return [self._stage.project_path(self._tests[n]) for n in self._selection.tests_by_mutant[mutant.id]]

    def narrow(self, tests: Mapping[str, frozenset[str]], killers: Mapping[str, str]) -> None:
        """Use what an earlier run found: the tests that are left to judge a mutant, and the tests that killed one."""
        number = {self._stage.project_path(test): at for at, test in enumerate(self._tests)}
        left = {mutant: sorted(number[test] for test in chosen) for mutant, chosen in tests.items()}
        self._selection = replace(
            self._selection,
            tests_by_mutant={**self._selection.tests_by_mutant, **left},
            hints={mutant: number[test] for mutant, test in killers.items() if test in number},
        )

    def tests_by_key(self) -> dict[str, list[str]]:
        """Mutmut's function key -> ids in the stage of the tests that call it."""
        return {key: [self._tests[n] for n in found] for key, found in self._by_function.items()}

    def reach(self) -> dict[tuple[str, str], list[str]]:
        """(File, function) -> ids of the tests that run it, from the project's root."""
        return {
            self._place[key]: [self._stage.project_path(test) for test in tests]
            for key, tests in self.tests_by_key().items()
        }

    def failed_control(self, server: TestServer, workers: int) -> str | None:
        """Judge no-op mutants on the path that mutants take; return what killed one, None if all survive.

        Their lists of tests are those of real mutants, spread over the cheapest quarter: a test that depends on its
        neighbours, on the trampolines or on the forking fails here before it can fake a kill.
        """
        real = [m for m in self._mutants if m.name and self._selection.tests_by_mutant[m.id]]
        if not real:
            return None
        cheaper = self._selection.longest_first(real)[3 * len(real) // 4 :]
        chosen = [cheaper[at * len(cheaper) // CONTROLS] for at in range(CONTROLS)]
        jobs = (
            partial(self._job, n, m, name=f"{function_of(m.name)}__mutmut_control")
            for n, m in enumerate(chosen)
        )
        for result in server.judge(jobs, workers):
            if result.ended != Ended.PASSED:
                failure = result.failure
                what = (
                    f"{self._stage.project_path(failure.test)} ({failure.exception}: {failure.message})"
                    if failure
                    else ""
                )
                return what or f"{result.ended} {result.detail}".strip()
        return None

    def judge(self, server: TestServer, mutants: Sequence[Mutant], workers: int, record: Recorder) -> None:
        """Judge these mutants and record each verdict as it comes."""
        warm: list[Mutant] = []
        cold: list[Mutant] = []
        for mutant in mutants:
            if not self._selection.tests_by_mutant[mutant.id]:
                record(mutant, Verdict(mutant.id, Ended.NO_TESTS), Trace(frozenset(), frozenset()))
            elif function_of(mutant.name) in self._at_import:
                cold.append(mutant)
            else:
                warm.append(mutant)
        waiting = dict(enumerate(self._selection.longest_first(warm)))
        with suppress(ServerDiedError):
            self._judge_warm(server, waiting, workers, record)
        self._judge_rest(waiting, workers, record)
        self._judge_all_cold(cold, workers, record)

    def _judge_all_cold(self, mutants: list[Mutant], workers: int, record: Recorder) -> None:
        pool = ThreadPoolExecutor(workers)  # each thread waits for a process of its own
        try:
            for mutant, (verdict, trace) in zip(mutants, pool.map(self._judge_cold, mutants), strict=True):
                record(mutant, verdict, trace)
        finally:
            pool.shutdown(cancel_futures=True)

    def _judge_warm(
        self, server: TestServer, waiting: dict[int, Mutant], workers: int, record: Recorder
    ) -> None:
        jobs: Iterator[Callable[[], Job]] = (partial(self._job, n, m) for n, m in list(waiting.items()))
        for result in server.judge(jobs, workers):
            mutant = waiting.pop(result.number)
            if result.failure is not None and result.failure.test in self._tests:
                self._selection.learn(mutant, self._tests.index(result.failure.test))
            record(mutant, self._verdict(mutant, result), self._trace(mutant, result))

    def _judge_rest(self, waiting: dict[int, Mutant], workers: int, record: Recorder) -> None:
        # Mutants run in children, so the next server starts as clean as the first.
        for _ in range(_RESTARTS):
            if not waiting:
                return
            log = self._log / f"{self._target.name}-mutants.log"
            with suppress(ServerDiedError), TestServer(self._stage, log, self._functions) as server:
                self._judge_warm(server, waiting, workers, record)
        for mutant in waiting.values():
            lost = Verdict(mutant.id, Ended.LOST, detail=f"the tests' process went away {_RESTARTS} times")
            record(mutant, lost, self._blind(mutant))

    def _judge_cold(self, mutant: Mutant) -> tuple[Verdict, Trace]:
        """Judge code that runs at import in a process that imports it with the mutant active."""
        patience = _IMPORT_FLOOR + _IMPORT_FACTOR * self._selection.seconds(mutant)
        log = self._log / f"{self._target.name}-import-{mutant.id}.log"
        trace = self._blind(mutant)
        try:
            with TestServer(self._stage, log, self._functions, mutant=mutant.name, limit=patience) as server:
                found = server.collected
                called = frozenset(
                    ":".join(self._place[key]) for key in found.at_import if key in self._place
                )
                trace = replace(trace, functions=called, unknown="" in found.at_import)
                if found.errors:
                    test, message = found.errors[0]
                    ended = Ended.NOT_IMPORTED if found.broken else Ended.NOT_COLLECTED
                    where = found.broken[0] if found.broken else self._stage.project_path(test)
                    verdict = Verdict(mutant.id, ended, detail=f"{where}: {_last_line(message)}")
                elif found.tests != self._tests:
                    detail = "other tests are found with this mutant"
                    verdict = Verdict(mutant.id, Ended.NOT_COLLECTED, detail=detail)
                else:
                    result = next(server.judge([partial(self._job, 0, mutant)], 1))
                    verdict = self._verdict(mutant, result)
                    trace = self._trace(mutant, result)
                    trace = replace(trace, functions=trace.functions | called)
        except TimeoutError:
            detail = f"{patience:.0f} s at import"
            verdict = Verdict(mutant.id, Ended.WALL_LIMIT, wall=patience, detail=detail)
        except ServerDiedError:
            detail = "the tests' process ended while it collected"
            verdict = Verdict(mutant.id, Ended.NOT_COLLECTED, detail=detail)
        return verdict, trace

    def _trace(self, mutant: Mutant, result: JobResult) -> Trace:
        unknown, *marks = bytes.fromhex(result.called)
        called = frozenset(
            ":".join(self._place[key]) for key, mark in zip(self._functions, marks, strict=True) if mark
        )
        return Trace(called, frozenset(self.selected(mutant)), bool(unknown))

    def _blind(self, mutant: Mutant) -> Trace:
        """A trace for a process that could not say what it called: it may have been anything."""
        return Trace(frozenset(), frozenset(self.selected(mutant)), unknown=True)

    def _job(self, number: int, mutant: Mutant, name: str = "") -> Job:
        allowed = limits(
            self._selection.seconds(mutant), self._target.timeout_factor, self._target.timeout_floor
        )
        return Job(
            number=number,
            mutant=name or mutant.name,
            tests=self._selection.ordered(mutant),
            wall=allowed.wall,
            cpu=allowed.cpu,
            memory=self._memory,
        )

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
            )
        ended = Ended(result.ended)
        if ended is Ended.PASSED and mutant.id in self._unreached:  # tests that never get there say nothing
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


def _last_line(message: str) -> str:
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    return lines[-1][:300] if lines else "no message"
