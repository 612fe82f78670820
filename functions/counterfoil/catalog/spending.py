"""What is bought and what is paid.

Fields as in Intuit's reference of each entity.
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/bill
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/purchase
"""

from __future__ import annotations

from counterfoil.catalog.columns import (
    CARD,
    CHECK,
    CUSTOM_PAIRS,
    HISTORY,
    ID,
    MOST_CUSTOM,
    TAX_LINES,
    address,
    custom_fields,
    day,
    flag,
    home,
    home_balance,
    joined,
    money,
    number,
    ref,
    signed,
    text,
)
from counterfoil.catalog.lines import expense_lines
from counterfoil.core.datasets import Entity

BILLS = Entity(
    key="bills",
    title="Bills",
    entity="Bill",
    date_path="TxnDate",
    total_keys=("total", "balance"),
    lines=expense_lines(),
    columns=(
        ID,
        text("number", "Bill number", "DocNumber", default=True),
        day("date", "Date", "TxnDate", default=True),
        day("due_date", "Due date", "DueDate", default=True),
        *ref("vendor", "Vendor", "VendorRef", default=True),
        # QuickBooks sends only the id of the terms: to name them is a call, and no default.
        *ref("terms", "Terms", "SalesTermRef"),
        *ref("location", "Location", "DepartmentRef", default=True),
        text("currency", "Currency", "CurrencyRef.value", default=True),
        text("currency_name", "Currency name", "CurrencyRef.name"),
        number("exchange_rate", "Exchange rate", "ExchangeRate"),
        # Blank in the United States, where bills have no tax of their own.
        money("tax", "Tax", "TxnTaxDetail.TotalTax"),
        *ref("tax_code", "Tax code", "TxnTaxDetail.TxnTaxCodeRef"),
        money("total", "Total", "TotalAmt", default=True),
        money("balance", "Open balance", "Balance", default=True),
        home_balance(),
        signed("signed_total", "Signed amount", "TotalAmt"),
        *ref("payables", "A/P account", "APAccountRef", default=True),
        text("memo", "Memo", "PrivateNote", default=True),
        *address("vendor", "Vendor", "VendorAddr"),
        # The checks and card payments that paid it.
        joined("linked_types", "Linked transaction types", "LinkedTxn[].TxnType"),
        joined("linked_ids", "Linked transaction Ids", "LinkedTxn[].TxnId"),
        text("tax_calculation", "Amounts are", "GlobalTaxCalculation"),
        text("purchase_location", "Place of purchase", "TransactionLocationType"),
        flag("tpar", "In annual TPAR", "IncludeInAnnualTPAR"),
        *ref("recurring", "Recurring template", "RecurDataRef"),
        *HISTORY,
        # Columns never move: what came later stands here.
        home(),
        *TAX_LINES,
        *custom_fields(MOST_CUSTOM),
        CUSTOM_PAIRS,
    ),
)

PURCHASES = Entity(
    key="purchases",
    title="Purchases",
    entity="Purchase",
    date_path="TxnDate",
    total_keys=("total", "signed_total"),
    lines=expense_lines(negative_if="Credit"),
    columns=(
        ID,
        text("payment_type", "Payment type", "PaymentType", default=True),
        text("number", "Reference number", "DocNumber", default=True),
        day("date", "Date", "TxnDate", default=True),
        *ref("payee", "Payee", "EntityRef", default=True),
        text("payee_type", "Payee type", "EntityRef.type"),
        *ref("account", "Account", "AccountRef", default=True),
        # QuickBooks sends only the id of the method: to name it is a call, and no default.
        *ref("payment_method", "Payment method", "PaymentMethodRef"),
        *ref("location", "Location", "DepartmentRef", default=True),
        text("currency", "Currency", "CurrencyRef.value", default=True),
        text("currency_name", "Currency name", "CurrencyRef.name"),
        number("exchange_rate", "Exchange rate", "ExchangeRate"),
        # Blank in the United States, where purchases have no tax of their own.
        money("tax", "Tax", "TxnTaxDetail.TotalTax"),
        *ref("tax_code", "Tax code", "TxnTaxDetail.TxnTaxCodeRef"),
        money("total", "Total", "TotalAmt", default=True),
        # Money that came back to a credit card; its total is positive all the same.
        flag("credit", "Credit", "Credit", default=True),
        signed("signed_total", "Signed amount", "TotalAmt", negative_if="Credit", default=True),
        text("memo", "Memo", "PrivateNote", default=True),
        text("print_status", "Print status", "PrintStatus"),
        *address("remit", "Remit to", "RemitToAddr"),
        joined("linked_types", "Linked transaction types", "LinkedTxn[].TxnType"),
        joined("linked_ids", "Linked transaction Ids", "LinkedTxn[].TxnId"),
        text("tax_calculation", "Amounts are", "GlobalTaxCalculation"),
        text("purchase_location", "Place of purchase", "TransactionLocationType"),
        text("source", "Source", "TxnSource"),
        flag("tpar", "In annual TPAR", "IncludeInAnnualTPAR"),
        *ref("recurring", "Recurring template", "RecurDataRef"),
        *HISTORY,
        # Columns never move: what came later stands here.
        home(),
        *TAX_LINES,
        *custom_fields(MOST_CUSTOM),
        CUSTOM_PAIRS,
        *CHECK,
        *CARD,
    ),
)
