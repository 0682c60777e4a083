"""A value somewhere in a JSON document, which knows where it stands, so that what is wrong with it can be named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from mutmut_dashboard.errors import UsageError


@dataclass(frozen=True)
class JsonPlace:
    """A value and its path. What is asked for and is not there, or is of another kind, is a UsageError."""

    value: Any
    path: str
    name: str
    """What messages call the document."""

    def wrong(self, expected: str) -> NoReturn:
        """Raise the error that names the path, what was expected and what stands there."""
        shown = json.dumps(self.value, ensure_ascii=False)
        shown = shown if len(shown) <= 40 else f"{shown[:39]}…"
        raise UsageError(f"{self.name}: {self.path or 'the document'} must be {expected}, not {shown}.")

    def __getitem__(self, key: str) -> JsonPlace:
        found = self.get(key)
        if found is None:
            raise UsageError(f'{self.name}: {self.path or "the document"} lacks "{key}".')
        return found

    def get(self, key: str) -> JsonPlace | None:
        """Return a member; None where it is missing or null."""
        value = self._object().get(key)
        return None if value is None else JsonPlace(value, f"{self.path}.{key}".lstrip("."), self.name)

    def members(self) -> Iterator[tuple[str, JsonPlace]]:
        """Return an object's keys and values."""
        for key, value in self._object().items():
            yield key, JsonPlace(value, f"{self.path}[{json.dumps(key, ensure_ascii=False)}]", self.name)

    def items(self) -> Iterator[JsonPlace]:
        """Return an array's items."""
        if not isinstance(self.value, list):
            self.wrong("an array")
        for at, value in enumerate(self.value):
            yield JsonPlace(value, f"{self.path}[{at}]", self.name)

    def text(self, key: str | None = None, default: str | None = None) -> str:
        """Return a string: this value, or the member `key`, which may be missing where there is a default."""
        place = self if key is None else self.get(key)
        if place is None:
            return default if default is not None else self[key or ""].text()
        if not isinstance(place.value, str):
            place.wrong("a string")
        return str(place.value)

    def number(self, key: str, default: float) -> float:
        """Return a member that is a number of at least 0."""
        place = self.get(key)
        if place is None:
            return default
        if isinstance(place.value, bool) or not isinstance(place.value, int | float) or place.value < 0:
            place.wrong("a number of at least 0")
        return float(place.value)

    def count(self, key: str) -> int:
        """Return a member that is a whole number of at least 1."""
        place = self[key]
        if isinstance(place.value, bool) or not isinstance(place.value, int) or place.value < 1:
            place.wrong("a whole number of at least 1")
        return int(place.value)

    def _object(self) -> dict[str, Any]:
        if not isinstance(self.value, dict):
            self.wrong("an object")
        return dict(self.value)


def read_json(content: bytes, name: str) -> JsonPlace:
    """Read a document.

    Raises:
        UsageError: it is no JSON; the message says where.

    """
    try:
        return JsonPlace(json.loads(content.decode("utf-8-sig"), parse_constant=_refuse), "", name)
    except UnicodeDecodeError as error:
        raise UsageError(f"{name} is no UTF-8 ({error.reason} at byte {error.start}).") from error
    except json.JSONDecodeError as error:
        raise UsageError(f"{name}, line {error.lineno}: it is no JSON: {error.msg}.") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{name} cannot be read: {error}.") from error


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON")
