"""What an owner does with a company, and a member with their place in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask

from counterfoil.core.authority import Action
from counterfoil.core.errors import BadRequest, NotFound
from counterfoil.flows.disconnect import Consequences
from counterfoil.flows.leaving import What
from counterfoil.web.callers import named, user_and_body
from counterfoil.web.endpoint import Route
from counterfoil.web.services import Services

Json = Mapping[str, Any]


def preview(request: flask.Request, services: Services) -> Json:
    user, body = user_and_body(request, services)
    what = body.text("what")
    if what not in list(What):
        raise BadRequest("“what” must be pause or delete.", field="what")
    return _consequences(services.disconnect.preview(user, _connection(request), What(what)))


def pause(request: flask.Request, services: Services) -> Json:
    return _leave(request, services, What.PAUSE)


def delete(request: flask.Request, services: Services) -> Json:
    return _leave(request, services, What.DELETE)


def _leave(request: flask.Request, services: Services, what: What) -> Json:
    user, body = user_and_body(request, services)
    confirm = body.optional_text("confirm", longest=100)
    id = _connection(request)
    return _consequences(services.disconnect.leave(user, id, what, confirm=confirm))


def _connection(request: flask.Request) -> str:
    missing = NotFound(
        "This company is not among yours. Open the sidebar again to see those that are."
    )
    return named(request, "connection", missing)


def _consequences(told: Consequences) -> Json:
    return {
        "sentences": list(told.sentences),
        "confirm": told.confirm,
        "asked": told.asked,
        "pauses": list(told.pauses),
    }


COMPANIES = (
    Route("POST", "/{connection}/preview", preview, action=Action.DISCONNECT),
    Route("POST", "/{connection}/pause", pause, action=Action.DISCONNECT),
    Route("POST", "/{connection}/delete", delete, action=Action.DISCONNECT),
)
