"""`format`: how a block looks, and what of that is a person's choice.

docs/operations.md ("Looks"); the add-on's half is addon/Looks.js.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from counterfoil.adapters import sheet_requests as requests
from counterfoil.adapters.sheet_beside import runs
from counterfoil.adapters.sheet_book import Book, block_of, was_done
from counterfoil.adapters.sheet_requests import Json
from counterfoil.adapters.sheet_titles import left_titles

INDENT = "    "
# More than that leaves too little of a small screen to scroll in.
MOST_FROZEN = 10


def formatted(book: Book, op: Mapping[str, Any]) -> Iterator[Json]:
    """Looks only. Where rows have looks of their own, the others lose what they had."""
    block, lay = block_of(book), book.lay
    header, columns = op["header_row"], lay.ours(block.columns)
    spans = [(span.at, span.width) for span in lay.spans(columns)]

    def bold(row: int, rows: int, on: bool) -> Iterator[Json]:
        for at, wide in spans:
            yield requests.bold(block.at(row, at, rows, wide), on)

    yield from bold(header, 1, True)
    if "right" in op:
        yield from _titles(book, op, columns)
    if op["freeze"]:
        yield from _frozen(book, block.row + op["freeze"])
    plain = block.rows - header - 1 if op["rows"] else 0
    if plain > 0:
        yield from bold(header + 1, plain, False)
    for look in op["rows"]:
        if look["bold"]:
            yield from bold(look["row"], 1, True)
        if look["depth"]:
            indented = {"type": "TEXT", "pattern": INDENT * look["depth"] + "@"}
            yield requests.number_format(block.at(look["row"], lay.of(1)[0], 1, 1), indented)
    for column, pixels in enumerate(op["widths"]):
        yield requests.width(block, lay.of(column + 1)[-1], pixels)
    if op.get("freeze_columns"):
        yield from _frozen_columns(book, lay.width(op["freeze_columns"]))
    for column in op.get("hide_columns", ()):
        place = block.column + lay.of(column + 1)[-1]
        yield requests.hidden(block.sheet_id, "COLUMNS", place)
    for row in op.get("hide_rows", ()):
        yield requests.hidden(block.sheet_id, "ROWS", block.row + row)


def _frozen(book: Book, rows: int) -> Iterator[Json]:
    """The header of a block near the top; never less than is frozen, and not again once a run was
    done: from then on it is the person's choice. Google freezes no part of a merged cell.
    """
    tab = book.tab(block_of(book).sheet_id)
    receipt = book.old.receipt if book.old else None
    is_theirs = receipt is not None and was_done(receipt)
    is_torn = any(each.row < rows < each.row + each.rows for each in tab.merges)
    if not is_theirs and not is_torn and tab.frozen < rows <= MOST_FROZEN:
        yield requests.frozen_rows(tab.id, rows)


def _frozen_columns(book: Book, columns: int) -> Iterator[Json]:
    """Names at the left edge of the tab, where the person has no columns frozen."""
    block = block_of(book)
    tab = book.tab(block.sheet_id)
    is_torn = any(each.column < columns < each.column + each.columns for each in tab.merges)
    if block.column == 0 and not tab.frozen_columns and not is_torn:
        yield requests.frozen_columns(tab.id, columns)


def _titles(book: Book, op: Mapping[str, Any], columns: int) -> Iterator[Json]:
    """Titles stand where their values do. Once: of a column that a run has left they are the
    person's.
    """
    block, right = block_of(book), set(op["right"])
    keys = book.receipts[-1]["keys"] if book.receipts else ""
    places, left = book.lay.of(columns), left_titles(book, keys, columns)
    # Of a table that is new there is nothing to take back.
    for is_right in (True, False) if book.old else (True,):
        at = (p for i, p in enumerate(places) if not left[i] and (i in right) is is_right)
        for first, wide in runs(sorted(at)):
            rect = block.at(op["header_row"], first, 1, wide)
            yield requests.aligned(rect, "RIGHT" if is_right else None)
