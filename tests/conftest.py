"""Rules that hold for every test: no network beyond this machine, no token in any log."""

from __future__ import annotations

import gc
import ipaddress
import os
import socket
from collections.abc import Generator, Iterator
from typing import Any

import pytest
from hypothesis import settings

from counterfoil.adapters.firestore_records import FirestoreRecords
from counterfoil.adapters.sqlite_records import SqliteRecords
from tests.fakes import MemoryRecords
from tests.firestore_emulator import EmulatorMissing, FirestoreEmulator
from tests.indexes import watched
from tests.secret_manager import SecretManager


def pytest_sessionstart() -> None:
    """All that is imported stays: the collector need not look at it again and again, meanwhile a
    fifth of the time, nor afterwards.
    """
    gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    # Tests make many objects and few circles of them: looking less often saves a twelfth.
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


@pytest.hookimpl(wrapper=True, optionalhook=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """One more than usual: a third of the time a worker waits for Chromium, for Node, or for a
    second that the sidebar counts.
    """
    usual = yield
    return usual if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ else usual + 1


# How long an example takes says how busy the machine is, as CI=true has it by itself.
settings.register_profile("unhurried", parent=settings(), deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that tries to reach beyond loopback fails and says where it wanted to go."""
    connect = socket.socket.connect

    def loopback_only(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not _loopback(str(address[0])):
            raise AssertionError(f"a test tried to reach {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", loopback_only)


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def declared_queries(monkeypatch: pytest.MonkeyPatch) -> None:
    """A query without its index in firestore.indexes.json fails, over whatever store."""
    for store in (MemoryRecords, SqliteRecords, FirestoreRecords):
        watched(store, monkeypatch.setattr)


@pytest.fixture(scope="session")
def firestore_emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FirestoreEmulator]:
    """Required where CI=true; elsewhere its tests are skipped without it."""
    try:
        emulator = FirestoreEmulator(tmp_path_factory.mktemp("firestore"))
    except EmulatorMissing as missing:
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(str(missing))
        pytest.skip(str(missing))
    yield emulator
    emulator.stop()


@pytest.fixture
def secret_manager() -> Iterator[SecretManager]:
    stand_in = SecretManager()
    yield stand_in
    stand_in.stop()
