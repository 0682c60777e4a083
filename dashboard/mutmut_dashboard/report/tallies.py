"""How the mutants of each function and file fare, counted once for the map, the tables and the worst functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from mutmut_dashboard.metrics import Counts, counts_of
from mutmut_dashboard.model import EXCUSING, Choice, Status
from mutmut_dashboard.report.facts import Facts
from mutmut_dashboard.report.numbering import NumberedFile
from mutmut_dashboard.report.rulings import Rulings

_UNDETECTED = (Status.SURVIVED, Status.UNCOVERED)


@dataclass
class Tally:
    """The mutants of a function or a file."""

    statuses: Counter[Status] = field(default_factory=Counter)
    undecided: int = 0
    """Undetected mutants nobody decided about."""
    excused: int = 0
    """Undetected mutants decided equivalent or accepted."""

    @property
    def counts(self) -> Counts:
        """How many have which status."""
        return counts_of(self.statuses)

    @property
    def valid(self) -> int:
        """What the mutation score counts."""
        return sum(self.statuses[status] for status in (Status.KILLED, Status.TIMEOUT, *_UNDETECTED))

    @classmethod
    def together(cls, tallies: Iterable[Tally]) -> Tally:
        """The mutants of several functions or files."""
        whole = cls()
        for own in tallies:
            whole.statuses.update(own.statuses)
            whole.undecided += own.undecided
            whole.excused += own.excused
        return whole

    def add(self, status: Status, choice: Choice) -> None:
        """Count one mutant."""
        self.statuses[status] += 1
        if status in _UNDETECTED:
            self.undecided += choice is Choice.OPEN
            self.excused += choice in EXCUSING


@dataclass(frozen=True)
class FunctionTally:
    """A function with its numbers."""

    file: NumberedFile
    name: str
    tally: Tally


@dataclass(frozen=True)
class FileTally:
    """A file with its numbers and those of its functions."""

    file: NumberedFile
    tally: Tally
    functions: tuple[FunctionTally, ...]


def tally_files(facts: Facts, rulings: Rulings) -> list[FileTally]:
    """Count every file, in the order of their numbers."""
    found = []
    for file in facts.numbers.files:
        whole = Tally()
        functions = {name: Tally() for name in file.functions}
        for judged in file.judged:
            choice = rulings.of(judged.mutant)
            whole.add(judged.status, choice)
            functions[judged.mutant.function].add(judged.status, choice)
        found.append(
            FileTally(file, whole, tuple(FunctionTally(file, name, own) for name, own in functions.items()))
        )
    return found
