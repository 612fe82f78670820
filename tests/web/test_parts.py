"""What is told of options is what their checks take, and no more than that."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from counterfoil import catalog
from counterfoil.core.datasets import Dataset
from counterfoil.core.errors import BadRequest
from counterfoil.core.schedules import parsed
from counterfoil.flows.choices import checked
from counterfoil.openapi.parts import ENTITIES, REPORTS, parts, schemas, united

LISTS = [catalog.entity(key) for key in ("invoices", "customers", "purchases")]
OF_REPORTS = [
    catalog.report(key) for key in ("profit-and-loss", "balance-sheet", "trial-balance", "journal")
]
DAYS: Mapping[str, str] = {"start_date": "2026-01-01", "end_date": "2026-01-31"}
# What an option goes with, where it means nothing alone.
BESIDE: Mapping[str, dict[str, Any]] = {
    "headers": {"rows": "line"},
    "bundles": {"rows": "line"},
    "departed": {"mode": "update"},
    "first": {"sort": {"column": "id"}},
    "periods": {"compare": "previous_period"},
    "title_row": {"layout": "tidy"},
}
SAMPLES: Mapping[str, list[Any]] = {
    "columns": [["id"], ["id", "custom_1"]],
    "sort": [{"column": "id", "descending": True}],
    "cells": [{"from": "'Setup'!B1", "to": "'Setup'!B2"}],
    "dates": ["last_month", "last_30_days"],
    "filters": [[{"key": "customer", "is": ["Acme"]}]],
    "consolidate": [{"currency": "USD", "match": "name"}],
    "tie_out": [True],
    f"{ENTITIES} parameters": [{}],
    f"{REPORTS} parameters": [DAYS],
}
NONSENSE: list[Any] = ["no such", -1, 1.5, 10**9, [], ["no such"], {"no such": 1}, [None]]


def taken(dataset: Dataset, name: str, value: Any) -> bool:
    beside = BESIDE.get(name, {})
    options = {**(beside if dataset in OF_REPORTS or name != "title_row" else {}), name: value}
    if dataset in OF_REPORTS and not {"dates", "cells", "parameters"} & options.keys():
        keys = {each.key for each in dataset.parameters}  # type: ignore[union-attr]
        options["parameters"] = {key: day for key, day in DAYS.items() if key in keys}
    try:
        checked(dataset, options, date(2026, 2, 1))
    except BadRequest:
        return False
    return True


def told() -> list[tuple[str, str]]:
    return [(kind, name) for kind in (ENTITIES, REPORTS) for name in schemas()[kind]["properties"]]


@pytest.mark.parametrize(("kind", "name"), told())
def test_what_is_told_of_an_option_is_taken_and_what_is_not_is_refused(
    kind: str, name: str
) -> None:
    schema = schemas()[kind]["properties"][name]
    datasets: list[Dataset] = [*(LISTS if kind == ENTITIES else OF_REPORTS)]
    good = SAMPLES.get(name) or SAMPLES.get(f"{kind} {name}") or schema.get("enum") or {
        "boolean": [True, False], "integer": [schema.get("minimum"), schema.get("maximum")]
    }.get(schema["type"][0], ["2026-01-31"])  # fmt: skip
    for value in good:
        assert Draft202012Validator(schema).is_valid(value), value
        assert any(taken(each, name, value) for each in datasets), value
    for value in NONSENSE:
        if not Draft202012Validator(schema).is_valid(value):
            assert not any(taken(each, name, value) for each in datasets), value


@pytest.mark.parametrize(
    "dates", ["last_45_days", "last_3_months", "this_month", "last_0_days", "last_month ", 7, None]
)
def test_days_of_an_export_and_of_a_filter_are_told_as_they_are_taken(dates: Any) -> None:
    told, invoices = schemas()[ENTITIES]["properties"], catalog.entity("invoices")
    own: Any = dates
    narrowed: Any = [{"key": "due_date", "dates": dates}]
    for name, value in (("dates", own), ("filters", narrowed)):
        fits = Draft202012Validator(told[name]).is_valid(value)
        assert fits is taken(invoices, name, value), name


@pytest.mark.parametrize(
    "schedule",
    [
        {"often": "hourly"},
        {"often": "daily", "hour": 23},
        {"often": "daily", "hour": 24},
        {"often": "daily"},
        {"often": "hours", "every": 12, "hour": 0},
        {"often": "hours", "every": 5, "hour": 0},
        {"often": "minutes", "every": 15},
        {"often": "monthly", "day": 31, "hour": 4},
        {"often": "monthly", "day": 0, "hour": 4},
        {"often": "yearly"},
        {},
    ],
)
def test_a_schedule_is_taken_where_it_is_told(schedule: dict[str, Any]) -> None:
    fits = Draft202012Validator(parts()["schedule"]).is_valid(schedule)
    try:
        parsed(schedule)
    except BadRequest:
        assert not fits
    else:
        assert fits


def test_two_schemas_together_allow_what_either_does() -> None:
    one = {"type": ["string", "null"], "maxLength": 1}
    other = {"type": ["object", "null"], "properties": {"x": {"const": 1}}}
    both = united(one, other)
    assert both["maxLength"] == 1
    for value in ("a", None, {"x": 1}, {}):
        assert Draft202012Validator(both).is_valid(value), value
    assert united({"type": "string"}, {"type": "string", "maxLength": 1}) == {"type": "string"}
    assert united({"enum": ["a", None]}, {"enum": ["b", None]}) == {"enum": ["a", None, "b"]}
