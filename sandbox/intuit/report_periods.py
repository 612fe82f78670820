"""A report beside itself: one column, or as many as it has, for each period. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sandbox.intuit.periods import Period, periods
from sandbox.intuit.report_asked import Asked
from sandbox.intuit.report_books import Books, Made
from sandbox.intuit.report_cells import money_column, period_column
from sandbox.intuit.store import Row

Make = Callable[[Books, Asked], Made]
Cells = list[dict[str, str]]
STATES = ("TrialBalance",)
"""Of the last day of each period: of these there is no total."""


def by_periods(make: Make) -> Make:
    """The same report, made once for each of the periods asked for, and for all of them."""

    def made(books: Books, found: Asked) -> Made:
        if found.by == "Total":
            return make(books, found)
        cut = periods(found.start, found.end, found.by)
        whole = () if found.name in STATES else (Period("Total", found.start, found.end),)
        parts = [
            make(books, replace(found, start=each.start, end=each.end, by="Total"))
            for each in (*cut, *whole)
        ]
        heads = [*map(period_column, cut), *(money_column("Total", "total") for _ in whole)]
        inner = [_inner(part.columns) for part in parts]
        columns = [
            {**head, "Columns": {"Column": own}} if len(own) > 1 else head
            for head, own in zip(heads, inner, strict=True)
        ]
        rows = _merged([part.rows for part in parts], [len(own) for own in inner])
        options = parts[-1].options
        return Made([parts[0].columns[0], *columns], rows, any(p.filled for p in parts), options)

    return made


def _inner(columns: Sequence[Row]) -> list[Row]:
    """The columns of amounts, without one that only stands above them."""
    own = list(columns[1:])
    nested: list[Row] = own[0]["Columns"]["Column"] if "Columns" in own[0] else own
    return [
        {**each, "MetaData": [{"Name": "ColKey", "Value": each["ColTitle"]}]} for each in nested
    ]


def _merged(trees: Sequence[Sequence[Row]], widths: Sequence[int]) -> list[Row]:
    """What stands in any of them, each once; a total that stands alone comes last."""
    known = [{_key(row): row for row in tree} for tree in trees]
    keys = dict.fromkeys(_key(row) for tree in trees for row in tree)
    order = sorted(keys, key=lambda key: key[0] == "GrandTotal")
    return [_beside([tree.get(key) for tree in known], widths) for key in order]


def _key(row: Mapping[str, Any]) -> tuple[str, str]:
    part = row.get("Header") or row.get("Summary") or row
    first = part["ColData"][0]
    return row.get("group", ""), first.get("id") or first["value"]


def _beside(rows: Sequence[Row | None], widths: Sequence[int]) -> Row:
    like = next(row for row in rows if row is not None)
    made = {key: value for key, value in like.items() if key in ("type", "group")}
    for part in ("Header", "Summary"):
        if any(part in row for row in rows if row):
            made[part] = {"ColData": _cells([(row or {}).get(part) for row in rows], widths)}
    if "ColData" in like:
        made["ColData"] = _cells(rows, widths)
    if any("Rows" in row for row in rows if row):
        inner = [(row or {}).get("Rows", {}).get("Row", ()) for row in rows]
        made["Rows"] = {"Row": _merged(inner, widths)}
    return made


def _cells(parts: Iterable[Mapping[str, Any] | None], widths: Sequence[int]) -> Cells:
    found = [part["ColData"] if part else None for part in parts]
    label = next(cells[0] for cells in found if cells)
    blank = {"value": ""}
    amounts = (
        cells[1:] if cells else [blank] * width for cells, width in zip(found, widths, strict=True)
    )
    return [label, *(cell for own in amounts for cell in own)]
