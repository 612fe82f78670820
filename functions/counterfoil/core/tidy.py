"""A summary report as a tidy table, for pivots and formulas: one value a row. Pure.

Each row says its account, path, period and sign. Reports of transactions: `tidy_lines`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from zoneinfo import ZoneInfo

from counterfoil.core import looks, two_sided
from counterfoil.core.blocks import Layout
from counterfoil.core.cells import BLANK, Cell, date_serial, maker
from counterfoil.core.column_types import column_types
from counterfoil.core.datasets import ColumnType
from counterfoil.core.operations import EncodedRows, RowLook
from counterfoil.core.report_cells import cell_of
from counterfoil.core.report_rows import ReportRows
from counterfoil.core.reports import LineKind, ReportLine, ReportSection, ReportTable

PATH = " > "
DEPTH = "depth"
NO_NUMBERS: Mapping[str, str] = MappingProxyType({})

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
    (DEPTH, "Depth", _NUMBER),
    ("row_type", "Row type", _TEXT),
    ("dimension", "Column", _TEXT),
    ("dimension_id", "Column id", _TEXT),
    ("dimension_from", "Column from", _DATE),
    ("dimension_to", "Column to", _DATE),
    ("amount", "Amount", _MONEY),
    ("debit_positive", "Debit positive", _MONEY),
    # Behind the others, which formulas of people and of the dashboard know by their places.
    ("number", "Number", _TEXT),
    ("key", "Key", _TEXT),
    ("column_type", "Column type", _TEXT),
)
# On which side the amounts of a group stand: 1 where a debit shows as positive.
_OF_PROFIT = {
    **dict.fromkeys(("COGS", "Expenses", "OtherExpenses"), 1),
    **dict.fromkeys(("Income", "OtherIncome", "GrossProfit", "NetOperatingIncome"), -1),
    **dict.fromkeys(("NetOtherIncome", "NetIncome"), -1),
}
_SIDES: Mapping[str, Mapping[str, int]] = {
    "ProfitAndLoss": _OF_PROFIT,
    "BudgetAgainstActual": _OF_PROFIT,
    "BalanceSheet": {"TotalAssets": 1, "TotalLiabilitiesAndEquity": -1},
}
_SIDE_OF_ALL: Mapping[str, int] = {
    **dict.fromkeys(("AgedReceivables", "CustomerBalance", "VendorExpenses"), 1),
    **dict.fromkeys(("AgedPayables", "VendorBalance", "CustomerSales", "ClassSales"), -1),
    **dict.fromkeys(("DepartmentSales", "CustomerIncome"), -1),  # costs are negative in the last
    **dict.fromkeys(("ConsolidatedTrialBalance", "InventoryValuationSummary"), 1),
}


@dataclass(frozen=True, slots=True)
class Placed:
    """A line with the sections around it, outermost first."""

    line: ReportLine
    above: tuple[ReportSection, ...]

    @property
    def path(self) -> str:
        return path_of(self.above)

    @property
    def groups(self) -> tuple[str, ...]:
        around = (section.group for section in self.above)
        return tuple(group for group in (*around, self.line.group) if group)


def tidy_values(
    table: ReportTable, *, title: str, company: str, numbers: Mapping[str, str] = NO_NUMBERS
) -> ReportRows:
    """One row per value of a summary; `numbers` of accounts by id.

    Raises ExportTooLarge for a text that no cell can hold.
    """
    text = maker(_TEXT, ZoneInfo("UTC"), title)
    about = [text(company), text(title), text(table.basis), _day(table.start), _day(table.end)]
    rows: list[list[Cell]] = []
    keys: list[str] = []
    of_columns = two_sided.sides(table)
    types = column_types(table)
    for placed in _placed_lines(table.tree):
        line = placed.line
        total = line.kind is LineKind.TOTAL
        id = line.ids[0] or BLANK
        number = text(numbers.get(id) or _said_beside(table, line))
        name = [text(id), text(line.label), text(_full(placed))]
        for place, column in enumerate(table.columns):
            value = line.values[place]
            # A head or a total may have its label among amounts; another text is a percentage.
            is_label = line.kind is not LineKind.DATA and value == line.label
            if not column.is_amount or value is None or is_label:
                continue
            key = f"{line.key}|{column.key}"
            side = of_columns.get(place) or _side(table.name, placed)
            if column.has_own_sign or column.is_quantity:
                side = None
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
                    cell_of(value, text),
                    cell_of(debit, text),
                    number,
                    text(key),
                    types[place].value,
                ]
            )
    return laid_out(_SUMMARY, rows, keys, table.currency)


def laid_out(
    columns: Sequence[tuple[str, str, ColumnType]],
    rows: list[list[Cell]],
    keys: Sequence[str],
    currency: str,
) -> ReportRows:
    """`columns` are keys, titles and types; one of the keys is "key", where `keys` stand."""
    types = [type for _, _, type in columns]
    header: list[list[Cell]] = [[title for _, title, _ in columns]]
    layout = Layout(
        keys=tuple(name for name, _, _ in columns),
        columns=tuple(
            looks.WHOLE if name == DEPTH else looks.typed_column(type, currency)
            for name, _, type in columns
        ),
        header=EncodedRows.of(header),
        widths=tuple(looks.type_width(type, title) for _, title, type in columns),
        sums=tuple(
            (place, looks.decimals(currency)) for place, type in enumerate(types) if type is _MONEY
        ),
        key=[name for name, _, _ in columns].index("key"),
    )
    return ReportRows(header, rows, layout, tuple(keys))


def titled(shown: ReportRows, title: str) -> ReportRows:
    """The same below a row with the title, beside which the table says when it is late."""
    above: list[Cell] = [title, *[BLANK] * (len(shown.layout.columns) - 1)]
    header = [above, *shown.header_rows]
    bold = (RowLook(0, bold=True), *shown.layout.row_looks)
    layout = replace(shown.layout, header=EncodedRows.of(header), row_looks=bold)
    return replace(shown, header_rows=header, layout=layout)


def path_of(above: Sequence[ReportSection]) -> str:
    """The names of sections from the outermost in."""
    return PATH.join(section.head.label for section in above if section.head is not None)


def _placed_lines(
    parts: Sequence[ReportSection | ReportLine], above: tuple[ReportSection, ...] = ()
) -> Iterator[Placed]:
    """Every line, in QuickBooks' order; a section's own head and total lie in it."""
    for part in parts:
        if isinstance(part, ReportLine):
            yield Placed(part, above)
            continue
        inside = (*above, part)
        if part.head is not None:
            yield Placed(part.head, inside)
        yield from _placed_lines(part.inside, inside)
        if part.total is not None:
            yield Placed(part.total, inside)


def _said_beside(table: ReportTable, line: ReportLine) -> str:
    """The text in a column of its own: a stock number."""
    told = zip(table.columns[1:], line.values[1:], strict=True)
    texts = (value for column, value in told if not column.is_amount and isinstance(value, str))
    return next(texts, BLANK)


def _full(placed: Placed) -> str:
    """The names from the top down to this line's own; a section's head and total end with its."""
    if placed.line.kind is LineKind.DATA or not placed.above:
        return PATH.join(filter(None, (placed.path, placed.line.label)))
    return placed.path or placed.line.label


def _side(report: str, placed: Placed) -> int | None:
    """1 where a debit shows as a positive amount, -1 where a credit does; None: nobody knows."""
    if report in _SIDE_OF_ALL:
        return _SIDE_OF_ALL[report]
    sides = _SIDES.get(report, {})
    return next((sides[group] for group in placed.groups if group in sides), None)


def _day(day: date | None) -> Cell:
    return BLANK if day is None else date_serial(day)
