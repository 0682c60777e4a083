"""Cooldowns: who is left alone, and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Cooldowns:
    """The moment until which each provider is left alone. Not locked: its owner does that."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._until: dict[str, float] = {}

    def start(self, provider: str, seconds: float) -> None:
        """Leave the provider alone for `seconds`; a longer cooldown that already runs stays."""
        until = self._clock() + seconds
        self._until[provider] = max(until, self._until.get(provider, until))

    def left(self, provider: str) -> float:
        """Return the seconds left, 0 when the provider may be asked."""
        now = self._clock()
        return max(0.0, self._until.get(provider, now) - now)

    def clear(self, provider: str) -> None:
        """Forget the provider's cooldown, if any."""
        self._until.pop(provider, None)
