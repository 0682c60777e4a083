"""Verdicts here depend on callees, overrides, helpers, fixtures, files and constants; `edits.py` changes them at random."""

from mutmut_dashboard.config import Target

TARGETS = [Target(name="errands", modules=["errands.py"], suites=["tests"], timeout_floor=2)]
