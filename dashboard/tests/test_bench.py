"""The experiments: what they count, and one of them for real on a small subject."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest
from trees_support import Outcome

BENCH = Path(__file__).parents[1] / "bench"


def test_verdicts_do_not_depend_on_hash_seed_workers_or_order(determined: Outcome) -> None:
    assert determined.code == 0, determined.out + determined.err
    assert "0 of 6 statuses differ between 3 runs" in determined.out
    assert "run 3: workers 4, hash seed 2, order 2: 6 mutants" in determined.out


def test_a_status_that_differs_in_one_run_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCH))
    from determinism import differing
    from experiment import Judged

    runs = [
        {"a": Judged("f.py:1", s, "t", 0.1), "b": Judged("f.py:2", "killed", "t", 0.1)}
        for s in ("killed", "survived")
    ]
    runs.append({"b": Judged("f.py:2", "killed", "u", 0.1)})

    assert differing(runs) == [("a", "f.py:1", ["killed", "survived", "not generated"])]


def test_a_mutant_that_only_one_has_judged_is_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCH))
    from against_mutmut import differing, rows_of
    from contestants import MUTMUT_STATUS
    from contestants import Outcome as Run

    there = Run(
        "mutmut run", 10.0, 9.0, 4.0, {"a": "killed", "b": "pending", "c": MUTMUT_STATUS[255]}, stopped=True
    )
    here = Run("mutmut-dashboard", 5.0, 4.0, 1.0, {"a": "killed", "b": "survived", "c": "killed"})

    assert differing(here, there).endswith("2 mutants judged by both: timeout by exit 255 -> killed: 1")
    assert rows_of([there, here])[0][0] == "mutmut run (stopped)"
    assert rows_of([there, here])[1][5:] == [">= 2.00", "6.00"]  # mutmut was not done yet when it was stopped
    assert rows_of([here, there])[1][5] == "n/a"


def test_an_edit_is_put_before_any_statement_of_a_function_but_its_docstring(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.syspath_prepend(str(BENCH))
    from edit_costs import places

    source = (
        'class Box:\n    def size(self):\n        """Say it."""\n        if self:\n            return 1\n'
        "        elif None: return 2\n        else:\n            return 3\n\ndef one_line(): return 2\n"
    )
    (place,) = places("box.py", source)
    edits = {place.edited(source, random.Random(seed)) for seed in range(50)}

    assert (place.file, place.name) == ("box.py", "Box.size")
    assert edits == {
        source.replace(before, f"{' ' * indent}pass\n{before}")
        for before, indent in [("        if", 8), ("            return 1", 12), ("            return 3", 12)]
    }
    for edited in edits:
        compile(edited, "box.py", "exec")


def test_cpu_time_is_told_by_what_the_processes_of_a_run_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCH))
    from cpu_by_role import Process, by_role

    session = "python -m mutmut_dashboard.engine.session"
    seen = {
        1: Process(0, 10, "python -m mutmut_dashboard run", 2.0, 90.0),
        4: Process(1, 40, session, 3.0, 50.0),
        2: Process(1, 20, session, 5.0, 0.5),
        3: Process(1, 30, "python -m mutmut_dashboard.engine.mutmut_generation", 1.0, 4.0),
        5: Process(4, 50, session, 7.0, 0.0),  # counted with its parent
        6: Process(3, 35, "python -m mutmut_dashboard.engine.mutmut_generation", 2.5, 0.0),
        7: Process(3, 35, "python -m mutmut_dashboard.engine.mutmut_generation", 3.5, 0.0),
    }

    found = by_role(1, seen)

    # Its parent has not waited yet for one of those that generated 6 s.
    assert list(found.values()) == [7.0, 5.5, 3.0, 50.0, 2.0]
    assert by_role(99, seen) == {}


def test_a_process_that_works_is_seen_with_the_cpu_time_it_uses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCH))
    from cpu_by_role import processes

    mine = processes()[os.getpid()]

    assert mine.parent == os.getppid()
    assert 0 < mine.own <= time.process_time() + 1
