"""What Intuit itself would be asked, over a transport that never leaves this process."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import pytest
import requests

from counterfoil.adapters.intuit_oauth import TOKEN_TIMEOUT, IntuitOAuth
from counterfoil.core.errors import QuickBooksBusy
from counterfoil.core.tokens import GrantRefused, NotATokenAnswer, token_answer
from tests.adapters.http_fakes import AskingTransport, answer
from tests.fakes import NOON

SECRET = "client-secret-canary"

PRODUCTION = {
    "issuer": "https://oauth.platform.intuit.com/op/v1",
    "authorization_endpoint": "https://appcenter.intuit.com/connect/oauth2",
    "token_endpoint": "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer",
    "revocation_endpoint": "https://developer.api.intuit.com/v2/oauth2/tokens/revoke",
}
DISCOVERY = "https://developer.api.intuit.com/.well-known/openid_configuration"


def asked(
    reply: Callable[[requests.PreparedRequest], requests.Response],
    document: object = PRODUCTION,
) -> tuple[IntuitOAuth, AskingTransport]:
    def handle(request: requests.PreparedRequest) -> requests.Response:
        return answer(body=document) if request.url == DISCOVERY else reply(request)

    transport = AskingTransport(handle)
    intuit = IntuitOAuth(
        discovery_url=DISCOVERY,
        client_id="app",
        client_secret=SECRET,
        redirect_uri="https://backend.example/oauth_callback",
        now=lambda: NOON,
        transport=lambda: transport,
    )
    return intuit, transport


def test_what_a_refresh_sends() -> None:
    intuit, transport = asked(lambda request: answer(body={"access_token": "a", "expires_in": 1}))
    intuit.refresh("R 1&x")
    request, options = transport.requests[1], transport.options[1]
    assert (request.method, request.url) == ("POST", PRODUCTION["token_endpoint"])
    assert parse_qs(str(request.body)) == {
        "grant_type": ["refresh_token"], "refresh_token": ["R 1&x"],
    }  # fmt: skip
    basic = base64.b64encode(f"app:{SECRET}".encode()).decode()
    assert request.headers["Authorization"] == f"Basic {basic}"
    assert request.headers["Accept"] == "application/json"
    assert request.headers["x-include-refresh-token-hard-expires-in"] == "true"
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert options["timeout"] == TOKEN_TIMEOUT == (5.0, 115.0)
    assert options["verify"] is not False


def test_what_an_exchange_sends() -> None:
    intuit, transport = asked(lambda request: answer(body={"access_token": "a", "expires_in": 1}))
    intuit.exchange("C1")
    request = transport.requests[1]
    assert parse_qs(str(request.body)) == {
        "grant_type": ["authorization_code"],
        "code": ["C1"],
        "redirect_uri": ["https://backend.example/oauth_callback"],
    }
    assert str(request.headers["Authorization"]).startswith("Basic ")
    assert transport.options[1]["timeout"] == TOKEN_TIMEOUT


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("call", ["refresh", "exchange", "revoke"])
def test_no_redirect_takes_a_secret_elsewhere(status: int, call: str) -> None:
    away = {"Location": "https://thief.example/"}
    intuit, transport = asked(lambda request: answer(status, b"", away))
    with pytest.raises(QuickBooksBusy):
        getattr(intuit, call)("secret")
    assert len(transport.requests) == 2


ODD_BUT_GOOD = [
    {"access_token": "a", "refresh_token": "r", "expires_in": 3600, "scope": "another wording"},
    {"access_token": "a", "refresh_token": "r", "expires_in": "an hour"},
    {"access_token": "a", "refresh_token": "r", "expires_in": 3600, "new_in_2027": {"x": [1]}},
    {"access_token": "a", "refresh_token": "r"},
]


@pytest.mark.parametrize("body", ODD_BUT_GOOD)
@pytest.mark.parametrize("call", ["refresh", "exchange"])
def test_a_rotated_token_is_not_lost_over_something_else_in_the_answer(
    body: dict[str, Any], call: str
) -> None:
    intuit, _ = asked(lambda request: answer(body=body))
    pair = token_answer(getattr(intuit, call)("x"), NOON)
    assert (pair.access, pair.refresh) == ("a", "r")


REFUSED = [
    (400, b'{"error":"invalid_grant"}'),
    (400, b'{"error_description":"Incorrect or invalid refresh token","error":"invalid_grant"}'),
    (401, b'{"error":"invalid_grant"}'),
    (200, b'{"error":"invalid_grant"}'),
]
AMBIGUOUS = [
    (200, b""),
    (200, b"null"),
    (200, b"[]"),
    (200, b"<html>"),
    (200, b"{}"),
    (200, b'{"access_token":""}'),
    (200, b'{"refresh_token":"only"}'),
    (200, b"[" * 100_000),
    (400, b"Bad Request"),
    (404, b"{}"),
    (429, b"<xml/>"),
    (500, b'{"error":"invalid_grant"}'),
    (503, b""),
]


@pytest.mark.parametrize(("status", "body"), REFUSED)
def test_invalid_grant_is_a_refusal(status: int, body: bytes) -> None:
    intuit, _ = asked(lambda request: answer(status, body))
    with pytest.raises(GrantRefused):
        intuit.refresh("x")


@pytest.mark.parametrize(("status", "body"), AMBIGUOUS)
def test_anything_else_is_ambiguous(status: int, body: bytes) -> None:
    intuit, _ = asked(lambda request: answer(status, body))
    with pytest.raises(QuickBooksBusy):
        intuit.refresh("x")


@pytest.mark.parametrize(
    "trouble", [requests.ConnectTimeout, requests.ReadTimeout, requests.ConnectionError]
)
def test_no_answer_is_ambiguous(trouble: type[Exception]) -> None:
    def fail(request: requests.PreparedRequest) -> requests.Response:
        raise trouble(f"{request.url} {request.body!r}")

    intuit, _ = asked(fail)
    with pytest.raises(QuickBooksBusy) as error:
        intuit.refresh("canary")
    assert "canary" not in repr(error.value.__dict__)


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("token_endpoint", "https://intuit.com.thief.example/token"),
        ("token_endpoint", "https://thiefintuit.com/token"),
        ("token_endpoint", "http://oauth.platform.intuit.com/oauth2/v1/tokens/bearer"),
        ("token_endpoint", "https://oauth.platform.intuit.com@thief.example/"),
        ("token_endpoint", "https://oauth.platform.intuit.com:8443/"),
        ("token_endpoint", "https://thief.example\\.intuit.com/token"),
        ("token_endpoint", "https://thief.example%2f.intuit.com/token"),
        ("token_endpoint", "https://thief.example\t.intuit.com/token"),
        ("token_endpoint", "https://thief.example;.intuit.com/token"),
        ("token_endpoint", "http://127.0.0.1:1/"),
        ("authorization_endpoint", "javascript:alert(1)"),
        ("revocation_endpoint", None),
        ("issuer", "https://thief.example"),
    ],
)
def test_what_discovery_answers_must_be_intuits(name: str, url: str | None) -> None:
    intuit, transport = asked(lambda request: answer(), {**PRODUCTION, name: url})
    with pytest.raises(QuickBooksBusy):
        intuit.refresh("secret")
    assert len(transport.requests) == 1


@pytest.mark.parametrize("document", [[], None, "text"])
def test_a_discovery_document_is_an_object(document: object) -> None:
    intuit, _ = asked(lambda request: answer(), document)
    with pytest.raises(QuickBooksBusy):
        intuit.authorization_url("s")


@pytest.mark.parametrize(
    "url",
    [
        "http://developer.api.intuit.com/x",
        "https://thief.example/x",
        "http://10.0.0.1/x",
        "ftp://x",
    ],
)
def test_only_intuits_or_the_sandboxs_discovery_document_is_read(url: str) -> None:
    with pytest.raises(ValueError, match="discovery"):
        IntuitOAuth(
            discovery_url=url,
            client_id="a",
            client_secret="b",
            redirect_uri="c",
            now=lambda: NOON,
        )


def id_token(**changed: object) -> str:
    claims = {
        "iss": PRODUCTION["issuer"],
        "aud": ["app"],
        "exp": int(NOON.timestamp()) + 3600,
        "sub": "9f2c-dana",
    } | changed
    kept = {name: value for name, value in claims.items() if value is not None}
    body = base64.urlsafe_b64encode(json.dumps(kept).encode()).rstrip(b"=").decode()
    return f"e30.{body}.c2ln"


def test_the_subject_is_read_from_the_id_token() -> None:
    intuit, _ = asked(lambda request: answer())
    assert intuit.subject({"id_token": id_token()}) == "9f2c-dana"
    assert intuit.subject({"id_token": id_token(aud="app")}) == "9f2c-dana"


@pytest.mark.parametrize(
    "token",
    [
        None, "", "no dots", "a.b.c", "e30.e30.c2ln", "e30.W10.c2ln", 7,
        id_token(iss="https://thief.example"), id_token(aud=["other"]), id_token(aud=None),
        id_token(exp=int(NOON.timestamp()) - 61), id_token(exp="soon"), id_token(sub=None),
        id_token(sub=""), id_token(sub=7), id_token(sub="a/b"), id_token(sub="x" * 201),
    ],
)  # fmt: skip
def test_an_id_token_that_is_not_right_names_nobody(token: object) -> None:
    intuit, _ = asked(lambda request: answer())
    with pytest.raises(NotATokenAnswer):
        intuit.subject({"id_token": token})
