"""Every mutant is killed, each in its own way: by an assertion, in the code, in a helper, by Hypothesis."""

from mutmut_dashboard.config import Target

TARGETS = [Target(name="fees", modules=["fees.py"], suites=["test_fees.py"])]
