"""Room for a block before anything changes: whose cells are where it grows, what must not be met.

docs/operations.md, `ensure_grid`; the add-on's half is addon/Room.js.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from counterfoil.adapters import sheet_requests as requests
from counterfoil.adapters.sheet_book import Book, Closed, Stopped, block_of, cell_name, grown, named
from counterfoil.adapters.sheet_receipt import check_receipts, keep_turn
from counterfoil.adapters.sheet_requests import Json, Rect
from counterfoil.core.canonical import Cell

CELLS_PER_BOOK = 10_000_000
FULL = (
    "This spreadsheet is full: Google allows 10 million cells in all tabs together. "
    "Delete rows, columns or tabs that nobody needs, or use a new spreadsheet."
)

Read = Callable[[Rect], list[list[Cell]]]


def room(book: Book, block: str, op: Mapping[str, Any], read: Read) -> Iterator[Json]:
    """Requests until the block's new rectangle is free, and named as its own. Raises Stopped."""
    keep_turn(book, block)
    area = block_of(book)
    tab = book.tab(area.sheet_id)
    high = max(area.rows, op["rows"])
    wide = max(area.columns, book.lay.width(op["columns"]))
    union = area.sized(high, wide)
    shift = 0
    if not tab.is_new:
        must_be_ours(book, area, union)
        _right_is_free(book, area, union, read)
        shift = _shift(book, area, union, read)
    check_receipts(book, block)
    more, wider = area.row + high - tab.rows, area.column + wide - tab.columns
    rows = shift if shift else max(0, more)
    check_cells(book, (tab.rows + rows) * (tab.columns + max(0, wider)) - tab.rows * tab.columns)
    if shift:
        tab.rows += shift
        yield requests.appended(tab.id, "ROWS", shift)
    yield from grown(book, area, high, wide)
    if shift:
        yield requests.inserted_cells(area.at(area.rows, 0, shift, wide))
    if union != area:
        # From here on all of it is the block's: a run that dies leaves nothing unnamed.
        yield from named(book, block, union)


def check_cells(book: Book, more: int) -> None:
    """Raises Stopped when so many more cells are too many."""
    if more > 0 and sum(tab.rows * tab.columns for tab in book.tabs) + more > CELLS_PER_BOOK:
        raise Stopped("spreadsheet_full", FULL)


def must_be_ours(book: Book, area: Rect, union: Rect) -> None:
    """Raises Stopped where something lies over the block that a run must not meet."""
    tab = book.tab(area.sheet_id)
    for other in book.others.values():
        if other.meets(area):
            where = cell_name(book, other)
            why = f"Another table of Counterfoil lies over this one, at {where}. Move one of them."
            raise Stopped("blocks_overlap", why, cell=where)
    for merged in tab.merges:
        if merged.meets(area):
            where = cell_name(book, merged)
            why = (
                f"Cells of the table are merged: {where}. What belongs into them would be lost. "
                "Unmerge them, then run it again."
            )
            raise Stopped("merged", why, cell=where)
    must_be_open(book, union)


def must_be_open(book: Book, area: Rect) -> None:
    """Raises Stopped where cells are protected from this writer."""
    for closed in book.tab(area.sheet_id).protected:
        if closed.closes(area):
            raise protected(book, closed)


def protected(book: Book, closed: Closed) -> Stopped:
    where = cell_name(book, closed.rect)
    why = (
        f"Cells of the table, or beside it, are protected: {where}. Ask whoever protected them, "
        "then run it again."
    )
    return Stopped("protected", why, cell=where)


def _right_is_free(book: Book, area: Rect, union: Rect, read: Read) -> None:
    right = area.at(0, area.columns, union.rows, union.columns - area.columns)
    objects = [*book.others.values(), *book.tab(area.sheet_id).merges] if right.columns else []
    # Blank or not: another block's cells are its own, and those under a merged one nobody's.
    met = next((each for each in objects if right.meets(each)), None)
    taken = met or _first(book, right, read)
    if taken is not None:
        where = cell_name(book, taken)
        why = f"The table needs more columns, and {where} is taken. Move what is there."
        raise Stopped("no_room", why, cell=where)


def _shift(book: Book, area: Rect, union: Rect, read: Read) -> int:
    """By how many rows what is below must go down. Raises Stopped where that would tear it."""
    below = area.at(area.rows, 0, union.rows - area.rows, union.columns)
    tab = book.tab(area.sheet_id)
    if below.rows <= 0:
        return 0
    objects = [*tab.merges, *book.others.values()]
    met = any(below.meets(each) for each in objects)
    if not met and _first(book, below, read) is None:
        return 0
    left = 1 if area.column else 0
    rest = area.at(area.rows, 0, tab.rows - area.row - area.rows, union.columns)
    for each in objects:
        inside = area.column <= each.column and each.column + each.columns <= (
            area.column + union.columns
        )
        starts = each.row >= rest.row
        if rest.meets(each) and not (inside and starts):
            raise _torn(book, each)
    for closed in tab.protected:
        if closed.closes(rest):
            raise _torn(book, closed.rect)
    seen = read(rest.at(0, -left, rest.rows, left + rest.columns + 1))
    for r, row in enumerate(seen):
        line = [*row, *[""] * (left + rest.columns + 1 - len(row))]
        edges = [(left + rest.columns - 1, left + rest.columns)] + [(0, 1)] * left
        for one, other in edges:
            if line[one] != "" and line[other] != "":
                raise _torn(book, rest.at(r, one - left, 1, 1))
    return below.rows


def _torn(book: Book, area: Rect) -> Stopped:
    where = cell_name(book, area)
    why = (
        f"The table needs more rows, and what is below it, at {where}, cannot be moved down "
        "without being torn from what is beside it. Make room below the table."
    )
    return Stopped("no_room", why, cell=where)


def _first(book: Book, area: Rect, read: Read) -> Rect | None:
    """The first cell of the rectangle that holds something, as far as the tab reaches."""
    tab = book.tab(area.sheet_id)
    rows = min(area.rows, tab.rows - area.row)
    columns = min(area.columns, tab.columns - area.column)
    if rows <= 0 or columns <= 0:
        return None
    for r, row in enumerate(read(area.sized(rows, columns))):
        for c, value in enumerate(row):
            if value != "":
                return area.at(r, c, 1, 1)
    return None
