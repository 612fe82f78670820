"""Writes a company's lists the way QuickBooks shows them: ids, names, times in their places."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from sandbox.intuit.answers import plain, record_time
from sandbox.intuit.company import mark_inactive
from sandbox.intuit.profile import Profile
from sandbox.intuit.store import Row, Store

CLASSIFICATIONS = {
    "Bank": "Asset",
    "Accounts Receivable": "Asset",
    "Other Current Asset": "Asset",
    "Fixed Asset": "Asset",
    "Other Asset": "Asset",
    "Accounts Payable": "Liability",
    "Credit Card": "Liability",
    "Other Current Liability": "Liability",
    "Long Term Liability": "Liability",
    "Equity": "Equity",
    "Income": "Revenue",
    "Other Income": "Revenue",
    "Cost of Goods Sold": "Expense",
    "Expense": "Expense",
    "Other Expense": "Expense",
}
NAMES = ("Customer", "Vendor", "Employee")
"""These share one sequence of ids, as all transactions share another."""


@dataclass(frozen=True, slots=True)
class Address:
    street: str
    city: str
    region: str
    postcode: str
    country: str | None = None


class Desk:
    """Rows go into `store` with ids in order; `Desk.ref` names a row the way others refer to it."""

    def __init__(self, profile: Profile, store: Store) -> None:
        self.profile = profile
        self.store = store
        self._ids: dict[str, Iterator[int]] = {}
        self._written = itertools.count()

    def next_id(self, sequence: str) -> str:
        return str(next(self._ids.setdefault(sequence, itertools.count(1))))

    def account(
        self,
        name: str,
        kind: str,
        subtype: str,
        number: str | None = None,
        parent: str | None = None,
        *,
        id: str | None = None,
        active: bool = True,
    ) -> str:
        """The new account's id."""
        above = self.store.get("Account", parent) if parent else None
        row: Row = {"Name": name, "SubAccount": above is not None}
        if above is not None:
            row["ParentRef"] = {"value": above["Id"]}
        row |= {
            "FullyQualifiedName": f"{above['FullyQualifiedName']}:{name}" if above else name,
            "Active": True,
            "Classification": CLASSIFICATIONS[kind],
            "AccountType": kind,
            "AccountSubType": subtype,
        }
        if number:
            row["AcctNum"] = number
        row |= {
            "CurrentBalance": plain(0),
            "CurrentBalanceWithSubAccounts": plain(0),
            "CurrencyRef": self.profile.currency_ref,
        }
        return self._listed("Account", row, id, active)

    def item(
        self,
        name: str,
        price: Decimal | str | int,
        income: str,
        *,
        text: str | None = None,
        taxable: bool = False,
        expense: str | None = None,
        asset: str | None = None,
        cost: Decimal | str | int = 0,
        sku: str | None = None,
        id: str | None = None,
        active: bool = True,
    ) -> str:
        """A service; with `asset` something kept in stock."""
        row: Row = {"Name": name}
        if text is not None:
            row["Description"] = text
        row |= {"Active": True, "FullyQualifiedName": name, "Taxable": taxable}
        if sku:
            row["Sku"] = sku
        row |= {
            "UnitPrice": plain(price),
            "Type": "Inventory" if asset else "Service",
            "IncomeAccountRef": self.account_ref(income),
        }
        if expense:
            row["PurchaseDesc"] = text or name
        row["PurchaseCost"] = plain(cost)
        if expense:
            row["ExpenseAccountRef"] = self.account_ref(expense)
        if asset:
            row["AssetAccountRef"] = self.account_ref(asset)
        row["TrackQtyOnHand"] = asset is not None
        if asset:
            row |= {"QtyOnHand": plain(0), "InvStartDate": self.profile.started.isoformat()}
        return self._listed("Item", row, id, active)

    def customer(
        self,
        name: str,
        *,
        person: tuple[str, str] | None = None,
        company: str | None = None,
        address: Address | None = None,
        email: str | None = None,
        phone: str | None = None,
        notes: str | None = None,
        taxable: bool = False,
        parent: str | None = None,
        project: bool = False,
        id: str | None = None,
        active: bool = True,
    ) -> str:
        """With `parent` a sub-customer, with `project` as well a project."""
        above = self.store.get("Customer", parent) if parent else None
        id = id or self.next_id("names")
        row: Row = {"Taxable": taxable}
        if address is not None:
            row["BillAddr"] = self.address(address)
            row["ShipAddr"] = dict(row["BillAddr"])
        if notes is not None:
            row["Notes"] = notes
        row |= {"Job": above is not None, "BillWithParent": project}
        if above is not None:
            level = above.get("Level", 0) + 1
            row |= {"ParentRef": {"value": above["Id"]}, "Level": level}
        row |= {
            "Balance": plain(0),
            "BalanceWithJobs": plain(0),
            "CurrencyRef": self.profile.currency_ref,
            "PreferredDeliveryMethod": "Email" if email else "Print",
            "IsProject": project,
            "ClientEntityId": "0",
            **self._named(name, person, company),
            "FullyQualifiedName": f"{above['FullyQualifiedName']}:{name}" if above else name,
            **self._reached(id, email, phone),
        }
        return self._listed("Customer", row, id, active)

    def vendor(
        self,
        name: str,
        *,
        person: tuple[str, str] | None = None,
        company: str | None = None,
        address: Address | None = None,
        email: str | None = None,
        phone: str | None = None,
        number: str | None = None,
        id: str | None = None,
        active: bool = True,
    ) -> str:
        id = id or self.next_id("names")
        row: Row = {}
        if address is not None:
            row["BillAddr"] = self.address(address)
        row["Balance"] = plain(0)
        if number:
            row["AcctNum"] = number
        row |= {
            "Vendor1099": False,
            "CurrencyRef": self.profile.currency_ref,
            **self._named(name, person, company),
            **self._reached(id, email, phone),
        }
        return self._listed("Vendor", row, id, active)

    def term(self, name: str, days: int) -> str:
        row: Row = {"Name": name, "Active": True, "Type": "STANDARD"}
        row |= {"DiscountPercent": plain(0), "DueDays": days, "DiscountDays": 0}
        return self._listed("Term", row, None, active=True)

    def payment_method(self, name: str, kind: str = "NON_CREDIT_CARD") -> str:
        row: Row = {"Name": name, "Active": True, "Type": kind}
        return self._listed("PaymentMethod", row, None, active=True)

    def ref(self, kind: str, id: str) -> Row:
        row = self.store.get(kind, id)
        return {"value": id, "name": row.get("DisplayName") or row["Name"]}

    def account_ref(self, id: str) -> Row:
        """Accounts are referred to by their whole name."""
        return {"value": id, "name": self.store.get("Account", id)["FullyQualifiedName"]}

    def address(self, address: Address) -> Row:
        row: Row = {
            "Id": self.next_id("addresses"),
            "Line1": address.street,
            "City": address.city,
        }
        if address.country:
            row["Country"] = address.country
        return row | {
            "CountrySubDivisionCode": address.region,
            "PostalCode": address.postcode,
            "Lat": "INVALID",
            "Long": "INVALID",
        }

    def identity(self, id: str, on: date) -> Row:
        """What every row carries: id, version, when it was written (in office hours of `on`)."""
        at = datetime.combine(on, time(16), UTC) + timedelta(
            seconds=37 * next(self._written) % 25_000
        )
        written = record_time(at)
        return {
            "domain": "QBO",
            "sparse": False,
            "Id": id,
            "SyncToken": "0",
            "MetaData": {"CreateTime": written, "LastUpdatedTime": written},
        }

    def _listed(self, kind: str, row: Row, id: str | None, active: bool) -> str:
        id = id or self.next_id("names" if kind in NAMES else kind)
        row |= self.identity(id, self.profile.started)
        if not active:
            mark_inactive(kind, row)
        self.store.add(kind, row)
        return id

    def _named(self, name: str, person: tuple[str, str] | None, company: str | None) -> Row:
        row: Row = {}
        if person is not None:
            row |= {"GivenName": person[0], "FamilyName": person[1]}
        if company is not None:
            row["CompanyName"] = company
        return row | {"DisplayName": name, "PrintOnCheckName": company or name, "Active": True}

    def _reached(self, id: str, email: str | None, phone: str | None) -> Row:
        digest = hashlib.sha256(f"{self.profile.realm_id}:{id}".encode()).hexdigest()
        row: Row = {"V4IDPseudonym": f"002098{digest[:32]}"}
        if phone is not None:
            row["PrimaryPhone"] = {"FreeFormNumber": phone}
        if email is not None:
            row["PrimaryEmailAddr"] = {"Address": email}
        return row
