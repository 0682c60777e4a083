"""In a real browser: how many of a property's examples reach a survivor's function, and what to do where few do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from browser import opened
from factories import Recorded, a_coverage, a_target, a_test
from sites import CART, CART_SOURCE, of_cart, render

from mutmut_dashboard.model import Status

SELDOM, OFTEN, PLAIN = (
    "tests/test_cart.py::test_any",
    "tests/test_cart.py::test_heavy",
    "tests/test_cart.py::test_one",
)
SHIPPING = of_cart("weight <= 20", "weight < 20", "shipping")
SUBTOTAL = of_cart("total < 0", "total <= 0")


@pytest.fixture(scope="module", name="site")
def _site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tests = (SELDOM, OFTEN, PLAIN)
    recorded = Recorded(
        [(SHIPPING, Status.SURVIVED), (SUBTOTAL, Status.SURVIVED)],
        target=a_target(name="cart", files=(CART,)),
        tests=[
            a_test(test, target="cart", is_property=test != PLAIN, examples=100 * (test != PLAIN))
            for test in tests
        ],
        coverage=[a_coverage(file=CART, tests_by_line={6: (0, 1, 2), 12: (0, 2)}, tests=tests)],
        reach={(CART, "subtotal"): list(tests), (CART, "shipping"): [SELDOM, PLAIN]},
        examples={(CART, "subtotal"): {SELDOM: 37, OFTEN: 100}, (CART, "shipping"): {SELDOM: 3}},
    )
    return render(tmp_path_factory.mktemp("site"), recorded, sources={CART: CART_SOURCE})


def test_each_property_that_ran_a_survivor_says_how_many_examples_reach_its_function(
    browser: Any, site: Path
) -> None:
    with opened(browser, site, f"#/mutant/cart/{SUBTOTAL.id}") as seen:
        rows = seen.page.locator("#view-mutant .test-list li")
        rows.first.wait_for()
        words = {tuple(row.inner_text().split("\n")[:2]) for row in rows.all()}

        assert words == {
            ("test_any", "37 of 100 examples"),
            ("test_heavy", "all 100 examples"),
            ("test_one", "0.1 s"),
        }
        assert seen.page.get_by_text(
            "Beside a property: how many of its examples reach the function."
        ).is_visible()
        assert not seen.page.get_by_text("add an input").is_visible()
        assert seen.complaints == []


def test_a_survivor_that_is_hardly_reached_asks_for_another_input_first(browser: Any, site: Path) -> None:
    with opened(browser, site, f"#/mutant/cart/{SHIPPING.id}") as seen:
        advice = seen.page.locator("#view-mutant .hardly")
        advice.wait_for()

        assert advice.inner_text() == (
            "Only 3 of 100 examples reach the function at all. Before an assertion, add an input: a strategy that goes "
            "there more often, or an @example that does."
        )


def test_a_test_says_what_it_hardly_reaches_and_leads_there(browser: Any, site: Path) -> None:
    with opened(browser, site, f"#/tests/cart/{SELDOM}") as seen:
        seen.page.get_by_role("heading", name="Hardly ever reaches 1 function").wait_for()
        row = seen.page.locator(".test-detail .test-list li")

        assert row.inner_text().split() == ["shipping", "3", "of", "100", "examples"]
        assert "property, 100 examples in the clean run" in seen.page.locator(".test-facts").inner_text()
        row.get_by_role("link").click()
        seen.page.locator("#view-source .code-lines").wait_for()
