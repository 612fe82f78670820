"""The whole backend over the cloud's stores: wired, its key changed, and served under gunicorn."""

from __future__ import annotations

import base64
import hashlib
import os
import pathlib
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import requests

from counterfoil import wiring
from counterfoil.adapters.firestore_records import FirestoreRecords
from counterfoil.adapters.sealed_envelopes import SealedEnvelopes
from counterfoil.adapters.sealer import AesSealer
from counterfoil.core.connecting import CompanyFacts
from counterfoil.core.errors import RunInProgress, SettingsError
from counterfoil.core.people import Sheet, User
from counterfoil.core.stores import SealBroken
from counterfoil.core.tokens import TokenAnswer
from counterfoil.flows.budgets import Budgets
from counterfoil.flows.exporter_records import Contents
from counterfoil.flows.exporters import Exporters
from counterfoil.flows.grants import Grants
from counterfoil.flows.joining import Consent, Joining
from counterfoil.flows.run_leases import RunLeases
from counterfoil.settings import CloudStores
from sandbox.google.identity import CLIENT_ID, PEOPLE
from sandbox.google.server import GoogleSandbox
from tests.fakes import NOON, FakeClock, MemorySecrets
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


@contextmanager
def home_under_gunicorn(
    emulator: FirestoreEmulator, stand_in: SecretManager, google: GoogleSandbox, project: str
) -> Iterator[str]:
    """Its URL: `home` as it is deployed, over the cloud's stores, with four threads."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    here = "http://127.0.0.1"
    env = {
        "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "functions"), "THREADS": "4",
        "COUNTERFOIL_WORLD": "sandbox", "COUNTERFOIL_STORES": "cloud",
        "COUNTERFOIL_PROJECT": project, "COUNTERFOIL_KEY_VERSIONS": "2,1",
        "FIRESTORE_EMULATOR_HOST": emulator.host, "SECRET_MANAGER_HOST": stand_in.host,
        "BACKEND_URL": f"{here}:{port}", "ADDON_CLIENT_IDS": CLIENT_ID,
        "GOOGLE_CERTS_URL": f"{google.url}/oauth2/v1/certs", "GOOGLE_ISSUER": google.url,
        "INTUIT_DISCOVERY_URL": f"{here}:1/discovery", "INTUIT_API_URL": f"{here}:1",
        "INTUIT_CLIENT_ID": "client", "INTUIT_CLIENT_SECRET": "secret",
    }  # fmt: skip
    served = subprocess.Popen(
        [sys.executable, "-m", "functions_framework", "--target", "home",
         "--source", str(ROOT / "functions/main.py"), "--host", "127.0.0.1", "--port", str(port)],
        env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        yield f"{here}:{port}/"
    finally:
        os.killpg(served.pid, signal.SIGTERM)
        served.wait(30)


SHEET_KEY = "a" * 64
SPREADSHEET = {"id": "sheet-1", "key": SHEET_KEY, "time_zone": "America/New_York"}


def a_company_with_an_export(records: FirestoreRecords, user: User) -> tuple[str, str]:
    """The ids of a company of that user's, on a consent, and of an export in the spreadsheet."""
    sealer = AesSealer(NEW, OLD, purpose="exports")
    grants = Grants(records, MemorySecrets(), sealer)
    consent = Consent(
        user, "9130347596842110", "intuit-dana",
        TokenAnswer("access", "refresh", NOON, NOON + timedelta(days=90), None),
        CompanyFacts("Acme Landscaping", "US", "USD", 1), NOON,
    )  # fmt: skip
    id = Joining(records, grants, lambda: NOON, lambda label: None).join(consent)
    sheet = Sheet("sheet-1", hashlib.sha256(SHEET_KEY.encode()).hexdigest(), "UTC", "en_US")
    made = Exporters(records, sealer, lambda: NOON).create(
        user, sheet, Contents("entity", "invoices", [id], {}, "Invoices", "Open invoices")
    )
    return id, made.id


def test_the_home_function_shows_a_member_their_companies_under_gunicorn(
    firestore_emulator: FirestoreEmulator, keyed: SecretManager
) -> None:
    project = new_project()
    with (
        GoogleSandbox() as google,
        home_under_gunicorn(firestore_emulator, keyed, google, project) as url,
    ):
        ana = User(PEOPLE["ana@example.com"].sub, "ana@example.com")
        records = firestore_emulator.records(project)
        company, exporter = a_company_with_an_export(records, ana)
        assert _answer(url).json()["error"]["code"] == "unauthorized"

        def home(who: str) -> requests.Response:
            token = {"Authorization": f"Bearer {google.identity.mint(who)}"}
            return requests.post(url, json={"spreadsheet": SPREADSHEET}, headers=token, timeout=30)

        answers = [home("ana@example.com") for _ in range(3)]
        stranger = home("ben@example.com")
    # It opens nothing that is sealed, so it asks for no key.
    assert [method for method, _ in keyed.calls].count("AccessSecretVersion") == 0
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    told = answers[0].json()
    [shown] = told["connections"]
    assert (shown["id"], shown["name"], shown["role"]) == (company, "Acme Landscaping", "owner")
    assert [each["id"] for each in told["exporters"]] == [exporter]
    assert stranger.status_code == 200
    assert (stranger.json()["connections"], stranger.json()["exporters"]) == ([], [])


def test_of_two_runs_at_once_over_firestore_one_has_the_turn(
    firestore_emulator: FirestoreEmulator,
) -> None:
    project, clock = new_project(), FakeClock()
    sheet = Sheet("sheet-1", "0" * 64, "UTC", "en_US")
    people = [User(f"google-{number}", f"{number}@example.com") for number in range(6)]
    here = threading.Barrier(len(people))
    turns: list[tuple[str, int]] = []
    refused: list[str] = []

    def start(user: User) -> None:
        leases = RunLeases(firestore_emulator.records(project), clock)
        here.wait()
        try:
            turn = leases.take("exp_1", f"run-of-{user.sub}", user, sheet, take_over=False)
            turns.append((user.sub, turn.fence))
        except RunInProgress as other:
            refused.append(str(other.details["by"]))

    def all_start() -> None:
        threads = [threading.Thread(target=start, args=(user,)) for user in people]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    all_start()
    [(first, fence)] = turns
    assert fence == 1
    assert refused == [f"{first.removeprefix('google-')}@example.com"] * 5
    leases = RunLeases(firestore_emulator.records(project), clock)
    user = User(first, f"{first.removeprefix('google-')}@example.com")
    leases.renew("exp_1", f"run-of-{first}", user, sheet)
    assert leases.park("exp_1", f"run-of-{first}", clock() + timedelta(hours=1))
    told = leases.alive("exp_1")
    assert told is not None
    assert told["goes_on_at"] == "2026-11-22T13:00:00+00:00"
    # Parked and never taken up again: dead, and the next one drops its stage.
    clock.advance(hours=1, minutes=3)
    turns.clear()
    all_start()
    [(second, fence)] = turns
    assert fence == 2
    leases.release("exp_1", f"run-of-{second}", swept=True)
    assert leases.alive("exp_1") is None
    turn = leases.take("exp_1", "run-3", user, sheet, take_over=False)
    assert (turn.fence, turn.dead) == (3, [])
    leases.clear("exp_1")
    kept = firestore_emulator.records(project).get("leases", "run:exp_1")
    assert kept is not None
    assert set(kept.data) == {"owner", "fence", "expires_at", "stages"}
    leases.forget("exp_1")
    assert leases.take("exp_1", "run-4", user, sheet, take_over=False).fence == 1


def _answer(url: str) -> requests.Response:
    until = time.monotonic() + 60
    while True:
        try:
            return requests.post(url, json={}, timeout=30)
        except requests.ConnectionError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
