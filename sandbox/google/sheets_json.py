"""Cells, looks, tabs, names and metadata in the words of the Sheets API, both ways."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sandbox.google import masks
from sandbox.google.a1 import Rect
from sandbox.google.cells import Cell, CellError, GridError, Look, Value, stored
from sandbox.google.grid import Metadata, NamedRange, Workbook
from sandbox.google.shown import is_moment, shown
from sandbox.google.tab import Tab

Json = dict[str, Any]

DEFAULT_WIDTH = 100
DEFAULT_HEIGHT = 21
# What a numberFormat without a pattern means, for an American spreadsheet.
_DEFAULT_PATTERNS = {
    "TEXT": "@",
    "NUMBER": "#,##0.00",
    "PERCENT": "0.00%",
    "CURRENCY": "$#,##0.00",
    "DATE": "m/d/yyyy",
    "TIME": "h:mm:ss am/pm",
    "DATE_TIME": "m/d/yyyy h:mm:ss",
    "SCIENTIFIC": "0.00E+00",
}
_ERRORS = {
    "#NAME?": "NAME",
    "#REF!": "REF",
    "#VALUE!": "VALUE",
    "#DIV/0!": "DIVIDE_BY_ZERO",
    "#NUM!": "NUM",
    "#N/A": "N_A",
}


@dataclass(frozen=True, slots=True)
class _Leaf:
    """One field of CellFormat that the grid keeps, and the field of Look that keeps it."""

    path: tuple[str, ...]
    name: str
    read: Callable[[Any], Any]
    write: Callable[[Any], Any]


def _same(value: Any) -> Any:
    return value


def _pattern(value: Json) -> str:
    kind = value.get("type", "NUMBER_FORMAT_TYPE_UNSPECIFIED")
    if kind == "NUMBER_FORMAT_TYPE_UNSPECIFIED":
        raise GridError("numberFormat.type must be given.")
    return str(value.get("pattern") or _DEFAULT_PATTERNS[kind])


def _number_format(pattern: str) -> Json:
    if pattern == "@":
        kind = "TEXT"
    elif is_moment(pattern):
        timed = any(letter in pattern.lower() for letter in "hs")
        dated = any(letter in pattern.lower() for letter in "yd")
        kind = "DATE_TIME" if timed and dated else "TIME" if timed else "DATE"
    else:
        kind = "PERCENT" if pattern.endswith("%") else "NUMBER"
    return {"type": kind, "pattern": pattern}


def _hex(color: Json) -> str:
    parts = (round(float(color.get(part, 0)) * 255) for part in ("red", "green", "blue"))
    return "#" + "".join(f"{part:02x}" for part in parts)


def _rgb(color: str) -> Json:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return dict(zip(("red", "green", "blue"), parts, strict=True))


LEAVES = (
    _Leaf(("numberFormat",), "pattern", _pattern, _number_format),
    _Leaf(("textFormat", "bold"), "bold", _same, _same),
    _Leaf(("textFormat", "italic"), "italic", _same, _same),
    _Leaf(("textFormat", "underline"), "underline", _same, _same),
    _Leaf(("textFormat", "strikethrough"), "strikethrough", _same, _same),
    _Leaf(("textFormat", "fontSize"), "size", _same, _same),
    _Leaf(("textFormat", "foregroundColor"), "color", _hex, _rgb),
    _Leaf(("textFormat", "foregroundColorStyle", "rgbColor"), "color", _hex, _rgb),
    _Leaf(("backgroundColor",), "background", _hex, _rgb),
    _Leaf(("backgroundColorStyle", "rgbColor"), "background", _hex, _rgb),
    _Leaf(("horizontalAlignment",), "align", _same, _same),
    _Leaf(("verticalAlignment",), "vertical", _same, _same),
    _Leaf(("wrapStrategy",), "wrap", _same, _same),
)


class CellUpdate:
    """What a field mask over CellData does to cells, one CellData each."""

    def __init__(self, fields: str) -> None:
        self.mask = masks.parse(fields, "CellData")
        self.values = masks.covers(self.mask, ("userEnteredValue",))
        self.notes = masks.covers(self.mask, ("note",))
        self._everything = "*" in self.mask
        self._leaves = [
            leaf for leaf in LEAVES if masks.covers(self.mask, ("userEnteredFormat", *leaf.path))
        ]
        self._known: dict[tuple[str, Look], Look] = {}
        for path in masks.leaves(self.mask):
            if not self._understood(path):
                raise GridError(f"The sandbox does not keep {'.'.join(path)}.")

    def applied(self, cell: Cell, data: Json) -> Cell:
        """The cell after `data`; a field that the mask names and `data` lacks is cleared."""
        if self._everything or len(data) > 1:
            self._check_known(data)
        if self.values:
            value, formula = read_value(data.get("userEnteredValue"))
            cell = replace(cell, value=value, formula=formula)
        if self.notes:
            cell = replace(cell, note=data.get("note", ""))
        if self._leaves:
            cell = replace(cell, look=self._look(cell.look, data.get("userEnteredFormat", {})))
        return cell

    def _look(self, look: Look, given: Json) -> Look:
        key = (repr(given), look)
        if key not in self._known:
            self._known[key] = self._changed(look, given)
        return self._known[key]

    def _changed(self, look: Look, given: Json) -> Look:
        changes: dict[str, Any] = {}
        for leaf in self._leaves:
            found = _found(given, leaf.path)
            if found is not None:
                changes[leaf.name] = leaf.read(found)
            else:
                changes.setdefault(leaf.name, getattr(Look(), leaf.name))
        for path in _paths(given):
            wanted = masks.covers(self.mask, ("userEnteredFormat", *path))
            if wanted and not any(path[: len(leaf.path)] == leaf.path for leaf in LEAVES):
                raise GridError(f"The sandbox does not keep userEnteredFormat.{'.'.join(path)}.")
        return replace(look, **changes)

    def _understood(self, path: tuple[str, ...]) -> bool:
        if path[0] in ("*", "userEnteredValue", "note"):
            return len(path) == 1
        if path[0] != "userEnteredFormat":
            return False
        inner = tuple(name for name in path[1:] if name != "*")
        return any(inner == leaf.path[: len(inner)] or leaf.path == inner[:1] for leaf in LEAVES)

    def _check_known(self, data: Json) -> None:
        for name in data:
            known = name in ("userEnteredValue", "note", "userEnteredFormat")
            if not known and masks.covers(self.mask, (name,)):
                raise GridError(f"The sandbox does not keep {name}.")


def read_value(value: Json | None) -> tuple[Value, str]:
    """(value, formula) of an ExtendedValue; nothing is parsed."""
    if not value:
        return "", ""
    if len(value) > 1:
        raise GridError("A value must have exactly one of its kinds.")
    ((kind, inner),) = value.items()
    if kind == "formulaValue":
        if not inner.startswith("="):
            raise GridError(f"Invalid formulaValue: {inner:.40}")
        return "", inner
    if kind == "errorValue":
        raise GridError("errorValue cannot be written.")
    return stored(inner), ""


def value_json(value: Value) -> Json:
    if isinstance(value, CellError):
        return {"errorValue": {"type": _ERRORS.get(value.text, "ERROR"), "message": value.message}}
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, str):
        return {"stringValue": value}
    return {"numberValue": value}


def cell_json(cell: Cell, value: Value) -> Json:
    """CellData; {} for a blank, plain cell."""
    made: Json = {}
    if cell.formula:
        made["userEnteredValue"] = {"formulaValue": cell.formula}
    elif cell.value != "":
        made["userEnteredValue"] = value_json(cell.value)
    if value != "":
        made["effectiveValue"] = value_json(value)
        made["formattedValue"] = shown(value, cell.look.pattern)
    look = look_json(cell.look)
    if look:
        made["userEnteredFormat"] = look
        made["effectiveFormat"] = look
    if cell.note:
        made["note"] = cell.note
    return made


def look_json(look: Look) -> Json:
    made: Json = {}
    for leaf in LEAVES:
        value = getattr(look, leaf.name)
        if value in ("", False, 0):
            continue
        place = made
        for name in leaf.path[:-1]:
            place = place.setdefault(name, {})
        place[leaf.path[-1]] = leaf.write(value)
    return made


def sheet_properties(workbook: Workbook, tab: Tab) -> Json:
    grid: Json = {"rowCount": tab.row_count, "columnCount": tab.column_count}
    if tab.frozen_rows:
        grid["frozenRowCount"] = tab.frozen_rows
    if tab.frozen_columns:
        grid["frozenColumnCount"] = tab.frozen_columns
    made: Json = {
        "sheetId": tab.sheet_id,
        "title": tab.title,
        "index": workbook.tabs.index(tab),
        "sheetType": "GRID",
        "gridProperties": grid,
    }
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


def _found(given: Json, path: tuple[str, ...]) -> Any:
    value: Any = given
    for name in path:
        if not isinstance(value, dict) or name not in value:
            return None
        value = value[name]
    return value


def _paths(given: Json, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for name, value in given.items():
        inner = isinstance(value, dict) and name not in ("numberFormat",)
        found += _paths(value, (*path, name)) if inner else [(*path, name)]
    return found
