"""Checks on arguments: a wrong type is a TypeError, a wrong value a ValueError, and both say what to pass."""

from __future__ import annotations

from typing import Final

DAY: Final = 24 * 3600
"""Seconds."""


def whole_number(name: str, value: object, *, least: int) -> int:
    """Return `value` if it is an int of at least `least`. A bool is not a number here."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be a whole number, not {value!r}: pass an int of at least {least}")
    if value < least:
        raise ValueError(f"{name} must be at least {least}, not {value}")
    return value


def limit(name: str, value: object) -> int | None:
    """Return `value` if it is None (no limit) or an int of at least 1."""
    if value is None:
        return None
    return whole_number(name, value, least=1)


def seconds(name: str, value: object, *, most: float) -> float:
    """Return `value` as a float if it is a number above zero and at most `most`."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{name} must be a number of seconds, not {value!r}")
    if not 0 < value <= most:
        raise ValueError(f"{name} must be above 0 and at most {most:g} seconds, not {value}")
    return float(value)


def string(name: str, value: object) -> str:
    """Return `value` if it is a str, even an empty one."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a str, not {type(value).__name__}")
    return value


def words(name: str, value: object) -> str:
    """Return `value` without surrounding blanks if it is a str that says anything."""
    stripped = string(name, value).strip()
    if not stripped:
        raise ValueError(f"{name} must not be blank")
    return stripped
