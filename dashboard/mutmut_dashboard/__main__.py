"""The console script and `python -m mutmut_dashboard`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    from mutmut_dashboard.cli import run_command_line  # noqa: PLC0415 - keeps `import mutmut_dashboard` light

    sys.exit(run_command_line(sys.argv[1:]))


if __name__ == "__main__":
    main()
