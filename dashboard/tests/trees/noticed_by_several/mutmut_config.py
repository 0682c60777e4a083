from mutmut_dashboard.config import Floors, Target

TARGETS = [
    Target(
        name="counts",
        modules=["counts.py"],
        suites=["test_counts.py"],
        floors=Floors(coverage=0),
        timeout_factor=1,
        timeout_floor=0.5,
    )
]
