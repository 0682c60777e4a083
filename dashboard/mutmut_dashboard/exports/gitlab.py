"""GitLab's code quality report, a JSON array in the form of GitLab 17 and later.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format

GitLab keeps no decisions, so mutants decided equivalent or accepted are left out.
"""

from __future__ import annotations

from typing import Any

from mutmut_dashboard.exports.facts import Facts, Judged
from mutmut_dashboard.exports.text import change, to_json
from mutmut_dashboard.model import Status

_SEVERITY = {Status.SURVIVED: "minor", Status.UNCOVERED: "info"}
_SAYS = {Status.SURVIVED: "No test notices", Status.UNCOVERED: "No test runs"}


def render(facts: Facts) -> str:
    """Write the undetected mutants of one run."""
    return to_json([_issue(judged) for judged in facts.judged if judged.undetected and not judged.excused])


def _issue(judged: Judged) -> dict[str, Any]:
    mutant = judged.mutant
    return {
        "description": f"{_SAYS[judged.status]}: {change(mutant.original, mutant.replacement)}",
        "check_name": f"mutant: {mutant.operator}",
        "fingerprint": judged.key,
        "severity": _SEVERITY[judged.status],
        "location": {"path": mutant.file, "lines": {"begin": mutant.line, "end": mutant.end_line}},
    }
