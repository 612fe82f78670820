"""The reports endpoint: parameters in, a report's JSON out. Pure.

Summaries are by Total, or by days, weeks, months, quarters or years where that is computed here,
and refused elsewhere. `customer`, `vendor` and `account` narrow what they can; the first two answer
5030 where they cannot, as filters by class, location, item or employee do, as in a plan without
them. `date_macro`, `sort_order`, `qzurl` and what is unknown change nothing: without both dates the
period is this calendar year to date.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sandbox.intuit import aging_reports as aging
from sandbox.intuit import detail_reports as detail
from sandbox.intuit import summary_reports as summary
from sandbox.intuit.answers import unsupported
from sandbox.intuit.periods import Period, periods
from sandbox.intuit.report_asked import Asked, asked, header
from sandbox.intuit.report_books import Books, Made
from sandbox.intuit.report_cells import money_column, period_column
from sandbox.intuit.report_nesting import tree_of
from sandbox.intuit.report_style import migrated
from sandbox.intuit.statements import Book, Span, balance_sheet, profit_and_loss
from sandbox.intuit.stock_reports import inventory_detail, inventory_summary
from sandbox.intuit.store import Row
from sandbox.intuit.tax_reports import tax_summary

TOO_MUCH = "Unable to display more data. Please reduce the date range."
CELL_LIMIT = 400_000
"""Beyond it QuickBooks answers 200 with TOO_MUCH in place of the data."""

STANDARD = ({"Name": "AccountingStandard", "Value": "GAAP"},)


def report(
    name: str,
    args: Mapping[str, str],
    books: Books,
    *,
    default_basis: str,
    now: datetime,
    cell_limit: int = CELL_LIMIT,
    new_service: bool = False,
) -> Row:
    """Raises ApiRefused. With `new_service`, as the migrated Reports service writes it."""
    base = OF_FRANCE.get(name, name)
    make = REPORTS.get(base)
    if make is None:
        raise unsupported(f"reports/{name}")
    found = asked(base, args, default_basis, now)
    made = make(books, found)
    rows = list(made.rows)
    if _cells(rows) > cell_limit:
        blanks = ({"value": ""} for _ in made.columns[1:])
        rows = [{"ColData": [{"value": TOO_MUCH}, *blanks], "type": "Data"}]
    answer = {
        "Header": {
            **header(found, books.currency, now, made.filled, options=made.options),
            "ReportName": name,
        },
        "Columns": {"Column": list(made.columns)},
        "Rows": {"Row": rows} if rows else {},
    }
    if not new_service:
        return answer
    numbered = books.book(found.basis).numbered
    return migrated(answer, tree_of(books.store, base, numbered=numbered))


def _profit_and_loss(books: Books, found: Asked) -> Made:
    cut = _cut(found)
    spans = [*(Span(period.start, period.end) for period in cut), Span(found.start, found.end)]
    book = _narrowed(books.book(found.basis), found.customers)
    rows, filled = profit_and_loss(book, spans)
    columns = [*map(period_column, cut), money_column("Total", "total")]
    return Made([_account_column(), *columns], rows, filled, STANDARD)


def _balance_sheet(books: Books, found: Asked) -> Made:
    cut = _cut(found)
    ends = [period.end for period in cut] or [found.end]
    rows, filled = balance_sheet(books.book(found.basis), ends)
    columns = list(map(period_column, cut)) or [money_column("Total", "total")]
    return Made([_account_column(), *columns], rows, filled, STANDARD)


REPORTS: Mapping[str, Callable[[Books, Asked], Made]] = {
    "ProfitAndLoss": _profit_and_loss,
    "BalanceSheet": _balance_sheet,
    "TrialBalance": summary.trial_balance,
    "CashFlow": summary.cash_flow,
    "CustomerSales": summary.customer_sales,
    "ItemSales": summary.item_sales,
    "ClassSales": summary.class_sales,
    "DepartmentSales": summary.department_sales,
    "CustomerIncome": summary.customer_income,
    "VendorExpenses": summary.vendor_expenses,
    "AccountList": summary.account_list,
    "InventoryValuationSummary": inventory_summary,
    "InventoryValuationDetail": inventory_detail,
    "AgedReceivables": aging.receivables,
    "AgedPayables": aging.payables,
    "AgedReceivableDetail": aging.receivable_detail,
    "AgedPayableDetail": aging.payable_detail,
    "CustomerBalance": aging.customer_balance,
    "VendorBalance": aging.vendor_balance,
    "CustomerBalanceDetail": aging.customer_balance_detail,
    "VendorBalanceDetail": aging.vendor_balance_detail,
    "TaxSummary": tax_summary,
    "GeneralLedger": detail.general_ledger,
    "JournalReport": detail.journal,
    "ProfitAndLossDetail": detail.profit_and_loss_detail,
    "TransactionList": detail.transactions,
    "TransactionListByCustomer": detail.transactions_by_customer,
    "TransactionListByVendor": detail.transactions_by_vendor,
    "TransactionListWithSplits": detail.transactions_with_splits,
}


OF_FRANCE = {
    "GeneralLedgerFR": "GeneralLedger",
    "JournalReportFR": "JournalReport",
    "TrialBalanceFR": "TrialBalance",
}
"""For companies of France only, each as the report that all have."""


def _cut(found: Asked) -> list[Period]:
    return [] if found.by == "Total" else periods(found.start, found.end, found.by)


def _narrowed(book: Book, customers: Sequence[str]) -> Book:
    if not customers:
        return book
    kept = [posting for posting in book.postings if posting.customer in customers]
    return replace(book, postings=kept)


def _account_column() -> Row:
    return {
        "ColTitle": "",
        "ColType": "Account",
        "MetaData": [{"Name": "ColKey", "Value": "account"}],
    }


def _cells(rows: Sequence[Row]) -> int:
    return sum(
        len(row.get("ColData", ()))
        + sum(len(row.get(part, {}).get("ColData", ())) for part in ("Header", "Summary"))
        + _cells(row.get("Rows", {}).get("Row", ()))
        for row in rows
    )
