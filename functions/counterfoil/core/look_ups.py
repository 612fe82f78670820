"""Names that QuickBooks did not send along with a reference: which list tells them. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from counterfoil.core import faults
from counterfoil.core.datasets import Column

# The field that a reference to such a record shows; documents are known by their number.
_NAMES = {
    **dict.fromkeys(("Account", "Class", "Department"), "FullyQualifiedName"),
    **dict.fromkeys(("Customer", "Employee", "TaxAgency", "Vendor"), "DisplayName"),
    **dict.fromkeys(
        ("CustomerType", "Item", "JournalCode", "PaymentMethod", "TaxCode", "TaxRate", "Term"),
        "Name",
    ),
    **dict.fromkeys(
        (
            *("Bill", "BillPayment", "CreditMemo", "Deposit", "Estimate", "Invoice"),
            *("JournalEntry", "Purchase", "PurchaseOrder", "RefundReceipt", "SalesReceipt"),
            "VendorCredit",
        ),
        "DocNumber",
    ),
    "Payment": "PaymentRefNum",
}
# In these the inactive are left out of an answer unless they are asked for.
_WITH_INACTIVE = frozenset(
    {
        *("Account", "Class", "Customer", "CustomerType", "Department", "Employee", "Item"),
        *("JournalCode", "PaymentMethod", "TaxCode", "TaxRate", "Term", "Vendor"),
    }
)
# Shipping and gratuity of a sale, which are lines of it and no products.
# https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/invoice
_UNLISTED = {"SHIPPING_ITEM_ID": "Shipping", "GRATUITY_ITEM_ID": "Gratuity"}
# What a link calls a document otherwise than a query.
_KINDS = {
    "BillPaymentCheck": "BillPayment",
    "BillPaymentCreditCard": "BillPayment",
    "Check": "Purchase",
    "CreditCardCharge": "Purchase",
    "CreditCardCredit": "Purchase",
    "Expense": "Purchase",
}


@dataclass(frozen=True, slots=True)
class Lack:
    """A cell that shows the name of what has this id, once it is known."""

    row: int
    column: int
    list: str
    id: str

    def at_row(self, row: int) -> Lack:
        return replace(self, row=row)


def id_column(column: Column) -> Column:
    """The same references as ids, of a column that shows them by name."""
    paths = column.path.split("|")
    return replace(column, path="|".join(path.removesuffix(".name") + ".value" for path in paths))


def lacked(name: object, id: object) -> str | None:
    """The id where it has no name."""
    return id if (name is None or name == "") and isinstance(id, str) and id else None


def known(list: str, id: str) -> str | None:
    """The name where the id tells it: "TAX" and "NON", which only the United States have, and what
    is in no list.
    """
    if list == "TaxCode" and not id.isdigit():
        return id
    return unlisted(list).get(id)


def unlisted(list: str) -> Mapping[str, str]:
    """The names, by their ids, of what references mean though the list does not have it."""
    return _UNLISTED if list == "Item" else {}


def list_of(kind: object) -> str | None:
    """The entity that tells the number of a linked document; None for one that has none."""
    known = _KINDS.get(kind, kind) if isinstance(kind, str) else None
    return known if known in _NAMES else None


def asks_names(entity: str) -> bool:
    """Whether the list can be asked for names; else all of it is, which is short."""
    return entity != "TaxAgency"


def has_inactive(entity: str) -> bool:
    return entity in _WITH_INACTIVE


WHOLE_NAME = "FullyQualifiedName"
"""With the names of all that is above, so that it changes with them."""


def name_field(entity: str) -> str:
    """The field of such a record that references to it show."""
    return _NAMES[entity]


def short_name_field(entity: str) -> str:
    """The field with the name alone, without those above."""
    return "Name" if _NAMES[entity] == WHOLE_NAME else _NAMES[entity]


def names_in(body: bytes, entity: str, field: str = "") -> dict[str, str]:
    """By id, from the answer to a query. Raises QuickBooksBusy for what is none."""
    shown = field or _NAMES[entity]
    try:
        records = json.loads(body)["QueryResponse"].get(entity, [])
        return {record["Id"]: name for record in records if (name := name_at(record, shown))}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise faults.unreadable(200) from error


def name_at(record: Mapping[str, Any], field: str) -> str:
    name = record.get(field)
    return name if isinstance(name, str) else ""
