"""Sealed values and the key: what opens, what does not, and who may read the file."""

from __future__ import annotations

import pathlib
import sqlite3
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.adapters.key_file import master_key
from counterfoil.adapters.sealed_secrets import SealedSecrets
from counterfoil.adapters.sealer import AesSealer, _derived, key_id
from counterfoil.core.errors import SettingsError
from counterfoil.core.stores import SealBroken

KEY, OTHER = b"k" * 32, b"o" * 32
CANARY = b"canary-refresh-token-1234567890"


def test_what_is_sealed_opens_in_its_place() -> None:
    sealer = AesSealer(KEY, purpose="cursors")
    sealed = sealer.seal(CANARY, bound_to="run_1")
    assert sealer.open(sealed, bound_to="run_1") == CANARY
    assert sealed.replace(".", "").replace("-", "").replace("_", "").isalnum()
    assert sealed.split(".")[:2] == ["v1", key_id(KEY)]
    assert sealed != sealer.seal(CANARY, bound_to="run_1")


@pytest.mark.parametrize(
    ("sealer", "bound_to"),
    [
        (AesSealer(KEY, purpose="cursors"), "run_2"),
        (AesSealer(KEY, purpose="access tokens"), "run_1"),
        (AesSealer(OTHER, purpose="cursors"), "run_1"),
    ],
    ids=["another place", "another purpose", "another key"],
)
def test_nothing_else_opens_it(sealer: AesSealer, bound_to: str) -> None:
    sealed = AesSealer(KEY, purpose="cursors").seal(CANARY, bound_to="run_1")
    with pytest.raises(SealBroken):
        sealer.open(sealed, bound_to=bound_to)


def test_each_purpose_has_a_key_of_its_own() -> None:
    keys = {_derived(KEY, "cursors"), _derived(KEY, "access tokens"), _derived(OTHER, "cursors")}
    assert len(keys - {KEY, OTHER}) == 3


def test_the_same_text_is_never_sealed_alike() -> None:
    sealer = AesSealer(KEY, purpose="cursors")
    sealed = {sealer.seal(CANARY, bound_to="run_1") for _ in range(1_000)}
    assert len(sealed) == 1_000


def test_a_changed_key_still_opens_what_the_old_one_sealed() -> None:
    sealed = AesSealer(OTHER, purpose="x").seal(CANARY, bound_to="y")
    both = AesSealer(KEY, OTHER, purpose="x")
    assert both.open(sealed, bound_to="y") == CANARY
    assert both.seal(b"new", bound_to="y").split(".")[1] == key_id(KEY)


def test_every_changed_character_breaks_the_seal() -> None:
    sealer = AesSealer(KEY, purpose="x")
    sealed = sealer.seal(b"plain", bound_to="y")
    for place, character in enumerate(sealed):
        other = sealed[:place] + ("A" if character != "A" else "B") + sealed[place + 1 :]
        with pytest.raises(SealBroken):
            sealer.open(other, bound_to="y")


@pytest.mark.parametrize(
    "text",
    ["", "v1", "v1..", "v1.00000000.AAAA", f"v1.{key_id(KEY)}.", f"v1.{key_id(KEY)}.AAAA",
     f"v1.{key_id(KEY)}.=\n", f"v1.{key_id(KEY)}.é", f"v2.{key_id(KEY)}." + "A" * 80, "." * 9],
)  # fmt: skip
def test_what_was_never_sealed_does_not_open(text: str) -> None:
    with pytest.raises(SealBroken):
        AesSealer(KEY, purpose="x").open(text, bound_to="y")


@given(st.binary(max_size=200), st.text(max_size=50))
def test_anything_can_be_sealed(plain: bytes, bound_to: str) -> None:
    sealer = AesSealer(KEY, purpose="x")
    assert sealer.open(sealer.seal(plain, bound_to=bound_to), bound_to=bound_to) == plain


@pytest.mark.parametrize("keys", [(), (b"short",), (KEY, b"")])
def test_a_sealer_needs_whole_keys(keys: tuple[bytes, ...]) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        AesSealer(*keys, purpose="x")


# The key file


def test_the_key_is_made_once_for_its_owner_only(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "data" / "key"
    key = master_key(path)
    assert len(key) == 32
    assert master_key(path) == key
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o077 == 0
    assert [each.name for each in path.parent.iterdir()] == ["key"]


def test_of_many_who_make_the_key_all_get_the_same(tmp_path: pathlib.Path) -> None:
    here, keys = threading.Barrier(12), []

    def make() -> None:
        here.wait()
        keys.append(master_key(tmp_path / "key"))

    threads = [threading.Thread(target=make) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 12
    assert len(set(keys)) == 1


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o620, 0o644])
def test_a_key_that_others_can_read_is_refused(tmp_path: pathlib.Path, mode: int) -> None:
    path = tmp_path / "key"
    master_key(path)
    path.chmod(mode)
    with pytest.raises(SettingsError, match="0600"):
        master_key(path)


@pytest.mark.parametrize("text", [b"", b"c2hvcnQ=\n", b"not base64 \xff", b"A" * 500])
def test_a_file_without_a_key_is_refused_and_left_alone(
    tmp_path: pathlib.Path, text: bytes
) -> None:
    path = tmp_path / "key"
    path.write_bytes(text)
    path.chmod(0o600)
    with pytest.raises(SettingsError, match="32 bytes"):
        master_key(path)
    assert path.read_bytes() == text


def test_no_second_key_is_made_for_secrets_that_have_one(tmp_path: pathlib.Path) -> None:
    path, store = tmp_path / "key", tmp_path / "secrets.sqlite"
    SealedSecrets(store, master_key(path, sealed=(store,))).add("a", b"x")
    path.unlink()
    with pytest.raises(SettingsError, match="missing"):
        master_key(path, sealed=(store,))
    assert not path.exists()


# The secrets file


def stored_bytes(folder: pathlib.Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


def test_no_secret_is_on_the_disk_in_the_clear(tmp_path: pathlib.Path) -> None:
    secrets = SealedSecrets(tmp_path / "secrets.sqlite", KEY)
    secrets.add("a", CANARY)
    assert b"v1." + key_id(KEY).encode() in stored_bytes(tmp_path)
    assert CANARY not in stored_bytes(tmp_path)
    for path in tmp_path.iterdir():
        assert path.stat().st_mode & 0o077 == 0


def test_a_destroyed_secret_leaves_no_sealed_text_behind(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "secrets.sqlite"
    secrets = SealedSecrets(path, KEY)
    secrets.add("a", CANARY)
    with sqlite3.connect(path) as db:
        [[sealed]] = db.execute("SELECT sealed FROM versions").fetchall()
    db.close()
    secrets.destroy("a", "1")
    secrets.close()  # the last one to close folds the write-ahead log in
    assert sealed.encode() not in stored_bytes(tmp_path)


def test_an_old_value_put_in_a_new_ones_place_does_not_open(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "secrets.sqlite"
    secrets = SealedSecrets(path, KEY)
    for payload in (b"one", b"two"):
        secrets.add("a", payload)
    secrets.add("b", b"three")
    with sqlite3.connect(path) as db:
        db.execute(
            "UPDATE versions SET sealed = (SELECT sealed FROM versions WHERE number = 1"
            " AND name = 'a')"
        )
    db.close()
    assert secrets.read("a", "1") == b"one"
    for name, version in (("a", "2"), ("b", "1")):
        with pytest.raises(SealBroken):
            secrets.read(name, version)


def test_another_key_opens_nothing(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "secrets.sqlite"
    SealedSecrets(path, KEY).add("a", CANARY)
    with pytest.raises(SealBroken):
        SealedSecrets(path, OTHER).read("a", "1")
    assert SealedSecrets(path, OTHER, KEY).read("a", "1") == CANARY


@pytest.mark.parametrize("name", ["", "a/b", "a b", "x" * 256, "é"])
def test_a_name_that_secret_manager_would_not_take_is_refused(
    tmp_path: pathlib.Path, name: str
) -> None:
    with pytest.raises(ValueError, match="name"):
        SealedSecrets(tmp_path / "s", KEY).add(name, b"x")


def test_a_folder_is_no_key_file(tmp_path: pathlib.Path) -> None:
    (tmp_path / "key").mkdir(mode=0o700)
    with pytest.raises(SettingsError, match="cannot be read"):
        master_key(tmp_path / "key")
