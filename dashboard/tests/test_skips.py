"""Which mutants rules and hook leave out, with which reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from factories import FILE, SOURCE, a_mutant
from hypothesis import given
from hypothesis import strategies as st

from mutmut_dashboard.config import Project, Skip, Target
from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.model import Mutant
from mutmut_dashboard.skips import HOOK_REASON, MutationContext, SkipRules, matches

LINES = {FILE: SOURCE.split("\n")}
MUTANT = a_mutant("price * qty", "price / qty")
LINE = "    return price * qty"


def a_project(*skips: Skip, **more: Any) -> Project:
    targets = tuple(Target(name=name, modules=["x"], suites=["y"]) for name in ("prices", "orders"))
    return Project(root=Path(), targets=targets, skips=skips, **more)


def reason(project: Project, mutant: Mutant = MUTANT) -> str | None:
    return SkipRules(project).apply([mutant], LINES)[0].skip_reason


@pytest.mark.parametrize(
    ("rule", "fits"),
    [
        (Skip(target="prices"), True),
        (Skip(target="orders"), False),
        (Skip(file="shop/*.py"), True),
        (Skip(file="*"), True),
        (Skip(file="prices.py"), False),
        (Skip(function="total"), True),
        (Skip(function="tot"), False),
        (Skip(function="TOTAL"), False),
        (Skip(operator="operator*"), True),
        (Skip(line="return*"), True),
        (Skip(line="    return*"), False),
        (Skip(original="price ? qty"), True),
        (Skip(original="price [*] qty"), True),
        (Skip(replacement="*/*"), True),
        (Skip(replacement=""), False),
        (Skip(function="total", replacement="*/*", file="*.py"), True),
        (Skip(function="total", replacement="*+*"), False),
    ],
    ids=str,
)
def test_a_rule_matches_where_every_pattern_fits(rule: Skip, fits: bool) -> None:
    assert matches(rule, MUTANT, LINE) is fits


@given(st.dictionaries(st.sampled_from(["file", "function", "operator", "line", "original"]), st.just("*")))
def test_a_star_fits_everything(patterns: dict[str, str]) -> None:
    """A pattern that fits any text never keeps a rule from matching."""
    assert matches(Skip(reason="x", **patterns), MUTANT, LINE)


def test_the_first_rule_that_matches_gives_the_reason() -> None:
    rules = [Skip(function="nothing", reason="a"), Skip(line="*", reason="b"), Skip(file="*", reason="c")]

    assert reason(a_project(*rules)) == "b"


def test_what_a_pragma_left_out_keeps_that_reason_and_the_hook_is_not_asked() -> None:
    asked: list[object] = []
    project = a_project(Skip(line="*", reason="a rule"), pre_mutation=asked.append)

    assert reason(project, a_mutant(skip_reason="a pragma")) == "a pragma"
    assert asked == []


def test_the_hook_sees_what_mutmut_2_showed_and_what_is_new() -> None:
    seen: list[MutationContext] = []
    reason(a_project(pre_mutation=seen.append))

    assert seen == [
        MutationContext(
            filename=FILE,
            current_line_index=7,
            current_source_line=LINE,
            function="total",
            line=8,
            operator="operator swap",
            original="price * qty",
            replacement="price / qty",
        )
    ]


@pytest.mark.parametrize(
    ("skip", "given", "expected"),
    [(True, "why not", "why not"), (True, "", HOOK_REASON), (False, "ignored", None)],
)
def test_the_hook_decides_by_skip_and_explains_by_skip_reason(
    skip: bool, given: str, expected: str | None
) -> None:
    def hook(context: MutationContext) -> None:
        context.skip, context.skip_reason = skip, given

    assert reason(a_project(pre_mutation=hook)) == expected


def test_a_hook_that_raises_is_a_usage_error_with_its_place() -> None:
    def hook(_context: MutationContext) -> None:
        raise KeyError("nothing")

    with pytest.raises(UsageError, match=r"pre_mutation failed on shop/prices.py:8 with KeyError: 'nothing'"):
        reason(a_project(pre_mutation=hook))


class TestRulesThatMatchNothing:
    def test_a_rule_that_matched_is_content(self) -> None:
        rules = SkipRules(a_project(Skip(function="total", reason="x")))
        rules.apply([MUTANT], LINES)

        rules.require_all_matched(["prices", "orders"])

    def test_a_rule_that_another_rule_beat_still_matched(self) -> None:
        rules = SkipRules(a_project(Skip(function="total", reason="x"), Skip(line="*", reason="y")))
        rules.apply([MUTANT], LINES)

        rules.require_all_matched(["prices", "orders"])

    def test_a_rule_that_matched_nothing_is_named(self) -> None:
        rules = SkipRules(a_project(Skip(line="*", reason="x"), Skip(function="totl", reason="y")))
        rules.apply([MUTANT], LINES)

        with pytest.raises(UsageError, match=r"SKIPS\[1\] \(function='totl'\) matches no mutant"):
            rules.require_all_matched(["prices", "orders"])

    def test_a_rule_is_not_blamed_where_not_all_targets_ran(self) -> None:
        rules = SkipRules(a_project(Skip(function="totl", reason="y")))

        rules.require_all_matched(["prices"])

    def test_a_rule_for_one_target_is_held_against_that_target_alone(self) -> None:
        rules = SkipRules(a_project(Skip(target="orders", reason="y")))

        rules.require_all_matched(["prices"])
        with pytest.raises(UsageError, match="orders"):
            rules.require_all_matched(["orders"])
