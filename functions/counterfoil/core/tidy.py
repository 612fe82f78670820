"""A report as a tidy table, for pivots and formulas: one value, or one line, a row. Pure.

A summary gives one row per value, with its account, path, period and sign; a report of
transactions one row per line, with its own columns, the sections it lies in, and ids.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from counterfoil.core import looks
from counterfoil.core.blocks import Layout
from counterfoil.core.cells import BLANK, Cell, date_serial, maker, number
from counterfoil.core.datasets import ColumnType
from counterfoil.core.operations import EncodedRows
from counterfoil.core.report_rows import ReportRows
from counterfoil.core.reports import (
    LineKind,
    ReportColumn,
    ReportLine,
    ReportSection,
    ReportTable,
    Value,
)

PATH = " > "

# The date of the second and later lines of a transaction, whose other facts stand above them.
FOLLOWING = "0-00-00"

_TEXT, _MONEY, _DATE, _NUMBER = (
    ColumnType.TEXT,
    ColumnType.MONEY,
    ColumnType.DATE,
    ColumnType.NUMBER,
)

_SUMMARY: tuple[tuple[str, str, ColumnType], ...] = (
    ("company", "Company", _TEXT),
    ("report", "Report", _TEXT),
    ("basis", "Basis", _TEXT),
    ("from", "From", _DATE),
    ("to", "To", _DATE),
    ("currency", "Currency", _TEXT),
    ("id", "Id", _TEXT),
    ("name", "Name", _TEXT),
    ("path", "Path", _TEXT),
    ("depth", "Depth", _NUMBER),
    ("row_type", "Row type", _TEXT),
    ("dimension", "Column", _TEXT),
    ("dimension_id", "Column id", _TEXT),
    ("dimension_from", "Column from", _DATE),
    ("dimension_to", "Column to", _DATE),
    ("amount", "Amount", _MONEY),
    ("debit_positive", "Debit positive", _MONEY),
    ("key", "Key", _TEXT),
)
_DETAIL: tuple[tuple[str, str, ColumnType], ...] = (
    ("company", "Company", _TEXT),
    ("report", "Report", _TEXT),
    ("basis", "Basis", _TEXT),
    ("currency", "Currency", _TEXT),
    ("path", "Section", _TEXT),
    ("section_id", "Section id", _TEXT),
    ("row_type", "Row type", _TEXT),
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

# On which side the amounts of a group stand: 1 where a debit shows as positive.
_SIDES: Mapping[str, Mapping[str, int]] = {
    "ProfitAndLoss": {
        **dict.fromkeys(("COGS", "Expenses", "OtherExpenses"), 1),
        **dict.fromkeys(("Income", "OtherIncome", "GrossProfit", "NetOperatingIncome"), -1),
        **dict.fromkeys(("NetOtherIncome", "NetIncome"), -1),
    },
    "BalanceSheet": {"TotalAssets": 1, "TotalLiabilitiesAndEquity": -1},
}
_SIDE_OF_ALL: Mapping[str, int] = {
    **dict.fromkeys(("AgedReceivables", "CustomerBalance", "VendorExpenses"), 1),
    **dict.fromkeys(("AgedPayables", "VendorBalance", "CustomerSales", "ClassSales"), -1),
    "DepartmentSales": -1,
}
_TWO_SIDED = frozenset(("TrialBalance", "TrialBalanceFR"))


@dataclass(frozen=True, slots=True)
class _Placed:
    """A line with the sections around it, outermost first."""

    line: ReportLine
    above: tuple[ReportSection, ...]

    @property
    def path(self) -> str:
        names = [section.head.label for section in self.above if section.head is not None]
        return PATH.join(names)

    @property
    def groups(self) -> tuple[str, ...]:
        around = (section.group for section in self.above)
        return tuple(group for group in (*around, self.line.group) if group)


def tidy(table: ReportTable, *, title: str, company: str, detail: bool) -> ReportRows:
    """The report's values, or with `detail` its lines of transactions.

    Raises ExportTooLarge for a text that no cell can hold.
    """
    return (_detail if detail else _summary)(table, title, company)


def _summary(table: ReportTable, title: str, company: str) -> ReportRows:
    text = maker(_TEXT, ZoneInfo("UTC"), title)
    about = [text(company), text(title), text(table.basis), _day(table.start), _day(table.end)]
    rows: list[list[Cell]] = []
    keys: list[str] = []
    for placed in _walk(table.tree, ()):
        line = placed.line
        total = line.kind is LineKind.TOTAL
        name = [text(line.ids[0] or BLANK), text(line.label), text(_full(placed))]
        for place, column in enumerate(table.columns):
            value = line.values[place]
            words = line.kind is not LineKind.DATA and isinstance(value, str)
            if not column.is_amount or value is None or words:
                continue  # words among amounts are the label of a head or a total
            key = f"{line.key}|{column.key}"
            side = _side(table.name, placed, place)
            debit = value * side if isinstance(value, Decimal) and side is not None else None
            keys.append(key)
            rows.append(
                [
                    *about,
                    text(table.currency),
                    *name,
                    line.depth,
                    "total" if total else "line",
                    text(column.title),
                    text(dict(column.meta).get("ID", BLANK)),
                    _day(column.start),
                    _day(column.end),
                    _cell(value, text),
                    _cell(debit, text),
                    text(key),
                ]
            )
    return _laid(_SUMMARY, rows, keys, table.currency, key=len(_SUMMARY) - 1)


def _detail(table: ReportTable, title: str, company: str) -> ReportRows:
    text = maker(_TEXT, ZoneInfo("UTC"), title)
    about = [text(company), text(title), text(table.basis), text(table.currency)]
    with_ids = [
        (place, column) for place, column in enumerate(table.columns) if column.key in _WITH_IDS
    ]
    filled = [place for place, column in enumerate(table.columns) if column.key in _FILLED_DOWN]
    own = [(column.key, column.title, _type(column)) for column in table.columns]
    ids = [(f"{column.key}_id", _WITH_IDS[column.key], _TEXT) for _, column in with_ids]
    columns = (*_DETAIL, *own, *ids, ("key", "Key", _TEXT))
    rows: list[list[Cell]] = []
    keys: list[str] = []
    before: ReportLine | None = None
    for placed in _walk(table.tree, ()):
        line = placed.line
        if line.kind is not LineKind.DATA or not any(shown.strip() for shown in line.texts):
            continue
        values, line_ids = list(line.values), list(line.ids)
        following = _is_following(line, table.columns)
        if following and before is not None:
            for place in filled:
                values[place] = before.values[place]
                line_ids[place] = before.ids[place]
        else:
            before = line
        keys.append(line.key)
        rows.append(
            [
                *about,
                text(placed.path),
                text(_section_id(placed)),
                "opening" if _is_opening(line, table.columns) else "line",
                *(_cell(value, text) for value in values),
                *(text(line_ids[place] or BLANK) for place, _ in with_ids),
                text(line.key),
            ]
        )
    return _laid(columns, rows, keys, table.currency, key=len(columns) - 1)


def _laid(
    columns: Sequence[tuple[str, str, ColumnType]],
    rows: list[list[Cell]],
    keys: Sequence[str],
    currency: str,
    *,
    key: int,
) -> ReportRows:
    types = [type for _, _, type in columns]
    header: list[list[Cell]] = [[title for _, title, _ in columns]]
    layout = Layout(
        keys=tuple(name for name, _, _ in columns),
        columns=tuple(looks.typed_column(type, currency) for type in types),
        header=EncodedRows.of(header),
        widths=tuple(map(looks.type_width, types)),
        sums=tuple(
            (place, looks.decimals(currency)) for place, type in enumerate(types) if type is _MONEY
        ),
        key=key,
    )
    return ReportRows(header, rows, layout, tuple(keys))


def _walk(
    parts: Sequence[ReportSection | ReportLine], above: tuple[ReportSection, ...]
) -> Iterator[_Placed]:
    """Every line, in QuickBooks' order; a section's own head and total lie in it."""
    for part in parts:
        if isinstance(part, ReportLine):
            yield _Placed(part, above)
            continue
        inside = (*above, part)
        if part.head is not None:
            yield _Placed(part.head, inside)
        yield from _walk(part.inside, inside)
        if part.total is not None:
            yield _Placed(part.total, inside)


def _full(placed: _Placed) -> str:
    """The names from the top down to this line's own; a section's head and total end with its."""
    if placed.line.kind is LineKind.DATA or not placed.above:
        return PATH.join(filter(None, (placed.path, placed.line.label)))
    return placed.path or placed.line.label


def _side(report: str, placed: _Placed, place: int) -> int | None:
    """1 where a debit shows as a positive amount, -1 where a credit does; None: nobody knows."""
    if report in _TWO_SIDED:
        return 1 if place == 1 else -1
    if report in _SIDE_OF_ALL:
        return _SIDE_OF_ALL[report]
    sides = _SIDES.get(report, {})
    return next((sides[group] for group in placed.groups if group in sides), None)


def _section_id(placed: _Placed) -> str:
    """The id of the innermost section that has one: an account, a customer, an item."""
    for section in reversed(placed.above):
        if section.head is not None:
            found = next((id for id in section.head.ids if id), None)
            if found:
                return found
    return BLANK


def _is_following(line: ReportLine, columns: Sequence[ReportColumn]) -> bool:
    at = next((place for place, column in enumerate(columns) if column.key == "tx_date"), None)
    return at is not None and line.texts[at].strip() == FOLLOWING


def _is_opening(line: ReportLine, columns: Sequence[ReportColumn]) -> bool:
    """A balance carried forward: words where the date should be, and no transaction."""
    for place, column in enumerate(columns):
        if column.key == "tx_date":
            said = line.texts[place].strip()
            return isinstance(line.values[place], str) and said not in ("", FOLLOWING)
    return False


def _type(column: ReportColumn) -> ColumnType:
    if column.is_amount:
        return _MONEY
    return _DATE if column.is_date else _TEXT


def _cell(value: Value, text: Callable[[object], Cell]) -> Cell:
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, str):
        return text(value)
    return BLANK if value is None else date_serial(value)


def _day(day: date | None) -> Cell:
    return BLANK if day is None else date_serial(day)
