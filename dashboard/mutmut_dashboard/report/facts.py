"""All that one rendering knows: the run shown, the runs before, the decisions, and the order of the queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from mutmut_dashboard.changes import Since, on_changed_lines
from mutmut_dashboard.config import Ceilings
from mutmut_dashboard.model import Weighed
from mutmut_dashboard.report.history import History
from mutmut_dashboard.report.numbering import Numbering
from mutmut_dashboard.report.ranking import Ranked, rank
from mutmut_dashboard.report.regions import Spans, spans_of
from mutmut_dashboard.report.shadows import shadows
from mutmut_dashboard.report.snapshot import Snapshot


@dataclass(frozen=True)
class Facts:
    """Read once and only looked at from then on."""

    snapshot: Snapshot
    history: History
    numbers: Numbering
    spans: Mapping[str, Spans]
    """File -> where its functions stand."""
    queue: Sequence[Ranked]
    """Undetected mutants, the best to look at first."""
    shadows: Mapping[int, int]
    """Place in the queue of a shadowed mutant -> place of the one in whose shadow it stands, see `shadows`."""
    project: str
    now: datetime
    changed: frozenset[str] | None
    """Files whose text changed since the run; None where nobody looked."""
    decisions: Sequence[Weighed]
    editor: str
    """URL template of an editor link; empty where none is configured."""
    base: str
    """The git revision since which lines are looked at; empty where nobody asked."""
    on_changed_lines: frozenset[int]
    """Numbers of the mutants on lines changed since `base`."""
    varied: frozenset[int]
    """Numbers of the mutants whose status was not the same in all recorded runs, see `History.varied`."""
    root: str
    """Absolute folder of the project; empty where it is not known."""
    ceilings: Mapping[str, Ceilings]
    """Target -> what `check` allows of it at most, as configured now; none where there is no configuration."""


def gather(
    snapshot: Snapshot,
    history: History,
    *,
    project: str,
    now: datetime,
    changed: frozenset[str] | None = None,
    decisions: Sequence[Weighed] = (),
    editor: str = "",
    since: Since | None = None,
    root: str = "",
    ceilings: Mapping[str, Ceilings] | None = None,
) -> Facts:
    """Number and rank what was read."""
    numbers = Numbering(snapshot)
    queue = rank(numbers, history)
    return Facts(
        snapshot=snapshot,
        history=history,
        numbers=numbers,
        spans={file: spans_of(text) for file, text in snapshot.sources.items()},
        queue=queue,
        shadows=shadows((ranked.judged.mutant, ranked.judged.status) for ranked in queue),
        project=project,
        now=now,
        changed=changed,
        decisions=decisions,
        editor=editor,
        base=since.ref if since else "",
        on_changed_lines=_on_changed_lines(numbers, snapshot.sources, since) if since else frozenset(),
        varied=frozenset(at for key in history.varied if (at := numbers.mutant(*key)) is not None),
        root=root,
        ceilings=ceilings or {},
    )


def _on_changed_lines(numbers: Numbering, sources: Mapping[str, str], since: Since) -> frozenset[int]:
    at = {id(judged.mutant): number for _, number, judged in numbers.every_mutant()}
    mutants = [judged.mutant for _, _, judged in numbers.every_mutant()]
    return frozenset(at[id(mutant)] for mutant in on_changed_lines(mutants, sources, since.changed))
