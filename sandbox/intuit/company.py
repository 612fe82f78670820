"""One simulated company: its rows, its ledger, and the edits that its people make."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sandbox.intuit.answers import not_supported, plain, record_time
from sandbox.intuit.balances import settle
from sandbox.intuit.book import Book
from sandbox.intuit.cdc import Deletion
from sandbox.intuit.companies_api import ApiRequest, CompanyCard
from sandbox.intuit.ledger import SETTLING, Chart, Posting, accrual, cash
from sandbox.intuit.profile import Profile, company_info, preferences
from sandbox.intuit.renames import names, renamed, spread
from sandbox.intuit.report_books import Books
from sandbox.intuit.reports import CELL_LIMIT, OF_FRANCE, report
from sandbox.intuit.store import Row, Store
from sandbox.intuit.tax_reports import FORMS
from sandbox.intuit.vocabulary import Entity, Shape, entity

GONE = " (deleted)"
"""Behind the names of inactive rows."""

VOIDABLE = (
    *("Invoice", "SalesReceipt", "RefundReceipt", "CreditMemo", "Bill", "Purchase", "Payment"),
    "BillPayment",
)

_OF_LISTS = {"ClassSales": "Class", "DepartmentSales": "Department"}
"""Reports that a plan without the list does not have."""

_TAGS = ("class", "department")
"""What reports are narrowed by only where the company uses classes and locations."""

DERIVED = {
    "Invoice": ("Balance",),
    "Bill": ("Balance",),
    "CreditMemo": ("Balance", "RemainingCredit"),
    "VendorCredit": ("Balance",),
    "Payment": ("UnappliedAmt",),
    "BillPayment": (),
    "Customer": ("Balance", "BalanceWithJobs"),
    "Vendor": ("Balance",),
    "Account": ("CurrentBalance", "CurrentBalanceWithSubAccounts"),
    "Item": ("QtyOnHand",),
}
"""What QuickBooks computes from other rows."""


class Company:
    """Give all rows to `store` before `settled()`; afterwards change them through the edits."""

    def __init__(self, profile: Profile, chart: Chart, store: Store) -> None:
        self.profile = profile
        self.chart = chart
        self.store = store
        self.cell_limit = CELL_LIMIT
        self.new_reports = False
        """Whether reports come from the service as it is since its migration."""
        self.lock = threading.RLock()
        self.before_answer: Callable[[ApiRequest], None] | None = None
        """Called before each answer, in the middle of whatever a client is doing: to edit."""
        self._postings: dict[str, tuple[int, list[Posting]]] = {}
        self.store.add("CompanyInfo", company_info(profile))
        self.store.add("Preferences", preferences(profile))

    @property
    def card(self) -> CompanyCard:
        return self.profile.card

    def settled(self) -> Company:
        settle(self.store, self.chart)
        return self

    def book(self, basis: str) -> Book:
        """The ledger on "Accrual" or "Cash" basis."""
        with self.lock:
            version, postings = self._postings.get(basis, (-1, []))
            if version != self.store.version:
                post = cash if basis == "Cash" else accrual
                postings = post(self.store, self.chart)
                self._postings[basis] = (self.store.version, postings)
            return Book(
                list(self.store.all("Account")),
                postings,
                self.profile.numbered,
                self.chart.retained_earnings,
                self.profile.fiscal_month,
            )

    def report(self, name: str, args: Mapping[str, str], now: datetime) -> Row:
        """Raises ApiRefused."""
        if name in _OF_LISTS:
            self.profile.check(_OF_LISTS[name])
        if name == "TaxSummary" and self.profile.country not in FORMS:
            raise not_supported(name)
        if name in OF_FRANCE and self.profile.country != "FR":
            raise not_supported(name)
        if tagged := [key for key in _TAGS if args.get(key) and not self.profile.tags]:
            raise not_supported(tagged[0])
        return report(
            name,
            args,
            Books(self.store, self.chart, self.book, self.profile.currency, self.profile.country),
            default_basis=self.profile.basis,
            now=now,
            cell_limit=self.cell_limit,
            new_service=self.new_reports,
        )

    def add(self, kind: str, row: Row) -> Row:
        """A row as a client would have made it, complete but for what is derived.

        What it moves in other rows moves at the time in the new row.
        """
        with self.lock, self._moving(_written(row)):
            self.store.add(entity(kind).name, row)
            return row

    def update(self, kind: str, id: str, now: datetime, **changes: Any) -> Row:
        """A new name shows wherever the row is referred to, and moves no time there."""
        with self.lock, self._moving(now):
            row = self.store.get(kind, id)
            before = names(kind, row)
            row.update(renamed(row, changes))
            spread(self.store, kind, row, before)
            return touched(row, now)

    def void(self, kind: str, id: str, now: datetime) -> Row:
        """A voided document stays, with nothing in it; what was paid on it is unapplied.

        Raises ValueError for what cannot be voided, or not while something else rests on it.
        """
        with self.lock, self._moving(now):
            if kind not in VOIDABLE:
                raise ValueError(f"QuickBooks voids no {kind}")
            row = self.store.get(kind, id)
            self._release(kind, id)
            if kind in SETTLING:
                row["Line"] = []
            for line in row["Line"]:
                line["Amount"] = plain(0)
                detail = line.get(line["DetailType"], {})
                for field in ("UnitPrice", "Qty"):
                    detail.pop(field, None)
            row["TotalAmt"] = plain(0)
            if "TxnTaxDetail" in row:
                row["TxnTaxDetail"] = {"TotalTax": plain(0)}
            note = row.get("PrivateNote")
            row["PrivateNote"] = f"Voided - {note}" if note else "Voided"
            return touched(row, now)

    def delete(self, kind: str, id: str, now: datetime | None = None) -> None:
        """Only documents can be deleted; names are made inactive.

        Raises ValueError for names, and while something else rests on the document.
        """
        now = now or datetime.now(UTC)
        with self.lock, self._moving(now):
            if entity(kind).shape is not Shape.TRANSACTION:
                raise ValueError(f"QuickBooks deletes no {kind}; make it inactive")
            self._release(kind, id)
            self.store.remove(kind, id, now)

    def inactivate(self, kind: str, id: str, now: datetime) -> Row:
        with self.lock, self._moving(now):
            row = self.store.get(kind, id)
            before = names(kind, row)
            mark_inactive(kind, row)
            spread(self.store, kind, row, before)
            return touched(row, now)

    def live(self, kind: Entity, since: datetime) -> list[Row]:
        return [
            row
            for row in self.store.all(kind.name)
            if datetime.fromisoformat(row["MetaData"]["LastUpdatedTime"]) >= since
        ]

    def deleted(self, kind: Entity, since: datetime) -> list[Deletion]:
        return [Deletion(id, at) for id, at in self.store.gone(kind.name).items() if at >= since]

    @contextmanager
    def _moving(self, now: datetime) -> Iterator[None]:
        """Whatever an edit moves elsewhere counts as updated by it, as on the live service: there
        a customer's LastUpdatedTime follows the balance, while its SyncToken stays.
        """
        before = self._derived()
        yield
        self.settled()
        for place, known in self._derived().items():
            if before.get(place, known) != known:
                self.store.get(*place)["MetaData"]["LastUpdatedTime"] = record_time(now)

    def _derived(self) -> dict[tuple[str, str], tuple[Any, ...]]:
        return {
            (kind, row["Id"]): (
                *(row.get(name) for name in names),
                len(row.get("Line", ())),
                len(row.get("LinkedTxn", ())),
            )
            for kind, names in DERIVED.items()
            for row in self.store.all(kind)
        }

    def _release(self, kind: str, id: str) -> None:
        """Take what was paid on a document off it. Raises ValueError when that cannot be done."""
        if kind == "Payment" and any(self._linked("Deposit", kind, id)):
            raise ValueError(f"Payment {id} has been deposited")
        if kind in ("CreditMemo", "VendorCredit") and any(
            found for payer in SETTLING for found in self._linked(payer, kind, id)
        ):
            raise ValueError(f"{kind} {id} has been used up")
        for payer in SETTLING:
            for row, line in list(self._linked(payer, kind, id)):
                row["Line"].remove(line)

    def _linked(self, payer: str, kind: str, id: str) -> Iterator[tuple[Row, Row]]:
        """The rows and their lines that speak of a document."""
        for row in self.store.all(payer):
            for line in row["Line"]:
                for link in line.get("LinkedTxn", ()):
                    if link["TxnType"] == kind and link["TxnId"] == id:
                        yield row, line


def touched(row: Row, now: datetime) -> Row:
    row["SyncToken"] = str(int(row["SyncToken"]) + 1)
    row["MetaData"]["LastUpdatedTime"] = record_time(now)
    return row


def _written(row: Row) -> datetime:
    return datetime.fromisoformat(row["MetaData"]["LastUpdatedTime"])


def mark_inactive(kind: str, row: Row) -> None:
    row["Active"] = False
    for name in entity(kind).names:
        if not row[name].endswith(GONE):
            row[name] += GONE
