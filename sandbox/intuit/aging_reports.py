"""Aging and balances of customers and vendors, summary and detail, as rows of a report. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from sandbox.intuit.open_items import NOTHING, PAYABLE, RECEIVABLE, OpenItem, Side, open_items
from sandbox.intuit.report_asked import Asked, report_date
from sandbox.intuit.report_books import Books, Made
from sandbox.intuit.report_cells import (
    Cell,
    DetailColumn,
    Value,
    cell,
    cells,
    data,
    detail_columns,
    grand_total,
    plain_columns,
    section,
)
from sandbox.intuit.store import Row


@dataclass(frozen=True, slots=True)
class Bucket:
    """Days late: `first` None for what is not yet due, `last` None for the oldest."""

    title: str
    words: str
    first: int | None
    last: int | None

    def holds(self, late: int) -> bool:
        if self.first is None:
            return late <= 0
        return late >= self.first and (self.last is None or late <= self.last)


def receivables(books: Books, found: Asked) -> Made:
    return _aged(books, found, RECEIVABLE)


def payables(books: Books, found: Asked) -> Made:
    return _aged(books, found, PAYABLE)


def receivable_detail(books: Books, found: Asked) -> Made:
    return _aged_detail(books, found, RECEIVABLE, "cust_name", "Customer", "")


def payable_detail(books: Books, found: Asked) -> Made:
    return _aged_detail(books, found, PAYABLE, "vend_name", "Vendor", "neg_")


def customer_balance(books: Books, found: Asked) -> Made:
    return _balance(books, found, RECEIVABLE)


def vendor_balance(books: Books, found: Asked) -> Made:
    return _balance(books, found, PAYABLE)


def customer_balance_detail(books: Books, found: Asked) -> Made:
    return _balance_detail(books, found, RECEIVABLE)


def vendor_balance_detail(books: Books, found: Asked) -> Made:
    return _balance_detail(books, found, PAYABLE)


def buckets(found: Asked) -> list[Bucket]:
    """ "Current", "1 - 30" … "91 and over", from the number of periods and their days."""
    days, last = found.period_days, found.periods - 1
    made = [Bucket("Current", "Current", None, None)]
    for at in range(last):
        span = f"{at * days + 1} - {(at + 1) * days}"
        made.append(Bucket(span, f"{span} days past due", at * days + 1, (at + 1) * days))
    oldest = last * days + 1
    made.append(Bucket(f"{oldest} and over", f"{oldest} or more days past due", oldest, None))
    return made


def _aged(books: Books, found: Asked, side: Side) -> Made:
    ages = buckets(found)
    rows, totals = [], [NOTHING] * len(ages)
    for name_id, label, items in _by_name(_items(books, found, side)):
        amounts = [_sum(each.open for each in items if _in(age, each, found)) for age in ages]
        totals = [total + amount for total, amount in zip(totals, amounts, strict=True)]
        shown = [amount or None for amount in amounts]
        rows.append(data(cells(label, name_id, [*shown, _sum(amounts)]), typed=False))
    if rows:
        rows.append(grand_total(cells("TOTAL", None, [*totals, _sum(totals)])))
    columns = plain_columns(side.who, [*(age.title for age in ages), "Total"])
    return Made(columns, rows, bool(rows), report_date(found))


def _aged_detail(
    books: Books, found: Asked, side: Side, name_key: str, name_title: str, sign: str
) -> Made:
    columns = (
        DetailColumn("tx_date", "Date", "Date"),
        DetailColumn("txn_type", "Transaction Type"),
        DetailColumn("doc_num", "Num"),
        DetailColumn(name_key, name_title),
        DetailColumn("due_date", "Due Date", "Date"),
        DetailColumn("past_due", "Past Due"),
        DetailColumn(f"subt_{sign}amount", "Amount", "Money"),
        DetailColumn(f"subt_{sign}open_bal", "Open Balance", "Money"),
    )
    items = _items(books, found, side)
    rows: list[Row] = []
    for age in reversed(buckets(found)):
        of_age = [item for item in items if _in(age, item, found)]
        if not of_age:
            continue
        lines = [data(_aged_line(item, found)) for item in of_age]
        sums = [_sum(item.amount for item in of_age), _sum(item.open for item in of_age)]
        rows.append(section(_padded(age.words, 8), lines, None))
        # The total of a bucket is a section of its own, with nothing but a head.
        rows.append(section([*_padded(f"Total for {age.words}", 6), *map(cell, sums)], [], None))
    if rows:
        sums = [_sum(item.amount for item in items), _sum(item.open for item in items)]
        rows.append(section([*_padded("TOTAL", 6), *map(cell, sums)], [], None))
    return Made(detail_columns(columns, typed=True), rows, bool(rows), report_date(found))


def _aged_line(item: OpenItem, found: Asked) -> list[Cell]:
    return [
        cell(item.on),
        cell(item.type, item.document),
        cell(item.number),
        _name(item),
        cell(item.due),
        cell(str((found.aged_from - item.due).days)),
        cell(item.amount),
        cell(item.open),
    ]


def _balance(books: Books, found: Asked, side: Side) -> Made:
    rows, total = [], NOTHING
    for name_id, label, items in _by_name(_items(books, found, side)):
        amount = _sum(item.open for item in items)
        total += amount
        rows.append(data(cells(label, name_id, [amount]), typed=False))
    if rows:
        rows.append(grand_total(cells("TOTAL", None, [total])))
    return Made(plain_columns(side.who, ["Total"]), rows, bool(rows), report_date(found))


def _balance_detail(books: Books, found: Asked, side: Side) -> Made:
    columns = (
        DetailColumn("tx_date", "Date", "Date"),
        DetailColumn("txn_type", "Transaction Type"),
        DetailColumn("doc_num", "Num"),
        DetailColumn("due_date", "Due Date", "Date"),
        DetailColumn("subt_amount", "Amount", "Money"),
        DetailColumn("subt_open_bal", "Open Balance", "Money"),
        DetailColumn("rbal_open_bal", "Balance", "Money"),
    )
    rows: list[Row] = []
    total = NOTHING
    for name_id, label, items in _by_name(_items(books, found, side)):
        running, lines = NOTHING, []
        for item in items:
            running += item.open
            texts: list[Value] = [item.number, item.due, item.amount, item.open, running]
            lines.append(data([cell(item.on), cell(item.type, item.document), *map(cell, texts)]))
        sums = [_sum(item.amount for item in items), running]
        head = [cell(label, name_id), *_padded("", 6)]
        foot = [*_padded(f"Total for {label}", 4), *map(cell, sums), cell(None)]
        rows.append(section(head, lines, foot))
        total += running
    if rows:
        rows.append(grand_total([*_padded("TOTAL", 5), cell(total), cell(None)]))
    return Made(detail_columns(columns, typed=False), rows, bool(rows), report_date(found))


def _items(books: Books, found: Asked, side: Side) -> list[OpenItem]:
    wanted = found.customers if side is RECEIVABLE else found.vendors
    items = open_items(side, books.store, books.chart, found.end)
    return [
        item for item in items if not wanted or (item.name is not None and item.name.id in wanted)
    ]


def _by_name(items: Iterable[OpenItem]) -> list[tuple[str | None, str, list[OpenItem]]]:
    """(id, name, items) by name; what has no name comes last."""
    found: dict[str | None, list[OpenItem]] = {}
    for item in items:
        found.setdefault(item.name.id if item.name else None, []).append(item)
    named: list[tuple[str | None, str, list[OpenItem]]] = [
        (id, of[0].name.shown if of[0].name else "Not Specified", of) for id, of in found.items()
    ]
    return sorted(named, key=lambda each: (each[0] is None, each[1].casefold()))


def _in(age: Bucket, item: OpenItem, found: Asked) -> bool:
    return age.holds((found.aged_from - item.due).days)


def _name(item: OpenItem) -> Cell:
    return cell(item.name.shown, item.name.id) if item.name else cell("", "")


def _padded(label: str, width: int) -> list[Cell]:
    return [cell(label), *[cell(None) for _ in range(width - 1)]]


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, NOTHING)
