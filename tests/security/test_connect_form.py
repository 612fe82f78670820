"""Continue is pressed by whoever was shown the page, in the browser that was shown it."""

from __future__ import annotations

import re
from dataclasses import dataclass

import flask
import pytest

from counterfoil.core.people import Sheet
from counterfoil.web import oauth
from counterfoil.web.endpoint import answer
from tests.web.backend import Backend

SHEET = Sheet("sheet-1", "0" * 64, "America/New_York", "en_US")


@dataclass(frozen=True)
class Page:
    """What somebody's browser holds once it was shown who would get the company."""

    ticket: str
    token: str
    cookie: str


@pytest.fixture(scope="module")
def backend() -> Backend:
    return Backend()


def asked(backend: Backend, method: str, path: str = "/", **other: object) -> flask.Response:
    with flask.Flask("tests").test_request_context(path, method=method, **other):  # type: ignore[arg-type]
        return answer(flask.request, oauth.OAUTH_START, lambda: backend)  # type: ignore[arg-type,return-value]


def opened(backend: Backend, who: str) -> Page:
    ticket = backend.connect.ticket(backend.identity.user(who), SHEET).url_token
    shown = asked(backend, "GET", f"/?ticket={ticket}")
    token = re.search(r'name="token" value="([^"]+)"', shown.get_data(as_text=True))
    assert token is not None
    return Page(ticket, token[1], shown.headers["Set-Cookie"].partition(";")[0])


def pressed(backend: Backend, page: Page, decision: str = "continue") -> flask.Response:
    form = {"ticket": page.ticket, "token": page.token, "decision": decision}
    headers = {"Cookie": page.cookie} if page.cookie else {}
    return asked(backend, "POST", data=form, headers=headers)


@pytest.mark.parametrize("decision", ["continue", "refuse"])
@pytest.mark.parametrize(
    ("ticket", "token", "cookie", "page"),
    [
        pytest.param("ana", "", "ana", "expired", id="no token"),
        pytest.param("ana", "0" * 64, "ana", "expired", id="a made-up token"),
        pytest.param("ana", "ben", "ana", "expired", id="another ticket's token"),
        pytest.param("ana", "ana", "ben", "expired", id="another browser's cookie"),
        pytest.param("ana", "ben", "ben", "expired", id="another's token and cookie"),
        pytest.param("ana", "ana", "", "other_browser", id="no cookie"),
    ],
)
def test_a_form_that_was_not_shown_here_sends_nobody_on_and_uses_nothing_up(
    backend: Backend, decision: str, ticket: str, token: str, cookie: str, page: str
) -> None:
    ana, ben = opened(backend, "ana"), opened(backend, "ben")
    tokens = {"ana": ana.token, "ben": ben.token}
    cookies = {"ana": ana.cookie, "ben": ben.cookie, "": ""}
    crossed = Page(ana.ticket, tokens.get(token, token), cookies[cookie])
    response = pressed(backend, crossed, decision)
    assert response.status_code == 302
    assert response.headers["Location"].endswith(f"/pages/{page}")
    assert "Set-Cookie" not in response.headers
    # The page that was shown still leads to Intuit.
    assert "/pages/" not in pressed(backend, ana).headers["Location"]
