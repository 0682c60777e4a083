"""The program that holds a pytest session: measures the clean run, or serves forks (`python -m ...session`)."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from mutmut_dashboard.engine import forkserver, mutmut_adapter
from mutmut_dashboard.engine.pytest_plugin import SessionPlugin, pytest_arguments
from mutmut_dashboard.engine.wire import SessionPlan
from mutmut_dashboard.model import Ended


def main() -> int:
    """Run the session that the plan on standard input asks for; the current folder is the tests' root."""
    plan = SessionPlan(**json.load(sys.stdin))
    with open(os.devnull) as nothing:  # noqa: PTH123 - a descriptor is wanted
        os.dup2(nothing.fileno(), 0)
    sys.path.insert(0, str(Path.cwd()))
    if plan.role == "measure":
        return _measure(plan)
    if plan.role == "judge":
        return _judge(plan)
    if plan.mutant:
        mutmut_adapter.activate(plan.mutant)
    else:
        mutmut_adapter.watch_calls()
    return _pytest(plan, SessionPlugin(plan, forkserver.serve))


def _pytest(plan: SessionPlan, plugin: SessionPlugin) -> int:
    return int(pytest.main(pytest_arguments(plan, Path.cwd()), plugins=[plugin]))


def _judge(plan: SessionPlan) -> int:
    result: dict[str, object] = {}

    def run(plugin: SessionPlugin) -> None:
        items = {item.nodeid: item for item in plugin.items}
        missing = [test for test in plan.tests if test not in items]
        failure, tests_run = None, 0
        for at, test in enumerate(() if missing else plan.tests):
            following = items[plan.tests[at + 1]] if at + 1 < len(plan.tests) else None
            failure, tests_run = plugin.run(items[test], following), at + 1
            if failure is not None:
                break
        ended = Ended.NOT_IMPORTED if missing else Ended.FAILED if failure else Ended.PASSED
        detail = f"{missing[0]} was not collected" if missing else ""
        result.update(ended=ended, failure=failure and asdict(failure), tests_run=tests_run, detail=detail)

    code = _pytest(plan, SessionPlugin(plan, run))
    Path(plan.output).write_text(json.dumps(result), encoding="utf-8")
    return code


def _measure(plan: SessionPlan) -> int:
    import coverage  # noqa: PLC0415 - a process that forks stays small without it

    data = Path(plan.output)
    measurement = coverage.Coverage(data_file=None, branch=True, include=plan.code, messages=False)
    result: dict[str, object] = {"errors": [], "tests": []}

    def run(plugin: SessionPlugin) -> None:
        result["errors"] = [asdict(error) for error in plugin.collection_errors]
        if not plugin.collection_errors:
            result["tests"] = [asdict(test) for test in plugin.run_all(before=measurement.switch_context)]

    measurement.start()
    try:
        code = _pytest(plan, SessionPlugin(plan, run))
    finally:
        measurement.stop()
    report = data.with_suffix(".coverage.json")
    try:
        measurement.json_report(plan.code, outfile=str(report), show_contexts=True)
        result["coverage"] = json.loads(report.read_text(encoding="utf-8"))["files"]
    except coverage.exceptions.NoDataError:
        result["coverage"] = {}
    data.write_text(json.dumps(result), encoding="utf-8")
    return code


if __name__ == "__main__":
    sys.exit(main())
