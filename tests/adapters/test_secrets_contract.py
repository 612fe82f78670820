"""What flows may rely on in any store of secrets, shaped by what Secret Manager can do."""

from __future__ import annotations

import pathlib
import threading
from collections.abc import Iterator

import pytest

from bench.custody_parts.quick_stores import QuickSecrets
from counterfoil.adapters.sealed_envelopes import SealedEnvelopes
from counterfoil.adapters.sealed_secrets import SealedSecrets
from counterfoil.adapters.sealer import AesSealer
from counterfoil.core.stores import SecretGone
from counterfoil.flows.ports import Secrets
from tests.fakes import MemoryRecords, MemorySecrets

NAME = "refresh-con_x-0011"
SEALER = AesSealer(b"k" * 32, purpose="secrets")


@pytest.fixture(
    params=[
        "memory",
        "quick",
        "sealed file",
        "secret manager",
        "envelopes",
        "envelopes in Firestore",
    ]
)
def secrets(request: pytest.FixtureRequest, tmp_path: pathlib.Path) -> Iterator[Secrets]:
    if request.param == "memory":
        yield MemorySecrets()
    elif request.param == "quick":
        yield QuickSecrets()
    elif request.param == "sealed file":
        yield SealedSecrets(tmp_path / "secrets.sqlite", b"k" * 32)
    elif request.param == "secret manager":
        kept = request.getfixturevalue("secret_manager").secrets()
        yield kept
        kept.close()
    elif request.param == "envelopes":
        memory = MemoryRecords()
        yield SealedEnvelopes(lambda: memory, SEALER)
    else:
        records = request.getfixturevalue("firestore_emulator").records()
        # A crowd on a busy machine takes longer than a call may; test_store_time.py has the bound.
        yield SealedEnvelopes(lambda: records, SEALER, clock=lambda: 0.0)
        records.close()


def test_a_version_is_read_by_its_number(secrets: Secrets) -> None:
    assert secrets.add(NAME, b"one") == "1"
    assert secrets.add(NAME, b"two") == "2"
    assert secrets.read(NAME, "1") == b"one"
    assert secrets.read(NAME, "2") == b"two"


def test_the_same_value_again_is_another_version(secrets: Secrets) -> None:
    assert [secrets.add(NAME, b"same") for _ in range(3)] == ["1", "2", "3"]


def test_secrets_count_apart(secrets: Secrets) -> None:
    assert [secrets.add(name, b"x") for name in ("a", "b", "a")] == ["1", "1", "2"]


@pytest.mark.parametrize("version", ["2", "0", "-1", "latest", "", "1 ", "٣", "9" * 30])
def test_what_is_not_there_is_gone(secrets: Secrets, version: str) -> None:
    secrets.add(NAME, b"one")
    with pytest.raises(SecretGone):
        secrets.read(NAME, version)
    with pytest.raises(SecretGone):
        secrets.read("another", "1")


def test_a_destroyed_version_is_gone_and_its_number_is_not_used_again(secrets: Secrets) -> None:
    secrets.add(NAME, b"one")
    secrets.add(NAME, b"two")
    secrets.destroy(NAME, "2")
    secrets.destroy(NAME, "2")
    secrets.destroy(NAME, "77")
    secrets.destroy("another", "1")
    with pytest.raises(SecretGone):
        secrets.read(NAME, "2")
    assert secrets.read(NAME, "1") == b"one"
    assert secrets.add(NAME, b"three") == "3"


def test_deleting_takes_all_versions(secrets: Secrets) -> None:
    secrets.add(NAME, b"one")
    secrets.delete(NAME)
    secrets.delete(NAME)
    with pytest.raises(SecretGone):
        secrets.read(NAME, "1")


def test_one_can_ask_whether_anything_is_kept(secrets: Secrets) -> None:
    assert not secrets.exists(NAME)
    secrets.add(NAME, b"one")
    secrets.add("another", b"x")
    assert secrets.exists(NAME)
    secrets.destroy(NAME, "1")
    assert secrets.exists(NAME)  # its number is not given out again
    secrets.delete(NAME)
    assert not secrets.exists(NAME)
    assert secrets.exists("another")


@pytest.mark.parametrize("payload", [b"", b"x" * 65_537], ids=["empty", "over 64 KiB"])
def test_a_payload_has_its_limits(secrets: Secrets, payload: bytes) -> None:
    with pytest.raises(ValueError, match="bytes"):
        secrets.add(NAME, payload)
    secrets.add(NAME, b"x" * 65_536)


def test_many_who_add_at_once_get_a_number_each(secrets: Secrets) -> None:
    here, numbers = threading.Barrier(16), []

    def add(worker: int) -> None:
        here.wait()
        numbers.append((secrets.add(NAME, b"%d" % worker), b"%d" % worker))

    threads = [threading.Thread(target=add, args=(n,)) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(int(number) for number, _ in numbers) == list(range(1, 17))
    for number, payload in numbers:
        assert secrets.read(NAME, number) == payload
