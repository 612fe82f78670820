"""How one tab is laid out: rows and columns that come, go, move, freeze and hide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from sandbox.google.a1 import Rect
from sandbox.google.attached import overlap
from sandbox.google.cells import PLAIN, Cell, GridError
from sandbox.google.marks import Marks, MarksState
from sandbox.google.moves import Move, carried, deleted, inserted
from sandbox.google.shifts import shifted_down

if TYPE_CHECKING:
    from sandbox.google.grid import Workbook

Row = dict[int, Cell]
T = TypeVar("T")

_TORN = "You can't freeze {} which contain only part of a merged cell."


@dataclass(frozen=True, slots=True)
class TabState:
    title: str
    hidden: bool
    frozen_rows: int
    frozen_columns: int
    widths: dict[int, int]
    hidden_columns: set[int]
    hidden_rows: set[int]
    rows: list[Row | None]
    column_count: int
    marks: MarksState


class Layout(Marks):
    """What a Tab is beneath its cells."""

    def __init__(
        self, workbook: Workbook, sheet_id: int, title: str, rows: int, columns: int
    ) -> None:
        super().__init__()
        self.workbook = workbook
        self.sheet_id = sheet_id
        self.title = title
        self.hidden = False
        self.frozen_rows = 0
        self.frozen_columns = 0
        self.widths: dict[int, int] = {}  # pixels; what is missing has the default, 100
        self.hidden_columns: set[int] = set()
        self.hidden_rows: set[int] = set()
        self.column_count = columns
        self._rows: list[Row | None] = [None] * rows

    @property
    def row_count(self) -> int:
        return len(self._rows)

    @property
    def size(self) -> tuple[int, int]:
        return self.row_count, self.column_count

    def insert_rows(self, at: int, count: int = 1, *, inherit: int | None = None) -> None:
        """Blank rows before row `at`, looking like row `inherit`."""
        with self.workbook.editing():
            self._check_insert(at, count, self.row_count)
            self.workbook.check_room(count * self.column_count, self.column_count)
            model = self._rows[inherit] if inherit is not None else None
            looks = {c: Cell(look=v.look) for c, v in (model or {}).items() if v.look != PLAIN}
            self._rows[at:at] = [dict(looks) if looks else None for _ in range(count)]
            self.hidden_rows = {r if r < at else r + count for r in self.hidden_rows}
            if at < self.frozen_rows:
                self.frozen_rows += count
            self._moved("ROWS", inserted(at, count))

    def insert_cells(self, rect: Rect) -> None:
        """Blank cells at `rect`; what was there goes down, in these columns alone.

        Raises GridError where something would fall off the end of the grid, or be torn.
        """
        with self.workbook.editing():
            self.check_inside(rect)
            below = Rect(rect.row, rect.column, self.row_count - rect.row, rect.columns)
            for item in self.workbook.attached.of(self.sheet_id):
                if item.kind != "merge" or item.rect is None or not overlap(item.rect, below):
                    continue
                inside = rect.column <= item.rect.column and item.rect.end_column <= rect.end_column
                if not inside or item.rect.row < rect.row:
                    raise GridError("This operation would tear a merged cell apart.")
            columns = range(rect.column, rect.end_column)
            last = self._rows[self.row_count - rect.rows :]
            if any(row and any(c in row and row[c].value != "" for c in columns) for row in last):
                raise GridError("Cells with content would be pushed off the sheet.")
            for row in range(self.row_count - 1, rect.row - 1, -1):
                above = row - rect.rows
                source = (self._rows[above] or {}) if above >= rect.row else {}
                kept = {c: v for c, v in (self._rows[row] or {}).items() if c not in columns}
                moved = {c: v for c, v in source.items() if c in columns}
                self._rows[row] = kept | moved or None
            shifted_down(self, rect)

    def delete_rows(self, at: int, count: int = 1) -> None:
        with self.workbook.editing():
            self.check_inside(Rect(at, 0, count, 1))
            if count >= self.row_count:
                raise GridError("You can't delete all the rows on the sheet.")
            del self._rows[at : at + count]
            self.hidden_rows = _without(self.hidden_rows, at, count)
            self.frozen_rows -= max(0, min(self.frozen_rows, at + count) - at)
            self._moved("ROWS", deleted(at, count))

    def move_rows(self, at: int, count: int, to: int) -> None:
        """To before row `to`; names and formulas follow unless a range would be torn apart."""
        with self.workbook.editing():
            self.check_inside(Rect(at, 0, count, 1))
            self._check_insert(to, count, self.row_count)
            if at <= to <= at + count:
                return
            moved = self._rows[at : at + count]
            del self._rows[at : at + count]
            place = to if to < at else to - count
            self._rows[place:place] = moved
            move = carried(at, count, to)
            self.hidden_rows = {_first(move(r, r + 1), r) for r in self.hidden_rows}
            self._moved("ROWS", move)

    def move_columns(self, at: int, count: int, to: int) -> None:
        """To before column `to`, as move_rows."""
        with self.workbook.editing():
            self.check_inside(Rect(0, at, 1, count))
            self._check_insert(to, count, self.column_count)
            if at <= to <= at + count:
                return
            move = carried(at, count, to)
            for i, cells in enumerate(self._rows):
                if cells is not None:
                    self._rows[i] = {_first(move(c, c + 1), c): v for c, v in cells.items()}
            self.hidden_columns = {_first(move(c, c + 1), c) for c in self.hidden_columns}
            self.widths = {_first(move(c, c + 1), c): w for c, w in self.widths.items()}
            self._moved("COLUMNS", move)

    def insert_columns(self, at: int, count: int = 1, *, inherit: int | None = None) -> None:
        """Blank columns before column `at`, looking like column `inherit`."""
        with self.workbook.editing():
            self._check_insert(at, count, self.column_count)
            self.workbook.check_room(count * self.row_count, self.column_count + count)
            for i, cells in enumerate(self._rows):
                if cells is None:
                    continue
                look = cells[inherit].look if inherit in cells else PLAIN
                moved = {c if c < at else c + count: v for c, v in cells.items()}
                if look != PLAIN:
                    moved |= {at + n: Cell(look=look) for n in range(count)}
                self._rows[i] = moved
            self.column_count += count
            self.hidden_columns = {c if c < at else c + count for c in self.hidden_columns}
            self.widths = {c if c < at else c + count: w for c, w in self.widths.items()}
            if at < self.frozen_columns:
                self.frozen_columns += count
            self._moved("COLUMNS", inserted(at, count))

    def delete_columns(self, at: int, count: int = 1) -> None:
        with self.workbook.editing():
            self.check_inside(Rect(0, at, 1, count))
            if count >= self.column_count:
                raise GridError("You can't delete all the columns on the sheet.")
            for i, cells in enumerate(self._rows):
                if cells is not None:
                    self._rows[i] = _shifted(cells, at, count)
            self.column_count -= count
            self.hidden_columns = _without(self.hidden_columns, at, count)
            self.widths = _shifted(self.widths, at, count)
            self.frozen_columns -= max(0, min(self.frozen_columns, at + count) - at)
            self._moved("COLUMNS", deleted(at, count))

    def append_rows(self, count: int) -> None:
        self.insert_rows(self.row_count, count)

    def append_columns(self, count: int) -> None:
        self.insert_columns(self.column_count, count)

    def freeze(self, *, rows: int | None = None, columns: int | None = None) -> None:
        """Raises GridError where all would be frozen, or a part of a merged cell."""
        with self.workbook.editing():
            if (rows or 0) >= self.row_count or (columns or 0) >= self.column_count:
                raise GridError("You can't freeze all visible rows or columns on the sheet.")
            for item in self.workbook.attached.of(self.sheet_id, "merge"):
                if item.rect and item.rect.row < (rows or 0) < item.rect.end_row:
                    raise GridError(_TORN.format("rows"))
                if item.rect and item.rect.column < (columns or 0) < item.rect.end_column:
                    raise GridError(_TORN.format("columns"))
            self.frozen_rows = self.frozen_rows if rows is None else rows
            self.frozen_columns = self.frozen_columns if columns is None else columns

    def set_width(self, column: int, pixels: int, count: int = 1) -> None:
        with self.workbook.editing():
            self.check_inside(Rect(0, column, 1, count))
            self.widths |= {c: pixels for c in range(column, column + count)}

    def hide(
        self, *, rows: Sequence[int] = (), columns: Sequence[int] = (), hidden: bool = True
    ) -> None:
        with self.workbook.editing():
            for there, some in ((self.hidden_rows, rows), (self.hidden_columns, columns)):
                there.update(some) if hidden else there.difference_update(some)

    def check_inside(self, rect: Rect) -> None:
        """Raises GridError in the words of the Sheets API."""
        if (
            min(rect.row, rect.column, rect.rows, rect.columns) < 0
            or rect.end_row > self.row_count
            or rect.end_column > self.column_count
        ):
            raise GridError(
                f"Range ({self.title}!{rect.a1()}) exceeds grid limits. "
                f"Max rows: {self.row_count}, max columns: {self.column_count}"
            )

    def clipped(self, rect: Rect) -> Rect:
        """The part of `rect` that lies inside the grid."""
        row, column = min(rect.row, self.row_count), min(rect.column, self.column_count)
        return Rect(
            row,
            column,
            min(rect.end_row, self.row_count) - row,
            min(rect.end_column, self.column_count) - column,
        )

    def map_formulas(self, change: Callable[[str], str]) -> None:
        for row in self._rows:
            for column, cell in row.items() if row else ():
                if cell.formula and row is not None:
                    row[column] = replace(cell, formula=change(cell.formula))

    def state(self) -> TabState:
        return TabState(
            self.title,
            self.hidden,
            self.frozen_rows,
            self.frozen_columns,
            dict(self.widths),
            set(self.hidden_columns),
            set(self.hidden_rows),
            [dict(row) if row else None for row in self._rows],
            self.column_count,
            self.marks_state(),
        )

    def restore(self, state: TabState) -> None:
        self.title = state.title
        self.hidden = state.hidden
        self.frozen_rows = state.frozen_rows
        self.frozen_columns = state.frozen_columns
        self.widths = state.widths
        self.hidden_columns = state.hidden_columns
        self.hidden_rows = state.hidden_rows
        self._rows = state.rows
        self.column_count = state.column_count
        self.restore_marks(state.marks)

    def _moved(self, axis: str, move: Move) -> None:
        self.move_marks(axis, move)
        self.workbook.moved_on(self.sheet_id, self.title, axis, move)

    def _check_insert(self, at: int, count: int, most: int) -> None:
        if count < 1 or not 0 <= at <= most:
            raise GridError(f"Cannot insert {count} at {at}: there are {most}.")


def _first(span: tuple[int, int] | None, otherwise: int) -> int:
    return span[0] if span else otherwise


def _without(marks: set[int], at: int, count: int) -> set[int]:
    return {m if m < at else m - count for m in marks if not at <= m < at + count}


def _shifted(there: dict[int, T], at: int, count: int) -> dict[int, T]:
    return {k if k < at else k - count: v for k, v in there.items() if not at <= k < at + count}
