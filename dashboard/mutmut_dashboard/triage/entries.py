"""One entry of `triage.toml`: which keys it has, what they may hold, and how it is written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import tomlkit

from mutmut_dashboard.model import EXCUSING, Choice, Decision

TABLE = "decisions"
"""Each entry is a `[[decisions]]`."""
KEYS = (
    *("id", "target", "file", "function", "change", "decision", "reason", "who", "when", "expires"),
    *("function_hash", "relies_on", "relies_on_hashes"),
)
"""In the order in which they are written."""
_LISTS = frozenset({"relies_on", "relies_on_hashes"})
_OPTIONAL = frozenset({"reason", "expires"}) | _LISTS
_DATES = frozenset({"when", "expires"})
_CHOICES = tuple(choice for choice in Choice if choice is not Choice.OPEN)


class EntryError(ValueError):
    """What is wrong with an entry, as the end of a sentence; `key` is where."""

    def __init__(self, message: str, key: str = "") -> None:
        super().__init__(message)
        self.key = key


def read_entry(values: Mapping[str, Any]) -> Decision:
    """Check an entry's values and make a decision of them.

    Raises:
        EntryError: names the key and what to write.

    """
    for key in values:
        if key not in KEYS:
            raise EntryError(f'"{key}" is no key of a decision. Known are: {", ".join(KEYS)}.', key)
    for key in KEYS:
        if key not in values and key not in _OPTIONAL:
            raise EntryError(f'a decision needs the key "{key}".')
    texts = {
        key: _date(key, value) if key in _DATES else _text(key, value)
        for key, value in values.items()
        if key not in _LISTS
    }
    for key in KEYS:
        if key not in _OPTIONAL and not texts[key].strip():
            raise EntryError(f'"{key}" is empty.', key)
    word = texts.pop("decision")
    if word not in _CHOICES:
        known = ", ".join(_CHOICES)
        raise EntryError(
            f'"{word}" is no decision. Write one of: {known}; no entry at all means open.', "decision"
        )
    choice = Choice(word)
    if choice in EXCUSING and not texts.get("reason", "").strip():
        raise EntryError(
            f'a decision "{choice}" needs a reason.', "reason" if "reason" in texts else "decision"
        )
    return Decision(decision=choice, relies_on=_relies_on(values), **texts)


def _relies_on(values: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    names, hashes = (_texts(key, values.get(key, [])) for key in ("relies_on", "relies_on_hashes"))
    for name in names:
        if not all(name.rpartition(":")[::2]):
            raise EntryError(f'"{name}" in "relies_on" must be written as "file.py:function".', "relies_on")
    if len(names) != len(hashes):
        raise EntryError(
            f'"relies_on" names {len(names)} functions, and "relies_on_hashes" holds {len(hashes)} hashes. '
            "Let `mutmut-dashboard decide ... --relies-on FILE:FUNCTION` write both.",
            "relies_on",
        )
    return tuple(zip(names, hashes, strict=True))


def _texts(key: str, value: object) -> list[str]:
    if not isinstance(value, list):
        raise EntryError(f'"{key}" must be a list of texts, not {_shown(value)}.', key)
    return [_text(key, item) for item in value]


def _text(key: str, value: object) -> str:
    if not isinstance(value, str):
        raise EntryError(f'"{key}" must be a text in quotes, not {_shown(value)}.', key)
    return str(value)


def _date(key: str, value: object) -> str:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value).isoformat() if value or key == "when" else ""
        except ValueError:
            pass
    elif isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    raise EntryError(f'"{key}" must be a date such as 2026-01-31, not {_shown(value)}.', key)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float | date) else repr(value)


def write_entry(decision: Decision) -> str:
    """Write a new entry."""
    table = tomlkit.table()
    for key, value in _values(decision).items():
        table[key] = value
    array = tomlkit.aot()
    array.append(table)
    document = tomlkit.document()
    document[TABLE] = array
    return tomlkit.dumps(document).strip("\n")


def rewrite_entry(block: str, decision: Decision) -> str:
    """Put a decision into the text of an entry, whose comments and layout stay."""
    document = tomlkit.parse(block)
    tables: Any = document[TABLE]
    table = tables[0]
    old, new = read_entry(table.unwrap()), _values(decision)
    for key in KEYS:
        if key not in new:
            table.pop(key, None)
        elif key not in table or new[key] != _values(old).get(key):
            table[key] = new[key]
    return tomlkit.dumps(document).strip("\n")


def _values(decision: Decision) -> dict[str, str | date | list[str]]:
    texts = {key: str(getattr(decision, key)) for key in KEYS if key not in _LISTS}
    values: dict[str, str | date | list[str]] = {
        key: date.fromisoformat(text) if key in _DATES else text
        for key, text in texts.items()
        if text or key not in _OPTIONAL
    }
    if decision.relies_on:
        values["relies_on"] = [name for name, _ in decision.relies_on]
        values["relies_on_hashes"] = [hash_ for _, hash_ in decision.relies_on]
    return values
