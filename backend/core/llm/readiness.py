"""Readiness: with which key a model can be asked right now, and when it can be asked again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from core.llm.catalogue import Catalogue, Route
    from core.llm.cooldowns import Cooldowns
    from core.llm.keys import KeyRing
    from core.llm.secret import Secret


class Readiness:
    """Keys and cooldowns looked at together."""

    def __init__(self, catalogue: Catalogue, keys: KeyRing, cooldowns: Cooldowns) -> None:
        self._catalogue = catalogue
        self._keys = keys
        self._cooldowns = cooldowns

    def key(self, route: Route, besides: Collection[Secret] = ()) -> Secret | None:
        """Return the first key to ask this model with at once, none of `besides`; None when there is none."""
        for key in self._keys.usable(self._catalogue.spec(route[0])):
            if key not in besides and self._cooldowns.left(route, key) <= 0:
                return key
        return None

    def any(self, routes: Iterable[Route]) -> bool:
        """Return whether any of these models can be asked at once."""
        return any(self.key(route) is not None for route in routes)

    def wait(self, routes: Iterable[Route]) -> float | None:
        """Return the seconds until the first of these models can be asked, None when time gives none of them back."""
        rests = [
            self._cooldowns.left(route, key)
            for route in routes
            for key in self._keys.usable(self._catalogue.spec(route[0]))
        ]
        return min(rests, default=None)
