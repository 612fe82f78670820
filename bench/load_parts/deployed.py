"""`export` and `token_refresh` as they are deployed: functions-framework under gunicorn, several
instances of the one, one of the other, one store.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import pathlib
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.load_parts.metadata import ACCOUNT
from counterfoil import wiring
from counterfoil.adapters.sealer import AesSealer
from counterfoil.adapters.secret_manager_secrets import SecretManagerSecrets, client
from counterfoil.core.connecting import CompanyFacts
from counterfoil.core.people import User
from counterfoil.core.tokens import TokenAnswer
from counterfoil.flows.grants import Grants
from counterfoil.flows.joining import Consent, Joining
from counterfoil.settings import CloudStores
from sandbox.google.identity import stranger

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOORS = {"export": "/steps", "token_refresh": "/"}  # an address of each
START_S = 120
COSTS = ("calls", "reads", "writes", "secrets", "store_ms")


def _threads() -> dict[str, int]:
    """By function as many as Cloud Run sends it requests at once."""
    lines = (ROOT / "deploy/functions.tsv").read_text().splitlines()
    name, concurrency = 0, 4  # columns
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return {row[name]: int(row[concurrency]) for row in rows}


THREADS = _threads()


@dataclass(frozen=True)
class Deployed:
    """Addresses of the instances of `export`; where all write their logs; their processes."""

    urls: tuple[str, ...]
    logs: tuple[pathlib.Path, ...]
    processes: tuple[int, ...]

    def lines(self) -> Iterator[dict[str, Any]]:
        for log in self.logs:
            for line in log.read_text().splitlines():
                if line.startswith("{"):
                    yield json.loads(line)

    def costs(self, runs: Sequence[str]) -> dict[str, float]:
        """What one export of these costs, steps together: medians."""
        spent: dict[str, Counter[str]] = {run: Counter() for run in runs if run}
        for line in self.lines():
            if line["message"] == "request" and line.get("run") in spent:
                spent[line["run"]].update({name: line.get(name, 0) for name in COSTS})
        return {name: statistics.median(each[name] for each in spent.values()) for name in COSTS}

    def refused(self, runs: Sequence[str]) -> int:
        """Calls of QuickBooks in these runs that did not go well: faults, throttles, no answer."""
        return sum(
            line["message"] == "quickbooks" and line.get("run") in runs and bool(line["fault"])
            for line in self.lines()
        )

    def asked_for_tokens(self) -> int:
        """How often an instance of `export` asked `token_refresh`, and was answered well."""
        return sum(
            line["message"] == "token service" and line["status"] == 200 for line in self.lines()
        )

    def waited_ms(self) -> Mapping[str, int]:
        """By run: how long its calls of QuickBooks took, one after the other."""
        waited: Counter[str] = Counter()
        for line in self.lines():
            if line["message"] == "quickbooks" and "run" in line:
                waited[line["run"]] += line["duration_ms"]
        return waited


@dataclass(frozen=True)
class _Instance:
    name: str  # of its function
    url: str
    log: pathlib.Path
    process: int


@contextmanager
def deployed(
    outside: Mapping[str, Any], stores: CloudStores, instances: int, folder: pathlib.Path
) -> Iterator[Deployed]:
    """Each instance is a process with as many threads as Cloud Run sends it requests."""
    ports = {_free_port(): "export" for _ in range(instances)}
    refresher = _free_port()
    env = {
        **os.environ,
        **_settings(outside, stores),
        "TOKEN_SERVICE_URL": f"http://127.0.0.1:{refresher}",
    }
    with contextlib.ExitStack() as ending:
        started = [
            _started(name, port, env, folder, ending)
            for port, name in {refresher: "token_refresh", **ports}.items()
        ]
        for each in started:
            _wait_for(each.url + DOORS[each.name])
        yield Deployed(
            tuple(each.url for each in started if each.name == "export"),
            tuple(each.log for each in started),
            tuple(each.process for each in started),
        )


def _started(
    name: str,
    port: int,
    env: Mapping[str, str],
    folder: pathlib.Path,
    ending: contextlib.ExitStack,
) -> _Instance:
    log = folder / f"{name}-{port}.log"
    out = ending.enter_context(log.open("wb"))
    served = subprocess.Popen(
        [sys.executable, "-m", "functions_framework", "--target", name,
         "--source", str(ROOT / "functions/main.py"), "--host", "127.0.0.1", "--port", str(port)],
        env={**env, "THREADS": str(THREADS[name])}, stdout=out, stderr=out, start_new_session=True,
    )  # fmt: skip
    ending.callback(_ended, served)
    return _Instance(name, f"http://127.0.0.1:{port}", log, served.pid)


def connected(
    outside: Mapping[str, Any], stores: CloudStores, *, expired: bool
) -> dict[str, Mapping[str, Any]]:
    """By the id of its connection each company outside, with its `owner`; with `expired`, their
    access tokens are over.
    """
    secrets = SecretManagerSecrets(stores.project, lambda: client(stores.secret_manager_host))
    secrets.add("key", base64.b64encode(b"k" * 32))
    made = wiring.made_stores(stores)
    grants = Grants(made.records, made.secrets, AesSealer(*made.keys, purpose="access tokens"))
    now = datetime.now(UTC)
    found = {}
    for company in outside["companies"]:
        life = timedelta(seconds=-1 if expired else company["expires_in"])
        token = TokenAnswer(
            company["access_token"], company["refresh_token"], now + life,
            now + timedelta(days=90), None,
        )  # fmt: skip
        facts = CompanyFacts(f"Company {company['realm_id'][-4:]}", "US", "USD", 1)
        owner = f"owner-{company['realm_id']}@example.com"
        user = User(stranger(owner).sub, owner)
        consent = Consent(user, company["realm_id"], "intuit-dana", token, facts, now)
        id = Joining(made.records, grants, lambda: now, lambda label: None).join(consent)
        found[id] = {**company, "owner": owner}
    secrets.close()
    return found


def _settings(outside: Mapping[str, Any], stores: CloudStores) -> dict[str, str]:
    google = outside["google"]
    return {
        "PYTHONPATH": f"{ROOT / 'functions'}{os.pathsep}{ROOT}",
        "COUNTERFOIL_WORLD": "sandbox",
        "COUNTERFOIL_STORES": "cloud",
        "COUNTERFOIL_PROJECT": stores.project,
        "COUNTERFOIL_KEY_VERSIONS": ",".join(stores.key_versions),
        "COUNTERFOIL_REQUESTS_PER_MINUTE": "100000",
        "FIRESTORE_EMULATOR_HOST": stores.firestore_host,
        "SECRET_MANAGER_HOST": stores.secret_manager_host,
        "GCE_METADATA_HOST": outside["metadata_host"],
        "SERVICE_ACCOUNTS": ACCOUNT,
        "BACKEND_URL": "http://127.0.0.1:1",
        "ADDON_CLIENT_IDS": google["client_id"],
        "GOOGLE_CERTS_URL": google["certs_url"],
        "GOOGLE_ISSUER": google["issuer"],
        "INTUIT_DISCOVERY_URL": outside["discovery_url"],
        "INTUIT_API_URL": outside["api_url"],
        "INTUIT_CLIENT_ID": outside["client_id"],
        "INTUIT_CLIENT_SECRET": outside["client_secret"],
    }


def _wait_for(url: str) -> None:
    """Until it refuses somebody without a name: then its stores are made."""
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        request = urllib.request.Request(url, b"{}")  # noqa: S310 - loopback
        with contextlib.suppress(OSError):
            try:
                urllib.request.urlopen(request, timeout=30)  # noqa: S310
            except urllib.error.HTTPError as error:
                if error.code == 401:
                    return
        time.sleep(0.1)
    raise RuntimeError(f"{url} did not start")


def _ended(served: subprocess.Popen[bytes]) -> None:
    os.killpg(served.pid, signal.SIGTERM)
    try:
        served.wait(30)
    except subprocess.TimeoutExpired:
        os.killpg(served.pid, signal.SIGKILL)
        served.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
