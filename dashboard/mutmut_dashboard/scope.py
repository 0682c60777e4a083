"""What a run is limited to: mutants on lines changed since a git revision, or in functions that are named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path

from mutmut_dashboard.changes import changed_lines, on_changed_lines
from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.model import OUTSIDE, Mutant


@dataclass(frozen=True)
class Scope:
    """The limits; without any, a run is about every mutant."""

    since: str = ""
    """A git revision."""
    functions: tuple[str, ...] = ()
    """Globs over qualified names, e.g. `Handler.*`."""

    @property
    def words(self) -> str:
        """The limits as a phrase; empty where there are none."""
        parts = [f"lines changed since {self.since}"] if self.since else []
        if self.functions:
            parts.append(f"functions named {', '.join(self.functions)}")
        return " in ".join(parts)

    def check(self, root: Path) -> None:
        """Refuse a revision that git does not know, before anything is done.

        Raises:
            UsageError: says why.

        """
        if self.since:
            changed_lines(root, self.since)

    def apply(self, mutants: Sequence[Mutant], sources: Mapping[str, str], root: Path) -> list[Mutant]:
        """Give every mutant outside of the limits the reason why it is left out; `sources` are their files.

        Raises:
            UsageError: git does not know the revision.

        """
        inside = {id(mutant) for mutant in mutants if self._names(mutant)}
        if self.since:
            changed = on_changed_lines(mutants, sources, changed_lines(root, self.since))
            inside &= {id(mutant) for mutant in changed}
        reason = OUTSIDE + self.words
        return [
            m if id(m) in inside or m.skip_reason is not None else replace(m, skip_reason=reason)
            for m in mutants
        ]

    def require_match(self, mutants: Sequence[Mutant]) -> None:
        """Refuse a name that no mutant's function has.

        Raises:
            UsageError: names the first such.

        """
        known = {mutant.function for mutant in mutants}
        for pattern in self.functions:
            if not any(fnmatchcase(function, pattern) for function in known):
                raise UsageError(
                    f'No function with mutants is named "{pattern}". Write the qualified name as the page shows it, e.g. '
                    "Class.method, or a pattern like Class.*."
                )

    def _names(self, mutant: Mutant) -> bool:
        return not self.functions or any(fnmatchcase(mutant.function, p) for p in self.functions)


EVERYTHING = Scope()
