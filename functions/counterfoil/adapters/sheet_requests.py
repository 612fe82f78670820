"""Requests of the Sheets API for cells, as plain data. Pure.

Values travel typed (`stringValue`, `numberValue`, `boolValue`), so that nothing parses them.
https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/request
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from counterfoil.core.canonical import Cell

Json = dict[str, Any]

_TYPES = {
    "text": "TEXT",
    "number": "NUMBER",
    "date": "DATE",
    "datetime": "DATE_TIME",
    "boolean": "NUMBER",
}
TEXT: Json = {"type": "TEXT", "pattern": "@"}


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle of one tab, counted from 0."""

    sheet_id: int
    row: int
    column: int
    rows: int
    columns: int

    def at(self, row: int, column: int, rows: int, columns: int) -> Rect:
        """Another one, its place counted from the top left cell of this."""
        return Rect(self.sheet_id, self.row + row, self.column + column, rows, columns)

    def sized(self, rows: int, columns: int) -> Rect:
        return replace(self, rows=rows, columns=columns)

    def meets(self, other: Rect) -> bool:
        """Whether they share a cell."""
        return (
            self.sheet_id == other.sheet_id
            and self.row < other.row + other.rows
            and other.row < self.row + self.rows
            and self.column < other.column + other.columns
            and other.column < self.column + self.columns
        )

    def lies_in(self, other: Rect) -> bool:
        return (
            self.sheet_id == other.sheet_id
            and other.row <= self.row
            and self.row + self.rows <= other.row + other.rows
            and other.column <= self.column
            and self.column + self.columns <= other.column + other.columns
        )

    def json(self) -> Json:
        return {
            "sheetId": self.sheet_id,
            "startRowIndex": self.row,
            "endRowIndex": self.row + self.rows,
            "startColumnIndex": self.column,
            "endColumnIndex": self.column + self.columns,
        }

    def a1(self, title: str) -> str:
        """For the calls that take texts: 'My tab'!A1:C9."""
        first = f"{letters(self.column)}{self.row + 1}"
        last = f"{letters(self.column + self.columns - 1)}{self.row + self.rows}"
        return f"{quoted(title)}!{first}:{last}"


def from_grid_range(found: Mapping[str, Any]) -> Rect | None:
    """Of an answer. A missing sheet id is 0; None where no cells are left (#REF!)."""
    ends = ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex")
    if any(end not in found for end in ends):
        return None
    row, end_row, column, end_column = (int(found[end]) for end in ends)
    sheet_id = int(found.get("sheetId", 0))
    return Rect(sheet_id, row, column, end_row - row, end_column - column)


def quoted(title: str) -> str:
    return "'" + title.replace("'", "''") + "'"


def values(rect: Rect, rows: Iterable[Sequence[Cell]]) -> Json:
    """Writes the rows over the whole rectangle; what they do not reach is blanked."""
    return {
        "updateCells": {
            "range": rect.json(),
            "rows": [{"values": [_cell(value) for value in row]} for row in rows],
            "fields": "userEnteredValue",
        }
    }


def formula(rect: Rect, text: str) -> Json:
    """One of ours, with its "="."""
    cell = {"userEnteredValue": {"formulaValue": text}}
    return _repeated(rect, cell, "userEnteredValue")


def formatted_values(
    rect: Rect, rows: Sequence[Sequence[Cell]], formats: Sequence[Sequence[Mapping[str, Any]]]
) -> Json:
    """Values and the number format of each; a text always has `@`."""
    made = []
    for row, looks in zip(rows, formats, strict=True):
        cells = []
        for value, look in zip(row, looks, strict=True):
            own = TEXT if isinstance(value, str) and value else look
            cells.append(
                _cell(value) | ({"userEnteredFormat": {"numberFormat": dict(own)}} if own else {})
            )
        made.append({"values": cells})
    fields = "userEnteredValue,userEnteredFormat.numberFormat"
    return {"updateCells": {"range": rect.json(), "rows": made, "fields": fields}}


def blanks(rect: Rect) -> list[Json]:
    """Nothing for a rectangle of no cells."""
    return [values(rect, ())] if rect.rows > 0 and rect.columns > 0 else []


def pasted_values(source: Rect, target: Rect) -> Json:
    return {
        "copyPaste": {
            "source": source.json(),
            "destination": target.json(),
            "pasteType": "PASTE_VALUES",
        }
    }


def patterns(
    rect: Rect,
    columns: Sequence[Mapping[str, str]],
    header_rows: int,
    odd: Iterable[tuple[int, int]],
) -> Iterator[Json]:
    """Number formats: header and text columns `@`, the others theirs, `odd` cells `@` again."""
    if header_rows:
        yield number_format(rect.sized(header_rows, rect.columns), TEXT)
    data_rows = rect.rows - header_rows
    place = 0
    for look, some in groupby(columns, _number_format):
        width = len(list(some))
        if data_rows > 0:
            yield number_format(rect.at(header_rows, place, data_rows, width), look)
        place += width
    for row, column, height in _runs(odd):
        yield number_format(rect.at(row, column, height, 1), TEXT)


def number_format(rect: Rect, look: Mapping[str, str]) -> Json:
    """No look at all: as Sheets sees fit."""
    cell = {"userEnteredFormat": {"numberFormat": dict(look)}} if look else {}
    return _repeated(rect, cell, "userEnteredFormat.numberFormat")


def bold(rect: Rect, on: bool) -> Json:
    cell = {"userEnteredFormat": {"textFormat": {"bold": on}}}
    return _repeated(rect, cell, "userEnteredFormat.textFormat.bold")


def aligned(rect: Rect, horizontal: str | None) -> Json:
    """`horizontal` as Google names it, LEFT, CENTER or RIGHT; None: as the values have it."""
    own = {} if horizontal is None else {"horizontalAlignment": horizontal}
    return _repeated(rect, {"userEnteredFormat": own}, "userEnteredFormat.horizontalAlignment")


def note(rect: Rect, text: str) -> Json:
    return _repeated(rect, {"note": text}, "note")


def width(rect: Rect, column: int, pixels: int) -> Json:
    place = rect.column + column
    return {
        "updateDimensionProperties": {
            "range": {
                "sheetId": rect.sheet_id,
                "dimension": "COLUMNS",
                "startIndex": place,
                "endIndex": place + 1,
            },
            "properties": {"pixelSize": pixels},
            "fields": "pixelSize",
        }
    }


def frozen_rows(sheet_id: int, rows: int) -> Json:
    properties = {"sheetId": sheet_id, "gridProperties": {"frozenRowCount": rows}}
    fields = "gridProperties.frozenRowCount"
    return {"updateSheetProperties": {"properties": properties, "fields": fields}}


def frozen_columns(sheet_id: int, columns: int) -> Json:
    properties = {"sheetId": sheet_id, "gridProperties": {"frozenColumnCount": columns}}
    fields = "gridProperties.frozenColumnCount"
    return {"updateSheetProperties": {"properties": properties, "fields": fields}}


def hidden(sheet_id: int, dimension: str, place: int) -> Json:
    span = {
        "sheetId": sheet_id,
        "dimension": dimension,
        "startIndex": place,
        "endIndex": place + 1,
    }
    asked = {"range": span, "properties": {"hiddenByUser": True}, "fields": "hiddenByUser"}
    return {"updateDimensionProperties": asked}


def added_tab(sheet_id: int, title: str, index: int, hidden: bool) -> Json:
    properties = {"sheetId": sheet_id, "title": title, "index": index, "hidden": hidden}
    return {"addSheet": {"properties": properties}}


def renamed_tab(sheet_id: int, title: str) -> Json:
    properties = {"sheetId": sheet_id, "title": title}
    return {"updateSheetProperties": {"properties": properties, "fields": "title"}}


def appended(sheet_id: int, dimension: str, length: int) -> Json:
    asked = {"sheetId": sheet_id, "dimension": dimension, "length": length}
    return {"appendDimension": asked}


def inserted_cells(rect: Rect) -> Json:
    """What is there, and below it in its columns, goes down; references to it follow."""
    return {"insertRange": {"range": rect.json(), "shiftDimension": "ROWS"}}


def odd_cells(
    rows: Sequence[Sequence[Cell]], kinds: Sequence[str], header_rows: int
) -> list[tuple[int, int]]:
    """(row, column) of texts in columns that are not for text, column by column."""
    return [
        (i, j)
        for j, kind in enumerate(kinds)
        if kind != "text"
        for i in range(header_rows, len(rows))
        if j < len(rows[i]) and isinstance(rows[i][j], str) and rows[i][j] != ""
    ]


def _cell(value: Cell) -> Json:
    if isinstance(value, bool):
        return {"userEnteredValue": {"boolValue": value}}
    if isinstance(value, str):
        return {"userEnteredValue": {"stringValue": value}} if value else {}
    return {"userEnteredValue": {"numberValue": value}}


def _number_format(column: Mapping[str, str]) -> Json:
    if column["kind"] == "text":
        return TEXT
    return {"type": _TYPES[column["kind"]], "pattern": column["pattern"]}


def _repeated(rect: Rect, cell: Json, fields: str) -> Json:
    return {"repeatCell": {"range": rect.json(), "cell": cell, "fields": fields}}


def _runs(cells: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """(row, column, height) of cells that stand on top of each other."""
    numbered = enumerate(sorted(cells, key=lambda cell: (cell[1], cell[0])))
    # Neighbours in one column keep the same distance to their place in the list.
    for _, run in groupby(numbered, lambda each: (each[1][1], each[1][0] - each[0])):
        some = [cell for _, cell in run]
        yield some[0][0], some[0][1], len(some)


def letters(column: int) -> str:
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text
