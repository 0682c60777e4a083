"""From mutants to verdicts: sends each mutant with its tests to the tests' process and reads how it ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from mutmut_dashboard.config import Target
from mutmut_dashboard.engine.mutmut_adapter import function_of
from mutmut_dashboard.engine.selection import Selection, limits, longest_first
from mutmut_dashboard.engine.stage import Stage
from mutmut_dashboard.engine.wire import Job, JobResult
from mutmut_dashboard.engine.workers import CleanRun, ServerDiedError, TestServer
from mutmut_dashboard.model import Ended, How, Kill, Mutant, Verdict

_SPARE_MEMORY = 4 * 2**30
"""Bytes a mutant may use above what the clean run used."""
_RESTARTS = 3
"""How often the tests' process may go away before the rest is given up."""
_IMPORT_FACTOR = 20.0
_IMPORT_FLOOR = 30.0

Recorder = Callable[[Mutant, Verdict], None]


class Judging:
    """The judging of one target's mutants after its clean run."""

    def __init__(
        self,
        target: Target,
        stage: Stage,
        mutants: Sequence[Mutant],
        clean: CleanRun,
        at_import: frozenset[str],
        log: Path,
    ) -> None:
        self._target, self._stage, self._log = target, stage, log
        self._tests = [test.id for test in clean.tests]
        self._memory = clean.memory + _SPARE_MEMORY if clean.memory else 0
        self._key_of = {m.id: function_of(m.name) for m in mutants if m.name}
        self._place = {function_of(m.name): (m.file, m.function) for m in mutants if m.name}
        self._at_import = at_import & self._place.keys()
        tests_by_key: dict[str, list[int]] = {key: [] for key in self._place}
        for number, test in enumerate(clean.tests):
            for key in test.called:
                if key in tests_by_key:
                    tests_by_key[key].append(number)
        everything = list(range(len(clean.tests)))
        for key in self._at_import:  # what they left behind at import may matter to any test
            tests_by_key[key] = everything
        self._selection = Selection([test.duration for test in clean.tests], tests_by_key)

    def tests_by_key(self) -> dict[str, list[str]]:
        """Mutmut's function key -> test ids in the stage."""
        return {
            key: [self._tests[n] for n in found] for key, found in self._selection.tests_by_function.items()
        }

    def reach(self) -> dict[tuple[str, str], list[str]]:
        """(File, function) -> ids of the tests that run it, from the project's root."""
        return {
            self._place[key]: [self._stage.project_path(test) for test in tests]
            for key, tests in self.tests_by_key().items()
        }

    def judge(self, server: TestServer, mutants: Sequence[Mutant], workers: int, record: Recorder) -> None:
        """Judge these mutants and record each verdict as it comes."""
        warm: list[Mutant] = []
        cold: list[Mutant] = []
        for mutant in mutants:
            key = self._key_of[mutant.id]
            if not self._selection.tests_by_function[key]:
                record(mutant, Verdict(mutant.id, Ended.NO_TESTS))
            elif key in self._at_import:
                cold.append(mutant)
            else:
                warm.append(mutant)
        by_id = {mutant.id: mutant for mutant in warm}
        order = longest_first([(m.id, self._key_of[m.id]) for m in warm], self._selection)
        waiting = {number: by_id[mutant_id] for number, mutant_id in enumerate(order)}
        with suppress(ServerDiedError):
            self._judge_warm(server, waiting, workers, record)
        self._judge_rest(waiting, workers, record)
        for mutant in cold:
            record(mutant, self._judge_cold(mutant))

    def _judge_warm(
        self, server: TestServer, waiting: dict[int, Mutant], workers: int, record: Recorder
    ) -> None:
        jobs: Iterator[Callable[[], Job]] = (partial(self._job, n, m) for n, m in list(waiting.items()))
        for result in server.judge(jobs, workers):
            mutant = waiting.pop(result.number)
            record(mutant, self._verdict(mutant, result))

    def _judge_rest(self, waiting: dict[int, Mutant], workers: int, record: Recorder) -> None:
        # Mutants run in children, so the next server starts as clean as the first.
        for _ in range(_RESTARTS):
            if not waiting:
                return
            log = self._log / f"{self._target.name}-mutants.log"
            with suppress(ServerDiedError), TestServer(self._stage, log) as server:
                self._judge_warm(server, waiting, workers, record)
        for mutant in waiting.values():
            record(
                mutant,
                Verdict(mutant.id, Ended.LOST, detail=f"the tests' process went away {_RESTARTS} times"),
            )

    def _judge_cold(self, mutant: Mutant) -> Verdict:
        """Judge code that runs at import in a process that imports it with the mutant active."""
        everything = self._selection.seconds(self._key_of[mutant.id])
        patience = _IMPORT_FLOOR + _IMPORT_FACTOR * everything
        log = self._log / f"{self._target.name}-import.log"
        try:
            with TestServer(self._stage, log, mutant=mutant.name, limit=patience) as server:
                if server.collected.errors:
                    return Verdict(mutant.id, Ended.NOT_IMPORTED, detail=server.collected.errors[0][1][-500:])
                if server.collected.tests != self._tests:
                    return Verdict(
                        mutant.id, Ended.NOT_IMPORTED, detail="other tests are collected with this mutant"
                    )
                result = next(server.judge([partial(self._job, 0, mutant)], 1))
        except TimeoutError:
            return Verdict(mutant.id, Ended.WALL_LIMIT, wall=patience, detail=f"{patience:.0f} s at import")
        except ServerDiedError:
            return Verdict(mutant.id, Ended.NOT_IMPORTED, detail="the tests' process ended while importing")
        return self._verdict(mutant, result)

    def _job(self, number: int, mutant: Mutant) -> Job:
        key = self._key_of[mutant.id]
        allowed = limits(
            self._selection.seconds(key), self._target.timeout_factor, self._target.timeout_floor
        )
        return Job(
            number=number,
            mutant=mutant.name,
            tests=self._selection.ordered(key),
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
            if failure.test in self._tests:
                self._selection.learn(self._key_of[mutant.id], self._tests.index(failure.test))
        return Verdict(
            mutant_id=mutant.id,
            ended=Ended(result.ended),
            wall=result.wall,
            cpu=result.cpu,
            tests_run=result.tests_run,
            kill=kill,
            detail=result.detail,
        )
