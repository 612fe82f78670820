"""Cells and their looks in the words of the Sheets API, both ways."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sandbox.google import masks
from sandbox.google.cells import Cell, CellError, GridError, Look, Value, stored
from sandbox.google.shown import is_moment, shown

Json = dict[str, Any]

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


def hex_color(color: Json) -> str:
    parts = (round(float(color.get(part, 0)) * 255) for part in ("red", "green", "blue"))
    return "#" + "".join(f"{part:02x}" for part in parts)


def color_json(color: str) -> Json:
    """As the server answers: a part that is 0 is left out."""
    parts = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    named = zip(("red", "green", "blue"), parts, strict=True)
    return {name: part for name, part in named if part}


# `width` is for readers only: it comes of the style.
_WIDTHS = {"SOLID_MEDIUM": 2, "SOLID_THICK": 3, "DOUBLE": 3}
_SIDES = ("top", "right", "bottom", "left")


def border_text(border: Json) -> str:
    """ "" for none. Raises GridError for a colour of the theme."""
    style = border.get("style", "STYLE_UNSPECIFIED")
    if style == "STYLE_UNSPECIFIED":
        raise GridError("Border style must be specified.")
    if "themeColor" in border.get("colorStyle", {}):
        raise GridError("The sandbox does not keep the theme's colours.")
    color = border.get("colorStyle", {}).get("rgbColor", border.get("color", {}))
    return "" if style == "NONE" else f"{style} {hex_color(color)}"


def _border_json(text: str) -> Json:
    style, _, color = text.partition(" ")
    parts = color_json(color)
    width = _WIDTHS.get(style, 1)
    return {"style": style, "width": width, "color": parts, "colorStyle": {"rgbColor": parts}}


def _padding(given: Json) -> str:
    return " ".join(str(given.get(side, 0)) for side in _SIDES)


def _padding_json(text: str) -> Json:
    return {side: int(part) for side, part in zip(_SIDES, text.split(), strict=True) if part != "0"}


def _rotation(given: Json) -> str:
    return "vertical" if given.get("vertical") else str(given.get("angle", 0))


def _rotation_json(text: str) -> Json:
    return {"vertical": True} if text == "vertical" else {"angle": int(text)}


LEAVES = (
    _Leaf(("numberFormat",), "pattern", _pattern, _number_format),
    _Leaf(("textFormat", "bold"), "bold", _same, _same),
    _Leaf(("textFormat", "italic"), "italic", _same, _same),
    _Leaf(("textFormat", "underline"), "underline", _same, _same),
    _Leaf(("textFormat", "strikethrough"), "strikethrough", _same, _same),
    _Leaf(("textFormat", "fontSize"), "size", _same, _same),
    _Leaf(("textFormat", "fontFamily"), "font", _same, _same),
    _Leaf(("textFormat", "foregroundColor"), "color", hex_color, color_json),
    _Leaf(("textFormat", "foregroundColorStyle", "rgbColor"), "color", hex_color, color_json),
    _Leaf(("backgroundColor",), "background", hex_color, color_json),
    _Leaf(("backgroundColorStyle", "rgbColor"), "background", hex_color, color_json),
    _Leaf(("horizontalAlignment",), "align", _same, _same),
    _Leaf(("verticalAlignment",), "vertical", _same, _same),
    _Leaf(("wrapStrategy",), "wrap", _same, _same),
    *(_Leaf(("borders", side), side, border_text, _border_json) for side in _SIDES),
    _Leaf(("padding",), "padding", _padding, _padding_json),
    _Leaf(("textRotation",), "rotation", _rotation, _rotation_json),
    _Leaf(("textDirection",), "direction", _same, _same),
)

_KEPT = ("userEnteredValue", "note", "userEnteredFormat", "dataValidation")


class CellUpdate:
    """What a field mask over CellData does to cells, one CellData each."""

    def __init__(self, fields: str) -> None:
        self.mask = masks.parse(fields, "CellData")
        self.values = masks.covers(self.mask, ("userEnteredValue",))
        self.notes = masks.covers(self.mask, ("note",))
        self.rules = masks.covers(self.mask, ("dataValidation",))
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
        if self.rules:
            rule = data.get("dataValidation")
            cell = replace(cell, rule=json.dumps(rule, ensure_ascii=False) if rule else "")
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
        if path[0] in ("*", "userEnteredValue", "note", "dataValidation"):
            return len(path) == 1
        if path[0] != "userEnteredFormat":
            return False
        inner = tuple(name for name in path[1:] if name != "*")
        if inner[:1] == ("numberFormat",):
            return True
        return any(inner == leaf.path[: len(inner)] for leaf in LEAVES)

    def _check_known(self, data: Json) -> None:
        for name in data:
            if name not in _KEPT and masks.covers(self.mask, (name,)):
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


def cell_json(cell: Cell, value: Value, pattern: str) -> Json:
    """CellData; {} for a blank, plain cell. `pattern` is of the number format in effect."""
    made: Json = {}
    if cell.formula:
        made["userEnteredValue"] = {"formulaValue": cell.formula}
    elif cell.value != "":
        made["userEnteredValue"] = value_json(cell.value)
    if value != "":
        made["effectiveValue"] = value_json(value)
        made["formattedValue"] = shown(value, pattern)
    if look := look_json(cell.look):
        made["userEnteredFormat"] = look
    if look := look_json(replace(cell.look, pattern=pattern)):
        made["effectiveFormat"] = look
    if cell.note:
        made["note"] = cell.note
    if cell.rule:
        made["dataValidation"] = json.loads(cell.rule)
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
