"""What the backend must know of a report that is in the sheet already.

Its receipt, the names of its lines and the titles of its columns; of many lines those beside which
a person has something: what is gone may have to go. The add-on's half is addon/ReportState.js.
"""

from __future__ import annotations

from counterfoil.adapters.sheet_book import Book
from counterfoil.adapters.sheet_calls import SheetCalls
from counterfoil.adapters.sheet_receipt import receipt_of
from counterfoil.adapters.sheet_requests import Json, Rect
from counterfoil.core.canonical import Cell

# As core.report_standing takes them; a larger block has no lines of that kind.
MOST_ROWS = 1_100
MOST_COLUMNS = 1_200
# Half of the lines that can keep their places. It takes reading whole rows of the tab.
MANY_LINES = 500


def report_state(book: Book, block: str, calls: SheetCalls) -> Json:
    """As core.report_standing reads it. Raises Stopped."""
    area, receipt = book.block, receipt_of(book, block)
    if area is None or receipt is None or area.rows > MOST_ROWS or area.columns > MOST_COLUMNS:
        return {"receipt": None}
    rows = sum(size * times for size, times in receipt["digest"]["chunks"])
    header = max(1, receipt["rows"] - rows)
    places = receipt.get("places") or [0]
    first = places[0]
    labels: list[Cell] = []
    if area.rows > header and first < area.columns:
        names = calls.plain(area.at(header, first, area.rows - header, 1))
        labels = [cell for (cell,) in names]
    beside = _beside(book, area, header, receipt, calls) if len(labels) > MANY_LINES else []
    titles = calls.plain(area.at(header - 1, 0, 1, area.columns))[0] if area.rows >= header else []
    return {
        "receipt": receipt,
        "rows": area.rows,
        "columns": area.columns,
        "titles": titles,
        "labels": labels,
        "beside": beside,
    }


def _beside(book: Book, area: Rect, header: int, receipt: Json, calls: SheetCalls) -> list[int]:
    """The data rows that hold something outside our columns, or a note."""
    ours = {area.column + at for at in receipt.get("places") or range(receipt["columns"])}
    wide = book.tab(area.sheet_id).columns
    place = Rect(area.sheet_id, area.row + header, 0, area.rows - header, wide)
    taken = {at for at, row in enumerate(calls.notes([place])) if any(row)}
    for at, row in enumerate(calls.entered(place)):
        if any(cell != "" and where not in ours for where, cell in enumerate(row)):
            taken.add(at)
    return sorted(taken)
