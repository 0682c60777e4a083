"""The real runs that tests read: each is told once and leaves its facts."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import sysconfig
import time
import venv
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import edits
import yaml
from trees_support import (
    PATIENCE,
    Facts,
    Matrix,
    Outcome,
    Story,
    TreeRun,
    clean_environment,
    command_line,
    copy_of_tree,
    facts_of,
    files_below,
    matrix_of,
    run_cli,
    run_command,
    run_mutmut,
)

from mutmut_dashboard.model import Ended, Verdict
from mutmut_dashboard.store import Store


def _tree(name: str, folder: Path) -> TreeRun:
    tree = copy_of_tree(name, folder)
    return TreeRun(tree, run_cli(tree, "run"))


@dataclass(frozen=True)
class Repeated:
    """One tree run three times: with two workers, again, and afresh with one worker and another hash seed."""

    folder: Path
    before: dict[str, bytes]
    after: dict[str, bytes]
    first: Outcome
    again: Outcome
    fresh: Outcome
    facts: list[Facts]
    reported: Outcome
    page_time: tuple[int, int]
    mutmut_results: Outcome
    mutmut_show: dict[str, Outcome]


def _repeated(folder: Path) -> Repeated:
    tree = copy_of_tree("class_based_given", folder)
    before = files_below(tree)
    first = run_cli(tree, "run", "--workers", "2", PYTHONHASHSEED="1")
    facts = [facts_of(tree)]
    again = run_cli(tree, "run", "--workers", "2")
    facts.append(facts_of(tree))
    fresh = run_cli(tree, "run", "--fresh", "-j1", PYTHONHASHSEED="2", TZ="Asia/Tokyo")
    facts.append(facts_of(tree))
    stage = tree / ".mutation" / "stage" / "stacks"
    survivors = [m.name for m in facts[2].mutants if facts[2].status(m) == "survived"]
    page = tree / "dashboard" / "site" / "index.html"
    written = page.stat().st_mtime_ns
    return Repeated(
        folder=tree,
        before=before,
        after=files_below(tree),
        first=first,
        again=again,
        fresh=fresh,
        facts=facts,
        reported=run_cli(tree, "report"),
        page_time=(written, page.stat().st_mtime_ns),
        mutmut_results=run_mutmut(stage, "results"),
        mutmut_show={name: run_mutmut(stage, "show", name) for name in survivors[:1]},
    )


@dataclass(frozen=True)
class Remembering:
    """A tree whose tests find what earlier ones left behind, judged by chosen tests and by all."""

    plain: Facts
    exhaustive: Facts


def _remembering(folder: Path) -> Remembering:
    tree = copy_of_tree("remembers_what_it_did", folder)
    facts = []
    for options in ((), ("--exhaustive", "--fresh")):
        assert run_cli(tree, "run", *options).code == 0
        facts.append(facts_of(tree))
    return Remembering(*facts)


@dataclass(frozen=True)
class Crashed:
    """A tree whose mutants crash, run twice."""

    first: Outcome
    facts: Facts
    again: Outcome
    facts_again: Facts


def _crashed(folder: Path) -> Crashed:
    tree = copy_of_tree("crashes_when_mutated", folder)
    first = run_cli(tree, "run")
    facts = facts_of(tree)
    return Crashed(first, facts, run_cli(tree, "run"), facts_of(tree))


@dataclass(frozen=True)
class Stopped:
    """A run that was met in its middle, beside which another was tried; then it was ended and run again."""

    pid: int
    meanwhile: Outcome
    code: int
    err: str
    facts: Facts
    left_behind: list[int]
    again: Outcome
    facts_again: Facts


HEEDING_CTRL_C = [
    sys.executable,
    "-c",
    "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])",
]
"""Undoes what a shell does to programs in the background, which these tests may be."""


def _stopped(how: signal.Signals, folder: Path) -> Stopped:
    tree = copy_of_tree("waits_when_mutated", folder)
    gate = folder / "gate"
    gate.touch()
    log = folder / "stderr"
    with log.open("w") as err:
        process = subprocess.Popen(
            [*HEEDING_CTRL_C, *command_line("run", "--workers", "2")],
            cwd=tree,
            env=clean_environment(GATE=str(gate)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=err,
        )
    try:
        _wait_for(lambda: _verdicts(tree) >= _QUICK_MUTANTS)
        meanwhile = run_cli(tree, "run")
        process.send_signal(how)
        process.wait(timeout=PATIENCE)
    finally:
        process.kill()
        process.wait()
    with suppress(TimeoutError):
        _wait_for(lambda: not _processes_in(tree), limit=20)
    left_behind = _processes_in(tree)
    facts = facts_of(tree)
    gate.unlink()
    again = run_cli(tree, "run")
    text = log.read_text(encoding="utf-8")
    return Stopped(
        process.pid, meanwhile, process.returncode, text, facts, left_behind, again, facts_of(tree)
    )


@dataclass(frozen=True)
class Killed:
    """A run whose child is killed in the middle of a test, and one whose tests' process is."""

    child: Outcome
    facts_of_child: Facts
    server: Outcome
    facts_of_server: Facts
    orphans: list[int]


def _killed(folder: Path) -> Killed:
    tree = copy_of_tree("waits_when_mutated", folder)
    gate = folder / "gate"
    gate.touch()

    waiting = gate.with_name("waiting")

    def child_killed(main: int) -> None:
        _wait_for(waiting.exists)  # first or last: which of the two tests is quicker decides the order
        waiting.unlink()
        os.kill(_grandchildren(main)[0][1], signal.SIGKILL)

    orphans = []

    def server_killed(main: int) -> None:
        _wait_for(waiting.exists)
        server, child = _grandchildren(main)[0]
        os.kill(server, signal.SIGKILL)
        _wait_for(lambda: [parent for parent, _ in _grandchildren(main) if parent != server])
        with suppress(TimeoutError):
            _wait_for(lambda: not Path("/proc", str(child)).exists(), limit=20)
        orphans.extend([child] if Path("/proc", str(child)).exists() else [])
        gate.unlink()

    child = _run_met(tree, gate, child_killed)
    facts = facts_of(tree)
    server = _run_met(tree, gate, server_killed)
    return Killed(child, facts, server, facts_of(tree), orphans)


def _killed_early(folder: Path) -> list[int]:
    """Kill a run while its suites run without mutants; return what it leaves behind."""
    tree = copy_of_tree("waits_when_mutated", folder)
    gate = folder / "gate of all"
    gate.touch()

    def kill(main: int) -> None:
        _wait_for((folder / "waiting in waits").exists)
        os.kill(main, signal.SIGKILL)

    _run_met(tree, folder / "gate", kill)
    with suppress(TimeoutError):
        _wait_for(lambda: not _processes_in(tree), limit=20)
    left_behind = _processes_in(tree)
    gate.unlink()
    return left_behind


def _run_met(tree: Path, gate: Path, meet: Callable[[int], None]) -> Outcome:
    """Run a tree and do something to its processes on the way."""
    log = gate.with_name("stderr")
    with log.open("w") as err:
        process = subprocess.Popen(
            command_line("run", "--workers", "1"),
            cwd=tree,
            env=clean_environment(GATE=str(gate)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=err,
        )
    try:
        meet(process.pid)
        process.wait(timeout=PATIENCE)
    finally:
        process.kill()
        process.wait()
    return Outcome(process.returncode, "", log.read_text(encoding="utf-8"))


def _grandchildren(main: int) -> list[tuple[int, int]]:
    """(Parent, process) of what the children of a process started."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            if fields[0] != "Z":
                parents[int(entry.name)] = int(fields[1])
    return [(parent, pid) for pid, parent in parents.items() if parents.get(parent) == main]


@dataclass(frozen=True)
class Filled:
    """A run for whose files there is no room while it judges, and one with room again."""

    full: Outcome
    facts: Facts
    again: Outcome
    facts_again: Facts


def _filled(folder: Path) -> Filled:
    tree = copy_of_tree("waits_when_mutated", folder)
    full = run_cli(tree, "run", largest_file=160 * 1024)
    facts = facts_of(tree)
    return Filled(full, facts, run_cli(tree, "run"), facts_of(tree))


_QUICK_MUTANTS = 4
"""Those of waits_when_mutated that die at once."""


def _verdicts(tree: Path) -> int:
    path = tree / ".mutation" / "results.sqlite"
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
            number: int = db.execute("SELECT count(*) FROM verdict").fetchone()[0]
            return number
    except sqlite3.OperationalError:  # not there yet
        return 0


def _processes_in(folder: Path) -> list[int]:
    """Processes whose current folder is inside; none where the system has no /proc to ask."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (entry / "cwd").readlink().is_relative_to(folder.resolve()):
                found.append(int(entry.name))
    return found


def _wait_for(condition: Callable[[], Any], limit: float = PATIENCE / 2) -> None:
    deadline = time.monotonic() + limit
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.05)


@dataclass(frozen=True)
class Below:
    """Two targets below a root: all, then one of them, then coverage."""

    folder: Path
    outcome: Outcome
    facts: Facts
    one: Outcome
    facts_of_one: Facts
    covered: Outcome


def _below(folder: Path) -> Below:
    tree = copy_of_tree("below_a_root", folder)
    outcome = run_cli(tree, "run")
    facts = facts_of(tree)
    one = run_cli(tree, "run", "--target", "second")
    return Below(tree, outcome, facts, one, facts_of(tree), run_cli(tree, "coverage"))


@dataclass(frozen=True)
class Verified:
    """A run and second opinions on it: right, on a verdict that was tampered with, and on no mutant."""

    outcome: Outcome
    facts: Facts
    right: Outcome
    tampered: Outcome
    tampered_id: str
    unknown: Outcome


def _verified(folder: Path) -> Verified:
    tree = copy_of_tree("well_tested", folder)
    outcome = run_cli(tree, "run")
    facts = facts_of(tree)
    right = run_cli(tree, "verify", facts.by_change["total", "1", "2"].id)
    killed = facts.by_change["price", "lower", "upper"]
    with Store(tree / ".mutation" / "results.sqlite") as store:
        store.add_verdict(facts.run.id, killed.target, Verdict(killed.id, Ended.PASSED))
    tampered = run_cli(tree, "verify")
    return Verified(outcome, facts, right, tampered, killed.id, run_cli(tree, "verify", "none"))


@dataclass(frozen=True)
class Noticed:
    """The same tree with and without a kill matrix."""

    plain: Facts
    first_killers: Matrix
    outcome: Outcome
    facts: Facts
    matrix: Matrix


def _noticed(folder: Path) -> Noticed:
    tree = copy_of_tree("noticed_by_several", folder)
    run_cli(tree, "run")
    plain, first_killers = facts_of(tree), matrix_of(tree)
    outcome = run_cli(tree, "run", "--matrix")
    return Noticed(plain, first_killers, outcome, facts_of(tree), matrix_of(tree))


@dataclass(frozen=True)
class Installed:
    """The wheel, installed into an environment of its own, and projects of all sorts run by it."""

    version: Outcome
    package: str
    """Where the installed package lies."""
    environment: Path
    runs: dict[str, Outcome]
    reports: dict[str, Outcome]
    facts: dict[str, Facts]


PROJECTS = ("mutmut_src_layout", "mutmut_flat_layout", "mutmut_single_module", "habits")


def _installed(folder: Path) -> Installed:
    environment = folder / "environment"
    root = Path(__file__).parents[2]
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=root, env=clean_environment(), check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "--no-index", "--no-deps", "--quiet", str(wheel)]
    subprocess.run(install, env=clean_environment(), check=True, capture_output=True)
    where = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    site = Path(subprocess.run(where, capture_output=True, encoding="utf-8", check=True).stdout.strip())
    # What the wheel depends on is taken from here; the editable install of this repository is not on that path.
    (site / "dependencies.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    ask = [str(python), "-c", "import mutmut_dashboard as it; print(it.__file__)"]
    package = subprocess.run(
        ask, cwd=folder, env=clean_environment(), capture_output=True, encoding="utf-8", check=True
    )
    script = [str(environment / "bin" / "mutmut-dashboard")]
    trees = {name: copy_of_tree(name, folder) for name in PROJECTS}
    return Installed(
        version=run_command(folder, [*script, "--version"]),
        package=package.stdout.strip(),
        environment=environment,
        runs={name: run_command(tree, [*script, "run"]) for name, tree in trees.items()},
        reports={name: run_command(tree, [*script, "report"]) for name, tree in trees.items()},
        facts={name: facts_of(tree) for name, tree in trees.items()},
    )


def _determined(folder: Path) -> Outcome:
    tree = copy_of_tree("class_based_given", folder)
    script = Path(__file__).parents[1] / "bench" / "determinism.py"
    config = str(tree / "mutmut_config.py")
    return run_command(
        tree, [sys.executable, str(script), "--config", config, "--target", "stacks", "--runs", "3"]
    )


@dataclass(frozen=True)
class Sharded:
    """A tree run whole in one folder, in two parts in others, and merged where the first part was."""

    folder: Path
    whole: Facts
    pages: list[bool]
    """Whether the three runs made one: of all, and of the parts, the second of which was told not to."""
    parts: list[Outcome]
    facts_of_parts: list[Facts]
    again: Outcome
    checked_part: Outcome
    reported_part: Outcome
    merged: Outcome
    facts_of_merged: Facts
    checked_merged: Outcome
    run_after_merge: Outcome


def _sharded(folder: Path) -> Sharded:
    names = ("whole", "one", "two")
    trees = {name: copy_of_tree("one_survivor", folder / name) for name in names}
    run_cli(trees["whole"], "run")
    parts = [
        run_cli(trees["one"], "run", "--shard", "1/2"),
        run_cli(trees["two"], "run", "--shard", "2/2", "--no-page"),
    ]
    pages = [(trees[name] / "dashboard" / "site" / "index.html").exists() for name in names]
    facts_of_parts = [facts_of(trees[name]) for name in names[1:]]
    first = trees["one"]
    again = run_cli(first, "run", "--shard", "1/2")
    checked_part, reported_part = run_cli(first, "check"), run_cli(first, "report")
    merged = run_cli(first, "merge", ".mutation", str(trees["two"] / ".mutation" / "results.sqlite"))
    facts_of_merged, checked_merged = facts_of(first), run_cli(first, "check")
    return Sharded(
        folder=first,
        whole=facts_of(trees["whole"]),
        pages=pages,
        parts=parts,
        facts_of_parts=facts_of_parts,
        again=again,
        checked_part=checked_part,
        reported_part=reported_part,
        merged=merged,
        facts_of_merged=facts_of_merged,
        checked_merged=checked_merged,
        run_after_merge=run_cli(first, "run"),
    )


@dataclass(frozen=True)
class Walked:
    """A tree edited several times: after each edit, a run that reuses verdicts and one from scratch."""

    steps: list[tuple[str, edits.Step]]


def _walked(folder: Path) -> Walked:
    return Walked(edits.stroll(folder))


@dataclass(frozen=True)
class Step:
    """One step of a recipe, as it was carried out."""

    words: str
    outcome: Outcome


@dataclass(frozen=True)
class Recipe:
    """The README's first recipe on a pull request, and its gate after the branch got a survivor."""

    folder: Path
    steps: list[Step]
    summary: str
    sarif: str
    with_a_survivor: Outcome


def _recipe(folder: Path) -> Recipe:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    block = readme.partition("\n## In CI\n")[2].partition("```yaml\n")[2].partition("```")[0]
    (job,) = yaml.safe_load(block)["jobs"].values()
    tree = copy_of_tree("one_survivor", folder)
    (tree / ".gitignore").write_text(".mutation/\n__pycache__/\n", encoding="utf-8")
    rules = tree / "ages" / "rules.py"
    _shell(tree, "git init --quiet --initial-branch=main && git add . && git commit --quiet -m start")
    _shell(tree, "git update-ref refs/remotes/origin/main HEAD && git checkout --quiet -b topic")
    run_cli(tree, "run")  # what the cache holds of the main branch
    rules.write_text(rules.read_text(encoding="utf-8").replace("65 - age", "-age + 65"), encoding="utf-8")
    _shell(tree, "git commit --quiet -am topic")
    wanted = [
        step["run"].replace("${{ github.base_ref }}", "main")
        for step in job["steps"]
        if "run" in step and "pip" not in step["run"] and "push" not in step.get("if", "")
    ]
    steps = [Step(words, _shell(tree, words)) for words in wanted]
    text = rules.read_text(encoding="utf-8") + "\n\ndef is_child(age):\n    return age < 13\n"
    rules.write_text(text, encoding="utf-8")
    _shell(tree, wanted[0])
    return Recipe(
        folder=tree,
        steps=steps,
        summary=(tree / "summary.md").read_text(encoding="utf-8"),
        sarif=(tree / "mutation.sarif").read_text(encoding="utf-8"),
        with_a_survivor=_shell(tree, wanted[-1]),
    )


def _shell(folder: Path, script: str) -> Outcome:
    """Carry out a step as a pipeline does, with this program first on the path."""
    mine = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
        **{f"GIT_{who}_{what}": "a@b" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    }
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script],
        cwd=folder,
        env=clean_environment(**mine),
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


@dataclass(frozen=True)
class Typed:
    """A tree with a type checker: run, run again, run with a command that prints no report, and without any."""

    first: Outcome
    facts: Facts
    type_errors: dict[str, str]
    """What mutmut's own file says of the mutants."""
    data: str
    """What the page's scripts read."""
    exported: dict[str, Any]
    """As Stryker's report."""
    verified: Outcome
    again: Outcome
    unreadable: Outcome
    facts_after: Facts
    without: Outcome
    facts_without: Facts
    files: set[str]


def _typed(folder: Path) -> Typed:
    tree = copy_of_tree("mutmut_typed", folder)
    before = set(files_below(tree))
    first = run_cli(tree, "run")
    facts = facts_of(tree)
    meta = tree / ".mutation" / "stage" / "project" / "mutants" / "carts.py.meta"
    type_errors = json.loads(meta.read_text(encoding="utf-8"))["type_check_error_by_key"]
    data = "".join(path.read_text("utf-8") for path in (tree / "dashboard" / "site").rglob("*.js"))
    exported = json.loads(run_cli(tree, "export", "stryker").out)
    verified = run_cli(tree, "verify", facts.by_change["half", "//", "/"].id)
    again = run_cli(tree, "run")
    settings = tree / "pyproject.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace('"--output", "json", ', ""), encoding="utf-8")
    unreadable = run_cli(tree, "run")
    facts_after = facts_of(tree)
    settings.write_text("".join(line for line in text.splitlines(True) if "type_check" not in line), "utf-8")
    without = run_cli(tree, "run")
    return Typed(
        first=first,
        facts=facts,
        type_errors=type_errors,
        data=data,
        exported=exported,
        verified=verified,
        again=again,
        unreadable=unreadable,
        facts_after=facts_after,
        without=without,
        facts_without=facts_of(tree),
        files=set(files_below(tree)) - before,
    )


@dataclass(frozen=True)
class Covered:
    """A tree in which only covered lines are mutated: run, and run again with a test that runs more."""

    first: Outcome
    facts: Facts
    facts_then: Facts


def _covered(folder: Path) -> Covered:
    tree = copy_of_tree("mutmut_covered", folder)
    first = run_cli(tree, "run")
    facts = facts_of(tree)
    more = "from prices import price\n\n\ndef test_more():\n    assert price(4) == 12\n"
    (tree / "tests" / "test_more.py").write_text(more, encoding="utf-8")
    run_cli(tree, "run")
    return Covered(first, facts, facts_of(tree))


STORIES: dict[str, Story] = {
    # The longest first
    "walked": _walked,
    "stopped_by_ctrl_c": partial(_stopped, signal.SIGINT),
    "stopped_by_kill": partial(_stopped, signal.SIGKILL),
    "repeated": _repeated,
    "installed": _installed,
    "determined": _determined,
    "killed": _killed,
    "killed_early": _killed_early,
    "filled": _filled,
    "crashed": _crashed,
    "noticed": _noticed,
    "sharded": _sharded,
    "remembering": _remembering,
    "recipe": _recipe,
    "typed": _typed,
    "covered": _covered,
    "below_a_root": _below,
    "verified": _verified,
    **{
        name: partial(_tree, name)
        for name in (
            "hangs_when_mutated",
            "greedy",
            "runs_at_import",
            "hostile",
            "flows",
            "one_survivor",
            "reached_at_times",
            "nothing_to_mutate",
            "skipped_with_reasons",
            "already_failing",
            "needs_a_neighbour",
            "kills_controls",
            "unusual_output",
            "imports_from_elsewhere",
            "no_tests",
            "does_not_parse",
            "mutmut_src_layout",
            "mutmut_flat_layout",
            "mutmut_single_module",
        )
    },
}
