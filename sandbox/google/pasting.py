"""Cells copied, cut and sorted, with the formulas in them and those that refer to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sandbox.google import formula_references
from sandbox.google.a1 import Rect, Reference
from sandbox.google.attached import MERGE, overlap
from sandbox.google.cells import BLANK, Cell, CellError, GridError, Value
from sandbox.google.tab import Tab

# What of a copied cell (its formula moved along) reaches the cell that was there.
_PASTED: dict[str, Callable[[Cell, Cell, Value], Cell]] = {
    "PASTE_NORMAL": lambda there, cell, value: cell,
    "PASTE_VALUES": lambda there, cell, value: replace(there, value=value, formula=""),
    "PASTE_FORMAT": lambda there, cell, value: replace(there, look=cell.look),
    "PASTE_FORMULA": lambda there, cell, value: replace(
        there, value=cell.value, formula=cell.formula
    ),
    "PASTE_DATA_VALIDATION": lambda there, cell, value: replace(there, rule=cell.rule),
    "PASTE_NO_BORDERS": lambda there, cell, value: replace(
        cell,
        look=replace(
            cell.look,
            top=there.look.top,
            bottom=there.look.bottom,
            left=there.look.left,
            right=there.look.right,
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Order:
    """Sort by `column`, counted from the tab's first."""

    column: int
    descending: bool = False


def paste(
    source: Tab, rect: Rect, target: Tab, over: Rect, kind: str, *, transposed: bool = False
) -> None:
    """The source repeats over a destination that is a multiple of it; a smaller one is overrun.

    Raises GridError for a kind that this sandbox does not paste, and for merged cells.
    """
    if kind not in _PASTED:
        raise GridError(f"The sandbox does not paste {kind}.")
    rows, columns = (rect.columns, rect.rows) if transposed else (rect.rows, rect.columns)
    down = over.rows // rows if rows and over.rows % rows == 0 else 1
    across = over.columns // columns if columns and over.columns % columns == 0 else 1
    whole = Rect(over.row, over.column, max(1, down) * rows, max(1, across) * columns)
    target.check_inside(whole)
    refuse_merged(source, rect)
    refuse_merged(target, whole)
    cells, values = _taken(source, rect), source.values(rect)
    pasted = _PASTED[kind]
    for row in range(whole.row, whole.end_row):
        for column in range(whole.column, whole.end_column):
            r, c = (row - whole.row) % rows, (column - whole.column) % columns
            if transposed:
                r, c = c, r
            cell = cells[r][c]
            if cell.formula and kind not in ("PASTE_VALUES", "PASTE_FORMAT"):
                if transposed:
                    raise GridError("The sandbox does not transpose formulas.")
                cell = _shifted(cell, row - rect.row - r, column - rect.column - c)
            target.put(row, column, pasted(target.cell(row, column), cell, values[r][c]))


def cut(tab: Tab, rect: Rect, row: int, column: int) -> None:
    """Moves the cells within the tab; names and formulas that speak of them follow."""
    target = Rect(row, column, rect.rows, rect.columns)
    tab.check_inside(target)
    refuse_merged(tab, rect)
    refuse_merged(tab, target)
    cells = _taken(tab, rect)
    for r, c, _ in list(tab.cells_in(rect)):
        tab.put(r, c, BLANK)
    for r, line in enumerate(cells, row):
        for c, cell in enumerate(line, column):
            tab.put(r, c, cell)
    down, right = row - rect.row, column - rect.column

    def followed(found: Reference) -> Reference | None:
        there = found.within(*tab.size)
        if not within(there, rect) or found.end_row is None or found.end_column is None:
            return found
        return Reference(
            found.title,
            found.row + down,
            found.column + right,
            found.end_row + down,
            found.end_column + right,
        )

    for key, named in list(tab.workbook.named_ranges.items()):
        place = named.rect
        if named.sheet_id == tab.sheet_id and place is not None and within(place, rect):
            moved = Rect(place.row + down, place.column + right, place.rows, place.columns)
            tab.workbook.named_ranges[key] = replace(named, rect=moved)
    for other in tab.workbook.tabs:

        def changed(text: str, own: str = other.title) -> str:
            return formula_references.references_mapped(text, own, tab.title, followed)

        other.map_formulas(changed)


def sort(tab: Tab, rect: Rect, orders: list[Order]) -> None:
    """Numbers before texts before booleans before errors; blanks are last either way."""
    refuse_merged(tab, rect)
    # Below the data there is nothing to sort.
    used = min(rect.end_row, tab.data_extent().rows) - rect.row
    rect = Rect(rect.row, rect.column, max(0, used), rect.columns)
    lines, values = _taken(tab, rect), tab.values(rect)
    places = list(range(rect.rows))
    for order in reversed(orders):
        at = order.column - rect.column
        if not 0 <= at < rect.columns:
            raise GridError(f"Cannot sort by column {order.column}: it is outside of the range.")
        filled = [place for place in places if values[place][at] != ""]
        filled.sort(key=lambda place: _rank(values[place][at]), reverse=order.descending)
        places = filled + [place for place in places if values[place][at] == ""]
    for to, place in enumerate(places):
        for column, cell in enumerate(lines[place], rect.column):
            moved = _shifted(cell, to - place, 0) if cell.formula else cell
            tab.put(rect.row + to, column, moved)


def refuse_merged(tab: Tab, rect: Rect) -> None:
    for item in tab.workbook.attached.of(tab.sheet_id, MERGE):
        if item.rect is not None and overlap(item.rect, rect):
            raise GridError(f"This operation cannot touch the merged cells {item.rect.a1()}.")


def within(inner: Rect, outer: Rect) -> bool:
    return (
        outer.row <= inner.row
        and inner.end_row <= outer.end_row
        and outer.column <= inner.column
        and inner.end_column <= outer.end_column
    )


def _taken(tab: Tab, rect: Rect) -> list[list[Cell]]:
    return [
        [tab.cell(row, column) for column in range(rect.column, rect.end_column)]
        for row in range(rect.row, rect.end_row)
    ]


def _shifted(cell: Cell, rows: int, columns: int) -> Cell:
    return replace(cell, formula=formula_references.shifted(cell.formula, rows, columns))


def _rank(value: Value) -> tuple[int, str | float]:
    if isinstance(value, bool):
        return 2, float(value)
    if isinstance(value, str):
        return 1, value.casefold()
    return (3, value.text) if isinstance(value, CellError) else (0, value)
