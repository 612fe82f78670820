"""What can be exported, as data. Pure.

The endpoints, their validation, the sidebar's forms, the tests and the README's table all
follow from here.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from counterfoil.catalog.also_called import ALSO_CALLED
from counterfoil.catalog.choice_titles import title as choice_title
from counterfoil.catalog.entities import ENTITIES as ENTITIES
from counterfoil.catalog.filters import filters_of as filters_of
from counterfoil.catalog.options import chosen_columns as chosen_columns
from counterfoil.catalog.options import chosen_dates as chosen_dates
from counterfoil.catalog.options import columns_of as columns_of
from counterfoil.catalog.options import default_columns as default_columns
from counterfoil.catalog.packs import PACKS as PACKS
from counterfoil.catalog.parameters import chosen_parameters as chosen_parameters
from counterfoil.catalog.parameters import sent_parameters as sent_parameters
from counterfoil.catalog.report_filters import report_filters as report_filters
from counterfoil.catalog.reports import REPORTS as REPORTS
from counterfoil.catalog.ties import against, ties_of
from counterfoil.core.datasets import Column, Entity, ParameterType, Report
from counterfoil.core.errors import UnknownDataset
from counterfoil.core.filters import Filter

_NOT_IN_FORMS = (ParameterType.IDS, ParameterType.DAY, ParameterType.TEXT)


def entity(key: str) -> Entity:
    """Raises UnknownDataset."""
    for known in ENTITIES:
        if known.key == key:
            return known
    raise _unknown([known.title for known in ENTITIES])


def report(key: str) -> Report:
    """Raises UnknownDataset."""
    for known in REPORTS:
        if known.key == key:
            return known
    raise _unknown([known.title for known in REPORTS])


def as_json() -> dict[str, Any]:
    """What `make catalog` prints."""
    return {
        "entities": [
            {
                "key": known.key,
                "title": known.title,
                "entity": known.entity,
                "columns": list(map(_shown, known.columns)),
                **({"lines": list(map(_shown, known.lines.columns))} if known.lines else {}),
            }
            for known in ENTITIES
        ],
        "reports": [
            {
                "key": known.key,
                "title": known.title,
                "report": known.report,
                "parameters": [
                    {
                        "key": parameter.key,
                        "title": parameter.title,
                        "type": parameter.type.value,
                        "choices": list(parameter.choices),
                        "titles": list(map(choice_title, parameter.choices)),
                        "required": parameter.required,
                        "most": parameter.most,
                        **({"offers": parameter.offers} if parameter.offers else {}),
                    }
                    for parameter in known.parameters
                ],
                "only_in": list(known.only_in),
                "not_in": list(known.not_in),
            }
            for known in REPORTS
        ],
    }


def _shown(column: Column) -> dict[str, Any]:
    return {
        "key": column.key,
        "title": column.title,
        "type": column.type.value,
        **({"sensitive": True} if column.sensitive else {}),
    }


def _filter(filter: Filter) -> dict[str, Any]:
    states = [{"key": each.key, "title": each.title} for each in filter.states]
    shown = {"key": filter.key, "title": filter.title, "kind": filter.kind.value}
    more = {"required": True} if filter.required else {}
    return {**shown, **({"states": states} if states else {}), **more}


def forms() -> dict[str, Any]:
    """What the sidebar draws its forms from: the same with defaults and a version, and with one
    date to pick for a report as of a day.
    """
    shown = as_json()
    for known, form in zip(ENTITIES, shown["entities"], strict=True):
        form["dates"] = known.date_path is not None
        form["inactive"] = known.has_active
        form["filters"] = list(map(_filter, filters_of(known)))
        for column, box in zip(known.columns, form["columns"], strict=True):
            box["default"] = column.default
        if known.lines is not None:
            form["beside"] = list(known.lines.beside)
            form["bundles"] = known.lines.has_bundles
            for column, box in zip(known.lines.columns, form["lines"], strict=True):
                box["default"] = column.default
    for report_shown, form in zip(REPORTS, shown["reports"], strict=True):
        # One date to pick for a state: where its columns begin is left to who calls the API. What
        # it takes ids of is chosen by name, and other days and texts by a filter.
        form["parameters"] = [
            each
            for each in form["parameters"]
            if (report_shown.computed or each["type"] not in _NOT_IN_FORMS)
            and not (report_shown.as_of and each["key"] == "start_date")
        ]
        form["filters"] = list(map(_filter, report_filters(report_shown)))
        form["accounts"] = report_shown.accounts
        form["detail"] = report_shown.is_detail
        form["comparable"] = report_shown.comparable
        form["calls"] = report_shown.calls
        form["all_dates"] = report_shown.takes_all_dates
        form["ties"] = [
            {
                "key": tie.key,
                "title": tie.title,
                "with": against(tie, report_shown),
                "calls": tie.calls,
            }
            for tie in ties_of(report_shown)
        ]
        form["consolidates"] = report_shown.consolidates
    for form in (*shown["entities"], *shown["reports"]):
        form["also"] = list(ALSO_CALLED.get(form["key"], ()))
    shown["packs"] = [pack.as_json() for pack in PACKS]
    return {"version": _version(shown), **shown}


def _version(shown: dict[str, Any]) -> str:
    text = json.dumps(shown, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _unknown(titles: list[str]) -> UnknownDataset:
    return UnknownDataset(f"There is no such export. There are: {', '.join(titles)}.")


VERSION: str = forms()["version"]
"""Changes whenever the forms do."""
