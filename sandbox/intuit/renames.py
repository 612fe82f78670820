"""A name that changes shows in all references to it, and no time moves in what holds them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbox.intuit.store import Row, Store

WHOLE = "FullyQualifiedName"
# Ids of people are of one sequence, so that a reference's id tells whose it is.
_REFERRED = {
    "Account": (
        *("AccountRef", "DepositToAccountRef", "IncomeAccountRef", "ExpenseAccountRef"),
        *("AssetAccountRef", "BankAccountRef", "CCAccountRef", "APAccountRef", "ARAccountRef"),
        *("FromAccountRef", "ToAccountRef", "DiscountAccountRef", "CreditCardAccountRef"),
        *("ItemAccountRef", "AdjustAccountRef"),
    ),
    "Class": ("ClassRef",),
    "Customer": ("CustomerRef", "ProjectRef", "EntityRef", "Entity"),
    "Department": ("DepartmentRef",),
    "Employee": ("EmployeeRef", "EntityRef", "Entity"),
    "Item": ("ItemRef", "GroupItemRef"),
    "PaymentMethod": ("PaymentMethodRef",),
    "Term": ("SalesTermRef", "TermRef"),
    "Vendor": ("VendorRef", "PrefVendorRef", "EntityRef", "Entity"),
}


def shown(kind: str, row: Row) -> Any:
    """What references to the row show."""
    whole = row.get(WHOLE) if kind in ("Account", "Class", "Department") else None
    return whole or row.get("DisplayName") or row.get("Name")


def names(kind: str, row: Row) -> tuple[Any, Any]:
    """What an edit may change: what references show, and the whole name."""
    return shown(kind, row), row.get(WHOLE)


def spread(store: Store, kind: str, row: Row, before: tuple[Any, Any]) -> None:
    """After an edit of `row`, which had the names `before`: what lies below it is called otherwise
    too, and references to any of them.
    """
    if kind not in _REFERRED or before == names(kind, row):
        return
    renamed = {row["Id"]: shown(kind, row)}
    _, whole = before
    if whole is not None and whole != row[WHOLE]:
        for other in store.all(kind):
            if str(other.get(WHOLE, "")).startswith(f"{whole}:"):
                other[WHOLE] = row[WHOLE] + other[WHOLE].removeprefix(whole)
                renamed[other["Id"]] = shown(kind, other)
    for each in _KINDS:
        for holder in store.all(each):
            for name, ref in _references(holder):
                same = name in _REFERRED[kind] and ref.get("value") in renamed
                if same and "name" in ref:
                    ref["name"] = renamed[ref["value"]]


def renamed(row: Row, changes: Row) -> Row:
    """The changes, and the whole name that goes with a new one."""
    own = changes.get("DisplayName") or changes.get("Name")
    if WHOLE not in row or WHOLE in changes or own is None:
        return changes
    above, _, _ = str(row[WHOLE]).rpartition(":")
    return {**changes, WHOLE: f"{above}:{own}" if above else own}


def _references(held: Any) -> Iterator[tuple[str, Row]]:
    """Every object with a value and a name in it, by what it is called."""
    if isinstance(held, list):
        for each in held:
            yield from _references(each)
        return
    if not isinstance(held, dict):
        return
    for name, value in held.items():
        if isinstance(value, dict) and "value" in value:
            yield name, value
        elif isinstance(value, dict | list):
            yield from _references(value)


_KINDS = (
    *("Invoice", "SalesReceipt", "Estimate", "CreditMemo", "RefundReceipt", "Payment", "Bill"),
    *("BillPayment", "Purchase", "PurchaseOrder", "VendorCredit", "JournalEntry", "Deposit"),
    *("Transfer", "TimeActivity", "Item", "Customer", "Vendor", "InventoryAdjustment"),
    "RecurringTransaction",
)
