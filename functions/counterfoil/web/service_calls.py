"""What only our own services may ask: the scheduler, and exports for a fresh token.

No answer holds a token: who asked reads it, sealed, from the store.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask

from counterfoil.core.errors import NotFound
from counterfoil.flows.connections import is_connection_id
from counterfoil.web.bodies import Body
from counterfoil.web.endpoint import Route
from counterfoil.web.services import Services

Json = Mapping[str, Any]
_MOST_GENERATIONS = 1_000_000_000


def refresh_one(request: flask.Request, services: Services) -> Json:
    """One company's key; `past` names the generation whose token QuickBooks has refused."""
    body = _body(request, services)
    id = body.text("connection_id")
    if not is_connection_id(id):
        raise NotFound("There is no such company here.")
    services.tokens.renew(id, past=body.whole("past", most=_MOST_GENERATIONS))
    return {"ok": True}


def refresh_idle(request: flask.Request, services: Services) -> Json:
    """One sweep; `next` is where the following call goes on, null at the end."""
    body = _body(request, services)
    swept = services.keep_alive.sweep(body.optional_text("after", longest=1_000))
    return {
        "refreshed": swept.refreshed,
        "failed": swept.failed,
        "finished": swept.finished,
        "next": swept.next,
    }


def _body(request: flask.Request, services: Services) -> Body:
    services.service_callers.check(request.headers.get("Authorization"))
    return Body.of(request)


TOKEN_REFRESH = (Route("POST", "/", refresh_one), Route("POST", "/idle", refresh_idle))
