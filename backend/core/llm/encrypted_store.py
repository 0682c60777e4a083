"""The encrypted file: keys at rest, readable with the master key alone, replaced whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from core.llm.errors import KeyStoreError
from core.llm.secret import Guarded, Secret, seal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from core.llm.catalogue import ProviderSpec

MASTER_KEY_VARIABLE: Final = "BYOK_MASTER_KEY"

_Pools = dict[str, list[str]]
"""Provider -> its keys."""


class EncryptedFileKeyStore(Guarded):
    """Keys in one file, encrypted and signed (Fernet), which only its owner may read (0600).

    It never makes up a master key: keys encrypted with a lost one would be lost. Processes that write at the
    same time wait for each other.

    Args:
        path: The file; it need not exist yet.
        master_key: What `new_master_key` returned; None to take it from BYOK_MASTER_KEY.
        env: Where BYOK_MASTER_KEY is looked up; None for the process environment.

    Raises:
        KeyStoreError: there is no master key, it is malformed, or it is not the file's.

    """

    __slots__ = ("_lock_path", "_master", "_path")

    def __init__(
        self, path: str | Path, master_key: str | None = None, *, env: Mapping[str, str] | None = None
    ) -> None:
        given = (
            (os.environ if env is None else env).get(MASTER_KEY_VARIABLE)
            if master_key is None
            else master_key
        )
        self._path = Path(path)
        self._lock_path = self._path.with_name(f"{self._path.name}.lock")
        self._master = _master(given)
        self._load(self._master)

    @staticmethod
    def new_master_key() -> str:
        """Return a new random master key. Keep it apart from the file."""
        from cryptography.fernet import Fernet  # noqa: PLC0415  # what only this store needs

        return Fernet.generate_key().decode()

    def read(self, spec: ProviderSpec) -> tuple[Secret, ...]:
        """Return the provider's keys in the order they were given."""
        keys = self._load(self._master).get(spec.id, [])
        return tuple(seal(key, f"the stored key for {spec.id}") for key in keys)

    def set(self, provider: str, *keys: str) -> None:
        """Keep `keys` for `provider`, in place of any others; none of them, to forget the provider."""
        checked = [seal(key, f"the key for {provider}").reveal() for key in keys]

        def change(pools: _Pools) -> _Pools:
            rest = {name: pool for name, pool in pools.items() if name != provider}
            return rest | ({provider: checked} if checked else {})

        self._rewrite(change, self._master)

    def rotate(self, new_master_key: str) -> None:
        """Encrypt everything anew; from then on only `new_master_key` reads the file."""
        new = _master(new_master_key)
        self._rewrite(lambda pools: pools, new)
        self._master = new

    def _load(self, master: Secret) -> _Pools:
        from cryptography.fernet import Fernet, InvalidToken  # noqa: PLC0415

        try:
            token = self._path.read_bytes()
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise self._failed("read", error) from None
        with suppress(InvalidToken):
            pools: _Pools = json.loads(Fernet(master.reveal()).decrypt(token))
            return pools
        raise KeyStoreError(
            f"{self._path} was written with another master key, or is damaged: pass the right key, or restore it"
        )

    def _rewrite(self, change: Callable[[_Pools], _Pools], master: Secret) -> None:
        """Replace the file by a changed one, encrypted with `master`."""
        from cryptography.fernet import Fernet  # noqa: PLC0415
        from filelock import FileLock  # noqa: PLC0415

        try:
            with FileLock(self._lock_path):
                text = json.dumps(change(self._load(self._master)))
                _replace(self._path, Fernet(master.reveal()).encrypt(text.encode()))
        except OSError as error:
            raise self._failed("written", error) from None

    def _failed(self, what: str, error: OSError) -> KeyStoreError:
        return KeyStoreError(f"{self._path} cannot be {what}: {error.strerror or type(error).__name__}")


def _master(value: Any) -> Secret:
    from cryptography.fernet import Fernet  # noqa: PLC0415

    key = "" if value is None else str(value).strip()
    if not key:
        raise KeyStoreError(
            f"there is no master key: pass one, or set {MASTER_KEY_VARIABLE};"
            " EncryptedFileKeyStore.new_master_key() makes one"
        )
    with suppress(ValueError):
        Fernet(key)
        return Secret(key)
    raise KeyStoreError(
        "the master key is malformed: pass what EncryptedFileKeyStore.new_master_key() returned"
    )


def _replace(path: Path, data: bytes) -> None:
    """Write the file beside itself, for its owner's eyes only, and put it in its place in one step."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)  # 0600 from the start
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink()
        raise
