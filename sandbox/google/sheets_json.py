"""Tabs, ranges, names and metadata in the words of the Sheets API, both ways."""

from __future__ import annotations

from typing import Any

from sandbox.google.a1 import Rect
from sandbox.google.cells import GridError
from sandbox.google.grid import Metadata, NamedRange, Workbook
from sandbox.google.marks import Group
from sandbox.google.sheets_cells import color_json
from sandbox.google.tab import Tab

Json = dict[str, Any]

DEFAULT_WIDTH = 100
DEFAULT_HEIGHT = 21


def sheet_properties(workbook: Workbook, tab: Tab) -> Json:
    grid: Json = {"rowCount": tab.row_count, "columnCount": tab.column_count}
    if tab.frozen_rows:
        grid["frozenRowCount"] = tab.frozen_rows
    if tab.frozen_columns:
        grid["frozenColumnCount"] = tab.frozen_columns
    if tab.gridlines_hidden:
        grid["hideGridlines"] = True
    made: Json = {
        "sheetId": tab.sheet_id,
        "title": tab.title,
        "index": workbook.tabs.index(tab),
        "sheetType": "GRID",
        "gridProperties": grid,
    }
    if tab.tab_color:
        color = color_json(tab.tab_color)
        made |= {"tabColor": color, "tabColorStyle": {"rgbColor": color}}
    return made | ({"hidden": True} if tab.hidden else {})


def grid_range(sheet_id: int, rect: Rect | None) -> Json:
    """As the server answers: a sheet id of 0 is left out, like every zero that means nothing."""
    made: Json = {"sheetId": sheet_id} if sheet_id else {}
    if rect is not None:
        made |= {
            "startRowIndex": rect.row,
            "endRowIndex": rect.end_row,
            "startColumnIndex": rect.column,
            "endColumnIndex": rect.end_column,
        }
    return made


def tab_and_rect(workbook: Workbook, asked: Json) -> tuple[Tab, Rect]:
    """Of a GridRange; what it leaves open reaches the edge of the tab. Raises GridError."""
    tab = must_tab(workbook, asked.get("sheetId", 0))
    row, column = asked.get("startRowIndex", 0), asked.get("startColumnIndex", 0)
    end_row = asked.get("endRowIndex", tab.row_count)
    end_column = asked.get("endColumnIndex", tab.column_count)
    if end_row < row or end_column < column:
        raise GridError("The end of a range must not lie before its start.")
    rect = Rect(row, column, end_row - row, end_column - column)
    tab.check_inside(rect)
    return tab, rect


def must_tab(workbook: Workbook, sheet_id: int) -> Tab:
    tab = workbook.tab_by_id(sheet_id)
    if tab is None:
        raise GridError(f"No grid with id: {sheet_id}")
    return tab


def dimension_range(sheet_id: int, axis: str, start: int, end: int) -> Json:
    made: Json = {"sheetId": sheet_id} if sheet_id else {}
    return made | {"dimension": axis, "startIndex": start, "endIndex": end}


def group_json(sheet_id: int, group: Group) -> Json:
    place = dimension_range(sheet_id, group.axis, group.start, group.end)
    return {"range": place, "depth": group.depth}


def named_range_json(named: NamedRange) -> Json:
    return {
        "namedRangeId": named.id,
        "name": named.name,
        "range": grid_range(named.sheet_id, named.rect),
    }


def metadata_json(item: Metadata) -> Json:
    location: Json = {"locationType": "SPREADSHEET", "spreadsheet": True}
    if item.sheet_id is not None:
        location = {"locationType": "SHEET"} | grid_range(item.sheet_id, None)
    made: Json = {
        "metadataId": item.id,
        "metadataKey": item.key,
        "location": location,
        "visibility": item.visibility,
    }
    return made | ({"metadataValue": item.value} if item.value else {})
