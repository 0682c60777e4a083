"""Two stretches of time side by side."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from core.analytics.exact import nearest
from core.analytics.scalars import total

if TYPE_CHECKING:
    from core.analytics.exact import Number


@dataclass(frozen=True)
class Comparison:
    """One number now and before.

    Attributes:
        delta: current - previous.
        ratio: current / previous; None when *previous* is 0.

    """

    current: Number
    previous: Number
    delta: Number
    ratio: Number | None


def compare(current: Number, previous: Number) -> Comparison:
    """Set *current* beside *previous*."""
    return Comparison(
        current=current,
        previous=previous,
        delta=total([current, -previous]),
        ratio=nearest(*(Fraction(current) / Fraction(previous)).as_integer_ratio()) if previous else None,
    )
