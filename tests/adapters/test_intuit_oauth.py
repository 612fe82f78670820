"""Intuit's authorization server, as the sandbox plays it and as it has been seen to misbehave."""

from __future__ import annotations

import base64
import logging
import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from counterfoil.adapters.intuit_oauth import IntuitOAuth
from counterfoil.core.errors import QuickBooksBusy, QuickBooksRejected, SettingsError
from counterfoil.core.tokens import GrantRefused, token_answer
from sandbox.intuit.server import IntuitSandbox
from sandbox.intuit.tokens import Consent, Standing
from tests.sandbox.small_books import ACME, SmallBooks

REDIRECT = "http://127.0.0.1:8080/oauth_callback"
SECRET = "client-secret-canary"


@pytest.fixture
def sandbox() -> Iterator[IntuitSandbox]:
    with IntuitSandbox(books=SmallBooks()) as running:
        yield running


def client(sandbox: IntuitSandbox, **other: Any) -> IntuitOAuth:
    given = {
        "discovery_url": sandbox.discovery_url,
        "client_id": sandbox.client_id,
        "client_secret": sandbox.client_secret,
        "redirect_uri": REDIRECT,
        "now": sandbox.clock,
    }
    return IntuitOAuth(**{**given, **other})


def a_code(sandbox: IntuitSandbox) -> str:
    dana = sandbox.people.find("dana")
    assert dana is not None
    scopes = ("com.intuit.quickbooks.accounting", "openid")
    return sandbox.tokens.code(Consent(sandbox.client_id, dana.sub, ACME, scopes), REDIRECT)


def test_the_authorization_url_asks_for_everything_once(sandbox: IntuitSandbox) -> None:
    url = client(sandbox).authorization_url("the state")
    assert url.startswith(f"{sandbox.url}/connect/oauth2?")
    assert parse_qs(urlsplit(url).query) == {
        "response_type": ["code"],
        "client_id": [sandbox.client_id],
        "redirect_uri": [REDIRECT],
        "scope": ["com.intuit.quickbooks.accounting openid"],
        "state": ["the state"],
    }
    assert requests.get(url, allow_redirects=False, timeout=5).status_code == 200


def test_a_code_becomes_a_pair_and_a_person(sandbox: IntuitSandbox) -> None:
    intuit = client(sandbox)
    raw = intuit.exchange(a_code(sandbox))
    pair = token_answer(raw, sandbox.clock())
    assert sandbox.tokens.standing(pair.access)[0] is Standing.FRESH
    assert pair.refresh
    assert pair.refresh_expires
    assert pair.hard_expires
    assert (pair.hard_expires - sandbox.clock()).days >= 1824
    dana = sandbox.people.find("dana")
    assert dana is not None
    assert intuit.subject(raw) == dana.sub


def test_a_refresh_token_becomes_a_pair(sandbox: IntuitSandbox) -> None:
    issued = sandbox.grant(ACME)
    raw = client(sandbox).refresh(issued.refresh)
    assert sandbox.tokens.standing(raw["access_token"])[0] is Standing.FRESH
    assert raw["x_refresh_token_hard_expires_in"] == 157_680_000


def test_a_revoked_grant_is_over_and_revoking_it_again_is_fine(sandbox: IntuitSandbox) -> None:
    issued, intuit = sandbox.grant(ACME), client(sandbox)
    intuit.revoke(issued.refresh)
    intuit.revoke(issued.refresh)
    assert sandbox.tokens.standing(issued.access)[0] is Standing.ENDED
    with pytest.raises(GrantRefused):
        intuit.refresh(issued.refresh)


@pytest.mark.parametrize("code", ["made up", "used"])
def test_a_code_that_is_no_good_is_refused(sandbox: IntuitSandbox, code: str) -> None:
    intuit = client(sandbox)
    if code == "used":
        code = a_code(sandbox)
        intuit.exchange(code)
    with pytest.raises(GrantRefused):
        intuit.exchange(code)


def test_without_the_client_secret_people_are_sent_to_intuit_and_no_token_is_asked_for(
    sandbox: IntuitSandbox,
) -> None:
    intuit = client(sandbox, client_secret="")
    assert intuit.authorization_url("s").startswith(f"{sandbox.url}/connect/oauth2?")
    for ask in (intuit.exchange, intuit.refresh, intuit.revoke):
        with pytest.raises(SettingsError) as refused:
            ask("a-token-or-code")
        assert refused.value.settings == ["INTUIT_CLIENT_SECRET", "COUNTERFOIL_TOKENS"]
    assert sandbox.calls.all("/tokens/") == []


def test_a_wrong_client_secret_is_ours_to_mend(sandbox: IntuitSandbox) -> None:
    intuit = client(sandbox, client_secret=SECRET)
    with pytest.raises(QuickBooksRejected) as refused:
        intuit.refresh(sandbox.grant(ACME).refresh)
    assert "Intuit keys" in refused.value.message
    assert refused.value.details["intuit_tid"]
    with pytest.raises(QuickBooksBusy):
        intuit.revoke("x")


@pytest.mark.parametrize(
    "kind", ["drop", "drop_before", "html", "500", "503", "throttle", "gateway_504"]
)
def test_trouble_is_ambiguous_and_is_not_repeated(sandbox: IntuitSandbox, kind: str) -> None:
    issued = sandbox.grant(ACME)
    sandbox.inject(kind, path="/tokens/bearer")
    with pytest.raises(QuickBooksBusy):
        client(sandbox).refresh(issued.refresh)
    assert len(sandbox.calls.all("/tokens/bearer")) == 1


def test_the_discovery_document_is_fetched_once(sandbox: IntuitSandbox) -> None:
    intuit = client(sandbox)
    for _ in range(3):
        intuit.authorization_url("s")
        intuit.refresh(sandbox.grant(ACME).refresh)
    assert len(sandbox.calls.all("/.well-known/")) == 1


def test_a_discovery_document_that_cannot_be_had_is_asked_for_again(
    sandbox: IntuitSandbox,
) -> None:
    intuit = client(sandbox)
    for kind in ("503", "html", "drop"):
        sandbox.inject(kind, path="/.well-known/")
        with pytest.raises(QuickBooksBusy):
            intuit.authorization_url("s")
    assert intuit.authorization_url("s")


def test_plain_http_on_loopback_needs_no_switch_for_the_whole_process(
    sandbox: IntuitSandbox,
) -> None:
    client(sandbox).exchange(a_code(sandbox))
    assert "OAUTHLIB_INSECURE_TRANSPORT" not in os.environ


def test_no_proxy_of_the_environment_comes_in_between(
    sandbox: IntuitSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # nobody listens there
    intuit, issued = client(sandbox), sandbox.grant(ACME)
    intuit.exchange(a_code(sandbox))
    intuit.refresh(issued.refresh)
    intuit.revoke(issued.refresh)


def test_no_token_code_or_secret_is_logged_at_debug(
    sandbox: IntuitSandbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    # As wiring does.
    for name in ("requests_oauthlib", "oauthlib"):
        caplog.set_level(logging.INFO, logger=name)
    intuit = client(sandbox)
    pair = intuit.exchange(a_code(sandbox))
    sandbox.clock.advance(timedelta(days=2))
    intuit.refresh(pair["refresh_token"])
    with pytest.raises(GrantRefused):
        intuit.refresh(pair["refresh_token"])
    sandbox.inject("drop", path="/tokens/bearer")
    with pytest.raises(QuickBooksBusy):
        intuit.refresh(pair["refresh_token"])
    intuit.revoke(pair["refresh_token"])
    logged = "\n".join(repr(record.__dict__) for record in caplog.records)
    assert "intuit_tid" in logged
    assert sandbox.client_secret not in logged
    assert base64.b64encode(sandbox.client_secret.encode()).decode()[:20] not in logged
    for token in (*sandbox.tokens.given(), pair["id_token"]):
        assert token not in logged
