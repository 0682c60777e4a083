"""The static dashboard: what the store holds, as pages for a browser."""

from __future__ import annotations

from mutmut_dashboard.report.render import render_report

__all__ = ["render_report"]
