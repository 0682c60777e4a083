"""A random walk of edits over the tree `errands`: after each, verdicts of a run that reuses earlier ones and of a fresh run.

Run it for as long as you like: `python dashboard/tests/edits.py --steps 100 --seed 7`.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from trees_support import copy_of_tree, facts_of, run_cli

from mutmut_dashboard.errors import ExitCode

TREE = "errands"
CODE, TESTS = "errands.py", "tests/test_errands.py"


@dataclass(frozen=True)
class Edit:
    """A change that can be made and taken back."""

    name: str
    file: str
    old: str
    new: str


EDITS = (
    Edit("a condition", CODE, "miles < 10", "miles <= 12"),
    Edit("a function that others call", CODE, "3 if weight > 20", "4 if weight > 25"),
    Edit("a function that only mutants reach", CODE, "return -1", "return 7"),
    Edit("a block that one test enters", CODE, "price - int(coupon)", "-int(coupon) + price"),
    Edit("a block that another enters", CODE, "price = price + 1", "price = 1 + price"),
    Edit(
        "a block that becomes longer",
        CODE,
        "            break\n",
        "            price = 7\n            break\n",
    ),
    Edit(
        "what follows a block",
        CODE,
        "    else:\n        return price\n    return -price",
        "    else:\n        return price\n    miles = -price\n    return miles",
    ),
    Edit(
        "a block that comes",
        CODE,
        "    except ValueError:\n",
        "        else:\n            coupon = 0\n    except ValueError:\n",
    ),
    Edit(
        "a name that a block makes local",
        CODE,
        "        if price == 7:\n",
        "        rate = price\n        if price == 7:\n",
    ),
    Edit("a default value", CODE, "weight=1)", "weight=1.0)"),
    Edit("a constant of the module", CODE, '"far": 5', '"far": 5, "overseas": 9'),
    Edit("a number that Hypothesis draws", CODE, "FREE_ABOVE = 1000", "FREE_ABOVE = 2345"),
    Edit("a number in a function", CODE, "return number - 1", "return number - 4321"),
    Edit(
        "an override that appears",
        CODE,
        "        return super().cost() * 2\n",
        "        return super().cost() * 2\n\n    def tip(self):\n        return 3 - 2\n",
    ),
    Edit(
        "a method that is looked up by name",
        CODE,
        "        return super().cost() * 2\n",
        "        return super().cost() * 2\n\n    def on_arrival(self):\n        return 1 + 1\n",
    ),
    Edit(
        "a comment that moves every line", CODE, '\nRATES = {"near"', '\n# Rates by mile.\n\nRATES = {"near"'
    ),
    Edit("a test made stronger", TESTS, "assert fee(5) >= 0", "assert fee(5) == 2"),
    Edit("a test made weaker", TESTS, "assert rate(miles) == expected", "assert rate(miles)"),
    Edit(
        "a helper of tests", TESTS, "assert total(numbers) == expected", "assert total(numbers) >= expected"
    ),
    Edit("cases of a test", TESTS, "(50, 5)]", "(50, 5), (60, 5)]"),
    Edit(
        "a test that goes",
        TESTS,
        "    def test_costs_twice(self):\n        assert Express(5).cost() == 2 * Errand(5).cost()\n\n",
        "",
    ),
    Edit(
        "a test that comes",
        TESTS,
        "def test_totals():",
        "def test_free():\n    assert total([600, 600]) == 0\n\n\ndef test_totals():",
    ),
    Edit("a fixture", "tests/conftest.py", "return 30", "return 21"),
    Edit("a file that a test reads", "tests/miles.json", "[3, 40]", "[3, 40, 10]"),
)


STROLL = (
    "a function that only mutants reach",
    "a block that another enters",
    "a test made stronger",
    "an override that appears",
    "a method that is looked up by name",
    "a test that comes",
    "a number in a function",
    "a file that a test reads",
)


@dataclass
class Walk:
    """Two copies of the tree, changed alike: one is run again and again, the other always from scratch."""

    folder: Path
    made: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.reusing = copy_of_tree(TREE, self.folder / "reusing")
        self.afresh = copy_of_tree(TREE, self.folder / "afresh")
        self._plain = {e.file: (self.reusing / e.file).read_text(encoding="utf-8") for e in EDITS}

    def flip(self, edit: Edit) -> None:
        """Make an edit, or take it back."""
        self.made ^= {edit.name}
        texts = dict(self._plain)
        for one in EDITS:
            if one.name in self.made:
                assert one.old in texts[one.file], one.name
                texts[one.file] = texts[one.file].replace(one.old, one.new, 1)
        for tree in (self.reusing, self.afresh):
            for file, text in texts.items():
                (tree / file).write_text(text, encoding="utf-8")

    def run(self) -> Step:
        """Run both."""
        with ThreadPoolExecutor() as pool:
            reusing = pool.submit(run_cli, self.reusing, "run", "-j1")
            afresh = pool.submit(run_cli, self.afresh, "run", "--fresh", "-j1")
        outcome = reusing.result()
        assert outcome.code == afresh.result().code, outcome.err + afresh.result().err
        if outcome.code == ExitCode.BASELINE:  # an edit of the code that a test refuses
            return Step({}, {}, outcome.err, (), ())
        assert outcome.code == ExitCode.OK, outcome.err
        return Step(
            *(_verdicts(self.reusing), _verdicts(self.afresh), outcome.err),
            *(_covered(self.reusing), _covered(self.afresh)),
        )


@dataclass(frozen=True)
class Step:
    """What the two runs found, and what the one that reuses verdicts said."""

    reusing: dict[tuple[str, str, str], str]
    afresh: dict[tuple[str, str, str], str]
    said: str
    reusing_covered: Sequence[object]
    """Of each file, what coverage says of its lines and branches."""
    afresh_covered: Sequence[object]

    @property
    def judged(self) -> int:
        """How many mutants were judged again."""
        for line in self.said.splitlines():
            if " judging " in line and line.endswith(" mutants"):
                return int(line.split()[-2])
        return 0


def _verdicts(tree: Path) -> dict[tuple[str, str, str], str]:
    facts = facts_of(tree)
    return {
        (m.function, m.id, f"{m.original} -> {m.replacement}"): str(facts.status(m)) for m in facts.mutants
    }


def _covered(tree: Path) -> list[object]:
    files = facts_of(tree).coverage.values()
    return [(f.file, f.executed, f.missing, f.partial, f.covered_branches) for f in files]


def wander(folder: Path, seed: int, steps: int) -> Iterator[tuple[list[str], Step]]:
    """Flip one or two random edits a step, and run; those that a test refuses are taken back."""
    chance = random.Random(seed)
    walk = Walk(folder)
    yield [], walk.run()
    for _ in range(steps):
        edits = chance.sample(EDITS, chance.choice([1, 1, 2]))
        for edit in edits:
            walk.flip(edit)
        step = walk.run()
        yield [edit.name for edit in edits], step
        if not step.afresh:
            for edit in edits:
                walk.flip(edit)


def stroll(folder: Path) -> list[tuple[str, Step]]:
    """Make some telling edits, one after the other, and run after each."""
    by_name = {edit.name: edit for edit in EDITS}
    walk = Walk(folder)
    steps = [("start", walk.run())]
    for name in STROLL:
        walk.flip(by_name[name])
        steps.append((name, walk.run()))
    return steps


def main() -> int:
    """Walk, say what happens at each step, and return 1 if a verdict ever differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    stale = 0
    with tempfile.TemporaryDirectory() as folder:
        for names, step in wander(Path(folder), arguments.seed, arguments.steps):
            differing = {
                k: (v, step.afresh.get(k)) for k, v in step.reusing.items() if step.afresh.get(k) != v
            }
            covered = step.reusing_covered == step.afresh_covered
            stale += bool(differing or step.reusing.keys() != step.afresh.keys() or not covered)
            said = f"{', '.join(names) or 'start'}: {step.judged} of {len(step.reusing)} judged; {differing or 'equal'}"
            said += "" if covered else "; other coverage"
            sys.stdout.write(said + "\n")
            sys.stdout.flush()
    sys.stdout.write("STALE\n" if stale else "never stale\n")
    return bool(stale)


if __name__ == "__main__":
    sys.exit(main())
