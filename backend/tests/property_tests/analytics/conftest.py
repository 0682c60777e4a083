"""Settings of these properties where nothing else was chosen."""

from __future__ import annotations

from hypothesis import settings

# A busy machine is no reason to fail: wall-clock deadlines say nothing about the laws.
if settings.get_current_profile_name() == "default":
    settings.register_profile("patient", deadline=None)
    settings.load_profile("patient")
