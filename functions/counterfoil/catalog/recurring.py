"""Templates of transactions that recur: each wraps a whole transaction, of any of twelve kinds.

https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/recurringtransaction
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
    TAX,
    TAX_LINES,
    address,
    custom_fields,
    day,
    debited,
    first_ref,
    flag,
    home,
    home_balance,
    joined,
    moment,
    money,
    ref,
    secret,
    signed,
    text,
    whole,
)
from counterfoil.catalog.recurring_lines import recurring_lines
from counterfoil.core.datasets import Column, ColumnType, Entity, Source
from counterfoil.core.records import CREDIT, KIND

_PLAN = "RecurringInfo.ScheduleInfo"
_TEMPLATE = (
    text("template", "Template", "RecurringInfo.Name", default=True),
    # What the row was wrapped in.
    Column("kind", "Transaction type", ColumnType.TEXT, KIND, Source.VALUE, default=True),
    text("mode", "Recurring type", "RecurringInfo.RecurType", default=True),
    flag("active", "Active", "RecurringInfo.Active", default=True),
)
_SCHEDULE = (
    text("interval", "Interval", f"{_PLAN}.IntervalType", default=True),
    whole("every", "Every", f"{_PLAN}.NumInterval", default=True),
    whole("day_of_month", "Day of month", f"{_PLAN}.DayOfMonth"),
    text("day_of_week", "Day of week", f"{_PLAN}.DayOfWeek"),
    whole("week_of_month", "Week of month", f"{_PLAN}.WeekOfMonth"),
    text("month", "Month", f"{_PLAN}.MonthOfYear"),
    whole("days_before", "Days before", f"{_PLAN}.DaysBefore"),
    whole("remind_days", "Remind days before", f"{_PLAN}.RemindDays"),
    whole("most", "Ends after", f"{_PLAN}.MaxOccurrences"),
    day("start", "Start", f"{_PLAN}.StartDate"),
    day("end", "End", f"{_PLAN}.EndDate"),
    day("next", "Next", f"{_PLAN}.NextDate", default=True),
    day("previous", "Previous", f"{_PLAN}.PreviousDate"),
)
# What the transactions have that come of it, whatever their kind.
_WHOM = (
    *ref("customer", "Customer", "CustomerRef"),
    *ref("project", "Project", "ProjectRef", of="Customer"),
    *ref("vendor", "Vendor", "VendorRef"),
    *ref("payee", "Payee", "EntityRef"),
    text("payee_type", "Payee type", "EntityRef.type"),
    *ref("terms", "Terms", "SalesTermRef"),
    *ref("class", "Class", "ClassRef"),
    *ref("location", "Location", "DepartmentRef"),
)
_WHEN = (
    day("date", "Date", "TxnDate"),
    day("due_date", "Due date", "DueDate"),
    day("expires", "Expires", "ExpirationDate"),
    day("expected_date", "Expected", "ExpectedDate"),
    day("ship_date", "Ship date", "ShipDate"),
)
_MONEY = (
    # As it counts in a sum: a credit memo, a refund or a vendor's credit against the others.
    signed("signed_total", "Signed amount", "TotalAmt", negative_if=CREDIT),
    home(debits="Line[]"),
    home("home_amount", "Transfer amount in home currency", "Amount"),
    money("balance", "Open balance", "Balance"),
    home_balance(),
    money("remaining", "Remaining credit", "RemainingCredit"),
    money("deposit", "Deposit", "Deposit"),
    flag("credit", "Is credit", "Credit"),
    *TAX,
    *ref("tax_rate", "Tax rate", "TaxRateRef", of="TaxRate"),
    *TAX_LINES,
    text("tax_calculation", "Amounts are", "GlobalTaxCalculation"),
    flag("tax_after_discount", "Tax after discount", "ApplyTaxAfterDiscount"),
    *ref("tax_exemption", "Tax exemption", "TaxExemptionRef"),
    flag("tpar", "In annual TPAR", "IncludeInAnnualTPAR"),
    flag("adjustment", "Is adjustment", "Adjustment"),
)
_ACCOUNTS = (
    *ref("account", "Account", "AccountRef"),
    *ref("deposit_account", "Deposit to", "DepositToAccountRef"),
    *ref("payables", "A/P account", "APAccountRef"),
    *ref("from_account", "From account", "FromAccountRef"),
    *ref("to_account", "To account", "ToAccountRef"),
    money("cash_back", "Cash back", "CashBack.Amount"),
    *ref("cash_back_account", "Cash back to", "CashBack.AccountRef"),
    text("cash_back_memo", "Cash back memo", "CashBack.Memo"),
    *ref("payment_method", "Payment method", "PaymentMethodRef"),
    text("payment_number", "Payment reference", "PaymentRefNum"),
    text("payment_type", "Payment type", "PaymentType"),
)
_STATES = (
    text("status", "Estimate status", "TxnStatus"),
    text("order_status", "Order status", "POStatus"),
    text("accepted_by", "Accepted by", "AcceptedBy"),
    day("accepted_on", "Accepted on", "AcceptedDate"),
)
_WORDS = (
    text("message", "Message to customer", "CustomerMemo.value"),
    text("order_message", "Message to vendor", "Memo"),
    text("email", "Billing email", "BillEmail.Address"),
    text("email_cc", "Billing email Cc", "BillEmailCc.Address"),
    text("email_bcc", "Billing email Bcc", "BillEmailBcc.Address"),
    text("order_email", "Email to vendor", "POEmail.Address"),
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
    *address("vendor", "Vendor", "VendorAddr"),
    *address("remit", "Remit to", "RemitToAddr"),
    flag("free_form_address", "Free-form address", "FreeFormAddress"),
    *ref("ship_method", "Ship via", "ShipMethodRef"),
    *ref("ship_to", "Ship to", "ShipTo", of="Customer"),
    text("tracking_number", "Tracking number", "TrackingNum"),
    text("place", "Place of transaction", "TransactionLocationType"),
)
_REST = (
    text("source", "Source", "TxnSource"),
    *RECURRING,
    *LINKED,
    *ref("invoice", "For invoice", "InvoiceRef", of="Invoice"),
    flag("card_payment", "Pay by card", "AllowOnlineCreditCardPayment"),
    flag("bank_payment", "Pay by bank transfer", "AllowOnlineACHPayment"),
    flag("online_payment", "Pay online (old setting)", "AllowOnlinePayment"),
    flag("ipn_payment", "Pay by Intuit network (old setting)", "AllowIPNPayment"),
    *secret(text("link", "Payment link", "InvoiceLink")),
    *CARD,
    *CHECK,
    *custom_fields(MOST_CUSTOM),
    joined("custom_names", "Custom field names", "CustomField[].Name"),
    CUSTOM_PAIRS,
)

RECURRING_TRANSACTIONS = Entity(
    key="recurring-transactions",
    title="Recurring transactions",
    entity="RecurringTransaction",
    wrapped=True,
    # No sum: what is owed and what is due in one would mean nothing.
    lines=recurring_lines(),
    columns=(
        ID,
        *_TEMPLATE,
        *first_ref("name", "Name", "CustomerRef", "VendorRef", "EntityRef", default=True),
        *CURRENCY,
        RATE,
        debited("total", "Total", "TotalAmt|Line[]", default=True),
        money("transfer_amount", "Transfer amount", "Amount"),
        *_SCHEDULE,
        text("number", "Number", "DocNumber"),
        text("memo", "Memo", "PrivateNote"),
        *HISTORY,
        # Columns never move: what came later stands here.
        *_WHEN,
        *_WHOM,
        *_MONEY,
        *_ACCOUNTS,
        *_STATES,
        *_WORDS,
        *_WHERE,
        *_REST,
    ),
)
