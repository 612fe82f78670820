"""Tokens over the embedded stores, real HTTP and real processes; some of them are killed."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import pathlib
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from counterfoil.core.connecting import Outcome
from counterfoil.core.grants import Grant
from counterfoil.core.people import Sheet, User
from counterfoil.flows.connect import Connect
from sandbox.intuit.server import IntuitSandbox
from sandbox.intuit.tokens import Consent, Standing
from tests.firestore_emulator import FirestoreEmulator, new_project
from tests.flows import refresh_worker
from tests.sandbox.small_books import ACME, SmallBooks
from tests.secret_manager import SecretManager

ROOT = pathlib.Path(__file__).resolve().parents[2]
REDIRECT = "http://127.0.0.1:8080/oauth_callback"
ANA, SHEET = User("1001", "ana@example.com"), Sheet("s", "0" * 64, "UTC", "en")


class Machine:
    """A data folder with one connection in it, and processes that want its token."""

    def __init__(self, folder: pathlib.Path, sandbox: IntuitSandbox, **stores: Any) -> None:
        self.sandbox = sandbox
        self.ahead = timedelta(0)
        self.job: dict[str, Any] = {
            "folder": str(folder),
            "ahead_s": 0.0,
            "threads": 1,
            **stores,
            "intuit": {
                "discovery_url": sandbox.discovery_url,
                "client_id": sandbox.client_id,
                "client_secret": sandbox.client_secret,
                "redirect_uri": REDIRECT,
            },
        }
        fresh = refresh_worker.tokens(self.job)
        self.grants, self.records = fresh._grants, fresh._grants._records
        self.job["connection"] = self._connected(fresh)

    def _connected(self, fresh: Any) -> str:
        connect = Connect(
            records=self.records,
            secrets=self.grants._secrets,
            sealer=self.grants._sealer,
            intuit=fresh._intuit,
            company_info=lambda realm_id, access: {"CompanyName": "Acme"},
            preferences=lambda realm_id, access: {},
            now=self.sandbox.clock,
        )
        dana = self.sandbox.people.find("dana")
        assert dana is not None
        consent = Consent(self.sandbox.client_id, dana.sub, ACME, ("openid", "accounting"))
        url, browser = connect.consume(connect.ticket(ANA, SHEET).url_token)
        outcome = connect.finish(
            state=url.rpartition("state=")[2],
            browser_secret=browser,
            code=self.sandbox.tokens.code(consent, REDIRECT),
            realm_id=ACME,
            error="",
        )
        assert outcome is Outcome.CONNECTED
        [connection] = self.records.find("connections", {}, limit=2)
        return connection.id

    def later(self, **by: float) -> None:
        self.ahead += timedelta(**by)
        self.sandbox.clock.advance(timedelta(**by))

    def started(self, **other: Any) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.flows.refresh_worker"],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": f"{ROOT / 'functions'}:{ROOT}"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdin is not None
        job = {**self.job, "ahead_s": self.ahead.total_seconds(), **other}
        process.stdin.write(json.dumps(job) + "\n")
        process.stdin.flush()
        return process

    def run(self, processes: int = 1, **other: Any) -> list[list[str]]:
        """What the threads of each process got, as sha256 or error code; [] for a killed one."""
        started = [self.started(**other) for _ in range(processes)]
        for process in started:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in started:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        said = [process.communicate(timeout=60)[0] for process in started]
        return [json.loads(line) if line else [] for line in said]

    @property
    def grant(self) -> Grant:
        [held] = self.records.find("grants", {}, limit=2)
        return Grant.of(held.data)

    def stored_access(self) -> str:
        access = self.grants.access(self.grant)
        assert access is not None
        assert self.sandbox.tokens.standing(access)[0] is Standing.FRESH
        return hashlib.sha256(access.encode()).hexdigest()

    def stored_refresh_is_good(self) -> bool:
        value = self.grants.refresh_value(self.grant, self.grant.refresh_version)
        return value in {line.refresh for line in self.sandbox.tokens.lines() if not line.ended}


@pytest.fixture
def machine(tmp_path: pathlib.Path) -> Iterator[Machine]:
    with IntuitSandbox(books=SmallBooks()) as sandbox:
        yield Machine(tmp_path, sandbox)


def test_eight_processes_of_sixty_four_threads_refresh_once(machine: Machine) -> None:
    machine.later(days=2)
    machine.sandbox.latency_ms = 700  # Intuit takes its time, so that all of them meet
    got = machine.run(processes=8, threads=64)
    assert [len(each) for each in got] == [64] * 8
    assert {token for each in got for token in each} == {machine.stored_access()}
    asked = machine.sandbox.calls.all("/tokens/bearer")[1:]  # after the exchange
    assert [call.status for call in asked] == [200]
    assert machine.grant.generation == 2
    assert machine.stored_refresh_is_good()


@pytest.mark.parametrize("envelopes", [False, True], ids=["secret manager", "envelopes"])
def test_over_the_clouds_stores_many_processes_refresh_once(
    tmp_path: pathlib.Path,
    firestore_emulator: FirestoreEmulator,
    secret_manager: SecretManager,
    envelopes: bool,
) -> None:
    secrets = secret_manager.secrets()
    secrets.add("key", base64.b64encode(b"k" * 32))
    secrets.close()
    cloud = {
        "project": new_project(), "database": "(default)", "envelopes": envelopes,
        "key_versions": ["1"], "firestore_host": firestore_emulator.host,
        "secret_manager_host": secret_manager.host,
    }  # fmt: skip
    with IntuitSandbox(books=SmallBooks()) as sandbox:
        machine = Machine(tmp_path, sandbox, cloud=cloud)
        machine.later(days=2)
        sandbox.latency_ms = 700
        got = machine.run(processes=3, threads=8)
        assert [len(each) for each in got] == [8] * 3
        assert {token for each in got for token in each} == {machine.stored_access()}
        asked = sandbox.calls.all("/tokens/bearer")[1:]  # after the exchange
        assert [call.status for call in asked] == [200]
        assert machine.grant.generation == 2
        assert machine.stored_refresh_is_good()


KILLS = ["lease_taken", "re_read", "marked", "secret_stored", "grant_stored", "released"]


@pytest.mark.parametrize("dies_after", KILLS)
def test_a_process_killed_at_this_step_costs_no_grant(machine: Machine, dies_after: str) -> None:
    machine.later(days=2)
    assert machine.run(dies_after=dies_after) == [[]]
    machine.later(seconds=151)  # the dead one's lease
    [[token]] = machine.run()
    assert token == machine.stored_access()
    assert machine.stored_refresh_is_good()
    [connection] = machine.records.find("connections", {}, limit=2)
    assert connection.data["state"] == "connected"


def test_killed_within_the_one_window_a_value_with_grace_still_heals(machine: Machine) -> None:
    machine.sandbox.tokens.grace = True
    machine.later(days=2)
    assert machine.run(dies_after="asked") == [[]]
    machine.later(seconds=151)
    [[token]] = machine.run()
    assert token == machine.stored_access()
    assert machine.stored_refresh_is_good()


def test_killed_within_the_one_window_an_unrotated_value_is_whole(machine: Machine) -> None:
    machine.later(hours=2)
    assert machine.run(dies_after="asked") == [[]]
    machine.later(seconds=151)
    [[token]] = machine.run()
    assert token == machine.stored_access()


def test_an_answer_lost_on_the_wire_is_asked_for_once_more_by_the_next(machine: Machine) -> None:
    machine.later(hours=2)
    machine.sandbox.inject("drop", path="/tokens/bearer")
    assert machine.run() == [["quickbooks_busy"]]
    [[token]] = machine.run()
    assert token == machine.stored_access()
    assert len(machine.sandbox.calls.all("/tokens/bearer")) == 3


def test_no_token_is_on_the_disk_in_the_clear(machine: Machine) -> None:
    machine.later(days=2)
    machine.run()
    kept = b"".join(path.read_bytes() for path in pathlib.Path(machine.job["folder"]).iterdir())
    assert machine.job["connection"].encode() in kept
    for secret in machine.sandbox.tokens.given():
        assert secret.encode() not in kept
