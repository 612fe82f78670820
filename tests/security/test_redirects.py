"""Nobody whom the backend asks can send it elsewhere: a redirect is an answer, and never followed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

import google.auth
import pytest
import requests
from google.auth import iam
from google.auth.compute_engine import _metadata
from google.oauth2.credentials import Credentials

from counterfoil.adapters.google_identity import GoogleIdentity
from counterfoil.adapters.intuit_endpoints import IntuitEndpoints
from counterfoil.adapters.intuit_oauth import IntuitOAuth
from counterfoil.adapters.quickbooks_api import QuickBooksApi
from counterfoil.adapters.sheets_client import SheetDesks
from counterfoil.adapters.token_service import MetadataIdToken, TokenService
from counterfoil.core.errors import AppError
from sandbox.google.identity import CLIENT_ID, ISSUER, IdentityProvider
from sandbox.http import Server


class Elsewhere:
    """Answers each request with a redirect to a second server, which notes who comes."""

    def __init__(self) -> None:
        self.visits: list[str] = []
        self.asked: list[str] = []
        self._trap = Server(self._caught)
        self.trap_url = self._trap.start()
        self._server = Server(self._sent_on)
        self.url = self._server.start()
        self.good: dict[str, bytes] = {}

    def _caught(self, environ: Any, start: Any) -> list[bytes]:
        self.visits.append(environ["PATH_INFO"])
        start("200 OK", [("Content-Type", "application/json"), ("Content-Length", "2")])
        return [b"{}"]

    def _sent_on(self, environ: Any, start: Any) -> list[bytes]:
        path = environ["PATH_INFO"]
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        if path in self.good:
            body = self.good[path]
            start("200 OK", [("Content-Length", str(len(body)))])
            return [body]
        self.asked.append(path)
        start("308 Go", [("Location", self.trap_url + path), ("Content-Length", "0")])
        return []

    def stop(self) -> None:
        self._server.stop()
        self._trap.stop()


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    servers = Elsewhere()
    yield servers
    servers.stop()


def certificates(at: Elsewhere) -> None:
    GoogleIdentity(
        audiences=[CLIENT_ID],
        issuers=[ISSUER],
        certs_url=f"{at.url}/certs",
        session=requests.Session(),
        now=lambda: datetime.now(UTC),
    ).user(f"Bearer {IdentityProvider().mint()}")


def discovery(at: Elsewhere) -> None:
    IntuitEndpoints(f"{at.url}/discovery")()


def _oauth(at: Elsewhere) -> IntuitOAuth:
    at.good["/discovery"] = (
        f'{{"issuer": "{at.url}", "authorization_endpoint": "{at.url}/a",'
        f'"token_endpoint": "{at.url}/token", "revocation_endpoint": "{at.url}/revoke"}}'
    ).encode()
    return IntuitOAuth(
        discovery_url=f"{at.url}/discovery",
        client_id="id",
        client_secret="secret",
        redirect_uri="http://127.0.0.1/oauth_callback",
        now=lambda: datetime.now(UTC),
    )


def refresh(at: Elsewhere) -> None:
    _oauth(at).refresh("refresh-token")


def exchange(at: Elsewhere) -> None:
    _oauth(at).exchange("code")


def revoke(at: Elsewhere) -> None:
    _oauth(at).revoke("refresh-token")


def quickbooks(at: Elsewhere) -> None:
    company = QuickBooksApi(at.url, clock=lambda: datetime.now(UTC)).company(
        "9130347596842384", lambda: "access-token", lambda token: token
    )
    company.company_info()


def token_service(at: Elsewhere) -> None:
    TokenService(
        f"{at.url}/token_refresh", id_token=lambda: "id-token", session=requests.Session()
    ).refresh("con_x", past=None)


class _Open:
    def admit(self, account: str, *, writes: bool) -> None:
        """Whenever it likes."""


def sheets(at: Elsewhere) -> None:
    desks = SheetDesks(["sheets@example.com"], _Open(), url=at.url, retries=0)
    with desks.open("sheets@example.com", "spreadsheet") as desk:
        desk.erased("nonce")


def borrowed(at: Elsewhere) -> None:
    """Our own token goes to Google for the writing account's, on the Sheets client's line."""
    ours = Credentials(token="our-token"), "a-project"
    with (
        patch.object(google.auth, "default", return_value=ours),
        patch.object(iam, "_IAM_ENDPOINT", f"{at.url}/{{}}:generateAccessToken"),
    ):
        desks = SheetDesks(["sheets@example.com"], _Open(), retries=0)
        with desks.open("sheets@example.com", "spreadsheet") as desk:
            desk.erased("nonce")


def id_token(at: Elsewhere) -> None:
    with patch.object(_metadata, "_GCE_METADATA_HOST", at.url.removeprefix("http://")):
        MetadataIdToken("https://backend.example/token_refresh")()


@pytest.mark.parametrize(
    "ask",
    [
        certificates,
        discovery,
        refresh,
        exchange,
        revoke,
        quickbooks,
        token_service,
        sheets,
        borrowed,
        id_token,
    ],
)
def test_a_redirect_takes_no_token_elsewhere(
    elsewhere: Elsewhere, ask: Callable[[Elsewhere], None]
) -> None:
    with pytest.raises(AppError):
        ask(elsewhere)
    assert len(elsewhere.asked) >= 1  # it was asked, and its answer was a refusal
    assert elsewhere.visits == []


def test_no_proxy_of_the_environment_comes_between_us_and_the_sheets(
    elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, elsewhere.trap_url)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with pytest.raises(AppError):
        sheets(elsewhere)
    assert elsewhere.asked == ["/v4/spreadsheets/spreadsheet/developerMetadata:search"]
    assert elsewhere.visits == []


def test_the_trap_catches_who_follows(elsewhere: Elsewhere) -> None:
    assert requests.get(f"{elsewhere.url}/x", timeout=5).ok
    assert elsewhere.visits == ["/x"]
