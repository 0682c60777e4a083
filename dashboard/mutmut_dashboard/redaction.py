"""Secrets of the environment kept out of what is recorded: a failing test may well print one."""

from __future__ import annotations

import re
from collections.abc import Mapping

_NAMES = re.compile(r"KEY|TOKEN|SECRET|PASSW|PASSPHRASE|CREDENTIAL|AUTH|COOKIE|DSN", re.IGNORECASE)
_SHORTEST = 8
"""Characters below which a value is too ordinary a word to be taken out of texts."""


class Redaction:
    """Replaces the values of variables whose names speak of secrets by the names."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        names: dict[str, str] = {}
        for name, value in sorted(environment.items()):
            if _NAMES.search(name) and not _is_path(value):
                stripped = value.strip()
                plain = stripped.replace("\r\n", "\n")  # as streams and editors write it
                for form in (value, stripped, plain, *(repr(one)[1:-1] for one in (value, stripped, plain))):
                    if len(form) >= _SHORTEST:
                        names.setdefault(form, name)
        self._names = names
        # The longest first: one secret may begin with another.
        forms = sorted(names, key=lambda form: (-len(form), form))
        self._forms = re.compile("|".join(map(re.escape, forms))) if forms else None

    def __call__(self, text: str) -> str:
        """Return the text without secrets."""
        if self._forms is None:
            return text
        return self._forms.sub(lambda found: f"[value of {self._names[found[0]]}]", text)


def _is_path(value: str) -> bool:
    # SSH_AUTH_SOCK and the like name a place, and places occur in every traceback.
    return value.startswith("/")
