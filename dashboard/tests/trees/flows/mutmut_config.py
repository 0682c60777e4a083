"""Generators and coroutines, methods, nested functions, a match statement whose whole cases mutants take out."""

from mutmut_dashboard.config import Target

TARGETS = [Target(name="flows", modules=["flows.py"], suites=["test_flows.py"])]
