"""A report of transactions as a tidy table: one line a row. Pure.

Each row has the report's own columns, the sections it lies in, and the ids of what it names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeVar
from zoneinfo import ZoneInfo

from counterfoil.core.cells import BLANK, Cell, maker, row_maker
from counterfoil.core.datasets import ColumnType
from counterfoil.core.report_rows import ReportRows
from counterfoil.core.reports import (
    LineKind,
    ReportColumn,
    ReportLine,
    ReportSection,
    ReportTable,
    Value,
)
from counterfoil.core.tidy import NO_NUMBERS, laid_out, path_of, placed_lines

# The date of the second and later lines of a transaction, whose other facts stand above them.
FOLLOWING = "0-00-00"

_ABOUT: tuple[tuple[str, str, ColumnType], ...] = (
    ("company", "Company", ColumnType.TEXT),
    ("report", "Report", ColumnType.TEXT),
    ("basis", "Basis", ColumnType.TEXT),
    ("currency", "Currency", ColumnType.TEXT),
    ("path", "Section", ColumnType.TEXT),
    ("section_id", "Section id", ColumnType.TEXT),
    ("row_type", "Row type", ColumnType.TEXT),
)
_T = TypeVar("_T")
_NUMBER = ("section_number", "Section number", ColumnType.TEXT)
_KEY = ("key", "Key", ColumnType.TEXT)

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
    text, row = maker(ColumnType.TEXT, ZoneInfo("UTC"), title), row_maker(title)
    about = [text(company), text(title), text(table.basis), text(table.currency)]
    places = {column.key: place for place, column in enumerate(table.columns)}
    date_at = places.get("tx_date")
    ids_at = [places[key] for key in _WITH_IDS if key in places]
    filled = [places[key] for key in _FILLED_DOWN if key in places]

    rows: list[list[Cell]] = []
    keys: list[str] = []
    first: ReportLine | None = None  # of the transaction whose lines follow
    above: tuple[ReportSection, ...] | None = None
    where: list[Cell] = []
    number: Cell = BLANK
    for placed in placed_lines(table.tree):
        line = placed.line
        if line.kind is not LineKind.DATA or not "".join(line.texts).strip():
            continue
        if placed.above is not above:
            above = placed.above
            id = _innermost_id(above)
            where, number = [text(path_of(above)), text(id)], text(numbers.get(id, BLANK))
        values: Sequence[Value] = line.values
        ids: Sequence[str | None] = line.ids
        said = "" if date_at is None else line.texts[date_at].strip()
        if said != FOLLOWING:
            first = line
        elif first is not None:
            values = _filled(values, first.values, filled)
            ids = _filled(ids, first.ids, filled)
        opening = bool(said) and date_at is not None and not isinstance(values[date_at], date)
        rows.append(
            [
                *about,
                *where,
                "opening" if opening else "line",
                *row(values),
                *row([ids[place] for place in ids_at]),
                number,
                text(line.key),
            ]
        )
        keys.append(line.key)
    columns = [*_ABOUT, *map(_own, table.columns), *_ids(table.columns, ids_at), _NUMBER, _KEY]
    return laid_out(columns, rows, keys, table.currency, key=len(columns) - 1)


def _filled(own: Sequence[_T], first: Sequence[_T], places: Sequence[int]) -> list[_T]:
    found = list(own)
    for place in places:
        found[place] = first[place]
    return found


def _own(column: ReportColumn) -> tuple[str, str, ColumnType]:
    if column.is_amount:
        return column.key, column.title, ColumnType.MONEY
    return column.key, column.title, ColumnType.DATE if column.is_date else ColumnType.TEXT


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
