"""What an export reads from the spreadsheet, as texts: cells (addon/Inputs.js), tabs (Tabs.js)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from counterfoil.adapters.sheet_calls import SheetCalls
from counterfoil.adapters.sheet_requests import Rect
from counterfoil.core.occasions import LONGEST_CELL

# Of a tab that is read whole. One row more than a run takes, so that it says so.
MOST_TAB_ROWS, MOST_TAB_COLUMNS, LONGEST_TAB_CELL = 5_001, 20, 500

_CELL = re.compile(r"'((?:[^']|'')+)'!\$?([A-Z]{1,3})\$?([1-9]\d{0,7})", re.ASCII)
_TABS = "sheets(properties(title,gridProperties(rowCount,columnCount)))"
# What a formula gives has its format in the second alone.
# https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/cells
_FORMATS = ("userEnteredFormat", "effectiveFormat")
_FORMAT = ",".join(f"{each}(numberFormat(type))" for each in _FORMATS)
_VALUES = (
    f"sheets(properties(title),data(rowData(values(effectiveValue,formattedValue,{_FORMAT}))))"
)
_DAYS = ("DATE", "DATE_TIME", "TIME")
# https://developers.google.com/workspace/sheets/api/guides/formats#about_date_time_values
_FIRST_DAY = date(1899, 12, 30)


def texts(calls: SheetCalls, references: Sequence[str]) -> dict[str, str | None]:
    """By reference; None where there is no such cell. Raises Stopped."""
    tabs = {
        sheet["properties"]["title"].lower(): sheet["properties"]
        for sheet in calls.fields(_TABS)["sheets"]
    }
    there: dict[str, list[str]] = {}
    for reference in references:
        if title := _inside(reference, tabs):
            there.setdefault(title, []).append(reference)
    found: dict[str, str | None] = dict.fromkeys(references)
    if not there:
        return found
    ranges = [each for some in there.values() for each in some]
    for sheet in calls.fields(_VALUES, ranges)["sheets"]:
        # The answer's ranges of a tab stand in the order in which they were asked for.
        asked = there[sheet["properties"]["title"]]
        for reference, data in zip(asked, sheet.get("data", ()), strict=False):
            found[reference] = _text(data)
    return {reference: "" if reference in ranges and text is None else text
            for reference, text in found.items()}  # fmt: skip


def tab_texts(calls: SheetCalls, titles: Sequence[str]) -> dict[str, list[list[str]] | None]:
    """What people filled in there, the rows as long as they are; None for a tab that is not there.
    As addon/Tabs.js sends it. Raises Stopped.
    """
    there = {
        sheet["properties"]["title"].lower(): sheet["properties"]
        for sheet in calls.fields(_TABS)["sheets"]
    }
    found: dict[str, list[list[str]] | None] = dict.fromkeys(titles)
    for title in titles:
        if tab := there.get(title.lower()):
            size = tab["gridProperties"]
            rows = min(size["rowCount"], MOST_TAB_ROWS)
            columns = min(size["columnCount"], MOST_TAB_COLUMNS)
            area = Rect(0, 0, 0, rows, columns).a1(tab["title"])
            (sheet,) = calls.fields(_VALUES, [area])["sheets"]
            found[title] = _rows(sheet.get("data", [{}])[0])
    return found


def _rows(data: Mapping[str, Any]) -> list[list[str]]:
    rows = [
        [_cell_text(cell)[:LONGEST_TAB_CELL] for cell in row.get("values", ())]
        for row in data.get("rowData", ())
    ]
    while rows and not any(rows[-1]):
        rows.pop()
    wide = max((len(row) for row in rows), default=0)
    return [row + [""] * (wide - len(row)) for row in rows]


def _inside(reference: str, tabs: Mapping[str, Mapping[str, Any]]) -> str | None:
    """The title of the tab in which that cell is."""
    parts = _CELL.fullmatch(reference)
    tab = tabs.get(parts[1].replace("''", "'").lower()) if parts else None
    if parts is None or tab is None:
        return None
    column = 0
    for letter in parts[2]:
        column = column * 26 + ord(letter) - 64
    size = tab["gridProperties"]
    inside = int(parts[3]) <= size["rowCount"] and column <= size["columnCount"]
    return str(tab["title"]) if inside else None


def _text(data: Mapping[str, Any]) -> str:
    cells = [cell for row in data.get("rowData", ()) for cell in row.get("values", ())]
    return _cell_text(cells[0])[:LONGEST_CELL] if cells else ""


def _cell_text(cell: Mapping[str, Any]) -> str:
    value = cell.get("effectiveValue", {})
    if "numberValue" in value:
        number = float(value["numberValue"])
        if any(
            cell.get(each, {}).get("numberFormat", {}).get("type") in _DAYS for each in _FORMATS
        ):
            return (_FIRST_DAY + timedelta(days=int(number))).isoformat()
        return str(int(number)) if number.is_integer() else repr(number)
    if "boolValue" in value:
        return "true" if value["boolValue"] else "false"
    text = value.get("stringValue", cell.get("formattedValue", ""))
    return str(text).strip()
