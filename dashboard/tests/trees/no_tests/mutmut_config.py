"""A suite without a test."""

from mutmut_dashboard.config import Target

TARGETS = [Target(name="lonely", modules=["lonely.py"], suites=["tests"])]
