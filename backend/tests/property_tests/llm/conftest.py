"""A busy machine is no failing law: whatever profile is loaded, here it judges no example by its time."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("unhurried", settings.default, deadline=None)
settings.load_profile("unhurried")
