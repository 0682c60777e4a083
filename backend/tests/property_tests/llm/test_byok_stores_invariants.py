"""Laws of key stores: what goes in comes out, for the right master key alone, and nothing else leaves."""

from __future__ import annotations

import json
import os
import pickle
import stat
import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.fernet import Fernet
from filelock import FileLock
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.errors import PasswordDeleteError

from core.llm.catalogue import PROVIDERS
from core.llm.encrypted_store import EncryptedFileKeyStore
from core.llm.errors import InvalidKeyError, KeyStoreError
from core.llm.secret import NO_COPY, Secret
from core.llm.stores import EnvKeyStore, KeyringKeyStore
from tests.property_tests.llm.llm_strategies import World, api_keys, few, providers, refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

MASTER = Fernet.generate_key().decode()
OTHER = Fernet.generate_key().decode()
OPENAI = PROVIDERS["openai"]


@pytest.fixture(name="path")
def _path(tmp_path: Path) -> Path:
    return tmp_path / "keys"


def names(keys: tuple[Secret, ...]) -> list[str]:
    return [key.reveal() for key in keys]


# -- the encrypted file --------------------------------------------------------------------------------------


class EncryptedStoreMachine(RuleBasedStateMachine):
    """Keys set, replaced, removed and rotated by any number of stores on one file are those of a plain dict."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.path = Path(self.folder.name) / "keys"
        self.master = MASTER
        self.model: dict[str, list[str]] = {}
        self.store = EncryptedFileKeyStore(self.path, self.master)

    def teardown(self) -> None:
        self.folder.cleanup()

    @rule(provider=providers, keys=st.lists(api_keys, max_size=3))
    def set(self, provider: str, keys: list[str]) -> None:
        self.store.set(provider, *keys)
        self.model[provider] = keys

    @rule(new=st.sampled_from([MASTER, OTHER]))
    def rotate(self, new: str) -> None:
        self.store.rotate(new)
        self.master = new

    @rule()
    def open_again(self) -> None:
        self.store = EncryptedFileKeyStore(str(self.path), f" {self.master}\n")

    @invariant()
    def reads_what_was_set(self) -> None:
        for provider, spec in PROVIDERS.items():
            assert names(self.store.read(spec)) == self.model.get(provider, [])

    @invariant()
    def is_private_and_unreadable(self) -> None:
        if self.path.exists():
            assert stat.S_IMODE(self.path.stat().st_mode) == 0o600
            data = self.path.read_bytes()
            assert not [key for pool in self.model.values() for key in pool if key.encode() in data]
            stored = json.loads(Fernet(self.master).decrypt(data))
            assert stored == {provider: keys for provider, keys in self.model.items() if keys}
            other = OTHER if self.master == MASTER else MASTER
            assert refusal(KeyStoreError, EncryptedFileKeyStore, self.path, other) == (
                f"{self.path} was written with another master key, or is damaged:"
                " pass the right key, or restore it"
            )
        assert (
            sorted(entry.name for entry in self.path.parent.iterdir() if entry.name.startswith(".keys-"))
            == []
        )


TestEncryptedStore = EncryptedStoreMachine.TestCase
TestEncryptedStore.settings = settings(max_examples=20, stateful_step_count=12, deadline=None)


def test_without_a_master_key_no_store_starts(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = (
        "there is no master key: pass one, or set BYOK_MASTER_KEY;"
        " EncryptedFileKeyStore.new_master_key() makes one"
    )
    monkeypatch.delenv("BYOK_MASTER_KEY", raising=False)
    assert refusal(KeyStoreError, EncryptedFileKeyStore, path) == missing
    assert refusal(KeyStoreError, EncryptedFileKeyStore, path, " ") == missing
    assert refusal(KeyStoreError, EncryptedFileKeyStore, path, env={"BYOK_MASTER_KEY": "\n"}) == missing
    malformed = "the master key is malformed: pass what EncryptedFileKeyStore.new_master_key() returned"
    for wrong in ("short", "é" * 44, "!" * 44, MASTER[:-2]):
        assert refusal(KeyStoreError, EncryptedFileKeyStore, path, wrong) == malformed
    store = EncryptedFileKeyStore(path, MASTER)
    assert refusal(KeyStoreError, store.rotate, "") == missing
    assert not path.exists()


def test_the_master_key_may_come_from_the_environment(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    EncryptedFileKeyStore(path, env={"BYOK_MASTER_KEY": MASTER}).set("openai", "a-key")
    monkeypatch.setenv("BYOK_MASTER_KEY", MASTER)
    assert names(EncryptedFileKeyStore(path).read(OPENAI)) == ["a-key"]
    monkeypatch.setenv("BYOK_MASTER_KEY", OTHER)
    assert names(EncryptedFileKeyStore(path, MASTER).read(OPENAI)) == ["a-key"]


def test_a_new_master_key_works_and_is_new(path: Path) -> None:
    one, other = EncryptedFileKeyStore.new_master_key(), EncryptedFileKeyStore.new_master_key()
    assert one != other
    EncryptedFileKeyStore(path, one).set("openai", "a-key")
    assert names(EncryptedFileKeyStore(path, one).read(OPENAI)) == ["a-key"]


def test_a_rotated_file_shuts_out_the_old_key(path: Path) -> None:
    old, new = EncryptedFileKeyStore(path, MASTER), EncryptedFileKeyStore(path, MASTER)
    old.set("openai", "a-key")
    new.rotate(OTHER)
    new.set("gemini", "b-key")
    with pytest.raises(KeyStoreError, match="another master key"):
        old.read(OPENAI)
    with pytest.raises(KeyStoreError, match="another master key"):
        old.set("openai", "c-key")
    assert names(new.read(OPENAI)) == ["a-key"]


@few
@given(st.binary(max_size=80), st.booleans())
def test_a_damaged_file_is_an_error_and_stays_as_it_is(damage: bytes, cut: bool) -> None:
    """Whatever became of the file, it is refused by name, never read in part, and never overwritten."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "keys"
        store = EncryptedFileKeyStore(path, MASTER)
        store.set("openai", "a-key")
        left = path.read_bytes()[:-9] if cut else damage
        path.write_bytes(left)
        for use in (
            lambda: store.read(OPENAI),
            lambda: store.set("openai", "b"),
            lambda: store.rotate(OTHER),
        ):
            message = refusal(KeyStoreError, use)
            assert message.startswith(f"{path} was written with another master key, or is damaged")
        assert path.read_bytes() == left


def test_a_file_that_cannot_be_read_or_written_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "a-folder"
    folder.mkdir()
    assert refusal(KeyStoreError, EncryptedFileKeyStore, folder, MASTER) == (
        f"{folder} cannot be read: Is a directory"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "read_bytes", lambda _: (_ for _ in ()).throw(OSError("odd")))
        assert (
            refusal(KeyStoreError, EncryptedFileKeyStore, folder, MASTER)
            == f"{folder} cannot be read: OSError"
        )
    lost = EncryptedFileKeyStore(folder / "no" / "keys", MASTER)
    (folder / "no").write_text("a file where a folder should be")
    with pytest.raises(KeyStoreError) as caught:
        lost.set("openai", "a-key")
    assert str(caught.value).startswith(f"{folder / 'no' / 'keys'} cannot be ")


def test_a_write_that_fails_leaves_the_old_file_and_no_rest(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = EncryptedFileKeyStore(path, MASTER)
    store.set("openai", "a-key")

    for error, reason in ((OSError(28, "No space left"), "No space left"), (OSError("odd"), "OSError")):

        def full(_: int, error: OSError = error) -> None:
            raise error

        monkeypatch.setattr(os, "fsync", full)
        assert refusal(KeyStoreError, store.set, "openai", "b-key") == f"{path} cannot be written: {reason}"
    assert names(store.read(OPENAI)) == ["a-key"]
    assert [entry.name for entry in path.parent.iterdir() if entry.name not in ("keys", "keys.lock")] == []


def test_the_new_file_is_on_the_disk_before_it_takes_the_olds_place(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[tuple[bool, int, int]] = []
    real = os.fsync

    def note(descriptor: int) -> None:
        beside = [entry for entry in path.parent.iterdir() if entry.name.startswith(".keys-")]
        synced.append((path.exists(), os.fstat(descriptor).st_size, len(beside)))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    EncryptedFileKeyStore(path, MASTER).set("openai", "a-key")
    assert synced == [(False, path.stat().st_size, 1)]


def test_writers_wait_for_each_other(path: Path) -> None:
    def work(provider: str) -> None:
        EncryptedFileKeyStore(path, MASTER).set(provider, f"key-of-{provider}")

    threads = [threading.Thread(target=work, args=(f"provider-{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(json.loads(Fernet(MASTER).decrypt(path.read_bytes()))) == {f"provider-{n}" for n in range(6)}


def test_a_writer_waits_for_whoever_holds_the_lock_beside_the_file(path: Path) -> None:
    store = EncryptedFileKeyStore(path, MASTER)
    writer = threading.Thread(target=store.set, args=("openai", "a-key"))
    with FileLock(f"{path}.lock"):
        writer.start()
        writer.join(0.2)
        assert writer.is_alive()
        assert not path.exists()
    writer.join()
    assert names(store.read(OPENAI)) == ["a-key"]


@few
@given(api_keys)
def test_a_store_refuses_broken_keys_and_shows_none(key: str) -> None:
    """What no header can carry is not stored, and neither a store nor its errors show a key or the master key."""
    with TemporaryDirectory() as folder:
        store = EncryptedFileKeyStore(Path(folder) / "keys", MASTER)
        ring = KeyringKeyStore(Memory())
        for keep in (store.set, ring.set):
            assert refusal(InvalidKeyError, keep, "openai", f"{key}\nx") == (
                "the key for openai holds blanks, control or non-ASCII characters: copy it again"
            )
        assert store.read(OPENAI) == ring.read(OPENAI) == ()
        store.set("openai", key)
        for keeper in (store, ring, EnvKeyStore({"OPENAI_API_KEY": key})):
            assert not hasattr(keeper, "__dict__")
            assert key not in repr(keeper)
            assert MASTER not in repr(keeper)
            assert refusal(TypeError, pickle.dumps, keeper) == NO_COPY


def test_a_key_that_was_stored_broken_is_refused_by_its_place(path: Path) -> None:
    path.write_bytes(Fernet(MASTER).encrypt(b'{"openai": ["a b"]}'))
    with pytest.raises(InvalidKeyError, match=r"^the stored key for openai holds blanks"):
        EncryptedFileKeyStore(path, MASTER).read(OPENAI)
    memory = Memory()
    memory.set_password("byok", "openai", "")
    with pytest.raises(InvalidKeyError, match=r"^the keyring's key for openai is blank"):
        KeyringKeyStore(memory).read(OPENAI)


# -- the keyring ---------------------------------------------------------------------------------------------


class Memory(KeyringBackend):
    """A keyring of the real package that keeps everything in memory."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.kept:
            raise PasswordDeleteError("not there")
        del self.kept[service, username]


@given(st.dictionaries(providers, api_keys), st.sets(providers))
def test_the_keyring_gives_back_what_was_set_and_not_removed(keys: dict[str, str], removed: set[str]) -> None:
    """One key per provider under the service byok; removing what is not there is no error."""
    memory = Memory()
    store = KeyringKeyStore(memory)
    for provider, key in keys.items():
        store.set(provider, f" {key} ")
    for provider in removed:
        store.remove(provider)
    left = {provider: key for provider, key in keys.items() if provider not in removed}
    assert memory.kept == {("byok", provider): key for provider, key in left.items()}
    for provider, spec in PROVIDERS.items():
        assert names(store.read(spec)) == ([left[provider]] if provider in left else [])


def test_a_machine_without_a_keyring_says_so() -> None:
    store = KeyringKeyStore(NoKeyring())  # type: ignore[no-untyped-call]
    refused = (
        "the system's keyring refuses (NoKeyringError): unlock or install one, or use EncryptedFileKeyStore"
    )
    for use in (
        lambda: store.read(OPENAI),
        lambda: store.set("openai", "a-key"),
        lambda: store.remove("openai"),
    ):
        assert refusal(KeyStoreError, use) == refused


@pytest.fixture(name="system")
def _system() -> Iterator[Memory]:
    import keyring

    before = keyring.get_keyring()
    memory = Memory()
    keyring.set_keyring(memory)
    yield memory
    keyring.set_keyring(before)


def test_without_a_backend_the_systems_keyring_is_used(system: Memory) -> None:
    KeyringKeyStore().set("openai", "a-key")
    assert system.kept == {("byok", "openai"): "a-key"}


def test_without_the_package_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert refusal(KeyStoreError, KeyringKeyStore) == (
        "the package keyring is not installed: install it, or use EncryptedFileKeyStore"
    )


# -- stores in a handler -------------------------------------------------------------------------------------


@few
@given(st.lists(api_keys, max_size=2), st.lists(api_keys, max_size=2), st.one_of(st.none(), api_keys))
def test_a_handler_asks_its_stores_in_order_at_each_use(
    in_file: list[str], later: list[str], in_env: str | None
) -> None:
    """The first store that has a key counts, whatever changes in it between two requests."""
    with TemporaryDirectory() as folder:
        file = EncryptedFileKeyStore(Path(folder) / "keys", MASTER)
        env = EnvKeyStore({} if in_env is None else {"OPENAI_API_KEY": in_env})
        world = World()
        handler = world.handler(["openai"], keys=(), key_stores=[file, env])
        for stored in (in_file, later):
            file.set("openai", *stored)
            first = [*stored, *([] if in_env is None else [in_env])][:1]
            assert handler.is_provider_configured("openai") == bool(first)
            if first:
                handler.complete("hi")
                assert world.keys[-1:] == first


def test_the_environment_is_read_at_each_use(monkeypatch: pytest.MonkeyPatch) -> None:
    store: Any = EnvKeyStore()
    monkeypatch.setenv("OPENAI_API_KEY", " a-key ")
    assert names(store.read(OPENAI)) == ["a-key"]
    monkeypatch.setenv("OPENAI_API_KEY", " ")
    assert store.read(OPENAI) == ()
