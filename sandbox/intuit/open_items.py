"""What customers owe and what is owed to vendors on a day, document by document. Pure.

What a payment applies counts from the later of its own date and the document's: so the open items
of any day add up to the balance of the receivable or payable account on that day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sandbox.intuit.currencies import home
from sandbox.intuit.entries import Name, name_of, type_word
from sandbox.intuit.ledger import Chart, applications
from sandbox.intuit.store import Row, Store

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Side:
    """Receivables or payables. A document's `sign` tells whether it adds to what is owed."""

    documents: Sequence[tuple[str, int]]
    payer: str
    credit: str
    who: str


RECEIVABLE = Side((("Invoice", 1), ("CreditMemo", -1)), "Payment", "CreditMemo", "Customer")
PAYABLE = Side((("Bill", 1), ("VendorCredit", -1)), "BillPayment", "VendorCredit", "Vendor")


@dataclass(frozen=True, slots=True)
class OpenItem:
    """A document that is not settled; `open` is negative for credits and unapplied payments."""

    on: date
    due: date
    type: str
    document: str
    number: str
    name: Name | None
    amount: Decimal
    open: Decimal


def open_items(side: Side, store: Store, chart: Chart, day: date) -> list[OpenItem]:
    """By date, then by id."""
    used, unapplied = _applied(side, store, day)
    found = []
    for kind, sign in side.documents:
        for row in store.all(kind):
            total = home(row, Decimal(row["TotalAmt"]))
            left = total - used[kind, row["Id"]]
            if _on(row) <= day and left:
                due = date.fromisoformat(row["DueDate"]) if "DueDate" in row else _on(row)
                found.append(_item(kind, row, due, sign * total, sign * left, store))
    for row in store.all(side.payer):
        left = home(row, unapplied[row["Id"]])
        if _on(row) <= day and left:
            amount = -home(row, Decimal(row["TotalAmt"]))
            found.append(_item(side.payer, row, _on(row), amount, -left, store))
    found += _journals(side, store, chart, day)
    return sorted(found, key=lambda each: (each.on, int(each.document)))


def _applied(
    side: Side, store: Store, day: date
) -> tuple[defaultdict[tuple[str, str], Decimal], defaultdict[str, Decimal]]:
    """How much of each document is settled by that day, at home, and what each payment has left."""
    used: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    left: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in store.all(side.payer):
        left[row["Id"]] = Decimal(row["TotalAmt"])
        for share in applications(side.payer, row):
            document = store.get(share.kind, share.document)
            if max(share.on, _on(document)) <= day:
                left[row["Id"]] -= share.amount
                used[share.kind, share.document] += home(document, abs(share.amount))
    return used, left


def _journals(side: Side, store: Store, chart: Chart, day: date) -> Iterator[OpenItem]:
    """Journal lines that post to the account itself: nothing settles them here."""
    account, sign = (chart.receivable, 1) if side is RECEIVABLE else (chart.payable, -1)
    for row in store.all("JournalEntry"):
        for line in row["Line"]:
            detail = line["JournalEntryLineDetail"]
            if detail["AccountRef"]["value"] != account or _on(row) > day:
                continue
            debit = 1 if detail["PostingType"] == "Debit" else -1
            amount = sign * debit * Decimal(line["Amount"])
            entity = detail.get("Entity")
            name = None
            if entity:
                id = entity["EntityRef"]["value"]
                name = Name(entity["Type"], id, store.get(entity["Type"], id)["DisplayName"])
            yield OpenItem(
                _on(row),
                _on(row),
                "Journal Entry",
                row["Id"],
                row.get("DocNumber", ""),
                name,
                amount,
                amount,
            )


def _item(kind: str, row: Row, due: date, amount: Decimal, left: Decimal, store: Store) -> OpenItem:
    return OpenItem(
        _on(row),
        due,
        type_word(kind, row),
        row["Id"],
        row.get("DocNumber") or row.get("PaymentRefNum") or "",
        name_of(row, store),
        amount,
        left,
    )


def _on(row: Row) -> date:
    return date.fromisoformat(row["TxnDate"])
