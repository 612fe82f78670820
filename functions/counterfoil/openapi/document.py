"""The API's OpenAPI document, made of what the handlers read: `make openapi`.

Nothing is declared twice. Each handler is called with bodies that grow until it asks for nothing
new, over services that answer anything; what it reads, and within which bounds, is what is told.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import json
import re
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import flask

from counterfoil import catalog
from counterfoil.core.errors import AppError, BadRequest, RequestTooLarge
from counterfoil.core.readings import Reading, deaf, listening
from counterfoil.openapi import answers
from counterfoil.openapi.parts import ANY, ENTITIES, REPORTS, parts, schemas
from counterfoil.openapi.refusals import reaches, refusals_of
from counterfoil.web import oauth, pages
from counterfoil.web.addresses import ADDRESSES
from counterfoil.web.callers import SEGMENT
from counterfoil.web.endpoint import Route
from counterfoil.web.oauth import LONGEST
from counterfoil.web.services import Services

Json = dict[str, Any]
BROWSER = ("oauth_start", "oauth_callback", "pages")  # answer pages and redirects, to anybody
OPEN = (*BROWSER, "health")
_MOST_PASSES = 60

# What a reader cannot say by itself: a text that is right where any other is not.
EXAMPLES = {"time_zone": "Europe/Berlin", "connection_id": f"con_{'a' * 22}", **answers.EXAMPLES}


def document() -> Json:
    """OpenAPI 3.1, in the order of the addresses; a copy for each who asks."""
    made: Json = json.loads(_text())
    return made


@functools.cache
def _text() -> str:
    return json.dumps(_document())


def _document() -> Json:
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Counterfoil",
            "version": str(catalog.VERSION),
            "description": "QuickBooks Online into the open spreadsheet. Made by `make openapi` of "
            "what the handlers read; a test compares it.",
        },
        "paths": dict(_paths()),
        "components": {
            "securitySchemes": {
                "google": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A Google ID token; for token_refresh one of our own service "
                    "accounts.",
                }
            },
            "schemas": {"Error": _error_schema(), **schemas()},
        },
    }


def _paths() -> Iterator[tuple[str, Json]]:
    for function, routes in ADDRESSES.items():
        paths: dict[str, Json] = {}
        for route in routes:
            path = f"/{function}{route.path}".rstrip("/")
            paths.setdefault(path, {})[route.method.lower()] = _operation(function, route)
        yield from paths.items()


def _operation(function: str, route: Route) -> Json:
    about = inspect.getdoc(route.handler) or ""
    name = getattr(route.handler, "__name__", "handler")
    more = "_head" if route.method == "HEAD" else ""  # an id is of one operation alone
    told: Json = {"operationId": f"{function}_{name}{more}"}
    if about:
        told["summary"] = about.splitlines()[0]
    if function not in OPEN:
        told["security"] = [{"google": []}]
    parameters = [
        {"name": each, "in": "path", "required": True, "schema": _segment(route, each)}
        for each in re.findall(r"{(\w+)}", route.path)
    ] + [
        {"name": each, "in": "query", "schema": {"type": "string", "maxLength": LONGEST}}
        for each in route.query
    ]
    if parameters:
        told["parameters"] = parameters
    body = _body(function, route)
    if body:
        told["requestBody"] = body
    told["responses"] = _responses(function, route)
    if route.method == "HEAD":  # answers as the GET does, without what it says
        for response in told["responses"].values():
            response.pop("content", None)
    return told


def _segment(route: Route, name: str) -> Json:
    if name == "dataset":
        sets = catalog.ENTITIES if route.path.startswith("/entities") else catalog.REPORTS
        return {"type": "string", "enum": [each.key for each in sets]}
    return {"type": "string", "pattern": f"^{SEGMENT.pattern}$"}


def _body(function: str, route: Route) -> Json | None:
    if route.form:
        fields = {name: {"type": "string", "maxLength": LONGEST} for name in route.form}
        schema: Json = {"type": "object", "properties": fields}
        return {"content": {"application/x-www-form-urlencoded": {"schema": schema}}}
    if route.method != "POST" or function in OPEN:
        return None
    schema = _with_parts(route, _schema(readings(route)))
    required = "required" in schema
    return {"required": required, "content": {"application/json": {"schema": schema}}}


def _with_parts(route: Route, schema: Json) -> Json:
    """What the catalog's checks read of it, in place of "an object"."""
    kinds = {"/entities": ENTITIES, "/reports": REPORTS}
    kind = next((kinds[start] for start in kinds if route.path.startswith(start)), ANY)
    known = {**parts(), "options": {"$ref": f"#/components/schemas/{kind}"}}
    fields = schema.get("properties", {})
    return {**schema, "properties": {**fields, **{k: v for k, v in known.items() if k in fields}}}


def readings(route: Route) -> dict[str, Reading]:
    """All that the handler reads of a body, by place."""
    found: dict[str, Reading] = {}

    def hear(reading: Reading) -> None:
        held = found.get(reading.place)
        # A text that must be there is read as one that may be missing as well.
        if held is None or (reading.required and not held.required) or not held.schema:
            found[reading.place] = reading

    for _ in range(_MOST_PASSES):
        before = dict(found)
        token = listening(hear)
        try:
            _called(route, _sample(found))
        except BadRequest as wrong:
            field = wrong.details.get("field")
            # A handler that looks for a field by itself names what it lacks.
            if isinstance(field, str) and (field not in found or not found[field].schema):
                found[field] = Reading(field, {"type": ["object", "null"]}, required=True)
        except Exception:  # noqa: S110 - the services are none: all that counts was read before
            pass
        finally:
            deaf(token)
        if found == before:
            return found
    raise AssertionError(f"{route.path} never ceases to ask")


def _called(route: Route, body: Json) -> None:
    with _asked(route, body):
        route.handler(flask.request, answers.nothing())


@functools.cache
def _app() -> flask.Flask:
    return flask.Flask("openapi")


@contextlib.contextmanager
def _asked(route: Route, body: Json) -> Iterator[None]:
    """Within a request for the route."""
    with _app().test_request_context(method=route.method, json=body):
        flask.request.view_args = {
            name: _segment(route, name).get("enum", ["x"])[0]
            for name in re.findall(r"{(\w+)}", route.path)
        }
        yield


def _sample(found: Mapping[str, Reading]) -> Json:
    body: Json = {}
    for place in sorted(found, key=lambda place: place.count(".")):
        *parts, name = place.split(".")
        inside = body
        for part in parts:
            inside = inside.setdefault(part, {})
        inside[name] = _value(name, found[place].schema)
    return body


def _value(name: str, schema: Mapping[str, Any]) -> Any:
    if name in EXAMPLES:
        return EXAMPLES[name]
    if "enum" in schema:
        return schema["enum"][0]
    if "type" not in schema:
        return None
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if "pattern" in schema:
        return "a" * 64
    return {"string": "x", "array": [], "boolean": False, "integer": 0, "object": {}}[kinds[0]]


def _schema(found: Mapping[str, Reading]) -> Json:
    """Nested objects out of dotted places. What is not read is ignored, so nothing is banned."""
    whole: Json = {"type": "object"}
    for place in sorted(found, key=lambda place: (place.count("."), place)):
        *parts, name = place.split(".")
        inside = whole
        for part in parts:
            inside = inside["properties"][part]
        inside.setdefault("properties", {})[name] = dict(found[place].schema)
        if found[place].required:
            inside.setdefault("required", []).append(name)
            _require(whole, parts)
    return whole


def _require(whole: Json, parts: list[str]) -> None:
    """What holds a field that must be there must be there itself."""
    inside = whole
    for part in parts:
        if part not in inside.setdefault("required", []):
            inside["required"].append(part)
        inside = inside["properties"][part]
        inside["type"] = "object"


def _responses(function: str, route: Route) -> Json:
    """Those that the route can give, and no others."""
    told = _browsed(route) if function in BROWSER else {"200": _good(route)}
    return told | ({} if route.falls_to else _refusals(route))


def _browsed(route: Route) -> Json:
    reached = reaches(route.handler.__module__, route.handler.__qualname__)
    told: Json = {}
    if (pages.__name__, "_page") in reached:
        content = {"text/html": {"schema": {"type": "string"}}}
        told["200"] = {"description": "A page", "content": content}
    if route.falls_to or (oauth.__name__, "_redirect") in reached:
        told["302"] = {"description": "To a page of ours, or on to Intuit"}
    return told


def _good(route: Route) -> Json:
    """What it answers where all goes well."""
    body = _sample(readings(route))
    body |= dict.fromkeys(_flags(body), True)

    def answer(services: Services) -> answers.Answer:
        with _asked(route, body):
            return route.handler(flask.request, services)

    content = {"application/json": {"schema": answers.schema(answer)}}
    return {"description": "Done", "content": content}


def _flags(body: Json) -> list[str]:
    return [name for name, value in body.items() if isinstance(value, bool)]


def _refusals(route: Route) -> Json:
    """By status, with the codes that it may carry."""
    names = refusals_of(route.handler.__module__, route.handler.__qualname__)
    # The boundary itself answers what nobody expected, and looks how large any body is.
    names |= {AppError.__name__, RequestTooLarge.__name__}
    kinds = [kind for kind in _kinds(AppError) if kind.__name__ in names]
    by_status: dict[int, set[str]] = {}
    for kind in kinds:
        by_status.setdefault(kind.status, set()).add(kind.code)
    schema = {"$ref": "#/components/schemas/Error"}
    return {
        str(status): {
            "description": ", ".join(sorted(codes)),
            "content": {"application/json": {"schema": schema}},
        }
        for status, codes in sorted(by_status.items())
    }


def _kinds(kind: type[AppError]) -> Iterator[type[AppError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _kinds(below)


def _error_schema() -> Json:
    fields: Json = {
        "code": {"type": "string", "enum": sorted({each.code for each in _kinds(AppError)})},
        "message": {"type": "string", "minLength": 1, "description": "A sentence for the person"},
        "retryable": {"type": "boolean"},
        "details": {"type": "object"},
    }
    error = {
        "type": "object",
        "required": list(fields),
        "properties": fields,
        "additionalProperties": False,
    }
    # What the sheet may do about it, where rates are missing; which total does not add up.
    beside = {
        "operations": {"type": "array", "items": {"type": "object"}},
        "apart": {"type": "string"},
    }
    return {
        "type": "object",
        "required": ["error"],
        "properties": {"error": error, **beside},
        "additionalProperties": False,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(document(), indent=1, ensure_ascii=False) + "\n")
