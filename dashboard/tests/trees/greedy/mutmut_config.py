"""Mutants that take more than there is: one wants gigabytes, others never let the module be imported."""

from mutmut_dashboard.config import Floors, Target

TARGETS = [
    Target(name="greedy", modules=["greedy.py"], suites=["test_greedy.py"], floors=Floors(coverage=0))
]
