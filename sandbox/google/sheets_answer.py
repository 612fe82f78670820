"""A whole spreadsheet in the words of the Sheets API, with grid data where it is wanted."""

from __future__ import annotations

from typing import Any

from sandbox.google import sheets_attached, sheets_charts
from sandbox.google.a1 import Rect
from sandbox.google.grid import Workbook
from sandbox.google.sheets_cells import cell_json
from sandbox.google.sheets_json import (
    DEFAULT_HEIGHT,
    DEFAULT_WIDTH,
    group_json,
    metadata_json,
    named_range_json,
    sheet_properties,
)
from sandbox.google.tab import Tab

Json = dict[str, Any]


def spreadsheet(workbook: Workbook, tabs: list[Tab], rects: list[tuple[Tab, Rect]] | None) -> Json:
    """`rects` are the grid data that is wanted; None for none."""
    sheets = []
    for tab in tabs:
        sheet: Json = {"properties": sheet_properties(workbook, tab)}
        sheet |= sheets_attached.of_sheet(workbook, tab)
        own_charts = sheets_charts.of_sheet(workbook, tab)
        if own_charts:
            sheet["charts"] = [*sheet.get("charts", []), *own_charts]
        if rects is not None:
            sheet["data"] = [_grid_data(tab, rect) for of, rect in rects if of is tab]
        own = workbook.find_metadata(sheet_id=tab.sheet_id)
        if own:
            sheet["developerMetadata"] = [metadata_json(item) for item in own]
        for axis, name in (("ROWS", "rowGroups"), ("COLUMNS", "columnGroups")):
            groups = [group_json(tab.sheet_id, g) for g in tab.groups if g.axis == axis]
            if groups:
                sheet[name] = groups
        sheets.append(sheet)
    answer: Json = {
        "spreadsheetId": workbook.id,
        "spreadsheetUrl": f"https://docs.google.com/spreadsheets/d/{workbook.id}/edit",
        "properties": {
            "title": workbook.title,
            "locale": workbook.locale,
            "timeZone": workbook.time_zone,
            "autoRecalc": "ON_CHANGE",
        },
        "sheets": sheets,
    }
    if workbook.named_ranges:
        answer["namedRanges"] = [named_range_json(n) for n in workbook.named_ranges.values()]
    whole = [m for m in workbook.find_metadata() if m.sheet_id is None]
    return answer | ({"developerMetadata": [metadata_json(m) for m in whole]} if whole else {})


def _grid_data(tab: Tab, rect: Rect) -> Json:
    values = tab.values(rect)
    rows = []
    for row, line in enumerate(values, rect.row):
        there = [tab.cell(row, column) for column in range(rect.column, rect.end_column)]
        cells = [
            cell_json(cell, value, tab.pattern(cell))
            for cell, value in zip(there, line, strict=True)
        ]
        while cells and not cells[-1]:
            cells.pop()
        rows.append({"values": cells} if cells else {})
    while rows and not rows[-1]:
        rows.pop()
    data: Json = {"startRow": rect.row} if rect.row else {}
    data |= {"startColumn": rect.column} if rect.column else {}
    data |= {"rowData": rows} if rows else {}
    filtered = tab.workbook.attached.filtered_rows(tab)
    data["rowMetadata"] = [
        {"pixelSize": tab.heights.get(r, DEFAULT_HEIGHT)}
        | ({"hiddenByUser": True} if r in tab.hidden_rows else {})
        | ({"hiddenByFilter": True} if r in filtered else {})
        for r in range(rect.row, rect.end_row)
    ]
    data["columnMetadata"] = [
        {"pixelSize": tab.widths.get(c, DEFAULT_WIDTH)}
        | ({"hiddenByUser": True} if c in tab.hidden_columns else {})
        for c in range(rect.column, rect.end_column)
    ]
    _add_metadata(tab, rect, data)
    return data


def _add_metadata(tab: Tab, rect: Rect, data: Json) -> None:
    """What is on the rows and columns that are shown."""
    for item in tab.workbook.metadata.values():
        if item.sheet_id != tab.sheet_id or item.line is None:
            continue
        by_row = item.line.axis == "ROWS"
        first, end = (rect.row, rect.end_row) if by_row else (rect.column, rect.end_column)
        if first <= item.line.at < end:
            line = data["rowMetadata" if by_row else "columnMetadata"][item.line.at - first]
            line.setdefault("developerMetadata", []).append(metadata_json(item))
