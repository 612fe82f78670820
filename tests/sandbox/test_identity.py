"""The identity provider, judged by google-auth itself."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
import requests
from google.auth.exceptions import MalformedError
from google.auth.transport.requests import Request
from google.oauth2 import id_token

from sandbox.google.identity import CLIENT_ID, PEOPLE, IdentityProvider
from sandbox.google.server import GoogleSandbox

Verify = Callable[[str], Mapping[str, Any]]


@pytest.fixture(scope="module")
def google() -> Iterator[GoogleSandbox]:
    with GoogleSandbox() as sandbox:
        yield sandbox


@pytest.fixture
def verify(google: GoogleSandbox) -> Iterator[Verify]:
    with requests.Session() as session:
        transport = Request(session=session)

        def verified(token: str) -> Mapping[str, Any]:
            claims: Mapping[str, Any] = id_token.verify_token(
                token,
                transport,
                audience=CLIENT_ID,
                certs_url=f"{google.url}/oauth2/v1/certs",
                clock_skew_in_seconds=10,
            )
            return claims

        yield verified


def test_a_token_is_verified_by_google_auth(google: GoogleSandbox, verify: Verify) -> None:
    claims = verify(google.identity.mint("ana@example.com"))
    assert claims["iss"] == google.identity.issuer == google.url
    assert claims["sub"] == PEOPLE["ana@example.com"].sub
    assert (claims["email"], claims["email_verified"]) == ("ana@example.com", True)
    assert claims["exp"] - claims["iat"] == 3600


def test_everybody_has_a_sub_of_their_own(google: GoogleSandbox, verify: Verify) -> None:
    people = ("ana@example.com", "ben@example.com", "eve@example.com", "eva@example.com")
    subs = [verify(google.identity.mint(who))["sub"] for who in people]
    assert len(set(subs)) == 4
    assert verify(google.identity.mint("eve@example.com"))["sub"] == subs[2]


def unsigned(token: str) -> str:
    head = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "JWT"}).encode())
    return head.rstrip(b"=").decode() + "." + token.split(".")[1] + "."


def tampered(token: str) -> str:
    head, payload, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    claims["email"] = "eve@example.com"
    return f"{head}.{base64.urlsafe_b64encode(json.dumps(claims).encode()).decode()}.{signature}"


@pytest.mark.parametrize(
    "spoilt",
    [
        pytest.param(lambda mint: mint(aud="another-client"), id="wrong audience"),
        pytest.param(lambda mint: mint(exp=int(time.time()) - 60), id="expired"),
        pytest.param(lambda mint: mint(iat=int(time.time()) + 60), id="of the future"),
        pytest.param(lambda mint: mint(exp=None), id="without an end"),
        pytest.param(lambda mint: unsigned(mint()), id="unsigned"),
        pytest.param(lambda mint: tampered(mint()), id="tampered with"),
        pytest.param(lambda mint: IdentityProvider().mint(), id="signed by another"),
        pytest.param(lambda mint: "rubbish", id="no token"),
    ],
)
def test_google_auth_refuses_a_token_that_is(
    google: GoogleSandbox, verify: Verify, spoilt: Callable[..., str]
) -> None:
    with pytest.raises(ValueError, match=r"."):
        verify(spoilt(google.identity.mint))


def test_claims_can_be_changed_and_left_out(google: GoogleSandbox, verify: Verify) -> None:
    claims = verify(google.identity.mint(email_verified=False, hd=None, iss="https://evil.example"))
    assert claims["email_verified"] is False
    assert "hd" not in claims
    assert claims["iss"] == "https://evil.example"  # verify_token leaves the issuer to its caller


def test_keys_rotate_and_old_ones_can_be_withdrawn(google: GoogleSandbox, verify: Verify) -> None:
    old = google.identity.mint()
    google.identity.rotate()
    new = google.identity.mint()
    assert verify(old)["sub"] == verify(new)["sub"]
    google.identity.rotate(forget=True)
    with pytest.raises(MalformedError):
        verify(old)
    assert verify(google.identity.mint())


def test_certificates_may_be_kept_for_an_hour(google: GoogleSandbox) -> None:
    answer = requests.get(f"{google.url}/oauth2/v1/certs", timeout=5)
    assert "max-age=3600" in answer.headers["Cache-Control"]
    assert all(pem.startswith("-----BEGIN CERTIFICATE-----") for pem in answer.json().values())


def test_the_page_can_mint_for_a_person(google: GoogleSandbox, verify: Verify) -> None:
    asked = {"email": "ben@example.com", "claims": {"hd": None}}
    answer = requests.post(f"{google.url}/identity/token", json=asked, timeout=5)
    claims = verify(answer.json()["id_token"])
    assert claims["email"] == "ben@example.com"
    assert "hd" not in claims


def test_other_applications_are_mounted_by_their_prefix() -> None:
    def hello(environ: Any, start: Any) -> list[bytes]:
        start("200 OK", [("Content-Type", "text/plain")])
        return [environ["PATH_INFO"].encode()]

    with GoogleSandbox(extra_apps={"/apps-script": hello}) as sandbox:
        mounted = requests.get(f"{sandbox.url}/apps-script/run", timeout=5)
        assert (mounted.status_code, mounted.text) == (200, "/apps-script/run")
        assert requests.get(f"{sandbox.url}/apps-scripts", timeout=5).status_code == 404
        sandbox.mount("/", hello)
        assert requests.get(f"{sandbox.url}/anything", timeout=5).text == "/anything"
        assert requests.get(f"{sandbox.url}/oauth2/v1/certs", timeout=5).json()
