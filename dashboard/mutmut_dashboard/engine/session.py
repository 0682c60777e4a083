"""The program that holds a pytest session: measures the clean run, or serves forks (`python -m ...session`)."""

from __future__ import annotations

import json
import os
import socket
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mutmut_dashboard.engine import forkserver, mutmut_trampoline, temporary
from mutmut_dashboard.engine.alone import used_memory
from mutmut_dashboard.engine.child import end_with_parent
from mutmut_dashboard.engine.footprint import Footprint, loaded_files
from mutmut_dashboard.engine.output import Output
from mutmut_dashboard.engine.pytest_plugin import SessionPlugin, pytest_arguments
from mutmut_dashboard.engine.stand_ins import StandIns
from mutmut_dashboard.engine.thread_tracing import one_at_a_time
from mutmut_dashboard.engine.wire import Chosen, SessionPlan, encode, receive
from mutmut_dashboard.model import Ended

if TYPE_CHECKING:
    from coverage import CoverageData


def main() -> int:
    """Run the session that the plan on standard input asks for; the current folder is the tests' root."""
    end_with_parent()  # or it would go on in the stage beside the next run's
    plan = SessionPlan(**json.load(sys.stdin))
    with open(os.devnull) as nothing:  # noqa: PTH123 - a descriptor is wanted
        os.dup2(nothing.fileno(), 0)
    sys.path.insert(0, str(Path.cwd()))
    temporary.use(str(Path(plan.temporary, "0")))
    output = Output.of_this_process(plan.kept_output)
    sys.dont_write_bytecode = not plan.bytecode or plan.role == "judge"
    if plan.role == "measure":
        return _measure(plan, output)
    if plan.role == "judge":
        return _judge(plan, output)
    mutmut_trampoline.install(plan.functions)
    mutmut_trampoline.activate(plan.mutant)
    return _pytest(plan, SessionPlugin(plan, forkserver.serve, output))


def _pytest(plan: SessionPlan, plugin: SessionPlugin) -> int:
    return int(pytest.main(pytest_arguments(plan, Path.cwd()), plugins=[plugin]))


def _judge(plan: SessionPlan, output: Output) -> int:
    result: dict[str, object] = {}

    def run(plugin: SessionPlugin) -> None:
        items = {item.nodeid: item for item in plugin.items}
        tests = _as_they_stand(plan, list(items)) if plan.again else plan.tests
        missing = [test for test in tests if test not in items]
        failure, tests_run = None, 0
        for at, test in enumerate(() if missing else tests):
            following = items[tests[at + 1]] if at + 1 < len(tests) else None
            output.keep(passing_on=True)
            failure, tests_run = plugin.run(items[test], following), at + 1
            if failure is not None:
                break
        ended = Ended.NOT_IMPORTED if missing else Ended.FAILED if failure else Ended.PASSED
        detail = f"{missing[0]} was not collected" if missing else ""
        result.update(ended=ended, failure=failure and asdict(failure), tests_run=tests_run, detail=detail)

    code = _pytest(plan, SessionPlugin(plan, run, output))
    Path(plan.output).write_text(json.dumps(result), encoding="utf-8")
    return code


def _as_they_stand(plan: SessionPlan, collected: list[str]) -> list[str]:
    """Put first what reaches the function, then what is new or changed; what is gone is let go."""
    known, first = set(plan.known), dict.fromkeys(test for test in plan.tests if test in collected)
    return [*first, *(test for test in collected if test not in known and test not in first)]


def _measure(plan: SessionPlan, output: Output) -> int:
    # A process that forks stays small without it.
    from coverage.exceptions import NoDataError  # noqa: PLC0415

    from mutmut_dashboard.engine.own_coverage import measurement_of  # noqa: PLC0415

    target = Path(plan.output)
    data_file = target.with_suffix(".coverage")
    data_file.unlink(missing_ok=True)
    measurement = measurement_of(plan.code, data_file)
    result: dict[str, object] = {"errors": [], "tests": []}
    footprint = Footprint(Path.cwd())
    chosen = Chosen()

    def run(plugin: SessionPlugin) -> None:
        result["errors"] = [asdict(error) for error in plugin.collection_errors]
        if not plugin.collection_errors:
            nonlocal chosen
            chosen = _chosen(plan, [item.nodeid for item in plugin.items])
            tests = set(chosen.tests or ())
            items = [item for item in plugin.items if chosen.tests is None or item.nodeid in tests]
            stand_ins = None if plan.throughout else StandIns(sys.gettrace(), plan.code, turns)
            runs = plugin.run_all(items, before=measurement.switch_context)
            result["tests"] = [asdict(run) for run in runs]
            if stand_ins is not None and stand_ins.stand:
                failed = (f"{run.id} failed" for run in runs if run.outcome == "failed")
                result["doubtful"] = stand_ins.doubtful or next(failed, "")

    measurement.start()
    try:
        with one_at_a_time() as turns:
            code = _pytest(plan, SessionPlugin(plan, run, output))
    finally:
        measurement.stop()
        footprint.stop()
    result["memory"] = asdict(used_memory())
    result |= {"loaded": loaded_files(Path.cwd()), "opened": footprint.opened(), "listed": footprint.listed()}
    measurement.save()
    _carry(measurement.get_data(), chosen.carried)
    report = target.with_suffix(".coverage.json")
    try:
        measurement.json_report(plan.code, outfile=str(report))
        result["coverage"] = json.loads(report.read_text(encoding="utf-8"))["files"]
    except NoDataError:
        result["coverage"] = {}
    target.write_text(json.dumps(result), encoding="utf-8")
    return code


def _chosen(plan: SessionPlan, collected: list[str]) -> Chosen:
    if plan.control < 0:
        return Chosen(**plan.chosen)
    found = Path(plan.output).with_suffix(".collected.json")
    found.write_text(json.dumps(collected), encoding="utf-8")  # no pipe holds them, and nobody may read yet
    with socket.socket(fileno=plan.control) as control:
        control.sendall(encode("collected", str(found)))
        _, body = receive(plan.control)
    return Chosen(**body)


def _carry(data: CoverageData, carried: str) -> None:
    """Take over what tests ran that are not run again: for the report, to which all tests are one."""
    if carried:
        arcs = json.loads(Path(carried).read_text(encoding="utf-8"))
        data.set_context("")
        data.add_arcs({file: [(begin, end) for begin, end in own] for file, own in arcs.items()})


if __name__ == "__main__":
    sys.exit(main())
