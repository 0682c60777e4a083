"""What is mutated in this repository, by which suites it is judged, what is good enough, and what is left out and why."""

from __future__ import annotations

from mutmut_dashboard.config import Floors, Skip, Target

PROPERTY_TESTS = "backend/tests/property_tests"

TARGETS = [
    Target(
        name="byok_handler",
        root="backend",
        modules=["backend/core/llm/*.py"],
        suites=[f"{PROPERTY_TESTS}/llm"],
        floors=Floors(mutation_score=95, adjusted_score=97, coverage=98),
    ),
    Target(
        name="workflow_analytics_engine",
        root="backend",
        modules=["backend/core/workflow_analytics_engine.py", "backend/core/analytics/*.py"],
        suites=[f"{PROPERTY_TESTS}/analytics"],
        floors=Floors(mutation_score=97, adjusted_score=98, coverage=98),
    ),
]

# Nothing is left out: the suites pin down messages, too. A rule would be Skip(function="...", reason="...").
SKIPS: list[Skip] = []

COVERAGE_JSON = "backend/tests/coverage_reports/metrics/coverage.json"
