"""Rows and columns in `spreadsheets.batchUpdate`: they come, go, move, hide, fold and widen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.google.a1 import Rect
from sandbox.google.cells import GridError
from sandbox.google.grid import Workbook
from sandbox.google.marks import Group
from sandbox.google.sheets_fields import only, paths
from sandbox.google.sheets_json import dimension, dimension_span, group_json, must_tab
from sandbox.google.tab import Tab

Json = dict[str, Any]

# How wide autoResizeDimensions takes a character and a cell's margins to be, in pixels. The
# real one measures the font; nobody may count on more than "wide enough".
CHARACTER = 7
MARGINS = 10
NARROWEST = 21
# Sheets folds eight levels deep.
DEEPEST = 8


def _append(workbook: Workbook, asked: Json) -> Json:
    tab = must_tab(workbook, asked.get("sheetId", 0))
    length = asked.get("length", 0)
    if length < 1:
        raise GridError("length must be at least 1.")
    (tab.append_rows if dimension(asked) == "ROWS" else tab.append_columns)(length)
    return {}


def _insert(workbook: Workbook, asked: Json) -> Json:
    tab, axis, start, count = dimension_span(workbook, asked.get("range", {}))
    inherit = start - 1 if asked.get("inheritFromBefore") else start
    if inherit < 0:
        raise GridError("inheritFromBefore cannot be true if inserting at index 0.")
    size = tab.row_count if axis == "ROWS" else tab.column_count
    model = inherit if inherit < size else None
    workbook.attached.check_may_insert(tab, axis, start)
    (tab.insert_rows if axis == "ROWS" else tab.insert_columns)(start, count, inherit=model)
    return {}


def _delete(workbook: Workbook, asked: Json) -> Json:
    tab, axis, start, count = dimension_span(workbook, asked.get("range", {}))
    workbook.attached.check_may_delete(tab, axis, start, count)
    (tab.delete_rows if axis == "ROWS" else tab.delete_columns)(start, count)
    return {}


def _move(workbook: Workbook, asked: Json) -> Json:
    tab, axis, start, count = dimension_span(workbook, asked.get("source", {}))
    move = tab.move_rows if axis == "ROWS" else tab.move_columns
    move(start, count, asked.get("destinationIndex", 0))
    return {}


def _update(workbook: Workbook, asked: Json) -> Json:
    tab, axis, start, count = dimension_span(workbook, asked.get("range", {}))
    properties = asked.get("properties", {})
    for path in paths(asked, "DimensionProperties", properties):
        places = range(start, start + count)
        match path:
            case ("pixelSize",):
                pixels = properties.get("pixelSize", 0)
                if axis == "COLUMNS":
                    tab.set_width(start, pixels, count)
                    continue
                tab.check_inside(Rect(start, 0, count, 1))
                tab.heights |= {row: pixels for row in places}
            case ("hiddenByUser",):
                hidden = properties.get("hiddenByUser", False)
                tab.hide(**{"rows" if axis == "ROWS" else "columns": places}, hidden=hidden)
            case _:
                raise GridError(f"The sandbox cannot update {'.'.join(path)}.")
    return {}


def _auto_resize(workbook: Workbook, asked: Json) -> Json:
    """Columns as wide as their longest text; rows as high as they are without a height."""
    only(asked, "dimensions")
    tab, axis, start, count = dimension_span(workbook, asked.get("dimensions", {}))
    if axis == "ROWS":
        tab.heights = {r: h for r, h in tab.heights.items() if not start <= r < start + count}
        return {}
    extent = tab.data_extent()
    tab.check_inside(Rect(0, start, 1, count))
    for column in range(start, min(start + count, extent.columns)):
        lines = (
            line
            for (text,) in tab.shown(Rect(0, column, extent.rows, 1))
            for line in text.split("\n")
        )
        longest = max(map(len, lines), default=0)
        if longest:  # an empty column stays as it is
            tab.set_width(column, max(NARROWEST, longest * CHARACTER + MARGINS))
    return {}


# Groups. What the API says of those that overlap, or are deleted in part, is what comes of
# counting how deep each row or column lies.
# https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/request#AddDimensionGroupRequest


def _add_group(workbook: Workbook, asked: Json) -> Json:
    tab, axis, start, count = dimension_span(workbook, asked.get("range", {}))
    depths = _depths(tab, axis)
    for place in range(start, start + count):
        depths[place] = depths.get(place, 0) + 1
    if max(depths.values()) > DEEPEST:
        raise GridError(f"Groups can be {DEEPEST} levels deep.")
    return {"addDimensionGroup": _regrouped(tab, axis, depths)}


def _delete_group(workbook: Workbook, asked: Json) -> Json:
    tab, axis, start, count = dimension_span(workbook, asked.get("range", {}))
    depths = _depths(tab, axis)
    if not all(depths.get(place) for place in range(start, start + count)):
        raise GridError("Cannot delete a group that does not exist.")
    for place in range(start, start + count):
        depths[place] -= 1
    return {"deleteDimensionGroup": _regrouped(tab, axis, depths)}


def _depths(tab: Tab, axis: str) -> dict[int, int]:
    depths: dict[int, int] = {}
    for group in tab.groups:
        if group.axis == axis:
            for place in range(group.start, group.end):
                depths[place] = max(group.depth, depths.get(place, 0))
    return depths


def _regrouped(tab: Tab, axis: str, depths: dict[int, int]) -> Json:
    made: list[Group] = []
    for depth in range(1, max(depths.values(), default=0) + 1):
        places = sorted(place for place, deep in depths.items() if deep >= depth)
        for place in places:
            if made and made[-1].depth == depth and made[-1].end == place:
                made[-1] = Group(axis, made[-1].start, place + 1, depth)
            else:
                made.append(Group(axis, place, place + 1, depth))
    made.sort(key=lambda group: (group.depth, group.start))
    tab.groups = [group for group in tab.groups if group.axis != axis] + made
    groups = [group_json(tab.sheet_id, group) for group in made]
    return {"dimensionGroups": groups} if groups else {}


REQUESTS: dict[str, Callable[[Workbook, Json], Json]] = {
    "appendDimension": _append,
    "insertDimension": _insert,
    "deleteDimension": _delete,
    "moveDimension": _move,
    "updateDimensionProperties": _update,
    "autoResizeDimensions": _auto_resize,
    "addDimensionGroup": _add_group,
    "deleteDimensionGroup": _delete_group,
}
