"""What people decided about survivors, as the page says it."""

from __future__ import annotations

from collections.abc import Sequence

from mutmut_dashboard.model import Choice, Decision, Mutant, Standing, Weighed
from mutmut_dashboard.report.pages.common import Fact
from mutmut_dashboard.report.pages.honesty import LapsedGroup, LapsedRow
from mutmut_dashboard.report.pages.survivors import Ruling
from mutmut_dashboard.report.wording import number, plural

CHOICES = (
    Fact(Choice.OPEN, "Nothing is decided yet."),
    Fact(Choice.TODO, "A test is wanted."),
    Fact(Choice.EQUIVALENT, "No test can tell; the reason says why. Left out of the adjusted score."),
    Fact(Choice.ACCEPTED, "A test could tell, but is not worth it. Left out of the adjusted score."),
    Fact(Choice.BUG, "It showed a real defect."),
)
STANDINGS = (
    Fact(Standing.STALE, "The function changed since; the survivor is open again."),
    Fact(Standing.EXPIRED, "The day until which it was to hold is over; the survivor is open again."),
    Fact(Standing.OBSOLETE, "The mutant is detected, left out or gone; the entry can go, too."),
    Fact(Standing.WAITING, "The mutant has no verdict in this run, so nothing can be said."),
)
_NOT_APPLYING = (Standing.STALE, Standing.EXPIRED, Standing.OBSOLETE, Standing.WAITING)
_CURE = {
    Standing.STALE: "decide again",
    Standing.EXPIRED: "decide again",
    Standing.OBSOLETE: "take it out of triage.toml",
    Standing.WAITING: "a run will tell",
}


class Rulings:
    """The weighed decisions, by mutant."""

    def __init__(self, weighed: Sequence[Weighed]) -> None:
        self._weighed = weighed
        self._by_mutant = {(one.decision.target, one.decision.id): one for one in weighed}

    def of(self, mutant: Mutant) -> Choice:
        """Return what applies to a mutant."""
        weighed = self._by_mutant.get((mutant.target, mutant.id))
        return weighed.decision.decision if weighed and weighed.standing is Standing.APPLIES else Choice.OPEN

    def shown(self, mutant: Mutant) -> Ruling:
        """Say what was decided about a mutant, and what once was."""
        weighed = self._by_mutant.get((mutant.target, mutant.id))
        if weighed is None:
            return Ruling(Choice.OPEN, "", "", "")
        decision = weighed.decision
        if weighed.standing is Standing.APPLIES:
            return Ruling(decision.decision, decision.reason, _made(decision), "")
        reason = f": {decision.reason}" if decision.reason else ""
        lapsed = f"again, for {weighed.why} ({weighed.standing}). It was {decision.decision}{reason}"
        return Ruling(Choice.OPEN, "", _made(decision), lapsed)

    def lapsed(self) -> tuple[LapsedGroup, ...]:
        """Gather what does not apply, by cause."""
        groups: dict[tuple[Standing, str], list[LapsedRow]] = {}
        for standing in _NOT_APPLYING:
            for one in self._weighed:
                if one.standing is standing:
                    groups.setdefault((standing, one.why), []).append(_row(one.decision))
        return tuple(
            LapsedGroup(f"{standing}: {why}; {_CURE[standing]}", number(len(rows)), tuple(rows))
            for (standing, why), rows in groups.items()
        )

    def lapsed_words(self) -> str:
        """Say how many decisions apply."""
        if not self._weighed:
            return ""
        counts = [(s, sum(one.standing is s for one in self._weighed)) for s in _NOT_APPLYING]
        words = ", ".join(f"{number(count)} {standing}" for standing, count in counts if count)
        every = plural(len(self._weighed), "decision")
        if words:
            return f"Of {every}, some do not apply: {words}."
        return f"{every} {'applies' if len(self._weighed) == 1 else 'apply'}, none is stale, expired or obsolete."


def _row(decision: Decision) -> LapsedRow:
    return LapsedRow(
        choice=decision.decision,
        id=decision.id,
        change=decision.change,
        function=decision.function,
        file=decision.file,
        reason=decision.reason,
        made=_made(decision),
    )


def _made(decision: Decision) -> str:
    until = f", until {decision.expires}" if decision.expires else ""
    return f"{decision.who}, {decision.when}{until}"
