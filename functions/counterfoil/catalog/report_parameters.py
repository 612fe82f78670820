"""The parameters that QuickBooks' reports take, and the columns of reports of transactions.

Keys, values and defaults as in Intuit's reference of each report.
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/report-entities/profitandloss
"""

from __future__ import annotations

from counterfoil.core.datasets import Parameter, ParameterType

# Both ends always: QuickBooks sets a lone end date aside in favour of a period of its own.
START = Parameter("start_date", "From", ParameterType.DATE, required=True)
END = Parameter("end_date", "To", ParameterType.DATE, required=True)

# Of a state: one day, and for columns by period the day from which they begin. Left out, it is
# what `parameters.sent` says.
AS_OF = Parameter("end_date", "As of", ParameterType.DATE, required=True)
AS_OF_FROM = Parameter("start_date", "From", ParameterType.DATE)
REPORT_DATE = Parameter("report_date", "As of", ParameterType.DATE, required=True)

BASIS = Parameter("accounting_method", "Basis", ParameterType.CHOICE, ("Accrual", "Cash"))
_PERIODS = (
    *("Total", "Month", "Quarter", "Year", "Week", "Days"),
    *("FiscalQuarter", "FiscalYear"),
)
_BY = "summarize_column_by", "Columns by", ParameterType.CHOICE
COLUMNS_BY = Parameter(
    *_BY,
    (
        *_PERIODS,
        *("Customers", "Vendors", "Employees", "Classes", "Departments"),
        "ProductsAndServices",
    ),
)
# Of balances and lists, which nobody else has a part in.
COLUMNS_BY_PERIOD = Parameter(*_BY, _PERIODS)
ORDER = Parameter("sort_order", "Order", ParameterType.CHOICE, ("ascend", "descend"))
LINKS = Parameter("qzurl", "Links into QuickBooks", ParameterType.CHOICE, ("true", "false"))
GAINS = Parameter(
    "adjusted_gain_loss",
    "Adjusted for exchange gain or loss",
    ParameterType.CHOICE,
    ("true", "false"),
)
AGING_METHOD = Parameter(
    "aging_method", "Age until", ParameterType.CHOICE, ("Report_Date", "Current")
)
AGING_PERIOD = Parameter("aging_period", "Days per period", ParameterType.NUMBER, most=365)
AGING_PERIODS = Parameter("num_periods", "Periods", ParameterType.NUMBER, most=100)
PAST_DUE = Parameter("past_due", "At least days past due", ParameterType.NUMBER, most=10_000)
PAID = ("All", "Paid", "Unpaid")
AR_PAID = Parameter("arpaid", "Receivables", ParameterType.CHOICE, PAID)
AP_PAID = Parameter("appaid", "Payables", ParameterType.CHOICE, PAID)
CLEARED = Parameter(
    "cleared",
    "Cleared",
    ParameterType.CHOICE,
    ("Cleared", "Uncleared", "Reconciled", "Deposited"),
)
PRINTED = Parameter("printed", "Printed", ParameterType.CHOICE, ("Printed", "To_be_printed"))
GROUP_BY = Parameter(
    "group_by",
    "Group by",
    ParameterType.CHOICE,
    (
        "None",
        "Name",
        "Account",
        "Transaction Type",
        "Customer",
        "Vendor",
        "Employee",
        "Location",
        "Payment Method",
        "Day",
        "Week",
        "Month",
        "Quarter",
        "Year",
        "Fiscal Year",
        "Fiscal Quarter",
    ),
)
TRANSACTION_TYPE = Parameter(
    "transaction_type",
    "Transaction types",
    ParameterType.CHOICES,
    (
        "Bill",
        "BillableCharge",
        "BillPaymentCheck",
        "BillPaymentCreditCard",
        "CashPurchase",
        "Charge",
        "Check",
        "Credit",
        "CreditCardCharge",
        "CreditCardCredit",
        "CreditMemo",
        "CreditRefund",
        "Deposit",
        "Estimate",
        "GlobalTaxAdjustment",
        "GlobalTaxPayment",
        "InventoryQuantityAdjustment",
        "Invoice",
        "JournalEntry",
        "PurchaseOrder",
        "ReceivePayment",
        "SalesReceipt",
        "Statement",
        "TimeActivity",
        "Transfer",
        "VendorCredit",
    ),
)
CUSTOMER = Parameter("customer", "Customers", ParameterType.IDS)
VENDOR = Parameter("vendor", "Vendors", ParameterType.IDS)
EMPLOYEE = Parameter("employee", "Employees", ParameterType.IDS)
ITEM = Parameter("item", "Products and services", ParameterType.IDS)
CLASS = Parameter("class", "Classes", ParameterType.IDS)
DEPARTMENT = Parameter("department", "Locations", ParameterType.IDS)
ACCOUNT = Parameter("account", "Accounts", ParameterType.IDS)
SOURCE_ACCOUNT = Parameter("source_account", "Source accounts", ParameterType.IDS)
TERM = Parameter("term", "Terms", ParameterType.IDS)
AGENCY = Parameter("agency_id", "Tax agency", ParameterType.IDS, required=True)
NAMES = Parameter("name", "Names", ParameterType.IDS)
# Lists that a company names as it likes, or that Intuit does not close.
ACCOUNT_TYPE = Parameter("account_type", "Account types", ParameterType.TEXT)
SOURCE_ACCOUNT_TYPE = Parameter("source_account_type", "Source account types", ParameterType.TEXT)
PAYMENT_METHOD = Parameter("payment_method", "Payment method", ParameterType.TEXT)
SHIP_VIA = Parameter("shipvia", "Ship via", ParameterType.TEXT)
NUMBER = Parameter("docnum", "Number", ParameterType.TEXT)
MEMO = Parameter("memo", "Memo", ParameterType.TEXT)
BOTH_AMOUNT = Parameter("bothamount", "Amount", ParameterType.TEXT)
CUSTOM_FIELDS = tuple(
    Parameter(f"custom{at}", f"Custom field {at}", ParameterType.TEXT) for at in (1, 2, 3)
)
ATTACHMENT = Parameter("attachment_type", "Attachment", ParameterType.TEXT)
WITH_IDENTIFIER = Parameter(
    "with_qbo_identifier", "With QuickBooks' ids", ParameterType.CHOICE, ("true", "false")
)
ADD_DUE_DATE = Parameter("add_due_date", "With due dates", ParameterType.CHOICE, ("true", "false"))


def days(name: str, title: str) -> tuple[Parameter, Parameter]:
    """A filter by another date than the report's own: due, created, changed, of service."""
    return (
        Parameter(f"start_{name}", f"{title} from", ParameterType.DAY),
        Parameter(f"end_{name}", f"{title} to", ParameterType.DAY),
    )


DUE = days("duedate", "Due")
CREATED = days("createdate", "Created")
CHANGED = days("moddate", "Changed")
SERVICE = days("svcdate", "Service date")

DATED = (START, END)
STATE = (AS_OF, AS_OF_FROM)
