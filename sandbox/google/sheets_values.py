"""`spreadsheets.values.*` over the grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.google import a1
from sandbox.google.a1 import Rect
from sandbox.google.cells import CellError, GridError, Value
from sandbox.google.grid import Workbook
from sandbox.google.shown import is_moment, shown
from sandbox.google.tab import Tab
from sandbox.google.tables import last_table

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Render:
    value: str = "FORMATTED_VALUE"
    moment: str = "SERIAL_NUMBER"


def located(workbook: Workbook, text: str) -> tuple[Tab, Rect, bool]:
    """The tab and rectangle of an A1 text, a tab's title or a named range; and whether it is
    one cell or a whole tab, which stands for wherever the data ends. Raises GridError."""
    reference = a1.parse(text)
    if reference is not None:
        tab = workbook.tabs[0] if reference.title is None else workbook.tab(reference.title)
        if tab is not None:
            rect = reference.within(*tab.size)
            if reference.row >= tab.row_count or reference.column >= tab.column_count:
                tab.check_inside(Rect(reference.row, reference.column))
            tab.check_inside(rect)
            return tab, rect, rect.rows == rect.columns == 1
    # gspread asks for a name with its tab before it: 'Sheet1'!totals.
    prefix, mark, name = text.rpartition("!")
    named = workbook.named_range(text) or workbook.named_range(name)
    if mark and named is not None:
        before = workbook.tab(a1.unquoted(prefix))
        named = named if before is not None and before.sheet_id == named.sheet_id else None
    home = workbook.tab_by_id(named.sheet_id) if named else None
    if named is not None and named.rect is not None and home is not None:
        return home, named.rect, False
    tab = workbook.tab(a1.unquoted(text))
    if tab is None:
        raise GridError(f"Unable to parse range: {text}")
    return tab, Rect(0, 0, *tab.size), True


def read(workbook: Workbook, text: str, by: str, render: Render) -> Json:
    """A ValueRange: trailing blank rows and cells are left out, and `values` where all are."""
    tab, rect, _ = located(workbook, text)
    rows = trimmed(rendered(tab, rect, render))
    if by == "COLUMNS":
        rows = trimmed(_turned(rows))
    answer: Json = {
        "range": f"{a1.quoted(tab.title)}!{rect.a1()}",
        "majorDimension": "COLUMNS" if by == "COLUMNS" else "ROWS",
    }
    return answer | ({"values": rows} if rows else {})


def rendered(tab: Tab, rect: Rect, render: Render) -> list[list[Any]]:
    # What lies beyond the last cell that holds something is blank: it is not gone through.
    used = tab.data_extent()
    near = Rect(
        rect.row,
        rect.column,
        max(0, min(rect.end_row, used.rows) - rect.row),
        max(0, min(rect.end_column, used.columns) - rect.column),
    )
    if render.value == "FORMATTED_VALUE":
        return [list(row) for row in tab.shown(near)]
    values = tab.values(near)
    formulas = tab.formulas(near) if render.value == "FORMULA" else None
    made: list[list[Any]] = []
    for r, row in enumerate(values):
        made.append([_plain(value) for value in row])
        for c, value in enumerate(row):
            if formulas and formulas[r][c]:
                made[-1][c] = formulas[r][c]
            elif render.moment == "FORMATTED_STRING" and isinstance(value, int | float):
                pattern = tab.pattern(tab.cell(near.row + r, near.column + c))
                if is_moment(pattern):
                    made[-1][c] = shown(value, pattern)
    return made


def write(workbook: Workbook, text: str, body: Json, option: str, render: Render | None) -> Json:
    """UpdateValuesResponse. Raises GridError when the data does not fit the range."""
    if option not in ("RAW", "USER_ENTERED"):
        raise GridError("'valueInputOption' is required but not specified")
    tab, rect, anchor = located(workbook, text)
    given = body.get("range", text)
    if given != text and located(workbook, given) != (tab, rect, anchor):
        raise GridError(f"Requested range [{text}] does not match value's range [{given}].")
    rows = _rows(body)
    width = max((len(row) for row in rows), default=0)
    if not anchor and (len(rows) > rect.rows or width > rect.columns):
        beyond = (
            f"row [{rect.row + rect.rows + 1}]"
            if len(rows) > rect.rows
            else f"column [{a1.letters(rect.end_column)}]"
        )
        raise GridError(f"Requested writing within range [{text}], but tried writing to {beyond}")
    _put(tab, rect.row, rect.column, rows, option)
    return _updated(workbook, tab, Rect(rect.row, rect.column, len(rows), width), rows, render)


def append(
    workbook: Workbook, text: str, body: Json, option: str, insert: bool, render: Render | None
) -> Json:
    """AppendValuesResponse: below the last table that the range touches, from its first column.

    https://developers.google.com/workspace/sheets/api/guides/values#append_values
    """
    if option not in ("RAW", "USER_ENTERED"):
        raise GridError("'valueInputOption' is required but not specified")
    tab, rect, _ = located(workbook, text)
    rows = _rows(body)
    width = max((len(row) for row in rows), default=0)
    table = last_table(tab, rect)
    row, column = (table.end_row, table.column) if table else (rect.row, rect.column)
    with workbook.atomic():
        if insert and row < tab.row_count and rows:
            tab.insert_rows(row, len(rows))
        if row + len(rows) > tab.row_count:
            tab.append_rows(row + len(rows) - tab.row_count)
        if column + width > tab.column_count:
            tab.append_columns(column + width - tab.column_count)
        _put(tab, row, column, rows, option)
    written = Rect(row, column, len(rows), width)
    answer: Json = {
        "spreadsheetId": workbook.id,
        "updates": _updated(workbook, tab, written, rows, render),
    }
    if table:
        answer["tableRange"] = f"{a1.quoted(tab.title)}!{table.a1()}"
    return answer


def clear(workbook: Workbook, text: str) -> str:
    """The range whose values are gone; looks and notes stay."""
    tab, rect, _ = located(workbook, text)
    workbook.attached.check_unprotected(tab, rect)
    tab.clear(rect)
    return f"{a1.quoted(tab.title)}!{rect.a1()}"


def trimmed(rows: list[list[Any]]) -> list[list[Any]]:
    """Without the blanks at the end of each row and the blank rows at the end."""
    for row in rows:
        while row and row[-1] == "":
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _rows(body: Json) -> list[list[Any]]:
    values = body.get("values", [])
    for r, row in enumerate(values):
        for c, value in enumerate(row):
            if isinstance(value, list | dict):
                kind = "list_value" if isinstance(value, list) else "struct_value"
                raise GridError(f"Invalid values[{r}][{c}]: {kind}")
    return _turned(values, None) if body.get("majorDimension") == "COLUMNS" else values


def _put(tab: Tab, row: int, column: int, rows: list[list[Any]], option: str) -> None:
    width = max((len(line) for line in rows), default=0)
    tab.workbook.attached.check_unprotected(tab, Rect(row, column, len(rows), width))
    covered = tab.workbook.attached.covered(tab)
    if covered:  # what is written beneath a merged cell is lost
        rows = [
            [None if (r, c) in covered else value for c, value in enumerate(line, column)]
            for r, line in enumerate(rows, row)
        ]
    (tab.write if option == "RAW" else tab.enter)(row, column, rows)


def _turned(rows: list[list[Any]], blank: object = "") -> list[list[Any]]:
    width = max((len(row) for row in rows), default=0)
    return [[row[c] if c < len(row) else blank for row in rows] for c in range(width)]


def _plain(value: Value) -> str | int | float | bool:
    return value.text if isinstance(value, CellError) else value


def _updated(
    workbook: Workbook, tab: Tab, rect: Rect, rows: list[list[Any]], render: Render | None
) -> Json:
    name = f"{a1.quoted(tab.title)}!{rect.a1()}" if rows else a1.quoted(tab.title)
    answer: Json = {"spreadsheetId": workbook.id, "updatedRange": name}
    if rows:
        answer |= {
            "updatedRows": rect.rows,
            "updatedColumns": rect.columns,
            "updatedCells": sum(value is not None for row in rows for value in row),
        }
    if render is not None and rows:
        answer["updatedData"] = {"range": name, "majorDimension": "ROWS"}
        answer["updatedData"]["values"] = trimmed(rendered(tab, rect, render))
    return answer
