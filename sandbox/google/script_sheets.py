"""SpreadsheetApp's methods over the grid: what the runtime calls by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.google import a1, pasting, script_cells, script_charts
from sandbox.google.a1 import Rect
from sandbox.google.cells import GridError
from sandbox.google.grid import Workbook
from sandbox.google.metadata import Metadata
from sandbox.google.tab import Tab

Json = dict[str, Any]
Method = Callable[[Workbook, Json], Any]

# https://developers.google.com/workspace/sheets/api/guides/metadata
MOST_METADATA = 30_000
OUTSIDE = "The coordinates of the range are outside the dimensions of the sheet."


def _tab(workbook: Workbook, asked: Json) -> Tab:
    tab = workbook.tab_by_id(asked["sheet"])
    if tab is None:
        raise GridError(f"Sheet {asked['sheet']} not found")
    return tab


def _rect(tab: Tab, asked: Json) -> Rect:
    rect = Rect(asked["row"], asked["column"], asked["rows"], asked["columns"])
    # The grid may have shrunk since the script made its Range.
    if rect.end_row > tab.row_count or rect.end_column > tab.column_count:
        raise GridError(OUTSIDE)
    return rect


def _at(tab: Tab, rect: Rect) -> Json:
    return {
        "sheet": tab.sheet_id,
        "row": rect.row,
        "column": rect.column,
        "rows": rect.rows,
        "columns": rect.columns,
    }


# The spreadsheet


def _book_info(workbook: Workbook, asked: Json) -> Json:
    return {
        "name": workbook.title,
        "url": f"https://docs.google.com/spreadsheets/d/{workbook.id}/edit",
        "timeZone": workbook.time_zone,
        "locale": workbook.locale,
    }


def _book_sheets(workbook: Workbook, asked: Json) -> list[Json]:
    return [{"id": t.sheet_id, "name": t.title, "hidden": t.hidden} for t in workbook.tabs]


def _insert_sheet(workbook: Workbook, asked: Json) -> int:
    index = min(max(0, asked["index"]), len(workbook.tabs))
    return workbook.add_tab(asked["name"], index=index).sheet_id


def _delete_sheet(workbook: Workbook, asked: Json) -> None:
    workbook.delete_tab(_tab(workbook, asked))


def _names(workbook: Workbook, asked: Json) -> list[Json]:
    found = []
    for named in workbook.named_ranges.values():
        tab = workbook.tab_by_id(named.sheet_id)
        if tab is not None and named.rect is not None:
            found.append({"name": named.name, **_at(tab, named.rect)})
    return found


def _set_name(workbook: Workbook, asked: Json) -> None:
    tab = _tab(workbook, asked)
    workbook.name_range(asked["name"], tab.sheet_id, _rect(tab, asked))


def _remove_name(workbook: Workbook, asked: Json) -> None:
    named = workbook.named_range(asked["name"])
    if named is None:
        raise GridError(f'The named range "{asked["name"]}" does not exist.')
    workbook.remove_name(named.id)


# Tabs


def _sheet_info(workbook: Workbook, asked: Json) -> Json:
    tab = _tab(workbook, asked)
    return {
        "name": tab.title,
        "index": workbook.tabs.index(tab),
        "hidden": tab.hidden,
        "rows": tab.row_count,
        "columns": tab.column_count,
        "frozenRows": tab.frozen_rows,
        "frozenColumns": tab.frozen_columns,
    }


def _extent(workbook: Workbook, asked: Json) -> Json:
    extent = _tab(workbook, asked).data_extent()
    return {"rows": extent.rows, "columns": extent.columns}


def _from_a1(workbook: Workbook, asked: Json) -> Json:
    text = asked["a1"]
    reference = a1.parse(text)
    if reference is None:
        named = workbook.named_range(text)
        home = workbook.tab_by_id(named.sheet_id) if named else None
        if named is None or home is None or named.rect is None:
            raise GridError("Range not found")
        return _at(home, named.rect)
    tab = _tab(workbook, asked) if reference.title is None else workbook.tab(reference.title)
    if tab is None:
        raise GridError("Range not found")
    rect = reference.within(*tab.size)
    if rect.rows < 1 or rect.columns < 1:
        raise GridError(OUTSIDE)
    return _at(tab, _rect(tab, _at(tab, rect)))


def _rename(workbook: Workbook, asked: Json) -> None:
    workbook.rename_tab(_tab(workbook, asked), asked["name"])


def _hide(workbook: Workbook, asked: Json) -> None:
    workbook.hide_tab(_tab(workbook, asked), asked["hidden"])


def _freeze(workbook: Workbook, asked: Json) -> None:
    _tab(workbook, asked).freeze(rows=asked["rows"])


def _widths(workbook: Workbook, asked: Json) -> None:
    _tab(workbook, asked).set_width(asked["at"], asked["width"], asked["count"])


def _width(workbook: Workbook, asked: Json) -> int:
    return _tab(workbook, asked).widths.get(asked["column"], 100)


def _hide_columns(workbook: Workbook, asked: Json) -> None:
    columns = range(asked["at"], asked["at"] + asked["count"])
    _tab(workbook, asked).hide(columns=columns, hidden=asked["hidden"])


def _freeze_columns(workbook: Workbook, asked: Json) -> None:
    _tab(workbook, asked).freeze(columns=asked["columns"])


def _hide_rows(workbook: Workbook, asked: Json) -> None:
    rows = range(asked["at"], asked["at"] + asked["count"])
    _tab(workbook, asked).hide(rows=rows, hidden=asked["hidden"])


def _insert(workbook: Workbook, asked: Json) -> None:
    tab, at, count = _tab(workbook, asked), asked["at"], int(asked["count"])
    before = asked.get("before", False)
    rows = asked["what"] == "rows"
    most = tab.row_count if rows else tab.column_count
    beside = at if before else at - 1
    if count < 1 or not 0 <= beside < most:
        raise GridError(f"Those {asked['what']} are out of bounds.")
    workbook.attached.check_may_insert(tab, "ROWS" if rows else "COLUMNS", at)
    insert = tab.insert_rows if rows else tab.insert_columns
    insert(at, count, inherit=beside)


def _delete(workbook: Workbook, asked: Json) -> None:
    tab, at, count = _tab(workbook, asked), asked["at"], int(asked["count"])
    rows = asked["what"] == "rows"
    most = tab.row_count if rows else tab.column_count
    if count < 1 or at < 0 or at + count > most:
        raise GridError(f"Those {asked['what']} are out of bounds.")
    if count == most or (rows and at + count == most and at <= tab.frozen_rows):
        raise GridError(f"Sorry, it is not possible to delete all non-frozen {asked['what']}.")
    workbook.attached.check_may_delete(tab, "ROWS" if rows else "COLUMNS", at, count)
    (tab.delete_rows if rows else tab.delete_columns)(at, count)


# Ranges


def _read(workbook: Workbook, asked: Json) -> Any:
    with workbook.lock:
        tab = _tab(workbook, asked)
        return script_cells.read(tab, _rect(tab, asked), asked["what"])


def _write(workbook: Workbook, asked: Json) -> None:
    with workbook.lock:
        tab = _tab(workbook, asked)
        script_cells.write(tab, _rect(tab, asked), asked["what"], asked["data"])


def _copy(workbook: Workbook, asked: Json) -> None:
    with workbook.lock:
        tab, target = _tab(workbook, asked), _tab(workbook, asked["to"])
        to = Rect(*(asked["to"][key] for key in ("row", "column", "rows", "columns")))
        script_cells.copy(tab, _rect(tab, asked), target, to, asked["type"], asked["transposed"])


def _sort(workbook: Workbook, asked: Json) -> None:
    with workbook.editing():
        tab = _tab(workbook, asked)
        rect = _rect(tab, asked)
        workbook.attached.check_unprotected(tab, rect)
        if workbook.attached.filtered_rows(tab) & set(range(rect.row, rect.end_row)):
            raise GridError("This sandbox does not sort rows that a filter hides.")
        orders = [pasting.Order(by["column"], by["descending"]) for by in asked["by"]]
        pasting.sort(tab, rect, orders)


def _insert_cells(workbook: Workbook, asked: Json) -> None:
    with workbook.lock:
        tab = _tab(workbook, asked)
        rect = _rect(tab, asked)
        workbook.attached.check_unprotected(tab, rect)
        tab.insert_cells(rect)


def _attached(workbook: Workbook, asked: Json) -> list[Json]:
    """Filters, merged cells or protections of a tab."""
    tab = _tab(workbook, asked)
    return [
        {
            **_at(tab, item.rect),
            "warning": bool(item.detail.get("warning")),
            "open": [_at(tab, Rect(*each)) for each in item.detail.get("open", ())],
        }
        for item in workbook.attached.of(tab.sheet_id, asked["kind"])
        if item.rect is not None
    ]


# Developer metadata


def _metadata(workbook: Workbook, asked: Json) -> list[Json]:
    return [_item(m) for m in workbook.find_metadata() if m.sheet_id == asked["sheet"]]


def _find_metadata(workbook: Workbook, asked: Json) -> list[Json]:
    """Wherever it is: on the spreadsheet, tabs, rows and columns, or on one tab and in it."""
    with workbook.lock:
        return [
            _item(m)
            for m in workbook.metadata.values()
            if ("key" not in asked or m.key == asked["key"])
            and ("sheet" not in asked or m.sheet_id == asked["sheet"])
        ]


def _item(found: Metadata) -> Json:
    return {
        "id": found.id,
        "key": found.key,
        "value": found.value,
        "visibility": found.visibility,
        "sheet": found.sheet_id,
    }


def _add_metadata(workbook: Workbook, asked: Json) -> None:
    with workbook.lock:
        _check_metadata(workbook, asked["sheet"], len(asked["key"]) + len(asked["value"] or ""))
        workbook.add_metadata(
            asked["key"],
            asked["value"] or "",
            visibility=asked["visibility"],
            sheet_id=asked["sheet"],
        )


def _set_metadata(workbook: Workbook, asked: Json) -> None:
    with workbook.lock:
        item = workbook.metadata.get(asked["id"])
        if item is None:
            raise GridError("The developer metadata no longer exists.")
        _check_metadata(workbook, item.sheet_id, len(asked["value"]) - len(item.value))
        workbook.change_metadata(item.id, value=asked["value"])


def _remove_metadata(workbook: Workbook, asked: Json) -> None:
    workbook.remove_metadata(asked["id"])


def _check_metadata(workbook: Workbook, sheet: int | None, more: int) -> None:
    there = sum(len(m.key) + len(m.value) for m in workbook.find_metadata() if m.sheet_id == sheet)
    if there + more > MOST_METADATA:
        raise GridError("The developer metadata is over its limit of 30000 characters.")


METHODS: dict[str, Method] = {
    "book.info": _book_info,
    "book.sheets": _book_sheets,
    "book.insertSheet": _insert_sheet,
    "book.deleteSheet": _delete_sheet,
    "book.names": _names,
    "book.setName": _set_name,
    "book.removeName": _remove_name,
    "sheet.info": _sheet_info,
    "sheet.extent": _extent,
    "sheet.a1": _from_a1,
    "sheet.rename": _rename,
    "sheet.hide": _hide,
    "sheet.freeze": _freeze,
    "sheet.widths": _widths,
    "sheet.width": _width,
    "sheet.hideColumns": _hide_columns,
    "sheet.freezeColumns": _freeze_columns,
    "sheet.hideRows": _hide_rows,
    "sheet.insert": _insert,
    "sheet.delete": _delete,
    "range.read": _read,
    "range.write": _write,
    "range.copy": _copy,
    "range.sort": _sort,
    "range.insertCells": _insert_cells,
    "sheet.attached": _attached,
    "metadata.list": _metadata,
    "metadata.find": _find_metadata,
    "metadata.add": _add_metadata,
    "metadata.set": _set_metadata,
    "metadata.remove": _remove_metadata,
    **script_charts.METHODS,
}
