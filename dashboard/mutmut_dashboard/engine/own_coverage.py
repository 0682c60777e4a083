"""How coverage.py measures in the clean run, whatever the project has set for runs of its own.

What its settings leave out of reports (`exclude_lines` and the like) stays left out. What says how and where is measured does
not apply: data in several files, contexts of another kind, or a tracer without contexts would take the tests from their lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import coverage

_OWN: dict[str, Any] = {
    "run:source": None,
    "run:source_pkgs": [],
    "run:source_dirs": [],
    "run:omit": [],
    "run:parallel": False,
    "run:relative_files": False,
    "run:context": None,
    "run:dynamic_context": None,
    "run:core": "ctrace",  # `sysmon` knows no contexts; where there is no C tracer, coverage.py takes the other one
    "run:timid": False,
    "run:patch": [],
    "run:sigterm": False,
}


def measurement_of(files: Sequence[str], data_file: Path) -> coverage.Coverage:
    """Return a measurement of these files, lines and branches, that is not started yet."""
    measurement = coverage.Coverage(data_file=str(data_file), branch=True, include=files, messages=False)
    for name, value in _OWN.items():
        measurement.set_option(name, value)
    # Processes that tests start are not measured: their data would lie in files of their own.
    kinds = measurement.get_option("run:concurrency")
    threads = [kind for kind in kinds if kind != "multiprocessing"] if isinstance(kinds, list) else []
    measurement.set_option("run:concurrency", threads)
    return measurement
