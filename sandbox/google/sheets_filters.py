"""Data filters: ranges found by their A1 text, their grid range or by developer metadata."""

from __future__ import annotations

from typing import Any

from sandbox.google import a1, sheets_metadata, sheets_values
from sandbox.google.a1 import Rect
from sandbox.google.cells import GridError
from sandbox.google.grid import Workbook
from sandbox.google.sheets_json import tab_and_rect
from sandbox.google.sheets_values import Render
from sandbox.google.tab import Tab

Json = dict[str, Any]


def found(workbook: Workbook, data_filter: Json) -> list[tuple[Tab, Rect]]:
    """What one filter selects; a lookup may find several places or none. Raises GridError."""
    if len(data_filter) != 1:
        raise GridError("Exactly one kind of data filter must be set.")
    if "a1Range" in data_filter:
        tab, rect, _ = sheets_values.located(workbook, data_filter["a1Range"])
        return [(tab, rect)]
    if "gridRange" in data_filter:
        return [tab_and_rect(workbook, data_filter["gridRange"])]
    places = []
    for item in sheets_metadata.matching(workbook, [data_filter]):
        place = sheets_metadata.place(workbook, item)
        # What is on the spreadsheet itself selects all of it.
        places += [place] if place else [(tab, Rect(0, 0, *tab.size)) for tab in workbook.tabs]
    return places


def all_found(workbook: Workbook, filters: list[Json]) -> list[tuple[Tab, Rect]]:
    places: list[tuple[Tab, Rect]] = []
    for data_filter in filters:
        places += [place for place in found(workbook, data_filter) if place not in places]
    return places


def read(workbook: Workbook, filters: list[Json], by: str, render: Render) -> list[Json]:
    """One MatchedValueRange for each place, with every filter that selects it."""
    selected = [(data_filter, found(workbook, data_filter)) for data_filter in filters]
    return [
        {
            "valueRange": sheets_values.read(workbook, _text(tab, rect), by, render),
            "dataFilters": [one for one, places in selected if (tab, rect) in places],
        }
        for tab, rect in all_found(workbook, filters)
    ]


def write(workbook: Workbook, data: Json, option: str, render: Render | None) -> list[Json]:
    """UpdateValuesByDataFilterResponse for each place that the filter of `data` selects."""
    data_filter = data.get("dataFilter", {})
    body = {name: value for name, value in data.items() if name != "dataFilter"}
    answers = []
    for tab, rect in found(workbook, data_filter):
        done = sheets_values.write(workbook, _text(tab, rect), body, option, render)
        done.pop("spreadsheetId")
        answers.append(done | {"dataFilter": data_filter})
    return answers


def clear(workbook: Workbook, filters: list[Json]) -> list[str]:
    places = all_found(workbook, filters)
    return [sheets_values.clear(workbook, _text(tab, rect)) for tab, rect in places]


def _text(tab: Tab, rect: Rect) -> str:
    return f"{a1.quoted(tab.title)}!{rect.a1()}"
