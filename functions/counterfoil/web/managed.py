"""Managed refresh: turned on by people, run by the scheduler."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from typing import Any

import flask

from counterfoil.core.authority import Action
from counterfoil.core.errors import NotFound
from counterfoil.web.bodies import Body
from counterfoil.web.callers import caller, named
from counterfoil.web.endpoint import Route
from counterfoil.web.services import Services

Json = Mapping[str, Any]


def tick(request: flask.Request, services: Services) -> Json:
    """What is due each minute. Counts only; several at once are safe."""
    services.scheduler.check(request.headers.get("Authorization"))
    Body.of(request)
    return asdict(services.managed_refresh.tick())


def offer(request: flask.Request, services: Services) -> Json:
    """With whom to share the spreadsheet, and what to write into it to show that one may."""
    user, sheet, _ = caller(request, services)
    return services.managed.offer(user, sheet, _id(request)).as_json()


def enable(request: flask.Request, services: Services) -> Json:
    """Turned on, or proven anew, with the nonce that stands in the spreadsheet."""
    user, sheet, body = caller(request, services)
    nonce, given = body.text("nonce", longest=100), body.part("schedule").raw()
    id, first = _id(request), None
    if body.flag("title_row"):
        services.saved.check_title_row(user, sheet, id)
        first = partial(services.saved.with_title_row, user, sheet, id)
    exporter = services.managed.enable(user, sheet, id, nonce=nonce, given=given, first=first)
    late = services.schedules.late(exporter, sheet)
    return {"id": exporter.id, "revision": exporter.revision, "late": late}


def _id(request: flask.Request) -> str:
    return named(request, "exporter", NotFound("There is no such export in this spreadsheet."))


MANAGED_REFRESH = (
    Route("POST", "/tick", tick),
    Route("POST", "/exporters/{exporter}/offer", offer, action=Action.SAVE),
    Route("POST", "/exporters/{exporter}/enable", enable, action=Action.SAVE),
)
