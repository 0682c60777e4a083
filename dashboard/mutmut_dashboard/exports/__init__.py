"""What the store holds, for other programs: one text per format, made without running anything."""

from __future__ import annotations

from mutmut_dashboard.exports.catalogue import FORMATS, export
from mutmut_dashboard.exports.facts import applying, choose_run
from mutmut_dashboard.exports.files import write_whole

__all__ = ["FORMATS", "applying", "choose_run", "export", "write_whole"]
