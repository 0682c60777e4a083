"""The data files of the page: what the scripts read, one file for the index and one more for each thing opened."""

from __future__ import annotations

from mutmut_dashboard.report.chunks.writing import write_chunks

__all__ = ["write_chunks"]
