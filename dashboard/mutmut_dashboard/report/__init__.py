"""The static dashboard: what the store holds, as pages for a browser."""

from __future__ import annotations

from mutmut_dashboard.report.render import facts_of, render_folder, render_report, render_single

__all__ = ["facts_of", "render_folder", "render_report", "render_single"]
