"""Starter packs: several exports at once, and a dashboard over them. Pure data.

Each export is one that a person could choose in the form; `charts` say which of the dashboard's
pictures reads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class PackExport:
    kind: str  # "entities" or "reports", as in an address
    dataset: str
    tab: str
    options: Mapping[str, Any]
    chart: str | None = None  # a template of addon/Dashboard.js

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "dataset": self.dataset,
            "tab": self.tab,
            "options": dict(self.options),
            "chart": self.chart,
        }


@dataclass(frozen=True, slots=True)
class Pack:
    key: str
    title: str
    exports: tuple[PackExport, ...]

    def as_json(self) -> dict[str, Any]:
        exports = [each.as_json() for each in self.exports]
        ties = sum(len(each.options.get("tie_out", ())) for each in self.exports)
        return {"key": self.key, "title": self.title, "exports": exports, "ties": ties}


_YEAR, _AT_MONTH_END = {"dates": "this_fiscal_year_to_date"}, {"dates": "last_month"}
# Ends where the states of a month-end do.
_CLOSED_MONTHS = {"dates": "fiscal_year_to_last_month"}
_BY_MONTH = {"parameters": {"summarize_column_by": "Month"}}
# One customer or vendor a row, without totals: what a chart can be drawn over.
_AS_A_TABLE = {"parameters": {"summarize_column_by": "Total"}, "layout": "tidy"}
_OPEN = {"filters": [{"key": "status", "is": "open"}]}

PROFIT_BY_MONTH = PackExport(
    "reports", "profit-and-loss", "P&L by month", {**_CLOSED_MONTHS, **_BY_MONTH}, chart="profit"
)
STATE = PackExport("reports", "balance-sheet", "Balance Sheet", {**_AT_MONTH_END, "parameters": {}})
OWED_TO_US = PackExport(
    "reports", "ar-aging-summary", "Receivables", {**_AT_MONTH_END, "parameters": {}}, "receivables"
)
OWED_BY_US = PackExport(
    "reports", "ap-aging-summary", "Payables", {**_AT_MONTH_END, "parameters": {}}, "payables"
)


def _tied(export: PackExport, tie: str) -> PackExport:
    """Checked against a report that is in the pack as well: one call more."""
    return replace(export, options={**export.options, "tie_out": [tie]})


PACKS = (
    Pack(
        "month-end",
        "Month-end",
        (
            PROFIT_BY_MONTH,
            _tied(STATE, "net-income"),
            _tied(OWED_TO_US, "receivable-accounts"),
            _tied(OWED_BY_US, "payable-accounts"),
            PackExport("entities", "invoices", "Open invoices", _OPEN),
        ),
    ),
    Pack(
        "sales",
        "Sales",
        (
            PackExport("entities", "invoices", "Invoices", _YEAR),
            PackExport(
                "reports",
                "sales-by-customer",
                "Sales by customer",
                {**_YEAR, **_AS_A_TABLE},
                "customers",
            ),
            PackExport(
                "reports",
                "sales-by-product",
                "Sales by product",
                {**_YEAR, "parameters": {"summarize_column_by": "Total"}},
            ),
            OWED_TO_US,
        ),
    ),
    Pack(
        "spending",
        "Spending",
        (
            PackExport("entities", "bills", "Bills", _YEAR),
            PackExport("entities", "purchases", "Expenses", _YEAR),
            PackExport(
                "reports",
                "expenses-by-vendor",
                "Spending by vendor",
                {**_YEAR, **_AS_A_TABLE},
                "vendors",
            ),
            OWED_BY_US,
        ),
    ),
)
