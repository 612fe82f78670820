"""Connecting over the real adapters and the sandbox's consent page."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator
from datetime import timedelta

import pytest

from counterfoil.adapters.intuit_oauth import IntuitOAuth
from counterfoil.adapters.quickbooks_api import Company, QuickBooksApi
from counterfoil.adapters.sealed_secrets import SealedSecrets
from counterfoil.adapters.sealer import AesSealer
from counterfoil.adapters.sqlite_records import SqliteRecords
from counterfoil.core.connecting import AttemptState, Outcome
from counterfoil.core.people import Sheet, User
from counterfoil.flows.connect import Connect
from counterfoil.flows.fresh_tokens import FreshTokens
from sandbox.intuit.server import IntuitSandbox
from tests.sandbox import consent_form

REDIRECT = "http://127.0.0.1:8080/oauth_callback"
ANA, SHEET = User("1001", "ana@example.com"), Sheet("s", "0" * 64, "UTC", "en")
KEY = b"k" * 32


class Backend:
    def __init__(self, folder: pathlib.Path, sandbox: IntuitSandbox) -> None:
        self.sandbox = sandbox
        self.records = SqliteRecords(folder / "records.sqlite")
        stores = {
            "records": self.records,
            "secrets": SealedSecrets(folder / "secrets.sqlite", KEY),
            "sealer": AesSealer(KEY, purpose="access tokens"),
            "intuit": IntuitOAuth(
                discovery_url=sandbox.discovery_url,
                client_id=sandbox.client_id,
                client_secret=sandbox.client_secret,
                redirect_uri=REDIRECT,
                now=sandbox.clock,
            ),
            "now": sandbox.clock,
        }
        self.quickbooks = QuickBooksApi(sandbox.url, clock=sandbox.clock)

        def company(realm_id: str, access: str) -> Company:
            return self.quickbooks.company(realm_id, lambda: access, lambda refused: refused)

        self.connect = Connect(
            **stores,  # type: ignore[arg-type]  # of several kinds
            company_info=lambda realm_id, access: company(realm_id, access).company_info(),
            preferences=lambda realm_id, access: company(realm_id, access).preferences(),
        )
        self.tokens = FreshTokens(**stores)  # type: ignore[arg-type]
        ticket = self.connect.ticket(ANA, SHEET)
        self.attempt = ticket.attempt
        self.url, self.browser = self.connect.consume(ticket.url_token)
        self.acme = sandbox.companies()[0].realm_id

    def finish(self, returned: dict[str, str], **changed: str) -> Outcome:
        values = {
            "state": returned["state"],
            "browser_secret": self.browser,
            "code": returned.get("code", ""),
            "realm_id": returned.get("realmId", ""),
            "error": returned.get("error", ""),
        }
        return self.connect.finish(**values | changed)


@pytest.fixture
def backend(tmp_path: pathlib.Path) -> Iterator[Backend]:
    with IntuitSandbox() as sandbox:
        yield Backend(tmp_path, sandbox)


def test_somebody_agrees_and_the_company_can_be_read(backend: Backend) -> None:
    assert backend.finish(consent_form.agree(backend.url, backend.acme)) is Outcome.CONNECTED
    attempt = backend.connect.attempt(ANA, backend.attempt)
    connection = attempt.connection
    assert connection is not None
    assert attempt.message == f"{connection.name} is connected."
    assert connection.name == backend.sandbox.companies()[0].name
    assert connection.currency == "USD"
    assert connection.health == "good for 100 days"  # 101 days, less the moment that it took

    backend.sandbox.clock.advance(timedelta(days=3))
    read = backend.quickbooks.company(
        connection.realm_id,
        lambda: backend.tokens.for_connection(connection.id),
        lambda refused: backend.tokens.after_refusal(connection.id, refused),
    )
    assert read.company_info()["CompanyName"] == connection.name
    assert backend.sandbox.calls.refreshes() == 1
    # The API refuses a token in the middle of its hour: one more refresh mends it.
    backend.sandbox.inject("expired_token", realm_id=connection.realm_id)
    assert read.preferences()
    assert backend.sandbox.calls.refreshes() == 2
    assert backend.sandbox.calls.writes() == []


def test_somebody_cancels(backend: Backend) -> None:
    choosing = consent_form.press(consent_form.get(backend.url), "person", "dana")
    refused = consent_form.redirected(
        consent_form.press(choosing, "decision", "refuse", realm_id=backend.acme)
    )
    assert backend.finish(refused) is Outcome.REFUSED
    assert backend.connect.attempt(ANA, backend.attempt).state is AttemptState.REFUSED
    assert backend.sandbox.tokens.lines() == []


def test_the_company_in_the_address_is_swapped(backend: Backend) -> None:
    returned = consent_form.agree(backend.url, backend.acme)
    outcome = backend.finish(returned, realm_id="9130347590000000")
    assert outcome is Outcome.UNCONFIRMED
    assert backend.records.find("connections", {}, limit=1) == []
    (line,) = backend.sandbox.tokens.lines()
    assert line.ended


def test_the_person_lost_their_rights_before_coming_back(backend: Backend) -> None:
    returned = consent_form.agree(backend.url, backend.acme)
    backend.sandbox.inject("120", realm_id=backend.acme, times=None)
    assert backend.finish(returned) is Outcome.NOT_ADMIN
    assert backend.records.find("grants", {}, limit=1) == []
    assert all(line.ended for line in backend.sandbox.tokens.lines())
