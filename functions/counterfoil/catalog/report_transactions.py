"""The lists of transactions. Pure data."""

from __future__ import annotations

from counterfoil.catalog import report_parameters as p
from counterfoil.catalog import report_shown as shown
from counterfoil.core.datasets import Report

_LISTED = (
    *p.DATED,
    p.GROUP_BY,
    p.ORDER,
    shown.sorted_by(shown.TRANSACTION_COLUMNS),
    shown.TRANSACTION_COLUMNS,
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
        shown.sorted_by(shown.TRANSACTION_COLUMNS),
        shown.TRANSACTION_COLUMNS,
        p.TRANSACTION_TYPE,
        p.SOURCE_ACCOUNT_TYPE,
        p.PAYMENT_METHOD,
        p.NUMBER,
        p.NAMES,
    ),
)
