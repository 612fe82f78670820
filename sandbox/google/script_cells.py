"""What SpreadsheetApp's Range reads and writes, over the grid."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.google.a1 import Rect
from sandbox.google.cells import Cell, CellError, GridError, Look, Value
from sandbox.google.entered import serial
from sandbox.google.shown import is_moment
from sandbox.google.tab import Tab

# What getNumberFormat gives for a cell that never had one.
AUTOMATIC = "0.###############"
# What a Date looks like in a cell that had no format.
MOMENT_PATTERN = "m/d/yyyy h:mm:ss"

_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a wall clock's: the zone is the spreadsheet's
_ALIGNMENTS = {"left": "LEFT", "center": "CENTER", "right": "RIGHT", "normal": "", "general": ""}


def read(tab: Tab, rect: Rect, what: str) -> Any:
    """Rows of what is asked for; for "values" also where the moments are, as milliseconds."""
    with tab.workbook.lock:
        if what == "values":
            return _values(tab, rect)
        if what == "display":
            return tab.shown(rect)
        if what == "formulas":
            return tab.formulas(rect)
        one = _READ[what]
        rows = [[one(Cell())] * rect.columns for _ in range(rect.rows)]
        for row, column, cell in tab.cells_in(rect):
            rows[row - rect.row][column - rect.column] = one(cell)
        return rows


def write(tab: Tab, rect: Rect, what: str, data: Any) -> None:
    """`data` is rows, or one value for every cell."""
    attached = tab.workbook.attached
    attached.check_unprotected(tab, rect)
    if what == "values":
        covered = attached.covered(tab)
        if covered:
            data = data if isinstance(data, list) else [[data] * rect.columns] * rect.rows
            data = [
                [None if (rect.row + i, rect.column + j) in covered else v for j, v in enumerate(r)]
                for i, r in enumerate(data)
            ]
        _enter(tab, rect, data)
        return
    change = _WRITE[what]
    rows = data if isinstance(data, list) else None
    known: dict[tuple[Look, Any], Look] = {}
    with tab.workbook.editing():
        for i in range(rect.rows):
            for j in range(rect.columns):
                given = rows[i][j] if rows is not None else data
                cell = tab.cell(rect.row + i, rect.column + j)
                if what == "notes":
                    tab.put(rect.row + i, rect.column + j, replace(cell, note=str(given or "")))
                    continue
                key = (cell.look, given)
                if key not in known:
                    known[key] = replace(cell.look, **change(given))
                tab.put(rect.row + i, rect.column + j, replace(cell, look=known[key]))


def copy(tab: Tab, rect: Rect, target: Tab, to: Rect, kind: str, transposed: bool) -> None:
    """Range.copyTo: over the whole of `to` if it is a multiple, else over one time the source.

    Raises GridError for a kind, or for formulas, that this stand-in does not copy.
    """
    with tab.workbook.editing():
        source = _cells(tab, rect, kind)
        if transposed:
            source = [list(line) for line in zip(*source, strict=True)]
        high, wide = len(source), len(source[0])
        times_down = to.rows // high if to.rows % high == 0 else 1
        times_right = to.columns // wide if to.columns % wide == 0 else 1
        whole = Rect(to.row, to.column, high * times_down, wide * times_right)
        target.check_inside(whole)
        attached = target.workbook.attached
        attached.check_unprotected(target, whole)
        if attached.filtered_rows(target) & set(range(whole.row, whole.end_row)):
            # Google says nowhere what becomes of rows that a filter hides: count on the worst.
            raise GridError("This sandbox does not paste over rows that a filter hides.")
        for row in range(whole.row, whole.end_row):
            for column in range(whole.column, whole.end_column):
                cell = source[(row - whole.row) % high][(column - whole.column) % wide]
                there = target.cell(row, column)
                target.put(row, column, _PASTED[kind](there, cell))


def _cells(tab: Tab, rect: Rect, kind: str) -> list[list[Cell]]:
    if kind not in _PASTED:
        raise GridError(f"This sandbox does not copy {kind}.")
    values = tab.values(rect)
    rows = [[Cell() for _ in range(rect.columns)] for _ in range(rect.rows)]
    for row, column, cell in tab.cells_in(rect):
        if cell.formula and kind == "PASTE_NORMAL":
            raise GridError("This sandbox does not copy formulas, only their values.")
        value = values[row - rect.row][column - rect.column]
        rows[row - rect.row][column - rect.column] = replace(cell, value=value, formula="")
    return rows


_PASTED: dict[str, Callable[[Cell, Cell], Cell]] = {
    "PASTE_NORMAL": lambda there, cell: cell,
    "PASTE_VALUES": lambda there, cell: replace(there, value=cell.value, formula=""),
    "PASTE_FORMAT": lambda there, cell: replace(there, look=cell.look),
}


def _values(tab: Tab, rect: Rect) -> dict[str, Any]:
    rows: list[list[Any]] = tab.values(rect)
    zone = ZoneInfo(tab.workbook.time_zone)
    patterns: dict[str, bool] = {}
    moments: list[list[int]] = []
    for row, column, cell in tab.cells_in(rect):
        line, j = rows[row - rect.row], column - rect.column
        value: Value = line[j]
        if isinstance(value, CellError):
            line[j] = value.text
            continue
        pattern = tab.pattern(cell)
        if pattern not in patterns:
            patterns[pattern] = is_moment(pattern)
        if patterns[pattern] and isinstance(value, int | float) and not isinstance(value, bool):
            epoch_ms = _epoch_ms(value, zone)
            if epoch_ms is not None:
                line[j] = epoch_ms
                moments.append([row - rect.row, j])
    return {"values": rows, "moments": moments}


def _enter(tab: Tab, rect: Rect, data: Any) -> None:
    rows: Sequence[Sequence[Any]] = (
        data if isinstance(data, list) else [[data] * rect.columns for _ in range(rect.rows)]
    )
    zone = ZoneInfo(tab.workbook.time_zone)
    moments = [
        (i, j)
        for i, line in enumerate(rows)
        for j, value in enumerate(line)
        if isinstance(value, dict)
    ]
    if moments:
        rows = [
            [_serial(v["moment"], zone) if isinstance(v, dict) else v for v in line]
            for line in rows
        ]
    with tab.workbook.editing():
        tab.enter(rect.row, rect.column, rows)
        for i, j in moments:
            if not tab.cell(rect.row + i, rect.column + j).look.pattern:
                tab.look(Rect(rect.row + i, rect.column + j), pattern=MOMENT_PATTERN)


def _epoch_ms(number: int | float, zone: ZoneInfo) -> int | None:
    """The moment of a serial on the wall clock of `zone`; None where the calendar ends."""
    try:
        wall = _EPOCH + timedelta(milliseconds=round(number * 86_400_000))
    except OverflowError:
        return None
    since = wall.replace(tzinfo=zone) - datetime(1970, 1, 1, tzinfo=UTC)
    return round(since / timedelta(milliseconds=1))


def _serial(epoch_ms: float, zone: ZoneInfo) -> int | float:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=epoch_ms)
    return serial(moment.astimezone(zone).replace(tzinfo=None))


_READ: dict[str, Callable[[Cell], str]] = {
    "formats": lambda cell: cell.look.pattern or AUTOMATIC,
    "weights": lambda cell: "bold" if cell.look.bold else "normal",
    "backgrounds": lambda cell: cell.look.background or "#ffffff",
    "alignments": lambda cell: cell.look.align.lower() or "general",
    "notes": lambda cell: cell.note,
}


def _weight(given: Any) -> dict[str, Any]:
    if given not in ("bold", "normal", None):
        raise GridError(f"Invalid argument: {given}")
    return {"bold": given == "bold"}


def _pattern(given: Any) -> dict[str, Any]:
    return {"pattern": "" if given in ("General", AUTOMATIC, None) else str(given)}


def _alignment(given: Any) -> dict[str, Any]:
    if given is not None and given not in _ALIGNMENTS:
        raise GridError(f"Invalid argument: {given}")
    return {"align": _ALIGNMENTS[given or "normal"]}


_WRITE: dict[str, Callable[[Any], dict[str, Any]]] = {
    "formats": _pattern,
    "weights": _weight,
    "backgrounds": lambda given: {"background": given or ""},
    "colors": lambda given: {"color": given or ""},
    "alignments": _alignment,
    "wraps": lambda given: {"wrap": "WRAP" if given else "OVERFLOW_CELL"},
    "notes": lambda given: {},
}
