"""The one boundary where failures become JSON, and where each request leaves its line."""

from __future__ import annotations

import json
import logging
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import flask

from counterfoil.core import journal
from counterfoil.core.authority import Action
from counterfoil.core.errors import AppError, NotFound, SettingsError
from counterfoil.web.bounds import MAX_BODY, too_large
from counterfoil.web.edge import HEADERS, NOTED, withheld
from counterfoil.web.services import Services

log = logging.getLogger("counterfoil.web")

Handler = Callable[[flask.Request, Services], "flask.Response | Mapping[str, Any] | str"]


@dataclass(frozen=True, slots=True)
class Route:
    """One method and path below a function's own address; `{name}` stands for one segment."""

    method: str
    path: str
    handler: Handler
    falls_to: str | None = None  # where a browser is sent when the handler fails
    action: Action | None = None  # what a member must be allowed; None: it names no company
    query: tuple[str, ...] = ()  # what a browser's address brings along
    form: tuple[str, ...] = ()  # what a page of ours sends
    most_bytes: int = MAX_BODY  # of a request's body


def answer(
    request: flask.Request, routes: tuple[Route, ...], services: Callable[[], Services]
) -> flask.Response:
    """The handler's JSON, or `{"error": {"code", "message", "retryable", "details"}}`."""
    began = time.monotonic()
    occasion = journal.begin(
        request.headers.get("X-Cloud-Trace-Context"), request.headers.get("traceparent")
    )
    route = _route(request, routes)
    body = withheld(request.environ)
    # One byte more than may come, so that whoever reads can tell that it is too much.
    body.let(route.most_bytes + 1 if route else 0)
    response = _answered(request, route, services)
    body.let(0)
    request.environ[NOTED] = True
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    log.info(
        "request",
        extra={
            "fields": {
                "method": request.method[:10],
                "route": route.path if route else "none",
                "status": response.status_code,
                "duration_ms": round((time.monotonic() - began) * 1000),
                **occasion.counts(),
            }
        },
    )
    return response


def path_values(request: flask.Request, route: Route) -> dict[str, str]:
    """What stood in the request's path for the route's `{names}`."""
    theirs, ours = _segments(request.path), _segments(route.path)
    return {
        name[1:-1]: value for name, value in zip(ours, theirs, strict=True) if name.startswith("{")
    }


def json_text(text: str, status: int = 200) -> flask.Response:
    return flask.Response(text, status=status, content_type="application/json; charset=utf-8")


def _answered(
    request: flask.Request, route: Route | None, services: Callable[[], Services]
) -> flask.Response:
    if route is None:
        return _failure(NotFound("There is nothing at this address."), None)
    if (request.content_length or 0) > route.most_bytes:
        return _failure(too_large(), route.falls_to)
    try:
        made = route.handler(_with_values(request, route), services())
    except AppError as error:
        log.warning("refused", extra={"fields": {"code": error.code, **error.details}})
        return _failure(error, route.falls_to)
    except SettingsError as error:
        # Whoever deploys has to see which; which values they have is nobody's business.
        for name in error.settings:
            log.error("wrong setting", extra={"fields": {"setting": name}})
        return _failure(_ours(), route.falls_to)
    except Exception as error:
        # The sidebar learns nothing about our insides, and the log learns class and place, not
        # the text: a library's message can quote a URL or a payload.
        file, line, name = place = _place(error)
        fields = {"error": type(error).__name__, "place": f"{file}:{line} {name}"}
        log.error("unhandled", extra={"fields": fields, "place": place})
        return _failure(_ours(), route.falls_to)
    if isinstance(made, flask.Response):
        return made
    return json_text(made if isinstance(made, str) else json.dumps(made))


def _ours() -> AppError:
    return AppError("Something went wrong on our side. Please try again.")


def _with_values(request: flask.Request, route: Route) -> flask.Request:
    request.view_args = dict(path_values(request, route))
    return request


def _route(request: flask.Request, routes: tuple[Route, ...]) -> Route | None:
    theirs = _segments(request.path)
    for route in routes:
        ours = _segments(route.path)
        if (
            route.method == request.method
            and len(ours) == len(theirs)
            and all(
                name.startswith("{") or name == value
                for name, value in zip(ours, theirs, strict=True)
            )
        ):
            return route
    return None


def _segments(path: str) -> list[str]:
    return [segment for segment in path.split("/") if segment]


def _failure(error: AppError, falls_to: str | None) -> flask.Response:
    if falls_to is not None:
        return flask.Response(status=302, headers={"Location": falls_to})
    body = {
        "error": {
            "code": error.code,
            "message": error.message,
            "retryable": error.retryable,
            "details": error.details,
        },
        **error.beside,
    }
    # ASCII: whatever half a character a message may quote, the answer can be encoded.
    response = json_text(json.dumps(body), error.status)
    if error.retryable:
        response.headers["Retry-After"] = str(error.details.get("wait_s") or 5)
    return response


def _place(error: Exception) -> tuple[str, int, str]:
    """File, line and function of ours where it came from."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "counterfoil" in frame.filename] or frames
    last = ours[-1]
    return last.filename.rpartition("counterfoil/")[2], last.lineno or 0, last.name
