"""Rows and columns that come and go inside a block, and `sort`: whole rows and columns of the tab,
so that what stands beside them, and what refers to them, goes along.

docs/operations.md ("Rows and columns"); the add-on's half is addon/Lines.js.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from counterfoil.adapters.sheet_beside import filled, noted, runs
from counterfoil.adapters.sheet_book import Book, Stopped, block_of, cell_name, named
from counterfoil.adapters.sheet_compare import OLD_WORDS
from counterfoil.adapters.sheet_hands import Hands
from counterfoil.adapters.sheet_lay import Lay
from counterfoil.adapters.sheet_patch import SHARED
from counterfoil.adapters.sheet_requests import Json, Rect
from counterfoil.adapters.sheet_room import check_cells, must_be_ours
from counterfoil.adapters.sheet_rows import dimension

LINES = ("insert_rows", "insert_columns", "delete_rows", "delete_columns")

Places = Sequence[Sequence[int]]

BESIDE = (
    "Something of yours, a value or a note, stands in what would be deleted, at {cell}. "
    "Move it to another place, or keep these rows and columns."
)


def lines(book: Book, block: str, op: Mapping[str, Any], hands: Hands) -> Iterator[Json]:
    """Requests of the operations on rows and columns. Raises Stopped before any of them is sent."""
    if op["op"] == "sort":
        return sorted_rows(book, op)
    if op["op"] in ("insert_rows", "insert_columns"):
        return inserted(book, block, op, hands)
    return deleted(book, block, op, hands)


def inserted(book: Book, block: str, op: Mapping[str, Any], hands: Hands) -> Iterator[Json]:
    """`insert_rows` and `insert_columns`."""
    area, lay = block_of(book), book.lay
    tab = book.tab(area.sheet_id)
    rows = op["op"] == "insert_rows"
    places: Places = op["places"]
    more = sum(count for _, count in places)
    after = op["rows"] if rows else op["columns"]
    if not _is_due(book, area, after, after - more, _size(book, area, rows)):
        if not rows:
            for at, count in reversed(places):
                _wider_names(lay, at, count)
        return
    _check(book, area, op, places, hands)
    axis = "ROWS" if rows else "COLUMNS"
    for at, count in reversed(places):
        start = area.row + at
        if not rows:
            start = area.column + lay.of(at + 1)[-1]
            _widened(lay, _count(book, area), at, count)
        request = dimension("insertDimension", area.sheet_id, axis, start, count)
        request["insertDimension"]["inheritFromBefore"] = start > 0
        yield request
    if rows:
        tab.rows += more
    else:
        tab.columns += more
    wide = area.columns if rows else area.columns + more
    yield from named(book, block, area.sized(area.rows + (more if rows else 0), wide))


def deleted(book: Book, block: str, op: Mapping[str, Any], hands: Hands) -> Iterator[Json]:
    """`delete_rows` and `delete_columns`. Raises Stopped where a person's cells would go too."""
    area, lay = block_of(book), book.lay
    tab = book.tab(area.sheet_id)
    rows = op["op"] == "delete_rows"
    places: Places = op["places"]
    less = sum(count for _, count in places)
    after = op["rows"] if rows else op["columns"]
    if not _is_due(book, area, after, after + less, _size(book, area, rows)):
        if not rows:
            _surplus(lay, after)
            _fewer_names(lay, _indices(places))
        return
    _check(book, area, op, places, hands)
    lines = places if rows else _strips(book, area, places)
    if not rows:
        _narrowed(lay, lay.of(_count(book, area)), _indices(places))
    axis = "ROWS" if rows else "COLUMNS"
    corner = area.row if rows else area.column
    for at, count in reversed(lines):
        yield dimension("deleteDimension", area.sheet_id, axis, corner + at, count)
    if rows:
        tab.rows -= less
    else:
        tab.columns -= less
    high, wide = area.rows - (less if rows else 0), area.columns - (0 if rows else less)
    yield from named(book, block, area.sized(high, wide))


def check_lines(book: Book, hands: Hands) -> None:
    """Raises Stopped where one of the step's operations would: before anything is signed, so that
    the block is still known by the digest of its last run.
    """
    area = block_of(book)
    sizes = {rows: _size(book, area, rows) for rows in (True, False)}
    for op in book.lines:
        rows = _of_rows(op)
        places: Places = op["places"]
        change = sum(count for _, count in places) * (-1 if op["op"].startswith("delete") else 1)
        after = op["rows" if rows else "columns"]
        if _is_due(book, area, after, after - change, sizes[rows]):
            _check(book, area, op, places, hands)
            sizes[rows] = after


def sorted_rows(book: Book, op: Mapping[str, Any]) -> Iterator[Json]:
    """Whole rows of the tab. Nothing where it has a filter: nobody says what hidden rows do."""
    area = block_of(book)
    tab = book.tab(area.sheet_id)
    high = area.rows - op["header_rows"]
    if tab.filtered or high < 2:
        return
    alone(book, area, rows=True)
    place = Rect(area.sheet_id, area.row + op["header_rows"], 0, high, tab.columns)
    for merged in tab.merges:
        if merged.meets(place):
            where = cell_name(book, merged)
            why = f"Cells are merged in rows that are to be sorted: {where}. Unmerge them first."
            raise Stopped("merged", why, cell=where)
    specs = [
        {
            "dimensionIndex": area.column + book.lay.of(by["column"] + 1)[-1],
            "sortOrder": "DESCENDING" if by["descending"] else "ASCENDING",
        }
        for by in op["by"]
    ]
    yield {"sortRange": {"range": place.json(), "sortSpecs": specs}}


def _count(book: Book, area: Rect) -> int:
    """How many columns are ours now."""
    return len(book.lay.places) or area.columns


def _size(book: Book, area: Rect, rows: bool) -> int:
    return area.rows if rows else _count(book, area)


def _of_rows(op: Mapping[str, Any]) -> bool:
    return bool(op["op"].endswith("_rows"))


def _is_due(book: Book, area: Rect, after: int, before: int, now: int) -> bool:
    """False where it was done already, by this run or by one that was killed."""
    done = book.old is not None and (book.old.receipt or {}).get("state") == "done"
    if now != before and now != after and done:
        where = cell_name(book, area)
        raise Stopped("differs_size", OLD_WORDS["differs_size"].format(cell=where), cell=where)
    return now == before


def _check(book: Book, area: Rect, op: Mapping[str, Any], places: Places, hands: Hands) -> None:
    """Raises Stopped where those rows or columns must not come, or go."""
    rows, tab = _of_rows(op), book.tab(area.sheet_id)
    alone(book, area, rows)
    if op["op"].startswith("insert"):
        more = sum(count for _, count in places)
        check_cells(book, more * (tab.columns if rows else tab.rows))
    else:
        lines = places if rows else _strips(book, area, places)
        _nothing_beside(book, area, lines, rows, hands)


def _indices(places: Places) -> list[int]:
    return [i for at, count in places for i in range(at, at + count)]


def _strips(book: Book, area: Rect, places: Places) -> list[list[int]]:
    """Columns of ours, counted in the block."""
    ours = book.lay.of(_count(book, area))
    return [[first, count] for first, count in runs(ours[i] for i in _indices(places))]


def alone(book: Book, area: Rect, rows: bool) -> None:
    """Raises Stopped where another block would be torn, or what is taken whole, with what stands
    beside the block, cannot be changed.
    """
    tab = book.tab(area.sheet_id)
    line = Rect(area.sheet_id, area.row, 0, area.rows, tab.columns)
    if not rows:
        line = Rect(area.sheet_id, 0, area.column, tab.rows, area.columns)
    must_be_ours(book, area, line)
    for other in book.others.values():
        if other.meets(line):
            where = cell_name(book, other)
            raise Stopped("rows_shared", SHARED.format(cell=where), cell=where)


def _nothing_beside(book: Book, area: Rect, lines: Places, rows: bool, hands: Hands) -> None:
    tab = book.tab(area.sheet_id)
    ours = {area.column + place for place in book.lay.of(_count(book, area))}
    gone = [(area.row if rows else area.column) + i for i in _indices(lines)]

    def is_inside(r: int, c: int) -> bool:
        return area.row <= r < area.row + area.rows and (c in ours or not rows)

    held = {cell for cell in filled(tab, gone, rows, hands) if not is_inside(*cell)}
    for r, c in noted(tab, gone, rows, hands):
        if r != area.row or not is_inside(r, c):  # the note on a title is ours
            held.add((r, c))
    for first, count in runs(gone) if held else ():
        here = [cell for cell in held if first <= cell[0 if rows else 1] < first + count]
        if here:
            where = cell_name(book, Rect(area.sheet_id, *min(here), 1, 1))
            raise Stopped("beside", BESIDE.format(cell=where), cell=where)


def _surplus(lay: Lay, columns: int) -> None:
    """What a run that died while it deleted has left over is blanked at the commit."""
    lay.stale = [*lay.places[columns:], *lay.stale]
    lay.places = lay.places[:columns]


def _widened(lay: Lay, ours: int, at: int, count: int) -> None:
    """So many new columns of ours before the one at `at`."""
    places = lay.of(max(ours, at + 1))
    start = places[at]
    moved = [place + count if place >= start else place for place in places[:ours]]
    lay.places = [*moved[:at], *range(start, start + count), *moved[at:]]
    lay.stale = [place + count if place >= start else place for place in lay.stale]
    lay.was = {key: p + count if p >= start else p for key, p in lay.was.items()}
    _wider_names(lay, at, count)


def _narrowed(lay: Lay, ours: Sequence[int], gone: Sequence[int]) -> None:
    holes = {ours[i] for i in gone}

    def moved(place: int) -> int:
        return place - sum(hole < place for hole in holes)

    lay.places = [moved(place) for i, place in enumerate(ours) if i not in gone]
    lay.stale = [moved(place) for place in lay.stale]
    lay.was = {key: moved(place) for key, place in lay.was.items() if place not in holes}
    _fewer_names(lay, gone)


def _wider_names(lay: Lay, at: int, count: int) -> None:
    """People's titles are kept by the columns that a step begins with, also where the room was made
    before the last run was killed.
    """
    _renumbered(lay, lambda i: i + count if i >= at else i)


def _fewer_names(lay: Lay, gone: Sequence[int]) -> None:
    _renumbered(lay, lambda i: None if i in gone else i - sum(hole < i for hole in gone))


def _renumbered(lay: Lay, to: Callable[[int], int | None]) -> None:
    """A person's title, and the mark by which the next run knows it, go with their column."""
    lay.renamed = {new: title for i, title in lay.renamed.items() if (new := to(i)) is not None}
    lay.given = {new: mark for i, mark in lay.given.items() if (new := to(i)) is not None}
