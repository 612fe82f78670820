"""Entry points: the API's table of contents. Each function here is one Cloud Function."""

from __future__ import annotations

import flask
import functions_framework

from counterfoil import wiring
from counterfoil.web.edge import Edge
from counterfoil.web.endpoint import answer

# This module is loaded while the framework makes its application.
flask.current_app.wsgi_app = Edge(  # type: ignore[assignment,method-assign]
    flask.current_app.wsgi_app, wiring.log_from_now
)

# A process serves one of these, so each loads what it needs when it is first called.


@functions_framework.http
def home(request: flask.Request) -> flask.Response:
    """What the sidebar needs to open, in one call."""
    from counterfoil.web import handlers

    return answer(request, handlers.HOME, wiring.services)


@functions_framework.http
def catalog(request: flask.Request) -> flask.Response:
    """Datasets with columns, parameters and defaults: the forms are drawn from it."""
    from counterfoil.web import handlers

    return answer(request, handlers.CATALOG, wiring.services)


@functions_framework.http
def connections(request: flask.Request) -> flask.Response:
    """List, connect ticket, how an attempt to connect went."""
    from counterfoil.web import handlers

    return answer(request, handlers.CONNECTIONS, wiring.services)


@functions_framework.http
def oauth_start(request: flask.Request) -> flask.Response:
    """Who would get the company; then on to Intuit."""
    from counterfoil.web import oauth

    return answer(request, oauth.OAUTH_START, wiring.services)


@functions_framework.http
def oauth_callback(request: flask.Request) -> flask.Response:
    """Intuit's answer comes back here; always a redirect, never a page."""
    from counterfoil.web import oauth

    return answer(request, oauth.OAUTH_CALLBACK, wiring.services)


@functions_framework.http
def pages(request: flask.Request) -> flask.Response:
    """The static page of each outcome."""
    from counterfoil.web import oauth

    return answer(request, oauth.PAGES, wiring.services)


@functions_framework.http
def export(request: flask.Request) -> flask.Response:
    """Options or a cursor in; operations, progress and proof out."""
    from counterfoil.web import handlers

    return answer(request, handlers.EXPORT, wiring.services)


@functions_framework.http
def exporters(request: flask.Request) -> flask.Response:
    """Saved exports: create, read, update, delete, take over, import, export."""
    from counterfoil.web import saved

    return answer(request, saved.EXPORTERS, wiring.services)


@functions_framework.http
def account(request: flask.Request) -> flask.Response:
    """Invitations to the user."""
    from counterfoil.web import account as accounts

    return answer(request, accounts.ACCOUNT, wiring.services)


@functions_framework.http
def token_refresh(request: flask.Request) -> flask.Response:
    """One company's token on demand; all that are idle, on schedule. Our own services only."""
    from counterfoil.web import service_calls

    return answer(request, service_calls.TOKEN_REFRESH, wiring.services)


@functions_framework.http
def managed_refresh(request: flask.Request) -> flask.Response:
    """Turns it on for an export; each minute, by the scheduler alone, runs what is due."""
    from counterfoil.web import managed

    return answer(request, managed.MANAGED_REFRESH, wiring.services)


@functions_framework.http
def runs(request: flask.Request) -> flask.Response:
    """What became of a run in the sheet."""
    from counterfoil.web import handlers

    return answer(request, handlers.RUNS, wiring.services)


@functions_framework.http
def health(request: flask.Request) -> flask.Response:
    """Whether this backend is set up and can answer."""
    from counterfoil.web import handlers

    return answer(request, handlers.HEALTH, wiring.services)
