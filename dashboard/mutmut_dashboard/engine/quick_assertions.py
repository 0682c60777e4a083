"""A comparison of two numbers that fails, explained as pytest would, without asking its plugins, which have nothing to add.

In a fork that judges a mutant, asking costs as much as the rest of the failing: it goes through code that nothing else has run there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

_NUMBERS = frozenset((int, float, bool, type(None)))
"""Types of which pytest knows nothing but their values; the last is none of them, but as plain."""


def explain_numbers(config: pytest.Config) -> None:
    """Have it so from now on, unless a plugin or a conftest explains comparisons as well."""
    from _pytest.assertion import rewrite  # noqa: PLC0415 - nobody else knows what a rewritten assert calls

    name = "_call_reprcompare"
    if len(config.hook.pytest_assertrepr_compare.get_hookimpls()) == 1 and hasattr(rewrite, name):
        setattr(rewrite, name, _but_for_numbers(getattr(rewrite, name)))


def _but_for_numbers(plain: Callable[..., str]) -> Callable[..., str]:
    def explanation(
        operators: Sequence[str],
        results: Sequence[object],
        explanations: Sequence[str],
        operands: Sequence[Any],
    ) -> str:
        if len(operators) == 1 and type(operands[0]) in _NUMBERS and type(operands[1]) in _NUMBERS:
            return explanations[0]
        return plain(operators, results, explanations, operands)

    return explanation
