"""Makes recorded facts for tests; a test names only what matters to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mutmut_dashboard.identity import Origin, assign_ids
from mutmut_dashboard.model import (
    Choice,
    Decision,
    Ended,
    ExamplesByFunction,
    FileCoverage,
    How,
    Kill,
    Mutant,
    Provenance,
    RunState,
    Standing,
    Status,
    TargetRecord,
    TestRecord,
    Verdict,
    Weighed,
)
from mutmut_dashboard.store import Store

NOW = datetime(2030, 5, 17, 12, 0, tzinfo=UTC)
FILE = "shop/prices.py"
SOURCE = '''\
"""Prices."""


def total(price, qty):
    """What is to be paid."""
    if qty < 0:
        raise ValueError("a negative quantity")
    return price * qty


class Basket:
    def add(self, price, qty=1):
        self.sum = self.sum + total(price, qty)
        return self.sum
'''
TESTS = ("tests/test_prices.py::test_total_is_price_times_quantity", "tests/test_prices.py::test_basket_adds")


def a_mutant(original: str = "price * qty", replacement: str = "price / qty", **overrides: Any) -> Mutant:
    """A mutant of `SOURCE`: the place is found from the original text, so a test names the change only."""
    text = overrides.pop("source", SOURCE)
    occurrence = overrides.pop("occurrence", 0)
    at = _find(text, original, occurrence)
    file = overrides.get("file", FILE)
    function = overrides.get("function", "total")
    origin = Origin(file, function, original, f"{replacement}#{occurrence}")
    facts: dict[str, Any] = {
        "id": assign_ids([origin])[0],
        "target": "prices",
        "name": f"shop.prices.x_{function}__mutmut_1",
        "file": file,
        "function": function,
        **_position(text, at, original),
        "operator": "operator swap",
        "original": original,
        "replacement": replacement,
        "diff": f"--- {file}\n+++ {file}\n@@ -8 +8 @@\n-{original}\n+{replacement}\n",
    }
    return Mutant(**{**facts, **overrides})


def _find(text: str, fragment: str, occurrence: int) -> int:
    at = text.find(fragment)
    for _ in range(occurrence):
        at = text.find(fragment, at + 1)
    return max(at, 0)


def _position(text: str, at: int, fragment: str) -> dict[str, int]:
    end = at + len(fragment)
    return {
        "line": text.count("\n", 0, at) + 1,
        "column": at - (text.rfind("\n", 0, at) + 1) + 1,
        "end_line": text.count("\n", 0, end) + 1,
        "end_column": end - (text.rfind("\n", 0, end) + 1) + 1,
    }


def a_kill(**overrides: Any) -> Kill:
    """What the killing test said."""
    facts: dict[str, Any] = {
        "test": TESTS[0],
        "how": How.ASSERTION,
        "exception": "AssertionError",
        "message": "assert 2.0 == 8",
        "example": "",
    }
    return Kill(**{**facts, **overrides})


_ENDED = {
    Status.KILLED: Ended.FAILED,
    Status.TIMEOUT: Ended.WALL_LIMIT,
    Status.SURVIVED: Ended.PASSED,
    Status.UNCOVERED: Ended.NO_TESTS,
    Status.INVALID: Ended.NOT_IMPORTED,
    Status.ERROR: Ended.OUT_OF_MEMORY,
}


def a_verdict(mutant: Mutant, status: Status = Status.SURVIVED, **overrides: Any) -> Verdict:
    """A verdict that gives the mutant that status."""
    facts: dict[str, Any] = {
        "mutant_id": mutant.id,
        "ended": _ENDED[status],
        "wall": 0.25,
        "cpu": 0.2,
        "tests_run": 2,
        "kill": a_kill() if status is Status.KILLED else None,
        "judged_at": "2030-05-17T09:00:30+00:00",
    }
    return Verdict(**{**facts, **overrides})


def a_target(**overrides: Any) -> TargetRecord:
    """A target as it was configured."""
    facts: dict[str, Any] = {
        "name": "prices",
        "root": ".",
        "files": (FILE,),
        "suites": ("prices",),
        "score_floor": 80.0,
        "coverage_floor": 90.0,
        "seconds": {"stage": 0.4, "baseline": 2.1, "mutants": 64.0},
    }
    return TargetRecord(**{**facts, **overrides})


def a_provenance(**overrides: Any) -> Provenance:
    """Where verdicts come from."""
    facts: dict[str, Any] = {
        "command": "mutmut-dashboard run prices",
        "commit": "0123456789abcdef0123456789abcdef01234567",
        "dirty": False,
        "fingerprint": "f1f2f3f4",
        "python": "3.12.4",
        "platform": "Linux x86_64",
        "versions": {"mutmut": "3.8.1", "hypothesis": "6.160.0"},
        "profile": {"derandomize": "True", "max_examples": "100"},
        "cores": 8,
        "memory": 16 * 2**30,
        "workers": 7,
    }
    return Provenance(**{**facts, **overrides})


def a_coverage(**overrides: Any) -> FileCoverage:
    """Coverage of `SOURCE` in which the refusal of negative quantities is never run."""
    facts: dict[str, Any] = {
        "file": FILE,
        "executed": (4, 6, 8, 11, 12, 13, 14),
        "missing": (7,),
        "excluded": (),
        "partial": {6: (7,)},
        "branches": 2,
        "covered_branches": 1,
        "tests_by_line": {6: (0, 1), 8: (0, 1), 13: (1,), 14: (1,)},
        "tests": TESTS,
        "exits": {6: 2},
    }
    return FileCoverage(**{**facts, **overrides})


def a_test(test_id: str = TESTS[0], **overrides: Any) -> TestRecord:
    """A test of the clean run."""
    facts: dict[str, Any] = {"target": "prices", "id": test_id, "duration": 0.12}
    return TestRecord(**{**facts, **overrides})


@dataclass
class Recorded:
    """One target with all that is recorded about it; `judged` pairs each mutant with its status or verdict."""

    judged: Sequence[tuple[Mutant, Status | Verdict | None]] = ()
    target: TargetRecord = field(default_factory=a_target)
    tests: list[TestRecord] = field(
        default_factory=lambda: [a_test(TESTS[0]), a_test(TESTS[1], duration=1.5)]
    )
    coverage: list[FileCoverage] = field(default_factory=lambda: [a_coverage()])
    reach: dict[tuple[str, str], list[str]] = field(default_factory=lambda: {(FILE, "total"): list(TESTS)})
    examples: ExamplesByFunction = field(default_factory=dict)


def a_store(
    tmp_path: Path,
    *targets: Recorded,
    sources: dict[str, str] | None = None,
    provenance: Provenance | None = None,
    state: RunState | None = RunState.COMPLETE,
    detail: str = "",
    name: str = "results.sqlite",
) -> tuple[Store, int]:
    """A store with one run, and the number of that run."""
    store = Store(tmp_path / name)
    run_id = store.start_run(
        provenance or a_provenance(), [t.target for t in targets], "2030-05-17T09:00:00+00:00"
    )
    store.add_sources(run_id, {FILE: SOURCE} if sources is None else sources)
    for recorded in targets:
        _record(store, run_id, recorded)
    if state not in (None, RunState.RUNNING):
        store.end_run(run_id, state, "2030-05-17T09:01:06+00:00", detail)
    return store, run_id


def _record(store: Store, run_id: int, recorded: Recorded) -> None:
    name = recorded.target.name
    store.add_mutants(run_id, [mutant for mutant, _ in recorded.judged])
    store.add_tests(run_id, recorded.tests)
    store.add_reach(run_id, name, recorded.reach, recorded.examples)
    store.add_coverage(run_id, name, recorded.coverage)
    for verdict in _verdicts(recorded.judged):
        store.add_verdict(run_id, name, verdict)


def _verdicts(judged: Iterable[tuple[Mutant, Status | Verdict | None]]) -> Iterable[Verdict]:
    for mutant, status in judged:
        if isinstance(status, Verdict):
            yield status
        elif status in _ENDED:
            yield a_verdict(mutant, status)


def a_decision(mutant: Mutant | None = None, **overrides: Any) -> Decision:
    """What someone decided about a mutant."""
    about = mutant or a_mutant()
    facts: dict[str, Any] = {
        "id": about.id,
        "target": about.target,
        "file": about.file,
        "function": about.function,
        "change": f"{about.original} -> {about.replacement}",
        "decision": Choice.EQUIVALENT,
        "reason": "nobody buys less than one",
        "who": "Ada",
        "when": "2030-05-01",
        "function_hash": "0123456789abcdef",
    }
    return Decision(**{**facts, **overrides})


def weighed(
    mutant: Mutant, decision: Choice, standing: Standing = Standing.APPLIES, why: str = "", **overrides: Any
) -> Weighed:
    """A decision and what it means."""
    return Weighed(a_decision(mutant, decision=decision, **overrides), standing, why)


def of_every_status() -> Recorded:
    """One mutant of each status, and two survivors."""
    skipped = a_mutant('"a negative quantity"', '"XX"', skip_reason="messages are not promised")
    return Recorded(
        judged=[
            (a_mutant("price * qty", "price / qty"), Status.KILLED),
            (a_mutant("price * qty", "price ** qty"), Status.TIMEOUT),
            (a_mutant("qty < 0", "qty <= 0"), Status.SURVIVED),
            (a_mutant("self.sum + total", "self.sum - total", function="Basket.add"), Status.SURVIVED),
            (a_mutant("raise ValueError", "return ValueError"), Status.UNCOVERED),
            (skipped, None),
            (a_mutant("qty=1", "qty=+", function="Basket.add"), Status.INVALID),
            (a_mutant("qty=1", "qty=2", function="Basket.add"), Status.ERROR),
            (a_mutant("return self.sum", "return None", function="Basket.add"), Status.PENDING),
        ]
    )


EVIL = (
    """</script><script>document.title='pwned'</script><img src=x onerror="document.title='pwned'">"'`&amp;"""
)
"""Text that would run, or break out of an attribute, where it is not escaped."""


def hostile() -> tuple[Recorded, dict[str, str], Provenance]:
    """A target, sources and provenance in which every text is hostile."""
    file = "a b/\u017c'\"<b>.py"
    source = f"def f(a):\n    s = '''{EVIL}\u202e\x00\x07 żółć 💥'''\n    return {' + '.join(['a'] * 1100)}\n\tpass\n"
    long_line = a_mutant(
        "a + a", EVIL, source=source, file=file, function=EVIL, operator=EVIL, name=EVIL, occurrence=300
    )
    several_lines = a_mutant("return", f"{EVIL}\n{EVIL}", source=source, file=file, function="g\u202e")
    no_source = a_mutant("gone", EVIL, file="gone.py", diff=f"+{EVIL}\x1b[31m")
    killed = a_mutant("pass", "raise", source=source, file=file)
    kill = a_kill(
        test=EVIL, message=EVIL * 20, example=EVIL, exception=EVIL, places=(f"{EVIL}:1",), output=EVIL * 80
    )
    skipped = a_mutant("def", EVIL, source=source, file=file, skip_reason=EVIL)
    recorded = Recorded(
        judged=[
            (long_line, Status.SURVIVED),
            (several_lines, Status.UNCOVERED),
            (no_source, Status.SURVIVED),
            (killed, a_verdict(killed, Status.KILLED, kill=kill)),
            (skipped, None),
            (a_mutant("s", EVIL, source=source, file=file, id=EVIL), Status.ERROR),
        ],
        target=a_target(name=EVIL),
        tests=[
            a_test(EVIL, target=EVIL, line=1, code=f"{EVIL}\n\ud800\u202e"),
            a_test(f"t.py::t[{EVIL}\n\x1b[31m]", target=EVIL, outcome=EVIL),
        ],
        reach={(file, EVIL): [EVIL, "t.py::lone\ud800"]},
        coverage=[a_coverage(file=file, tests_by_line={}, tests=(EVIL,))],
    )
    recorded.judged = [(_moved(mutant, EVIL), status) for mutant, status in recorded.judged]
    provenance = a_provenance(
        command=f"\ud800{EVIL}",
        commit=EVIL,
        branch=f"\udcff\u202e{EVIL}",
        platform=EVIL,
        versions={EVIL: EVIL},
        profile={EVIL: EVIL},
    )
    return recorded, {file: source}, provenance


def hostile_decisions(recorded: Recorded) -> list[Weighed]:
    """Decisions about its mutants, of every standing, in which every text is hostile."""
    evil = {"reason": f"{EVIL}\u202e\ud800", "who": EVIL, "change": EVIL}
    mutants = [mutant for mutant, _ in recorded.judged]
    return [
        weighed(mutant, Choice.ACCEPTED, standing, EVIL, **evil)
        for mutant, standing in zip(mutants, Standing, strict=False)
    ]


def _moved(mutant: Mutant, target: str) -> Mutant:
    return replace(mutant, target=target)
