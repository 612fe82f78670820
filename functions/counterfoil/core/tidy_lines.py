"""A report of transactions as a tidy table: one line a row. Pure.

Each row has the report's own columns, the sections it lies in, and the ids of what it names.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from counterfoil.core.cells import BLANK, Cell
from counterfoil.core.datasets import ColumnType
from counterfoil.core.report_cells import column_cells, in_rows
from counterfoil.core.report_rows import ReportRows, column_type
from counterfoil.core.report_values import FOLLOWING
from counterfoil.core.reports import (
    LineKind,
    ReportColumn,
    ReportLine,
    ReportSection,
    ReportTable,
    Value,
)
from counterfoil.core.tidy import DEPTH, NO_NUMBERS, laid_out, path_of
from counterfoil.core.two_sided import debits

_ABOUT: tuple[tuple[str, str, ColumnType], ...] = (
    ("company", "Company", ColumnType.TEXT),
    ("report", "Report", ColumnType.TEXT),
    ("basis", "Basis", ColumnType.TEXT),
    ("currency", "Currency", ColumnType.TEXT),
    ("path", "Section", ColumnType.TEXT),
    ("section_id", "Section id", ColumnType.TEXT),
    ("row_type", "Row type", ColumnType.TEXT),
)
_NUMBER = ("section_number", "Section number", ColumnType.TEXT)
_KEY = ("key", "Key", ColumnType.TEXT)
# Behind the others, which formulas of people know by their places.
_LAST: tuple[tuple[str, str, ColumnType], ...] = (
    ("from", "From", ColumnType.DATE),
    ("to", "To", ColumnType.DATE),
    (DEPTH, "Depth", ColumnType.NUMBER),
    ("debit_positive", "Debit positive", ColumnType.MONEY),
)

# Cells of these columns carry an id of QuickBooks beside what they show.
_WITH_IDS: Mapping[str, str] = {
    "txn_type": "Transaction id",
    "name": "Name id",
    "cust_name": "Customer id",
    "vend_name": "Vendor id",
    "account_name": "Account id",
}
# What a transaction's first line says for those that follow.
_FILLED_DOWN = ("tx_date", "txn_type", "doc_num", "name", "cust_name", "vend_name")


def tidy_lines(
    table: ReportTable, *, title: str, company: str, numbers: Mapping[str, str] = NO_NUMBERS
) -> ReportRows:
    """One row per line of data; totals and blank lines are left out. `numbers` of accounts by id.

    Raises ExportTooLarge for a text that no cell can hold.
    """
    places = {column.key: place for place, column in enumerate(table.columns)}
    ids_at = [places[key] for key in _WITH_IDS if key in places]
    lines, sections = _lines(table, numbers)
    lines = _filled_down(lines, sections, places)
    keys = [line.key for line in lines]

    def cells(values: Sequence[Value]) -> list[Cell]:
        return column_cells(values, title)

    about = (company, title, table.basis, table.currency)
    path, id, number = (cells([section[at] for section in sections]) for at in range(3))
    rows = in_rows(
        [
            *(cells([each]) * len(lines) for each in about),
            path,
            id,
            _row_types(lines, places),
            *(cells([line.values[at] for line in lines]) for at in range(len(table.columns))),
            *(cells([line.ids[at] for line in lines]) for at in ids_at),
            number,
            cells(keys),
            *(cells([each]) * len(lines) for each in (table.start, table.end)),
            [line.depth for line in lines],
            cells(debits(table, lines)),
        ]
    )
    own = (*map(_own, table.columns), *_ids(table.columns, ids_at))
    columns = [*_ABOUT, *own, _NUMBER, _KEY, *_LAST]
    return laid_out(columns, rows, keys, table.currency)


def _lines(
    table: ReportTable, numbers: Mapping[str, str]
) -> tuple[list[ReportLine], list[tuple[str, str, str]]]:
    """Those of data, and of each its section's path, id and number."""
    lines: list[ReportLine] = []
    sections: list[tuple[str, str, str]] = []
    for above, held in _held(table.tree, (None,) * len(table.columns)):
        id = _innermost_id(above)
        lines += held
        sections += [(path_of(above), id, numbers.get(id, BLANK))] * len(held)
    return lines, sections


def _held(
    parts: Sequence[ReportSection | ReportLine],
    blank: tuple[None, ...],
    above: tuple[ReportSection, ...] = (),
) -> Iterator[tuple[tuple[ReportSection, ...], list[ReportLine]]]:
    """The lines of data that follow each other in one section, with the sections around them."""
    for kind, run in itertools.groupby(parts, type):
        if kind is ReportLine:
            lines = cast(Iterator[ReportLine], run)
            yield (
                above,
                [line for line in lines if line.kind is LineKind.DATA and line.values != blank],
            )
            continue
        for section in cast(Iterator[ReportSection], run):
            yield from _held(section.inside, blank, (*above, section))


def _filled_down(
    lines: list[ReportLine], sections: Sequence[object], places: Mapping[str, int]
) -> list[ReportLine]:
    """With what the first line of a transaction says, in those that follow it: the first one of
    that which they name, in whatever section; where they name none, the last above in their own.
    """
    date_at, id_at = places.get("tx_date"), places.get("txn_type")
    if date_at is None:
        return lines
    is_first = [line.texts[date_at].strip() != FOLLOWING for line in lines]
    if all(is_first):
        return lines
    of: dict[str, ReportLine] = {}
    for line, first in zip(lines, is_first, strict=True):
        if first and id_at is not None and (id := line.ids[id_at]):
            of.setdefault(id, line)
    filled = [places[key] for key in _FILLED_DOWN if key in places]
    found: list[ReportLine] = []
    above: tuple[ReportLine, object] | None = None
    for line, section, first in zip(lines, sections, is_first, strict=True):
        if first:
            above = line, section
            found.append(line)
            continue
        id = None if id_at is None else line.ids[id_at]
        here = above[0] if above and above[1] is section else None
        start = of.get(id) if id else here
        found.append(_filled(line, start, filled) if start else line)
    return found


def _filled(line: ReportLine, start: ReportLine, places: Sequence[int]) -> ReportLine:
    """What it says itself stays: its ids above all."""
    values, ids = list(line.values), list(line.ids)
    for place in places:
        is_blank = values[place] is None or line.texts[place].strip() == FOLLOWING
        if is_blank and ids[place] in (None, start.ids[place]):
            values[place], ids[place] = start.values[place], start.ids[place]
    return line._replace(values=tuple(values), ids=tuple(ids))


def _row_types(lines: Sequence[ReportLine], places: Mapping[str, int]) -> list[Cell]:
    """What has no day but words in its place is a balance that a section opens with."""
    date_at = places.get("tx_date")
    if date_at is None:
        return ["line"] * len(lines)
    days = [line.values[date_at] for line in lines]
    words = [isinstance(day, str) and day != FOLLOWING for day in days]
    return ["opening" if each else "line" for each in words]


def _own(column: ReportColumn) -> tuple[str, str, ColumnType]:
    return column.key, column.title, column_type(column)


def _ids(
    columns: Sequence[ReportColumn], places: Sequence[int]
) -> list[tuple[str, str, ColumnType]]:
    keys = [columns[place].key for place in places]
    return [(f"{key}_id", _WITH_IDS[key], ColumnType.TEXT) for key in keys]


def _innermost_id(above: Sequence[ReportSection]) -> str:
    """The id of the innermost section that has one: an account, a customer, an item."""
    for section in reversed(above):
        if section.head is not None and (found := next(filter(None, section.head.ids), None)):
            return found
    return BLANK
