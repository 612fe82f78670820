"""Summaries besides profit and loss and balance sheet, as rows of a report. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from sandbox.intuit.book import narrowed
from sandbox.intuit.currencies import home
from sandbox.intuit.entries import account_labels
from sandbox.intuit.ledger import CENT, sales_lines
from sandbox.intuit.periods import Period, periods
from sandbox.intuit.report_asked import Asked
from sandbox.intuit.report_books import Books, Made
from sandbox.intuit.report_cells import (
    DetailColumn,
    cell,
    cells,
    data,
    detail_columns,
    grand_total,
    period_column,
    plain_columns,
)
from sandbox.intuit.statements import COST_TYPES, INCOME_TYPES
from sandbox.intuit.store import Row, Store

NOTHING = Decimal(0)
SOLD = (("Invoice", 1), ("SalesReceipt", 1), ("CreditMemo", -1), ("RefundReceipt", -1))


@dataclass(frozen=True, slots=True)
class Sale:
    """A line of a sales document; `amount` and `quantity` are negative on a credit memo."""

    on: date
    customer: str
    item: str | None
    quantity: Decimal
    amount: Decimal
    cost: Decimal
    of_class: str  # "" where the line has none
    department: str


def trial_balance(books: Books, found: Asked) -> Made:
    """Balances at the end date, on their side; income and costs of the fiscal year so far."""
    book = books.book(found.basis)
    kinds = {account["Id"]: account["AccountType"] for account in book.accounts}
    opened = date(found.end.year - (found.end.month < book.fiscal_month), book.fiscal_month, 1)
    held: defaultdict[str, Decimal] = defaultdict(Decimal)
    for posting in book.postings:
        if posting.on > found.end:
            continue
        earning = kinds[posting.account] in (*INCOME_TYPES, *COST_TYPES)
        closed = earning and posting.on < opened
        held[book.retained_earnings if closed else posting.account] += posting.amount
    labels = account_labels(book.accounts, book.numbered)
    rows, debits, credits = [], NOTHING, NOTHING
    for account in book.accounts:
        amount = held[account["Id"]]
        if not amount:
            continue
        debits += max(amount, NOTHING)
        credits += max(-amount, NOTHING)
        sides = [amount if amount > 0 else None, -amount if amount < 0 else None]
        rows.append(data(cells(labels[account["Id"]], account["Id"], sides), typed=False))
    if rows:
        rows.append(grand_total(cells("TOTAL", None, [debits, credits])))
    return Made(plain_columns("Account", ["Debit", "Credit"]), rows, bool(rows))


def customer_sales(books: Books, found: Asked) -> Made:
    names = {row["Id"]: row["DisplayName"] for row in books.store.all("Customer")}
    return _summed(books, found, "Customer", names, lambda sale: sale.customer)


def class_sales(books: Books, found: Asked) -> Made:
    return _by_tag(books, found, "Class", lambda sale: sale.of_class)


def department_sales(books: Books, found: Asked) -> Made:
    return _by_tag(books, found, "Department", lambda sale: sale.department)


def _by_tag(books: Books, found: Asked, kind: str, by: Callable[[Sale], str]) -> Made:
    names = {row["Id"]: row["FullyQualifiedName"] for row in books.store.all(kind)}
    return _summed(books, found, kind, {**names, "": "Not Specified"}, by)


def item_sales(books: Books, found: Asked) -> Made:
    """Per item: quantity, amount, share, average price, cost, margin; nested below "Total"."""
    names = {row["Id"]: row["FullyQualifiedName"] for row in books.store.all("Item")}
    by_item: dict[str | None, list[Sale]] = defaultdict(list)
    for sale in sales(books.store):
        if found.start <= sale.on <= found.end and _wanted(sale, found):
            by_item[sale.item].append(sale)
    whole = sum((sale.amount for of in by_item.values() for sale in of), NOTHING)
    rows = [
        data([cell(names[id], id), *map(cell, _figures(by_item[id], whole))], typed=False)
        for id in sorted((id for id in by_item if id), key=lambda id: names[id].casefold())
    ]
    if rest := by_item.get(None):
        rows.append(data([cell("Not Specified"), *map(cell, _figures(rest, whole))], typed=False))
    if rows:
        every = [sale for of in by_item.values() for sale in of]
        total = [cell("TOTAL"), *map(cell, _figures(every, whole))]
        rows.append({"ColData": total, "group": "GrandTotal"})
    titles = (
        "Quantity",
        "Amount",
        "% of Sales",
        "Avg Price",
        "COGS",
        "Gross Margin",
        "Gross Margin %",
    )
    inner = [{"ColTitle": title, "ColType": "Money"} for title in titles]
    columns: list[Row] = [
        {"ColTitle": "", "ColType": "ProductsAndService"},
        {"ColTitle": "Total", "ColType": "Money", "Columns": {"Column": inner}},
    ]
    return Made(columns, rows, bool(rows))


def customer_income(books: Books, found: Asked) -> Made:
    """Income, expenses and net income of each customer's postings."""
    book = books.book(found.basis)
    kinds = {account["Id"]: account["AccountType"] for account in book.accounts}
    names = {row["Id"]: row["DisplayName"] for row in books.store.all("Customer")}
    earned: defaultdict[str, Decimal] = defaultdict(Decimal)
    spent: defaultdict[str, Decimal] = defaultdict(Decimal)
    for posting in book.postings:
        who = posting.customer
        if who is None or not found.start <= posting.on <= found.end:
            continue
        if found.customers and who not in found.customers:
            continue
        if kinds[posting.account] in INCOME_TYPES:
            earned[who] -= posting.amount
        elif kinds[posting.account] in COST_TYPES:
            spent[who] += posting.amount
    rows, totals = [], [NOTHING, NOTHING]
    for who in sorted(earned.keys() | spent.keys(), key=lambda id: names[id].casefold()):
        totals = [totals[0] + earned[who], totals[1] + spent[who]]
        amounts = [earned[who], -spent[who], earned[who] - spent[who]]
        rows.append(data(cells(names[who], who, amounts), typed=False))
    if rows:
        rows.append(
            grand_total(cells("TOTAL", None, [totals[0], -totals[1], totals[0] - totals[1]]))
        )
    return Made(plain_columns("Customer", ["Income", "Expenses", "Net Income"]), rows, bool(rows))


def vendor_expenses(books: Books, found: Asked) -> Made:
    """What was bought from each vendor: bills, credits, purchases."""
    names = {row["Id"]: row["DisplayName"] for row in books.store.all("Vendor")}
    book = narrowed(books.book(found.basis), found.customers)
    kinds = {account["Id"]: account["AccountType"] for account in book.accounts}
    spent: defaultdict[str, Decimal] = defaultdict(Decimal)
    for posting in book.postings:
        row = books.store.get(posting.kind, posting.document)
        ref = row.get("VendorRef") or row.get("EntityRef") or {}
        who = ref.get("value") if ref.get("type", "Vendor") == "Vendor" else None
        within = found.start <= posting.on <= found.end
        if who and within and kinds[posting.account] in COST_TYPES:
            spent[who] += posting.amount
    kept = [id for id in spent if spent[id] and (not found.vendors or id in found.vendors)]
    rows = [
        data(cells(names[id], id, [spent[id]]), typed=False)
        for id in sorted(kept, key=lambda id: names[id].casefold())
    ]
    if rows:
        rows.append(grand_total(cells("TOTAL", None, [sum((spent[id] for id in kept), NOTHING)])))
    return Made(plain_columns("Vendor", ["Total"]), rows, bool(rows))


def account_list(books: Books, found: Asked) -> Made:
    columns = (
        DetailColumn("account_name", "Account"),
        DetailColumn("account_type", "Type"),
        DetailColumn("detail_acc_type", "Detail type"),
        DetailColumn("account_bal", "Balance", "Money"),
    )
    rows = [
        data(
            [
                cell(row["FullyQualifiedName"], row["Id"]),
                cell(row["AccountType"]),
                cell(row.get("AccountSubType", "")),
                cell(Decimal(row["CurrentBalance"])),
            ]
        )
        for row in books.store.all("Account")
        if row.get("Active", True)
    ]
    return Made(detail_columns(columns, typed=False), rows, bool(rows))


def sales(store: Store) -> Iterator[Sale]:
    for kind, sign in SOLD:
        for row in store.all(kind):
            for line in sales_lines(row["Line"]):
                amount = sign * home(row, Decimal(line["Amount"]))
                place = row.get("DepartmentRef", {}).get("value", "")
                customer = row.get("CustomerRef", {}).get("value", "")
                on = date.fromisoformat(row["TxnDate"])
                if line["DetailType"] == "DiscountLineDetail":
                    yield Sale(on, customer, None, NOTHING, -amount, NOTHING, "", place)
                    continue
                detail = line["SalesItemLineDetail"]
                quantity = sign * Decimal(detail.get("Qty", 0))
                item = store.get("Item", detail["ItemRef"]["value"])
                price = Decimal(item["PurchaseCost"]) if item["Type"] == "Inventory" else NOTHING
                cost = (quantity * price).quantize(CENT, ROUND_HALF_UP)
                kind = detail.get("ClassRef", {}).get("value", "")
                yield Sale(on, customer, item["Id"], quantity, amount, cost, kind, place)


def _summed(
    books: Books,
    found: Asked,
    first_type: str,
    names: Mapping[str, str],
    by: Callable[[Sale], str],
) -> Made:
    spans = [] if found.by == "Total" else periods(found.start, found.end, found.by)
    every = [*spans, Period("Total", found.start, found.end)]
    sums: dict[str, list[Decimal]] = {}
    for sale in sales(books.store):
        if not (found.start <= sale.on <= found.end and _wanted(sale, found)):
            continue
        row = sums.setdefault(by(sale), [NOTHING] * len(every))
        for at, span in enumerate(every):
            if span.start <= sale.on <= span.end:
                row[at] += sale.amount
    rows = [
        data(cells(names[id], id, sums[id]), typed=False)
        for id in sorted(sums, key=lambda id: names[id].casefold())
    ]
    if rows:
        totals = [sum(at, NOTHING) for at in zip(*sums.values(), strict=True)]
        rows.append(grand_total(cells("TOTAL", None, totals)))
    name, *_, whole = plain_columns(first_type, [span.title for span in every])
    return Made([name, *map(period_column, spans), whole], rows, bool(rows))


def _figures(of: Sequence[Sale], whole: Decimal) -> list[Decimal | str | None]:
    quantity = sum((sale.quantity for sale in of), NOTHING)
    amount = sum((sale.amount for sale in of), NOTHING)
    cost = sum((sale.cost for sale in of), NOTHING)
    price = (amount / quantity).quantize(CENT, ROUND_HALF_UP) if quantity else None
    margin = amount - cost
    return [
        quantity,
        amount,
        _percent(amount, whole),
        price,
        cost or None,
        margin if cost else None,
        _percent(margin, amount) if cost else None,
    ]


def _percent(part: Decimal, whole: Decimal) -> str | None:
    return f"{part / whole * 100:.2f} %" if whole else None


def _wanted(sale: Sale, found: Asked) -> bool:
    return not found.customers or sale.customer in found.customers
