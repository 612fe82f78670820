"""A report as it is printed: a title block, column titles, then its lines with indents. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from counterfoil.core import looks
from counterfoil.core.blocks import Layout
from counterfoil.core.cells import BLANK, Cell
from counterfoil.core.datasets import ColumnType
from counterfoil.core.dates import as_of, parsed, period
from counterfoil.core.operations import EncodedRows, RowLook
from counterfoil.core.report_cells import cell_columns, in_rows
from counterfoil.core.report_rows import ReportRows, column_type
from counterfoil.core.report_values import FOLLOWING
from counterfoil.core.reports import (
    COMPARED_WITH,
    TRANSLATED_AT,
    LineKind,
    ReportColumn,
    ReportLine,
    ReportTable,
    Value,
)

# Reports of a state, not of a period: only their last day says something. Others that are say on
# which day they are, as an option of their header.
_AS_OF = frozenset(("BalanceSheet", "TrialBalance", "TrialBalanceFR", "ConsolidatedTrialBalance"))
_REPORT_DATE = "report_date"
ID_TITLE = "Id"  # addon/ValuesPrinted.js finds the column by it

_TITLE_ROW = 1  # below the company
_LABEL_WIDTH = 280
_MOST_DECIMALS = 6  # of pieces, as the number format shows them
_ID_WIDTH = 60


def printed(table: ReportTable, *, title: str, company: str) -> ReportRows:
    """The report in QuickBooks' order. Amounts become numbers; what is no amount stays text.

    Four title rows always (company, title, period, basis), so that what refers to the lines
    below stays right. Raises ExportTooLarge for a text that no cell can hold.
    """
    columns, lines = list(table.columns), table.lines
    # Some lines have a cell more than there are columns: then all get one in front.
    surplus = max([len(line.extra) for line in lines], default=0)
    width = surplus + len(columns)
    blank: list[Cell] = [BLANK] * surplus

    header_rows: list[list[Cell]] = [
        [line, *[BLANK] * (width - 1)]
        for line in (company, title, period_words(table), basis_words(table))
    ]
    titles = [column.title for column in columns]
    header_rows.append([*blank, *titles])

    cells = cell_columns(_with_fronts(lines, surplus), title)
    for place, column in enumerate(columns if cells else (), surplus):
        if column.is_date:
            cells[place] = [BLANK if _follows(cell) else cell for cell in cells[place]]
    rows = in_rows(cells)
    row_looks = [
        RowLook(at, line.kind is not LineKind.DATA, _indent(line, row[0]))
        for at, (line, row) in enumerate(zip(lines, rows, strict=True), len(header_rows))
    ]

    types = [ColumnType.TEXT] * surplus + list(map(column_type, columns))
    currency = table.currency
    layout = Layout(
        keys=(
            *(f"label-{place + 1}" for place in range(surplus)),
            *(column.key for column in columns),
        ),
        columns=tuple(
            looks.PERCENT
            if place >= surplus and columns[place - surplus].is_percent
            else looks.typed_column(type, currency)
            for place, type in enumerate(types)
        ),
        header=EncodedRows.of(header_rows),
        widths=(
            _LABEL_WIDTH,
            *map(looks.type_width, types[1:], [*[""] * surplus, *titles][1:]),
        ),
        sums=tuple(
            (place, scale)
            for place, column in enumerate(columns, surplus)
            if (scale := _scale(column, currency)) is not None
        ),
        row_looks=tuple(row_looks),
        title_looks=(RowLook(_TITLE_ROW, bold=True),),
        frozen_columns=1,
    )
    return ReportRows(
        header_rows,
        rows,
        layout,
        tuple(line.key for line in lines),
        tuple(line.kind for line in lines),
        (*[""] * surplus, *(column.former for column in columns)),
    )


def _follows(day: Cell) -> bool:
    """QuickBooks prints nothing where the day of a transaction's first line stands above."""
    return isinstance(day, str) and day.strip() == FOLLOWING


def _scale(column: ReportColumn, currency: str) -> int | None:
    """How many decimals of it are added up; None where it is not."""
    if column.is_added:
        return _MOST_DECIMALS
    return looks.decimals(currency) if column_type(column) is ColumnType.MONEY else None


def _indent(line: ReportLine, first: Cell) -> int:
    """Of words only: an indent is the number format of a text, in which a day would be a number."""
    return line.depth if first and isinstance(first, str) else 0


def _with_fronts(lines: Sequence[ReportLine], surplus: int) -> Iterable[Sequence[Value]]:
    if not surplus:
        return [line.values for line in lines]
    nothing = (None,) * surplus
    return [(*line.extra, *nothing[len(line.extra) :], *line.values) for line in lines]


def with_ids(shown: ReportRows, table: ReportTable) -> ReportRows:
    """The same with the ids of its accounts in a last column, by which formulas find their lines
    also after a new name. Totals have none.
    """
    header = [[*row, BLANK] for row in shown.header_rows]
    header[-1][-1] = ID_TITLE
    ids: list[Cell] = [
        BLANK if line.kind is LineKind.TOTAL or not line.ids else line.ids[0] or BLANK
        for line in table.lines
    ]
    layout = shown.layout
    return replace(
        shown,
        header_rows=header,
        rows=[[*row, id] for row, id in zip(shown.rows, ids, strict=True)],
        former=(*shown.former, ""),
        layout=replace(
            layout,
            keys=(*layout.keys, "account-id"),
            columns=(*layout.columns, looks.typed_column(ColumnType.TEXT, table.currency)),
            header=EncodedRows.of(header),
            widths=(*layout.widths, _ID_WIDTH),
        ),
    )


def period_words(table: ReportTable) -> str:
    """ "2026-01-01 to 2026-03-31", or "As of 2026-03-31" for a report of a state; with what it is
    compared with.
    """
    return ", compared with ".join(
        filter(None, (_own_period(table), table.header.get(COMPARED_WITH)))
    )


def _own_period(table: ReportTable) -> str:
    if day := dict(table.options).get(_REPORT_DATE):
        return as_of(parsed(day))
    if table.name in _AS_OF and table.end is not None:
        return as_of(table.end)
    return period(table.start, table.end)


def basis_words(table: ReportTable) -> str:
    """ "Accrual basis, USD"; of several companies with the rates of translation."""
    basis = f"{table.basis} basis" if table.basis else ""
    words = ", ".join(filter(None, (basis, table.currency)))
    return "; ".join(filter(None, (words, table.header.get(TRANSLATED_AT))))
