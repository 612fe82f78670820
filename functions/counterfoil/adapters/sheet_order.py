"""Rows of a patch in another order than they stand in: whole rows of the tab, as requests.

docs/operations.md ("Patches") binds this and addon/Order.js; the order itself is core/order.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from counterfoil.adapters import sheet_bytes
from counterfoil.adapters import sheet_requests as requests
from counterfoil.adapters.sheet_book import Book, Stopped, block_of, cell_name
from counterfoil.adapters.sheet_lines import alone
from counterfoil.adapters.sheet_patch import Plan
from counterfoil.adapters.sheet_requests import Json, Rect
from counterfoil.core.canonical import Cell

MERGED = "Cells are merged in rows that are to be sorted: {cell}. Unmerge them first."


def may_be_ordered(book: Book, plan: Plan) -> None:
    """Raises Stopped, before anything changes, where whole rows cannot be put into the order that
    somebody chose. Where the tab has a filter they stay as they are: nobody says what hidden rows
    do; and so where nobody chose one.
    """
    area = block_of(book)
    tab = book.tab(area.sheet_id)
    if tab.filtered or _rank_column(plan) is None:
        plan.order = None
    if plan.order is None:
        return
    try:
        _movable(book, area)
    except Stopped:
        if "order" in plan.op:
            raise
        plan.order = None


def _movable(book: Book, area: Rect) -> None:
    tab = book.tab(area.sheet_id)
    alone(book, area, rows=True)
    whole = Rect(area.sheet_id, area.row, 0, area.rows, tab.columns)
    for merged in tab.merges:
        if merged.meets(whole):
            where = cell_name(book, merged)
            raise Stopped("merged", MERGED.format(cell=where), cell=where)


def ordered(book: Book, plan: Plan) -> Iterator[Json]:
    """By their ranks, which stand in one of our columns while the rows are sorted."""
    column = _rank_column(plan)
    if plan.order is None or column is None:
        return
    area, columns, header = block_of(book), plan.op["columns"], plan.op["header_rows"]
    tab = book.tab(area.sheet_id)
    at = book.lay.of(len(columns))[column]
    cells = area.at(header, at, len(plan.order), 1)
    ranks: list[list[Cell]] = [[0] for _ in plan.order]
    for to, place in enumerate(plan.order):
        ranks[place] = [to]
    yield from sheet_bytes.values(cells, ranks)
    whole = Rect(area.sheet_id, area.row + header, 0, len(plan.order), tab.columns)
    spec = {"dimensionIndex": area.column + at, "sortOrder": "ASCENDING"}
    yield {"sortRange": {"range": whole.json(), "sortSpecs": [spec]}}
    put = [[plan.rows[place][column]] for place in plan.order]
    odd = requests.odd_cells(put, [columns[column]["kind"]], 0)
    yield from requests.patterns(cells, [columns[column]], 0, odd)
    yield from sheet_bytes.values(cells, put)


def _rank_column(plan: Plan) -> int | None:
    """Of ours, one that is no key: a run that dies is still repaired."""
    keys = plan.op["key_columns"]
    return next((at for at in range(len(plan.op["columns"])) if at not in keys), None)
