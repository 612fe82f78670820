"""The requests of `spreadsheets.batchUpdate` over the grid: all of them happen, or none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.google import (
    sheets_attached,
    sheets_charts,
    sheets_dimensions,
    sheets_metadata,
    sheets_ranges,
)
from sandbox.google.a1 import Rect
from sandbox.google.cells import Cell, GridError
from sandbox.google.duplicates import TabCopy
from sandbox.google.grid import Workbook
from sandbox.google.sheets_cells import CellUpdate, hex_color
from sandbox.google.sheets_contract import Violation
from sandbox.google.sheets_fields import mask_text, only, paths
from sandbox.google.sheets_json import must_tab, named_range_json, sheet_properties, tab_and_rect
from sandbox.google.tab import Tab

Json = dict[str, Any]


def batch_update(workbook: Workbook, requests: list[Json]) -> list[Json]:
    """One reply per request. Raises GridError, and then nothing has changed."""
    if not requests:
        raise GridError("Must specify at least one request.")
    replies = []
    with workbook.atomic():
        for i, request in enumerate(requests):
            if len(request) != 1:
                raise GridError(f"Invalid requests[{i}]: exactly one request must be set.")
            ((kind, asked),) = request.items()
            if kind not in _REQUESTS:
                raise GridError(f"Invalid requests[{i}]: the sandbox does not know {kind}.")
            try:
                replies.append(_REQUESTS[kind](workbook, asked))
            except (GridError, Violation) as wrong:
                raise GridError(f"Invalid requests[{i}].{kind}: {wrong}") from wrong
    return replies


def _add_sheet(workbook: Workbook, asked: Json) -> Json:
    properties = asked.get("properties", {})
    grid = properties.get("gridProperties", {})
    known = ("sheetId", "title", "index", "sheetType", "gridProperties", "hidden")
    only(properties, *known, "tabColor", "tabColorStyle")
    only(grid, "rowCount", "columnCount", "frozenRowCount", "frozenColumnCount", "hideGridlines")
    if properties.get("sheetType", "GRID") != "GRID":
        raise GridError("The sandbox knows sheets of type GRID only.")
    tab = workbook.add_tab(
        properties.get("title"),
        index=properties.get("index"),
        hidden=properties.get("hidden", False),
        rows=grid.get("rowCount", 1000),
        columns=grid.get("columnCount", 26),
        sheet_id=properties.get("sheetId"),
    )
    tab.freeze(rows=grid.get("frozenRowCount", 0), columns=grid.get("frozenColumnCount", 0))
    tab.gridlines_hidden = grid.get("hideGridlines", False)
    tab.tab_color = _tab_color(properties)
    return {"addSheet": {"properties": sheet_properties(workbook, tab)}}


def _delete_sheet(workbook: Workbook, asked: Json) -> Json:
    workbook.delete_tab(must_tab(workbook, asked.get("sheetId", 0)))
    return {}


def _duplicate_sheet(workbook: Workbook, asked: Json) -> Json:
    source = must_tab(workbook, asked.get("sourceSheetId", 0))
    tab = TabCopy.of(source).put(
        workbook,
        title=asked.get("newSheetName"),
        index=asked.get("insertSheetIndex", 0),
        sheet_id=asked.get("newSheetId"),
    )
    return {"duplicateSheet": {"properties": sheet_properties(workbook, tab)}}


def _update_sheet_properties(workbook: Workbook, asked: Json) -> Json:
    properties = asked.get("properties", {})
    grid = properties.get("gridProperties", {})
    tab = must_tab(workbook, properties.get("sheetId", 0))
    whole = ("tabColor", "tabColorStyle")
    for path in paths(asked, "SheetProperties", properties, whole):
        match path:
            case ("title",):
                workbook.rename_tab(tab, properties.get("title", ""))
            case ("index",):
                _move_tab(workbook, tab, properties.get("index", 0))
            case ("hidden",):
                workbook.hide_tab(tab, properties.get("hidden", False))
            case ("gridProperties", "rowCount"):
                _resize(tab, rows=grid.get("rowCount", 0))
            case ("gridProperties", "columnCount"):
                _resize(tab, columns=grid.get("columnCount", 0))
            case ("gridProperties", "frozenRowCount"):
                tab.freeze(rows=grid.get("frozenRowCount", 0))
            case ("gridProperties", "frozenColumnCount"):
                tab.freeze(columns=grid.get("frozenColumnCount", 0))
            case ("gridProperties", "hideGridlines"):
                tab.gridlines_hidden = grid.get("hideGridlines", False)
            case ("tabColor" | "tabColorStyle", *_):
                tab.tab_color = _tab_color(properties)
            case ("sheetId",):
                pass  # says which one; it can be in a mask of "*"
            case _:
                raise GridError(f"The sandbox cannot update {'.'.join(path)}.")
    return {}


def _tab_color(properties: Json) -> str:
    style = properties.get("tabColorStyle", {})
    if "themeColor" in style:
        raise GridError("The sandbox does not keep the theme's colours.")
    color = style.get("rgbColor", properties.get("tabColor"))
    return "" if color is None else hex_color(color)


def _move_tab(workbook: Workbook, tab: Tab, index: int) -> None:
    if not 0 <= index <= len(workbook.tabs):
        raise GridError(f"Sheet index {index} is out of bounds.")
    # The index counts the tabs as they stand before the move.
    workbook.move_tab(tab, index - 1 if index > workbook.tabs.index(tab) else index)


def _resize(tab: Tab, *, rows: int | None = None, columns: int | None = None) -> None:
    if rows is not None:
        if rows > tab.row_count:
            tab.append_rows(rows - tab.row_count)
        elif rows < tab.row_count:
            tab.delete_rows(rows, tab.row_count - rows)
    if columns is not None:
        if columns > tab.column_count:
            tab.append_columns(columns - tab.column_count)
        elif columns < tab.column_count:
            tab.delete_columns(columns, tab.column_count - columns)


def _update_cells(workbook: Workbook, asked: Json) -> Json:
    update = CellUpdate(mask_text(asked))
    rows = asked.get("rows", [])
    if ("range" in asked) == ("start" in asked):
        raise GridError("Exactly one of range and start must be set.")
    if "range" in asked:
        tab, rect = tab_and_rect(workbook, asked["range"])
    else:
        start = asked["start"]
        tab = must_tab(workbook, start.get("sheetId", 0))
        widest = max((len(row.get("values", [])) for row in rows), default=0)
        rect = Rect(start.get("rowIndex", 0), start.get("columnIndex", 0), len(rows), widest)
        tab.check_inside(rect)
    workbook.attached.check_unprotected(tab, rect)
    covered = workbook.attached.covered(tab)
    for r, row in enumerate(rows):
        cells = row.get("values", [])
        if r >= rect.rows:
            raise GridError(f"Attempting to write row: {rect.row + r}, beyond the last requested.")
        if len(cells) > rect.columns:
            column = rect.column + rect.columns
            raise GridError(f"Attempting to write column: {column}, beyond the last requested.")
        for c, data in enumerate(cells):
            if (rect.row + r, rect.column + c) in covered:
                continue
            _put(tab, rect.row + r, rect.column + c, update, data)
    if "range" in asked:
        _clear_rest(tab, rect, rows, update)
    return {}


def _clear_rest(tab: Tab, rect: Rect, rows: list[Json], update: CellUpdate) -> None:
    """What the range covers and the rows do not is cleared, as far as the mask says."""
    for r in range(rect.rows):
        given = len(rows[r].get("values", [])) if r < len(rows) else 0
        for c in range(given, rect.columns):
            _put(tab, rect.row + r, rect.column + c, update, {})


def _put(tab: Tab, row: int, column: int, update: CellUpdate, data: Json) -> None:
    tab.put(row, column, update.applied(tab.cell(row, column), data))


def _repeat_cell(workbook: Workbook, asked: Json) -> Json:
    update = CellUpdate(mask_text(asked))
    tab, rect = tab_and_rect(workbook, asked.get("range", {}))
    workbook.attached.check_unprotected(tab, rect)
    data = asked.get("cell", {})
    known: dict[Cell, Cell] = {}

    def changed(cell: Cell) -> Cell:
        if cell not in known:
            known[cell] = update.applied(cell, data)
        return known[cell]

    tab.change(rect, changed)
    return {}


def _append_cells(workbook: Workbook, asked: Json) -> Json:
    """Below the last row that holds anything; the grid grows where it has to."""
    only(asked, "sheetId", "rows", "fields")
    tab, rows = must_tab(workbook, asked.get("sheetId", 0)), asked.get("rows", [])
    first = tab.data_extent().rows
    widest = max((len(row.get("values", [])) for row in rows), default=0)
    if first + len(rows) > tab.row_count:
        tab.append_rows(first + len(rows) - tab.row_count)
    if widest > tab.column_count:
        tab.append_columns(widest - tab.column_count)
    start = {"sheetId": tab.sheet_id, "rowIndex": first}
    return _update_cells(workbook, {"rows": rows, "fields": asked.get("fields"), "start": start})


def _add_named_range(workbook: Workbook, asked: Json) -> Json:
    given = asked.get("namedRange", {})
    tab, rect = tab_and_rect(workbook, given.get("range", {}))
    named = workbook.name_range(
        given.get("name", ""), tab.sheet_id, rect, id=given.get("namedRangeId"), new=True
    )
    return {"addNamedRange": {"namedRange": named_range_json(named)}}


def _update_named_range(workbook: Workbook, asked: Json) -> Json:
    given = asked.get("namedRange", {})
    there = workbook.named_ranges.get(given.get("namedRangeId", ""))
    if there is None:
        raise GridError(f"No named range with id: {given.get('namedRangeId')}")
    name, sheet_id, rect = there.name, there.sheet_id, there.rect
    for path in paths(asked, "NamedRange", given):
        if path == ("name",):
            name = given.get("name", "")
        elif path[0] == "range":
            tab, rect = tab_and_rect(workbook, given.get("range", {}))
            sheet_id = tab.sheet_id
        elif path != ("namedRangeId",):
            raise GridError(f"The sandbox cannot update {'.'.join(path)}.")
    if rect is None:
        raise GridError("The named range has no range any more.")
    workbook.name_range(name, sheet_id, rect, id=there.id)
    return {}


def _delete_named_range(workbook: Workbook, asked: Json) -> Json:
    workbook.remove_name(asked.get("namedRangeId", ""))
    return {}


def _update_spreadsheet_properties(workbook: Workbook, asked: Json) -> Json:
    given = asked.get("properties", {})
    for path in paths(asked, "SpreadsheetProperties", given):
        match path:
            case ("title",):
                workbook.title = given.get("title", "")
            case ("locale",):
                workbook.locale = given.get("locale", "")
            case ("timeZone",):
                workbook.time_zone = given.get("timeZone", "")
            case _:
                raise GridError(f"The sandbox cannot update {'.'.join(path)}.")
    return {}


_REQUESTS: dict[str, Callable[[Workbook, Json], Json]] = {
    "addSheet": _add_sheet,
    "deleteSheet": _delete_sheet,
    "updateSheetProperties": _update_sheet_properties,
    "duplicateSheet": _duplicate_sheet,
    "updateSpreadsheetProperties": _update_spreadsheet_properties,
    "updateCells": _update_cells,
    "repeatCell": _repeat_cell,
    "appendCells": _append_cells,
    "addNamedRange": _add_named_range,
    "updateNamedRange": _update_named_range,
    "deleteNamedRange": _delete_named_range,
    "createDeveloperMetadata": sheets_metadata.create,
    "updateDeveloperMetadata": sheets_metadata.update,
    "deleteDeveloperMetadata": sheets_metadata.delete,
    **sheets_attached.REQUESTS,
    **sheets_charts.REQUESTS,
    **sheets_dimensions.REQUESTS,
    **sheets_ranges.REQUESTS,
}
