"""One tab of the spreadsheet: its cells and how it is laid out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from sandbox.google import a1
from sandbox.google.a1 import Rect
from sandbox.google.cells import BLANK, PLAIN, Cell, GridError, Look, Value, stored
from sandbox.google.entered import entered
from sandbox.google.formula_days import computed_pattern
from sandbox.google.layout import Layout
from sandbox.google.shown import shown


class Tab(Layout):
    """Cells are addressed from 0. Reading outside the grid is an error, as in Sheets."""

    # Reading

    def cell(self, row: int, column: int) -> Cell:
        self.check_inside(Rect(row, column))
        return self._at(row, column)

    def value(self, row: int, column: int) -> Value:
        """The typed value; a formula's computed one."""
        cell = self.cell(row, column)
        if cell.formula:
            return self.workbook.computed(self, row, column, cell.formula)
        return cell.value

    def values(self, rect: Rect) -> list[list[Value]]:
        with self.workbook.lock:
            self.check_inside(rect)
            return [
                [self._value(row, column, cell) for column, cell in enumerate(cells, rect.column)]
                for row, cells in self._cells_of(rect)
            ]

    def pattern(self, cell: Cell, most: int = 20) -> str:
        """Of the number format in effect: a formula that gives a day shows it as one by itself.

        Looks through up to `most` references.
        """
        if not cell.formula or cell.look.pattern:
            return cell.look.pattern

        def there(text: str) -> str:
            found = a1.parse(text)
            home = self if found is None or found.title is None else self.workbook.tab(found.title)
            if found is None or home is None or most == 0:
                return ""
            at = home.clipped(found.within(*home.size))
            return (
                home.pattern(home.cell(at.row, at.column), most - 1)
                if at.rows and at.columns
                else ""
            )

        return computed_pattern(cell.formula, there)

    def formulas(self, rect: Rect) -> list[list[str]]:
        """ "" where a cell has none."""
        with self.workbook.lock:
            self.check_inside(rect)
            return [[cell.formula for cell in cells] for _, cells in self._cells_of(rect)]

    def shown(self, rect: Rect) -> list[list[str]]:
        """What the grid shows: values through their number formats."""
        with self.workbook.lock:
            looks = [[self.pattern(cell) for cell in cells] for _, cells in self._cells_of(rect)]
            return [
                [shown(value, pattern) for value, pattern in zip(line, row, strict=True)]
                for line, row in zip(self.values(rect), looks, strict=True)
            ]

    def cells(self) -> Iterator[tuple[int, int, Cell]]:
        """Every cell that is not plain and blank: (row, column, cell), by row."""
        for row, cells in enumerate(self._rows):
            for column, cell in sorted(cells.items()) if cells else ():
                yield row, column, cell

    def cells_in(self, rect: Rect) -> Iterator[tuple[int, int, Cell]]:
        """The same of one rectangle."""
        for row in range(rect.row, rect.end_row):
            cells = self._rows[row]
            for column in sorted(cells) if cells else ():
                if cells and rect.column <= column < rect.end_column:
                    yield row, column, cells[column]

    def data_extent(self) -> Rect:
        """From A1 to the last cell that holds a value or a formula; 0 x 0 for an empty tab."""
        with self.workbook.lock:
            rows = columns = 0
            for row, column, cell in self.cells():
                if cell.value != "" or cell.formula:
                    rows, columns = row + 1, max(columns, column + 1)
            return Rect(0, 0, rows, columns)

    def filled(self, rect: Rect) -> list[Rect]:
        """The cells of `rect` that hold a value or a formula."""
        with self.workbook.lock:
            return [
                Rect(row, column)
                for row, column, cell in self.cells_in(self.clipped(rect))
                if cell.value != "" or cell.formula
            ]

    # Writing

    def write(self, row: int, column: int, rows: Sequence[Sequence[object]]) -> None:
        """RAW: typed values as they are; None leaves a cell alone, "" blanks it."""

        def typed(cell: Cell, value: object) -> Cell:
            return cell if value is None else replace(cell, value=stored(value), formula="")

        self._write(row, column, rows, typed)

    def enter(self, row: int, column: int, rows: Sequence[Sequence[object]]) -> None:
        """USER_ENTERED, typed by a person, or `setValues`: texts are parsed. None as in write."""
        day_first = self.workbook.locale not in ("en_US", "")

        def parsed(cell: Cell, value: object) -> Cell:
            if value is None:
                return cell
            if not isinstance(value, str) or value == "":
                return replace(cell, value=stored(value), formula="")
            stored(value)  # its length
            was = cell.look.pattern
            got = entered(value, was, year=self.workbook.year, day_first=day_first)
            look = replace(cell.look, pattern=got.pattern) if got.pattern and not was else cell.look
            return replace(cell, value=got.value, formula=got.formula, look=look)

        self._write(row, column, rows, parsed)

    def set_formula(self, row: int, column: int, formula: str) -> None:
        """`formula` with its "="."""
        if not formula.startswith("="):
            raise GridError(f"Formula must start with =: {formula}")

        def with_formula(cell: Cell, value: object) -> Cell:
            return replace(cell, value="", formula=str(value))

        self._write(row, column, [[formula]], with_formula)

    def copy_values(self, source: Tab, rect: Rect, row: int, column: int) -> None:
        """Computed values only, blanks too: looks and notes of the target stay."""
        self.write(row, column, source.values(rect))

    def look(self, rect: Rect, **changes: Any) -> None:
        """Changes those fields of Look on every cell, for example `pattern="@", bold=True`."""
        known: dict[Look, Look] = {}

        def changed(cell: Cell) -> Cell:
            if cell.look not in known:
                known[cell.look] = replace(cell.look, **changes)
            return replace(cell, look=known[cell.look])

        self.change(rect, changed)

    def note(self, row: int, column: int, text: str) -> None:
        self.change(Rect(row, column), lambda cell: replace(cell, note=text))

    def clear(self, rect: Rect, *, values: bool = True, looks: bool = False) -> None:
        """Notes stay."""

        def cleared(cell: Cell) -> Cell:
            if values:
                cell = replace(cell, value="", formula="")
            return replace(cell, look=PLAIN) if looks else cell

        self.change(rect, cleared)

    def change(self, rect: Rect, change: Callable[[Cell], Cell]) -> None:
        """Every cell of `rect` through `change`."""
        with self.workbook.editing():
            self.check_inside(rect)
            for row in range(rect.row, rect.end_row):
                for column in range(rect.column, rect.end_column):
                    self.put(row, column, change(self._at(row, column)))

    def put(self, row: int, column: int, cell: Cell) -> None:
        """One whole cell, inside the grid; for those who already hold `editing()`."""
        before = self._at(row, column)
        if cell.formula and cell.formula != before.formula:
            self.workbook.formula_set(self, row, column, cell.formula)
        cells = self._rows[row]
        if cell == BLANK:
            if cells:
                cells.pop(column, None)
            return
        if cells is None:
            cells = self._rows[row] = {}
        cells[column] = cell

    def _at(self, row: int, column: int) -> Cell:
        cells = self._rows[row]
        return cells.get(column, BLANK) if cells else BLANK

    def _value(self, row: int, column: int, cell: Cell) -> Value:
        if cell.formula:
            return self.workbook.computed(self, row, column, cell.formula)
        return cell.value

    def _cells_of(self, rect: Rect) -> Iterator[tuple[int, list[Cell]]]:
        columns = range(rect.column, rect.end_column)
        for row in range(rect.row, rect.end_row):
            cells = self._rows[row]
            yield row, [cells.get(c, BLANK) if cells else BLANK for c in columns]

    def _write(
        self,
        row: int,
        column: int,
        rows: Sequence[Sequence[object]],
        change: Callable[[Cell, object], Cell],
    ) -> None:
        with self.workbook.editing():
            width = max((len(line) for line in rows), default=0)
            self.check_inside(Rect(row, column, len(rows), width))
            # All are made before any is put: a value that no cell can hold leaves the grid alone.
            made = [
                (r, c, change(self._at(r, c), value))
                for r, line in enumerate(rows, row)
                for c, value in enumerate(line, column)
            ]
            for r, c, cell in made:
                self.put(r, c, cell)
