"""The static dashboard: what the store holds, as pages for a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mutmut_dashboard.report.render import facts_of, render_folder, render_report, render_single

__all__ = ["facts_of", "render_folder", "render_report", "render_single"]


def __getattr__(name: str) -> Any:
    """Load what renders when it is first asked for: that takes a quarter of a command's start, and most commands render nothing."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from mutmut_dashboard.report import render  # noqa: PLC0415

    return getattr(render, name)
