"""Mutants in one line each, and the places that links lead to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from mutmut_dashboard.model import Mutant, Status
from mutmut_dashboard.report import anchors, routes
from mutmut_dashboard.report.pages.common import MutantRow, ReasonGroup
from mutmut_dashboard.report.snapshot import Judged, Snapshot
from mutmut_dashboard.report.wording import SIGN, number, one_line


class Places:
    """Where mutants are on the page."""

    def __init__(self, snapshot: Snapshot) -> None:
        targets_of = Counter(judged.mutant.id for target in snapshot.targets for judged in target.judged)
        self._shared = frozenset(id_ for id_, count in targets_of.items() if count > 1)

    def mutant(self, mutant: Mutant) -> str:
        """Place of a mutant."""
        return anchors.of_mutant(mutant.id, mutant.target, shared=mutant.id in self._shared)


def mutant_row(judged: Judged, anchor: str, reason: str) -> MutantRow:
    """A mutant in one line."""
    mutant = judged.mutant
    return MutantRow(
        anchor=anchor,
        route=routes.of_mutant(mutant.target, mutant.id),
        status=judged.status.value,
        sign=SIGN[judged.status],
        original=one_line(mutant.original),
        replacement=one_line(mutant.replacement),
        function=mutant.function,
        place=f"{mutant.file}:{mutant.line}",
        operator=mutant.operator,
        reason=reason,
    )


def reason_groups(
    found: Iterable[Judged], reason: Callable[[Judged], str], anchor: Callable[[Judged], str]
) -> tuple[ReasonGroup, ...]:
    """Mutants by reason, the most frequent first."""
    groups: dict[str, list[MutantRow]] = {}
    for judged in found:
        words = reason(judged)
        groups.setdefault(words, []).append(mutant_row(judged, anchor(judged), words))
    ranked = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(ReasonGroup(words, number(len(rows)), tuple(rows)) for words, rows in ranked)


def having(snapshot: Snapshot, *statuses: Status) -> list[Judged]:
    """The mutants of all targets with one of the statuses."""
    return [judged for target in snapshot.targets for judged in target.having(*statuses)]
