"""What QuickBooks knows about each entity: where it answers, what may be asked, in which order.

Filterable properties as far as they are known to work; anything else answers "is not queryable".
Default orders and which answers carry a totalCount are as seen on the live service in 2026.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from typing import Any

from sandbox.intuit.answers import QueryRefused, not_queryable, unsupported

_ALWAYS = ("Id", "MetaData.CreateTime", "MetaData.LastUpdatedTime")


class Shape(enum.Enum):
    NAME_LIST = "rows that are never deleted, only made inactive"
    TRANSACTION = "rows that are voided or deleted"
    SINGLETON = "one row, read under its own path"


@dataclass(frozen=True, slots=True)
class Entity:
    name: str
    shape: Shape
    queryable: tuple[str, ...] = ()
    natural_order: str = "Id"
    """The property that rows come in without ORDERBY; transactions newest first."""
    says_total: bool = False
    """Whether a page carries totalCount."""
    key: str = ""
    """What answers call it, where that is not its name."""
    wrapped: bool = False
    """Whether each row lies in an object named by its kind, which it has at "@kind"."""
    keyless: bool = False
    """Whether its rows have no Id in answers, and cannot be asked for by one."""
    names: tuple[str, ...] = ()
    """The properties that get " (deleted)" behind them when the row is made inactive."""

    @property
    def answer_key(self) -> str:
        return self.key or self.name

    def shown(self, row: dict[str, Any]) -> dict[str, Any]:
        """The row as answers have it."""
        if self.keyless:
            return {name: value for name, value in row.items() if name != "Id"}
        if not self.wrapped:
            return row
        return {row["@kind"]: {name: value for name, value in row.items() if name != "@kind"}}

    def property(self, name: str) -> str:
        """The property as QuickBooks spells it. Raises QueryRefused when it cannot be asked."""
        wanted = name.lower()
        for known in (*_ALWAYS, *self.queryable):
            if known.lower() == wanted and not (self.keyless and known == "Id"):
                return known
        raise not_queryable(name)


def _listed(name: str, order: str, queryable: str, names: str = "") -> Entity:
    return Entity(
        name, Shape.NAME_LIST, tuple(queryable.split()), order, names=tuple(names.split())
    )


def _transaction(name: str, queryable: str, says_total: bool = False) -> Entity:
    return Entity(
        name,
        Shape.TRANSACTION,
        ("TxnDate", *queryable.split()),
        "MetaData.LastUpdatedTime",
        says_total,
    )


_ENTITIES = (
    _listed(
        "Account",
        "Name",
        "Name ParentRef Description Active SubAccount Classification FullyQualifiedName "
        "AccountType AccountSubType CurrentBalance CurrentBalanceWithSubAccounts",
        "Name FullyQualifiedName",
    ),
    _listed(
        "Customer",
        "FullyQualifiedName",
        "DisplayName GivenName MiddleName FamilyName PrimaryEmailAddr Active CompanyName Balance "
        "PrintOnCheckName FullyQualifiedName",
        "DisplayName FullyQualifiedName",
    ),
    _listed(
        "Vendor",
        "DisplayName",
        "DisplayName GivenName MiddleName FamilyName Suffix Active CompanyName Balance "
        "PrintOnCheckName",
        "DisplayName",
    ),
    _listed(
        "Item",
        "Name",
        "Name Type Sku Active FullyQualifiedName",
        "Name FullyQualifiedName",
    ),
    _listed("Class", "FullyQualifiedName", "Name Active FullyQualifiedName"),
    _listed("Department", "FullyQualifiedName", "Name Active FullyQualifiedName"),
    _listed("Term", "Id", "Name Active", "Name"),
    _listed("PaymentMethod", "Id", "Name Active", "Name"),
    _listed("TaxCode", "Id", "Name Active", "Name"),
    _listed("TaxRate", "Id", "Name Active", "Name"),
    _transaction("Invoice", "CustomerRef DocNumber DueDate Balance TotalAmt", says_total=True),
    _transaction("Payment", "CustomerRef TotalAmt PaymentRefNum"),
    _transaction("CreditMemo", "CustomerRef DocNumber TotalAmt"),
    _transaction("SalesReceipt", "CustomerRef DocNumber TotalAmt"),
    _transaction("Estimate", "CustomerRef DocNumber TotalAmt"),
    _transaction(
        "Bill",
        "VendorRef APAccountRef SalesTermRef DueDate TotalAmt Balance DocNumber",
        says_total=True,
    ),
    _transaction("BillPayment", "VendorRef APAccountRef TotalAmt DocNumber", says_total=True),
    _transaction("VendorCredit", "VendorRef DocNumber TotalAmt"),
    _transaction("Purchase", "DocNumber"),
    _transaction("PurchaseOrder", "DocNumber", says_total=True),
    _transaction("Deposit", "DocNumber", says_total=True),
    _transaction("Transfer", ""),
    _transaction("JournalEntry", "DocNumber", says_total=True),
    _transaction("TimeActivity", "CustomerRef"),
    _listed(
        "Employee",
        "DisplayName",
        "DisplayName GivenName MiddleName FamilyName Suffix Active PrintOnCheckName",
        "DisplayName",
    ),
    _listed("CustomerType", "Id", "Active", "Name"),
    _listed("CompanyCurrency", "Id", "Active", "Name"),
    _listed("JournalCode", "Id", "Name Active", "Name"),
    _listed("TaxAgency", "Id", "Active", "DisplayName"),
    _listed("TaxClassification", "Id", "Active", "Name"),
    _transaction("RefundReceipt", "CustomerRef DocNumber TotalAmt"),
    _transaction("InventoryAdjustment", "DocNumber"),
    replace(_transaction("CreditCardPayment", "VendorRef"), key="CreditCardPaymentTxn"),
    replace(_transaction("RecurringTransaction", ""), wrapped=True),
    _transaction("Budget", "Name"),
    replace(_transaction("ExchangeRate", "SourceCurrencyCode AsOfDate"), keyless=True),
    _transaction("Attachable", "FileName Note Category ContentType Size"),
    Entity("CompanyInfo", Shape.SINGLETON),
    Entity("Preferences", Shape.SINGLETON),
)

_BY_NAME = {entity.name.lower(): entity for entity in _ENTITIES}


def entity(name: str) -> Entity:
    """Whatever the case. Raises QueryRefused for a name that QuickBooks does not know."""
    known = _BY_NAME.get(name.lower())
    if known is None:
        raise QueryRefused("4001", f"QueryValidationError: invalid context declaration: {name}")
    return known


def entity_at(segment: str) -> Entity:
    """The entity that answers reads under this path segment. Raises ApiRefused."""
    known = _BY_NAME.get(segment)
    if known is None:
        raise unsupported(segment)
    return known
