"""Compare with plain `mutmut run` on the same stage, in one sitting (`make bench`).

Each target is judged twice from scratch: by `mutmut-dashboard run --fresh`, and by `mutmut run` in a copy of
the stage, in the mode in which these suites work (forkserver) and with the suites' own Hypothesis settings. Both
get the same number of workers. What is compared: seconds of the whole run, CPU seconds of the whole process
tree, mutants per second while judging, and the verdicts.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import synthetic

from mutmut_dashboard import console
from mutmut_dashboard.config import Project, load_project
from mutmut_dashboard.engine.stage import GENERATED
from mutmut_dashboard.model import Status, status_of
from mutmut_dashboard.store import Store

ROOT = Path(__file__).parents[2]

# mutmut's exit codes, as its `stats.py` reads them
MUTMUT_STATUS: dict[int | None, Status] = {
    1: Status.KILLED,
    3: Status.KILLED,
    0: Status.SURVIVED,
    5: Status.UNCOVERED,
    33: Status.UNCOVERED,
    34: Status.SKIPPED,
    36: Status.TIMEOUT,
    24: Status.TIMEOUT,
    -24: Status.TIMEOUT,
    152: Status.TIMEOUT,
    255: Status.TIMEOUT,
    None: Status.PENDING,
}


@dataclass(frozen=True)
class Outcome:
    """One whole run. Seconds, mutants, and mutmut's name -> status."""

    who: str
    wall: float
    cpu: float
    judging: float
    """Seconds from the first mutant to the last."""
    statuses: dict[str, Status]

    @property
    def judged(self) -> int:
        """Mutants that tests were run for."""
        return sum(
            s not in (Status.SKIPPED, Status.UNCOVERED, Status.PENDING) for s in self.statuses.values()
        )


def ours(project: Project, target: str, workers: int, site: Path) -> Outcome:
    """Run this tool from scratch, generation included."""
    shutil.rmtree(project.work / "cache", ignore_errors=True)
    command = [sys.executable, "-m", "mutmut_dashboard", "run", "--fresh", "--target", target]
    wall, cpu, _ = timed([*command, "--workers", str(workers), "--site", str(site)], project.root)
    with Store(project.work / "results.sqlite") as store:
        run = store.latest_run()
        if run is None:
            raise SystemExit("The run left no result.")
        verdicts = store.verdicts(run.id, target)
        statuses = {m.name: status_of(m, verdicts.get(m.id)) for m in store.mutants(run.id, target) if m.name}
        return Outcome("mutmut-dashboard", wall, cpu, run.targets[0].seconds["judging"], statuses)


def mutmut(project: Project, target: str, workers: int, scratch: Path) -> Outcome:
    """Run plain mutmut from scratch on a copy of the stage that `ours` left."""
    stage = scratch / target
    made = project.work / "stage" / target
    shutil.copytree(made, stage, ignore=shutil.ignore_patterns(GENERATED, "baseline*"))
    script = Path(sys.executable).with_name("mutmut")
    wall, cpu, output = timed([str(script), "run", "--max-children", str(workers)], stage)
    codes: dict[str, int | None] = {}
    for meta in (stage / GENERATED).rglob("*.meta"):
        codes |= json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
    statuses = {name: MUTMUT_STATUS.get(code, Status.ERROR) for name, code in codes.items()}
    rate = float(re.findall(r"([\d.]+) mutations/second", output)[-1])
    judged = sum(s is not Status.UNCOVERED for s in statuses.values())
    return Outcome("mutmut run", wall, cpu, judged / rate, statuses)


def timed(command: list[str], folder: Path) -> tuple[float, float, str]:
    """Run to the end; return wall seconds, CPU seconds of the whole tree, and the output."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    done = subprocess.run(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", check=False
    )
    wall = time.monotonic() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"{command} ended with {done.returncode}:\n{done.stdout[-3000:]}")
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def show(target: str, here: Outcome, there: Outcome) -> None:
    """Print both beside each other, and where their verdicts differ."""
    rows = [
        [
            f"{target}: {one.who}",
            str(one.judged),
            f"{one.wall:.1f}",
            f"{one.cpu:.1f}",
            f"{one.judged / one.judging:.1f}",
            f"{there.wall / one.wall:.2f}",
            f"{(one.judged / one.judging) / (there.judged / there.judging):.2f}",
        ]
        for one in (there, here)
    ]
    console.show_table(["run", "judged", "wall s", "cpu s", "mutants/s", "x whole run", "x per mutant"], rows)
    pairs = Counter(
        (there.statuses[name], here.statuses[name])
        for name in there.statuses.keys() & here.statuses.keys()
        if there.statuses[name] is not here.statuses[name]
    )
    differing = ", ".join(f"{a} -> {b}: {n}" for (a, b), n in sorted(pairs.items())) or "none"
    console.say(f"verdicts that differ (mutmut -> ours): {differing}\n")


def compare(project: Project, targets: Iterable[str], workers: int) -> None:
    """Run both on each target, one after the other."""
    for target in targets:
        with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
            here = ours(project, target, workers, Path(scratch, "site"))
            there = mutmut(project, target, workers, Path(scratch))
        show(target, here, there)


def main() -> None:
    """Compare on the chosen subjects."""
    project = load_project(ROOT / "mutmut_config.py")
    known = ["synthetic", *(target.name for target in project.targets)]
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--target", action="append", choices=known, help="only this subject; may be repeated")
    parser.add_argument(
        "--workers", type=int, default=os.cpu_count() or 1, help="for both (default: the cores)"
    )
    arguments = parser.parse_args()
    chosen = arguments.target or known
    if "synthetic" in chosen:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            made = synthetic.make(Path(folder, "project"))
            compare(load_project(made / "mutmut_config.py"), ["synthetic"], arguments.workers)
    compare(project, [name for name in known if name in chosen and name != "synthetic"], arguments.workers)


if __name__ == "__main__":
    main()
