"""Columns that QuickBooks names by titles only, in the company's language, told by their order.

It says "Money" of all of them, also of stock numbers, pieces, prices and shares. Pure.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from counterfoil.core.report_columns import ReportColumn

_Mark = Callable[[ReportColumn], ReportColumn]


def _text(column: ReportColumn) -> ReportColumn:
    return replace(column, is_amount=False)


def _money(column: ReportColumn) -> ReportColumn:
    return column


def _figure(column: ReportColumn) -> ReportColumn:
    """A price a piece or a share: its total is no sum."""
    return replace(column, is_quantity=True)


def _pieces(column: ReportColumn) -> ReportColumn:
    return replace(column, is_quantity=True, is_added=True)


_STOCK = (_text, _pieces, _money, _figure)  # SKU, quantity, value, average cost
# Quantity, amount, share, average price, cost, margin, margin in percent.
_SALES = (_pieces, _money, _figure, _figure, _money, _money, _figure)
_ORDERS: Mapping[str, tuple[_Mark, ...]] = {
    "InventoryValuationSummary": _STOCK,
    "ItemSales": _SALES,
}


def told_by_order(report: str, columns: Sequence[ReportColumn]) -> tuple[ReportColumn, ...]:
    """The same, with what they hold. Where there are others than we know, they stay as they are."""
    order = _ORDERS.get(report)
    if order is None:
        return tuple(columns)
    label, *own = columns
    found = [label]
    for _, run in itertools.groupby(own, _above):
        held = list(run)
        known = len(held) == len(order)
        found += [
            mark(column) if known else column
            for column, mark in zip(held, itertools.cycle(order), strict=False)
        ]
    return tuple(found)


def _above(column: ReportColumn) -> str:
    """The title of the period, the customer … of which a column is one of several."""
    return column.title.rpartition(" / ")[0]
