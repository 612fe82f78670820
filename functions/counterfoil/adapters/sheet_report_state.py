"""What the backend must know of a report that is in the sheet already.

Its receipt, the names of its lines and the titles of its columns. The add-on's half is
addon/ReportState.js.
"""

from __future__ import annotations

from collections.abc import Callable

from counterfoil.adapters.sheet_book import Book
from counterfoil.adapters.sheet_receipt import receipt_of
from counterfoil.adapters.sheet_requests import Json, Rect
from counterfoil.core.canonical import Cell

# As core.report_standing takes them; a larger block has no lines of that kind.
MOST_ROWS = 1_100
MOST_COLUMNS = 1_200


def report_state(book: Book, block: str, plain: Callable[[Rect], list[list[Cell]]]) -> Json:
    """As core.report_standing reads it; `plain` reads an area. Raises Stopped."""
    area, receipt = book.block, receipt_of(book, block)
    if area is None or receipt is None or area.rows > MOST_ROWS or area.columns > MOST_COLUMNS:
        return {"receipt": None}
    rows = sum(size * times for size, times in receipt["digest"]["chunks"])
    header = max(1, receipt["rows"] - rows)
    places = receipt.get("places") or [0]
    first = places[0]
    labels: list[Cell] = []
    if area.rows > header and first < area.columns:
        names = plain(area.at(header, first, area.rows - header, 1))
        labels = [cell for (cell,) in names]
    titles = plain(area.at(header - 1, 0, 1, area.columns))[0] if area.rows >= header else []
    return {
        "receipt": receipt,
        "rows": area.rows,
        "columns": area.columns,
        "titles": titles,
        "labels": labels,
    }
