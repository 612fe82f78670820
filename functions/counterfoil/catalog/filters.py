"""What each list and transaction can be narrowed by. Pure.

`asked` marks what QuickBooks filters by itself; the rest is found in its answers.
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/invoice
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from counterfoil.core.datasets import Entity
from counterfoil.core.filters import Filter, Kind, Relative, State, Test
from counterfoil.core.query import Op


def days(key: str, title: str, path: str, *, asked: bool = False) -> Filter:
    return Filter(key, title, Kind.DAYS, (path,), asked)


def names(key: str, title: str, *refs: str, asked: bool = False) -> Filter:
    """By references; those of lines begin with "Line[]"."""
    return Filter(key, title, Kind.NAMES, refs, asked)


def amount(key: str, title: str, path: str, *, asked: bool = False) -> Filter:
    return Filter(key, title, Kind.AMOUNT, (path,), asked)


def text(key: str, title: str, *paths: str, asked: bool = False) -> Filter:
    return Filter(key, title, Kind.TEXT, paths, asked)


def _is(path: str, op: Op, value: Relative | int | bool | str, *, asked: bool = False) -> Test:
    return Test((path,), op, value, asked)


# A voided transaction stays, with nothing in it and a memo that begins so. One of 0 is as valid
# as any: a payment that only applies a credit is one.
_SAYS_VOIDED = replace(_is("PrivateNote", Op.LIKE, "Voided"), begins=True)
_VOIDED = State("voided", "Voided", (_SAYS_VOIDED, _is("TotalAmt", Op.EQ, 0)))


def _paying(*, asked: bool, due: bool = True) -> Filter:
    """Of what is paid: by its open balance."""
    open = _is("Balance", Op.GT, 0, asked=asked)
    late = _is("DueDate", Op.LT, Relative.TODAY, asked=asked)
    states = (
        State("open", "Open", (open,)),
        State(
            "paid",
            "Paid",
            (_is("Balance", Op.EQ, 0, asked=asked), _is("TotalAmt", Op.GT, 0, asked=asked)),
        ),
        *((State("overdue", "Overdue", (open, late)),) if due else ()),
        _VOIDED,
    )
    return Filter("status", "Status", Kind.STATE, states=states)


def _voiding(voided: State = _VOIDED) -> Filter:
    says, *empty = voided.tests
    valid = State("valid", "Not voided", (replace(says, also=tuple(empty), negated=True),))
    return Filter("status", "Status", Kind.STATE, states=(valid, voided))


def _all_zero(*paths: str) -> tuple[Test, ...]:
    """That no amount there is anything else, whether or not QuickBooks sends it."""
    return tuple(Test(paths, op, 0, negated=True) for op in (Op.GT, Op.LT))


def _stating(path: str, *states: tuple[str, str]) -> Filter:
    """By a field that names the state."""
    return Filter(
        "status",
        "Status",
        Kind.STATE,
        states=tuple(
            State(value.lower().replace(" ", "_"), title, (_is(path, Op.EQ, value),))
            for value, title in states
        ),
    )


ACTIVE = Filter(
    "active",
    "Active",
    Kind.STATE,
    states=(
        State("active", "Active", (_is("Active", Op.EQ, True, asked=True),)),
        State("inactive", "Inactive", (_is("Active", Op.EQ, False, asked=True),)),
    ),
)
CHANGED = Filter("changed", "Last changed", Kind.MOMENTS, ("MetaData.LastUpdatedTime",), asked=True)

_SALE, _GROUP = "Line[].SalesItemLineDetail", "Line[].GroupLineDetail"
_INNER = f"{_GROUP}.Line[].SalesItemLineDetail"
_BY_ACCOUNT, _BY_ITEM = (
    "Line[].AccountBasedExpenseLineDetail",
    "Line[].ItemBasedExpenseLineDetail",
)
_KIT_ACCOUNT, _KIT_ITEM = (
    f"{_GROUP}.Line[].AccountBasedExpenseLineDetail",
    f"{_GROUP}.Line[].ItemBasedExpenseLineDetail",
)
_COST_LINES = (_BY_ACCOUNT, _BY_ITEM, _KIT_ACCOUNT, _KIT_ITEM)
_JOURNAL, _DEPOSIT = "Line[].JournalEntryLineDetail", "Line[].DepositLineDetail"
_ADJUSTED = "Line[].ItemAdjustmentLineDetail"

_CLASS = names("class", "Class", "ClassRef", f"{_SALE}.ClassRef", f"{_INNER}.ClassRef")
_ITEM = names(
    "item",
    "Product/service",
    f"{_SALE}.ItemRef",
    f"{_GROUP}.GroupItemRef",
    f"{_INNER}.ItemRef",
)
_LOCATION = names("location", "Location", "DepartmentRef")
_MEMO = text("memo", "Memo", "PrivateNote")
_NUMBER = text("number", "Number", "DocNumber", asked=True)
_TOTAL = amount("total", "Total", "TotalAmt")
_TOTAL_ASKED = amount("total", "Total", "TotalAmt", asked=True)
_CUSTOMER = names("customer", "Customer", "CustomerRef")
_CUSTOMER_ASKED = names("customer", "Customer", "CustomerRef", asked=True)
_VENDOR = names("vendor", "Vendor", "VendorRef")
_VENDOR_ASKED = names("vendor", "Vendor", "VendorRef", asked=True)
_SALES = (_CLASS, _LOCATION, _ITEM, _NUMBER, _MEMO)
_COSTS = (
    names("account", "Account", f"{_BY_ACCOUNT}.AccountRef", f"{_KIT_ACCOUNT}.AccountRef"),
    names("class", "Class", "ClassRef", *(f"{line}.ClassRef" for line in _COST_LINES)),
    _LOCATION,
    names(
        "item",
        "Product/service",
        f"{_BY_ITEM}.ItemRef",
        f"{_GROUP}.GroupItemRef",
        f"{_KIT_ITEM}.ItemRef",
    ),
    names("customer", "Customer", *(f"{line}.CustomerRef" for line in _COST_LINES)),
    _NUMBER,
    _MEMO,
)
# Where nobody says that QuickBooks filters by it.
_ACTIVE_FOUND = replace(
    ACTIVE,
    states=tuple(
        replace(state, tests=tuple(replace(test, asked=False) for test in state.tests))
        for state in ACTIVE.states
    ),
)
_FULL_NAME = text("name", "Name", "FullyQualifiedName", asked=True)
_SHORT_NAME = text("name", "Name", "Name")

FILTERS: Mapping[str, tuple[Filter, ...]] = {
    "invoices": (
        _CUSTOMER_ASKED,
        _paying(asked=True),
        days("due_date", "Due date", "DueDate", asked=True),
        _TOTAL_ASKED,
        amount("balance", "Open balance", "Balance", asked=True),
        *_SALES,
    ),
    "estimates": (
        _CUSTOMER,
        _stating(
            "TxnStatus",
            ("Pending", "Pending"),
            ("Accepted", "Accepted"),
            ("Closed", "Closed"),
            ("Rejected", "Rejected"),
        ),
        days("expires", "Expires", "ExpirationDate"),
        _TOTAL,
        *_SALES,
    ),
    "sales-receipts": (_CUSTOMER, _voiding(), _TOTAL, *_SALES),
    "credit-memos": (_CUSTOMER, _paying(asked=False, due=False), _TOTAL, *_SALES),
    "refund-receipts": (_CUSTOMER, _voiding(), _TOTAL, *_SALES),
    "payments": (
        _CUSTOMER_ASKED,
        _voiding(),
        _TOTAL_ASKED,
        names("account", "Deposit to", "DepositToAccountRef"),
        text("number", "Reference number", "PaymentRefNum", asked=True),
        _MEMO,
    ),
    "bills": (
        _VENDOR_ASKED,
        _paying(asked=True),
        days("due_date", "Due date", "DueDate", asked=True),
        _TOTAL_ASKED,
        amount("balance", "Open balance", "Balance", asked=True),
        *_COSTS,
    ),
    "bill-payments": (
        _VENDOR_ASKED,
        names(
            "account",
            "Paid from",
            "CheckPayment.BankAccountRef",
            "CreditCardPayment.CCAccountRef",
        ),
        _voiding(),
        _TOTAL_ASKED,
        _LOCATION,
        _NUMBER,
        _MEMO,
    ),
    "vendor-credits": (_VENDOR, _voiding(), _TOTAL, *_COSTS),
    "purchases": (
        names("payee", "Payee", "EntityRef"),
        names("paid_from", "Paid from", "AccountRef"),
        _voiding(),
        _TOTAL,
        *_COSTS,
    ),
    "purchase-orders": (
        _VENDOR,
        _stating("POStatus", ("Open", "Open"), ("Closed", "Closed")),
        days("due_date", "Due date", "DueDate"),
        _TOTAL,
        *_COSTS,
    ),
    "credit-card-payments": (
        _VENDOR_ASKED,
        names("account", "Account", "CreditCardAccountRef", "BankAccountRef"),
        amount("total", "Amount", "Amount"),
        _MEMO,
    ),
    "journal-entries": (
        names("account", "Account", f"{_JOURNAL}.AccountRef"),
        names("class", "Class", f"{_JOURNAL}.ClassRef"),
        names("location", "Location", f"{_JOURNAL}.DepartmentRef"),
        names("name", "Customer or vendor", f"{_JOURNAL}.Entity.EntityRef"),
        # QuickBooks does not always send what a journal comes to.
        _voiding(replace(_VOIDED, tests=(_SAYS_VOIDED, *_all_zero("TotalAmt", "Line[].Amount")))),
        amount("total", "Amount of a line", "Line[].Amount"),
        _NUMBER,
        _MEMO,
    ),
    "deposits": (
        names("account", "Account", "DepositToAccountRef", f"{_DEPOSIT}.AccountRef"),
        names("from", "Received from", f"{_DEPOSIT}.Entity"),
        names("class", "Class", f"{_DEPOSIT}.ClassRef"),
        _LOCATION,
        _TOTAL,
        _MEMO,
    ),
    "transfers": (
        names("account", "Account", "FromAccountRef", "ToAccountRef"),
        amount("total", "Amount", "Amount"),
        _MEMO,
    ),
    "time-activities": (
        names("customer", "Customer", "CustomerRef"),
        names("worker", "Worker", "EmployeeRef", "VendorRef"),
        names("item", "Product/service", "ItemRef"),
        names("class", "Class", "ClassRef"),
        _LOCATION,
        _stating(
            "BillableStatus",
            ("Billable", "Billable"),
            ("NotBillable", "Not billable"),
            ("HasBeenBilled", "Billed"),
        ),
        amount("rate", "Hourly rate", "HourlyRate"),
        text("memo", "Description", "Description"),
    ),
    "inventory-adjustments": (
        names("item", "Product/service", f"{_ADJUSTED}.ItemRef"),
        names("account", "Adjustment account", "AdjustAccountRef"),
        names("class", "Class", f"{_ADJUSTED}.ClassRef"),
        _CUSTOMER,
        _LOCATION,
        _NUMBER,
        _MEMO,
    ),
    "budgets": (
        _SHORT_NAME,
        text("type", "Budget type", "BudgetType"),
        days("start", "From", "StartDate"),
        names("account", "Account", "BudgetDetail[].AccountRef"),
        names("class", "Class", "BudgetDetail[].ClassRef"),
        names("location", "Location", "BudgetDetail[].DepartmentRef"),
        names("customer", "Customer", "BudgetDetail[].CustomerRef"),
        _ACTIVE_FOUND,
    ),
    "customers": (
        text("name", "Name", "DisplayName", asked=True),
        text("company", "Company name", "CompanyName", asked=True),
        amount("balance", "Balance", "Balance", asked=True),
        text("email", "Email", "PrimaryEmailAddr.Address"),
        text("memo", "Notes", "Notes"),
    ),
    "vendors": (
        text("name", "Name", "DisplayName", asked=True),
        text("company", "Company name", "CompanyName", asked=True),
        amount("balance", "Balance", "Balance", asked=True),
        text("email", "Email", "PrimaryEmailAddr.Address"),
    ),
    "employees": (text("name", "Name", "DisplayName", asked=True),),
    "items": (
        text("name", "Name", "Name", asked=True),
        text("sku", "SKU", "Sku", asked=True),
        text("type", "Type", "Type"),
        names("account", "Account", "IncomeAccountRef", "ExpenseAccountRef", "AssetAccountRef"),
    ),
    "accounts": (
        text("name", "Name", "FullyQualifiedName", asked=True),
        text("type", "Type", "AccountType"),
        text("classification", "Classification", "Classification"),
        amount("balance", "Balance", "CurrentBalance", asked=True),
    ),
    "classes": (_FULL_NAME,),
    "locations": (_FULL_NAME,),
    "terms": (_SHORT_NAME,),
    "payment-methods": (_SHORT_NAME,),
    "tax-codes": (_SHORT_NAME,),
    "tax-rates": (_SHORT_NAME,),
    "tax-agencies": (text("name", "Name", "DisplayName"),),
    "tax-classifications": (text("name", "Name", "Name"), text("code", "Code", "Code")),
    "customer-types": (_SHORT_NAME,),
    "currencies": (text("code", "Currency", "Code"),),
    "exchange-rates": (text("currency", "Currency", "SourceCurrencyCode"),),
    "journal-codes": (_SHORT_NAME,),
    "attachments": (text("file", "File name", "FileName"), text("memo", "Note", "Note")),
}


def filters_of(entity: Entity) -> tuple[Filter, ...]:
    """Its own, and what every list of names and everything that tells of its changes has."""
    has_times = any(column.path == "MetaData.LastUpdatedTime" for column in entity.columns)
    return (
        *FILTERS.get(entity.key, ()),
        *((ACTIVE,) if entity.has_active else ()),
        *((CHANGED,) if has_times else ()),
    )
