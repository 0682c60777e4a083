"""What Hypothesis's constants are worth: from the original files, against those it finds in mutmut's generated ones.

Judges a target twice and prints every mutant whose status differs (`python dashboard/bench/constants.py --target NAME`).
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from determinism import differing
from experiment import Setting, judge

from mutmut_dashboard import console

ROOT = Path(__file__).parents[2]


def main(arguments: Sequence[str]) -> None:
    """Run the experiment."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--config", default=str(ROOT / "mutmut_config.py"), help="of the project to judge")
    parser.add_argument("--target", required=True, help="which of its targets")
    parser.add_argument("--workers", type=int, default=1)
    chosen = parser.parse_args(arguments)
    original, generated = (
        judge(Setting(chosen.config, chosen.target, chosen.workers, constants=constants))
        for constants in ("original", "generated")
    )
    rows = differing([original, generated])
    if rows:
        console.show_table(
            ["mutant", "place", "original", "generated"], [[m, p, *statuses] for m, p, statuses in rows]
        )
    changes = Counter((before, after) for _, _, (before, after) in rows)
    how = ", ".join(f"{a} -> {b}: {n}" for (a, b), n in sorted(changes.items())) or "none"
    console.say(
        f"{chosen.target}: {len(rows)} of {len(original)} statuses differ (original -> generated): {how}"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
