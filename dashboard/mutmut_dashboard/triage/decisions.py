"""The text of `triage.toml` as a value: read, changed and sorted entry by entry, with every comment kept.

An entry is a block of text, so that what a person wrote around it moves along with it: comments directly above
its header belong to it, and so does everything up to the next entry.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

import tomlkit
from tomlkit.exceptions import ParseError, TOMLKitError

from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.model import Decision
from mutmut_dashboard.triage.entries import TABLE, EntryError, read_entry, rewrite_entry, write_entry

HEADING = """\
# What was decided about mutants that no test detects. Made to be read and reviewed; may be edited by hand.
# A decision counts as long as its function stays as it was. `mutmut-dashboard decide --list` says which do."""

Key = tuple[str, str]
"""Target and id of a mutant."""

# Whatever may hold a bracket or an equals sign goes first. Only used on text that is known to be TOML.
_SCAN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|\#[^\n]*"
    r"|^[ \t]*\[\[[ \t]*(?P<header>[\w-]+)[ \t]*\]\]"
    r"|^[ \t]*(?P<key>[\w-]+)[ \t]*=",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Entry:
    """A decision with the text it stands in."""

    decision: Decision
    text: str
    line: int = 0
    """Of its header; 0 for one that is not in the file yet."""

    @property
    def key(self) -> Key:
        """What no two entries share."""
        return self.decision.target, self.decision.id


@dataclass(frozen=True)
class Decisions:
    """Everything `triage.toml` says."""

    preamble: str = HEADING
    entries: tuple[Entry, ...] = ()

    @classmethod
    def read(cls, text: str, name: str) -> Self:
        """Read and check the text; `name` is what messages call the file.

        Raises:
            UsageError: it cannot be read; the message says where and why.

        """
        tables = _tables(text, name)
        places = list(_places(text))
        entries: dict[Key, Entry] = {}
        for table, place in zip(tables, places, strict=True):
            try:
                decision = read_entry(table)
            except EntryError as error:
                line = place.line_of_key.get(error.key, place.line)
                raise UsageError(f"{name}, line {line}: {error}") from error
            entry = Entry(decision, text[place.start : place.end].strip("\n"), place.line)
            if entry.key in entries:
                first = entries[entry.key].line
                raise UsageError(
                    f"{name}, line {place.line}: mutant {decision.id} is decided a second time; the first is in line "
                    f"{first}. Remove one of them."
                )
            entries[entry.key] = entry
        preamble = text[: places[0].start] if places else text
        return cls(preamble.strip("\n"), tuple(entries.values()))

    def __str__(self) -> str:
        entries = sorted(self.entries, key=_order)
        return (
            "\n\n".join(part for part in (self.preamble, *(entry.text for entry in entries)) if part) + "\n"
        )

    @property
    def by_key(self) -> dict[Key, Entry]:
        """The entries by target and id."""
        return {entry.key: entry for entry in self.entries}

    @property
    def all(self) -> list[Decision]:
        """The decisions, sorted."""
        return [entry.decision for entry in sorted(self.entries, key=_order)]

    def having(self, decision: Decision) -> Decisions:
        """Add a decision, or put it in the place of the one about the same mutant."""
        old = self.by_key.get((decision.target, decision.id))
        text = rewrite_entry(old.text, decision) if old else write_entry(decision)
        return self.with_entries({(decision.target, decision.id): Entry(decision, text)})

    def with_entries(self, changes: Mapping[Key, Entry | None]) -> Decisions:
        """Put entries in their places; None takes one away."""
        entries = {**self.by_key, **changes}
        return Decisions(self.preamble, tuple(entry for entry in entries.values() if entry is not None))

    def merged(self, other: Decisions, name: str, other_name: str) -> Decisions:
        """Add the entries of another file.

        Raises:
            UsageError: the two decide differently about a mutant; both are named, and nothing is merged.

        """
        mine = self.by_key
        conflicts = [
            f"{other_name}, line {entry.line}, says {_in_short(entry.decision)}; "
            f"{name}, line {mine[key].line}, says {_in_short(mine[key].decision)}"
            for key, entry in other.by_key.items()
            if key in mine and not say_the_same(mine[key].decision, entry.decision)
        ]
        if conflicts:
            raise UsageError(
                "Nothing was imported, for the two files decide differently about the same mutants:\n  "
                + "\n  ".join(conflicts)
                + "\nTake one of each pair away, e.g. with `mutmut-dashboard decide ID open`, and import again."
            )
        return self.with_entries({key: entry for key, entry in other.by_key.items() if key not in mine})


def say_the_same(one: Decision, other: Decision) -> bool:
    """Whether two decisions say the same of the same function, whoever made them and when."""
    return replace(one, who=other.who, when=other.when, change=other.change) == other


def _in_short(decision: Decision) -> str:
    reason = f' "{decision.reason}"' if decision.reason else ""
    return f"{decision.id} is {decision.decision}{reason} ({decision.who}, {decision.when})"


def _order(entry: Entry) -> tuple[str, str, str, str]:
    decision = entry.decision
    return decision.target, decision.file, decision.function, decision.id


def _tables(text: str, name: str) -> list[dict[str, Any]]:
    try:
        document = tomlkit.parse(text).unwrap()
    except ParseError as error:
        raise UsageError(
            f"{name}, line {error.line}: it is not TOML: {_first_words(error)}. Correct it."
        ) from error
    except (TOMLKitError, ValueError) as error:
        raise UsageError(f"{name}: it is not TOML: {error}. Correct it.") from error
    for key in document:
        if key != TABLE:
            line = next((at for at, word in _top_level(text) if word == key), 1)
            raise UsageError(
                f'{name}, line {line}: "{key}" is unknown. Each decision is a [[{TABLE}]] table.'
            )
    tables = document.get(TABLE, [])
    if not isinstance(tables, list) or len(tables) != len(list(_places(text))):
        raise UsageError(f"{name}: write each decision as a table of its own, below a line [[{TABLE}]].")
    return tables


def _first_words(error: ParseError) -> str:
    return str(error).partition(" at line ")[0].rstrip(".")


@dataclass(frozen=True)
class _Place:
    start: int
    """Where the entry's text begins, its comments included."""
    end: int
    line: int
    line_of_key: dict[str, int]


def _places(text: str) -> Iterator[_Place]:
    """Find the entries in the text."""
    matches = [match for match in _SCAN.finditer(text) if match.lastgroup]
    headers = [match for match in matches if match["header"] == TABLE]
    starts = [_start_with_comments(text, match.start()) for match in headers]
    for header, start, end in zip(headers, starts, [*starts[1:], len(text)][: len(starts)], strict=True):
        keys = [match for match in matches if match["key"] and header.end() <= match.start() < end]
        yield _Place(start, end, _line(text, header.end()), {m["key"]: _line(text, m.end()) for m in keys})


def _top_level(text: str) -> Iterator[tuple[int, str]]:
    """Yield line and name of what is no entry, as far as a quick look finds it."""
    for at, line in enumerate(text.split("\n"), 1):
        word = re.match(r"\s*\[*\s*\"?([\w-]+)", line)
        if word:
            yield at, word[1]


def _start_with_comments(text: str, at: int) -> int:
    start = at
    while start:
        previous = text.rfind("\n", 0, start - 1) + 1
        if not text[previous:start].lstrip().startswith("#"):
            break
        start = previous
    return start


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
