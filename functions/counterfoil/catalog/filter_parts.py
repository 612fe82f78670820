"""The verbs and the parts in which filters are written. Pure.

`asked` marks what QuickBooks filters by itself; the rest is found in its answers.
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/invoice
"""

from __future__ import annotations

from dataclasses import replace

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


def is_(path: str, op: Op, value: Relative | int | bool | str, *, asked: bool = False) -> Test:
    return Test((path,), op, value, asked)


# A voided transaction stays, with nothing in it and a memo that begins so. One of 0 is as valid
# as any: a payment that only applies a credit is one.
SAYS_VOIDED = replace(is_("PrivateNote", Op.LIKE, "Voided"), begins=True)
VOIDED = State("voided", "Voided", (SAYS_VOIDED, is_("TotalAmt", Op.EQ, 0)))
NOT_VOIDED = replace(SAYS_VOIDED, also=(is_("TotalAmt", Op.EQ, 0),), negated=True)


def paying(*, asked: bool, due: bool = True) -> Filter:
    """Of what is paid: by its open balance."""
    open = is_("Balance", Op.GT, 0, asked=asked)
    late = is_("DueDate", Op.LT, Relative.TODAY, asked=asked)
    states = (
        State("open", "Open", (open,)),
        State(
            "paid",
            "Paid",
            # One of 0 that was not voided as well: nothing of it is open.
            (is_("Balance", Op.EQ, 0, asked=asked), NOT_VOIDED),
        ),
        *((State("overdue", "Overdue", (open, late)),) if due else ()),
        VOIDED,
    )
    return Filter("status", "Status", Kind.STATE, states=states)


def voiding(voided: State = VOIDED) -> Filter:
    says, *empty = voided.tests
    valid = State("valid", "Not voided", (replace(says, also=tuple(empty), negated=True),))
    return Filter("status", "Status", Kind.STATE, states=(valid, voided))


def stated(filter: Filter, *states: State) -> Filter:
    """With more states, behind its own."""
    return replace(filter, states=(*filter.states, *states))


def all_zero(*paths: str) -> tuple[Test, ...]:
    """That no amount there is anything else, whether or not QuickBooks sends it."""
    return tuple(Test(paths, op, 0, negated=True) for op in (Op.GT, Op.LT))


def stating(path: str, *states: tuple[str, str]) -> Filter:
    """By a field that names the state."""
    return Filter(
        "status",
        "Status",
        Kind.STATE,
        states=tuple(
            State(value.lower().replace(" ", "_"), title, (is_(path, Op.EQ, value),))
            for value, title in states
        ),
    )


ACTIVE = Filter(
    "active",
    "Active",
    Kind.STATE,
    states=(
        State("active", "Active", (is_("Active", Op.EQ, True, asked=True),)),
        State("inactive", "Inactive", (is_("Active", Op.EQ, False, asked=True),)),
    ),
)
CHANGED = Filter("changed", "Last changed", Kind.MOMENTS, ("MetaData.LastUpdatedTime",), asked=True)

SALE, GROUP = "Line[].SalesItemLineDetail", "Line[].GroupLineDetail"
INNER = f"{GROUP}.Line[].SalesItemLineDetail"
BY_ACCOUNT, BY_ITEM = (
    "Line[].AccountBasedExpenseLineDetail",
    "Line[].ItemBasedExpenseLineDetail",
)
KIT_ACCOUNT, KIT_ITEM = (
    f"{GROUP}.Line[].AccountBasedExpenseLineDetail",
    f"{GROUP}.Line[].ItemBasedExpenseLineDetail",
)
COST_LINES = (BY_ACCOUNT, BY_ITEM, KIT_ACCOUNT, KIT_ITEM)
JOURNAL, DEPOSIT = "Line[].JournalEntryLineDetail", "Line[].DepositLineDetail"
ADJUSTED = "Line[].ItemAdjustmentLineDetail"

CLASS = names("class", "Class", "ClassRef", f"{SALE}.ClassRef", f"{INNER}.ClassRef")
ITEM = names(
    "item",
    "Product/service",
    f"{SALE}.ItemRef",
    f"{GROUP}.GroupItemRef",
    f"{INNER}.ItemRef",
)
ACCOUNT = names("account", "Account", f"{SALE}.ItemAccountRef", f"{INNER}.ItemAccountRef")
DEPOSITED = names("deposit_to", "Deposit to", "DepositToAccountRef")
LOCATION = names("location", "Location", "DepartmentRef")
MEMO = text("memo", "Memo", "PrivateNote")
NUMBER = text("number", "Number", "DocNumber", asked=True)
TOTAL = amount("total", "Total", "TotalAmt")
TOTAL_ASKED = amount("total", "Total", "TotalAmt", asked=True)
CUSTOMER = names("customer", "Customer", "CustomerRef")
CUSTOMER_ASKED = names("customer", "Customer", "CustomerRef", asked=True)
VENDOR = names("vendor", "Vendor", "VendorRef")
VENDOR_ASKED = names("vendor", "Vendor", "VendorRef", asked=True)
SALES = (CLASS, LOCATION, ITEM, NUMBER, MEMO, ACCOUNT)
COSTS = (
    names("account", "Account", f"{BY_ACCOUNT}.AccountRef", f"{KIT_ACCOUNT}.AccountRef"),
    names("class", "Class", "ClassRef", *(f"{line}.ClassRef" for line in COST_LINES)),
    LOCATION,
    names(
        "item",
        "Product/service",
        f"{BY_ITEM}.ItemRef",
        f"{GROUP}.GroupItemRef",
        f"{KIT_ITEM}.ItemRef",
    ),
    names("customer", "Customer", *(f"{line}.CustomerRef" for line in COST_LINES)),
    NUMBER,
    MEMO,
)
# Where nobody says that QuickBooks filters by it.
ACTIVE_FOUND = replace(
    ACTIVE,
    states=tuple(
        replace(state, tests=tuple(replace(test, asked=False) for test in state.tests))
        for state in ACTIVE.states
    ),
)
FULL_NAME = text("name", "Name", "FullyQualifiedName", asked=True)
SHORT_NAME = text("name", "Name", "Name")

RECURRING_LINES = (SALE, INNER, *COST_LINES, JOURNAL, DEPOSIT)
RECURRING_ACCOUNTS = (
    *("AccountRef", "DepositToAccountRef", "FromAccountRef", "ToAccountRef"),
    *(f"{line}.AccountRef" for line in (BY_ACCOUNT, KIT_ACCOUNT, JOURNAL, DEPOSIT)),
)
