"""`formula`: our own, from templates. No text from QuickBooks is ever part of one.

docs/operations.md ("Formulas"); the add-on's half is addon/Formulas.js.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from counterfoil.adapters import sheet_requests as requests
from counterfoil.adapters.sheet_book import Book, Stopped, block_of, cell_name
from counterfoil.adapters.sheet_hands import Hands
from counterfoil.adapters.sheet_requests import Json, Rect
from counterfoil.core.tally import rounded

DIFFERS = (
    "The formula for {cell} comes to another amount than QuickBooks says. "
    "Choose totals as values, and run it again."
)
# [row, column of ours, columns, scale]: where a receipt says that formulas of ours stand.
Ours = list[list[Any]]


def set_formulas(book: Book, at: int, op: Mapping[str, Any], hands: Hands) -> None:
    """Over the values that stand there, which they must come to. Raises Stopped."""
    hands.send(book)
    area = block_of(book)
    before = hands.plain(area)
    for cell in op["cells"]:
        book.pending += [(at, request) for request in _requests(book, area, cell)]
    hands.send(book)
    after = hands.plain(area)
    for cell in op["cells"]:
        place, scale = book.lay.of(cell["column"] + 1)[-1], cell.get("scale")
        one, other = before[cell["row"]][place], after[cell["row"]][place]
        if scale is not None and rounded(one, scale) != rounded(other, scale):
            where = cell_name(book, area.at(cell["row"], place, 1, 1))
            raise Stopped("formula_differs", DIFFERS.format(cell=where), cell=where)


def our_formulas(operations: Sequence[Mapping[str, Any]]) -> Ours:
    """Where a step leaves formulas: neighbours in one row as one, so that a receipt stays small."""
    made: Ours = []
    for cell in (cell for op in operations if op["op"] == "formula" for cell in op["cells"]):
        last: list[Any] = made[-1] if made else [-1, 0, 0, None]
        alike = last[0] == cell["row"] and last[3] == cell.get("scale")
        if alike and last[1] + last[2] == cell["column"]:
            last[2] += 1
        else:
            made.append([cell["row"], cell["column"], 1, cell.get("scale")])
    return made


def warning_taken(book: Book) -> Iterator[Json]:
    """Blanks what said above the table that it is late: a patch writes no title, and compares it
    as blank.
    """
    receipt = (book.old.receipt if book.old else None) or {}
    area, places = block_of(book), receipt.get("places")
    for row, first, columns, scale in receipt.get("formulas", ()):
        for column in range(first, first + columns) if scale is None else ():
            at = places[column] if places else column
            yield requests.values(area.at(row, at, 1, 1), [[""]])


def _requests(book: Book, area: Rect, cell: Mapping[str, Any]) -> Iterator[Json]:
    place = book.lay.of(cell["column"] + 1)[-1]
    where = area.at(cell["row"], place, 1, 1)
    if cell["template"] == "not_refreshed_since":
        yield requests.number_format(where, {})  # a cell for text would show the formula itself
        text = f'=IF(NOW()>{_moment(cell["due"])},{_WORDS}&TEXT({_moment(cell["at"])},{_SHOWN}),"")'
    elif cell["template"] == "sum":
        text = "=" + "+".join(_total(where, area, part) for part in cell["plus"])
        text += "".join(f"-{_total(where, area, part)}" for part in cell["minus"])
    else:
        raise Stopped("unknown_operation", "This writer is older than its server.")
    yield requests.formula(where, text)


_WORDS = '"Not refreshed since "'
_SHOWN = '"yyyy-mm-dd hh:mm"'


def _moment(moment: Sequence[int]) -> str:
    """A day and its second, in whole numbers: a decimal point is a comma elsewhere."""
    return f"{int(moment[0])}+{int(moment[1])}/86400"


def _total(where: Rect, area: Rect, part: Sequence[int]) -> str:
    first, rows = part
    column = requests.letters(where.column)
    return f"SUM({column}{area.row + first + 1}:{column}{area.row + first + rows})"
