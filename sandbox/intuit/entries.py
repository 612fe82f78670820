"""Postings with what reports of transactions say about them: type, number, name, memo. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sandbox.intuit.ledger import Posting
from sandbox.intuit.store import Row, Store

TYPE_WORDS: Mapping[str, str] = {
    "Invoice": "Invoice",
    "CreditMemo": "Credit Memo",
    "SalesReceipt": "Sales Receipt",
    "RefundReceipt": "Refund",
    "CreditCardPayment": "Credit Card Payment",
    "Payment": "Payment",
    "Bill": "Bill",
    "VendorCredit": "Vendor Credit",
    "BillPayment": "Bill Payment",
    "Purchase": "Expense",
    "Deposit": "Deposit",
    "Transfer": "Transfer",
    "JournalEntry": "Journal Entry",
}

SPLIT = "-Split-"


@dataclass(frozen=True, slots=True)
class Name:
    """A customer, a vendor or an employee as a line shows them."""

    kind: str
    id: str
    shown: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One posting, and the document behind it."""

    posting: Posting
    type: str
    number: str
    name: Name | None
    memo: str
    row: Row

    @property
    def on(self) -> date:
        return self.posting.on

    @property
    def amount(self) -> Decimal:
        return self.posting.amount

    @property
    def document(self) -> tuple[str, str]:
        return self.posting.kind, self.posting.document


def entries(store: Store, postings: Sequence[Posting]) -> list[Entry]:
    """In the order of their days, then of their documents, then as they were posted."""
    names: dict[tuple[str, str], Name | None] = {}
    found = []
    for posting in postings:
        row = store.get(posting.kind, posting.document)
        place = (posting.kind, posting.document)
        if place not in names:
            names[place] = name_of(row, store)
        own = names[place]
        if own is None and posting.customer:
            own = _named("Customer", posting.customer, store)
        found.append(
            Entry(
                posting,
                type_word(posting.kind, row),
                row.get("DocNumber") or row.get("PaymentRefNum") or "",
                own,
                row.get("PrivateNote", ""),
                row,
            )
        )
    return sorted(found, key=lambda each: (each.on, int(each.row["Id"])))


def type_word(kind: str, row: Row) -> str:
    """ "Bill Payment (Check)", "Check": as the reports call a document."""
    if kind == "BillPayment":
        return f"Bill Payment ({'Check' if row['PayType'] == 'Check' else 'Credit Card'})"
    if kind == "Purchase":
        if row.get("Credit"):
            return "Credit Card Credit"
        return "Check" if row["PaymentType"] == "Check" else "Expense"
    return TYPE_WORDS[kind]


def name_of(row: Row, store: Store) -> Name | None:
    """Whom a document is for."""
    if ref := row.get("CustomerRef"):
        return _named("Customer", ref["value"], store)
    if ref := row.get("VendorRef"):
        return _named("Vendor", ref["value"], store)
    if ref := row.get("EntityRef"):
        return _named(ref["type"], ref["value"], store)
    return None


def split_of(entry: Entry, together: Sequence[Entry], labels: Mapping[str, str]) -> str:
    """The other side of a posting: its account, or "-Split-" where there are several."""
    others = {
        other.posting.account
        for other in together
        if other.posting.account != entry.posting.account
    }
    return labels[next(iter(others))] if len(others) == 1 else SPLIT if others else ""


def account_labels(accounts: Sequence[Row], numbered: bool) -> dict[str, str]:
    """Each account as reports show it, by id: with its number where numbers are used."""

    def label(account: Row) -> str:
        number = account.get("AcctNum")
        name = account["FullyQualifiedName"]
        return f"{number} {name}" if numbered and number else name

    return {account["Id"]: label(account) for account in accounts}


def _named(kind: str, id: str, store: Store) -> Name:
    return Name(kind, id, store.get(kind, id)["DisplayName"])
