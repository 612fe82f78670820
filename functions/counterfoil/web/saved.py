"""Saved exports of a spreadsheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import flask

from counterfoil import catalog
from counterfoil.core.authority import Action
from counterfoil.core.errors import BadRequest, NotFound
from counterfoil.flows.exporter_records import ENTITY, Exporter
from counterfoil.web.bodies import Body, cells, connection_ids
from counterfoil.web.callers import caller, named
from counterfoil.web.endpoint import Route, json_text
from counterfoil.web.services import Services

if TYPE_CHECKING:
    from counterfoil.core.datasets import Dataset

Json = Mapping[str, Any]
_MOST_REVISIONS = 1_000_000_000


def create(request: flask.Request, services: Services) -> Json:
    user, sheet, body = caller(request, services)
    made = services.saved.create(
        user,
        sheet,
        connection_ids=connection_ids(body),
        dataset=_dataset(body),
        options=body.part("options").raw(),
        name=body.text("name"),
        tab=body.part("target").optional_text("tab", longest=100),
    )
    return _exporter(made)


def read(request: flask.Request, services: Services) -> Json:
    user, sheet, _ = caller(request, services)
    return _exporter(services.saved.read(user, sheet, _id(request)))


def runs(request: flask.Request, services: Services) -> Json:
    user, sheet, _ = caller(request, services)
    return services.run_log.of(user, sheet, _id(request))


def update(request: flask.Request, services: Services) -> Json:
    user, sheet, body = caller(request, services)
    revision = body.whole("revision", most=_MOST_REVISIONS)
    if revision is None:
        raise BadRequest("“revision” is missing.", field="revision")
    changed = services.saved.update(
        user,
        sheet,
        _id(request),
        revision=revision,
        connection_ids=connection_ids(body) if body.has("connection_ids") else None,
        options=body.part("options").raw() if body.has("options") else None,
        name=body.optional_text("name"),
        tab=body.part("target").optional_text("tab", longest=100),
    )
    return _exporter(changed)


def delete(request: flask.Request, services: Services) -> Json:
    user, sheet, _ = caller(request, services)
    services.saved.delete(user, sheet, _id(request))
    return {"ok": True}


def adopt(request: flask.Request, services: Services) -> Json:
    user, sheet, _ = caller(request, services)
    return _exporter(services.saved.adopt(user, sheet, _id(request)))


def document(request: flask.Request, services: Services) -> Json:
    user, sheet, _ = caller(request, services)
    return {"document": services.saved.document(user, sheet, _id(request))}


def load(request: flask.Request, services: Services) -> Json:
    user, sheet, body = caller(request, services)
    made = services.saved.load(
        user,
        sheet,
        connection_ids=connection_ids(body),
        document=body.part("document").raw(),
    )
    return {**_exporter(made.exporter), "left_out": list(made.left_out)}


def schedule(request: flask.Request, services: Services) -> Json:
    user, sheet, body = caller(request, services)
    if not body.has("schedule"):
        raise BadRequest("“schedule” is missing.", field="schedule")
    given = None if body.raw()["schedule"] is None else body.part("schedule").raw()
    titled = body.flag("title_row")
    if given is not None and titled:
        services.saved.with_title_row(user, sheet, _id(request))
    changed = services.schedules.schedule(user, sheet, _id(request), given)
    return {**_exporter(changed), "late": services.schedules.late(changed, sheet)}


def forecast(request: flask.Request, services: Services) -> Json:
    """What a schedule would cost, before it is saved."""
    user, sheet, body = caller(request, services)
    found = services.forecasts.of(
        user,
        sheet,
        _id(request),
        body.part("schedule").raw(),
        count=body.flag("count"),
        cells=cells(body),
    )
    return found.as_json()


def take_schedule(request: flask.Request, services: Services) -> Json:
    user, sheet, _ = caller(request, services)
    taken = services.schedules.take_over(user, sheet, _id(request))
    return {**_exporter(taken), "late": services.schedules.late(taken, sheet)}


def freeze(request: flask.Request, services: Services) -> flask.Response:
    user, sheet, _ = caller(request, services)
    return json_text(services.freezing.freeze(user, sheet, _id(request)).json())


def unfreeze(request: flask.Request, services: Services) -> flask.Response:
    user, sheet, _ = caller(request, services)
    return json_text(services.freezing.unfreeze(user, sheet, _id(request)).json())


def snapshot(request: flask.Request, services: Services) -> flask.Response:
    user, sheet, _ = caller(request, services)
    return json_text(services.freezing.snapshot(user, sheet, _id(request)).json())


def due(request: flask.Request, services: Services) -> Json:
    """What the caller's own trigger is to run here."""
    user, sheet, _ = caller(request, services)
    found = services.schedules.due(user, sheet)
    listed = [{"id": it.id, "title": it.title, "block": it.block} for it in found.exporters]
    return {"due": listed, "mine": found.mine}


def _dataset(body: Body) -> Dataset:
    kind, key = body.one_of("kind", ("entity", "report")), body.text("dataset", longest=100)
    return catalog.entity(key) if kind == ENTITY else catalog.report(key)


def _id(request: flask.Request) -> str:
    return named(request, "exporter", NotFound("There is no such export in this spreadsheet."))


def _exporter(exporter: Exporter) -> Json:
    from counterfoil.flows.saved import dataset_of

    return {
        "id": exporter.id,
        "name": exporter.name,
        "title": exporter.name or dataset_of(exporter).title,
        "kind": exporter.kind,
        "dataset": exporter.dataset,
        "connection_ids": list(exporter.connection_ids),
        "options": dict(exporter.options),
        "bases": dict(exporter.bases),
        "block": exporter.block,
        "tab": exporter.tab,
        "revision": exporter.revision,
        "paused": exporter.paused,
    }


EXPORTERS = (
    Route("POST", "/create", create, action=Action.SAVE),
    Route("POST", "/import", load, action=Action.SAVE),
    Route("POST", "/due", due),
    Route("POST", "/{exporter}/schedule", schedule, action=Action.SAVE),
    Route("POST", "/{exporter}/forecast", forecast, action=Action.SAVE),
    Route("POST", "/{exporter}/take", take_schedule, action=Action.SAVE),
    Route("POST", "/{exporter}/freeze", freeze, action=Action.FREEZE),
    Route("POST", "/{exporter}/unfreeze", unfreeze, action=Action.FREEZE),
    Route("POST", "/{exporter}/snapshot", snapshot, action=Action.COPY),
    Route("POST", "/{exporter}/read", read, action=Action.READ),
    Route("POST", "/{exporter}/runs", runs, action=Action.READ),
    Route("POST", "/{exporter}/update", update, action=Action.SAVE),
    Route("POST", "/{exporter}/delete", delete, action=Action.SAVE),
    Route("POST", "/{exporter}/adopt", adopt, action=Action.SAVE),
    Route("POST", "/{exporter}/export", document, action=Action.READ),
)
