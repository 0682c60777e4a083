"""What a function needs to be a method of the engine: the store, the zone and the clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import tzinfo

    from core.analytics.database import Database


class Engine(Protocol):
    """The engine as its parts see it."""

    @property
    def database(self) -> Database:
        """Where records are kept."""

    @property
    def zone(self) -> tzinfo:
        """The zone in which times are shown and days begin."""

    def now(self) -> int:
        """Read the clock, in microseconds since 1970."""
