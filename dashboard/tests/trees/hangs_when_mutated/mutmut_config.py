"""Mutants that never end: one burns the processor, one sleeps. Both give up by themselves after a minute."""

from mutmut_dashboard.config import Target

TARGETS = [
    Target(
        name="hangs",
        modules=["waiting.py"],
        suites=["test_waiting.py"],
        timeout_factor=1.0,
        timeout_floor=0.1,
    )
]
