"""Compare with plain `mutmut run` on the same stage, in one sitting (`make bench`).

Each subject is judged from scratch by this program, by it with a kill matrix, by `mutmut run` with the suites' own
Hypothesis settings, and by `mutmut run` under this program's profile, which alone can be compared verdict by verdict.
mutmut works on a copy of the stage, in the mode in which these suites work (forkserver). All get the same number
of workers, and byte code that is cached, as after any run of pytest; no page is rendered, since mutmut has none. Compared are seconds of the whole run, CPU seconds of the whole process tree, mutants per second while judging,
and the verdicts; nothing is extrapolated: a run that meets `--limit-seconds` is marked, and speaks for what it judged.

A target on which plain mutmut takes hours can be compared on an even part of its mutants, `--shard 1/10`: all get the
same part, each with its whole generation and clean runs. Those weigh more there than in a run of all mutants, whose ratio
therefore lies between the part's ratios as a whole and per mutant.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import synthetic
from contestants import Outcome, mutmut, ours, run_before

from mutmut_dashboard import console
from mutmut_dashboard.config import Project, load_project

ROOT = Path(__file__).parents[2]


def rows_of(outcomes: Sequence[Outcome]) -> list[list[str]]:
    """Each run beside the first, plain mutmut: how many times as fast per mutant and as a whole."""
    base = outcomes[0]
    return [
        [
            one.who + (" (stopped)" if one.stopped else ""),
            f"{one.judged} of {len(one.statuses)}",
            f"{one.wall:.1f}",
            "n/a" if one.stopped else f"{one.cpu:.1f}",
            f"{one.rate:.1f}",
            _times_as_fast(base, one),
            f"{one.rate / base.rate:.2f}",
        ]
        for one in outcomes
    ]


def _times_as_fast(base: Outcome, one: Outcome) -> str:
    """As a whole; at least so many times where the base was stopped before its end."""
    if one.stopped:
        return "n/a"
    return (">= " if base.stopped else "") + f"{base.wall / one.wall:.2f}"


def differing(here: Outcome, there: Outcome) -> str:
    """Mutants whose status differs, counted by pair, of those that both judged."""
    both = here.judged_names() & there.judged_names()
    pairs = Counter(
        (there.statuses[name], here.statuses[name])
        for name in both
        if there.statuses[name] != here.statuses[name]
    )
    found = ", ".join(f"{a} -> {b}: {n}" for (a, b), n in sorted(pairs.items())) or "none"
    return f"{there.who} -> {here.who}, {len(both)} mutants judged by both: {found}"


def show(subject: str, outcomes: Sequence[Outcome]) -> None:
    """Print all beside each other, where this program's time goes, and where verdicts differ."""
    console.say(f"{subject}:")
    columns = ["run", "judged", "wall s", "cpu s", "mutants/s", "x whole run", "x per mutant"]
    console.show_table(columns, rows_of(outcomes))
    by_name = {one.who: one for one in outcomes}
    here = by_name["mutmut-dashboard"]
    phases = [[name, f"{seconds:.2f}"] for name, seconds in here.phases.items()]
    console.show_table(["where mutmut-dashboard's time goes", "wall s"], phases)
    roles = [[name, f"{seconds:.2f}"] for name, seconds in here.roles.items()]
    console.show_table(["where its CPU time goes", "cpu s"], roles)
    for one in outcomes:
        if one is not here:
            console.say("verdicts that differ, " + differing(here, one))
    if matrix := by_name.get("mutmut-dashboard --matrix"):
        console.say(
            f"kill matrix: {matrix.judging / here.judging:.2f} times as long judging, "
            f"{matrix.cpu / here.cpu:.2f} times the CPU of the whole run"
        )
    console.say("")


def compare(project: Project, target: str, arguments: argparse.Namespace) -> None:
    """Run all contestants on one target, one after the other."""
    workers, limit = arguments.workers, arguments.limit_seconds
    part = ["--shard", arguments.shard] if arguments.shard else []
    options = [] if arguments.whole_run_only else ["--matrix"]
    options += ["--exhaustive"] if arguments.exhaustive else []
    run_before(project, target)
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        here = ours(project, target, workers, part, limit=limit)
        more = [ours(project, target, workers, part, option=option, limit=limit) for option in options]
        names = sorted(here.judged_names()) if part else []
        theirs = [mutmut(project, target, workers, Path(scratch, "plain"), names, limit=limit)]
        if not arguments.whole_run_only:
            folder = Path(scratch, "profiled")
            theirs.append(mutmut(project, target, workers, folder, names, profile=True, limit=limit))
    show(target, [*theirs, here, *more])


def chosen(
    arguments: argparse.Namespace, folder: Path, names: Iterable[str]
) -> Iterable[tuple[Project, str]]:
    """The subjects asked for, the synthetic one first."""
    if "synthetic" in names:
        made = synthetic.make(folder / "project", arguments.modules)
        yield load_project(made / "mutmut_config.py"), "synthetic"
    project = load_project(Path(arguments.config))
    for name in names:
        if name != "synthetic":
            yield project, name


def main() -> None:
    """Compare on the chosen subjects."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--config", default=str(ROOT / "mutmut_config.py"), help="of the project to judge")
    parser.add_argument("--target", action="append", help="only this subject; may be repeated")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="(default: the cores)")
    parser.add_argument(
        "--limit-seconds", type=float, default=900.0, help="end each run after so long (default: 900)"
    )
    parser.add_argument(
        "--modules",
        type=int,
        default=synthetic.MODULES,
        help="size of the synthetic subject, 120 mutants each",
    )
    parser.add_argument("--shard", metavar="K/N", default="", help="compare on this part of the mutants")
    parser.add_argument("--exhaustive", action="store_true", help="judge by every test as well")
    parser.add_argument(
        "--whole-run-only",
        action="store_true",
        help="only beside plain `mutmut run`: without its run under our profile, and without a kill matrix",
    )
    arguments = parser.parse_args()
    known = ["synthetic", *(target.name for target in load_project(Path(arguments.config)).targets)]
    names = arguments.target or known
    if unknown := set(names) - set(known):
        sys.exit(f"No target {', '.join(sorted(unknown))}. There are {', '.join(known)}.")
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        for project, target in chosen(arguments, Path(folder), names):
            compare(project, target, arguments)


if __name__ == "__main__":
    main()
