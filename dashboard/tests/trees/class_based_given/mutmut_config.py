"""Class-based @given tests with settings of their own, and a stateful machine; every one of them must judge under one profile."""

from mutmut_dashboard.config import Target

TARGETS = [Target(name="stacks", modules=["stacks.py"], suites=["test_stacks.py"])]
