"""On one machine: after an erasing and the next tick not a byte of the person is in any file, neither
in a page that is free now nor in the log from which pages are written.
"""

from __future__ import annotations

import pathlib
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from counterfoil import wiring
from counterfoil.core.connecting import Outcome
from counterfoil.core.people import Role, User
from counterfoil.settings import Settings
from counterfoil.web.services import Services
from sandbox.intuit.generator import GeneratedBooks
from sandbox.intuit.server import IntuitSandbox
from tests.flows.world import SHEET
from tests.sandbox import consent_form
from tests.test_settings import SANDBOX

REALM = "9130347596842110"
ERIKA, OTTO = User("104729104729", "erika@example.com"), User("130363130363", "otto@example.com")


@dataclass
class Machine:
    data: pathlib.Path
    intuit: IntuitSandbox
    services: Services

    def connected(self, user: User) -> str:
        ticket = self.services.connect.ticket(user, SHEET)
        url, browser = self.services.connect.consume(ticket.url_token)
        back = consent_form.agree(url, REALM)
        outcome = self.services.connect.finish(
            state=back["state"], browser_secret=browser, code=back["code"],
            realm_id=back["realmId"], error="",
        )  # fmt: skip
        assert outcome is Outcome.CONNECTED
        shown = self.services.connect.attempt(user, ticket.attempt).connection
        assert shown is not None
        return shown.id

    def bytes(self) -> bytes:
        files = sorted(self.data.iterdir())
        assert {"records.sqlite", "secrets.sqlite"} <= {file.name for file in files}
        return b"".join(file.read_bytes() for file in files)


@pytest.fixture
def machine(tmp_path: pathlib.Path) -> Iterator[Machine]:
    with IntuitSandbox(books=GeneratedBooks(REALM, "Acme", invoices=3)) as intuit:
        env = SANDBOX | {
            "COUNTERFOIL_DATA": str(tmp_path / "stores"),
            "INTUIT_DISCOVERY_URL": intuit.discovery_url,
            "INTUIT_API_URL": intuit.url,
            "INTUIT_CLIENT_ID": intuit.client_id,
            "INTUIT_CLIENT_SECRET": intuit.client_secret,
        }
        services = wiring.made(Settings.from_env(env), intuit.clock)
        yield Machine(tmp_path / "stores", intuit, services)


@pytest.mark.parametrize("alone", [True, False], ids=["alone", "beside Otto"])
def test_no_byte_of_who_was_erased_is_left_after_the_next_tick(
    machine: Machine, alone: bool
) -> None:
    services = machine.services
    company = machine.connected(ERIKA)
    [line] = machine.intuit.tokens.lines()
    if not alone:
        made = services.invitations.invite(ERIKA, company, OTTO.email, Role.OWNER)
        services.invitations.accept(OTTO, made.id)
    services.connect.ticket(ERIKA, SHEET)
    traces = {ERIKA.sub, ERIKA.email, line.consent.sub} | ({company} if alone else set())

    def found() -> set[str]:
        kept = machine.bytes()
        return {trace for trace in traces if trace.encode() in kept}

    assert found() == traces
    assert services.erasing.erase(ERIKA)["left"] == 0
    services.upkeep.tick()
    assert found() == set()
    assert line.ended
    assert len(services.connections.of(OTTO)) == (not alone)
