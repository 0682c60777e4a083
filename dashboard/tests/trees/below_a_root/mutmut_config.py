"""The code lies below a root of its own and two targets share it; pytest's settings stand above the root."""

from mutmut_dashboard.config import Floors, Suite, Target

TARGETS = [
    Target(
        name="first",
        root="backend",
        modules=["backend/core/first.py"],
        suites=["backend/tests/first"],
        floors=Floors(mutation_score=70, coverage=90),
    ),
    Target(
        name="second",
        root="backend",
        modules=["backend/core/second*.py"],
        suites=[Suite(path="backend/tests/test_second.py", args=("--strict-markers",))],
        floors=Floors(coverage=100),
    ),
]

COVERAGE_JSON = "backend/reports/coverage.json"
