"""A company's whole life over the cloud's stores: connected, exported, rotated, paused, erased."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from counterfoil import catalog, wiring
from counterfoil.core.connecting import Outcome
from counterfoil.core.errors import ConnectionPaused
from counterfoil.core.grants import Grant
from counterfoil.core.people import Sheet, User
from counterfoil.flows.leaving import What
from counterfoil.flows.steps import Step
from counterfoil.settings import Settings
from counterfoil.web.services import Services
from sandbox.intuit.generator import GeneratedBooks
from sandbox.intuit.server import IntuitSandbox
from tests.firestore_emulator import FirestoreEmulator, new_project
from tests.sandbox import consent_form
from tests.secret_manager import SecretManager
from tests.test_settings import IN_THE_CLOUD

REALM, ROWS = "9130347596842110", 1_300
ANA = User("1001", "ana@example.com")
SHEET = Sheet("sheet-1", hashlib.sha256(b"key").hexdigest(), "America/New_York", "en_US")


@dataclass
class Cloud:
    intuit: IntuitSandbox
    services: Services
    secret_manager: SecretManager
    emulator: FirestoreEmulator
    project: str

    def connected(self) -> str:
        ticket = self.services.connect.ticket(ANA, SHEET)
        url, browser = self.services.connect.consume(ticket.url_token)
        back = consent_form.agree(url, REALM)
        outcome = self.services.connect.finish(
            state=back["state"],
            browser_secret=browser,
            code=back["code"],
            realm_id=back["realmId"],
            error="",
        )
        assert outcome is Outcome.CONNECTED
        shown = self.services.connect.attempt(ANA, ticket.attempt).connection
        assert shown is not None
        return shown.id

    def exported(self, connection_id: str) -> Step:
        """The last step of a run that was written and acknowledged."""
        exports = self.services.exports
        step = exports.start(
            ANA,
            SHEET,
            connection_id=connection_id,
            dataset=catalog.entity("invoices"),
            options={"columns": None},
            tab=None,
        )
        while step.cursor is not None:
            step = exports.resume(ANA, SHEET, step.cursor)
        exports.acknowledge(ANA, SHEET, step.run_id, applied=True, rows_seen=step.rows)
        return step

    def grant(self) -> Grant:
        records = self.emulator.records(self.project)
        [held] = records.find("grants", {}, limit=9)
        records.close()
        return Grant.of(held.data)

    def everything(self) -> dict[str, int]:
        """How many records there are, by collection; those that expire and count on left out."""
        records = self.emulator.records(self.project)
        found = {
            name: len(records.find(name, {}, limit=99))
            for name in (
                "connections", "members", "grants", "exporters", "runs", "realms", "storing",
                "tickets", "states", "attempts", "envelopes",
            )
        }  # fmt: skip
        records.close()
        return {name: count for name, count in found.items() if count}


@pytest.fixture(params=["secret manager", "envelopes"])
def cloud(
    request: pytest.FixtureRequest,
    firestore_emulator: FirestoreEmulator,
    secret_manager: SecretManager,
) -> Iterator[Cloud]:
    keys = secret_manager.secrets()
    keys.add("key", base64.b64encode(b"k" * 32))
    keys.close()
    project = new_project()
    with IntuitSandbox(books=GeneratedBooks(REALM, "Acme", invoices=ROWS)) as intuit:
        env = IN_THE_CLOUD | {
            "COUNTERFOIL_PROJECT": project,
            "FIRESTORE_EMULATOR_HOST": firestore_emulator.host,
            "SECRET_MANAGER_HOST": secret_manager.host,
            "INTUIT_DISCOVERY_URL": intuit.discovery_url,
            "INTUIT_API_URL": intuit.url,
            "INTUIT_CLIENT_ID": intuit.client_id,
            "INTUIT_CLIENT_SECRET": intuit.client_secret,
        }
        if request.param == "envelopes":
            env["COUNTERFOIL_SECRETS"] = "envelopes"
        services = wiring.made(Settings.from_env(env), intuit.clock)
        yield Cloud(intuit, services, secret_manager, firestore_emulator, project)


def test_a_company_is_connected_exported_rotated_paused_and_erased(cloud: Cloud) -> None:
    services, clock = cloud.services, cloud.intuit.clock
    company = cloud.connected()
    first = cloud.exported(company)
    assert first.proof is not None
    assert (first.proof.verdict, first.rows) == ("PASS", ROWS)
    before = cloud.grant()
    assert before.refresh_version == "1"

    # A day later the token is over and Intuit gives another refresh token.
    clock.advance(timedelta(days=2))
    assert cloud.exported(company).rows == ROWS
    after = cloud.grant()
    assert (after.refresh_version, after.previous_version) == ("2", "1")
    assert after.generation == before.generation + 1

    # 48 hours later the value before is destroyed, by the tick of a day on which nobody came.
    clock.advance(timedelta(days=3))
    assert services.upkeep.tick().destroyed == 1
    assert cloud.exported(company).rows == ROWS

    services.hints.disconnected(REALM)
    assert services.upkeep.tick().verified == 1
    [shown] = services.connections.of(ANA)
    assert shown.health == "good for 100 days"

    confirm = services.disconnect.preview(ANA, company, What.PAUSE).confirm
    services.disconnect.leave(ANA, company, What.PAUSE, confirm=confirm)
    assert set(cloud.secret_manager.kept) == {"counterfoil-key"}
    with pytest.raises(ConnectionPaused):
        cloud.exported(company)

    assert cloud.connected() == company
    assert cloud.exported(company).rows == ROWS
    assert services.erasing.erase(ANA)["left"] == 0
    assert cloud.everything() == {}
    assert set(cloud.secret_manager.kept) == {"counterfoil-key"}
    assert all(line.ended for line in cloud.intuit.tokens.lines())
