"""One function per address: reads the body, calls a flow, says what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import flask

from counterfoil.core.authority import Action
from counterfoil.core.datasets import Dataset
from counterfoil.core.errors import NotFound, UnknownDataset
from counterfoil.core.people import Connection
from counterfoil.flows import runs
from counterfoil.flows.exporters_listed import Listed
from counterfoil.web.account import invitation
from counterfoil.web.bodies import (
    Body,
    block,
    cells,
    connection_ids,
    tabs,
)
from counterfoil.web.bounds import MAX_BODY_WITH_TABLE
from counterfoil.web.callers import caller, named
from counterfoil.web.catalog_version import catalog_version
from counterfoil.web.companies import COMPANIES
from counterfoil.web.endpoint import Route, json_text
from counterfoil.web.services import Services

if TYPE_CHECKING:
    from counterfoil.flows.asking import Asked

Json = Mapping[str, Any]
# A sealed cursor is a few kilobytes, but keeps the ids of all rows that were sent: more than half
# a megabyte where there are 330,000 far apart. The add-on knows the same bound.
LONGEST_CURSOR = 800_000  # characters
LONGEST_PARK_S = 7_200  # as long as a cursor lives


def home(request: flask.Request, services: Services) -> Json:
    user, sheet, _ = caller(request, services)
    connections = services.connections.of(user)
    names = {connection.id: connection.name for connection in connections}
    listed = services.exporters.in_sheet(sheet)
    account = services.managed.account(sheet, listed) if services.managed_accounts else None
    return {
        "user": {"email": user.email},
        "connections": [
            {**_connection(each), "calls_this_month": services.budgets.calls_of(each.realm_id)}
            for each in connections
        ],
        "calls": services.budgets.as_json(),
        "invitations": [invitation(each) for each in services.invitations.mine(user)],
        "exporters": [
            {
                **_exporter(each, [names[id] for id in each.connection_ids]),
                "schedule": services.schedules.shown(user, each),
                "frozen": services.freezing.shown(each),
                "run": services.run_leases.alive(each.id),
            }
            for each in listed
            if names.keys() >= set(each.connection_ids)
        ],
        "catalog_version": catalog_version(),
        **({"managed": {"account": account}} if account else {}),
    }


def catalog(request: flask.Request, services: Services) -> Json:
    services.identity.user(request.headers.get("Authorization"))
    from counterfoil.catalog import forms  # `home` does without

    return {**forms(), "version": catalog_version()}


def list_connections(request: flask.Request, services: Services) -> Json:
    user, _, _ = caller(request, services)
    return {"connections": [_connection(each) for each in services.connections.of(user)]}


def connect_ticket(request: flask.Request, services: Services) -> Json:
    user, sheet, body = caller(request, services)
    ticket = services.connect.ticket(user, sheet, reconnect=body.optional_text("reconnect"))
    return {
        "url": f"{services.backend_url}/oauth_start?ticket={ticket.url_token}",
        "attempt": ticket.attempt,
        "expires_in_s": ticket.lives_s,
    }


def connect_attempt(request: flask.Request, services: Services) -> Json:
    user, _, body = caller(request, services)
    attempt = services.connect.attempt(user, body.text("attempt"))
    return {
        "state": attempt.state.value,
        "code": attempt.code,
        "message": attempt.message,
        "connection": _connection(attempt.connection) if attempt.connection else None,
    }


def start_entity(request: flask.Request, services: Services) -> flask.Response:
    return _start(request, services, "entity")


def start_report(request: flask.Request, services: Services) -> flask.Response:
    return _start(request, services, "report")


def estimate_entity(request: flask.Request, services: Services) -> Json:
    return _estimate(request, services, "entity")


def estimate_report(request: flask.Request, services: Services) -> Json:
    return _estimate(request, services, "report")


def preview_entity(request: flask.Request, services: Services) -> Json:
    return _preview(request, services, "entity")


def preview_report(request: flask.Request, services: Services) -> Json:
    return _preview(request, services, "report")


def run_again(request: flask.Request, services: Services) -> flask.Response:
    from counterfoil.flows.shared_calls import MOST_TOGETHER  # `home` does without it

    user, sheet, body = caller(request, services, most=MAX_BODY_WITH_TABLE)
    exporter = named(request, "exporter", NotFound("There is no such export in this spreadsheet."))
    step = services.exports.again(
        user,
        sheet,
        exporter,
        take_over=body.flag("take_over"),
        replace=body.flag("replace"),
        scheduled=body.flag("scheduled"),
        tidy_up=body.flag("tidy_up"),
        cells=cells(body),
        block=block(body),
        tabs=tabs(body),
        together=body.texts("together", most=MOST_TOGETHER, longest=100),
        after=body.optional_text("after", longest=100),
    )
    return json_text(step.json())


def next_step(request: flask.Request, services: Services) -> flask.Response:
    user, sheet, body = caller(request, services, most=MAX_BODY_WITH_TABLE)
    cursor = body.text("cursor", longest=LONGEST_CURSOR)
    step = services.exports.resume(user, sheet, cursor, block=block(body), tabs=tabs(body))
    return json_text(step.json())


def acknowledge(request: flask.Request, services: Services) -> Json:
    user, sheet, body = caller(request, services)
    seen = body.part("seen")
    services.exports.acknowledge(
        user,
        sheet,
        body.text("run_id"),
        applied=body.flag("applied"),
        rows_seen=seen.whole("rows", most=10_000_000),
        failed_operation=body.whole("op", most=1_000),
        code=body.optional_text("why_code", longest=60),
    )
    return {"ok": True}


def park(request: flask.Request, services: Services) -> Json:
    user, sheet, body = caller(request, services)
    wait_s = body.whole("wait_s", most=LONGEST_PARK_S)
    services.exports.park(user, sheet, body.text("run_id"), wait_s=wait_s or 0)
    return {"ok": True}


def healthy(request: flask.Request, services: Services) -> Json:
    """Set up, and its store answers. Looks there at most every 15 s, whoever asks how often."""
    services.check_stores()
    services.budgets.calls_of_all()
    managed = services.managed_health.told()
    return {
        "ok": True,
        "world": services.world,
        "catalog_version": catalog_version(),
        **({"managed": managed} if managed else {}),
    }


def _start(request: flask.Request, services: Services, kind: str) -> flask.Response:
    user, sheet, body = caller(request, services)
    step = services.exports.start(
        user,
        sheet,
        **_companies(body),
        dataset=_dataset(request, kind),
        options=body.part("options").raw(),
        tab=body.part("target").optional_text("tab", longest=100),
        cells=cells(body),
        tabs=tabs(body),
    )
    return json_text(step.json())


def _estimate(request: flask.Request, services: Services, kind: str) -> Json:
    user, sheet, body = caller(request, services)
    return services.exports.estimate(user, sheet, _asked(request, body, kind)).as_json()


def _preview(request: flask.Request, services: Services, kind: str) -> Json:
    user, sheet, body = caller(request, services)
    return services.exports.preview(user, sheet, _asked(request, body, kind)).as_json()


def _asked(request: flask.Request, body: Body, kind: str) -> Asked:
    from counterfoil.flows.asking import Asked  # as above

    ids = connection_ids(body) or [body.text("connection_id")]
    options = body.part("options").raw()
    return Asked(tuple(ids), _dataset(request, kind), options, cells(body))


def _companies(body: Body) -> dict[str, Any]:
    """One company, or `connection_ids` for a table of several."""
    ids = connection_ids(body) or [body.text("connection_id")]
    return {"connection_id": ids[0], "others": ids[1:]}


def _dataset(request: flask.Request, kind: str) -> Dataset:
    key = named(request, "dataset", UnknownDataset("There is no such export."))
    from counterfoil import catalog  # as above

    return catalog.entity(key) if kind == "entity" else catalog.report(key)


def _connection(connection: Connection) -> Json:
    return {
        "id": connection.id,
        "name": connection.name,
        "country": connection.country,
        "currency": connection.currency,
        "fiscal_month": connection.fiscal_month,
        "state": connection.state.value,
        "role": connection.role.value,
        "connected_by": connection.connected_by,
        "expires_in_days": connection.expires_in_days,
        "health": connection.health,
    }


def _exporter(exporter: Listed, names: Sequence[str]) -> Json:
    shown = exporter.as_json()
    if last := exporter.last_run:
        shown["last_run"] = {**shown["last_run"], "run_short": runs.short(last["run_id"])}
    return {**shown, "connection_name": ", ".join(names)}


HOME = (Route("POST", "/", home),)
CATALOG = (Route("POST", "/", catalog),)
CONNECTIONS = (
    Route("POST", "/", list_connections),
    Route("POST", "/ticket", connect_ticket),
    Route("POST", "/attempt", connect_attempt),
    *COMPANIES,
)
EXPORT = (
    Route("POST", "/entities/{dataset}", start_entity, action=Action.EXPORT),
    Route("POST", "/reports/{dataset}", start_report, action=Action.EXPORT),
    Route("POST", "/entities/{dataset}/estimate", estimate_entity, action=Action.EXPORT),
    Route("POST", "/reports/{dataset}/estimate", estimate_report, action=Action.EXPORT),
    Route("POST", "/entities/{dataset}/preview", preview_entity, action=Action.EXPORT),
    Route("POST", "/reports/{dataset}/preview", preview_report, action=Action.EXPORT),
    Route(
        "POST",
        "/exporters/{exporter}/run",
        run_again,
        action=Action.RUN,
        most_bytes=MAX_BODY_WITH_TABLE,
    ),
    Route("POST", "/steps", next_step, action=Action.RUN, most_bytes=MAX_BODY_WITH_TABLE),
)
RUNS = (
    Route("POST", "/acknowledge", acknowledge),
    Route("POST", "/park", park),
)
# Services that watch whether it answers ask by either.
HEALTH = (Route("GET", "/", healthy), Route("HEAD", "/", healthy))
