"""Inventory valuation, of a day and transaction by transaction, as rows of reports. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from sandbox.intuit.entries import Name, name_of, type_word
from sandbox.intuit.ledger import CENT, sales_lines
from sandbox.intuit.report_asked import Asked, report_date
from sandbox.intuit.report_books import Books, Made
from sandbox.intuit.report_cells import (
    Cell,
    DetailColumn,
    cell,
    data,
    detail_columns,
    plain_columns,
    section,
)
from sandbox.intuit.store import Row, Store

NOTHING = Decimal(0)
SOLD = (("Invoice", -1), ("SalesReceipt", -1), ("CreditMemo", 1), ("RefundReceipt", 1))
BOUGHT = (("Bill", 1), ("Purchase", 1), ("VendorCredit", -1))

COLUMNS = (
    DetailColumn("tx_date", "Date", "Date"),
    DetailColumn("txn_type", "Transaction Type"),
    DetailColumn("doc_num", "Num"),
    DetailColumn("name", "Name"),
    DetailColumn("quantity", "Qty", "Money"),
    DetailColumn("rate", "Rate", "Money"),
    DetailColumn("home_amount", "FIFO Cost", "Money"),
    DetailColumn("qty_on_hand", "Qty On Hand", "Money"),
    DetailColumn("home_asset_value", "Asset Value", "Money"),
)


@dataclass(frozen=True, slots=True)
class Move:
    """What a line took out of stock, or brought in."""

    on: date
    type: str
    document: str
    number: str
    name: Name | None
    item: str
    quantity: Decimal


def inventory_summary(books: Books, found: Asked) -> Made:
    """Quantity, asset value and average cost of what is in stock on a day, at the items' purchase
    cost.
    """
    on_hand: defaultdict[str, Decimal] = defaultdict(Decimal)
    for each in _moves(books.store):
        if each.on <= found.end:
            on_hand[each.item] += each.quantity
    rows, total = [], NOTHING
    for row in books.store.all("Item"):
        if row["Type"] != "Inventory":
            continue
        quantity, price = on_hand[row["Id"]], Decimal(row["PurchaseCost"])
        value = _worth(quantity, price)
        total += value
        shown = [cell(row["Name"], row["Id"]), cell(row.get("Sku", ""))]
        rows.append(data([*shown, cell(quantity), cell(value), cell(price)], typed=False))
    if rows:
        last = [cell("TOTAL"), cell(" "), cell(None), cell(total), cell(None)]
        rows.append({"ColData": last, "group": "GrandTotal"})
    columns = plain_columns("ProductsAndService", ["SKU", "Qty", "Asset Value", "Avg Cost"])
    return Made(columns, rows, bool(rows), report_date(found))


def inventory_detail(books: Books, found: Asked) -> Made:
    """A section an item with its moves of the period; on hand is what was there before as well."""
    moves = sorted(_moves(books.store), key=lambda each: (each.on, int(each.document)))
    rows = []
    for item in books.store.all("Item"):
        own = [each for each in moves if each.item == item["Id"] and each.on <= found.end]
        within = [each for each in own if each.on >= found.start]
        if item["Type"] != "Inventory" or not within:
            continue
        price = Decimal(item["PurchaseCost"])
        on_hand = sum((each.quantity for each in own if each.on < found.start), NOTHING)
        lines = []
        for each in within:
            on_hand += each.quantity
            lines.append(data(_line(each, price, on_hand)))
        moved = sum((each.quantity for each in within), NOTHING)
        foot = [
            *_padded(f"Total for {item['Name']}", 3),
            *(cell(moved), cell(None), cell(_worth(moved, price))),
            *(cell(on_hand), cell(_worth(on_hand, price))),
        ]
        head = [cell(item["Name"], item["Id"]), *_padded("", 7)]
        rows.append(section(head, lines, foot))
    return Made(detail_columns(COLUMNS, typed=False), rows, bool(rows))


def _line(move: Move, price: Decimal, on_hand: Decimal) -> list[Cell]:
    return [
        cell(move.on),
        cell(move.type, move.document),
        cell(move.number),
        cell(move.name.shown, move.name.id) if move.name else cell("", ""),
        *(cell(move.quantity), cell(price), cell(_worth(move.quantity, price))),
        *(cell(on_hand), cell(_worth(on_hand, price))),
    ]


def _moves(store: Store) -> Iterator[Move]:
    for kind, sign in SOLD:
        for row in store.all(kind):
            for line in sales_lines(row["Line"]):
                if line["DetailType"] == "SalesItemLineDetail":
                    yield from _move(store, kind, row, line["SalesItemLineDetail"], sign)
    for kind, sign in BOUGHT:
        for row in store.all(kind):
            for line in row["Line"]:
                if detail := line.get("ItemBasedExpenseLineDetail"):
                    yield from _move(store, kind, row, detail, sign)


def _move(store: Store, kind: str, row: Row, detail: Row, sign: int) -> Iterator[Move]:
    quantity = sign * Decimal(detail.get("Qty", 0))
    if quantity:
        yield Move(
            date.fromisoformat(row["TxnDate"]),
            type_word(kind, row),
            row["Id"],
            row.get("DocNumber", ""),
            name_of(row, store),
            detail["ItemRef"]["value"],
            quantity,
        )


def _worth(quantity: Decimal, price: Decimal) -> Decimal:
    return (quantity * price).quantize(CENT, ROUND_HALF_UP)


def _padded(label: str, blanks: int) -> list[Cell]:
    return [cell(label), *(cell(None) for _ in range(blanks))]
