"""Cooldowns: which model is left alone, with which key, and for how long."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.llm.catalogue import Route
    from core.llm.secret import Secret


@dataclass(frozen=True, slots=True)
class Cooldown:
    """One rest that is not over. `key` is a fingerprint, None where it holds for every key; seconds are left."""

    provider: str
    model: str
    key: str | None
    seconds: float


class Cooldowns:
    """The moments until which a model rests, for one key or for all of them."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._until: dict[tuple[Route, Secret | None], float] = {}
        self._lock = threading.Lock()

    def start(self, route: Route, key: Secret | None, seconds: float) -> None:
        """Leave the model alone for `seconds`; a longer cooldown that already runs stays."""
        until = self._clock() + seconds
        with self._lock:
            self._until[route, key] = max(until, self._until.get((route, key), until))

    def left(self, route: Route, key: Secret) -> float:
        """Return the seconds left, 0 when the model may be asked with this key."""
        now = self._clock()
        with self._lock:
            return max(0.0, *(self._until.get((route, whose), now) - now for whose in (key, None)))

    def clear(self, provider: str | None = None) -> None:
        """Forget the provider's cooldowns, or everyone's."""
        with self._lock:
            self._until = {
                place: until for place, until in self._until.items() if provider not in (None, place[0][0])
            }

    def running(self) -> tuple[Cooldown, ...]:
        """Return every cooldown that is not over, the soonest to end first. Forgets those that are."""
        now = self._clock()
        with self._lock:
            self._until = {place: until for place, until in self._until.items() if until > now}
            rests = sorted(self._until.items(), key=lambda rest: rest[1])
        return tuple(
            Cooldown(*route, None if key is None else key.fingerprint(), until - now)
            for (route, key), until in rests
        )
