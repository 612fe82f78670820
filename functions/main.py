"""Entry points: the API's table of contents. Each function here is one Cloud Function."""

from __future__ import annotations

import flask
import functions_framework

from counterfoil import wiring
from counterfoil.web import account as accounts
from counterfoil.web import handlers, oauth, saved, service_calls
from counterfoil.web.endpoint import answer


@functions_framework.http
def home(request: flask.Request) -> flask.Response:
    """What the sidebar needs to open, in one call."""
    return answer(request, handlers.HOME, wiring.services)


@functions_framework.http
def catalog(request: flask.Request) -> flask.Response:
    """Datasets with columns, parameters and defaults: the forms are drawn from it."""
    return answer(request, handlers.CATALOG, wiring.services)


@functions_framework.http
def connections(request: flask.Request) -> flask.Response:
    """List, connect ticket, how an attempt to connect went."""
    return answer(request, handlers.CONNECTIONS, wiring.services)


@functions_framework.http
def oauth_start(request: flask.Request) -> flask.Response:
    """Who would get the company; then on to Intuit."""
    return answer(request, oauth.OAUTH_START, wiring.services)


@functions_framework.http
def oauth_callback(request: flask.Request) -> flask.Response:
    """Intuit's answer comes back here; always a redirect, never a page."""
    return answer(request, oauth.OAUTH_CALLBACK, wiring.services)


@functions_framework.http
def pages(request: flask.Request) -> flask.Response:
    """The static page of each outcome."""
    return answer(request, oauth.PAGES, wiring.services)


@functions_framework.http
def export(request: flask.Request) -> flask.Response:
    """Options or a cursor in; operations, progress and proof out."""
    return answer(request, handlers.EXPORT, wiring.services)


@functions_framework.http
def exporters(request: flask.Request) -> flask.Response:
    """Saved exports: create, read, update, delete, take over, import, export."""
    return answer(request, saved.EXPORTERS, wiring.services)


@functions_framework.http
def account(request: flask.Request) -> flask.Response:
    """Invitations to the user."""
    return answer(request, accounts.ACCOUNT, wiring.services)


@functions_framework.http
def token_refresh(request: flask.Request) -> flask.Response:
    """One company's token on demand; all that are idle, on schedule. Our own services only."""
    return answer(request, service_calls.TOKEN_REFRESH, wiring.services)


@functions_framework.http
def runs(request: flask.Request) -> flask.Response:
    """What became of a run in the sheet."""
    return answer(request, handlers.RUNS, wiring.services)


@functions_framework.http
def health(request: flask.Request) -> flask.Response:
    """Whether this backend is set up and can answer."""
    return answer(request, handlers.HEALTH, wiring.services)
