"""The module under test is no Python."""

from mutmut_dashboard.config import Target

TARGETS = [Target(name="broken", modules=["broken.py"], suites=["test_broken.py"])]
