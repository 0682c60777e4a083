"""Mutants end the process that judges them: by a signal, by os._exit, by running out of memory."""

from mutmut_dashboard.config import Target

TARGETS = [Target(name="crashes", modules=["crashing.py"], suites=["test_crashing.py"])]
