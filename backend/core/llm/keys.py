"""Keys: held so that nothing prints them, looked up in the environment, checked before they are sent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NoReturn

from core.llm import arguments
from core.llm.catalogue import PROVIDERS
from core.llm.errors import InvalidKeyError

if TYPE_CHECKING:
    from collections.abc import Mapping

MASK: Final = "***"
NO_COPY: Final = "keys cannot be pickled or copied: set them again where they are needed"
LONGEST_MESSAGE: Final = 300
"""Characters kept of what a provider says: enough to act on, too little to flood a log."""

_KEY_SHAPED: Final = re.compile(r"(?:sk-|AIza|Bearer\s+|key[=:]\s*)[^\s,;\"']+", re.IGNORECASE)
"""Keys as providers echo them, whole or half masked."""


class Secret:
    """A key. It has no `__dict__`, prints as stars and cannot be pickled; only `reveal` gives it away."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the key itself. To be called where a request is signed, and nowhere else."""
        return self._value

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError(NO_COPY)


class KeyRing:
    """One key per provider: those set by hand first, then those in the environment, which is read at each use."""

    __slots__ = ("_env", "_keys", "_retired")

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env
        self._keys: dict[str, Secret] = {}
        self._retired: dict[str, Secret] = {}

    def set(self, provider: str, key: object) -> None:
        """Use `key` for `provider` from now on, in place of any other."""
        self._keys[provider] = Secret(
            _checked(arguments.string("key", key).strip(), f"the key for {provider}")
        )
        self._retired.pop(provider, None)

    def remove(self, provider: str) -> None:
        """Forget the key set by hand, if any. A key in the environment then applies again."""
        self._keys.pop(provider, None)

    def get(self, provider: str) -> Secret | None:
        """Return the provider's key, or None when it has none."""
        return self._keys.get(provider) or self._from_env(provider)

    def retire(self, provider: str, secret: Secret) -> None:
        """Stop using `secret`, which the provider rejected, until another key takes its place."""
        self._retired[provider] = secret

    def usable(self, provider: str) -> Secret | None:
        """Return the provider's key unless it has none or the one it has was rejected."""
        secret = self.get(provider)
        return None if secret == self._retired.get(provider) else secret

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError(NO_COPY)

    def _from_env(self, provider: str) -> Secret | None:
        for variable in PROVIDERS[provider].env_vars:
            value = self._env.get(variable, "").strip()
            if value:
                return Secret(_checked(value, f"the environment variable {variable}"))
        return None


def redact(text: str, secret: Secret) -> str:
    """Return `text` on one line, shortened, with the key and anything that looks like one masked."""
    masked = _KEY_SHAPED.sub(MASK, text.replace(secret.reveal(), MASK))
    return " ".join(masked.split())[:LONGEST_MESSAGE]


def _checked(key: str, source: str) -> str:
    """Return `key` if an HTTP header can carry it; SDKs quote the whole header when it cannot."""
    if not key:
        raise InvalidKeyError(f"{source} is blank: pass the key itself, or call remove_api_key")
    if not all("!" <= character <= "~" for character in key):
        raise InvalidKeyError(f"{source} holds blanks, control or non-ASCII characters: copy it again")
    return key
