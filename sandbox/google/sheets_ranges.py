"""What `spreadsheets.batchUpdate` does with whole ranges: copy, cut, sort, border, validate."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sandbox.google import pasting
from sandbox.google.a1 import Rect
from sandbox.google.cells import Cell, GridError
from sandbox.google.grid import Workbook
from sandbox.google.sheets_cells import border_text
from sandbox.google.sheets_fields import only, sort_orders
from sandbox.google.sheets_json import must_tab, tab_and_rect
from sandbox.google.tab import Tab

Json = dict[str, Any]


def _copy_paste(workbook: Workbook, asked: Json) -> Json:
    source, rect = tab_and_rect(workbook, asked.get("source", {}))
    target, over = tab_and_rect(workbook, asked.get("destination", {}))
    _check_visible(target, over)
    kind = asked.get("pasteType", "PASTE_NORMAL")
    transposed = asked.get("pasteOrientation", "NORMAL") == "TRANSPOSE"
    pasting.paste(source, rect, target, over, kind, transposed=transposed)
    return {}


def _cut_paste(workbook: Workbook, asked: Json) -> Json:
    if asked.get("pasteType", "PASTE_NORMAL") != "PASTE_NORMAL":
        raise GridError("The sandbox moves whole cells only.")
    tab, rect = tab_and_rect(workbook, asked.get("source", {}))
    to = asked.get("destination", {})
    if must_tab(workbook, to.get("sheetId", 0)) is not tab:
        raise GridError("The sandbox moves cells within a sheet only.")
    row, column = to.get("rowIndex", 0), to.get("columnIndex", 0)
    workbook.attached.check_unprotected(tab, rect)
    _check_visible(tab, Rect(row, column, rect.rows, rect.columns))
    pasting.cut(tab, rect, row, column)
    return {}


def _sort(workbook: Workbook, asked: Json) -> Json:
    tab, rect = tab_and_rect(workbook, asked.get("range", {}))
    specs = asked.get("sortSpecs", [])
    if not specs:
        raise GridError("At least one sort spec must be given.")
    _check_visible(tab, rect)
    pasting.sort(tab, rect, sort_orders(specs))
    return {}


def _check_visible(tab: Tab, rect: Rect) -> None:
    tab.workbook.attached.check_unprotected(tab, rect)
    if tab.workbook.attached.filtered_rows(tab) & set(range(rect.row, rect.end_row)):
        # Google says nowhere what becomes of rows that a filter hides: count on the worst.
        raise GridError("The sandbox does not paste over or sort rows that a filter hides.")


def _borders(workbook: Workbook, asked: Json) -> Json:
    tab, rect = tab_and_rect(workbook, asked.get("range", {}))
    workbook.attached.check_unprotected(tab, rect)
    texts = {name: border_text(border) for name, border in asked.items() if name != "range"}
    for row in range(rect.row, rect.end_row):
        for column in range(rect.column, rect.end_column):
            # Each side of a cell is at the edge of the range, or inside of it.
            names = {
                "top": "top" if row == rect.row else "innerHorizontal",
                "bottom": "bottom" if row == rect.end_row - 1 else "innerHorizontal",
                "left": "left" if column == rect.column else "innerVertical",
                "right": "right" if column == rect.end_column - 1 else "innerVertical",
            }
            changes: dict[str, Any] = {
                side: texts[name] for side, name in names.items() if name in texts
            }
            cell = tab.cell(row, column)
            tab.put(row, column, replace(cell, look=replace(cell.look, **changes)))
    return {}


def _validate(workbook: Workbook, asked: Json) -> Json:
    only(asked, "range", "rule", "filteredRowsIncluded")
    tab, rect = tab_and_rect(workbook, asked.get("range", {}))
    workbook.attached.check_unprotected(tab, rect)
    rule = json.dumps(asked["rule"], ensure_ascii=False) if asked.get("rule") else ""

    def ruled(cell: Cell) -> Cell:
        return replace(cell, rule=rule)

    tab.change(rect, ruled)
    return {}


REQUESTS: dict[str, Callable[[Workbook, Json], Json]] = {
    "copyPaste": _copy_paste,
    "cutPaste": _cut_paste,
    "sortRange": _sort,
    "updateBorders": _borders,
    "setDataValidation": _validate,
}
