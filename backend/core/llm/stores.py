"""Stores: where keys are kept outside the program, one small protocol for all of them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final, Protocol

from core.llm.errors import KeyStoreError
from core.llm.secret import Guarded, seal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.llm.catalogue import ProviderSpec
    from core.llm.secret import Secret

SERVICE: Final = "byok"
"""The name under which keys stand in the system's keyring."""


class KeyStore(Protocol):
    """What a handler asks for keys nobody set by hand, each time it needs one."""

    def read(self, spec: ProviderSpec) -> tuple[Secret, ...]:
        """Return the provider's keys in the order of use, none when there are none."""


class EnvKeyStore(Guarded):
    """Keys in environment variables: each provider's first variable that is not blank. None means `os.environ`."""

    __slots__ = ("_env",)

    def __init__(self, env: Mapping[str, str] | None = None) -> None:
        self._env = os.environ if env is None else env

    def read(self, spec: ProviderSpec) -> tuple[Secret, ...]:
        """Return the provider's key, if there is one."""
        for variable in spec.env_vars:
            value = self._env.get(variable, "")
            if value.strip():
                return (seal(value, f"the environment variable {variable}"),)
        return ()


class KeyringKeyStore(Guarded):
    """Keys in the operating system's keyring, one per provider, through the optional package `keyring`.

    Args:
        backend: The keyring to use; None for the one `keyring` finds.

    Raises:
        KeyStoreError: there is no such package or no keyring on this machine, or it refuses.

    """

    __slots__ = ("_backend",)

    def __init__(self, backend: Any = None) -> None:
        self._backend = _system_keyring() if backend is None else backend

    def read(self, spec: ProviderSpec) -> tuple[Secret, ...]:
        """Return the provider's key, if there is one."""
        value = self._ask("get_password", spec.id)
        return () if value is None else (seal(value, f"the keyring's key for {spec.id}"),)

    def set(self, provider: str, key: str) -> None:
        """Keep `key` for `provider`, in place of any other."""
        self._ask("set_password", provider, seal(key, f"the key for {provider}").reveal())

    def remove(self, provider: str) -> None:
        """Forget the provider's key, if there is one."""
        if self._ask("get_password", provider) is not None:
            self._ask("delete_password", provider)

    def _ask(self, what: str, *arguments: str) -> Any:
        from keyring.errors import KeyringError  # noqa: PLC0415  # an extra

        try:
            return getattr(self._backend, what)(SERVICE, *arguments)
        except KeyringError as error:
            reason = type(error).__name__
        raise KeyStoreError(
            f"the system's keyring refuses ({reason}): unlock or install one, or use EncryptedFileKeyStore"
        )


def _system_keyring() -> Any:
    try:
        import keyring  # noqa: PLC0415  # an extra
    except ImportError:
        pass
    else:
        return keyring.get_keyring()
    raise KeyStoreError("the package keyring is not installed: install it, or use EncryptedFileKeyStore")
