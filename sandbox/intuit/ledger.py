"""A company's documents as double entries, on either basis. Pure.

Accrual: a document posts on its own date.

Cash: an invoice, credit memo, bill or vendor credit posts when and as far as it is paid: each
payment carries over that share of every posting of the document (sales tax and cost of goods
included), rounded so that the shares add up to the whole. What is paid and not yet applied, or
applied to a document of a later date, waits in "Unapplied Cash Payment Income" or "Unapplied Cash
Bill Payment Expense". Journal entries that post to receivables or payables directly post on their
own date, as they do on accrual.

Inventory leaves at the item's purchase cost, not first-in-first-out. Everything is posted in the
company's own currency (`currencies`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sandbox.intuit.currencies import Entry, at_home, home, settled_at_home
from sandbox.intuit.store import Row, Store

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Chart:
    """The accounts that documents post to without naming them."""

    receivable: str
    payable: str
    undeposited: str
    retained_earnings: str
    unapplied_income: str
    unapplied_expense: str
    taxes: Mapping[str, str]
    """Liability account by tax rate id."""
    exchange: str = ""
    """Of gains and losses, in a company with several currencies."""


@dataclass(frozen=True, slots=True)
class Posting:
    on: date
    account: str
    amount: Decimal
    """Debits are positive."""
    kind: str
    document: str
    customer: str | None = None


@dataclass(frozen=True, slots=True)
class Application:
    """A payment's share of a document."""

    on: date
    kind: str
    document: str
    amount: Decimal


def accrual(store: Store, chart: Chart) -> list[Posting]:
    return [
        posting
        for kind in POSTING
        for row in store.all(kind)
        for posting in postings_of(kind, row, store, chart)
    ]


def cash(store: Store, chart: Chart) -> list[Posting]:
    entries = [
        posting
        for kind in POSTING
        if kind not in DEFERRED and kind not in SETTLING
        for row in store.all(kind)
        for posting in postings_of(kind, row, store, chart)
    ]
    done: dict[tuple[str, str], Decimal] = {}
    for kind, waiting in (("Payment", "unapplied_income"), ("BillPayment", "unapplied_expense")):
        for row in sorted(store.all(kind), key=lambda row: (row["TxnDate"], int(row["Id"]))):
            entries.extend(_paid(kind, row, store, chart, getattr(chart, waiting), done))
    return entries


def postings_of(kind: str, row: Row, store: Store, chart: Chart) -> list[Posting]:
    """What one document posts on accrual. Adds up to nothing."""
    on = date.fromisoformat(row["TxnDate"])
    customer = row.get("CustomerRef", {}).get("value")
    entries = list(POSTING[kind](row, store, chart))
    if "ExchangeRate" in row:
        entries = _at_home(kind, row, entries, store, chart)
    return [
        Posting(on, account, Decimal(amount), kind, row["Id"], own or customer)
        for account, amount, own in entries
        if amount
    ]


def applications(kind: str, row: Row) -> Iterator[Application]:
    """What a Payment or BillPayment pays; credits that it uses up are negative."""
    on = date.fromisoformat(row["TxnDate"])
    for line in row["Line"]:
        for link in line.get("LinkedTxn", ()):
            sign = -1 if link["TxnType"] in ("CreditMemo", "VendorCredit") else 1
            yield Application(on, link["TxnType"], link["TxnId"], sign * Decimal(line["Amount"]))


def _at_home(kind: str, row: Row, entries: list[Entry], store: Store, chart: Chart) -> list[Entry]:
    if kind not in SETTLING:
        return at_home(row, entries)
    money = row["DepositToAccountRef"]["value"] if kind == "Payment" else money_account(row)
    control, direction = (chart.receivable, -1) if kind == "Payment" else (chart.payable, 1)
    paid = [(store.get(it.kind, it.document), it.amount) for it in applications(kind, row)]
    return settled_at_home(row, money, control, chart.exchange, direction, paid)


def _invoice(row: Row, store: Store, chart: Chart) -> Iterator[Entry]:
    yield chart.receivable, Decimal(row["TotalAmt"]), None
    yield from _sold(row, store, chart, 1)


def _credit_memo(row: Row, store: Store, chart: Chart) -> Iterator[Entry]:
    yield chart.receivable, -Decimal(row["TotalAmt"]), None
    yield from _sold(row, store, chart, -1)


def _sales_receipt(row: Row, store: Store, chart: Chart) -> Iterator[Entry]:
    yield row["DepositToAccountRef"]["value"], Decimal(row["TotalAmt"]), None
    yield from _sold(row, store, chart, 1)


def _refund_receipt(row: Row, store: Store, chart: Chart) -> Iterator[Entry]:
    yield row["DepositToAccountRef"]["value"], -Decimal(row["TotalAmt"]), None
    yield from _sold(row, store, chart, -1)


def _sold(row: Row, store: Store, chart: Chart, sign: int) -> Iterator[Entry]:
    for line in sales_lines(row["Line"]):
        amount = sign * Decimal(line["Amount"])
        if line["DetailType"] == "DiscountLineDetail":
            yield line["DiscountLineDetail"]["DiscountAccountRef"]["value"], amount, None
            continue
        detail = line["SalesItemLineDetail"]
        yield detail["ItemAccountRef"]["value"], -amount, None
        item = store.get("Item", detail["ItemRef"]["value"])
        if item["Type"] == "Inventory":
            cost = (Decimal(detail.get("Qty", 0)) * Decimal(item["PurchaseCost"])).quantize(
                CENT, ROUND_HALF_UP
            )
            yield item["ExpenseAccountRef"]["value"], sign * cost, None
            yield item["AssetAccountRef"]["value"], -sign * cost, None
    for tax in row.get("TxnTaxDetail", {}).get("TaxLine", ()):
        account = chart.taxes[tax["TaxLineDetail"]["TaxRateRef"]["value"]]
        yield account, -sign * Decimal(tax["Amount"]), None


def sales_lines(lines: Iterable[Row]) -> Iterator[Row]:
    """The lines that carry money: items and discounts, a bundle's parts instead of the bundle."""
    for line in lines:
        if line["DetailType"] == "GroupLineDetail":
            yield from sales_lines(line["GroupLineDetail"]["Line"])
        elif line["DetailType"] in ("SalesItemLineDetail", "DiscountLineDetail"):
            yield line


def _payment(row: Row, store: Store, chart: Chart) -> Iterator[Entry]:
    yield row["DepositToAccountRef"]["value"], Decimal(row["TotalAmt"]), None
    yield chart.receivable, -Decimal(row["TotalAmt"]), None


def _bill(row: Row, store: Store, chart: Chart) -> Iterator[Entry]:
    yield chart.payable, -Decimal(row["TotalAmt"]), None
    yield from _bought(row, store, 1)


def _vendor_credit(row: Row, store: Store, chart: Chart) -> Iterator[Entry]:
    yield chart.payable, Decimal(row["TotalAmt"]), None
    yield from _bought(row, store, -1)


def _purchase(row: Row, store: Store, chart: Chart) -> Iterator[Entry]:
    sign = -1 if row.get("Credit") else 1
    yield row["AccountRef"]["value"], -sign * Decimal(row["TotalAmt"]), None
    yield from _bought(row, store, sign)


def _bought(row: Row, store: Store, sign: int) -> Iterator[Entry]:
    for line in row["Line"]:
        detail = line[line["DetailType"]]
        if "ItemRef" in detail:
            item = store.get("Item", detail["ItemRef"]["value"])
            side = "AssetAccountRef" if item["Type"] == "Inventory" else "ExpenseAccountRef"
            account = item[side]["value"]
        else:
            account = detail["AccountRef"]["value"]
        customer = detail.get("CustomerRef", {}).get("value")
        yield account, sign * Decimal(line["Amount"]), customer


def _bill_payment(row: Row, store: Store, chart: Chart) -> Iterator[Entry]:
    yield chart.payable, Decimal(row["TotalAmt"]), None
    yield money_account(row), -Decimal(row["TotalAmt"]), None


def money_account(row: Row) -> str:
    """The bank or card that a BillPayment was paid from."""
    if row["PayType"] == "Check":
        return str(row["CheckPayment"]["BankAccountRef"]["value"])
    return str(row["CreditCardPayment"]["CCAccountRef"]["value"])


def _card_payment(row: Row, store: Store, chart: Chart) -> Iterator[Entry]:
    yield row["CreditCardAccountRef"]["value"], Decimal(row["Amount"]), None
    yield row["BankAccountRef"]["value"], -Decimal(row["Amount"]), None


def _deposit(row: Row, store: Store, chart: Chart) -> Iterator[Entry]:
    yield row["DepositToAccountRef"]["value"], Decimal(row["TotalAmt"]), None
    for line in row["Line"]:
        detail = line.get("DepositLineDetail")
        account = detail["AccountRef"]["value"] if detail else chart.undeposited
        yield account, -Decimal(line["Amount"]), None


def _transfer(row: Row, store: Store, chart: Chart) -> Iterator[Entry]:
    yield row["ToAccountRef"]["value"], Decimal(row["Amount"]), None
    yield row["FromAccountRef"]["value"], -Decimal(row["Amount"]), None


def _journal_entry(row: Row, store: Store, chart: Chart) -> Iterator[Entry]:
    for line in row["Line"]:
        detail = line["JournalEntryLineDetail"]
        sign = 1 if detail["PostingType"] == "Debit" else -1
        yield detail["AccountRef"]["value"], sign * Decimal(line["Amount"]), None


POSTING: dict[str, Any] = {
    "Invoice": _invoice,
    "CreditMemo": _credit_memo,
    "SalesReceipt": _sales_receipt,
    "RefundReceipt": _refund_receipt,
    "Payment": _payment,
    "Bill": _bill,
    "VendorCredit": _vendor_credit,
    "BillPayment": _bill_payment,
    "Purchase": _purchase,
    "Deposit": _deposit,
    "Transfer": _transfer,
    "CreditCardPayment": _card_payment,
    "JournalEntry": _journal_entry,
}
"""Estimates and purchase orders are promises: they post nothing."""

DEFERRED = ("Invoice", "CreditMemo", "Bill", "VendorCredit")
SETTLING = ("Payment", "BillPayment")


def _paid(
    kind: str,
    row: Row,
    store: Store,
    chart: Chart,
    waiting: str,
    done: dict[tuple[str, str], Decimal],
) -> Iterator[Posting]:
    """A payment on cash basis. `done` remembers how much of each document is paid already."""
    control = chart.receivable if kind == "Payment" else chart.payable
    direction = -1 if kind == "Payment" else 1
    own = postings_of(kind, row, store, chart)
    yield from (posting for posting in own if posting.account != control)
    left = sum((posting.amount for posting in own if posting.account == control), Decimal(0))
    template = Posting(
        date.fromisoformat(row["TxnDate"]),
        waiting,
        Decimal(0),
        kind,
        row["Id"],
        row.get("CustomerRef", {}).get("value"),
    )
    for applied in applications(kind, row):
        document = store.get(applied.kind, applied.document)
        taken = direction * home(document, applied.amount)
        left -= taken
        due = max(applied.on, date.fromisoformat(document["TxnDate"]))
        if due > applied.on:
            yield replace(template, amount=taken)
            yield replace(template, amount=-taken, on=due)
        before = done.get((applied.kind, applied.document), Decimal(0))
        done[applied.kind, applied.document] = before + abs(applied.amount)
        yield from _share(
            applied.kind, document, store, chart, control, due, before, abs(applied.amount)
        )
    if left:
        yield replace(template, amount=left)


def _share(
    kind: str,
    document: Row,
    store: Store,
    chart: Chart,
    control: str,
    on: date,
    before: Decimal,
    amount: Decimal,
) -> Iterator[Posting]:
    """The part of a document's postings that lies between two amounts paid of it."""
    postings = [
        posting
        for posting in postings_of(kind, document, store, chart)
        if posting.account != control
    ]
    total = Decimal(document["TotalAmt"])
    shares = [
        _cents(posting.amount * (before + amount) / total) - _cents(posting.amount * before / total)
        for posting in postings
    ]
    whole = sum((posting.amount for posting in postings), Decimal(0))
    wanted = home(document, amount) if whole > 0 else -home(document, amount)
    # What rounding left over goes where it is smallest beside the amount.
    heaviest = max(range(len(shares)), key=lambda at: abs(postings[at].amount))
    shares[heaviest] += wanted - sum(shares, Decimal(0))
    for posting, share in zip(postings, shares, strict=True):
        if share:
            yield replace(posting, on=on, amount=share)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)
