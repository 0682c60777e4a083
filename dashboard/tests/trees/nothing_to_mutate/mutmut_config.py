"""A module without anything that mutmut could change."""

from mutmut_dashboard.config import Target

TARGETS = [Target(name="names", modules=["names.py"], suites=["test_names.py"])]
