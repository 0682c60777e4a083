"""Secrets: keys held so that nothing prints them, checked before they are sent, masked where others quote them."""

from __future__ import annotations

import re
from typing import Final, NoReturn

from core.llm import arguments
from core.llm.errors import InvalidKeyError

MASK: Final = "***"
NO_COPY: Final = "keys cannot be pickled or copied: set them again where they are needed"
LONGEST_MESSAGE: Final = 300
"""Characters kept of what a provider says: enough to act on, too little to flood a log."""
SHOWABLE: Final = 20
"""Characters a key needs before its last four may be shown: of a shorter one they would be too much."""

_KEY_SHAPED: Final = re.compile(r"(?:sk-|AIza|Bearer\s+|key[=:]\s*)[^\s,;\"']+", re.IGNORECASE)
"""Keys as providers echo them, whole or half masked."""


class Guarded:
    """Something that holds keys: it has no `__dict__` to print and can be neither pickled nor copied."""

    __slots__ = ()

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError(NO_COPY)


class Secret(Guarded):
    """A key. It prints as stars; only `reveal` gives it away."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the key itself. To be called where a request is signed, and nowhere else."""
        return self._value

    def fingerprint(self) -> str:
        """Return stars and the key's last four characters, or stars alone when it is short."""
        return MASK + self._value[-4:] if len(self._value) >= SHOWABLE else MASK

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)


def seal(value: object, source: str) -> Secret:
    """Return `value`, without surrounding blanks, as a key that an HTTP header can carry.

    SDKs quote the whole header when it cannot. `source` says where the key is from.

    Raises:
        InvalidKeyError: it is blank, or holds blanks, control or non-ASCII characters.

    """
    key = arguments.string("key", value).strip()
    if not key:
        raise InvalidKeyError(f"{source} is blank: pass the key itself, or call remove_api_key")
    if not all("!" <= character <= "~" for character in key):
        raise InvalidKeyError(f"{source} holds blanks, control or non-ASCII characters: copy it again")
    return Secret(key)


def redact(text: str, key: Secret) -> str:
    """Return `text` on one line, shortened, with the key and anything that looks like one masked."""
    masked = _KEY_SHAPED.sub(MASK, text.replace(key.reveal(), MASK))
    return " ".join(masked.split())[:LONGEST_MESSAGE]
