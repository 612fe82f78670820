"""Forms for a customer besides the invoice: estimates, receipts, credits and refunds.

Fields as in Intuit's reference of each entity.
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/estimate
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/salesreceipt
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/creditmemo
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/refundreceipt
"""

from __future__ import annotations

from counterfoil.catalog.columns import (
    CARD,
    CHECK,
    CURRENCY,
    CUSTOM_PAIRS,
    HISTORY,
    ID,
    LINKED,
    MOST_CUSTOM,
    RATE,
    RECURRING,
    TAX_LINES,
    address,
    custom_fields,
    day,
    flag,
    home,
    home_balance,
    joined,
    moment,
    money,
    ref,
    signed,
    text,
)
from counterfoil.catalog.lines import sales_lines
from counterfoil.core.datasets import Column, Entity

_WHO = (
    *ref("customer", "Customer", "CustomerRef", default=True),
    *ref("project", "Project", "ProjectRef", of="Customer"),
    *ref("class", "Class", "ClassRef"),
    *ref("location", "Location", "DepartmentRef", default=True),
)
_TAX = (
    money("tax", "Tax", "TxnTaxDetail.TotalTax", default=True),
    *ref("tax_code", "Tax code", "TxnTaxDetail.TxnTaxCodeRef"),
)
_PAID = (
    *ref("payment_method", "Payment method", "PaymentMethodRef"),
    text("payment_number", "Payment reference", "PaymentRefNum"),
    *ref("deposit_account", "Deposit to", "DepositToAccountRef"),
)
_MAIL = (
    text("email", "Billing email", "BillEmail.Address", default=True),
    text("email_cc", "Billing email Cc", "BillEmailCc.Address"),
    text("email_bcc", "Billing email Bcc", "BillEmailBcc.Address"),
    text("email_status", "Email status", "EmailStatus"),
    text("print_status", "Print status", "PrintStatus"),
    text("delivery_type", "Delivery type", "DeliveryInfo.DeliveryType"),
    moment("delivery_time", "Delivered", "DeliveryInfo.DeliveryTime"),
    text("delivery_error", "Delivery error", "DeliveryInfo.DeliveryErrorType"),
)
_WHERE = (
    *address("billing", "Billing", "BillAddr"),
    *address("shipping", "Shipping", "ShipAddr"),
    *address("ship_from", "Ship from", "ShipFromAddr"),
    flag("free_form_address", "Free-form address", "FreeFormAddress"),
)
_SHIPPED = (
    *ref("ship_method", "Ship via", "ShipMethodRef"),
    day("ship_date", "Ship date", "ShipDate"),
)
_REST = (
    text("tax_calculation", "Amounts are", "GlobalTaxCalculation"),
    flag("tax_after_discount", "Tax after discount", "ApplyTaxAfterDiscount"),
    *ref("tax_exemption", "Tax exemption", "TaxExemptionRef"),
    *TAX_LINES,
    text("sale_location", "Place of sale", "TransactionLocationType"),
    text("source", "Source", "TxnSource"),
    *RECURRING,
    *LINKED,
    *custom_fields(MOST_CUSTOM),
    joined("custom_names", "Custom field names", "CustomField[].Name"),
    CUSTOM_PAIRS,
)


def _start(number: str) -> tuple[Column, ...]:
    return (
        ID,
        text("number", number, "DocNumber", default=True),
        day("date", "Date", "TxnDate", default=True),
    )


def _words(message: str) -> tuple[Column, ...]:
    return (
        text("message", message, "CustomerMemo.value", default=True),
        text("memo", "Memo", "PrivateNote", default=True),
    )


ESTIMATES = Entity(
    key="estimates",
    title="Estimates",
    entity="Estimate",
    date_path="TxnDate",
    total_keys=("total",),
    lines=sales_lines(),
    columns=(
        *_start("Estimate number"),
        day("expires", "Expires", "ExpirationDate", default=True),
        text("status", "Estimate status", "TxnStatus", default=True),
        text("accepted_by", "Accepted by", "AcceptedBy"),
        day("accepted_on", "Accepted on", "AcceptedDate"),
        day("due_date", "Due date", "DueDate"),
        *_WHO,
        *ref("terms", "Terms", "SalesTermRef"),
        *CURRENCY,
        RATE,
        *_TAX,
        money("total", "Total", "TotalAmt", default=True),
        home(),
        *_words("Message on estimate"),
        *_MAIL,
        *_WHERE,
        *_SHIPPED,
        *_REST,
        *HISTORY,
    ),
)

SALES_RECEIPTS = Entity(
    key="sales-receipts",
    title="Sales receipts",
    entity="SalesReceipt",
    date_path="TxnDate",
    total_keys=("total",),
    lines=sales_lines(),
    columns=(
        *_start("Receipt number"),
        *_WHO,
        *_PAID,
        *CURRENCY,
        RATE,
        *_TAX,
        money("total", "Total", "TotalAmt", default=True),
        money("balance", "Open balance", "Balance"),
        home(),
        home_balance(),
        signed("signed_total", "Signed amount", "TotalAmt"),
        *_words("Message on receipt"),
        *_MAIL,
        *_WHERE,
        *_SHIPPED,
        text("tracking_number", "Tracking number", "TrackingNum"),
        *_REST,
        *CARD,
        *HISTORY,
    ),
)

CREDIT_MEMOS = Entity(
    key="credit-memos",
    title="Credit memos",
    entity="CreditMemo",
    date_path="TxnDate",
    total_keys=("total", "signed_total"),
    lines=sales_lines(sign=-1),
    columns=(
        *_start("Credit memo number"),
        *_WHO,
        *ref("terms", "Terms", "SalesTermRef"),
        *ref("payment_method", "Payment method", "PaymentMethodRef"),
        *ref("invoice", "For invoice", "InvoiceRef", of="Invoice"),
        *CURRENCY,
        RATE,
        *_TAX,
        money("total", "Total", "TotalAmt", default=True),
        # Money that goes back to the customer.
        signed("signed_total", "Signed amount", "TotalAmt", sign=-1, default=True),
        money("remaining", "Remaining credit", "RemainingCredit", default=True),
        money("balance", "Open balance", "Balance"),
        home(),
        home_balance(),
        *_words("Message on credit memo"),
        *_MAIL,
        *_WHERE,
        *_REST,
        *HISTORY,
    ),
)

REFUND_RECEIPTS = Entity(
    key="refund-receipts",
    title="Refund receipts",
    entity="RefundReceipt",
    date_path="TxnDate",
    total_keys=("total", "signed_total"),
    lines=sales_lines(sign=-1),
    columns=(
        *_start("Refund number"),
        *_WHO,
        *_PAID,
        text("payment_type", "Payment type", "PaymentType"),
        *CURRENCY,
        RATE,
        *_TAX,
        money("total", "Total", "TotalAmt", default=True),
        # Money that goes back to the customer.
        signed("signed_total", "Signed amount", "TotalAmt", sign=-1, default=True),
        money("balance", "Open balance", "Balance"),
        home(),
        home_balance(),
        *_words("Message on refund"),
        *_MAIL,
        *_WHERE,
        *_REST,
        *CARD,
        *CHECK,
        *HISTORY,
    ),
)
