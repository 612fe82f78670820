"""What of a report is of the whole company, and not of some classes, customers … of it. Pure.

An invoice with a class has its income there, and what is owed for it in no class: only all of them
together balance.
https://quickbooks.intuit.com/learn-support/en-ca/help-article/balance-sheet/run-balance-sheet-class-location-quickbooks-online/L2wj2NQT2_CA_en_CA
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from counterfoil.core.report_cuts import SUMS
from counterfoil.core.reports import ReportTable

# What narrows a report, and how its header says so.
_NARROWED = {
    each.lower(): each for each in ("Customer", "Vendor", "Employee", "Item", "Class", "Department")
}
_SHARES = SUMS - {"Total"}


def with_narrowing(table: ReportTable, asked: Mapping[str, str]) -> ReportTable:
    """With what it was narrowed to in its header, whether QuickBooks repeats that or not."""
    told = {name: asked[key] for key, name in _NARROWED.items() if asked.get(key)}
    if told.keys() <= table.header.keys():
        return table
    return replace(table, header={**told, **table.header})


def is_narrowed(table: ReportTable) -> bool:
    return any(map(table.header.get, _NARROWED.values()))


def is_share(table: ReportTable, place: int) -> bool:
    """Whether a column is that of a class, a customer …, or may be."""
    by = table.header.get("SummarizeColumnsBy", "Total")
    return by in _SHARES and ("ColKey", "total") not in table.columns[place].meta


def is_whole(table: ReportTable, place: int) -> bool:
    """Whether a column is of the whole company."""
    return not is_narrowed(table) and not is_share(table, place)
