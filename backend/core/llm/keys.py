"""Keys: the pool of each provider, set by hand or looked up in stores, without those a provider rejected."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from core.llm.secret import Guarded, seal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.llm.catalogue import ProviderSpec
    from core.llm.secret import Secret
    from core.llm.stores import KeyStore


class KeyRing(Guarded):
    """Every provider's keys: those set by hand, else those of the first store that has any, read at each use."""

    __slots__ = ("_lock", "_pools", "_retired", "_stores")

    def __init__(self, stores: Sequence[KeyStore]) -> None:
        self._stores = tuple(stores)
        self._pools: dict[str, tuple[Secret, ...]] = {}
        self._retired: set[tuple[str, Secret]] = set()
        self._lock = threading.Lock()

    def set(self, spec: ProviderSpec, keys: Sequence[object]) -> None:
        """Use `keys` for the provider from now on, in this order and in place of any others."""
        pool = tuple(dict.fromkeys(_by_hand(spec, key) for key in keys))
        with self._lock:
            self._pools[spec.id] = pool
            self._retired -= {(spec.id, key) for key in pool}

    def add(self, spec: ProviderSpec, key: object) -> None:
        """Use `key`, too, after those set by hand."""
        new = _by_hand(spec, key)
        with self._lock:
            self._pools[spec.id] = tuple(dict.fromkeys((*self._pools.get(spec.id, ()), new)))
            self._retired.discard((spec.id, new))

    def remove(self, spec: ProviderSpec) -> None:
        """Forget the keys set by hand, if any. Those in the stores then apply again."""
        with self._lock:
            self._pools.pop(spec.id, None)

    def all(self, spec: ProviderSpec) -> tuple[Secret, ...]:
        """Return the provider's keys in the order of use, none when it has none."""
        pool = self._pools.get(spec.id, ())
        for store in self._stores:
            if pool:
                break
            pool = store.read(spec)
        return pool

    def usable(self, spec: ProviderSpec) -> tuple[Secret, ...]:
        """Return the provider's keys without those it rejected."""
        keys = self.all(spec)
        with self._lock:
            return tuple(key for key in keys if (spec.id, key) not in self._retired)

    def retire(self, spec: ProviderSpec, key: Secret) -> None:
        """Stop using `key`, which the provider rejected, until it is set again or another takes its place."""
        with self._lock:
            self._retired.add((spec.id, key))

    def forgive(self) -> None:
        """Use every rejected key again."""
        with self._lock:
            self._retired.clear()


def _by_hand(spec: ProviderSpec, key: object) -> Secret:
    return seal(key, f"the key for {spec.id}")
