"""What an update must know of its table: the receipt, and the columns that are asked for.

The add-on's half is addon/BlockState.js.
"""

from __future__ import annotations

from collections.abc import Callable

from counterfoil.adapters.sheet_book import Book
from counterfoil.adapters.sheet_receipt import receipt_of
from counterfoil.adapters.sheet_requests import Json, Rect
from counterfoil.core import marks
from counterfoil.core.canonical import Cell

Plain = Callable[[Rect], list[list[Cell]]]


def block_state(book: Book, block: str, columns: str, plain: Plain) -> Json:
    """As core.standing reads it; `columns` are marks of their keys, `plain` reads an area."""
    if book.block is None:
        return {"there": False}
    receipt, area = receipt_of(book, block), book.block
    if receipt is None or receipt["state"] != "done" or not receipt.get("marks"):
        return {"there": True, "run": None, "done": False}
    keys = marks.cut(receipt["keys"], marks.KEY_MARK)
    places = receipt.get("places") or list(range(len(keys)))
    rows = sum(size * times for size, times in receipt["digest"]["chunks"])
    header = max(1, receipt["rows"] - rows)
    whole = plain(area) if header + rows <= area.rows else None

    def read(key: str) -> list[Cell] | None:
        at = places[keys.index(key)] if key in keys else area.columns
        if whole is None or at >= area.columns:
            return None
        return [line[at] for line in whole[header : header + rows]]

    return {
        "there": True,
        "run": receipt["run"],
        "done": True,
        "keys": receipt["keys"],
        "marks": receipt["marks"]["columns"],
        "columns": [read(key) for key in marks.cut(columns, marks.KEY_MARK)],
    }
