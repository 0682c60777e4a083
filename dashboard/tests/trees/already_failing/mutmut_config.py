"""A test fails without any mutant, so no mutant may be judged."""

from mutmut_dashboard.config import Target

TARGETS = [Target(name="sums", modules=["sums.py"], suites=["test_sums.py"])]
