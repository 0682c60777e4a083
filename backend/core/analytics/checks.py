"""Checks on what the store is given."""

from __future__ import annotations

import json
from collections.abc import Mapping

from core.analytics.exact import to_choice
from core.analytics.records import OUTCOMES, Status


def to_id(value: object, name: str) -> str:
    """Check an identifier.

    Raises:
        TypeError: Not a str.
        ValueError: Blank, or not encodable as UTF-8.

    """
    if not isinstance(value, str):
        raise TypeError(f"{name} is {value!r}: expected str, not {type(value).__name__}")
    if not value.strip():
        raise ValueError(f"{name} is {value!r}: it must not be blank")
    if storable(value) != value:
        raise ValueError(f"{name} is {value!r}: it holds a lone surrogate, which cannot be stored")
    return value


def to_optional_id(value: object, name: str) -> str | None:
    """Check an identifier that may be missing."""
    return None if value is None else to_id(value, name)


def to_outcome(status: object) -> Status:
    """Check the status in which an execution finishes."""
    return Status(to_choice(status, "status", OUTCOMES))


def to_status(status: object) -> Status | None:
    """Check the status to look for, if any."""
    return None if status is None else Status(to_choice(status, "status", tuple(Status)))


def to_tags(tags: Mapping[str, str] | None) -> str:
    """Write *tags* as JSON in one canonical form.

    Raises:
        TypeError: Not a mapping of str to str.

    """
    if tags is None:
        return "{}"
    if not isinstance(tags, Mapping):
        raise TypeError(f"tags is {tags!r}: expected a mapping, not {type(tags).__name__}")
    for item in tags.items():
        if not all(isinstance(part, str) for part in item):
            raise TypeError(f"tags has {item[0]!r}: {item[1]!r}, but its keys and values must be str")
    return json.dumps(dict(tags), sort_keys=True)


def to_error(error: object) -> str | None:
    """Check an error text; a failure must never go unrecorded because its message is odd.  An empty one says nothing."""
    if error is None:
        return None
    if not isinstance(error, str):
        raise TypeError(f"error is {error!r}: expected str or None, not {type(error).__name__}")
    return storable(error) or None


def storable(text: str) -> str:
    """Spell out what UTF-8 cannot hold."""
    return text.encode(errors="backslashreplace").decode()
