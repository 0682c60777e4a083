"""The process in the stage that writes verdicts into mutmut's own files, without loading what generates.

mutmut keeps its settings and paths in process-wide state that depends on the current folder, so this runs in a process of
its own, sent into the stage by `mutmut_adapter`.
"""

from __future__ import annotations

import os
import sys

from mutmut.mutation.data import SourceFileMutationData
from mutmut.state import state
from mutmut.stats import save_stats
from mutmut.utils.file_utils import walk_mutatable_files
from mutmut.utils.format_utils import get_mutant_name

from mutmut_dashboard.engine.mutmut_adapter import told


def main() -> int:
    """Record what standard input says."""
    os.dup2(2, 1)  # mutmut prints; standard output is for answers
    _record(**told())
    return 0


def _record(
    codes: dict[str, int | None],
    seconds: dict[str, float],
    types: dict[str, str],
    durations: dict[str, float],
    tests: dict[str, list[str]],
) -> None:

    current = state()
    for path in walk_mutatable_files():
        data = SourceFileMutationData(path=path)
        data.load()
        data.exit_code_by_key = {name: codes.get(name) for name in data.exit_code_by_key}
        data.durations_by_key = {name: seconds[name] for name in data.exit_code_by_key if name in seconds}
        data.type_check_error_by_key = {name: types[name] for name in data.exit_code_by_key if name in types}
        data.save()
        for function, digest in data.hash_by_function_name.items():
            current.current_function_hashes[get_mutant_name(path, function)] = digest
    current.duration_by_test.update(durations)
    for function, ids in tests.items():
        current.tests_by_mangled_function_name[function] |= set(ids)
    current.stats_time = sum(durations.values())
    save_stats()


if __name__ == "__main__":
    sys.exit(main())
