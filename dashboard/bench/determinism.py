"""Do verdicts depend on anything they should not: `python dashboard/bench/determinism.py --target NAME`.

Runs a target from scratch many times, each time with another hash seed, number of workers and order of mutants,
and prints every mutant whose status is not the same in all runs. Which test kills first may differ, since a test that
killed before runs earlier; how many do is printed as well. Counts verdicts, not seconds, so it may run beside others.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from experiment import Judged, Setting, judge

from mutmut_dashboard import console

ROOT = Path(__file__).parents[2]
WORKERS = (1, 2, 4)


def settings(config: str, target: str, runs: int, shard: str = "") -> list[Setting]:
    """The first as users have it, the others with all that may differ."""
    return [
        Setting(config, target, WORKERS[number % 3], hash_seed=number, shuffle=number or None, shard=shard)
        for number in range(runs)
    ]


def differing(runs: Sequence[dict[str, Judged]]) -> list[tuple[str, str, list[str]]]:
    """(Id, place, status in each run) of the mutants whose status differs."""
    ids = sorted(set().union(*runs))
    rows = [
        (mutant, [run[mutant].status if mutant in run else "not generated" for run in runs]) for mutant in ids
    ]
    places = {mutant: one.place for run in runs for mutant, one in run.items()}
    return [(mutant, places[mutant], found) for mutant, found in rows if len(set(found)) > 1]


def main(arguments: Sequence[str]) -> int:
    """Run the experiment; 1 if a status differs."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--config", default=str(ROOT / "mutmut_config.py"), help="of the project to judge")
    parser.add_argument("--target", required=True, help="which of its targets")
    parser.add_argument("--runs", type=int, default=10, help="how many runs from scratch (default: 10)")
    parser.add_argument("--shard", metavar="K/N", default="", help="judge this part of the mutants only")
    parser.add_argument("--limit-seconds", type=float, help="start no further run after so many seconds")
    chosen = parser.parse_args(arguments)
    runs: list[dict[str, Judged]] = []
    started = time.monotonic()
    for setting in settings(chosen.config, chosen.target, chosen.runs, chosen.shard):
        if runs and chosen.limit_seconds and time.monotonic() - started > chosen.limit_seconds:
            console.say(
                f"Only {len(runs)} of {chosen.runs} runs: {chosen.limit_seconds:.0f} seconds are over."
            )
            break
        try:
            runs.append(judge(setting))
        except (KeyboardInterrupt, subprocess.CalledProcessError) as error:
            if not runs:
                raise
            console.say(
                f"Only {len(runs)} of {chosen.runs} runs: the next one ended by {type(error).__name__}."
            )
            break
        console.say(
            f"run {len(runs)}: workers {setting.workers}, hash seed {setting.hash_seed}, order "
            f"{setting.shuffle or 'as usual'}: {len(runs[-1])} mutants"
        )
    rows = differing(runs)
    if rows:
        console.show_table(["mutant", "place", "statuses"], [[m, p, ", ".join(s)] for m, p, s in rows])
    killers = sum(len({run[m].killer for run in runs if m in run}) > 1 for m in runs[0])
    console.say(
        f"{chosen.target}: {len(rows)} of {len(runs[0])} statuses differ between {len(runs)} runs; "
        f"{killers} mutants are not always killed by the same test first."
    )
    return 1 if rows else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
