"""Usage: what was asked of each provider's models, and what it cost."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.llm.catalogue import Route
    from core.llm.completion import Spent


@dataclass(frozen=True, slots=True)
class Usage:
    """All attempts on one model so far, in numbers. `cost`, in dollars, leaves `unpriced` answers out."""

    requests: int = 0
    failures: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: Decimal = Decimal(0)
    unpriced: int = 0


class Tally:
    """Usage by provider and model."""

    def __init__(self) -> None:
        self._usage: dict[Route, Usage] = {}
        self._lock = threading.Lock()

    def count(self, route: Route, spent: Spent | None, *, failed: bool) -> None:
        """Count one attempt; `spent` is None when it came to nothing."""
        with self._lock:
            old = self._usage.get(route, Usage())
            self._usage[route] = Usage(
                requests=old.requests + 1,
                failures=old.failures + failed,
                input_tokens=old.input_tokens + (spent.input_tokens if spent else 0),
                output_tokens=old.output_tokens + (spent.output_tokens if spent else 0),
                cost=old.cost + ((spent.cost if spent else None) or 0),
                unpriced=old.unpriced + (spent is not None and spent.cost is None),
            )

    def by_route(self) -> dict[Route, Usage]:
        """Return the usage so far by (provider, model), as a new dict."""
        with self._lock:
            return dict(self._usage)
