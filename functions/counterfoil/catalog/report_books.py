"""The reports of the whole books: statements, trial balance and ledgers. Pure data."""

from __future__ import annotations

from counterfoil.catalog import report_parameters as p
from counterfoil.catalog import report_shown as shown
from counterfoil.core.datasets import Report

_NARROWED = (p.CUSTOMER, p.VENDOR, p.CLASS, p.ITEM, p.DEPARTMENT)

_LEDGER = (
    *p.DATED,
    p.BASIS,
    p.COLUMNS_BY,
    p.ORDER,
    shown.sorted_by(shown.LEDGER_COLUMNS),
    shown.LEDGER_COLUMNS,
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
    parameters=(*p.STATE, p.BASIS, p.COLUMNS_BY_PERIOD, p.ORDER),
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
    parameters=(*p.DATED, p.ORDER, shown.sorted_by(shown.JOURNAL_COLUMNS), shown.JOURNAL_COLUMNS),
)

PROFIT_AND_LOSS_DETAIL = Report(
    key="profit-and-loss-detail",
    title="Profit and Loss Detail",
    report="ProfitAndLossDetail",
    parameters=(
        *p.DATED,
        p.BASIS,
        p.ORDER,
        shown.sorted_by(shown.PROFIT_AND_LOSS_DETAIL_COLUMNS),
        shown.PROFIT_AND_LOSS_DETAIL_COLUMNS,
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

ACCOUNTS = Report(
    key="account-list",
    title="Account List",
    report="AccountList",
    parameters=(
        *p.DATED,
        p.BASIS,
        p.COLUMNS_BY_PERIOD,
        p.ACCOUNT_TYPE,
        shown.ACCOUNT_COLUMNS,
        shown.sorted_by(shown.ACCOUNT_COLUMNS),
        p.ORDER,
    ),
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
