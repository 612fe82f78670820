"""The QuickBooks reports that can be exported. To offer another, add an entry.

Which report takes which parameter: Intuit's reference, and the names of its endpoints, which are
not always those of its pages ("SalesByProduct" is `ItemSales`).
https://developer.intuit.com/app/developer/qbo/docs/develop/explore-the-quickbooks-online-api/reports
"""

from __future__ import annotations

from counterfoil.catalog import report_parameters as p
from counterfoil.catalog.budgets import BUDGET_AGAINST_ACTUAL as BUDGET_AGAINST_ACTUAL
from counterfoil.core.datasets import Report

_NARROWED = (p.CUSTOMER, p.VENDOR, p.CLASS, p.ITEM, p.DEPARTMENT)
_LISTED = (
    *p.DATED,
    p.GROUP_BY,
    p.ORDER,
    p.SORT_BY,
    p.TRANSACTION_COLUMNS,
    p.LINKS,
    p.TRANSACTION_TYPE,
    p.SOURCE_ACCOUNT_TYPE,
    p.PAYMENT_METHOD,
    p.TERM,
    p.CUSTOMER,
    p.VENDOR,
    p.DEPARTMENT,
    p.NAMES,
    p.NUMBER,
    p.MEMO,
    p.BOTH_AMOUNT,
    p.AR_PAID,
    p.AP_PAID,
    p.CLEARED,
    p.PRINTED,
    *p.DUE,
    *p.CREATED,
    *p.CHANGED,
)
_AGED_DETAIL = (
    p.REPORT_DATE,
    p.AGING_METHOD,
    p.AGING_PERIOD,
    p.AGING_PERIODS,
    p.PAST_DUE,
    p.TERM,
    *p.DUE,
    *p.CUSTOM_FIELDS,
)
_LEDGER = (
    *p.DATED,
    p.BASIS,
    p.COLUMNS_BY,
    p.ORDER,
    p.SORT_BY,
    p.LEDGER_COLUMNS,
    p.ACCOUNT,
    p.SOURCE_ACCOUNT,
    p.ACCOUNT_TYPE,
    *_NARROWED,
)

PROFIT_AND_LOSS = Report(
    key="profit-and-loss",
    title="Profit and Loss",
    report="ProfitAndLoss",
    parameters=(*p.DATED, p.BASIS, p.COLUMNS_BY, p.ORDER, p.LINKS, p.GAINS, *_NARROWED),
    accounts=True,
    comparable=True,
    consolidates=True,
)

BALANCE_SHEET = Report(
    key="balance-sheet",
    title="Balance Sheet",
    report="BalanceSheet",
    parameters=(*p.STATE, p.BASIS, p.COLUMNS_BY, p.ORDER, p.LINKS, p.GAINS, *_NARROWED),
    as_of="end_date",
    accounts=True,
    comparable=True,
    consolidates=True,
)

CASH_FLOW = Report(
    key="cash-flow",
    title="Statement of Cash Flows",
    report="CashFlow",
    parameters=(*p.DATED, p.COLUMNS_BY, p.ORDER, *_NARROWED),
    accounts=True,
    comparable=True,
    consolidates=True,
)

TRIAL_BALANCE = Report(
    key="trial-balance",
    title="Trial Balance",
    report="TrialBalance",
    parameters=(*p.STATE, p.BASIS, p.COLUMNS_BY, p.ORDER),
    as_of="end_date",
    accounts=True,
    consolidates=True,
    comparable=True,
)

GENERAL_LEDGER = Report(
    key="general-ledger",
    title="General Ledger",
    report="GeneralLedger",
    parameters=_LEDGER,
    accounts=True,
)

JOURNAL = Report(
    key="journal",
    title="Journal",
    report="JournalReport",
    parameters=(*p.DATED, p.ORDER, p.SORT_BY, p.JOURNAL_COLUMNS),
)

PROFIT_AND_LOSS_DETAIL = Report(
    key="profit-and-loss-detail",
    title="Profit and Loss Detail",
    report="ProfitAndLossDetail",
    parameters=(
        *p.DATED,
        p.BASIS,
        p.ORDER,
        p.SORT_BY,
        p.PROFIT_AND_LOSS_DETAIL_COLUMNS,
        p.ACCOUNT,
        p.ACCOUNT_TYPE,
        p.GAINS,
        p.PAYMENT_METHOD,
        p.EMPLOYEE,
        p.CUSTOMER,
        p.VENDOR,
        p.CLASS,
        p.DEPARTMENT,
    ),
    accounts=True,
)

RECEIVABLES = Report(
    key="ar-aging-summary",
    title="Accounts Receivable Aging",
    report="AgedReceivables",
    parameters=(
        p.REPORT_DATE,
        p.AGING_METHOD,
        p.ORDER,
        p.LINKS,
        p.CUSTOMER,
        p.DEPARTMENT,
    ),
    as_of="report_date",
    comparable=True,
)

RECEIVABLES_DETAIL = Report(
    key="ar-aging-detail",
    title="Accounts Receivable Aging Detail",
    report="AgedReceivableDetail",
    parameters=(*_AGED_DETAIL, p.CUSTOMER, p.SHIP_VIA, p.RECEIVABLE_COLUMNS),
    as_of="report_date",
)

PAYABLES = Report(
    key="ap-aging-summary",
    title="Accounts Payable Aging",
    report="AgedPayables",
    parameters=(
        p.REPORT_DATE,
        p.AGING_METHOD,
        p.ORDER,
        p.LINKS,
        p.CUSTOMER,
        p.VENDOR,
        p.DEPARTMENT,
    ),
    as_of="report_date",
    comparable=True,
)

PAYABLES_DETAIL = Report(
    key="ap-aging-detail",
    title="Accounts Payable Aging Detail",
    report="AgedPayableDetail",
    parameters=(*_AGED_DETAIL, p.BASIS, p.VENDOR, p.PAYABLE_COLUMNS),
    as_of="report_date",
)

CUSTOMER_BALANCE = Report(
    key="customer-balance",
    title="Customer Balance Summary",
    report="CustomerBalance",
    parameters=(
        p.REPORT_DATE,
        p.BASIS,
        p.COLUMNS_BY,
        p.ORDER,
        p.AR_PAID,
        p.CUSTOMER,
        p.DEPARTMENT,
    ),
    as_of="report_date",
    comparable=True,
)

CUSTOMER_BALANCE_DETAIL = Report(
    key="customer-balance-detail",
    title="Customer Balance Detail",
    report="CustomerBalanceDetail",
    parameters=(
        p.REPORT_DATE,
        p.ORDER,
        p.AGING_METHOD,
        p.AR_PAID,
        p.CUSTOMER,
        p.SHIP_VIA,
        p.TERM,
        *p.DUE,
        *p.CUSTOM_FIELDS,
        p.DEPARTMENT,
        p.BALANCE_COLUMNS,
    ),
    as_of="report_date",
)

VENDOR_BALANCE = Report(
    key="vendor-balance",
    title="Vendor Balance Summary",
    report="VendorBalance",
    parameters=(
        p.REPORT_DATE,
        p.BASIS,
        p.COLUMNS_BY,
        p.ORDER,
        p.AP_PAID,
        p.VENDOR,
        p.DEPARTMENT,
        p.LINKS,
    ),
    as_of="report_date",
    comparable=True,
)

VENDOR_BALANCE_DETAIL = Report(
    key="vendor-balance-detail",
    title="Vendor Balance Detail",
    report="VendorBalanceDetail",
    parameters=(
        p.REPORT_DATE,
        p.BASIS,
        p.COLUMNS_BY,
        p.ORDER,
        p.AP_PAID,
        p.VENDOR,
        p.DEPARTMENT,
        p.TERM,
        *p.DUE,
        p.BALANCE_COLUMNS,
    ),
    as_of="report_date",
)

CUSTOMER_SALES = Report(
    key="sales-by-customer",
    title="Sales by Customer Summary",
    report="CustomerSales",
    parameters=(
        *p.DATED,
        p.BASIS,
        p.COLUMNS_BY,
        p.ORDER,
        p.LINKS,
        p.CUSTOMER,
        p.CLASS,
        p.ITEM,
        p.DEPARTMENT,
    ),
    comparable=True,
)

ITEM_SALES = Report(
    key="sales-by-product",
    title="Sales by Product or Service Summary",
    report="ItemSales",
    parameters=(
        *p.DATED,
        p.BASIS,
        p.COLUMNS_BY,
        p.ORDER,
        *p.DUE,
        p.CUSTOMER,
        p.CLASS,
        p.ITEM,
        p.DEPARTMENT,
    ),
    comparable=True,
)

CLASS_SALES = Report(
    key="sales-by-class",
    title="Sales by Class Summary",
    report="ClassSales",
    parameters=(
        *p.DATED,
        p.BASIS,
        p.COLUMNS_BY,
        p.CUSTOMER,
        p.CLASS,
        p.ITEM,
        p.DEPARTMENT,
    ),
    comparable=True,
)

DEPARTMENT_SALES = Report(
    key="sales-by-location",
    title="Sales by Location Summary",
    report="DepartmentSales",
    parameters=(
        *p.DATED,
        p.BASIS,
        p.COLUMNS_BY,
        p.ORDER,
        p.CUSTOMER,
        p.CLASS,
        p.ITEM,
        p.DEPARTMENT,
    ),
    comparable=True,
)

CUSTOMER_INCOME = Report(
    key="income-by-customer",
    title="Income by Customer Summary",
    report="CustomerIncome",
    parameters=(
        *p.DATED,
        p.BASIS,
        p.COLUMNS_BY,
        p.ORDER,
        p.CUSTOMER,
        p.TERM,
        p.CLASS,
        p.DEPARTMENT,
        p.VENDOR,
    ),
    comparable=True,
)

VENDOR_EXPENSES = Report(
    key="expenses-by-vendor",
    title="Expenses by Vendor Summary",
    report="VendorExpenses",
    parameters=(
        *p.DATED,
        p.BASIS,
        p.COLUMNS_BY,
        p.ORDER,
        p.CUSTOMER,
        p.VENDOR,
        p.CLASS,
        p.DEPARTMENT,
    ),
    comparable=True,
)

TRANSACTIONS = Report(
    key="transactions",
    title="Transaction List by Date",
    report="TransactionList",
    parameters=_LISTED,
)

TRANSACTIONS_BY_CUSTOMER = Report(
    key="transactions-by-customer",
    title="Transaction List by Customer",
    report="TransactionListByCustomer",
    parameters=_LISTED,
)

TRANSACTIONS_BY_VENDOR = Report(
    key="transactions-by-vendor",
    title="Transaction List by Vendor",
    report="TransactionListByVendor",
    parameters=_LISTED,
)

TRANSACTIONS_WITH_SPLITS = Report(
    key="transactions-with-splits",
    title="Transaction List with Splits",
    report="TransactionListWithSplits",
    parameters=(
        *p.DATED,
        p.GROUP_BY,
        p.ORDER,
        p.SORT_BY,
        p.TRANSACTION_COLUMNS,
        p.TRANSACTION_TYPE,
        p.SOURCE_ACCOUNT_TYPE,
        p.PAYMENT_METHOD,
        p.NUMBER,
        p.NAMES,
    ),
)

ACCOUNTS = Report(
    key="account-list",
    title="Account List",
    report="AccountList",
    parameters=(
        *p.DATED,
        p.BASIS,
        p.COLUMNS_BY,
        p.ACCOUNT_TYPE,
        p.ACCOUNT_COLUMNS,
        p.SORT_BY,
        p.ORDER,
    ),
)

STOCK = Report(
    key="inventory-valuation",
    title="Inventory Valuation Summary",
    report="InventoryValuationSummary",
    parameters=(
        p.REPORT_DATE,
        p.ITEM,
        p.COLUMNS_BY,
        p.ORDER,
        p.LINKS,
    ),
    as_of="report_date",
    comparable=True,
)

STOCK_DETAIL = Report(
    key="inventory-valuation-detail",
    title="Inventory Valuation Detail",
    report="InventoryValuationDetail",
    parameters=(
        *p.DATED,
        *p.SERVICE,
        p.GROUP_BY,
        p.STOCK_COLUMNS,
    ),
)

TAX_SUMMARY = Report(
    key="tax-summary",
    title="Tax Summary",
    report="TaxSummary",
    parameters=(
        p.AGENCY,
        *p.DATED,
        p.BASIS,
        p.ORDER,
    ),
    not_in=("US",),
)

FEC = Report(
    key="fec",
    title="Fichier des écritures comptables",
    report="FECReport",
    parameters=(
        *p.DATED,
        p.ATTACHMENT,
        p.WITH_IDENTIFIER,
        p.ADD_DUE_DATE,
    ),
    only_in=("FR",),
)

GENERAL_LEDGER_FR = Report(
    key="general-ledger-fr",
    title="General Ledger (France)",
    report="GeneralLedgerFR",
    parameters=_LEDGER,
    only_in=("FR",),
    accounts=True,
)

JOURNAL_FR = Report(
    key="journal-fr",
    title="Journal (France)",
    report="JournalReportFR",
    parameters=JOURNAL.parameters,
    only_in=("FR",),
)

TRIAL_BALANCE_FR = Report(
    key="trial-balance-fr",
    title="Trial Balance (France)",
    report="TrialBalanceFR",
    parameters=TRIAL_BALANCE.parameters,
    as_of="end_date",
    only_in=("FR",),
    accounts=True,
    comparable=True,
)

BAS = Report(
    key="business-activity-statement",
    title="Business Activity Statement",
    report="BAS",
    parameters=(*p.DATED, p.BASIS),
    only_in=("AU",),
)

REPORTS: tuple[Report, ...] = (
    PROFIT_AND_LOSS,
    BALANCE_SHEET,
    CASH_FLOW,
    TRIAL_BALANCE,
    GENERAL_LEDGER,
    JOURNAL,
    PROFIT_AND_LOSS_DETAIL,
    RECEIVABLES,
    RECEIVABLES_DETAIL,
    PAYABLES,
    PAYABLES_DETAIL,
    CUSTOMER_BALANCE,
    CUSTOMER_BALANCE_DETAIL,
    VENDOR_BALANCE,
    VENDOR_BALANCE_DETAIL,
    CUSTOMER_SALES,
    ITEM_SALES,
    CLASS_SALES,
    DEPARTMENT_SALES,
    CUSTOMER_INCOME,
    VENDOR_EXPENSES,
    TRANSACTIONS,
    TRANSACTIONS_BY_CUSTOMER,
    TRANSACTIONS_BY_VENDOR,
    TRANSACTIONS_WITH_SPLITS,
    ACCOUNTS,
    STOCK,
    STOCK_DETAIL,
    TAX_SUMMARY,
    FEC,
    GENERAL_LEDGER_FR,
    JOURNAL_FR,
    TRIAL_BALANCE_FR,
    BAS,
    BUDGET_AGAINST_ACTUAL,
)
