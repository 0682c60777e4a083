"""What a decision still means: it applies to the same mutant in the same function, and to nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from mutmut_dashboard.model import OUTSIDE, Decision, Mutant, Standing, Status, Weighed

UNDETECTED = (Status.SURVIVED, Status.UNCOVERED)
UNJUDGED = (Status.PENDING, Status.ERROR)


@dataclass(frozen=True)
class Candidate:
    """A mutant of the latest run, as far as decisions go."""

    mutant: Mutant
    status: Status
    function_hash: str
    """Empty where the source is not recorded or the function is not found in it."""
    hash_of: Callable[[str], str] = field(default=lambda _: "", compare=False)
    """From `file:function`, any that the same run recorded, to its hash; empty where there is none."""


Candidates = Mapping[str, Mapping[str, Candidate]]
"""Target -> id -> mutant; a target that is not in the run is missing."""


def weigh(decisions: Iterable[Decision], candidates: Candidates, today: date) -> list[Weighed]:
    """Say of each decision whether it applies, and why not."""
    return [Weighed(decision, *_standing(decision, candidates, today)) for decision in decisions]


def _standing(decision: Decision, candidates: Candidates, today: date) -> tuple[Standing, str]:
    if decision.target not in candidates:
        return Standing.WAITING, "its target is not in the latest run"
    candidate = candidates[decision.target].get(decision.id)
    if candidate is None:
        return Standing.OBSOLETE, "its mutant is no longer made"
    if (candidate.mutant.skip_reason or "").startswith(OUTSIDE):
        return Standing.WAITING, "the latest run was not about its mutant"
    if candidate.status in UNJUDGED:
        return Standing.WAITING, "its mutant is not judged yet"
    if candidate.status not in UNDETECTED:
        return Standing.OBSOLETE, f"its mutant is {candidate.status} now"
    if not candidate.function_hash or candidate.function_hash != decision.function_hash:
        return Standing.STALE, "the function changed since"
    changed = [name for name, hash_ in decision.relies_on if candidate.hash_of(name) != hash_]
    if changed:
        return Standing.STALE, f"it relies on {', '.join(changed)}, which changed since"
    if decision.expires and date.fromisoformat(decision.expires) < today:
        return Standing.EXPIRED, f"it expired after {decision.expires}"
    return Standing.APPLIES, ""
