"""The requests of `spreadsheets.batchUpdate` over the grid: all of them happen, or none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.google import masks, sheets_metadata
from sandbox.google.a1 import Rect
from sandbox.google.cells import Cell, GridError
from sandbox.google.grid import Workbook
from sandbox.google.sheets_contract import Violation
from sandbox.google.sheets_json import (
    CellUpdate,
    must_tab,
    named_range_json,
    sheet_properties,
    tab_and_rect,
)
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
    _only(properties, "sheetId", "title", "index", "sheetType", "gridProperties", "hidden")
    _only(grid, "rowCount", "columnCount", "frozenRowCount", "frozenColumnCount")
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
    return {"addSheet": {"properties": sheet_properties(workbook, tab)}}


def _delete_sheet(workbook: Workbook, asked: Json) -> Json:
    workbook.delete_tab(must_tab(workbook, asked.get("sheetId", 0)))
    return {}


def _update_sheet_properties(workbook: Workbook, asked: Json) -> Json:
    properties = asked.get("properties", {})
    grid = properties.get("gridProperties", {})
    tab = must_tab(workbook, properties.get("sheetId", 0))
    for path in _paths(asked, "SheetProperties", properties):
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
            case ("sheetId",):
                pass  # says which one; it can be in a mask of "*"
            case _:
                raise GridError(f"The sandbox cannot update {'.'.join(path)}.")
    return {}


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
    update = CellUpdate(_mask_text(asked))
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
    for r, row in enumerate(rows):
        cells = row.get("values", [])
        if r >= rect.rows:
            raise GridError(f"Attempting to write row: {rect.row + r}, beyond the last requested.")
        if len(cells) > rect.columns:
            column = rect.column + rect.columns
            raise GridError(f"Attempting to write column: {column}, beyond the last requested.")
        for c, data in enumerate(cells):
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
    update = CellUpdate(_mask_text(asked))
    tab, rect = tab_and_rect(workbook, asked.get("range", {}))
    data = asked.get("cell", {})
    known: dict[Cell, Cell] = {}

    def changed(cell: Cell) -> Cell:
        if cell not in known:
            known[cell] = update.applied(cell, data)
        return known[cell]

    tab.change(rect, changed)
    return {}


def _append_dimension(workbook: Workbook, asked: Json) -> Json:
    tab = must_tab(workbook, asked.get("sheetId", 0))
    length = asked.get("length", 0)
    if length < 1:
        raise GridError("length must be at least 1.")
    (tab.append_rows if _axis(asked) == "ROWS" else tab.append_columns)(length)
    return {}


def _insert_dimension(workbook: Workbook, asked: Json) -> Json:
    tab, axis, start, count = _span(workbook, asked.get("range", {}))
    inherit = start - 1 if asked.get("inheritFromBefore") else start
    if inherit < 0:
        raise GridError("inheritFromBefore cannot be true if inserting at index 0.")
    size = tab.row_count if axis == "ROWS" else tab.column_count
    model = inherit if inherit < size else None
    (tab.insert_rows if axis == "ROWS" else tab.insert_columns)(start, count, inherit=model)
    return {}


def _delete_dimension(workbook: Workbook, asked: Json) -> Json:
    tab, axis, start, count = _span(workbook, asked.get("range", {}))
    (tab.delete_rows if axis == "ROWS" else tab.delete_columns)(start, count)
    return {}


def _move_dimension(workbook: Workbook, asked: Json) -> Json:
    tab, axis, start, count = _span(workbook, asked.get("source", {}))
    move = tab.move_rows if axis == "ROWS" else tab.move_columns
    move(start, count, asked.get("destinationIndex", 0))
    return {}


def _update_dimension(workbook: Workbook, asked: Json) -> Json:
    tab, axis, start, count = _span(workbook, asked.get("range", {}))
    properties = asked.get("properties", {})
    for path in _paths(asked, "DimensionProperties", properties):
        places = range(start, start + count)
        match path:
            case ("pixelSize",):
                if axis == "ROWS":
                    raise GridError("The sandbox does not keep the height of rows.")
                tab.set_width(start, properties.get("pixelSize", 0), count)
            case ("hiddenByUser",):
                hidden = properties.get("hiddenByUser", False)
                tab.hide(**{"rows" if axis == "ROWS" else "columns": places}, hidden=hidden)
            case _:
                raise GridError(f"The sandbox cannot update {'.'.join(path)}.")
    return {}


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
    for path in _paths(asked, "NamedRange", given):
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


def _copy_paste(workbook: Workbook, asked: Json) -> Json:
    """The source repeats over a destination that is a multiple of it; a smaller one is overrun."""
    kind = asked.get("pasteType", "PASTE_NORMAL")
    if kind not in ("PASTE_NORMAL", "PASTE_VALUES", "PASTE_FORMAT"):
        raise GridError(f"The sandbox does not know {kind}.")
    if asked.get("pasteOrientation", "NORMAL") != "NORMAL":
        raise GridError("The sandbox does not transpose.")
    source, rect = tab_and_rect(workbook, asked.get("source", {}))
    target, over = tab_and_rect(workbook, asked.get("destination", {}))
    down, across = (
        length // own if own and length % own == 0 else 1
        for length, own in ((over.rows, rect.rows), (over.columns, rect.columns))
    )
    tiles = [
        (over.row + r * rect.rows, over.column + c * rect.columns)
        for r in range(max(1, down))
        for c in range(max(1, across))
    ]
    for row, column in tiles:
        if kind == "PASTE_VALUES":
            target.copy_values(source, rect, row, column)
        else:
            target.copy_cells(source, rect, row, column, values=kind == "PASTE_NORMAL")
    return {}


def _update_spreadsheet_properties(workbook: Workbook, asked: Json) -> Json:
    given = asked.get("properties", {})
    for path in _paths(asked, "SpreadsheetProperties", given):
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


def _mask_text(asked: Json) -> str:
    text = asked.get("fields", "")
    if not text:
        raise GridError("At least one field must be listed in 'fields'. (Use '*' for all fields.)")
    return str(text)


def _paths(asked: Json, schema: str, given: Json) -> list[tuple[str, ...]]:
    """What the mask names, at its ends; "*" and whole messages mean what is given in them."""
    paths: list[tuple[str, ...]] = []
    for path in masks.leaves(masks.parse(_mask_text(asked), schema)):
        place: Any = given
        plain = tuple(name for name in path if name != "*")
        for name in plain:
            place = place.get(name, {}) if isinstance(place, dict) else {}
        if isinstance(place, dict) and place:
            paths += _ends(place, plain)
        else:
            paths.append(plain)
    if not all(paths):
        raise GridError("Nothing is given to update.")
    return paths


def _ends(given: Json, path: tuple[str, ...]) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for name, value in given.items():
        found += _ends(value, (*path, name)) if isinstance(value, dict) else [(*path, name)]
    return found


def _span(workbook: Workbook, asked: Json) -> tuple[Tab, str, int, int]:
    tab = must_tab(workbook, asked.get("sheetId", 0))
    axis = _axis(asked)
    size = tab.row_count if axis == "ROWS" else tab.column_count
    start, end = asked.get("startIndex", 0), asked.get("endIndex", size)
    if not 0 <= start < end:
        raise GridError(f"Invalid dimension range: {start} to {end}.")
    return tab, axis, start, end - start


def _axis(asked: Json) -> str:
    axis: str = asked.get("dimension", "DIMENSION_UNSPECIFIED")
    if axis == "DIMENSION_UNSPECIFIED":
        raise GridError("dimension must be ROWS or COLUMNS.")
    return axis


def _only(given: Json, *known: str) -> None:
    for name in given:
        if name not in known:
            raise GridError(f"The sandbox does not know {name} here.")


_REQUESTS: dict[str, Callable[[Workbook, Json], Json]] = {
    "addSheet": _add_sheet,
    "deleteSheet": _delete_sheet,
    "updateSheetProperties": _update_sheet_properties,
    "updateSpreadsheetProperties": _update_spreadsheet_properties,
    "updateCells": _update_cells,
    "repeatCell": _repeat_cell,
    "appendDimension": _append_dimension,
    "insertDimension": _insert_dimension,
    "deleteDimension": _delete_dimension,
    "moveDimension": _move_dimension,
    "updateDimensionProperties": _update_dimension,
    "addNamedRange": _add_named_range,
    "updateNamedRange": _update_named_range,
    "deleteNamedRange": _delete_named_range,
    "createDeveloperMetadata": sheets_metadata.create,
    "updateDeveloperMetadata": sheets_metadata.update,
    "deleteDeveloperMetadata": sheets_metadata.delete,
    "copyPaste": _copy_paste,
}
