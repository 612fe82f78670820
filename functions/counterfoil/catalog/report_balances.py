"""The reports of what is owed, to us and by us. Pure data."""

from __future__ import annotations

from counterfoil.catalog import report_parameters as p
from counterfoil.catalog import report_shown as shown
from counterfoil.core.datasets import Report

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
    parameters=(*_AGED_DETAIL, p.CUSTOMER, p.SHIP_VIA, shown.RECEIVABLE_COLUMNS),
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
    parameters=(*_AGED_DETAIL, p.BASIS, p.VENDOR, shown.PAYABLE_COLUMNS),
    as_of="report_date",
)

CUSTOMER_BALANCE = Report(
    key="customer-balance",
    title="Customer Balance Summary",
    report="CustomerBalance",
    parameters=(
        p.REPORT_DATE,
        p.BASIS,
        p.COLUMNS_BY_PERIOD,
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
        shown.BALANCE_COLUMNS,
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
        p.COLUMNS_BY_PERIOD,
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
        p.COLUMNS_BY_PERIOD,
        p.ORDER,
        p.AP_PAID,
        p.VENDOR,
        p.DEPARTMENT,
        p.TERM,
        *p.DUE,
        shown.BALANCE_COLUMNS,
    ),
    as_of="report_date",
)
