"""The grid as the page draws it: what is seen of one tab, as JSON."""

from __future__ import annotations

from typing import Any

from sandbox.google.a1 import Rect
from sandbox.google.cells import Cell, CellError, Look, Value
from sandbox.google.drawn_charts import drawn_charts
from sandbox.google.grid import Workbook
from sandbox.google.shown import shown
from sandbox.google.tab import Tab

Json = dict[str, Any]


def snapshot(workbook: Workbook, tab: Tab, first_row: int = 0, rows: int = 200) -> Json:
    """`rows` rows of one tab from `first_row` on, with what the page needs to draw them.

    `cells` is sparse: [row, column, {"text", "kind", …}]; what is missing is plain and blank.
    """
    with workbook.lock:
        seen = tab.clipped(Rect(first_row, 0, rows, tab.column_count))
        cells = [
            [row, column, _drawn(tab.value(row, column), cell, tab.pattern(cell))]
            for row, column, cell in tab.cells_in(seen)
        ]
        return {
            "id": workbook.id,
            "title": workbook.title,
            "version": workbook.version,
            "tabs": [
                {"id": t.sheet_id, "title": t.title, "hidden": t.hidden} for t in workbook.tabs
            ],
            "tab": {
                "id": tab.sheet_id,
                "title": tab.title,
                "rows": tab.row_count,
                "columns": tab.column_count,
                "frozen_rows": tab.frozen_rows,
                "frozen_columns": tab.frozen_columns,
                "widths": {str(c): w for c, w in sorted(tab.widths.items())},
                "hidden_columns": sorted(tab.hidden_columns),
                "hidden_rows": sorted(tab.hidden_rows),
                "last_row": tab.data_extent().rows,
            },
            "first_row": seen.row,
            "rows": seen.rows,
            "cells": cells,
            "charts": drawn_charts(workbook, tab),
            "names": [
                {"name": n.name, "sheet_id": n.sheet_id, "range": n.rect.a1() if n.rect else None}
                for n in workbook.named_ranges.values()
            ],
        }


def _drawn(value: Value, cell: Cell, pattern: str) -> Json:
    drawn: Json = {"text": shown(value, pattern), "kind": kind(value)}
    if cell.formula:
        drawn["formula"] = cell.formula
    if cell.note:
        drawn["note"] = cell.note
    looks = {
        name: getattr(cell.look, name)
        for name in Look.__slots__
        if getattr(cell.look, name) not in ("", False, 0)
    }
    return drawn | looks


def kind(value: Value) -> str:
    """blank, text, number, boolean or error: numbers stand right, booleans and errors centred."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, CellError):
        return "error"
    if isinstance(value, str):
        return "text" if value else "blank"
    return "number"
