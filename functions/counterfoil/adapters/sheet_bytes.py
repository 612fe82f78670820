"""How much one call of the Sheets API carries, and cells cut to fit into it. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from json.encoder import encode_basestring_ascii as escaped
from typing import Any, TypeVar

from counterfoil.adapters import sheet_requests as requests
from counterfoil.adapters.sheet_requests import Json, Rect
from counterfoil.core.canonical import Cell

# Google recommends bodies of at most 2 MB
# (https://developers.google.com/workspace/sheets/api/limits).
LARGEST_CALL = 1_900_000
# Of one request's cells: tabs, formats and names go along with them in the same call.
LARGEST_CELLS = 1_700_000
# A table of so much goes in one call with everything around it.
SMALL = 400_000

# Of a body as `bodies` makes it: a cell without what stands in it, a number at its longest, a blank
# cell, and what a row puts around its cells.
_CELL, _NUMBER, _BLANK, _ROW = 38, 24, 3, 14
_LOOK = 40  # around a number format

# Of what is read cell by cell, in one call: its answer stays small, and so does its address.
MOST_READ, MOST_AREAS = 200_000, 100

T = TypeVar("T")
Pending = tuple[int, Json]
"""The place of an operation in its step, and a request of it."""


def bodies(pending: Iterable[Pending]) -> Iterator[tuple[list[Pending], bytes]]:
    """In their order, as few calls as it takes: what each is of, and its body. None is over
    LARGEST_CALL, if no request alone is.
    """
    some: list[Pending] = []
    texts: list[str] = []
    size = around = len(_body(()))
    for each in pending:
        text = _encoded(each[1])
        if some and size + len(text) > LARGEST_CALL:
            yield some, _body(texts)
            some, texts, size = [], [], around
        some.append(each)
        texts.append(text)
        size += len(text) + 1
    if some:
        yield some, _body(texts)


def size_of(asked: Iterable[Json]) -> int:
    """Of these requests in a body."""
    return sum(len(_encoded(request)) + 1 for request in asked)


def bytes_of(rows: Iterable[Sequence[Cell]], pieces: int = 1, enough: int | None = None) -> int:
    """Of requests that write them, each row in so many pieces, at the most; where it is more than
    `enough` (of one call, if nothing is said), no further.
    """
    most, size = LARGEST_CELLS if enough is None else enough, 0
    for row in rows:
        size += pieces * _ROW + sum(map(_cell, row))
        if size > most:
            break
    return size


def values(place: Rect, rows: Sequence[Sequence[Cell]]) -> Iterator[Json]:
    """As `sheet_requests.values`, over the whole rectangle, cut to what a call carries."""
    if not rows:
        yield from requests.blanks(place)
    for part, cells in _parts(place, rows, [[_cell(cell) for cell in row] for row in rows]):
        yield requests.values(part, cells)


def formatted_values(
    place: Rect, rows: Sequence[Sequence[Cell]], formats: Sequence[Sequence[Mapping[str, Any]]]
) -> Iterator[Json]:
    """As `sheet_requests.formatted_values`, cut to what a call carries."""
    pairs = [list(zip(row, looks, strict=True)) for row, looks in zip(rows, formats, strict=True)]
    sizes = [[_cell(cell) + _LOOK + len(_encoded(look)) for cell, look in row] for row in pairs]
    for part, some in _parts(place, pairs, sizes):
        cells = [[cell for cell, _ in row] for row in some]
        looks = [[look for _, look in row] for row in some]
        yield requests.formatted_values(part, cells, looks)


def handfuls(areas: Iterable[Rect]) -> Iterator[list[Rect]]:
    """The same areas, cut where they are too high, as few calls as it takes to read them."""
    some: list[Rect] = []
    cells = 0
    for area in areas:
        high = max(1, MOST_READ // max(1, area.columns))
        for first in range(0, area.rows, high):
            part = area.at(first, 0, min(high, area.rows - first), area.columns)
            size = part.rows * part.columns
            if some and (len(some) == MOST_AREAS or cells + size > MOST_READ):
                yield some
                some, cells = [], 0
            some.append(part)
            cells += size
    if some:
        yield some


def _parts(
    place: Rect, rows: Sequence[Sequence[T]], sizes: Sequence[Sequence[int]]
) -> Iterator[tuple[Rect, Sequence[Sequence[T]]]]:
    """Rectangles that cover all of `place`, and what of the rows goes into each: several rows, or
    where one is too much by itself, cells of it.
    """
    wide, most = place.columns, LARGEST_CELLS
    for first, end in _runs([_ROW + sum(row) for row in sizes], most):
        high = (place.rows if end == len(rows) else end) - first
        if end - first > 1 or _ROW + sum(sizes[first]) <= most:
            yield place.at(first, 0, high, wide), rows[first:end]
            continue
        for left, right in _runs(sizes[first], most - _ROW):
            width = (wide if right == len(sizes[first]) else right) - left
            yield place.at(first, left, high, width), [rows[first][left:right]]


def _runs(sizes: Sequence[int], most: int) -> Iterator[tuple[int, int]]:
    """From where to where runs of at most so much go; alone what is more by itself."""
    first, total = 0, 0
    for at, size in enumerate(sizes):
        if at > first and total + size > most:
            yield first, at
            first, total = at, 0
        total += size
    if sizes:
        yield first, len(sizes)


def _cell(value: Cell) -> int:
    if isinstance(value, str):
        return _CELL + len(escaped(value)) if value else _BLANK
    return _CELL + _NUMBER


def _encoded(request: Mapping[str, Any]) -> str:
    return json.dumps(request, separators=(",", ":"))


def _body(texts: Sequence[str]) -> bytes:
    return f'{{"requests":[{",".join(texts)}]}}'.encode()
