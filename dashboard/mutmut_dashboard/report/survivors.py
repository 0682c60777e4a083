"""The table of undetected mutants that needs no script, in the order in which to look at them, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator

from mutmut_dashboard.model import Choice, Status
from mutmut_dashboard.report import routes
from mutmut_dashboard.report.excerpt import Source, excerpt
from mutmut_dashboard.report.facts import Facts
from mutmut_dashboard.report.pages.survivors import Part, SurvivorRow, SurvivorTable
from mutmut_dashboard.report.ranking import RULE, Ranked
from mutmut_dashboard.report.rows import Places, having
from mutmut_dashboard.report.rulings import Rulings
from mutmut_dashboard.report.snapshot import Snapshot
from mutmut_dashboard.report.wording import SIGN, number

MOST_ROWS = 1000
"""Rows of one page."""


def page_names(count: int, most: int) -> list[str]:
    """Names of the pages that so many rows are spread over, `most` on each."""
    pages = max(1, -(-count // most))
    return ["index.html", *(f"survivors-{at}.html" for at in range(2, pages + 1))]


class SurvivorTables:
    """Builds the stretches of the table one by one, since all at once would be large."""

    def __init__(self, facts: Facts, places: Places, rulings: Rulings, most: int | None = None) -> None:
        self._facts = facts
        self._places = places
        self._rulings = rulings
        self._most = most or MOST_ROWS
        self._names = page_names(len(facts.queue), self._most)
        self._several_targets = len(facts.snapshot.targets) > 1
        self._words = survivors_words(facts.snapshot)
        self._decided = _decided_words(facts.snapshot, rulings)
        self._sources: dict[str, Source | None] = {}

    def first(self) -> SurvivorTable:
        """The stretch on the first page."""
        return self._table(0)

    def others(self) -> Iterator[tuple[str, SurvivorTable]]:
        """Name of each further page and its stretch."""
        for at in range(1, len(self._names)):
            yield self._names[at], self._table(at)

    def _table(self, at: int) -> SurvivorTable:
        start = at * self._most
        found = self._facts.queue[start : start + self._most]
        return SurvivorTable(
            words=self._words,
            decided=self._decided,
            rule=RULE,
            rows=tuple(self._row(place, ranked) for place, ranked in enumerate(found, start + 1)),
            parts=tuple(self._parts(at)) if len(self._names) > 1 else (),
        )

    def _parts(self, shown: int) -> Iterator[Part]:
        for at, name in enumerate(self._names):
            first, last = at * self._most + 1, min((at + 1) * self._most, len(self._facts.queue))
            yield Part(f"{number(first)} to {number(last)}", "" if at == shown else name)

    def _row(self, place: int, ranked: Ranked) -> SurvivorRow:
        mutant, status = ranked.judged.mutant, ranked.judged.status
        source = self._source(mutant.file)
        lines = excerpt(source, mutant) if source else ()
        return SurvivorRow(
            place=number(place),
            anchor=self._places.mutant(mutant),
            id=mutant.id,
            status=status.value,
            sign=SIGN[status],
            new=ranked.fresh == 1,
            varied=ranked.number in self._facts.varied,
            function=mutant.function,
            where=f"{mutant.file}:{mutant.line}",
            target=mutant.target if self._several_targets else "",
            operator=mutant.operator,
            route=routes.of_mutant(mutant.target, mutant.id),
            reason=ranked.reason,
            shadow=self._shadow(place - 1),
            lines=lines,
            diff="" if lines else mutant.diff,
            ruling=self._rulings.shown(mutant),
        )

    def _shadow(self, place: int) -> str:
        outer = self._facts.shadows.get(place)
        if outer is None:
            return ""
        return f"In the shadow of No. {number(outer + 1)}, which takes away the whole of what this changes a part of."

    def _source(self, file: str) -> Source | None:
        if file not in self._sources:
            text = self._facts.snapshot.sources.get(file)
            self._sources[file] = None if text is None else Source.read(text)
        return self._sources[file]


def survivors_words(snapshot: Snapshot) -> str:
    """How many survivors there are, in a sentence."""
    counts = snapshot.counts
    if not counts.total:
        return "No mutants were made, so none could survive."
    if counts.undetected:
        return f"{number(counts.survived)} survived and {number(counts.uncovered)} uncovered, of {number(counts.valid)} that count."
    if not counts.valid:
        return "No mutant was judged yet."
    return "No survivors."


def _decided_words(snapshot: Snapshot, rulings: Rulings) -> str:
    undetected = having(snapshot, Status.SURVIVED, Status.UNCOVERED)
    decided = sum(rulings.of(judged.mutant) is not Choice.OPEN for judged in undetected)
    return f"{number(decided)} of {number(len(undetected))} decided" if undetected else ""
