"""Parts of requests that are checked against the catalog, as the checks themselves tell of them."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from counterfoil import catalog
from counterfoil.core import report_standing, schedules, standing
from counterfoil.core.datasets import Dataset, ParameterType, Report
from counterfoil.core.errors import AppError
from counterfoil.core.readings import Reading, deaf, listening
from counterfoil.flows.choices import checked
from counterfoil.flows.saved import SavedExports
from counterfoil.openapi.answers import nothing

Json = dict[str, Any]
_DAY = date(2026, 1, 31)
_SAMPLES = {ParameterType.IDS: "1", ParameterType.NUMBER: "1", ParameterType.TEXT: "x"}
ENTITIES, REPORTS, ANY = "EntityOptions", "ReportOptions", "Options"


@functools.cache
def schemas() -> Mapping[str, Json]:
    """By name: the options of lists and transactions, those of reports, and of any of them."""
    lists = functools.reduce(united, map(_options, catalog.ENTITIES))
    reports = functools.reduce(united, map(_options, catalog.REPORTS))
    return {ENTITIES: lists, REPORTS: reports, ANY: united(lists, reports)}


@functools.cache
def parts() -> Mapping[str, Json]:
    """By the name of a request's field, of those that are read in one piece."""
    heard = _heard(lambda: schedules.parsed({}))
    heard |= _heard(lambda: standing.standing({}, "", ()))
    told = heard["block"]
    told = united(told, _heard(lambda: report_standing.standing_of({}, ""))["block"])
    document = _heard(_load)["document"]
    options = {"$ref": f"#/components/schemas/{ANY}"}
    properties = {**document["properties"], "options": options}
    return {"schedule": heard["schedule"], "block": told,
            "document": {**document, "properties": properties}}  # fmt: skip


def _load() -> None:
    nobody: Any = nothing()
    SavedExports(nobody, nobody, nobody, nobody).load(
        nobody, nobody, connection_ids=[], document={}
    )


# Of which kind of value a keyword speaks.
_OF = {
    **dict.fromkeys(("items", "minItems", "maxItems", "uniqueItems"), "array"),
    **dict.fromkeys(("required", "additionalProperties", "minProperties"), "object"),
    **dict.fromkeys(("pattern", "format", "minLength", "maxLength"), "string"),
    **dict.fromkeys(("minimum", "maximum"), "integer"),
}


def united(one: Json, other: Json) -> Json:
    """What allows whatever one of both does, and little more."""
    if one == other:
        return one
    found: Json = {}
    for name in dict.fromkeys([*one, *other]):
        held = [each[name] for each in (one, other) if name in each]
        apart = [each for each in (one, other) if name not in each]
        if name == "properties":
            names = dict.fromkeys(key for part in held for key in part)
            found[name] = {
                key: functools.reduce(united, [part[key] for part in held if key in part])
                for key in names
            }
        elif len(held) == 2:
            _unite(found, name, held[0], held[1])
        elif name in _OF and _OF[name] not in _kinds(apart[0]):
            found[name] = held[0]  # it says nothing of what the other one is
    return found


def _kinds(schema: Json) -> list[str]:
    """The kinds of value that it allows."""
    kind = schema.get("type", list(set(_OF.values())))
    return kind if isinstance(kind, list) else [kind]


def _unite(found: Json, name: str, one: Any, other: Any) -> None:
    """One keyword that both have; what they do not agree on is left out."""
    if one == other:
        found[name] = one
    elif name in ("enum", "type"):
        lists = [each if isinstance(each, list) else [each] for each in (one, other)]
        found[name] = list(dict.fromkeys([*lists[0], *lists[1]]))
    elif name == "required":
        found[name] = [each for each in one if each in other]
    elif name == "anyOf":
        found[name] = _alternatives([*one, *other])
    elif name in ("items", "additionalProperties"):
        found[name] = united(one, other)


def _alternatives(every: list[Json]) -> list[Json]:
    """Those that have the same parts are one."""
    found: dict[tuple[str, ...], Json] = {}
    for each in every:
        parts = tuple(each.get("properties", ())) or tuple(each)
        found[parts] = united(found[parts], each) if parts in found else each
    return list(found.values())


def _options(dataset: Dataset) -> Json:
    """What the options of one dataset may be: told with none, then with each that opens others."""
    options: Json = {"parameters": _required(dataset)} if isinstance(dataset, Report) else {}
    told = _told(dataset, options)
    for name, schema in list(told.items()):
        for value in schema.get("enum", ()) if "." not in name else ():
            told = {**_told(dataset, {**options, name: value}), **told}
    properties: Json = {name: schema for name, schema in told.items() if "." not in name}
    inside = {name.partition(".")[2]: schema for name, schema in told.items() if "." in name}
    if inside:
        properties["parameters"] = {
            **properties["parameters"], "properties": inside, "additionalProperties": False
        }  # fmt: skip
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _told(dataset: Dataset, options: Mapping[str, Any]) -> dict[str, Json]:
    return _heard(lambda: checked(dataset, options, _DAY))


def _required(report: Report) -> dict[str, str]:
    return {
        each.key: each.choices[0] if each.choices else _SAMPLES.get(each.type, _DAY.isoformat())
        for each in report.parameters
        if each.required
    }


def _heard(read: Callable[[], object]) -> dict[str, Json]:
    """What is told while it reads, whatever becomes of that."""
    told: dict[str, Json] = {}

    def hear(reading: Reading) -> None:
        told.setdefault(reading.place, dict(reading.schema))

    token = listening(hear)
    try:
        with contextlib.suppress(AppError):
            read()
    finally:
        deaf(token)
    return told
