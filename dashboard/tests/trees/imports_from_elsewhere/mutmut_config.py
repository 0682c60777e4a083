"""The tests put another folder before the stage on the path, so they would test code without mutants."""

from mutmut_dashboard.config import Target

TARGETS = [Target(name="coins", modules=["coins.py"], suites=["test_coins.py"])]
