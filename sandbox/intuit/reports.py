"""The reports endpoint: parameters in, a report's JSON out. Pure.

Summaries are by Total, or by days, weeks, months, quarters or years where that is computed here,
and refused elsewhere. `customer`, `vendor` and `account` narrow what they can; the first two answer
2170 where they cannot, as filters by class, location, item or employee do everywhere.
`date_macro`, `sort_order`, `qzurl` and what is unknown change nothing: without both dates the
period is this calendar year to date.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sandbox.intuit import aging_reports as aging
from sandbox.intuit import detail_reports as detail
from sandbox.intuit import summary_reports as summary
from sandbox.intuit.answers import unsupported
from sandbox.intuit.book import Book, Span, narrowed
from sandbox.intuit.cash_flow import cash_flow
from sandbox.intuit.periods import Period, periods
from sandbox.intuit.report_asked import Asked, asked, header
from sandbox.intuit.report_books import Books, Made
from sandbox.intuit.report_cells import money_column, period_column
from sandbox.intuit.report_nesting import tree_of
from sandbox.intuit.report_periods import by_periods
from sandbox.intuit.report_style import migrated
from sandbox.intuit.statements import COST_TYPES, INCOME_TYPES, balance_sheet, profit_and_loss
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
    book = narrowed(books.book(found.basis), found.customers)
    whole = Span(found.start, found.end)
    if found.by == "Customers":
        ids = _customers(book, whole)
        named = {row["Id"]: row["DisplayName"] for row in books.store.all("Customer")}
        columns = [_customer_column(id, named.get(id, "Not Specified")) for id in ids]
        spans = [Span(found.start, found.end, id) for id in ids]
        total = money_column("TOTAL", "total")
    else:
        cut = _cut(found)
        columns = list(map(period_column, cut))
        spans = [Span(period.start, period.end) for period in cut]
        total = money_column("Total", "total")
    rows, filled = profit_and_loss(book, [*spans, whole])
    columns.append(total)
    return Made([_account_column(), *columns], rows, filled, STANDARD)


def _balance_sheet(books: Books, found: Asked) -> Made:
    cut = _cut(found)
    ends = [period.end for period in cut] or [found.end]
    rows, filled = balance_sheet(narrowed(books.book(found.basis), found.customers), ends)
    columns = list(map(period_column, cut)) or [money_column("Total", "total")]
    return Made([_account_column(), *columns], rows, filled, STANDARD)


REPORTS: Mapping[str, Callable[[Books, Asked], Made]] = {
    "ProfitAndLoss": _profit_and_loss,
    "BalanceSheet": _balance_sheet,
    "TrialBalance": by_periods(summary.trial_balance),
    "CashFlow": by_periods(cash_flow),
    "CustomerSales": summary.customer_sales,
    "ItemSales": by_periods(summary.item_sales),
    "ClassSales": summary.class_sales,
    "DepartmentSales": summary.department_sales,
    "CustomerIncome": by_periods(summary.customer_income),
    "VendorExpenses": by_periods(summary.vendor_expenses),
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


def _customers(book: Book, whole: Span) -> list[str]:
    """Who has income or costs in these days; "" where some are nobody's."""
    kinds = {account["Id"]: account["AccountType"] for account in book.accounts}
    earning = (*INCOME_TYPES, *COST_TYPES)
    ids = {
        posting.customer or ""
        for posting in book.postings
        if whole.holds(posting) and kinds[posting.account] in earning
    }
    return sorted(ids, key=lambda id: (not id, int(id or 0)))


def _customer_column(id: str, name: str) -> Row:
    column = money_column(name, name)
    return column | {"MetaData": [*column["MetaData"], {"Name": "ID", "Value": id or "0"}]}


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
