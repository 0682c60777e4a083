"""Rendered sites for the browser: each is made once from a small store that a test can read in its head."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from factories import (
    EVIL,
    FILE,
    NOW,
    SOURCE,
    Recorded,
    a_coverage,
    a_kill,
    a_mutant,
    a_provenance,
    a_store,
    a_target,
    a_test,
    a_verdict,
    hostile,
    hostile_decisions,
    of_every_status,
    weighed,
)

from mutmut_dashboard.changes import Since
from mutmut_dashboard.config import Ceilings
from mutmut_dashboard.model import (
    OUTSIDE,
    Choice,
    FailedTest,
    How,
    Mutant,
    RunState,
    Standing,
    Status,
    Weighed,
)
from mutmut_dashboard.report import render_report
from mutmut_dashboard.report.facts import Facts, gather
from mutmut_dashboard.report.history import read_history
from mutmut_dashboard.report.rulings import Rulings
from mutmut_dashboard.report.snapshot import take_snapshot
from mutmut_dashboard.report.tallies import FileTally, tally_files

CART = "shop/cart.py"
CART_SOURCE = '''\
"""A cart."""


def subtotal(prices, discount=0):
    total = sum(prices) * (1 - discount)
    if total < 0 or discount > 1:
        return 0
    return round(total, 2)


def shipping(weight):
    return 5 if weight <= 20 else 9
'''
STOCK = "shop/stock.py"
STOCK_SOURCE = '''\
"""What is there."""


class Stock:
    def take(self, name, count=1):
        left = self.counts[name] - count
        if left < 0:
            raise LookupError(f"{name}: only {self.counts[name]} left")
        self.counts[name] = left
        return left
'''
CART_TESTS = (
    "tests/test_cart.py::test_subtotal_adds",
    "tests/test_cart.py::TestShipping::test_heavy_costs_more",
)
CART_TEST = """\
def test_subtotal_adds(checked):
    bought = [2, 6]
    checked(subtotal(bought), 8)
    assert subtotal([]) == 0"""
CART_KILL = a_kill(
    test=CART_TESTS[0],
    places=("tests/test_cart.py:9", "tests/conftest.py:12"),
    output="\x1b[31mthe cart holds 2\x1b[0m\n\nCaptured log call\nWARNING no discount",
)
"""What the first mutant of the cart was killed with."""
STOCK_TESTS = (
    "tests/test_stock.py::test_taking_leaves_less",
    "tests/test_stock.py::test_nothing_is_negative",
)
SURVIVORS = 9
"""Undetected mutants of the shop, of which two are on one line and one is uncovered."""


def render(
    folder: Path,
    *targets: Recorded,
    project: str = "shop",
    decisions: Sequence[Weighed] = (),
    since: Since | None = None,
    **kept: Any,
) -> Path:
    """Make a store of one run and the site of it."""
    store, run_id = a_store(folder, *targets, **kept)
    with store:
        return render_report(
            store, run_id, folder / "site", project=project, now=NOW, decisions=decisions, since=since
        )


def of_cart(original: str, replacement: str, function: str = "subtotal", **overrides: Any) -> Mutant:
    """A mutant of the cart."""
    facts = {"source": CART_SOURCE, "file": CART, "target": "cart", "function": function, **overrides}
    return a_mutant(original, replacement, **facts)


def of_stock(original: str, replacement: str, **overrides: Any) -> Mutant:
    """A mutant of the stock."""
    facts = {
        "source": STOCK_SOURCE,
        "file": STOCK,
        "target": "stock",
        "function": "Stock.take",
        **overrides,
    }
    return a_mutant(original, replacement, **facts)


def the_cart() -> Recorded:
    """Six undetected mutants, two of which are on one line."""
    swap = {"operator": "comparison swap"}
    killed = of_cart("sum(prices) * (1 - discount)", "sum(prices) / (1 - discount)")
    return Recorded(
        judged=[
            (killed, a_verdict(killed, Status.KILLED, kill=CART_KILL)),
            (of_cart("1 - discount", "2 - discount", operator="number"), Status.SURVIVED),
            (of_cart("total < 0", "total <= 0", **swap), Status.SURVIVED),
            (of_cart("discount > 1", "discount >= 1", **swap), Status.SURVIVED),
            (of_cart("return 0", "return 1", operator="number"), Status.UNCOVERED),
            (of_cart("round(total, 2)", "round(total, 3)", operator="number"), Status.SURVIVED),
            (of_cart("weight <= 20", "weight < 20", "shipping", **swap), Status.SURVIVED),
            (
                of_cart("5 if", "6 if", "shipping", operator="number", name="shop.cart.x_shipping__mutmut_9"),
                Status.KILLED,
            ),
            (of_cart("else 9", "else None", "shipping", operator="number"), Status.TIMEOUT),
        ],
        target=a_target(name="cart", files=(CART,)),
        tests=[
            a_test(CART_TESTS[0], target="cart", line=7, code=CART_TEST),
            a_test(CART_TESTS[1], target="cart", duration=1.5),
        ],
        coverage=[
            a_coverage(
                file=CART,
                executed=(4, 5, 6, 8, 11, 12),
                missing=(7,),
                partial={6: (7,)},
                tests_by_line={5: (0,), 6: (0,), 8: (0,), 12: (1,)},
                tests=CART_TESTS,
            )
        ],
        reach={(CART, "subtotal"): [CART_TESTS[0]], (CART, "shipping"): [CART_TESTS[1]]},
    )


def the_stock() -> Recorded:
    """Three survivors."""
    killed = of_stock("self.counts[name] - count", "self.counts[name] + count")
    return Recorded(
        judged=[
            (killed, a_verdict(killed, Status.KILLED)),
            (of_stock("count=1", "count=2", operator="number"), Status.SURVIVED),
            (of_stock("left < 0", "left <= 0", operator="comparison swap"), Status.SURVIVED),
            (
                of_stock("self.counts[name] = left", "self.counts[name] = None", operator="assignment"),
                Status.SURVIVED,
            ),
        ],
        target=a_target(name="stock", files=(STOCK,)),
        tests=[a_test(test, target="stock") for test in STOCK_TESTS],
        coverage=[
            a_coverage(
                file=STOCK,
                executed=(4, 5, 6, 7, 9, 10),
                missing=(8,),
                partial={7: (8,)},
                tests_by_line={6: (0, 1), 7: (0, 1), 9: (0, 1), 10: (0, 1)},
                tests=STOCK_TESTS,
            )
        ],
        reach={(STOCK, "Stock.take"): list(STOCK_TESTS)},
    )


def the_shop(folder: Path, **kept: Any) -> Path:
    """Two targets with nine undetected mutants."""
    sources = {CART: CART_SOURCE, STOCK: STOCK_SOURCE}
    return render(folder, the_cart(), the_stock(), sources=sources, **kept)


CHANGED = Since("main", {CART: frozenset({5, 12})})
"""Two lines of the cart: three survivors, one mutant killed and one that timed out stand on them, and one killed."""


def the_changed_shop(folder: Path) -> Path:
    """The shop as a page that tells two changed lines of the cart from all others."""
    return the_shop(folder, since=CHANGED)


def the_decided_shop(folder: Path) -> Path:
    """The shop with one decision that applies and one that is stale."""
    one, _, other = (mutant for mutant, status in the_stock().judged if status is Status.SURVIVED)
    decisions = [
        weighed(one, Choice.EQUIVALENT, reason="nobody takes two"),
        weighed(other, Choice.ACCEPTED, Standing.STALE, "the function has changed", reason="only a cache"),
    ]
    return the_shop(folder, decisions=decisions)


def of_all_kinds(folder: Path) -> Path:
    """One mutant of each status."""
    return render(folder, of_every_status())


def without_survivors(folder: Path) -> Path:
    """A run in which everything was killed."""
    return render(folder, Recorded([(a_mutant(), Status.KILLED)]))


def unfinished(folder: Path) -> Path:
    """A run that was interrupted before most mutants were judged."""
    judged: list[tuple[Mutant, Status | None]] = [
        (a_mutant("price * qty", f"price * {n}", operator="number"), Status.SURVIVED if n < 3 else None)
        for n in range(12)
    ]
    return render(
        folder,
        Recorded(judged),
        state=RunState.INTERRUPTED,
        detail="Interrupted: 3 of 12 mutants are judged.",
    )


def of_hostile_texts(folder: Path) -> Path:
    """A site in which every text is hostile."""
    recorded, sources, provenance = hostile()
    return render(
        folder,
        recorded,
        sources=sources,
        provenance=provenance,
        project=EVIL,
        decisions=hostile_decisions(recorded),
    )


FOLDERS = (
    "app/web/views/cart.py",
    "app/web/views/stock.py",
    "app/web/forms.py",
    "app/setup.py",
    "lib/deep/down/one.py",
)


def of_many_folders(folder: Path) -> Path:
    """Five files in nested folders, the first of which is killed whole and the others have one survivor more each."""
    judged = [
        (
            a_mutant("price * qty", f"price * {n}", file=file, operator="number"),
            Status.SURVIVED if n < at else Status.KILLED,
        )
        for at, file in enumerate(FOLDERS)
        for n in range(5)
    ]
    coverage = [a_coverage(file=file) for file in FOLDERS]
    return render(folder, Recorded(judged, coverage=coverage), sources=dict.fromkeys(FOLDERS, SOURCE))


MATRIX = {"after a failure": "the other tests run, too"}


def the_matrix_shop(folder: Path) -> Path:
    """The stock with every test that notices a mutant: one is noticed by both, one by the first test alone."""
    stock = the_stock()
    both, first = stock.judged[0][0], stock.judged[1][0]
    notices = {both: STOCK_TESTS, first: STOCK_TESTS[:1]}
    store, run_id = a_store(
        folder, stock, sources={STOCK: STOCK_SOURCE}, provenance=a_provenance(profile=MATRIX)
    )
    with store:
        for mutant, tests in notices.items():
            verdict = a_verdict(mutant, Status.KILLED, kill=a_kill(test=tests[0]))
            store.add_verdict(run_id, "stock", verdict, [FailedTest(test, How.ASSERTION) for test in tests])
        return render_report(store, run_id, folder / "site", project="shop", now=NOW)


SCOPE = "lines changed since main"


def of_several_runs(folder: Path) -> Path:
    """Five runs of three mutants: two whole ones around one that was limited, one interrupted and one that failed."""
    one, two, three = (a_mutant("price * qty", f"price * {n}", operator="number") for n in range(3))
    outside = [replace(mutant, skip_reason=f"{OUTSIDE}{SCOPE}") for mutant in (two, three)]
    told: list[tuple[list[tuple[Mutant, Status | None]], dict[str, Any]]] = [
        ([(one, Status.SURVIVED), (two, Status.SURVIVED), (three, Status.KILLED)], {}),
        (
            [(one, Status.KILLED), (outside[0], None), (outside[1], None)],
            {"provenance": a_provenance(scope=SCOPE)},
        ),
        ([(one, Status.KILLED), (two, None), (three, None)], {"state": RunState.INTERRUPTED}),
        ([], {"state": RunState.FAILED, "detail": "2 tests fail on the original code."}),
    ]
    for judged, kept in told:
        a_store(folder, Recorded(judged), **kept)[0].close()
    return render(folder, Recorded([(one, Status.KILLED), (two, Status.SURVIVED), (three, Status.SURVIVED)]))


LONG_BRANCH = "feature/everything-that-a-basket-can-hold-and-more"


def of_two_branches(folder: Path) -> Path:
    """Five runs: one without a branch, then the main branch and another by turns, of which the last two differ most."""
    one, two, three = (a_mutant("price * qty", f"price * {n}", operator="number") for n in range(3))
    alive = [(mutant, Status.SURVIVED) for mutant in (one, two, three)]
    for branch, judged in (
        ("", alive),
        ("main", [(one, Status.KILLED), *alive[1:]]),
        (LONG_BRANCH, [(two, Status.KILLED), alive[0], alive[2]]),
        ("main", [(one, Status.KILLED), (two, Status.KILLED), alive[2]]),
    ):
        a_store(folder, Recorded(judged), provenance=a_provenance(branch=branch))[0].close()
    killed = [(two, Status.KILLED), (three, Status.KILLED), alive[0]]
    return render(folder, Recorded(killed), provenance=a_provenance(branch=LONG_BRANCH))


def of_three_thousand(folder: Path) -> Path:
    """3,000 mutants with 300 survivors, all of one file."""
    judged = [
        (
            a_mutant("price * qty", f"price * {n}", function=f"f{n % 90}", operator=f"operator-{n}-"),
            Status.SURVIVED if n % 10 == 0 else Status.KILLED,
        )
        for n in range(3000)
    ]
    return render(folder, Recorded(judged))


def gathered(
    tmp_path: Path,
    *targets: Recorded,
    changed: frozenset[str] | None = None,
    decisions: Sequence[Weighed] = (),
    ceilings: Mapping[str, Ceilings] | None = None,
    **kept: Any,
) -> Facts:
    """All that is known of a run."""
    store, run_id = a_store(tmp_path, *targets, **kept)
    with store:
        return gather(
            take_snapshot(store, run_id),
            read_history(store, run_id),
            project="shop",
            now=NOW,
            changed=changed,
            decisions=decisions,
            ceilings=ceilings,
        )


def tallied(
    tmp_path: Path, recorded: Recorded, decisions: Sequence[Weighed] = ()
) -> tuple[Facts, list[FileTally]]:
    """All that is known of a run, and its numbers by file."""
    facts = gathered(tmp_path, recorded, decisions=decisions, changed=frozenset({FILE}))
    return facts, tally_files(facts, Rulings(facts.decisions))


def many(files: int, functions: int) -> Recorded:
    """Files that have ever fewer mutants, in functions that do."""
    judged = [
        (a_mutant("qty", f"q{f}.{g}.{n}", file=f"f{f:03}.py", function=f"g{g}"), Status.SURVIVED)
        for f in range(files)
        for g in range(functions)
        for n in range(1 + (files - f) // 10 + (functions - g) // 10)
    ]
    return Recorded(judged, coverage=[], reach={})
