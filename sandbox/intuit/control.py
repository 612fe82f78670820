"""`/control/...`: what a test or a curious person may do to the simulated Intuit, as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Request, Response

from sandbox.intuit.control_edits import BadEdit, edited
from sandbox.intuit.faults import Fault, Kind

if TYPE_CHECKING:
    from sandbox.intuit.server import IntuitSandbox

PREFIX = "/control/"


class BadControl(Exception):
    """The message says what was expected."""


class Control:
    """One method per endpoint; each takes the JSON body and returns a JSON answer."""

    def __init__(self, sandbox: IntuitSandbox) -> None:
        self._sandbox = sandbox

    def answer(self, request: Request) -> Response:
        name = request.path.removeprefix(PREFIX)
        try:
            if request.method == "GET":
                return _json(200, self._read(name, request))
            if request.method == "DELETE" and name == "faults":
                self._sandbox.faults.clear()
                return _json(200, {"ok": True})
            if request.method != "POST":
                raise BadControl("ask with GET or POST")
            # A page of another site can send a form here, but not JSON.
            body = request.get_json(silent=True) if request.data else {}
            if not isinstance(body, dict):
                raise BadControl("send a JSON object, with Content-Type: application/json")
            return _json(200, self._act(name, body))
        except (BadControl, BadEdit) as error:
            return _json(400, {"error": str(error)})

    def _read(self, name: str, request: Request) -> dict[str, Any]:
        sandbox = self._sandbox
        match name:
            case "state":
                return self._state()
            case "calls":
                path, realm_id = request.args.get("path", ""), request.args.get("realm_id")
                return {
                    "calls": [call.as_json() for call in sandbox.calls.all(path, realm_id)],
                    "counters": sandbox.calls.counters(),
                    "peak": sandbox.calls.peak,
                }
            case "faults":
                return {"faults": [asdict(fault) for fault in sandbox.faults.waiting()]}
        raise BadControl("there are: state, calls, faults")

    def _act(self, name: str, body: Mapping[str, Any]) -> dict[str, Any]:
        sandbox = self._sandbox
        match name:
            case "clock":
                sandbox.clock.advance(timedelta(seconds=_number(body, "advance_s")))
            case "grace":
                sandbox.tokens.grace = _switch(body, "on")
            case "throttles":
                sandbox.throttle.on = _switch(body, "on")
            case "month":
                sandbox.throttle.month_is_over = _switch(body, "over")
            case "latency":
                sandbox.latency_ms = int(_number(body, "ms"))
            case "faults":
                return {"fault": sandbox.faults.inject(_fault(body))}
            case "disconnect":
                return {"ended": sandbox.disconnect(_text(body, "realm_id"), body.get("person"))}
            case "people":
                self._set_admin(body)
            case "redirect_uris":
                self._allow(_text(body, "uri"))
            case "grants":
                return self._grant(body)
            case "edit":
                return edited(sandbox.books, body, sandbox.clock())
            case "reset":
                sandbox.reset()
            case _:
                raise BadControl(
                    "there are: clock, grace, throttles, month, latency, faults, disconnect, "
                    "people, redirect_uris, grants, edit, reset"
                )
        return {"ok": True, **self._state()}

    def _state(self) -> dict[str, Any]:
        sandbox = self._sandbox
        return {
            "now": sandbox.clock().isoformat(),
            "grace": sandbox.tokens.grace,
            "throttles": sandbox.throttle.on,
            "month_is_over": sandbox.throttle.month_is_over,
            "latency_ms": sandbox.latency_ms,
            "redirect_uris": list(sandbox.app.redirect_uris),
            "companies": [
                {"realm_id": company.realm_id, "name": company.name}
                for company in sandbox.companies()
            ],
            "people": [
                {"id": person.id, "sub": person.sub, "admin": sandbox.people.is_admin(person)}
                for person in sandbox.people.all()
            ],
            # Without their values: this answer may end in somebody's notes.
            "grants": [
                {
                    "realm_id": line.consent.realm_id,
                    "sub": line.consent.sub,
                    "ended": line.ended,
                    "refreshes": line.refreshes,
                    "value_since": line.refresh_since.isoformat(),
                    "refresh_expires": line.refresh_expires.isoformat(),
                    "hard_expires": line.hard_expires.isoformat(),
                }
                for line in sandbox.tokens.lines()
            ],
        }

    def _set_admin(self, body: Mapping[str, Any]) -> None:
        person = self._sandbox.people.find(_text(body, "person"))
        if person is None:
            raise BadControl("nobody of that name")
        self._sandbox.people.set_admin(person, _switch(body, "admin"))

    def _allow(self, uri: str) -> None:
        try:
            self._sandbox.app.allow(uri)
        except ValueError as error:
            raise BadControl(str(error)) from error

    def _grant(self, body: Mapping[str, Any]) -> dict[str, Any]:
        scopes = str(body.get("scope", "")).split() or None
        try:
            issued = self._sandbox.grant(
                _text(body, "realm_id"), str(body.get("person", "dana")), scopes
            )
        except KeyError as error:
            raise BadControl("no such company or person") from error
        return {
            "token_type": "bearer",
            "access_token": issued.access,
            "refresh_token": issued.refresh,
            "expires_in": issued.access_expires_in,
            "x_refresh_token_expires_in": issued.refresh_expires_in,
        }


def _fault(body: Mapping[str, Any]) -> Fault:
    known = {"kind", "realm_id", "path", "statement", "times", "after", "latency_ms", "detail"}
    if extra := set(body) - known:
        raise BadControl(f"a fault has no {', '.join(sorted(extra))}")
    try:
        return Fault(**{**body, "kind": Kind(str(body.get("kind", "")))})
    except ValueError as error:
        raise BadControl(f"kinds are: {', '.join(Kind)}") from error


def _text(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise BadControl(f"{name} must be text")
    return value


def _switch(body: Mapping[str, Any], name: str) -> bool:
    value = body.get(name)
    if not isinstance(value, bool):
        raise BadControl(f"{name} must be true or false")
    return value


def _number(body: Mapping[str, Any], name: str) -> float:
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
        raise BadControl(f"{name} must be a number, zero or more")
    return value


def _json(status: int, body: Mapping[str, Any]) -> Response:
    return Response(
        json.dumps(body), status, {"Cache-Control": "no-store"}, content_type="application/json"
    )
