"""Tabs, ranges, names and metadata in the words of the Sheets API, both ways."""

from __future__ import annotations

from typing import Any

from sandbox.google.a1 import Rect
from sandbox.google.cells import GridError
from sandbox.google.grid import NamedRange, Workbook
from sandbox.google.marks import Group
from sandbox.google.metadata import Metadata
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


def dimension_span(workbook: Workbook, asked: Json) -> tuple[Tab, str, int, int]:
    tab = must_tab(workbook, asked.get("sheetId", 0))
    axis = dimension(asked)
    size = tab.row_count if axis == "ROWS" else tab.column_count
    start, end = asked.get("startIndex", 0), asked.get("endIndex", size)
    if not 0 <= start < end:
        raise GridError(f"Invalid dimension range: {start} to {end}.")
    return tab, axis, start, end - start


def dimension(asked: Json) -> str:
    axis: str = asked.get("dimension", "DIMENSION_UNSPECIFIED")
    if axis == "DIMENSION_UNSPECIFIED":
        raise GridError("dimension must be ROWS or COLUMNS.")
    return axis


def named_range_json(named: NamedRange) -> Json:
    return {
        "namedRangeId": named.id,
        "name": named.name,
        "range": grid_range(named.sheet_id, named.rect),
    }


def metadata_json(item: Metadata) -> Json:
    location: Json = {"locationType": location_type(item)}
    if item.sheet_id is None:
        location["spreadsheet"] = True
    elif item.line is None:
        location |= grid_range(item.sheet_id, None)
    else:
        line = item.line
        place = dimension_range(item.sheet_id, line.axis, line.at, line.at + 1)
        location["dimensionRange"] = place
    made: Json = {
        "metadataId": item.id,
        "metadataKey": item.key,
        "location": location,
        "visibility": item.visibility,
    }
    return made | ({"metadataValue": item.value} if item.value else {})


def location_type(item: Metadata) -> str:
    if item.sheet_id is None:
        return "SPREADSHEET"
    return "SHEET" if item.line is None else item.line.axis.removesuffix("S")
