"""What every answer carries, whatever it is: no caching, no sniffing, no framing, no referring."""

from __future__ import annotations

import flask
import pytest

from counterfoil.core.errors import AppError
from counterfoil.web import handlers, oauth
from counterfoil.web.endpoint import Route, answer
from tests.web.backend import ROUTES, Backend

FUNCTIONS = ROUTES | {
    "health": handlers.HEALTH,
    "oauth_start": oauth.OAUTH_START,
    "oauth_callback": oauth.OAUTH_CALLBACK,
    "pages": oauth.PAGES,
}
METHODS = ("GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH")


def asked(routes: tuple[Route, ...], method: str, path: str, **other: object) -> flask.Response:
    app = flask.Flask("tests")
    with app.test_request_context(path, method=method, **other):  # type: ignore[arg-type]
        return answer(flask.request, routes, lambda: Backend())  # type: ignore[arg-type,return-value]


def checked(response: flask.Response) -> None:
    assert response.headers["Cache-Control"] == "no-cache, no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    # No other site's script may read an answer.
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_answer_of_every_address_carries_the_headers(name: str) -> None:
    for route in FUNCTIONS[name]:
        for method in METHODS:
            checked(asked(FUNCTIONS[name], method, route.path))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_method_but_the_declared_ones_does_anything(name: str) -> None:
    for route in FUNCTIONS[name]:
        declared = {each.method for each in FUNCTIONS[name] if each.path == route.path}
        for method in set(METHODS) - declared:
            assert asked(FUNCTIONS[name], method, route.path).status_code == 404


def test_the_callback_is_a_redirect_whatever_happens() -> None:
    for query in ("", "?code=x&state=y&realmId=1", "?error=access_denied", f"?code={'x' * 9000}"):
        response = asked(oauth.OAUTH_CALLBACK, "GET", f"/{query}")
        assert response.status_code == 302
        # To a page of ours, and nothing of what came with the address goes along.
        assert response.headers["Location"].startswith("https://backend.example/pages/")
        assert "?" not in response.headers["Location"]


def failing(request: flask.Request, services: object) -> str:
    raise RuntimeError("token ya29.secret of Acme")


def test_what_broke_is_told_to_nobody() -> None:
    response = asked((Route("POST", "/", failing),), "POST", "/")
    assert response.status_code == 500
    assert response.get_json()["error"] == {
        "code": "internal",
        "message": "Something went wrong on our side. Please try again.",
        "retryable": False,
        "details": {},
    }
    checked(response)


def test_half_a_character_in_a_message_is_no_crash() -> None:
    def quoting(request: flask.Request, services: object) -> str:
        raise AppError("a half \ud83d")

    response = asked((Route("POST", "/", quoting),), "POST", "/")
    assert (response.status_code, response.get_json()["error"]["message"]) == (500, "a half \ud83d")


def test_the_cookie_is_for_this_host_over_https_and_for_no_script() -> None:
    backend = Backend()
    ticket = backend.flows.connect.ticket(backend.user("ana"), _sheet())
    app = flask.Flask("tests")
    with app.test_request_context(f"/?ticket={ticket.url_token}"):
        response = answer(flask.request, oauth.OAUTH_START, lambda: backend)  # type: ignore[arg-type,return-value]
    (cookie,) = response.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-counterfoil=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=600"} <= {
        part.strip() for part in cookie.split(";")
    }
    assert "Domain" not in cookie
    checked(response)


def _sheet() -> object:
    from counterfoil.core.people import Sheet

    return Sheet(id="sheet-1", digest="0" * 64, zone="America/New_York", locale="en_US")
