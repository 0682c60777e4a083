"""The console script and `python -m mutmut_dashboard`."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    # What is read from the store is much and holds no cycles: looking for some took a sixth of the time after an edit.
    gc.set_threshold(50_000, 20, 100)
    from mutmut_dashboard.cli import run_command_line  # noqa: PLC0415 - keeps `import mutmut_dashboard` light

    sys.exit(run_command_line(sys.argv[1:]))


if __name__ == "__main__":
    main()
