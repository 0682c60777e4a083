"""`mutmut-dashboard run`, for real: exit codes, the summary, and what the store holds afterwards."""

from __future__ import annotations

import signal
import subprocess
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stories import HEEDING_CTRL_C, Verified
from trees_support import (
    TREES,
    Facts,
    TreeRun,
    clean_environment,
    command_line,
    copy_of_tree,
    facts_of,
    run_cli,
)

from mutmut_dashboard import __version__, metrics
from mutmut_dashboard.engine.judging import memory_limit
from mutmut_dashboard.engine.wire import CleanMemory
from mutmut_dashboard.model import Ended, How, RunState, Status

TOLD_TREES = [
    "one_survivor",
    "hostile",
    "flows",
    "skipped_with_reasons",
    "runs_at_import",
    "nothing_to_mutate",
    "hangs_when_mutated",
]


@pytest.fixture(params=TOLD_TREES)
def any_tree(request: pytest.FixtureRequest, told: dict[str, Any]) -> TreeRun:
    run = told[request.param].result()
    assert isinstance(run, TreeRun)
    return run


class TestEveryRun:
    # The fixture names the trees for the conftest, which runs what is named.
    pytestmark = pytest.mark.usefixtures(*TOLD_TREES)

    def test_ends_with_0_and_says_where_the_dashboard_is(self, any_tree: TreeRun) -> None:
        assert any_tree.outcome.code == 0, any_tree.outcome.err
        page = any_tree.folder / "dashboard" / "site" / "index.html"
        assert page.is_file()
        assert any_tree.outcome.out.splitlines()[-1] == f"Dashboard: {page.resolve()}"

    def test_shows_no_traceback(self, any_tree: TreeRun) -> None:
        assert "Traceback" not in any_tree.outcome.out + any_tree.outcome.err

    def test_places_each_mutant_where_its_original_stands(self, any_tree: TreeRun) -> None:
        for mutant in any_tree.facts.mutants:
            lines = any_tree.facts.sources[mutant.file].split("\n")[mutant.line - 1 : mutant.end_line]
            lines[-1] = lines[-1][: mutant.end_column - 1]
            lines[0] = lines[0][mutant.column - 1 :]

            assert "\n".join(lines) == mutant.original

    def test_keeps_the_sources_as_they_are(self, any_tree: TreeRun) -> None:
        for file, text in any_tree.facts.sources.items():
            assert (any_tree.folder / file).read_bytes().decode() == text

    def test_gives_every_mutant_an_id_of_its_own_and_a_diff_that_starts_at_its_line(
        self, any_tree: TreeRun
    ) -> None:
        mutants = any_tree.facts.mutants

        assert len({mutant.id for mutant in mutants}) == len(mutants)
        for mutant in mutants:
            _, *body = mutant.diff.split("\n")[:-1]
            first = int(mutant.diff.removeprefix("@@ -").partition(",")[0])
            removed = next(at for at, line in enumerate(body) if line.startswith("-"))
            source = any_tree.facts.sources[mutant.file].split("\n")
            assert body[removed][1:] == source[first + removed - 1]
            assert first + removed == mutant.line

    def test_judges_every_mutant_that_is_not_skipped(self, any_tree: TreeRun) -> None:
        for mutant in any_tree.facts.mutants:
            assert (mutant.id in any_tree.facts.verdicts) == (mutant.skip_reason is None)

    def test_names_a_killer_among_the_recorded_tests(self, any_tree: TreeRun) -> None:
        tests = {test.id for test in any_tree.facts.tests}
        for verdict in any_tree.facts.verdicts.values():
            assert (verdict.kill is not None) == (verdict.ended is Ended.FAILED)
            if verdict.kill is not None:
                assert verdict.kill.test in tests
                assert verdict.tests_run >= 1

    def test_times_its_verdicts_within_the_run(self, any_tree: TreeRun) -> None:
        run = any_tree.facts.run
        started, finished = map(datetime.fromisoformat, (run.started_at, run.finished_at))
        for verdict in any_tree.facts.verdicts.values():
            judged = datetime.fromisoformat(verdict.judged_at)
            assert started <= judged <= finished
            assert timedelta(0) == judged.utcoffset()
            assert verdict.wall >= 0
            assert verdict.cpu >= 0

    def test_records_where_its_verdicts_come_from(self, any_tree: TreeRun) -> None:
        run = any_tree.facts.run
        origin = run.provenance
        assert run.state is RunState.COMPLETE
        assert origin.command == "mutmut-dashboard run"
        assert origin.versions["mutmut-dashboard"] == __version__
        assert {"mutmut", "pytest", "hypothesis"} <= origin.versions.keys()
        assert len(origin.fingerprint) == 64
        assert origin.workers >= 1
        assert origin.profile["derandomize"] == "yes"
        assert (origin.commit, origin.dirty) == ("", False)

    def test_records_tests_with_their_durations(self, any_tree: TreeRun) -> None:
        tests = any_tree.facts.tests
        assert tests
        for test in tests:
            assert test.outcome == "passed"
            assert 0 < test.duration < 60
            assert (any_tree.folder / test.id.partition("::")[0]).is_file()

    def test_writes_nothing_into_the_users_tree(self, any_tree: TreeRun) -> None:
        original = TREES / any_tree.folder.name
        before = {p.relative_to(original) for p in original.rglob("*") if "__pycache__" not in p.parts}
        after = {p.relative_to(any_tree.folder) for p in any_tree.folder.rglob("*")}
        assert {path.parts[0] for path in after - before} == {".mutation", "dashboard"}
        for path in before:
            if (original / path).is_file():
                assert (any_tree.folder / path).read_bytes() == (original / path).read_bytes()

    def test_sums_up_what_the_store_holds(self, any_tree: TreeRun) -> None:
        facts = any_tree.facts
        counts = metrics.count(facts.status(m) for m in facts.mutants)
        out = any_tree.outcome.out
        assert f"{counts.total} mutants" in out
        assert str(metrics.mutation_score(counts)) in out
        assert f"killed {counts.killed}" in out
        assert f"timeout {counts.timeout}" in out


def test_a_survivor_is_a_result_and_no_failure(one_survivor: TreeRun) -> None:
    assert one_survivor.outcome.code == 0
    assert one_survivor.facts.having(Status.SURVIVED) == {("may_enter", ">", ">=")}
    assert one_survivor.facts.verdict("may_enter", ">", ">=").ended is Ended.PASSED
    assert one_survivor.facts.verdict("may_enter", ">", ">=").tests_run == 2


def test_only_tests_that_call_the_function_judge_its_mutants(one_survivor: TreeRun) -> None:
    reach = one_survivor.facts.reach
    assert {k: sorted(v) for k, v in reach.items()} == {
        ("ages/rules.py", "may_enter"): [
            "tests/test_rules.py::test_a_child_may_not_enter",
            "tests/test_rules.py::test_a_grown_up_may_enter",
        ],
        ("ages/rules.py", "years_left"): ["tests/test_rules.py::test_years_left_and_age_add_up"],
    }


def test_a_kill_by_assertion_is_recorded_with_test_message_and_example(one_survivor: TreeRun) -> None:
    kill = one_survivor.facts.kill("years_left", "65", "66")

    assert kill.test == "tests/test_rules.py::test_years_left_and_age_add_up"
    assert kill.how is How.ASSERTION
    assert kill.exception == "AssertionError"
    assert "assert (66 + 0) == 65" in kill.message
    assert "test_years_left_and_age_add_up" in kill.example
    assert "age=0" in kill.example


def test_a_kill_tells_where_the_test_failed_and_what_it_printed_and_logged(
    one_survivor: TreeRun,
) -> None:
    kill = one_survivor.facts.kill("years_left", "65", "66")
    lines = (one_survivor.folder / "tests" / "test_rules.py").read_text(encoding="utf-8").split("\n")

    (place,) = kill.places
    file, _, line = place.rpartition(":")
    assert (file, lines[int(line) - 1].strip()) == (
        "tests/test_rules.py",
        "assert years_left(age) + age == 65",
    )
    assert kill.output.startswith("at 0\n")
    assert "\n\nCaptured log call\nWARNING  ages:" in kill.output
    assert kill.output.endswith("asked at 0")


def test_the_code_of_each_test_is_recorded_with_its_line(one_survivor: TreeRun) -> None:
    lines = (one_survivor.folder / "tests" / "test_rules.py").read_text(encoding="utf-8").split("\n")

    assert len(one_survivor.facts.tests) == 3
    for test in one_survivor.facts.tests:
        code = test.code.split("\n")
        assert lines[test.line - 1 : test.line - 1 + len(code)] == code
        assert f"def {test.id.partition('::')[2]}(" in test.code


def test_coverage_of_the_clean_run_is_recorded_with_the_tests_of_each_line(one_survivor: TreeRun) -> None:
    coverage = one_survivor.facts.coverage["ages/rules.py"]

    assert coverage.executed == (1, 4, 5, 8, 9)[-len(coverage.executed) :]
    assert coverage.missing == ()
    assert [coverage.tests[at] for at in coverage.tests_by_line[9]] == [
        "tests/test_rules.py::test_years_left_and_age_add_up"
    ]


def test_a_kill_by_an_exception_in_the_code_is_told_from_an_assertion(verified: Verified) -> None:
    facts = verified.facts

    assert facts.having(Status.KILLED) == set(facts.statuses)
    assert facts.kill("price", "lower", "upper").how is How.EXCEPTION
    assert facts.kill("price", "lower", "upper").exception == "KeyError"
    assert facts.kill("total", "1", "2").how is How.ASSERTION
    assert "100 %" in verified.outcome.out


def test_a_test_that_fails_kills_though_another_one_hangs_before_it(tmp_path: Path) -> None:
    (tmp_path / "mutmut_config.py").write_text(
        "from mutmut_dashboard.config import Target\n\n"
        'TARGETS = [Target(name="steps", modules=["steps.py"], suites=["test_steps.py"], timeout_factor=1.0, timeout_floor=0.1)]\n'
    )
    (tmp_path / "steps.py").write_text(
        "def descend(left, forbidden):\n    while left > 0:\n        left -= 1\n"
        "        if left == forbidden:\n            raise ValueError\n    return left\n"
    )
    (tmp_path / "test_steps.py").write_text(
        "import time\n\nfrom steps import descend\n\n\ndef test_quick():\n    assert descend(3, -9) == 0\n\n\n"
        "def test_slow():\n    time.sleep(0.3)\n    assert descend(3, 4) == 0\n"
    )

    assert run_cli(tmp_path, "run", "--no-page").code == 0

    facts = facts_of(tmp_path)
    assert facts.kill("descend", "-=", "+=").test == "test_steps.py::test_slow"
    assert facts.verdict("descend", "-=", "+=").tests_run == 2


def a_project_of(folder: Path, code: str, test: str) -> Path:
    (folder / "mutmut_config.py").write_text(
        "from mutmut_dashboard.config import Target\n\n"
        'TARGETS = [Target(name="code", modules=["code_.py"], suites=["test_code.py"])]\n'
    )
    (folder / "code_.py").write_text(code)
    (folder / "test_code.py").write_text(test)
    return folder


def facts_of_a_run(project: Path, *arguments: str, shared: str = "") -> Facts:
    """Run a project; `shared` is what its tests find in the environment under that name."""
    run = run_cli(project, "run", "--no-page", *arguments, SHARED=shared)
    assert run.code == 0, run.err
    return facts_of(project)


def test_mutants_that_only_wait_hold_no_worker(tmp_path: Path) -> None:
    """Three wait for what the fourth does, which no worker would be left for."""
    project = a_project_of(
        tmp_path,
        "def first():\n    return 1 + 2\n\n\ndef second():\n    return 4\n",
        "import time\nfrom pathlib import Path\n\nfrom code_ import first, second\n\nDONE = Path('done')\n\n\n"
        "def test_both():\n    if second() != 4:\n        DONE.touch()\n        assert False\n"
        "    if first() != 3:\n        while not DONE.exists():\n            time.sleep(0.05)\n",
    )

    facts = facts_of_a_run(project, "--workers", "2")

    assert {function for function, _, _ in facts.having(Status.SURVIVED)} == {"first"}
    assert len(facts.of("first", Status.SURVIVED)) == 3
    assert facts.having(Status.KILLED) == {("second", "4", "5")}


def test_one_worker_never_runs_two_side_by_side_though_one_waits(tmp_path: Path) -> None:
    """It is what one asks for whose tests all want the same database, or port; the run on the original wants it, too."""
    shared = tmp_path / "shared"
    shared.mkdir()
    project = a_project_of(
        tmp_path,
        "def value():\n    return 1 + 2\n",
        "import os, time\nfrom pathlib import Path\n\nfrom code_ import value\n\n"
        "SHARED = Path(os.environ['SHARED'])\nON_THE_COPY = Path.cwd().name == 'mutants'\n\n"
        "if ON_THE_COPY:\n    (SHARED / 'collected').touch()\n\n\n"
        "def test_value():\n    (SHARED / 'mine').mkdir()\n"
        "    while not ON_THE_COPY and not (SHARED / 'collected').exists():\n        time.sleep(0.05)\n"
        "    if value() != 3 or not ON_THE_COPY:\n        time.sleep(0.7)\n"
        "    (SHARED / 'mine').rmdir()\n    assert value() == 3\n",
    )

    facts = facts_of_a_run(project, "--workers", "1", shared=str(shared))

    assert [facts.kill(*change).exception for change in facts.by_change] == ["AssertionError"] * 3


def test_tests_that_fail_side_by_side_are_told_from_others_and_what_helps_is_said(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    code = "import os, time\nfrom pathlib import Path\n\nfrom code_ import value\n\nSHARED = Path(os.environ['SHARED'])\n\n\n"
    test = (
        "def test_{name}():\n    if Path.cwd().name == 'mutants':\n        (SHARED / 'mine').mkdir()\n"
        "        time.sleep(0.7)\n        (SHARED / 'mine').rmdir()\n    assert value() == 3\n\n\n"
    )
    project = a_project_of(
        tmp_path,
        "def value():\n    return 1 + 2\n",
        code + test.format(name="one") + test.format(name="two"),
    )

    run = run_cli(project, "run", "--no-page", "--workers", "2", SHARED=str(shared))

    assert run.code == 4
    assert "failing at times on the same code (flaky" in run.err
    assert "--workers 1 runs one at a time" in run.err


def test_what_the_project_sets_for_its_own_coverage_takes_no_test_from_its_line(tmp_path: Path) -> None:
    project = a_project_of(
        tmp_path,
        "def price(n):\n    if n > 10:\n        return n * 2\n    return n\n\n\n"
        "def other(n):  # pragma: no cover\n    return n - 1\n",
        "from code_ import other, price\n\n\ndef test_much():\n    assert price(20) == 40\n\n\n"
        "def test_little():\n    assert price(1) == 1 and other(2) == 1\n",
    )
    (project / "pyproject.toml").write_text(
        '[tool.coverage.run]\ndynamic_context = "test_function"\ncontext = "mine"\nparallel = true\nrelative_files = true\n'
        'concurrency = ["thread", "multiprocessing"]\nsource = ["tests"]\nomit = ["*/code_.py"]\ncore = "pytrace"\n'
        'data_file = "mine"\npatch = ["subprocess"]\nsigterm = true\n'
    )

    facts = facts_of_a_run(project)

    assert not (project / "mine").exists()
    found = facts.coverage["code_.py"]
    tests = {
        line: {found.tests[at].partition("::")[2] for at in own} for line, own in found.tests_by_line.items()
    }
    assert {line: tests[line] for line in (2, 3, 4)} == {
        2: {"test_much", "test_little"},
        3: {"test_much"},
        4: {"test_little"},
    }
    assert set(found.excluded) == {7, 8}
    assert facts.verdict("price", "2", "3").tests_run == 1


def test_no_order_and_nothing_that_pytest_keeps_gets_from_a_run_or_a_mutant_to_another(
    tmp_path: Path,
) -> None:
    """What pytest-randomly and pytest-random-order ask for in `addopts` is understood; a conftest stands in for the latter."""
    project = a_project_of(
        tmp_path,
        "def value():\n    return 1 + 2\n",
        "from code_ import value\n\n\n"
        "def test_value(cache, pytestconfig):\n    known = cache.get('known/value', None)\n"
        "    cache.set('known/value', value() if known is None else known)\n"
        "    assert cache.get('known/value', None) == 3\n    assert known is None\n"
        "    assert pytestconfig.option.randomly_seed == 0\n    assert not pytestconfig.option.randomly_reorganize\n"
        "    assert not pytestconfig.option.lf and not pytestconfig.option.failedfirst\n",
    )
    (project / "pyproject.toml").write_text(
        '[tool.pytest.ini_options]\naddopts = "--ff --lf --sw --randomly-seed=last --random-order --numprocesses 4 --dist load --cov=code_"\n'
    )
    (project / "conftest.py").write_text(
        "class OfXdist:\n    def pytest_configure_node(self, node):\n        pass\n\n\n"
        "class Shuffles:\n    def pytest_collection_modifyitems(self):\n        raise AssertionError('an order by chance')\n\n\n"
        "def pytest_addoption(parser, pluginmanager):\n"
        "    parser.addoption('--random-order', action='store_true')\n"
        "    pluginmanager.register(Shuffles(), 'random_order')\n    pluginmanager.register(object(), 'xdist')\n"
        "    pluginmanager.add_hookspecs(OfXdist)\n"
        "    parser.addoption('--numprocesses', type=int)\n    parser.addoption('--dist', default='no')\n"
        "    parser.addoption('--tx', action='append', default=[])\n\n\n"
        "def pytest_configure(config):\n"
        "    assert (config.option.dist, config.option.tx, config.option.numprocesses) == ('no', [], 0)\n"
    )

    facts = facts_of_a_run(project)

    assert [facts.kill(*change).exception for change in facts.by_change] == ["AssertionError"] * 3
    assert {facts.kill(*change).message.splitlines()[0] for change in facts.by_change} == {
        "assert 4 == 3",
        "assert -1 == 3",
    }
    assert not (project / ".pytest_cache").exists()


def test_where_tests_that_fail_are_run_again_it_is_still_known_how_they_failed(tmp_path: Path) -> None:
    """As pytest-rerunfailures does it, for which a conftest stands in: reports are told of when the test is over."""
    project = a_project_of(
        tmp_path,
        "def value(known):\n    return known['one'] + 2\n",
        "from code_ import value\n\n\ndef test_value():\n    assert value({'one': 1}) == 3\n",
    )
    (project / "conftest.py").write_text(
        "from _pytest.runner import runtestprotocol\n\n\n"
        "def pytest_runtest_protocol(item, nextitem):\n"
        "    for _ in range(2):\n        reports = runtestprotocol(item, nextitem=nextitem, log=False)\n"
        "        if not any(report.failed for report in reports):\n            break\n"
        "    for report in reports:\n        item.ihook.pytest_runtest_logreport(report=report)\n    return True\n"
    )

    facts = facts_of_a_run(project)

    kills = {change[1:]: facts.kill(*change) for change in facts.by_change}
    assert (kills["+", "-"].how, kills["+", "-"].exception) == (How.ASSERTION, "AssertionError")
    assert (kills["'one'", "'ONE'"].how, kills["'one'", "'ONE'"].exception) == (How.EXCEPTION, "KeyError")
    assert kills["+", "-"].places == ("test_code.py:5",)


def test_ctrl_c_does_not_wait_for_what_is_judged_at_import(tmp_path: Path) -> None:
    project = a_project_of(
        tmp_path,
        "def limit():\n    return 3\n\n\nLIMIT = limit()\n",
        "import os, time\nfrom pathlib import Path\n\nfrom code_ import LIMIT\n\nTOLD = Path(os.environ['TOLD'])\n\n"
        "if LIMIT != 3:\n    (TOLD / 'begun').touch()\n    time.sleep(4)\n    (TOLD / 'ended').touch()\n\n\n"
        "def test_limit():\n    assert LIMIT == 3\n",
    )
    with subprocess.Popen(
        [*HEEDING_CTRL_C, *command_line("run", "--no-page")],
        cwd=project,
        env=clean_environment(TOLD=str(tmp_path)),
        stderr=subprocess.DEVNULL,
    ) as run:
        while not (tmp_path / "begun").exists():
            assert run.poll() is None
        run.send_signal(signal.SIGINT)

    assert run.returncode == 3
    assert not (tmp_path / "ended").exists()


@pytest.mark.parametrize(
    ("settings", "conftest", "said"),
    [
        ('addopts = "--no-such-option"', "", "(exit 4): unrecognized arguments: --no-such-option."),
        (
            "",
            "def pytest_configure():\n    raise LookupError('no key here')\n",
            "(exit 3): LookupError: no key here.",
        ),
    ],
)
def test_where_pytest_cannot_start_it_is_said_what_it_complains_of(
    settings: str, conftest: str, said: str, tmp_path: Path
) -> None:
    project = a_project_of(tmp_path, "def one():\n    return 1\n", "def test_one():\n    pass\n")
    (project / "pyproject.toml").write_text(f"[tool.pytest.ini_options]\n{settings}\n")
    (project / "conftest.py").write_text(conftest)

    run = run_cli(project, "run", "--no-page")

    assert run.code == 4
    assert f"pytest could not run the suites on the original code {said} See " in run.err


def test_a_busy_loop_meets_the_cpu_limit_and_a_sleeper_the_wall_limit(hangs_when_mutated: TreeRun) -> None:
    facts = hangs_when_mutated.facts
    busy, asleep = facts.verdict("spin", "not", ""), facts.verdict("doze", "not", "")

    assert (busy.ended, asleep.ended) == (Ended.CPU_LIMIT, Ended.WALL_LIMIT)
    assert busy.cpu > 0.5
    assert asleep.cpu < 1
    assert asleep.wall > 5
    assert facts.having(Status.TIMEOUT) == {("spin", "not", ""), ("doze", "not", "")}
    assert "timeout 2" in hangs_when_mutated.outcome.out


def test_a_mutant_that_takes_gigabytes_is_out_of_memory_and_no_kill(greedy: TreeRun) -> None:
    verdict = greedy.facts.verdict("room", ">>", "<<")

    assert verdict.ended is Ended.OUT_OF_MEMORY
    assert greedy.facts.statuses["room", ">>", "<<"] is Status.ERROR
    assert verdict.kill is None
    assert greedy.outcome.code == 3


def test_an_import_that_never_ends_is_given_up_by_what_importing_takes(greedy: TreeRun) -> None:
    verdict = greedy.facts.verdict("settled", "-=", "+=")

    assert verdict.ended is Ended.WALL_LIMIT
    assert verdict.detail == f"{verdict.wall:.0f} s at import"
    assert verdict.wall > 5


@given(st.integers(1, 2**40), st.integers(0, 2**40))
def test_a_mutant_may_always_use_a_gibibyte_more_than_the_clean_run_and_four_times_as_much(
    space: int, resident: int
) -> None:
    """Room grows with what was used and is never small."""
    limit = memory_limit(CleanMemory(space, resident))

    assert limit - space >= 2**30
    assert limit - space >= 4 * resident
    assert limit - space in (2**30, 4 * resident)


def test_without_knowing_what_the_clean_run_used_there_is_no_limit() -> None:
    assert memory_limit(CleanMemory()) == 0


def test_nothing_to_mutate_is_said_and_no_failure(nothing_to_mutate: TreeRun) -> None:
    assert nothing_to_mutate.facts.mutants == []
    assert "mutmut finds nothing to mutate in names.py" in nothing_to_mutate.outcome.err
    assert "n/a" in nothing_to_mutate.outcome.out


def test_a_function_that_runs_at_import_is_judged_by_importing_it_with_the_mutant(
    runs_at_import: TreeRun,
) -> None:
    facts = runs_at_import.facts

    assert facts.kill("doubles", "+", "-").how is How.ASSERTION
    assert facts.kill("following", "1", "2").test == "test_tables.py::test_step"
    assert facts.having(Status.SURVIVED) == {("unasked", "not", "")}


def test_a_mutant_that_cannot_be_imported_is_invalid_and_says_why(runs_at_import: TreeRun) -> None:
    facts = runs_at_import.facts

    assert facts.having(Status.INVALID) == {("doubles", "size", "None"), ("following", "+", "-")}
    assert facts.verdict("following", "+", "-").ended is Ended.NOT_IMPORTED
    assert "ZeroDivisionError" in facts.verdict("following", "+", "-").detail


def test_generators_coroutines_methods_and_nested_functions_are_mutated_and_judged(flows: TreeRun) -> None:
    facts = flows.facts

    assert {m.function for m in facts.mutants} >= {"count", "fetch", "stream", "Shape.area", "Shape.outline"}
    assert facts.having(Status.SURVIVED) == {("fetch", "0", "1")}
    assert facts.kill("kind", 'case None:\n            return "none"', "").how is How.ASSERTION
    assert facts.having(Status.KILLED) == set(facts.statuses) - {("fetch", "0", "1")}


class TestSkips:
    def test_a_rule_gives_its_reason_to_what_it_leaves_out(self, skipped_with_reasons: TreeRun) -> None:
        facts = skipped_with_reasons.facts
        logged = facts.of("log")

        assert logged
        assert {m.skip_reason for m in logged} == {"what is logged is nobody's promise"}
        assert facts.by_change["fits", "100", "101"].skip_reason == "a limit one higher is as good"
        assert {m.skip_reason for m in facts.of("greet", Status.SKIPPED)} == {"wording"}

    def test_a_rule_leaves_alone_what_one_of_its_patterns_does_not_fit(
        self, skipped_with_reasons: TreeRun
    ) -> None:
        facts = skipped_with_reasons.facts

        assert {m.original for m in facts.of("greet", Status.SKIPPED)} == {"'dear'"}
        assert any(m.original == '"start"' for m in facts.of("greet"))
        assert facts.statuses["fits", "<", "<="] is Status.KILLED

    def test_a_pragma_is_a_reason_of_its_own(self, skipped_with_reasons: TreeRun) -> None:
        facts = skipped_with_reasons.facts
        marked = [m for m in facts.of("stamp") if m.line == facts.of("stamp")[0].line]

        assert len(marked) >= 2
        assert all("pragma" in str(m.skip_reason) for m in marked)
        assert all(m.name == "" for m in marked)
        assert facts.statuses["stamp", "*", "/"] is Status.KILLED

    def test_the_hook_gives_its_reason_or_is_named_itself(self, skipped_with_reasons: TreeRun) -> None:
        signed = skipped_with_reasons.facts.of("sign")
        by_operator = {m.operator: m.skip_reason for m in signed}

        assert by_operator["number"] == f'line {signed[0].line}: return "-" * 3 + name'
        assert by_operator["string"] == "pre_mutation in mutmut_config.py"
        assert all(m.skip_reason for m in signed)

    def test_every_reason_is_counted_as_skipped(self, skipped_with_reasons: TreeRun) -> None:
        facts = skipped_with_reasons.facts
        skipped = [m for m in facts.mutants if m.skip_reason is not None]

        assert f"skipped {len(skipped)}" in skipped_with_reasons.outcome.out


class TestHostileTree:
    def test_names_messages_and_lines_come_through_unharmed(self, hostile: TreeRun) -> None:
        facts = hostile.facts
        kill = facts.kill("breakout", "'\"&<!--'", "'XX\"&<!--XX'")

        assert kill.message.startswith("</script><script>alert('message')</script> [/red] \x1b[31m ")
        assert "größe" in {m.function for m in facts.mutants}
        assert max(len(m.original) for m in facts.mutants) > 3_800
        assert {m.skip_reason for m in facts.of("größe")} == {
            "</script><img src=x onerror=alert(1)> \"quoted\" & 'quoted' [bold]\u202e"
        }

    def test_half_a_surrogate_pair_in_a_message_is_replaced(self, hostile: TreeRun) -> None:
        messages = [v.kill.message for v in hostile.facts.verdicts.values() if v.kill]

        assert any("\x1b[31m ?" in message for message in messages)

    def test_a_line_holds_characters_at_which_splitlines_would_break_it(self, hostile: TreeRun) -> None:
        changes = {m.original for m in hostile.facts.of("separators")}

        assert {'"\x0b\u2028"', '"🦆"', '"日本語🦆"'} <= changes


def test_a_failing_suite_ends_with_4_before_any_mutant_is_run(already_failing: TreeRun) -> None:
    code, err = already_failing.outcome.code, already_failing.outcome.err

    assert code == 4
    assert "No mutant was run" in err
    assert "1 test" in err
    assert "test_sums.py::test_double_is_wrong_about_three" in err
    assert "three and three make six" in err
    assert "Traceback" not in err
    assert already_failing.facts.run.state is RunState.FAILED
    assert already_failing.facts.verdicts == {}


def test_a_suite_without_a_test_ends_with_4(no_tests: TreeRun) -> None:
    assert no_tests.outcome.code == 4
    assert "The suites hold no test" in no_tests.outcome.err
    assert "Traceback" not in no_tests.outcome.err


def test_a_module_that_does_not_parse_ends_with_1_and_its_line(does_not_parse: TreeRun) -> None:
    assert does_not_parse.outcome.code == 1
    assert "broken.py, line 4 does not parse" in does_not_parse.outcome.err
    assert "Traceback" not in does_not_parse.outcome.err


def test_code_imported_from_elsewhere_ends_with_1_and_both_places(imports_from_elsewhere: TreeRun) -> None:
    err = imports_from_elsewhere.outcome.err

    assert imports_from_elsewhere.outcome.code == 1
    assert "The tests import coins from" in err
    assert "installed/coins.py" in err
    assert "set that as `root`" in err
    assert "Traceback" not in err


def test_mutants_are_recorded_in_the_order_of_the_source(flows: TreeRun) -> None:
    places = [(m.file, m.line, m.column) for m in flows.facts.mutants]

    assert all(one <= other for one, other in pairwise(places))


def test_a_module_from_elsewhere_that_a_test_imports_on_its_way_is_imported_once_for_all_mutants(
    tmp_path: Path,
) -> None:
    tree = copy_of_tree("one_survivor", tmp_path)
    imports, elsewhere = tmp_path / "imports", tmp_path / "elsewhere"
    elsewhere.mkdir()
    counting = f"with open({str(imports)!r}, 'a') as file:\n    file.write('.')\n"
    (elsewhere / "imported_late.py").write_text(counting, encoding="utf-8")
    test = "import ages.rules\n\n\ndef test_late():\n    import imported_late\n    assert ages.rules.may_enter(18)\n"
    (tree / "tests" / "test_late.py").write_text(test, encoding="utf-8")

    outcome = run_cli(tree, "run", "--no-page", "-j1", PYTHONPATH=str(elsewhere))

    assert outcome.code == 0, outcome.err
    # On the original, by itself, for the tests that follow by themselves, and for the mutants.
    assert len(imports.read_text("utf-8")) == 4
