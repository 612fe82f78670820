"""Whole rows that come and go, and what a patch writes: requests of the Sheets API.

docs/operations.md ("Patches"); the add-on's half is addon/Lines.js and addon/Patch.js.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from counterfoil.adapters import sheet_bytes
from counterfoil.adapters import sheet_requests as requests
from counterfoil.adapters.sheet_beside import filled, noted, runs
from counterfoil.adapters.sheet_book import Book, Stopped, block_of, cell_name, grown, named
from counterfoil.adapters.sheet_hands import Hands
from counterfoil.adapters.sheet_patch import SHARED, Plan
from counterfoil.adapters.sheet_requests import Json, Rect
from counterfoil.adapters.sheet_room import Read, check_cells, must_be_open, protected
from counterfoil.core.canonical import Cell


def beside(book: Book, header: int, rows: Sequence[int], hands: Hands) -> set[int]:
    """Of these data rows the ones with something of a person's, in the whole width of the tab:
    a value or a formula outside our columns, or a note on any cell.
    """
    area = block_of(book)
    tab, top = book.tab(area.sheet_id), area.row + header
    ours = {area.column + place for place in book.lay.was.values()}
    lines = [top + r for r in rows]
    held = {r - top for r, c in filled(tab, lines, True, hands) if c not in ours}
    return held | {r - top for r, _ in noted(tab, lines, True, hands)}


def rows_are_ours(book: Book, area: Rect, plan: Plan) -> None:
    """Raises Stopped where another block stands in rows of this one and some come or go."""
    tab = book.tab(area.sheet_id)
    rows = Rect(area.sheet_id, area.row, 0, area.rows, tab.columns)
    for other in book.others.values():
        if (plan.removed or plan.new) and other.meets(rows):
            where = cell_name(book, other)
            raise Stopped("rows_shared", SHARED.format(cell=where), cell=where)


def rows_are_open(book: Book, header: int, plan: Plan, read: Read) -> None:
    """Raises Stopped where what leaves, or where new rows are going to stand, is protected."""
    area = block_of(book)
    tab, end = book.tab(area.sheet_id), area.row + area.rows
    if not tab.protected:
        return
    for first, count in runs(plan.removed):
        must_be_open(book, Rect(tab.id, area.row + header + first, 0, count, tab.columns))
    if not plan.new:
        return
    if not _taken(book, area, plan.new, read):
        must_be_open(book, area.at(area.rows, 0, plan.new, area.columns))
        return
    line = Rect(tab.id, end - 1, 0, 2, tab.columns)  # new rows come between these two
    for closed in tab.protected:
        if closed.rect.row < end < closed.rect.row + closed.rect.rows and closed.closes(line):
            raise protected(book, closed)


def fitted(book: Book, block: str, header: int, plan: Plan, read: Read) -> Iterator[Json]:
    """Whole rows deleted and room for new ones at the end; the block's name covers them."""
    area = block_of(book)
    tab = book.tab(area.sheet_id)
    if plan.removed and area.row + area.rows == tab.rows:
        # A tab must keep a row that is not frozen.
        yield from grown(book, area, area.rows + 1, area.columns)
    taken = plan.new > 0 and _taken(book, area, plan.new, read)
    high = header + len(plan.rows)
    if taken:
        check_cells(book, plan.new * tab.columns)
    for first, count in reversed(runs(plan.removed)):
        yield dimension("deleteDimension", tab.id, "ROWS", area.row + header + first, count)
    tab.rows -= len(plan.removed)
    if taken:
        tab.rows += plan.new
        end = area.row + area.rows - len(plan.removed)
        inserted = dimension("insertDimension", tab.id, "ROWS", end, plan.new)
        inserted["insertDimension"]["inheritFromBefore"] = True
        yield inserted
    else:
        short = max(0, area.row + high - tab.rows)
        check_cells(book, short * tab.columns)
        yield from grown(book, area, high, area.columns)
    yield from named(book, block, area.sized(high, area.columns))


def laid(book: Book, plan: Plan) -> Iterator[Json]:
    """What changed and what is new; number formats from the first of them on to the last."""
    area, columns, header = block_of(book), plan.op["columns"], plan.op["header_rows"]
    if not plan.touched:
        return
    first = plan.first()
    last = max(plan.touched) + 1
    kinds = [column["kind"] for column in columns]
    rows: list[list[Cell]] = plan.rows[first:last]
    odd_cells = requests.odd_cells(rows, kinds, 0)
    for span in book.lay.spans(len(columns)):
        end = span.first + span.width
        place = area.at(header + first, span.at, last - first, span.width)
        odd = [(r, c - span.first) for r, c in odd_cells if span.first <= c < end]
        yield from requests.patterns(place, columns[span.first : end], 0, odd)
        for start, count in runs(plan.touched):
            part = [row[span.first : end] for row in plan.rows[start : start + count]]
            where = area.at(header + start, span.at, count, span.width)
            yield from sheet_bytes.values(where, part)


def _taken(book: Book, area: Rect, more: int, read: Read) -> bool:
    """Whether anything stands in the next whole rows below the block."""
    tab = book.tab(area.sheet_id)
    high = min(more, tab.rows - area.row - area.rows)
    if high <= 0:
        return False
    below = Rect(area.sheet_id, area.row + area.rows, 0, high, tab.columns)
    things: Sequence[Rect] = [*tab.merges, *book.others.values()]
    if any(each.meets(below) for each in things):
        return True
    return any(value != "" for line in read(below) for value in line)


def dimension(kind: str, sheet_id: int, axis: str, start: int, count: int) -> Json:
    """A request that takes whole rows or columns of a tab."""
    span = {"sheetId": sheet_id, "dimension": axis, "startIndex": start, "endIndex": start + count}
    return {kind: {"range": span}}
