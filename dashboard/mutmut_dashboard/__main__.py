"""The console script and `python -m mutmut_dashboard`."""

from __future__ import annotations

import gc
import sys
from contextlib import ExitStack, suppress

_ASKS_ONLY = {"-h", "--help"}


def main() -> None:
    """Run the command line and leave with its exit code."""
    # What is read from the store is much and holds no cycles: looking for some took a sixth of the time after an edit.
    gc.set_threshold(50_000, 20, 100)
    arguments = sys.argv[1:]
    with ExitStack() as stack:
        generator = None
        if arguments[:1] == ["run"] and not _ASKS_ONLY.intersection(arguments):
            from mutmut_dashboard.engine.mutmut_adapter import Generator  # noqa: PLC0415 - see below

            # A run waits for it, so it comes up beside all else; where it cannot, the run finds out again, and can tell.
            with suppress(OSError):
                generator = stack.enter_context(Generator())
        from mutmut_dashboard.cli import run_command_line  # noqa: PLC0415 - keeps `import mutmut_dashboard` light

        sys.exit(run_command_line(arguments, generator))


if __name__ == "__main__":
    main()
