"""Makes the store of a large run: 100,000 mutants in 1,000 files, one of which holds 5,000, and 10,000 tests.

The sources are real Python and every mutant stands in its source. Verdicts, tests and coverage are drawn at random from
a seed, so that two stores of one size are the same. Earlier runs differ from the last one in a hundredth of their verdicts.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from mutmut_dashboard.identity import Origin, assign_ids
from mutmut_dashboard.model import (
    ExamplesByFunction,
    FileCoverage,
    Mutant,
    Provenance,
    RunState,
    TargetRecord,
    TestRecord,
)
from mutmut_dashboard.store import Store

TARGET = "large"
_FUNCTION = '''\
def settle_{n}(price, quantity, limit={n}):
    """What order {n} comes to, and its label."""
    total = price * quantity + {n}
    if total > limit:
        total = total - limit
    elif quantity == 0:
        return None
    label = "order {n} of the day"
    for step in range(quantity):
        total += step * 2
    return total, label


'''
_LINES = _FUNCTION.count("\n")
_CODE = '''\
    @given(price=st.integers(0, 10**6), quantity=st.integers(0, 1000))
    def test_an_order_is_settled_whatever_its_limit_{n}(self, price, quantity):
        """Order {n} comes to what its parts do, and keeps its label."""
        total, label = settle_{n}(price, quantity, limit=10**9)
        steps = sum(step * 2 for step in range(quantity))
        assert total == price * quantity + {n} + steps
        assert label == "order {n} of the day"
        cheaper, _ = settle_{n}(price, quantity, limit=total - 1)
        assert cheaper < total, "above the limit it costs less"'''
"""Of a test, as long as this repository's own are in the middle."""
_CHANGES = (
    (3, "*", "/", "swap op"),
    (3, "+", "-", "swap op"),
    (4, ">", ">=", "swap op"),
    (5, "total - limit", "None", "assignment"),
    (6, "==", "!=", "swap op"),
    (8, '"order {n} of the day"', '"XXorder {n} of the dayXX"', "string"),
    (8, '"order {n} of the day"', "None", "assignment"),
    (9, "quantity", "None", "arg removal"),
    (10, "+=", "=", "augmented assignment"),
    (10, "2", "3", "number"),
)
"""Line of the function, what stands there, what comes instead, operator."""
_ENDS = (
    ("failed", 0.80),
    ("passed", 0.15),
    ("no tests", 0.03),
    ("wall limit", 0.01),
    ("out of memory", 0.01),
)
_BRANCHING = (4, 6, 9)
_RAN = (3, 4, 5, 6, 8, 9, 10, 11)
_TESTS_PER_FUNCTION = 40
_EXAMPLES = 100
_REACHING = (((100, 100), 0.80), ((50, 99), 0.12), ((10, 49), 0.06), ((1, 9), 0.02))
"""Least and most examples of a property that reach a function, and how often. In this repository's own suites all examples of
a property reach 83 % of the functions that it calls, fewer than a tenth of them 1.5 %."""
_SELDOM = 0.02
"""How often all properties of a function hardly ever reach it."""


@dataclass(frozen=True)
class Size:
    """How large the run is; a function gives ten mutants."""

    files: int = 1000
    mutants: int = 100_000
    largest_file: int = 5000
    tests: int = 10_000
    earlier_runs: int = 5

    def functions(self) -> list[int]:
        """How many functions each file holds, the largest file in the middle."""
        rest = (self.mutants - self.largest_file) // len(_CHANGES)
        share, more = divmod(rest, self.files - 1)
        counts = [share + (at < more) for at in range(self.files - 1)]
        counts.insert(self.files // 2, self.largest_file // len(_CHANGES))
        return counts


def make(path: Path, size: Size, seed: int = 0) -> int:
    """Write the store and return the number of its last run."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    tests = [
        f"tests/unit/test_module_{n // 10:04}.py::TestOrders::test_an_order_is_settled_whatever_its_limit_{n}"
        for n in range(size.tests)
    ]
    with Store(path) as store:
        for number in range(1, size.earlier_runs + 2):
            began = f"2030-05-{number:02}T09:00:00+00:00"
            run_id = store.start_run(_provenance(number), [_target(size)], began)
        sources, functions = _sources(size)
        store.add_sources(run_id, sources)
        store.add_mutants(run_id, _mutants(functions))
        store.add_tests(
            run_id,
            [
                TestRecord(
                    TARGET,
                    test,
                    0.001 * (at % 97),
                    is_property=_is_property(at),
                    examples=_EXAMPLES * _is_property(at),
                    line=1 + at % 10 * 12,
                    code=_CODE.format(n=at),
                )
                for at, test in enumerate(tests)
            ],
        )
        by_function = {key: chance.sample(range(size.tests), _TESTS_PER_FUNCTION) for key in functions}
        reach = {key: [tests[at] for at in own] for key, own in by_function.items()}
        store.add_reach(run_id, TARGET, reach, _examples(by_function, tests, seed))
        store.add_coverage(run_id, TARGET, _coverage(functions, by_function, tests))
        for number in range(1, run_id + 1):
            store.end_run(number, RunState.COMPLETE, f"2030-05-{number:02}T09:20:00+00:00")
    with closing(sqlite3.connect(path)) as db, db:
        _judge(db, run_id, tests, chance)
        _look_back(db, run_id)
    return run_id


def _is_property(test: int) -> bool:
    return test % 3 == 0


def _examples(
    by_function: dict[tuple[str, str], list[int]], tests: list[str], seed: int
) -> ExamplesByFunction:
    chance = random.Random(seed + 1)  # noqa: S311 - no secret; one of its own, so that nothing else changes
    spans, shares = [span for span, _ in _REACHING], [share for _, share in _REACHING]
    found: ExamplesByFunction = {}
    for key, own in by_function.items():
        properties = [test for test in own if _is_property(test)]
        seldom = chance.random() < _SELDOM
        drawn = [spans[-1]] * len(properties) if seldom else chance.choices(spans, shares, k=len(properties))
        found[key] = {
            tests[test]: chance.randint(*span) for test, span in zip(properties, drawn, strict=True)
        }
    return found


def _provenance(number: int) -> Provenance:
    return Provenance(
        *("mutmut-dashboard run", f"{number:040x}", False, f"{number:08x}", "3.12.4", "Linux x86_64"),
        *({"mutmut": "3.8.1"}, {"derandomize": "True"}, 8, 16 * 2**30, 8),
    )


def _target(size: Size) -> TargetRecord:
    files = tuple(path_of(at) for at in range(size.files))
    return TargetRecord(TARGET, ".", files, ("tests/unit",), 80.0, 90.0, {"judging": 1200.0})


def path_of(at: int) -> str:
    """Path of a file by its number."""
    return f"shop/part_{at // 50:02}/module_{at:04}.py"


Functions = dict[tuple[str, str], tuple[int, int]]
"""File and name -> its number and its first line."""


def _sources(size: Size) -> tuple[dict[str, str], Functions]:
    sources: dict[str, str] = {}
    functions: Functions = {}
    number = 0
    for at, count in enumerate(size.functions()):
        path = path_of(at)
        for own in range(count):
            functions[path, f"settle_{number + own}"] = (number + own, 1 + own * _LINES)
        sources[path] = "".join(_FUNCTION.format(n=n) for n in range(number, number + count))
        number += count
    return sources, functions


def _mutants(functions: Functions) -> Iterator[Mutant]:
    for (path, name), (number, first) in functions.items():
        lines = _FUNCTION.format(n=number).split("\n")
        changes = [
            (line, original.format(n=number), replacement.format(n=number), operator)
            for line, original, replacement, operator in _CHANGES
        ]
        ids = assign_ids(Origin(path, name, f"{line}{old}", new) for line, old, new, _ in changes)
        for at, (line, original, replacement, operator) in enumerate(changes):
            text = lines[line - 1]
            column = text.index(original) + 1
            changed = text[: column - 1] + replacement + text[column - 1 + len(original) :]
            yield Mutant(
                id=ids[at],
                target=TARGET,
                name=f"{path[:-3].replace('/', '.')}.x_{name}__mutmut_{at + 1}",
                file=path,
                function=name,
                line=first + line - 1,
                column=column,
                end_line=first + line - 1,
                end_column=column + len(original),
                operator=operator,
                original=original,
                replacement=replacement,
                diff=f"--- {path}\n+++ {path}\n@@ -{first + line - 1} +{first + line - 1} @@\n-{text}\n+{changed}\n",
            )


def _coverage(
    functions: Functions, by_function: dict[tuple[str, str], list[int]], tests: list[str]
) -> Iterator[FileCoverage]:
    files: dict[str, list[tuple[str, str]]] = {}
    for key in functions:
        files.setdefault(key[0], []).append(key)
    for path, keys in files.items():
        mentioned = sorted({test for key in keys for test in by_function[key]})
        place = {test: at for at, test in enumerate(mentioned)}
        by_line: dict[int, tuple[int, ...]] = {}
        executed: list[int] = []
        for key in keys:
            first = functions[key][1]
            executed += [first, *(first + line - 1 for line in _RAN)]
            own = tuple(sorted(place[test] for test in by_function[key]))
            for at, line in enumerate(_RAN):
                by_line[first + line - 1] = own if at < 3 else own[at:]
        missing = tuple(functions[key][1] + 6 for key in keys)
        never: dict[int, tuple[int, ...]] = {line - 1: (line,) for line in missing}
        yield FileCoverage(
            *(path, tuple(executed), missing, (), never),
            *(6 * len(keys), 5 * len(keys), by_line, tuple(tests[test] for test in mentioned)),
            exits={functions[key][1] + line - 1: 2 for key in keys for line in _BRANCHING},
        )


def _judge(db: sqlite3.Connection, run_id: int, tests: list[str], chance: random.Random) -> None:
    """Draw verdicts; one transaction, as a hundred thousand would take minutes."""
    names, shares = [end for end, _ in _ENDS], [share for _, share in _ENDS]
    rows = []
    for (mutant_id,) in db.execute("SELECT id FROM mutant WHERE run_id = ?", (run_id,)).fetchall():
        (end,) = chance.choices(names, shares)
        kill: tuple[str | None, ...] = (None,) * 7
        if end == "failed":
            example = "price=1, quantity=0, limit=-1" if chance.random() < 0.3 else ""
            message = f"assert (120, 'order of the day') == (12{chance.randrange(10)}, 'order of the day')"
            test = chance.choice(tests)
            place = f"{test.partition('::')[0]}:{4 + chance.randrange(120)}"
            output = "settling an order\n" * 3 if test.endswith("7") else ""
            kill = (test, "assertion", "AssertionError", message, example, place, output)
        rows.append(
            (
                run_id,
                TARGET,
                mutant_id,
                end,
                chance.random(),
                chance.random(),
                3,
                "",
                "2030-05-17T09:00:30+00:00",
                *kill,
            )
        )
    db.executemany(f"INSERT INTO verdict VALUES ({', '.join('?' * 16)})", rows)  # noqa: S608 - question marks


def _look_back(db: sqlite3.Connection, run_id: int) -> None:
    """Copy the last run's mutants and verdicts to the earlier runs; one of a hundred survived there."""
    mutant, verdict = (
        ", ".join(
            f'"{name}"' for _, name, *_ in db.execute(f"PRAGMA table_info({table})") if name != "run_id"
        )
        for table in ("mutant", "verdict")
    )
    for earlier in range(1, run_id):
        for table, columns in (("mutant", mutant), ("verdict", verdict)):
            db.execute(
                f"INSERT INTO {table} (run_id, {columns}) SELECT ?, {columns} FROM {table} WHERE run_id = ?",  # noqa: S608 - names of ours
                (earlier, run_id),
            )
        db.execute(
            "UPDATE verdict SET ended = 'passed', kill_test = NULL WHERE run_id = ? AND (rowid + ?) % 100 = 0",
            (earlier, 7 * earlier),
        )
