"""A mutation-testing dashboard for Python: runs mutmut's mutants fast and shows what survived."""

from __future__ import annotations

__version__ = "0.1.0"
