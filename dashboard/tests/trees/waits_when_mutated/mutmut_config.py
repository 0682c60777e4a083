"""One mutant waits for as long as a gate is there, so that a run can be met in its middle; the others die at once."""

from mutmut_dashboard.config import Target

TARGETS = [
    Target(
        name="waits",
        modules=["waits.py"],
        suites=["test_waits.py"],
        timeout_floor=60.0,
    )
]
