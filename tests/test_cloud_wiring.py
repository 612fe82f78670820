"""The whole backend over the cloud's stores: wired, its key changed, and served under gunicorn."""

from __future__ import annotations

import base64
import os
import pathlib
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest
import requests

from counterfoil import wiring
from counterfoil.adapters.sealed_envelopes import SealedEnvelopes
from counterfoil.adapters.sealer import AesSealer
from counterfoil.core.errors import SettingsError
from counterfoil.core.stores import SealBroken
from counterfoil.flows.budgets import Budgets
from counterfoil.settings import CloudStores
from tests.fakes import NOON
from tests.firestore_emulator import FirestoreEmulator, new_project
from tests.secret_manager import SecretManager

ROOT = pathlib.Path(__file__).resolve().parents[1]
OLD, NEW = b"o" * 32, b"n" * 32


def cloud(
    emulator: FirestoreEmulator, stand_in: SecretManager, *versions: str, envelopes: bool = False
) -> CloudStores:
    return CloudStores(
        project=new_project(),
        database="(default)",
        envelopes=envelopes,
        key_versions=versions,
        firestore_host=emulator.host,
        secret_manager_host=stand_in.host,
    )


@pytest.fixture
def keyed(secret_manager: SecretManager) -> SecretManager:
    """A Secret Manager that holds an old and a new master key, as docs/deploy.md makes them."""
    secrets = secret_manager.secrets()
    for key in (OLD, NEW):
        secrets.add("key", base64.b64encode(key) + b"\n")
    secrets.close()
    return secret_manager


def test_a_new_key_seals_and_the_old_one_still_opens(
    firestore_emulator: FirestoreEmulator, keyed: SecretManager
) -> None:
    before = wiring.made_stores(cloud(firestore_emulator, keyed, "1")).keys
    after = wiring.made_stores(cloud(firestore_emulator, keyed, "2", "1")).keys
    assert (before, after) == ((OLD,), (NEW, OLD))
    sealed = AesSealer(*before, purpose="access tokens").seal(b"token", bound_to="x")
    sealer = AesSealer(*after, purpose="access tokens")
    assert sealer.open(sealed, bound_to="x") == b"token"
    again = sealer.seal(b"token", bound_to="x")
    with pytest.raises(SealBroken):
        AesSealer(*before, purpose="access tokens").open(again, bound_to="x")


def test_envelopes_of_an_old_key_still_open_and_no_secret_is_made(
    firestore_emulator: FirestoreEmulator, keyed: SecretManager
) -> None:
    stores = wiring.made_stores(cloud(firestore_emulator, keyed, "2", "1", envelopes=True))
    old = SealedEnvelopes(lambda: stores.records, AesSealer(OLD, purpose="secrets"))
    old.add("refresh-a", b"one")
    assert stores.secrets.read("refresh-a", "1") == b"one"
    assert stores.secrets.add("refresh-a", b"two") == "2"
    assert set(keyed.kept) == {"counterfoil-key"}


@pytest.mark.parametrize("versions", [("3",), ("2", "7")])
def test_a_key_that_is_not_there_refuses_to_start(
    firestore_emulator: FirestoreEmulator, keyed: SecretManager, versions: tuple[str, ...]
) -> None:
    with pytest.raises(SettingsError, match="counterfoil-key"):
        wiring.made_stores(cloud(firestore_emulator, keyed, *versions))


def test_a_key_of_another_length_refuses_to_start_and_is_not_shown(
    firestore_emulator: FirestoreEmulator, secret_manager: SecretManager
) -> None:
    secrets = secret_manager.secrets()
    secrets.add("key", b"c2hvcnQ=")
    secrets.close()
    with pytest.raises(SettingsError) as refused:
        wiring.made_stores(cloud(firestore_emulator, secret_manager, "1"))
    assert "c2hvcnQ" not in str(refused.value)


def test_calls_counted_by_many_at_once_are_all_counted(
    firestore_emulator: FirestoreEmulator,
) -> None:
    project, threads = new_project(), []
    for _ in range(3):
        budgets = Budgets(firestore_emulator.records(project), lambda: NOON)

        def spend(budgets: Budgets = budgets) -> None:
            for _ in range(5):
                budgets.spend("1001", 2)

        threads.append(threading.Thread(target=spend))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counted = firestore_emulator.records(project).get("budgets", "user:1001")
    assert counted is not None
    assert counted.data["calls"] == 30


def test_the_home_function_answers_under_gunicorn(
    firestore_emulator: FirestoreEmulator, keyed: SecretManager
) -> None:
    """Without an ID token it says so, which it only does once its stores are made."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    here = "http://127.0.0.1"
    env = {
        "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "functions"), "THREADS": "4",
        "COUNTERFOIL_WORLD": "sandbox", "COUNTERFOIL_STORES": "cloud",
        "COUNTERFOIL_PROJECT": new_project(), "COUNTERFOIL_KEY_VERSIONS": "2,1",
        "FIRESTORE_EMULATOR_HOST": firestore_emulator.host, "SECRET_MANAGER_HOST": keyed.host,
        "BACKEND_URL": f"{here}:{port}", "ADDON_CLIENT_IDS": "addon",
        "GOOGLE_CERTS_URL": f"{here}:1/certs", "GOOGLE_ISSUER": f"{here}:1",
        "INTUIT_DISCOVERY_URL": f"{here}:1/discovery", "INTUIT_API_URL": f"{here}:1",
        "INTUIT_CLIENT_ID": "client", "INTUIT_CLIENT_SECRET": "secret",
    }  # fmt: skip
    served = subprocess.Popen(
        [sys.executable, "-m", "functions_framework", "--target", "home",
         "--source", str(ROOT / "functions/main.py"), "--host", "127.0.0.1", "--port", str(port)],
        env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        answer = _answer(f"{here}:{port}/")
    finally:
        os.killpg(served.pid, signal.SIGTERM)
        served.wait(30)
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "unauthorized"
    assert [method for method, _ in keyed.calls].count("AccessSecretVersion") == 2


def _answer(url: str) -> requests.Response:
    until = time.monotonic() + 60
    while True:
        try:
            return requests.post(url, json={}, timeout=30)
        except requests.ConnectionError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
