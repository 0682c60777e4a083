"""All that one rendering knows: the run shown, the runs before, the decisions, and the order of the queue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mutmut_dashboard.model import Weighed
from mutmut_dashboard.report.history import History
from mutmut_dashboard.report.numbering import Numbering
from mutmut_dashboard.report.ranking import Ranked, rank
from mutmut_dashboard.report.snapshot import Snapshot


@dataclass(frozen=True)
class Facts:
    """Read once and only looked at from then on."""

    snapshot: Snapshot
    history: History
    numbers: Numbering
    queue: Sequence[Ranked]
    """Undetected mutants, the best to look at first."""
    project: str
    now: datetime
    changed: frozenset[str] | None
    """Files whose text changed since the run; None where nobody looked."""
    decisions: Sequence[Weighed]
    editor: str
    """URL template of an editor link; empty where none is configured."""
    root: str
    """Absolute folder of the project; empty where it is not known."""


def gather(
    snapshot: Snapshot,
    history: History,
    *,
    project: str,
    now: datetime,
    changed: frozenset[str] | None = None,
    decisions: Sequence[Weighed] = (),
    editor: str = "",
    root: str = "",
) -> Facts:
    """Number and rank what was read."""
    numbers = Numbering(snapshot)
    return Facts(
        snapshot=snapshot,
        history=history,
        numbers=numbers,
        queue=rank(numbers, history),
        project=project,
        now=now,
        changed=changed,
        decisions=decisions,
        editor=editor,
        root=root,
    )
