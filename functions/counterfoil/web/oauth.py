"""The addresses a browser visits while connecting (design: Connecting).

The callback always answers 302: a page there could leak the code in a Referer
(https://developer.intuit.com/app/developer/qbo/docs/go-live/publish-app/security-requirements).
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
import secrets

import flask

from counterfoil.core.connecting import Outcome
from counterfoil.core.errors import AppError, NotFound
from counterfoil.web import pages
from counterfoil.web.endpoint import Route
from counterfoil.web.forms import MAX_FORM, form
from counterfoil.web.services import Services

log = logging.getLogger("counterfoil.web")

# The prefix makes the browser keep it to this host, over https (or loopback), for every path.
COOKIE = "__Host-counterfoil"
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
LONGEST = 2_000  # characters of any value in these addresses; Intuit's code has at most 512


def confirm(request: flask.Request, services: Services) -> flask.Response:
    """Asks whether it is really for this person; binds the form to this browser."""
    ticket = _short(request.args.get("ticket"))
    try:
        email = services.connect.confirmation(ticket)
    except NotFound:
        return pages.outcome(Outcome.EXPIRED)
    # A second page of the same browser keeps the secret: the first must not go stale by it.
    held = request.cookies.get(COOKIE, "")
    browser = held if _SECRET.fullmatch(held) else secrets.token_urlsafe(32)
    action = f"{services.backend_url}/oauth_start"
    response = pages.confirmation(email, ticket, _form_token(browser, ticket), action)
    _set_cookie(response, browser)
    return response


def decide(request: flask.Request, services: Services) -> flask.Response:
    """Continue: the ticket is used up and the browser goes to Intuit. Otherwise it is void."""
    fields = form(request)
    ticket = _short(fields.get("ticket"))
    browser = request.cookies.get(COOKIE, "")
    if not browser:
        return _result(services, Outcome.OTHER_BROWSER)
    token, expected = _short(fields.get("token")), _form_token(browser, ticket)
    if not hmac.compare_digest(token.encode(), expected.encode()):
        return _result(services, Outcome.EXPIRED)
    if fields.get("decision") != "continue":
        services.connect.refuse(ticket)
        return _result(services, Outcome.NOT_ME)
    try:
        url, browser = services.connect.consume(ticket)
    except NotFound:
        return _result(services, Outcome.EXPIRED)
    response = _redirect(url)
    _set_cookie(response, browser)
    return response


def callback(request: flask.Request, services: Services) -> flask.Response:
    """Whatever happens, a redirect to a page without parameters."""
    try:
        outcome = services.connect.finish(
            state=_short(request.args.get("state")),
            browser_secret=_short(request.cookies.get(COOKIE)),
            code=_short(request.args.get("code")),
            realm_id=_short(request.args.get("realmId")),
            error=_short(request.args.get("error")),
        )
    except AppError as error:
        log.warning("connect failed", extra={"fields": {"code": error.code}})
        outcome = Outcome.BUSY if error.retryable else Outcome.FAILED
    response = _result(services, outcome)
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="Lax")
    return response


def disconnected(request: flask.Request, services: Services) -> flask.Response:
    """Intuit sends a browser here after "Disconnect" in QuickBooks: the same for any company."""
    services.hints.disconnected(_short(request.args.get("realmId")))
    return pages.outcome("disconnected")


def show(request: flask.Request, services: Services) -> flask.Response:
    return pages.outcome(str((request.view_args or {}).get("outcome", "")))


def _form_token(browser: str, ticket: str) -> str:
    return hashlib.sha256(f"{browser}\n{ticket}".encode()).hexdigest()


def _result(services: Services, outcome: Outcome) -> flask.Response:
    return _redirect(f"{services.backend_url}/pages/{outcome.value}")


def _redirect(url: str) -> flask.Response:
    return flask.Response(status=302, headers={"Location": url})


def _set_cookie(response: flask.Response, value: str) -> None:
    response.set_cookie(
        COOKIE, value, max_age=600, path="/", secure=True, httponly=True, samesite="Lax"
    )


def _short(value: str | None) -> str:
    return value if value is not None and len(value) <= LONGEST else ""


OAUTH_START = (
    Route("GET", "/", confirm, query=("ticket",)),
    Route("POST", "/", decide, form=("ticket", "token", "decision"), most_bytes=MAX_FORM),
)
OAUTH_CALLBACK = (
    Route("GET", "/", callback, falls_to="/pages/failed",
          query=("state", "code", "realmId", "error")),
)  # fmt: skip
PAGES = (
    Route("GET", "/disconnected", disconnected, query=("realmId",)),
    Route("GET", "/{outcome}", show),
)
