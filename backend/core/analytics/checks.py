"""Checks on what the store is given."""

from __future__ import annotations

import json
from collections.abc import Mapping

from core.analytics.exact import encode, to_choice, to_number
from core.analytics.instants import micros_of
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


def to_outcome(status: object, name: str) -> str:
    """Check the status in which an execution or a step finishes."""
    return str(to_choice(status, name, OUTCOMES))


def to_status(status: object, name: str) -> str:
    """Check the status of an execution."""
    return str(to_choice(status, name, tuple(Status)))


def to_optional_status(status: object, name: str) -> str | None:
    """Check the status to look for, if any."""
    return None if status is None else to_status(status, name)


def to_optional_micros(at: object, name: str) -> int | None:
    """Check an instant that may be missing."""
    return None if at is None else micros_of(at, name)


def to_stored(value: object, name: str) -> int | float | str:
    """Check a number, and make it bindable."""
    return encode(to_number(value, name))


def to_tags(tags: object, name: str) -> str:
    """Write *tags* as JSON in one canonical form.

    Raises:
        TypeError: Not a mapping of str to str.

    """
    if tags is None:
        return "{}"
    if not isinstance(tags, Mapping):
        raise TypeError(f"{name} is {tags!r}: expected a mapping, not {type(tags).__name__}")
    for item in tags.items():
        if not all(isinstance(part, str) for part in item):
            raise TypeError(f"{name} has {item[0]!r}: {item[1]!r}, but its keys and values must be str")
    return json.dumps(dict(tags), sort_keys=True)


def to_error(error: object, name: str) -> str | None:
    """Check an error text; a failure must never go unrecorded because its message is odd.  An empty one says nothing."""
    if error is None:
        return None
    if not isinstance(error, str):
        raise TypeError(f"{name} is {error!r}: expected str or None, not {type(error).__name__}")
    return storable(error) or None


def storable(text: str) -> str:
    """Spell out what UTF-8 cannot hold."""
    return text.encode(errors="backslashreplace").decode()
