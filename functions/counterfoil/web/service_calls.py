"""What only our own services may ask: the scheduler, and exports for a fresh token.

No answer holds a token: who asked reads it, sealed, from the store.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
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
    id, past = body.text("connection_id"), body.whole("past", most=_MOST_GENERATIONS)
    if not is_connection_id(id):
        raise NotFound("There is no such company here.")
    services.tokens.renew(id, past=past)
    return {"ok": True}


def tick(request: flask.Request, services: Services) -> Json:
    """What is due every hour; `more` when the time was used up and the next call goes on."""
    _body(request, services)
    return asdict(services.upkeep.tick())


def _body(request: flask.Request, services: Services) -> Body:
    services.service_callers.check(request.headers.get("Authorization"))
    return Body.of(request)


TOKEN_REFRESH = (Route("POST", "/", refresh_one), Route("POST", "/idle", tick))
